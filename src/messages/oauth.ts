import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** What each scope lets an app do, in the words of contract/oauth.md §3 and in its order. */
export const scopeMessages = {
  "bank-account:read": {
    vi: "Xem tài khoản ngân hàng, tài khoản phụ (VA) và số dư",
    en: "See bank accounts, sub-accounts and balances",
  },
  "transaction:read": { vi: "Xem lịch sử và chi tiết giao dịch", en: "See transactions and their details" },
  "webhook:read": {
    vi: "Xem cấu hình webhook, kể cả API key của webhook",
    en: "See webhook settings, including their API keys",
  },
  "webhook:write": { vi: "Tạo và sửa webhook", en: "Create and change webhooks" },
  "webhook:delete": { vi: "Xóa webhook", en: "Delete webhooks" },
  profile: {
    vi: "Xem họ tên, email, số điện thoại, ảnh đại diện của bạn",
    en: "See your name, e-mail, phone and picture",
  },
  company: {
    vi: "Xem thông tin công ty và sửa cấu hình mã thanh toán",
    en: "See company details and change payment-code settings",
  },
} satisfies Catalogue

/** Live or test data. */
export const modeMessages = {
  live: { vi: "Dữ liệu thật", en: "Live data" },
  test: { vi: "Dữ liệu thử nghiệm", en: "Test data" },
} satisfies Catalogue

/** The consent page. contract/oauth.md §5.1. */
export const consentMessages = {
  title: phrase<string>(
    (app) => `${app} muốn truy cập dữ liệu của công ty bạn`,
    (app) => `${app} wants access to your company's data`,
  ),
  wish: { vi: "muốn truy cập dữ liệu của công ty bạn", en: "wants access to your company's data" },
  dataOf: { vi: "Dữ liệu của", en: "Data of" },
  developedBy: { vi: "Nhà phát triển", en: "Developer" },
  website: { vi: "Trang web", en: "Website" },
  returnsTo: { vi: "Dù chọn gì, bạn cũng sẽ trở về", en: "Either way, you go back to" },
  notReviewed: { vi: "Chưa được SePay kiểm duyệt", en: "Not reviewed" },
  notReviewedNote: {
    vi: "SePay chưa kiểm duyệt ứng dụng này. Chỉ tiếp tục nếu bạn biết rõ người phát triển.",
    en: "This app has not been reviewed. Go on only if you know who made it.",
  },
  signedInAs: { vi: "Bạn đang đăng nhập", en: "You are signed in as" },
  otherAccount: { vi: "Dùng tài khoản khác", en: "Use another account" },
  scopesTitle: { vi: "Ứng dụng sẽ được phép", en: "The app will be able to" },
  scopesNote: {
    vi: "Bỏ chọn những quyền bạn không muốn cấp. Quyền bắt buộc thì ứng dụng không thể thiếu.",
    en: "Untick what you do not want to allow. The app cannot work without the required ones.",
  },
  required: { vi: "Bắt buộc", en: "Required" },
  changesData: { vi: "Được thay đổi dữ liệu", en: "Can change data" },
  roleCannotUse: {
    vi: "Vai trò của bạn hiện không có quyền này, nên ứng dụng cũng chưa dùng được cho đến khi bạn được cấp quyền.",
    en: "Your role does not have this permission now, so the app cannot use it until you get it.",
  },
  modeTitle: { vi: "Loại dữ liệu", en: "Which data" },
  modeLive: { vi: "Tài khoản và giao dịch thật của công ty", en: "Your company's real accounts and transactions" },
  modeTest: { vi: "Tài khoản thử nghiệm, tiền không có thật", en: "Test accounts with invented money" },
  accountsTitle: { vi: "Tài khoản ngân hàng", en: "Bank accounts" },
  accountsAll: { vi: "Tất cả tài khoản", en: "All accounts" },
  accountsAllNote: { vi: "Kể cả tài khoản liên kết sau này", en: "Including those you link later" },
  accountsChosen: { vi: "Chỉ những tài khoản tôi chọn", en: "Only the accounts I choose" },
  accountsChosenNote: { vi: "Ứng dụng không thấy các tài khoản còn lại", en: "The app does not see the others" },
  accountsLive: { vi: "Tài khoản thật", en: "Live accounts" },
  accountsTest: { vi: "Tài khoản thử nghiệm", en: "Test accounts" },
  noAccounts: { vi: "Công ty chưa liên kết tài khoản nào.", en: "Your company has not linked any account yet." },
  accountEnding: { vi: "Số tài khoản kết thúc bằng", en: "Account number ending in" },
  userCode: { vi: "Mã trên thiết bị của bạn", en: "The code on your device" },
  userCodeNote: {
    vi: "Chỉ tiếp tục nếu thiết bị trước mặt bạn đang hiện đúng mã này.",
    en: "Go on only if the device in front of you shows exactly this code.",
  },
  revocable: {
    vi: "Bạn có thể thu hồi quyền bất cứ lúc nào trong mục Ứng dụng đã kết nối. Ứng dụng không nhận được mật khẩu của bạn và không thể chuyển tiền.",
    en: "You can take access back at any time under Connected apps. The app does not get your password and cannot move money.",
  },
  approve: { vi: "Cho phép", en: "Allow" },
  deny: { vi: "Từ chối", en: "Refuse" },
  problemTitle: { vi: "Chưa cấp được quyền", en: "Access was not given" },
  toAccounts: { vi: "Đến phần chọn tài khoản", en: "Go to the choice of accounts" },
  requiredScopeMissing: {
    vi: "Thiếu một quyền bắt buộc. Hãy giữ các quyền bắt buộc, hoặc từ chối yêu cầu.",
    en: "A required permission is missing. Keep the required ones, or refuse the request.",
  },
  noAccountChosen: {
    vi: "Hãy chọn ít nhất một tài khoản, hoặc chọn “Tất cả tài khoản”.",
    en: "Choose at least one account, or choose “All accounts”.",
  },
  unknownAccount: {
    vi: "Một tài khoản vừa chọn không còn thuộc công ty bạn. Hãy chọn lại.",
    en: "An account you chose no longer belongs to your company. Please choose again.",
  },
  formExpired: {
    vi: "Trang này đã cũ nên chưa có gì được cấp. Hãy xem lại lựa chọn và xác nhận lần nữa.",
    en: "This page was out of date, so nothing was given. Check your choices and confirm again.",
  },
  signedOut: {
    vi: "Phiên đăng nhập đã hết hạn trước khi bạn xác nhận nên chưa có gì được cấp. Các lựa chọn của bạn vẫn được giữ nguyên bên dưới: hãy xem lại và xác nhận lần nữa.",
    en: "Your session had ended before you confirmed, so nothing was given. Your choices are kept below: check them and confirm again.",
  },
} satisfies Catalogue

