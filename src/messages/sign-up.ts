import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** What a field of a person takes, where it was filled in otherwise. */
export const personFieldMessages = {
  firstName: { vi: "Tên", en: "First name" },
  lastName: { vi: "Họ và tên đệm", en: "Last name" },
  email: { vi: "E-mail", en: "E-mail" },
  phone: { vi: "Số điện thoại", en: "Telephone number" },
  newPassword: { vi: "Mật khẩu", en: "Password" },
  passwordHint: {
    vi: "Ít nhất 10 ký tự. Một câu dài dễ nhớ là tốt nhất.",
    en: "10 characters or more. A long phrase you can remember works best.",
  },
  problemTitle: { vi: "Hãy kiểm tra lại các ô được đánh dấu", en: "Check the fields that are marked" },
  emailProblem: {
    vi: "Hãy nhập một địa chỉ e-mail, ví dụ lan@congty.vn.",
    en: "Enter an e-mail address such as lan@company.vn.",
  },
  nameProblem: { vi: "Hãy nhập tên, tối đa 100 ký tự.", en: "Enter a name of at most 100 characters." },
  phoneProblem: {
    vi: "Chỉ nhập chữ số, dấu cách và dấu +, ví dụ 0912 345 678.",
    en: "Use digits, spaces and +, such as 0912 345 678.",
  },
  companyProblem: {
    vi: "Hãy nhập tên công ty, tối đa 200 ký tự.",
    en: "Enter the company's name, at most 200 characters.",
  },
  passwordShort: { vi: "Mật khẩu phải có ít nhất 10 ký tự.", en: "The password must have 10 characters or more." },
  passwordLong: {
    vi: "Mật khẩu quá dài: tối đa 1.000 ký tự.",
    en: "The password is too long: at most 1,000 characters.",
  },
  passwordEasy: {
    vi: "Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác.",
    en: "This password is too easy to guess. Choose another one.",
  },
  passwordWrong: { vi: "Mật khẩu không đúng.", en: "The password is wrong." },
  formExpired: {
    vi: "Biểu mẫu đã hết hạn. Những gì bạn đã nhập vẫn còn; hãy gửi lại.",
    en: "The form has expired. What you typed is still here; send it again.",
  },
  mailInMailbox: {
    vi: "Đây là bản dùng thử: thư không được gửi đi mà nằm trong hộp thư chung.",
    en: "This is the demo: mails are not sent, they lie in a mailbox for all.",
  },
  mailboxOpen: { vi: "Mở hộp thư", en: "Open the mailbox" },
  mailInFiles: {
    vi: "Máy chủ này chưa gửi thư qua mạng (chưa đặt SMTP_URL). Thư nằm thành tệp trong thư mục mail của thư mục dữ liệu, thường là data/mail; người vận hành mở được.",
    en: "This server does not send mail yet (SMTP_URL is not set). Mails are files in the folder mail of its data directory, usually data/mail, where the operator can open them.",
  },
  tooManyTries: phrase<string>(
    (wait) => `Bạn đã thử quá nhiều lần. Hãy thử lại sau ${wait}.`,
    (wait) => `That was tried too often. Try again in ${wait}.`,
  ),
  tooManyMails: phrase<string>(
    (wait) => `Chúng tôi vừa gửi nhiều thư rồi. Hãy xem cả mục thư rác, hoặc thử lại sau ${wait}.`,
    (wait) => `We have sent several mails already. Check the spam folder, or try again in ${wait}.`,
  ),
} satisfies Catalogue

