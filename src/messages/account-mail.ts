import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** What every mail begins and ends with. */
export const mailFrameMessages = {
  hello: { vi: "Xin chào,", en: "Hello," },
  sentBy: phrase<string>(
    (host) => `Thư này được gửi tự động từ ${host}. Vui lòng không trả lời thư này.`,
    (host) => `This mail was sent automatically by ${host}. Please do not reply to it.`,
  ),
} satisfies Catalogue

/** The mails about one's own account and about a company's people. */
export const accountMailMessages = {
  verifySubject: { vi: "Xác nhận địa chỉ e-mail của bạn", en: "Confirm your e-mail address" },
  verifyText: {
    vi: "Cảm ơn bạn đã đăng ký SePay. Hãy mở liên kết dưới đây để xác nhận địa chỉ e-mail và hoàn tất việc tạo tài khoản. Liên kết có hiệu lực trong 24 giờ và chỉ dùng được một lần.",
    en: "Thank you for signing up with SePay. Open the link below to confirm your e-mail address and finish creating your account. It works once, within 24 hours.",
  },
  verifyNotYou: {
    vi: "Nếu bạn không đăng ký, hãy bỏ qua thư này: sẽ không có tài khoản nào được tạo.",
    en: "If you did not sign up, ignore this mail: no account will be created.",
  },

  takenSubject: { vi: "Bạn đã có tài khoản SePay", en: "You already have a SePay account" },
  takenText: {
    vi: "Có người, có thể là bạn, vừa đăng ký SePay bằng địa chỉ e-mail này. Địa chỉ này đã có tài khoản, vì vậy không có tài khoản mới nào được tạo. Bạn chỉ cần đăng nhập:",
    en: "Someone, perhaps you, has just signed up with SePay using this e-mail address. It has an account already, so no new one was created. You only need to sign in:",
  },
  takenForgot: {
    vi: "Nếu bạn đã quên mật khẩu, hãy đặt lại tại đây:",
    en: "If you forgot your password, set a new one here:",
  },
  takenNotYou: {
    vi: "Nếu không phải bạn, bạn không cần làm gì: tài khoản của bạn không thay đổi.",
    en: "If it was not you, there is nothing to do: your account has not changed.",
  },

  resetSubject: { vi: "Đặt lại mật khẩu SePay", en: "Set a new SePay password" },
  resetText: {
    vi: "Chúng tôi nhận được yêu cầu đặt lại mật khẩu cho tài khoản của bạn. Hãy mở liên kết dưới đây để chọn mật khẩu mới. Liên kết có hiệu lực trong 1 giờ, chỉ dùng được một lần và thay cho mọi liên kết trước đó.",
    en: "We were asked to reset the password of your account. Open the link below to choose a new one. It works once, within an hour, and replaces every link before it.",
  },
  resetNotYou: {
    vi: "Nếu bạn không yêu cầu, hãy bỏ qua thư này: mật khẩu của bạn vẫn như cũ.",
    en: "If you did not ask for this, ignore this mail: your password stays as it is.",
  },

  resetDoneSubject: { vi: "Mật khẩu của bạn đã được đặt lại", en: "Your password was reset" },
  resetDoneText: {
    vi: "Mật khẩu tài khoản SePay của bạn vừa được đặt lại bằng liên kết gửi đến địa chỉ này. Mọi phiên đăng nhập đã kết thúc. Các ứng dụng đã kết nối vẫn hoạt động.",
    en: "The password of your SePay account has just been reset by a link sent to this address. All sessions have ended. Connected apps keep working.",
  },
  resetDoneNotYou: {
    vi: "Nếu không phải bạn, có người khác đọc được hộp thư này: hãy bảo vệ hộp thư trước, rồi đặt lại mật khẩu một lần nữa tại:",
    en: "If it was not you, somebody else can read this mailbox: secure it first, then reset your password once more at:",
  },

  changeEmailSubject: { vi: "Xác nhận địa chỉ e-mail mới", en: "Confirm your new e-mail address" },
  changeEmailText: {
    vi: "Địa chỉ này sắp trở thành e-mail đăng nhập của một tài khoản SePay. Hãy mở liên kết dưới đây để xác nhận. Liên kết có hiệu lực trong 24 giờ và chỉ dùng được một lần.",
    en: "This address is about to become the sign-in e-mail of a SePay account. Open the link below to confirm it. It works once, within 24 hours.",
  },
  changeEmailNotYou: {
    vi: "Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
    en: "If you did not ask for this, ignore this mail.",
  },

  changeTakenText: {
    vi: "Có người vừa muốn dùng địa chỉ này làm e-mail đăng nhập của một tài khoản SePay khác. Địa chỉ này đã có tài khoản, vì vậy không có gì thay đổi.",
    en: "Someone has just asked to use this address as the sign-in e-mail of another SePay account. It has an account already, so nothing was changed.",
  },

  emailChangedSubject: { vi: "E-mail đăng nhập của bạn đã thay đổi", en: "Your sign-in e-mail was changed" },
  emailChangedText: phrase<string>(
    (email) =>
      `E-mail đăng nhập của tài khoản SePay của bạn vừa được đổi từ địa chỉ này sang ${email}. Từ nay thư của chúng tôi sẽ được gửi đến địa chỉ mới.`,
    (email) =>
      `The sign-in e-mail of your SePay account has just been changed from this address to ${email}. From now on our mails go to the new address.`,
  ),
  emailChangedNotYou: {
    vi: "Nếu không phải bạn, hãy liên hệ ngay với người quản trị của công ty bạn.",
    en: "If it was not you, contact an administrator of your company at once.",
  },

  inviteSubject: phrase<string>(
    (company) => `Lời mời tham gia ${company} trên SePay`,
    (company) => `You are invited to join ${company} on SePay`,
  ),
  inviteText: phrase<{ inviter: string; company: string }>(
    ({ inviter, company }) =>
      `${inviter} mời bạn cùng quản lý giao dịch ngân hàng của “${company}” trên SePay. Hãy mở liên kết dưới đây để tạo tài khoản. Liên kết có hiệu lực trong 7 ngày và chỉ dùng được một lần.`,
    ({ inviter, company }) =>
      `${inviter} invites you to work with the bank transactions of “${company}” on SePay. Open the link below to create your account. It works once, within 7 days.`,
  ),
  inviteNotYou: {
    vi: "Nếu bạn không biết người mời, hãy bỏ qua thư này.",
    en: "If you do not know who invites you, ignore this mail.",
  },
} satisfies Catalogue