/** Connected apps, and taking access back. contract/oauth.md §16. */
export const connectedAppsMessages = {
  title: { vi: "Ứng dụng đã kết nối", en: "Connected apps" },
  lead: {
    vi: "Các ứng dụng được phép xem hoặc thay đổi dữ liệu của công ty. Thu hồi quyền có hiệu lực ngay, không cần đổi mật khẩu.",
    en: "Apps that may see or change your company's data. Taking access back works at once, without changing a password.",
  },
  emptyTitle: { vi: "Chưa có ứng dụng nào", en: "No apps yet" },
  empty: {
    vi: "Khi bạn cho phép một ứng dụng, ứng dụng đó sẽ hiện ở đây cùng những quyền đã cấp.",
    en: "When you allow an app, it appears here with everything it was allowed.",
  },
  by: phrase<string>(
    (developer) => `của ${developer}`,
    (developer) => `by ${developer}`,
  ),
  grantedBy: { vi: "Người cấp quyền", en: "Allowed by" },
  allowed: { vi: "Được phép", en: "It may" },
  accounts: { vi: "Tài khoản", en: "Accounts" },
  allAccounts: { vi: "Tất cả, kể cả tài khoản liên kết sau này", en: "All, including those linked later" },
  grantedAt: { vi: "Cấp lúc", en: "Allowed" },
  lastUsedAt: { vi: "Dùng gần nhất", en: "Last used" },
  neverUsed: { vi: "Chưa dùng", en: "Not used yet" },
  families: { vi: "Phiên kết nối", en: "Live connections" },
  revoke: { vi: "Thu hồi quyền", en: "Revoke access" },
  revokeLabel: phrase<string>(
    (app) => `Thu hồi quyền của ${app}`,
    (app) => `Revoke access of ${app}`,
  ),
  revoked: phrase<string>(
    (app) => `Đã thu hồi quyền của ${app}. Ứng dụng không còn truy cập được nữa.`,
    (app) => `The access of ${app} was revoked. It can no longer reach your data.`,
  ),
  revokeTitle: phrase<string>(
    (app) => `Thu hồi quyền của ${app}?`,
    (app) => `Revoke the access of ${app}?`,
  ),
  revokeEffects: { vi: "Điều sẽ xảy ra", en: "What will happen" },
  data: { vi: "Dữ liệu", en: "Data" },
  developer: { vi: "Nhà phát triển", en: "Developer" },
  revokeEffect: {
    vi: "Mọi phiên kết nối của ứng dụng này kết thúc ngay lập tức.",
    en: "Every connection of this app ends at once.",
  },
  revokeEffectData: {
    vi: "Dữ liệu ứng dụng đã lấy trước đó không bị xóa khỏi hệ thống của họ.",
    en: "Data the app has already read is not erased from its own systems.",
  },
  revokeEffectWebhooks: {
    vi: "Webhook mà ứng dụng đã tạo thuộc về công ty và vẫn gửi tiếp; muốn dừng, hãy tắt chúng ở trang Webhook.",
    en: "Webhooks the app has made belong to your company and go on; switch them off under Webhooks to stop them.",
  },
  revokeEffectAgain: {
    vi: "Muốn dùng lại, bạn phải cho phép lại từ đầu.",
    en: "To use it again, you have to allow it anew.",
  },
  revokeConfirm: { vi: "Thu hồi quyền", en: "Revoke access" },
  cancel: { vi: "Giữ nguyên", en: "Keep access" },
} satisfies Catalogue

