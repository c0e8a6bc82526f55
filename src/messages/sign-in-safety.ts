import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The second step of a sign-in: the code. */
export const secondStepMessages = {
  title: { vi: "Xác thực hai lớp", en: "Two-step sign-in" },
  lead: { vi: "Mật khẩu đúng. Còn một bước nữa cho tài khoản", en: "Your password is right. One more step for" },
  code: { vi: "Mã 6 số trong ứng dụng xác thực", en: "6-digit code of your authenticator app" },
  submit: { vi: "Tiếp tục", en: "Continue" },
  noApp: { vi: "Không dùng được ứng dụng?", en: "Cannot use the app?" },
  recoveryCode: { vi: "Mã khôi phục", en: "Recovery code" },
  recoveryHint: {
    vi: "Một trong 10 mã bạn đã lưu khi bật xác thực hai lớp. Mỗi mã chỉ dùng được một lần.",
    en: "One of the 10 codes you saved when you switched this on. Each works once.",
  },
  useRecoveryCode: { vi: "Dùng mã khôi phục", en: "Use the recovery code" },
  lostEverything: {
    vi: "Mất cả ứng dụng lẫn mã khôi phục? Hãy liên hệ quản trị viên của hệ thống.",
    en: "Lost the app and the recovery codes? Ask the operator of the platform.",
  },
  otherAccount: { vi: "Đăng nhập bằng tài khoản khác", en: "Sign in with another account" },
  wrongCode: {
    vi: "Mã không đúng hoặc đã được dùng. Hãy đợi ứng dụng hiện mã mới rồi nhập mã đó.",
    en: "The code is wrong or was used already. Wait for the app to show a new one, and type that.",
  },
  wrongRecoveryCode: {
    vi: "Mã khôi phục không đúng hoặc đã được dùng.",
    en: "The recovery code is wrong or was used already.",
  },
  tooManyTries: phrase<string>(
    (wait) => `Đã nhập sai quá nhiều lần. Hãy thử lại sau ${wait}, hoặc dùng mã khôi phục.`,
    (wait) => `Too many wrong codes. Try again in ${wait}, or use a recovery code.`,
  ),
} satisfies Catalogue