/** Creating an account, and verifying its address. */
export const signUpMessages = {
  closedTitle: { vi: "Đăng ký theo lời mời", en: "Sign-up is by invitation" },
  closedText: {
    vi: "Hệ thống này không mở đăng ký tự do. Nếu công ty bạn đã dùng, hãy nhờ quản trị viên của công ty mời bạn; lời mời được gửi qua e-mail. Nếu chưa, hãy liên hệ người vận hành hệ thống.",
    en: "This platform is not open for everybody to sign up. If your company uses it, ask its administrator to invite you; the invitation comes by e-mail. If not, please contact whoever runs the platform.",
  },
  title: { vi: "Tạo tài khoản", en: "Create an account" },
  lead: {
    vi: "Cho công ty hoặc cửa hàng của bạn. Nếu công ty đã dùng SePay, hãy nhờ người quản trị gửi lời mời cho bạn.",
    en: "For your company or shop. If your company uses SePay already, ask its administrator to invite you.",
  },
  company: { vi: "Tên công ty hoặc cửa hàng", en: "Company or shop name" },
  emailHint: { vi: "Chúng tôi gửi liên kết xác nhận đến địa chỉ này.", en: "We send a link there to confirm it." },
  submit: { vi: "Tạo tài khoản", en: "Create the account" },
  haveAccount: { vi: "Đã có tài khoản?", en: "You have an account?" },
  signIn: { vi: "Đăng nhập", en: "Sign in" },

  sentTitle: { vi: "Hãy mở hộp thư của bạn", en: "Check your mailbox" },
  sentText: { vi: "Chúng tôi đã gửi một thư đến", en: "We have sent a mail to" },
  sentNext: {
    vi: "Mở liên kết trong thư để hoàn tất việc tạo tài khoản. Liên kết có hiệu lực trong 24 giờ.",
    en: "Open the link in it to finish creating your account. It works for 24 hours.",
  },
  sentAgain: {
    vi: "Đã gửi lại. Liên kết trong thư trước không còn dùng được.",
    en: "Sent again. The link in the earlier mail no longer works.",
  },
  notArrived: { vi: "Không thấy thư? Hãy xem mục thư rác, hoặc", en: "Nothing there? Check the spam folder, or" },
  sendAgain: { vi: "Gửi lại thư", en: "Send it again" },
  otherAddress: { vi: "Dùng địa chỉ khác", en: "Use another address" },
  goneTitle: { vi: "Không còn gì để xác nhận", en: "There is nothing left to confirm" },
  goneText: {
    vi: "Địa chỉ này đã được xác nhận, hoặc lần đăng ký đã quá 24 giờ. Hãy thử đăng nhập; nếu không được, hãy đăng ký lại.",
    en: "The address is confirmed already, or the sign-up is older than 24 hours. Try to sign in; if that fails, sign up again.",
  },

  verifyTitle: { vi: "Xác nhận địa chỉ e-mail", en: "Confirm your e-mail address" },
  verifyLead: {
    vi: "Nhấn nút dưới đây để xác nhận địa chỉ e-mail và hoàn tất việc tạo tài khoản.",
    en: "Press the button to confirm your e-mail address and finish creating your account.",
  },
  verifyElsewhere: {
    vi: "Bạn đang mở liên kết trên trình duyệt khác với lúc đăng ký. Hãy nhập mật khẩu bạn đã đặt khi đăng ký để hoàn tất. Nếu không phải bạn đăng ký, hãy đóng trang này: sẽ không có tài khoản nào được tạo.",
    en: "This is not the browser you signed up in. Enter the password you chose there to finish. If it was not you who signed up, close this page: no account will be created.",
  },
  verifySubmit: { vi: "Xác nhận", en: "Confirm" },
  takenTitle: { vi: "Địa chỉ này đã có tài khoản", en: "This address has an account already" },
  takenText: {
    vi: "Không có tài khoản mới nào được tạo. Hãy đăng nhập, hoặc đặt lại mật khẩu nếu bạn đã quên.",
    en: "No new account was created. Sign in, or set a new password if you forgot yours.",
  },
} satisfies Catalogue