/** The page an authorization request ends on when it may not be redirected. contract/oauth.md §5. */
export const authorizeErrorMessages = {
  title: { vi: "Không thể tiếp tục đến ứng dụng", en: "Cannot continue to the app" },
  unknownClient: {
    vi: "Ứng dụng đã gửi bạn đến đây không được đăng ký với SePay, hoặc đã bị gỡ.",
    en: "The app that sent you here is not registered with SePay, or was removed.",
  },
  unknownClientHint: {
    vi: "Tham số client_id phải có đúng một lần và là mã do trang OAuth Applications cấp.",
    en: "Send client_id exactly once, as issued under OAuth Applications.",
  },
  redirectUri: phrase<string>(
    (app) => `${app} yêu cầu đưa bạn về một địa chỉ chưa được đăng ký. Để bảo vệ bạn, chúng tôi dừng lại ở đây.`,
    (app) => `${app} asked to send you back to an address it has not registered. To protect you, we stop here.`,
  ),
  redirectUriHint: {
    vi: "redirect_uri phải có đúng một lần và trùng từng ký tự với một địa chỉ đã đăng ký (chỉ cổng của địa chỉ loopback được khác). Địa chỉ đã nhận:",
    en: "Send redirect_uri exactly once; it must equal a registered URI character by character (only the port of a loopback URI may differ). Received:",
  },
  redirectUriAbsent: { vi: "(không có, hoặc có nhiều lần)", en: "(none, or more than one)" },
  requestExpired: {
    vi: "Yêu cầu kết nối đã hết hạn hoặc đã được dùng. Hãy quay lại ứng dụng và bắt đầu lại.",
    en: "The request to connect has expired or was already used. Go back to the app and start again.",
  },
  requestExpiredHint: {
    vi: "request_uri dùng được một lần, trong 90 giây, và chỉ bởi ứng dụng đã gửi nó. Trang xác nhận giữ yêu cầu trong 30 phút.",
    en: "A request_uri works once, for 90 seconds, for the client that pushed it. The consent page keeps a request for 30 minutes.",
  },
  notApproved: phrase<string>(
    (app) => `${app} chưa được SePay duyệt nên hiện chỉ dùng được trong công ty đã tạo ra nó.`,
    (app) => `${app} is not approved yet, so only the company that made it can use it.`,
  ),
  notApprovedHint: {
    vi: "Gửi ứng dụng đi duyệt trong trang OAuth Applications, hoặc đăng nhập bằng người dùng của chính công ty bạn.",
    en: "Submit the app for review under OAuth Applications, or sign in as a user of your own company.",
  },
  suspended: phrase<string>(
    (app) => `${app} đã bị SePay tạm ngưng.`,
    (app) => `${app} was suspended by SePay.`,
  ),
  suspendedHint: {
    vi: "Lý do nằm trong trang của ứng dụng; hãy liên hệ người vận hành.",
    en: "The reason is on the app's page; contact the operator.",
  },
  hintTitle: { vi: "Dành cho nhà phát triển", en: "For the developer" },
  nothingShared: { vi: "Chưa có dữ liệu nào được chia sẻ.", en: "No data was shared." },
} satisfies Catalogue
