import { type Catalogue, phrase } from "./catalogue.ts"

/** The list of webhooks, and what all pages of webhooks share. */
export const webhookListMessages = {
  title: { vi: "Webhook", en: "Webhooks" },
  lead: {
    vi: "Mỗi khi có tiền vào hoặc ra, chúng tôi gọi đến địa chỉ của bạn trong tích tắc để phần mềm bán hàng, kế toán của bạn biết ngay.",
    en: "Whenever money comes in or goes out, we call your address at once, so that your shop or accounting software knows.",
  },
  create: { vi: "Tạo webhook", en: "New webhook" },
  emptyTitle: { vi: "Chưa có webhook nào", en: "No webhooks yet" },
  empty: {
    vi: "Hãy tạo webhook đầu tiên: chọn tài khoản cần theo dõi và nhập địa chỉ nhận trên máy chủ của bạn. Bạn có thể gửi thử ngay sau đó.",
    en: "Create the first one: choose the accounts to follow and enter the address of your server. You can send a test right after.",
  },
  emptyReader: {
    vi: "Khi quản trị viên của công ty tạo webhook, webhook sẽ hiện ở đây.",
    en: "When somebody of your company who may create webhooks makes one, it appears here.",
  },
  nothingMatches: { vi: "Không có webhook nào khớp với bộ lọc.", en: "No webhook matches the filter." },
  clearFilter: { vi: "Bỏ lọc", en: "Clear the filter" },
  search: { vi: "Tên hoặc địa chỉ", en: "Name or address" },
  modeFilter: { vi: "Dữ liệu", en: "Data" },
  stateFilter: { vi: "Trạng thái", en: "State" },
  any: { vi: "Tất cả", en: "All" },
  apply: { vi: "Lọc", en: "Filter" },
  name: { vi: "Tên", en: "Name" },
  address: { vi: "Địa chỉ nhận", en: "Receiver" },
  state: { vi: "Trạng thái", en: "State" },
  lastCall: { vi: "Lần gửi gần nhất", en: "Last delivery" },
  failures: { vi: "Lỗi trong 24 giờ", en: "Failures in 24 h" },
  waiting: { vi: "Đang chờ", en: "Waiting" },
  on: { vi: "Đang bật", en: "On" },
  off: { vi: "Đã tắt", en: "Off" },
  offGone: { vi: "Đã tắt: máy chủ trả về 410", en: "Off: your server answered 410" },
  offIncomplete: { vi: "Đã tắt: chưa đủ thông tin xác thực", en: "Off: authentication is not set up yet" },
  deleted: { vi: "Đã xóa", en: "Deleted" },
  live: { vi: "Thật", en: "Live" },
  test: { vi: "Thử nghiệm", en: "Test" },
  neverCalled: { vi: "Chưa gửi lần nào", en: "Never" },
  byApp: phrase<string>(
    (app) => `do ứng dụng ${app} tạo`,
    (app) => `made by the app ${app}`,
  ),
  trial: { vi: "gửi thử", en: "test send" },
  doneDeleted: {
    vi: "Đã xóa webhook. Nhật ký gửi của nó vẫn được giữ 90 ngày.",
    en: "The webhook is deleted. Its delivery log is kept for 90 days.",
  },
  seeLog: { vi: "Xem nhật ký", en: "See the log" },
  tooMany: phrase<string>(
    (wait) => `Bạn đã làm việc này 10 lần trong một phút. Hãy thử lại sau ${wait}; chưa có gì được gửi.`,
    (wait) => `You have done this ten times within a minute. Try again in ${wait}; nothing was sent.`,
  ),
  tooManyTitle: { vi: "Hãy đợi một chút", en: "Please wait a moment" },
  back: { vi: "Quay lại", en: "Go back" },
} satisfies Catalogue

