import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** One's own account. */
export const accountMessages = {
  title: { vi: "Tài khoản của tôi", en: "My account" },
  profileTitle: { vi: "Thông tin cá nhân", en: "About you" },
  language: { vi: "Ngôn ngữ", en: "Language" },
  languageHint: { vi: "Của các trang và của thư gửi đến bạn.", en: "Of the pages, and of the mails to you." },
  vietnamese: { vi: "Tiếng Việt", en: "Tiếng Việt" },
  english: { vi: "English", en: "English" },
  phoneHint: { vi: "Không bắt buộc.", en: "Optional." },
  save: { vi: "Lưu", en: "Save" },
  saved: { vi: "Đã lưu.", en: "Saved." },
  changedMeanwhile: {
    vi: "Thông tin này vừa được thay đổi ở một cửa sổ khác. Những gì bạn nhập vẫn còn dưới đây; nhấn Lưu một lần nữa để dùng bản của bạn.",
    en: "This was changed in another window meanwhile. What you typed is still below; press Save once more to keep yours.",
  },
  signInTitle: { vi: "Đăng nhập và bảo mật", en: "Signing in and security" },
  email: { vi: "E-mail đăng nhập", en: "Sign-in e-mail" },
  changeEmail: { vi: "Đổi e-mail", en: "Change e-mail" },
  password: { vi: "Mật khẩu", en: "Password" },
  passwordText: { vi: "Đổi mật khẩu và kết thúc các phiên khác.", en: "Change it, and end your other sessions." },
  twoFactor: { vi: "Xác thực hai lớp", en: "Two-factor sign-in" },
  twoFactorText: {
    vi: "Thêm một mã từ điện thoại khi đăng nhập.",
    en: "A code from your phone, besides the password.",
  },
  sessions: { vi: "Thiết bị đang đăng nhập", en: "Where you are signed in" },
  sessionsText: { vi: "Xem và đăng xuất từng thiết bị.", en: "See each device, and sign it out." },
  companyTitle: { vi: "Công ty của bạn", en: "Your company" },
  company: { vi: "Công ty", en: "Company" },
  role: { vi: "Vai trò", en: "Role" },
  roleGivenUp: {
    vi: "Đã đổi quyền của bạn. Bạn không còn là quản trị viên của công ty.",
    en: "Your rights were changed. You are no longer an administrator of the company.",
  },
  emailDone: { vi: "E-mail đăng nhập của bạn đã được đổi.", en: "Your sign-in e-mail was changed." },

  emailTitle: { vi: "Đổi e-mail đăng nhập", en: "Change your sign-in e-mail" },
  emailLead: {
    vi: "Chúng tôi gửi một liên kết đến địa chỉ mới. Chỉ khi bạn mở liên kết đó, e-mail mới được đổi; địa chỉ cũ sẽ được báo.",
    en: "We send a link to the new address. Only when you open it is the e-mail changed; the old address is told.",
  },
  currentEmail: { vi: "Hiện tại", en: "Now" },
  newEmail: { vi: "E-mail mới", en: "New e-mail" },
  currentPassword: { vi: "Mật khẩu hiện tại", en: "Current password" },
  emailSubmit: { vi: "Gửi liên kết xác nhận", en: "Send the link" },
  cancel: { vi: "Hủy", en: "Cancel" },
  emailSent: {
    vi: "Thư đang được gửi đến địa chỉ mới. Hãy mở liên kết trong thư trong vòng 24 giờ để hoàn tất.",
    en: "A mail is on its way to the new address. Open the link in it within 24 hours to finish.",
  },
  emailIsSame: { vi: "Đây là địa chỉ hiện tại của bạn.", en: "This is the address you have." },
  confirmTitle: { vi: "Xác nhận e-mail mới", en: "Confirm your new e-mail" },
  confirmLead: {
    vi: "Nhấn nút dưới đây để dùng địa chỉ này làm e-mail đăng nhập.",
    en: "Press the button to make this address your sign-in e-mail.",
  },
  confirmSubmit: { vi: "Xác nhận", en: "Confirm" },
  confirmTakenTitle: { vi: "Địa chỉ này đã có tài khoản", en: "This address has an account already" },
  confirmTakenText: {
    vi: "E-mail đăng nhập không thay đổi. Hãy chọn một địa chỉ khác.",
    en: "Your sign-in e-mail stays as it was. Choose another address.",
  },
} satisfies Catalogue

/** The demo's mailbox. */
export const mailboxMessages = {
  title: { vi: "Hộp thư của bản demo", en: "The demo's mailbox" },
  lead: {
    vi: "Bản demo không gửi thư ra ngoài: mọi thư đều nằm ở đây, thư mới nhất ở trên cùng.",
    en: "The demo sends nothing out: every mail is here, the newest first.",
  },
  empty: { vi: "Chưa có thư nào", en: "No mails yet" },
  emptyText: {
    vi: "Hãy đăng ký, quên mật khẩu hoặc mời một đồng nghiệp, rồi tải lại trang này.",
    en: "Sign up, forget a password or invite a colleague, and reload this page.",
  },
  to: phrase<string>(
    (address) => `Gửi đến ${address}`,
    (address) => `To ${address}`,
  ),
} satisfies Catalogue
