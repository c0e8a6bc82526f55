import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The home page, signed out and signed in. */
export const homeMessages = {
  welcomeTitle: {
    vi: "Cho phần mềm xem giao dịch ngân hàng, mà vẫn giữ quyền trong tay bạn",
    en: "Let software see your bank transactions, and stay in charge",
  },
  welcomeLead: {
    vi: "SePay OAuth2 đưa giao dịch của tài khoản ngân hàng Việt Nam đến phần mềm bán hàng, kế toán hay ERP mà bạn cho phép. Bạn chọn ứng dụng, quyền và tài khoản.",
    en: "SePay OAuth2 brings the transactions of Vietnamese bank accounts to the shop, accounting or ERP software you allow. You choose the app, the permissions and the accounts.",
  },
  pointChoiceTitle: { vi: "Bạn chọn từng quyền", en: "You choose each permission" },
  pointChoice: {
    vi: "Mỗi ứng dụng chỉ thấy những quyền và tài khoản bạn đã chọn.",
    en: "An app sees only the permissions and accounts you ticked.",
  },
  pointRevokeTitle: { vi: "Thu hồi ngay lập tức", en: "Take it back at once" },
  pointRevoke: {
    vi: "Thu hồi quyền của một ứng dụng mà không phải đổi mật khẩu.",
    en: "End an app's access without changing a password.",
  },
  pointReadTitle: { vi: "Không thể chuyển tiền", en: "No one can move money" },
  pointRead: {
    vi: "Ứng dụng chỉ đọc giao dịch. Không có lệnh chuyển tiền nào trong hệ thống này.",
    en: "Apps read transactions. There is no way to pay anyone in this system.",
  },
  signIn: { vi: "Đăng nhập", en: "Sign in" },
  signUp: { vi: "Tạo tài khoản", en: "Create an account" },
  developersTitle: { vi: "Bạn viết phần mềm?", en: "You write software?" },
  developers: {
    vi: "Tạo tài khoản, vào “Ứng dụng của tôi” và đăng ký ứng dụng. Bạn chạy thử được ngay với tài khoản của mình, chưa cần ai duyệt.",
    en: "Create an account, open “My applications” and register your app. You can try it at once with your own account, before any review.",
  },
  apiReference: { vi: "Xem tài liệu API", en: "See the API reference" },
} satisfies Catalogue

/** The addresses that requests of the platform come from. */
export const egressMessages = {
  title: { vi: "Địa chỉ IP gửi webhook", en: "Addresses that webhooks come from" },
  lead: {
    vi: "Nếu máy chủ của bạn có tường lửa, hãy cho phép các địa chỉ này.",
    en: "If there is a firewall before your server, let these addresses in.",
  },
  none: {
    vi: "Người vận hành chưa công bố địa chỉ nào. Hãy xác thực webhook bằng chữ ký thay vì địa chỉ.",
    en: "The operator has listed no addresses. Verify webhooks by their signature instead.",
  },
  asJson: { vi: "Danh sách dạng JSON", en: "The list as JSON" },
} satisfies Catalogue

/** The API reference around the document's own (English) text. */
export const apiReferenceMessages = {
  title: { vi: "Tài liệu API", en: "API reference" },
  contents: { vi: "Nội dung", en: "Contents" },
  version: { vi: "Phiên bản", en: "Version" },
  baseUrl: { vi: "Địa chỉ gốc", en: "Base URL" },
  download: { vi: "Tài liệu OpenAPI 3.1 (JSON)", en: "OpenAPI 3.1 document (JSON)" },
  deprecated: { vi: "Sắp bỏ", en: "Deprecated" },
  scope: { vi: "Scope", en: "Scope" },
  permission: { vi: "Quyền của người dùng", en: "User's permission" },
  role: { vi: "Vai trò của người dùng", en: "User's role" },
  parameters: { vi: "Tham số", en: "Parameters" },
  inPath: { vi: "trong đường dẫn", en: "in the path" },
  inQuery: { vi: "trong query", en: "in the query" },
  inHeader: { vi: "trong header", en: "in a header" },
  inCookie: { vi: "trong cookie", en: "in a cookie" },
  requestBody: { vi: "Nội dung gửi lên", en: "Request body" },
  response: phrase<string>(
    (status) => `Trả lời ${status}`,
    (status) => `Answer ${status}`,
  ),
  otherAnswers: { vi: "Các trả lời khác", en: "Other answers" },
  field: { vi: "Trường", en: "Field" },
  meaning: { vi: "Ý nghĩa", en: "Meaning" },
  required: { vi: "bắt buộc", en: "required" },
  mayBeAbsent: { vi: "có thể không có", en: "may be absent" },
  oneOf: { vi: "Một trong", en: "One of" },
  always: { vi: "Luôn là", en: "Always" },
  atLeast: { vi: "Ít nhất", en: "At least" },
  atMost: { vi: "Nhiều nhất", en: "At most" },
  pattern: { vi: "Theo mẫu", en: "Matches" },
  byDefault: { vi: "Mặc định", en: "By default" },
  example: { vi: "Ví dụ", en: "Example" },
  sample: { vi: "Gọi thử bằng curl", en: "Call it with curl" },
  noBody: { vi: "Không có nội dung.", en: "No content." },
  errors: { vi: "Lỗi", en: "Errors" },
  errorsNote: {
    vi: "Mọi trả lời lỗi có cùng một dạng JSON; error là mã để chương trình đọc, message là câu để người đọc.",
    en: "Every error has the same JSON form; error is the code for programs, message the sentence for people.",
  },
  empty: { vi: "Tài liệu chưa có mục nào.", en: "The document has no operations." },
} satisfies Catalogue
