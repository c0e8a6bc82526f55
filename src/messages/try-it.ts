import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The Try it page: the code flow of an app, step by step. */
export const tryItMessages = {
  title: { vi: "Chạy thử", en: "Try it" },
  lead: phrase<string>(
    (app) => `Chạy luồng cấp quyền thật với ${app} và xem từng yêu cầu cùng câu trả lời.`,
    (app) => `Run the real code flow with ${app} and see each request with its answer.`,
  ),
  startTitle: { vi: "Bắt đầu", en: "Begin" },
  startText: {
    vi: "Bạn sẽ thấy trang đồng ý như người dùng của mình, và kết nối ứng dụng với tài khoản của chính bạn. Không cần nhập secret: mã được đổi ngay trên máy chủ này.",
    en: "You will see the consent page as your users do, and connect the app to your own account. No secret is needed: the code is exchanged here, on this server.",
  },
  realNote: {
    vi: "Đây là kết nối thật: nó hiện ở mục Ứng dụng đã kết nối. Token của lần thử chỉ nằm trên máy chủ và bị thu hồi sau 15 phút.",
    en: "This is a real connection: it shows among your connected apps. The tokens of the trial stay on the server and are revoked after 15 minutes.",
  },
  scopes: { vi: "Quyền (scope) sẽ yêu cầu", en: "Scopes to ask for" },
  scopesProblem: { vi: "Chọn ít nhất một quyền.", en: "Choose at least one scope." },
  start: { vi: "Tạo yêu cầu", en: "Make the request" },
  again: { vi: "Làm lại từ đầu", en: "Start over" },
  end: { vi: "Kết thúc và thu hồi token", en: "End and revoke the tokens" },
  endsAt: { vi: "Lần thử này hết hạn lúc", en: "This trial ends at" },
  suspended: {
    vi: "Ứng dụng đang bị tạm ngưng, nên không chạy thử được.",
    en: "The app is suspended, so it cannot be tried.",
  },
  stepAuthorize: { vi: "Đưa người dùng đến SePay", en: "Send the user to SePay" },
  stepAuthorizeText: {
    vi: "Ứng dụng của bạn chuyển trình duyệt của người dùng đến địa chỉ này. state và code_challenge được tạo mới cho mỗi lần.",
    en: "Your app sends the user's browser to this address. state and code_challenge are new each time.",
  },
  openAuthorize: { vi: "Mở trang đồng ý", en: "Open the consent page" },
  stepCallback: { vi: "Người dùng trở về với mã", en: "The user comes back with a code" },
  stepCallbackText: {
    vi: "Kiểm tra state và iss trước, rồi mới dùng code.",
    en: "Check state and iss first, then use the code.",
  },
  stepExchange: { vi: "Đổi mã lấy token", en: "Exchange the code for tokens" },
  stepExchangeText: {
    vi: "Gọi từ máy chủ của bạn, không gọi từ trình duyệt. Mã chỉ dùng được một lần.",
    en: "Call this from your server, never from a browser. A code works once.",
  },
  exchange: { vi: "Đổi mã", en: "Exchange the code" },
  stepToken: { vi: "Access token", en: "The access token" },
  stepTokenText: {
    vi: "Token là JWT do SePay ký. Ứng dụng chỉ cần gửi kèm nó, không cần đọc.",
    en: "The token is a JWT signed by SePay. Your app only sends it along and need not read it.",
  },
  header: { vi: "Phần đầu", en: "Header" },
  claims: { vi: "Nội dung", en: "Claims" },
  claimAlg: { vi: "thuật toán ký", en: "signature algorithm" },
  claimTyp: { vi: "loại token", en: "kind of token" },
  claimKid: { vi: "khóa ký, có trong /oauth/jwks.json", en: "signing key, listed in /oauth/jwks.json" },
  claimIss: { vi: "máy chủ đã cấp token", en: "the server that issued it" },
  claimSub: { vi: "người dùng đã đồng ý", en: "the user who gave consent" },
  claimAud: { vi: "client_id của ứng dụng", en: "your app's client_id" },
  claimExp: { vi: "hết hạn", en: "expires" },
  claimIat: { vi: "được cấp", en: "issued" },
  claimScope: { vi: "các quyền của token", en: "what the token allows" },
  claimJti: { vi: "mã riêng của token", en: "the token's own id" },
  stepCall: { vi: "Gọi API", en: "Call the API" },
  stepCallText: {
    vi: "Gửi access token trong header Authorization. Danh sách trống thường là do công ty bạn chưa liên kết tài khoản ngân hàng nào.",
    en: "Send the access token in the Authorization header. An empty list usually means that your company has linked no bank account yet.",
  },
  call: phrase<string>(
    (path) => `Gọi GET ${path}`,
    (path) => `Call GET ${path}`,
  ),
  stepRefresh: { vi: "Làm mới token", en: "Refresh" },
  stepRefreshText: {
    vi: "Khi access token hết hạn, đổi refresh token lấy cặp mới. Luôn lưu refresh token mới.",
    en: "When the access token has expired, exchange the refresh token for a new pair. Always store the new one.",
  },
  refresh: { vi: "Làm mới", en: "Refresh" },
  stepRevoke: { vi: "Thu hồi", en: "Revoke" },
  stepRevokeText: {
    vi: "Khi người dùng ngắt kết nối trong ứng dụng của bạn, hãy thu hồi token. Sau đó gọi API sẽ nhận 401.",
    en: "When a user disconnects in your app, revoke the token. The API then answers 401.",
  },
  revoke: { vi: "Thu hồi token", en: "Revoke the token" },
  request: { vi: "Yêu cầu", en: "Request" },
  answer: { vi: "Câu trả lời", en: "Answer" },
  again409: {
    vi: "Bước này đã được thực hiện, có thể từ một thẻ khác hoặc do bấm hai lần. Đây là trạng thái hiện tại.",
    en: "This step was done already, perhaps in another tab or by a double click. This is how things stand.",
  },
  lost: {
    vi: "Lần thử này đã kết thúc hoặc được bắt đầu trong một phiên khác. Hãy bắt đầu lại.",
    en: "This trial is over, or was begun in another session. Begin again.",
  },
  refused: {
    vi: "Bạn đã từ chối, hoặc yêu cầu bị lỗi. Ứng dụng nhận được lỗi thay cho mã.",
    en: "You refused, or the request was wrong. The app got an error instead of a code.",
  },
  logHint: { vi: "Xem các lần gọi này trong nhật ký yêu cầu", en: "See these calls in the request log" },
} satisfies Catalogue