/** The pages where the second factor is switched on and off. */
export const secondFactorMessages = {
  title: { vi: "Xác thực hai lớp", en: "Two-step sign-in" },
  lead: {
    vi: "Ngoài mật khẩu, mỗi lần đăng nhập cần thêm một mã từ ứng dụng trên điện thoại của bạn. Người biết mật khẩu vẫn không vào được.",
    en: "Beside the password, each sign-in asks for a code from an app on your phone. Somebody who knows your password still cannot get in.",
  },
  isOff: { vi: "Đang tắt", en: "Off" },
  isOn: { vi: "Đang bật", en: "On" },
  state: { vi: "Trạng thái", en: "State" },
  since: { vi: "Bật từ", en: "On since" },
  codesLeft: { vi: "Mã khôi phục còn lại", en: "Recovery codes left" },
  codesLow: {
    vi: "Bạn sắp hết mã khôi phục. Hãy tạo bộ mã mới để không bị khóa ngoài khi mất điện thoại.",
    en: "You are running out of recovery codes. Make new ones, so that losing your phone does not lock you out.",
  },
  needs: { vi: "Bạn cần gì", en: "What you need" },
  needsText: {
    vi: "Một ứng dụng xác thực trên điện thoại, ví dụ Google Authenticator, Microsoft Authenticator, 2FAS hoặc trình quản lý mật khẩu của bạn.",
    en: "An authenticator app on your phone, such as Google Authenticator, Microsoft Authenticator, 2FAS, or your password manager.",
  },
  currentPassword: { vi: "Mật khẩu hiện tại", en: "Current password" },
  begin: { vi: "Bắt đầu thiết lập", en: "Set it up" },
  wrongPassword: { vi: "Mật khẩu không đúng.", en: "The password is wrong." },
  tooManyTries: phrase<string>(
    (wait) => `Đã thử quá nhiều lần. Hãy thử lại sau ${wait}.`,
    (wait) => `Too many tries. Try again in ${wait}.`,
  ),
  operatorAdvice: {
    vi: "Tài khoản vận hành nhìn thấy mọi công ty: chúng tôi khuyên bạn bật xác thực hai lớp.",
    en: "An operator's account sees every company: we advise you to switch on two-step sign-in.",
  },
  setUpTitle: { vi: "Thiết lập xác thực hai lớp", en: "Set up two-step sign-in" },
  scanTitle: { vi: "1. Quét mã QR bằng ứng dụng xác thực", en: "1. Scan the QR code with your authenticator app" },
  qr: { vi: "Mã QR để thêm tài khoản vào ứng dụng xác thực", en: "QR code that adds the account to the app" },
  byHand: {
    vi: "Không quét được? Hãy nhập khóa này vào ứng dụng (loại: theo thời gian):",
    en: "Cannot scan it? Type this key into the app (kind: time-based):",
  },
  confirmTitle: { vi: "2. Nhập mã mà ứng dụng hiển thị", en: "2. Type the code that the app shows" },
  code: { vi: "Mã 6 số", en: "6-digit code" },
  switchOn: { vi: "Bật xác thực hai lớp", en: "Switch it on" },
  cancel: { vi: "Hủy", en: "Cancel" },
  wrongSetUpCode: {
    vi: "Mã không khớp. Hãy nhập mã đang hiện trong ứng dụng, và kiểm tra giờ trên điện thoại có được đặt tự động không.",
    en: "The code does not match. Type the one the app shows now, and check that your phone sets its time automatically.",
  },
  expired: {
    vi: "Việc thiết lập đã quá 15 phút hoặc được bắt đầu ở một phiên khác. Hãy bắt đầu lại.",
    en: "The set-up took more than 15 minutes, or was begun in another session. Please start again.",
  },
  codesTitle: { vi: "Lưu các mã khôi phục này", en: "Save these recovery codes" },
  nowOn: { vi: "Xác thực hai lớp đã bật.", en: "Two-step sign-in is on." },
  renewed: {
    vi: "Đã tạo bộ mã mới. Các mã cũ không còn dùng được.",
    en: "New codes are made. The old ones no longer work.",
  },
  codesLead: {
    vi: "Khi không có điện thoại, bạn đăng nhập bằng một trong các mã này; mỗi mã dùng một lần. Các mã chỉ hiện ở đây, lần này: hãy chép vào trình quản lý mật khẩu hoặc in ra và cất kỹ.",
    en: "Without your phone you sign in with one of these; each works once. They are shown only here and now: copy them to your password manager, or print them and keep them safe.",
  },
  codesText: { vi: "Mã khôi phục SePay", en: "SePay recovery codes" },
  saved: { vi: "Tôi đã lưu các mã", en: "I have saved them" },
  renew: { vi: "Tạo mã khôi phục mới", en: "Make new recovery codes" },
  renewLead: {
    vi: "Mười mã mới thay cho tất cả mã cũ, kể cả những mã chưa dùng.",
    en: "Ten new codes replace all the old ones, those not used yet too.",
  },
  anyCode: { vi: "Mã 6 số hoặc mã khôi phục", en: "6-digit code or recovery code" },
  wrongCode: {
    vi: "Mã không đúng hoặc đã được dùng. Hãy đợi ứng dụng hiện mã mới rồi nhập mã đó.",
    en: "The code is wrong or was used already. Wait for the app to show a new one, and type that.",
  },
  off: { vi: "Tắt xác thực hai lớp", en: "Switch it off" },
  offTitle: { vi: "Tắt xác thực hai lớp?", en: "Switch off two-step sign-in?" },
  offLead: {
    vi: "Sau khi tắt, chỉ cần mật khẩu là đăng nhập được. Các mã khôi phục cũng hết hiệu lực.",
    en: "Afterwards the password alone signs in. Your recovery codes end too.",
  },
  isNowOff: { vi: "Xác thực hai lớp đã tắt.", en: "Two-step sign-in is off." },
} satisfies Catalogue