/** One webhook, and what can be done with it. */
export const webhookDetailMessages = {
  overview: { vi: "Thiết lập", en: "Settings" },
  log: { vi: "Nhật ký gửi", en: "Delivery log" },
  test: { vi: "Gửi thử", en: "Test send" },
  explain: { vi: "Vì sao không gửi?", en: "Why not sent?" },
  sections: { vi: "Các trang của webhook này", en: "Pages of this webhook" },
  edit: { vi: "Sửa", en: "Edit" },
  switchOn: { vi: "Bật lại", en: "Switch on" },
  switchOff: { vi: "Tắt", en: "Switch off" },
  clone: { vi: "Nhân bản", en: "Clone" },
  delete: { vi: "Xóa", en: "Delete" },
  what: { vi: "Gửi những gì", en: "What is sent" },
  where: { vi: "Gửi đến đâu", en: "Where it goes" },
  how: { vi: "Gửi như thế nào", en: "How it is sent" },
  retries: { vi: "Gửi lại khi lỗi", en: "When it fails" },
  again: { vi: "Gửi lại", en: "Sent again" },
  about: { vi: "Về webhook này", en: "About this webhook" },
  direction: { vi: "Loại giao dịch", en: "Transactions" },
  accounts: { vi: "Tài khoản", en: "Accounts" },
  allAccounts: { vi: "Tất cả tài khoản, kể cả tài khoản thêm sau này", en: "All accounts, also those added later" },
  someAccounts: phrase<number>(
    (count) => `${count} tài khoản đã chọn`,
    (count) => (count === 1 ? "1 chosen account" : `${count} chosen accounts`),
  ),
  onlyWithCode: { vi: "Chỉ khi có mã thanh toán", en: "Only with a payment code" },
  prefixes: { vi: "Mã bắt đầu bằng", en: "Codes that start with" },
  anyPrefix: { vi: "Bất kỳ", en: "Anything" },
  verify: { vi: "Dùng để xác nhận thanh toán", en: "Confirms payments" },
  yes: { vi: "Có", en: "Yes" },
  no: { vi: "Không", en: "No" },
  contentType: { vi: "Định dạng", en: "Format" },
  auth: { vi: "Xác thực", en: "Authentication" },
  apiKey: { vi: "API key", en: "API key" },
  secret: { vi: "Khóa bí mật", en: "Secret" },
  tokenUrl: { vi: "Địa chỉ lấy token", en: "Token address" },
  clientId: { vi: "Client ID", en: "Client ID" },
  clientSecret: { vi: "Client secret", en: "Client secret" },
  notSet: { vi: "Chưa đặt", en: "Not set" },
  retryOn: { vi: "Tối đa 7 lần trong khoảng 33 phút", en: "Up to 7 times within about 33 minutes" },
  retryTail: {
    vi: "7 lần trong khoảng 33 phút, sau đó tiếp tục đến 72 giờ",
    en: "7 times within about 33 minutes, then on for up to 72 hours",
  },
  retryOff: { vi: "Không", en: "No" },
  wrongBody: { vi: "Gửi lại cả khi nội dung trả về sai", en: "Also when the answer's body is wrong" },
  gone: { vi: "Tự tắt khi máy chủ trả về 410", en: "Switched off by an answer of 410" },
  createdAt: { vi: "Tạo lúc", en: "Made" },
  createdBy: { vi: "Người tạo", en: "Made by" },
  version: { vi: "Phiên bản cấu hình", en: "Version" },
  rawSecret: {
    vi: "Khóa này được dùng ở dạng nguyên văn (raw) cho chữ ký Standard Webhooks.",
    en: "For the Standard Webhooks signature this secret is used as it stands (raw format).",
  },
  roll: { vi: "Đổi khóa bí mật", en: "Roll the secret" },
  rollRunning: { vi: "Đang đổi khóa bí mật", en: "A secret roll is under way" },
  waitingNote: phrase<string>(
    (count) => `${count} lượt gửi đang chờ.`,
    (count) => `${count} ${count === "1" ? "delivery is" : "deliveries are"} waiting.`,
  ),
  nextAt: { vi: "Lượt kế tiếp:", en: "The next one:" },
  nextNow: { vi: "Lượt kế tiếp sẽ gửi ngay.", en: "The next one goes out now." },
  failing: phrase<string>(
    (count) => `${count} lần gửi lỗi trong 24 giờ qua.`,
    (count) => `${count} failed ${count === "1" ? "delivery" : "deliveries"} in the last 24 hours.`,
  ),
  seeFailures: { vi: "Xem các lần lỗi", en: "See the failures" },
  goneNote: {
    vi: "Webhook đã tự tắt vì máy chủ của bạn trả về 410 (không nhận nữa). Khi địa chỉ hoạt động lại, hãy bật lại; các giao dịch trong thời gian tắt có thể gửi lại từ nhật ký hoặc trang “Vì sao không gửi?”.",
    en: "The webhook was switched off because your server answered 410 (gone). Switch it on again once the address works; transactions of the meantime can be sent from the log or from “Why not sent?”.",
  },
  doneCreated: {
    vi: "Đã tạo webhook. Hãy gửi thử để chắc chắn máy chủ của bạn nhận được.",
    en: "The webhook is made. Send a test to be sure that your server gets it.",
  },
  doneSaved: { vi: "Đã lưu.", en: "Saved." },
  doneUnchanged: { vi: "Không có gì thay đổi.", en: "Nothing was changed." },
  doneOn: { vi: "Webhook đã bật.", en: "The webhook is on." },
  doneOff: {
    vi: "Webhook đã tắt. Các lượt đang chờ sẽ bị hủy.",
    en: "The webhook is off. What was waiting is cancelled.",
  },
  doneCloned: {
    vi: "Đã nhân bản. Bản sao đang tắt và không mang theo khóa bí mật: hãy bổ sung xác thực rồi bật.",
    en: "Cloned. The copy is off and has none of the secrets: set up its authentication, then switch it on.",
  },
  doneAgain: {
    vi: "Biểu mẫu này đã được gửi trước đó, nên không có gì được làm lần nữa.",
    en: "This form was sent before, so nothing was done again.",
  },
  doneFinished: {
    vi: "Khóa cũ đã bị hủy. Chỉ còn khóa mới có hiệu lực.",
    en: "The old secret is gone. The new one alone is valid.",
  },
  doneFull: {
    vi: "Công ty đã có số webhook tối đa cho loại dữ liệu này. Hãy xóa bớt webhook không dùng rồi thử lại.",
    en: "Your company has as many webhooks of this kind as it may have. Delete one that is not used and try again.",
  },
  weakKey: {
    vi: "API key bạn nhập khá ngắn hoặc có ký tự đặc biệt. Nên dùng ít nhất 10 ký tự chữ và số, hoặc để chúng tôi tạo.",
    en: "The API key you typed is short or has special characters. Better use at least 10 letters and digits, or let us generate it.",
  },
  offTitle: phrase<string>(
    (name) => `Tắt webhook ${name}?`,
    (name) => `Switch off ${name}?`,
  ),
  offEffect: {
    vi: "Giao dịch mới sẽ không được gửi đến địa chỉ này nữa.",
    en: "New transactions are not sent to this address any more.",
  },
  offEffectQueue: {
    vi: "Các lượt đang chờ gửi lại sẽ bị hủy. Lượt đang gửi dở vẫn kết thúc bình thường.",
    en: "Deliveries that wait to be sent again are cancelled. One that is under way ends normally.",
  },
  offEffectBack: { vi: "Bạn có thể bật lại bất cứ lúc nào.", en: "You can switch it on again at any time." },
  offConfirm: { vi: "Tắt webhook", en: "Switch it off" },
  deleteTitle: phrase<string>(
    (name) => `Xóa webhook ${name}?`,
    (name) => `Delete ${name}?`,
  ),
  deleteEffect: {
    vi: "Webhook và các khóa bí mật của nó bị xóa vĩnh viễn, không khôi phục được.",
    en: "The webhook and its secrets are deleted for good; there is no way back.",
  },
  deleteEffectQueue: { vi: "Các lượt đang chờ gửi sẽ bị hủy.", en: "Deliveries that are waiting are cancelled." },
  deleteEffectLog: { vi: "Nhật ký gửi vẫn được giữ 90 ngày.", en: "The delivery log is kept for 90 days." },
  deleteConfirm: { vi: "Xóa vĩnh viễn", en: "Delete for good" },
  cloneTitle: phrase<string>(
    (name) => `Nhân bản webhook ${name}?`,
    (name) => `Clone ${name}?`,
  ),
  cloneEffect: {
    vi: "Bản sao có cùng bộ lọc, địa chỉ và cách gửi lại, nhưng không mang theo khóa bí mật.",
    en: "The copy has the same filters, address and retries, but none of the secrets.",
  },
  cloneEffectOff: {
    vi: "Bản sao ở trạng thái tắt cho đến khi bạn bật.",
    en: "The copy is off until you switch it on.",
  },
  cancel: { vi: "Hủy", en: "Cancel" },
} satisfies Catalogue