/** Links from mails that open nothing any more. */
export const linkMessages = {
  deadTitle: { vi: "Liên kết không còn hiệu lực", en: "This link no longer works" },
  deadText: {
    vi: "Liên kết đã hết hạn, đã được thay bằng liên kết mới hơn, hoặc bị chép thiếu. Hãy dùng liên kết trong thư mới nhất.",
    en: "It has expired, was replaced by a newer one, or was not copied whole. Use the link in the newest mail.",
  },
  usedTitle: { vi: "Liên kết đã được sử dụng", en: "This link was used already" },
  usedText: {
    vi: "Mỗi liên kết chỉ dùng được một lần. Nếu chính bạn đã dùng, hãy đăng nhập.",
    en: "Each link works once. If you used it yourself, sign in.",
  },
  signIn: { vi: "Đăng nhập", en: "Sign in" },
  signUpAgain: { vi: "Đăng ký lại", en: "Sign up again" },
  askAgain: { vi: "Yêu cầu liên kết mới", en: "Ask for a new link" },
} satisfies Catalogue

/** What the sign-in page offers beside signing in, and what just happened before it. */
export const signInWayMessages = {
  forgot: { vi: "Quên mật khẩu?", en: "Forgot password?" },
  newHere: { vi: "Chưa có tài khoản?", en: "New here?" },
  signUp: { vi: "Tạo tài khoản", en: "Create an account" },
  verified: {
    vi: "Địa chỉ e-mail đã được xác nhận. Tài khoản của bạn đã sẵn sàng; hãy đăng nhập.",
    en: "Your e-mail address is confirmed and your account is ready. Sign in.",
  },
  reset: {
    vi: "Mật khẩu mới đã được lưu. Hãy đăng nhập bằng mật khẩu mới.",
    en: "The new password is saved. Sign in with it.",
  },
  joined: { vi: "Tài khoản của bạn đã được tạo. Hãy đăng nhập.", en: "Your account is made. Sign in." },
  email_changed: {
    vi: "E-mail đăng nhập đã được đổi. Từ nay hãy đăng nhập bằng địa chỉ mới.",
    en: "Your sign-in e-mail was changed. Sign in with the new address from now on.",
  },
  choices_kept: {
    vi: "Phiên đăng nhập đã hết hạn nên chưa có gì được cấp. Các lựa chọn của bạn vẫn được giữ: hãy đăng nhập để xem lại và xác nhận.",
    en: "Your session had ended, so nothing was given. Your choices are kept: sign in to look them over and confirm.",
  },
} satisfies Catalogue

/** A forgotten password. */
export const resetMessages = {
  forgotTitle: { vi: "Quên mật khẩu", en: "Forgot your password?" },
  forgotLead: {
    vi: "Nhập e-mail bạn dùng để đăng nhập. Chúng tôi sẽ gửi một liên kết để đặt mật khẩu mới.",
    en: "Enter the e-mail you sign in with. We send a link that sets a new password.",
  },
  forgotSubmit: { vi: "Gửi liên kết", en: "Send the link" },
  backToSignIn: { vi: "Quay lại đăng nhập", en: "Back to signing in" },
  sentTitle: { vi: "Hãy mở hộp thư của bạn", en: "Check your mailbox" },
  sentText: {
    vi: "Nếu địa chỉ đó có tài khoản, một thư kèm liên kết đặt mật khẩu mới đang được gửi đến. Liên kết có hiệu lực trong 1 giờ.",
    en: "If that address has an account, a mail with a link that sets a new password is on its way. The link works for an hour.",
  },
  sentNothing: {
    vi: "Không thấy thư? Hãy xem mục thư rác và kiểm tra lại địa chỉ.",
    en: "Nothing there? Check the spam folder, and check the address.",
  },
  tryAgain: { vi: "Thử lại", en: "Try again" },
  resetTitle: { vi: "Đặt mật khẩu mới", en: "Set a new password" },
  resetLead: {
    vi: "Mọi phiên đăng nhập sẽ kết thúc. Các ứng dụng đã kết nối vẫn hoạt động.",
    en: "All sessions will end. Connected apps keep working.",
  },
  password: { vi: "Mật khẩu mới", en: "New password" },
  resetSubmit: { vi: "Lưu mật khẩu mới", en: "Save the new password" },
} satisfies Catalogue