/** The page where the password is changed. */
export const passwordMessages = {
  title: { vi: "Đổi mật khẩu", en: "Change password" },
  lead: {
    vi: "Mọi phiên đăng nhập khác sẽ kết thúc. Các ứng dụng đã kết nối vẫn hoạt động.",
    en: "All your other sessions end. Connected apps keep working.",
  },
  current: { vi: "Mật khẩu hiện tại", en: "Current password" },
  fresh: { vi: "Mật khẩu mới", en: "New password" },
  again: { vi: "Nhập lại mật khẩu mới", en: "New password again" },
  rule: {
    vi: "Ít nhất 10 ký tự, ký tự nào cũng được. Không dùng mật khẩu phổ biến, dãy liên tiếp hoặc e-mail của bạn. Một câu dài dễ nhớ là tốt nhất.",
    en: "10 characters or more, any characters. Not a common password, a plain row of characters, or your e-mail. A long sentence that you remember is best.",
  },
  submit: { vi: "Đổi mật khẩu", en: "Change password" },
  wrongCurrent: { vi: "Mật khẩu hiện tại không đúng.", en: "The current password is wrong." },
  short: { vi: "Mật khẩu mới phải có ít nhất 10 ký tự.", en: "The new password needs 10 characters or more." },
  long: { vi: "Mật khẩu mới không được quá 1000 ký tự.", en: "The new password may have at most 1000 characters." },
  easy: {
    vi: "Mật khẩu mới quá dễ đoán. Hãy chọn mật khẩu khác.",
    en: "The new password is too easy to guess. Choose another one.",
  },
  differs: { vi: "Hai lần nhập mật khẩu mới không giống nhau.", en: "The two new passwords differ." },
  same: {
    vi: "Mật khẩu mới giống mật khẩu hiện tại.",
    en: "The new password is the one you have already.",
  },
  done: {
    vi: "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.",
    en: "The password is changed. Your other sessions have ended.",
  },
} satisfies Catalogue

/** The list of sessions. */
export const sessionMessages = {
  title: { vi: "Thiết bị đang đăng nhập", en: "Where you are signed in" },
  lead: {
    vi: "Những nơi đang đăng nhập tài khoản của bạn. Thấy nơi lạ? Hãy đăng xuất nơi đó và đổi mật khẩu.",
    en: "Where your account is signed in. If one is not you, sign it out and change your password.",
  },
  thisOne: { vi: "Phiên này", en: "This one" },
  ip: { vi: "Địa chỉ IP", en: "IP address" },
  started: { vi: "Đăng nhập lúc", en: "Signed in" },
  lastUsed: { vi: "Dùng gần nhất", en: "Last used" },
  signOut: { vi: "Đăng xuất", en: "Sign out" },
  signOutOf: phrase<string>(
    (device) => `Đăng xuất ${device}`,
    (device) => `Sign out ${device}`,
  ),
  signOutOthers: { vi: "Đăng xuất mọi nơi khác", en: "Sign out everywhere else" },
  onlyThis: { vi: "Bạn chỉ đang đăng nhập ở đây.", en: "You are signed in only here." },
  othersTitle: { vi: "Đăng xuất mọi nơi khác?", en: "Sign out everywhere else?" },
  othersText: phrase<number>(
    (count) => `${count} phiên khác sẽ kết thúc ngay. Phiên này vẫn giữ nguyên.`,
    (count) => `${count === 1 ? "1 other session ends" : `${count} other sessions end`} at once. This one stays.`,
  ),
  cancel: { vi: "Không, quay lại", en: "No, go back" },
  oneEnded: { vi: "Đã đăng xuất phiên đó.", en: "That session is signed out." },
  othersEnded: { vi: "Đã đăng xuất mọi nơi khác.", en: "You are signed out everywhere else." },
} satisfies Catalogue