/** A secret that is shown this once, and rolls. */
export const webhookSecretMessages = {
  apiKeyTitle: { vi: "API key của webhook", en: "The webhook's API key" },
  secretTitle: { vi: "Khóa bí mật của webhook", en: "The webhook's secret" },
  newSecretTitle: { vi: "Khóa bí mật mới", en: "The new secret" },
  once: {
    vi: "Chỉ hiện một lần này. Hãy sao chép và cất vào nơi an toàn trên máy chủ của bạn ngay bây giờ.",
    en: "This is shown this once. Copy it now and keep it in a safe place on your server.",
  },
  apiKeyUse: {
    vi: "Mỗi lần gọi, chúng tôi gửi kèm dòng sau. Máy chủ của bạn hãy từ chối mọi yêu cầu không có nó.",
    en: "Every call carries this line. Let your server refuse whatever comes without it.",
  },
  secretUse: {
    vi: "Mỗi lần gọi, chúng tôi ký nội dung bằng khóa này (HMAC-SHA256) và gửi chữ ký trong X-SePay-Signature.",
    en: "Every call is signed with it (HMAC-SHA256); the signature is in X-SePay-Signature.",
  },
  rollUse: {
    vi: "Cả hai khóa đang có hiệu lực. Hãy cài khóa mới trên máy chủ của bạn trước",
    en: "Both secrets are valid now. Install the new one on your server before",
  },
  saved: { vi: "Tôi đã cất giữ, tiếp tục", en: "I have kept it, go on" },
  rollTitle: { vi: "Đổi khóa bí mật", en: "Roll the secret" },
  rollLead: {
    vi: "Chúng tôi tạo khóa mới, và trong khoảng thời gian bạn chọn cả khóa cũ lẫn khóa mới đều dùng được, nên không mất giao dịch nào.",
    en: "We make a new secret. For the time you choose both the old and the new one are valid, so nothing is lost.",
  },
  rollWindow: { vi: "Khóa cũ còn dùng được trong", en: "The old secret stays valid for" },
  rollConfirm: { vi: "Tạo khóa mới", en: "Make a new secret" },
  rollNone: {
    vi: "Webhook này không dùng khóa HMAC nên không có gì để đổi.",
    en: "This webhook has no HMAC secret, so there is nothing to roll.",
  },
  runningUntil: {
    vi: "Cả khóa cũ và khóa mới đang có hiệu lực. Khóa cũ sẽ tự bị hủy lúc",
    en: "The old and the new secret are both valid. The old one is destroyed at",
  },
  runningOld: {
    vi: "X-SePay-Signature hiện vẫn ký bằng khóa cũ. Khi máy chủ của bạn chỉ còn nhận khóa mới, chúng tôi tự chuyển.",
    en: "X-SePay-Signature is still made with the old secret. Once your server takes the new one alone, we switch by ourselves.",
  },
  runningNew: {
    vi: "Máy chủ của bạn đã dùng khóa mới: X-SePay-Signature được ký bằng khóa mới.",
    en: "Your server has switched: X-SePay-Signature is made with the new secret.",
  },
  finish: { vi: "Hủy khóa cũ ngay", en: "End the old secret now" },
  finishNote: {
    vi: "Chỉ hủy khi máy chủ của bạn đã dùng khóa mới; không hoàn tác được.",
    en: "Do this only when your server uses the new secret; it cannot be undone.",
  },
} satisfies Catalogue
