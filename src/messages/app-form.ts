import type { Catalogue } from "./catalogue.ts"

/** The form that registers or changes an app. contract/oauth.md §3, §4, §15. */
export const appFormMessages = {
  basics: { vi: "Thông tin cơ bản", en: "About the app" },
  name: { vi: "Tên ứng dụng", en: "Name" },
  nameHint: {
    vi: "Khách hàng thấy tên này khi được hỏi cấp quyền. Từ 3 đến 100 ký tự.",
    en: "Merchants see it when they are asked for access. 3 to 100 characters.",
  },
  description: { vi: "Mô tả (không bắt buộc)", en: "Description (optional)" },
  descriptionHint: {
    vi: "Ứng dụng làm gì và cần dữ liệu để làm gì. Chỉ người duyệt đọc phần này.",
    en: "What the app does and what it needs the data for. Only the operator reads this.",
  },
  website: { vi: "Trang web", en: "Website" },
  websiteHint: {
    vi: "Địa chỉ https. Chưa bắt buộc khi chạy thử, nhưng cần có để gửi duyệt.",
    en: "An https address. Not needed for trying out, but for the review.",
  },
  logoUrl: { vi: "Địa chỉ logo (không bắt buộc)", en: "Address of the logo (optional)" },
  logoUrlHint: {
    vi: "Ảnh PNG, JPEG hoặc WebP, tối đa 256 KiB. Chúng tôi tải ảnh một lần khi bạn lưu. Muốn thay ảnh ở cùng địa chỉ, hãy thêm ?v=2 vào cuối.",
    en: "A PNG, JPEG or WebP of at most 256 KiB. We fetch it once, when you save. To replace it at the same address, add ?v=2 to the end.",
  },
  redirects: { vi: "Redirect URI", en: "Redirect URIs" },
  redirectUris: { vi: "Các redirect URI, mỗi dòng một URI", en: "Redirect URIs, one a line" },
  redirectUrisHint: {
    vi: "Sau khi đồng ý hoặc từ chối, khách hàng được đưa về một trong các địa chỉ này. Tối đa 10. Chưa có máy chủ? Ghi http://localhost:8080/callback để chạy thử trên máy bạn.",
    en: "Where merchants come back to after they allow or refuse. 10 at most. No server yet? Enter http://localhost:8080/callback to try it on your own machine.",
  },
  redirectUrisProblem: {
    vi: "Các dòng sau chưa dùng được:",
    en: "These lines cannot be used:",
  },
  exactTitle: { vi: "Vì sao phải trùng từng ký tự?", en: "Why must it match character by character?" },
  exact: {
    vi: "redirect_uri mà ứng dụng gửi phải trùng từng ký tự với một dòng ở đây, kể cả chữ hoa, dấu / cuối và query. Chỉ cổng của http://localhost, http://127.0.0.1 và http://[::1] được khác. Nhờ vậy mã cấp quyền không thể bị chuyển sang nơi khác.",
    en: "The redirect_uri that your app sends must equal one of these lines character by character: capitals, a / at the end and the query included. Only the port of http://localhost, http://127.0.0.1 and http://[::1] may differ. So a code cannot be led astray.",
  },
  exactRegistered: { vi: "Đã đăng ký", en: "Registered" },
  exactSent: { vi: "Ứng dụng gửi", en: "Your app sends" },
  exactResult: { vi: "Kết quả", en: "Result" },
  exactAccepted: { vi: "Được nhận", en: "Accepted" },
  exactSlash: { vi: "Bị từ chối: thừa dấu / ở cuối", en: "Refused: a / too many at the end" },
  exactCase: { vi: "Bị từ chối: chữ hoa khác chữ thường", en: "Refused: a capital letter" },
  exactQuery: { vi: "Bị từ chối: query khác", en: "Refused: another query" },
  exactPort: { vi: "Được nhận: cổng của localhost được khác", en: "Accepted: the port of localhost may differ" },
  scopes: { vi: "Quyền", en: "Permissions" },
  scopesHint: {
    vi: "Chỉ xin những gì ứng dụng thật sự cần: xin càng ít, khách hàng càng dễ đồng ý. Quyền bắt buộc không thể bỏ chọn khi cấp quyền; quyền tùy chọn thì có thể.",
    en: "Ask only for what the app needs: the less it asks, the more readily merchants agree. A required permission cannot be unticked when access is given; an optional one can.",
  },
  scopeSeen: { vi: "Khách hàng sẽ đọc", en: "Merchants will read" },
  off: { vi: "Không xin", en: "Off" },
  required: { vi: "Bắt buộc", en: "Required" },
  optional: { vi: "Tùy chọn", en: "Optional" },
  security: { vi: "Bảo mật", en: "Security" },
  securityHint: {
    vi: "Chưa chắc? Cứ giữ như đang chọn: hợp với mọi ứng dụng web có máy chủ.",
    en: "Not sure? Leave it as it is: it suits any web app with a server.",
  },
  profile: { vi: "Cấu hình bảo mật", en: "Security profile" },
  profileSepay: { vi: "sepay: tương thích SePay OAuth2", en: "sepay: compatible with SePay OAuth2" },
  profileSepayNote: {
    vi: "Cho ứng dụng web có máy chủ, kể cả ứng dụng đã viết cho SePay. Luôn có client_secret; PKCE nên dùng nhưng không bắt buộc.",
    en: "For web apps with a server, also those written for SePay before. Always with a client_secret; PKCE is welcome, not required.",
  },
  profileOauth21: { vi: "oauth21: theo OAuth 2.1", en: "oauth21: by OAuth 2.1" },
  profileOauth21Note: {
    vi: "Bắt buộc PKCE S256. Dùng được cho ứng dụng di động hoặc chạy trong trình duyệt (không có client_secret, redirect URI với giao thức riêng). Mỗi lần kết nối kéo dài tối đa 365 ngày.",
    en: "PKCE S256 is required. Also for mobile and browser apps (no client_secret, redirect URIs with a scheme of their own). A connection lasts 365 days at most.",
  },
  profileFapi2: { vi: "fapi2: chưa có", en: "fapi2: not available yet" },
  profileFapi2Note: {
    vi: "Mức cao nhất, dành cho tổ chức tài chính. Sẽ có trong một phiên bản sau.",
    en: "The strictest, for financial institutions. It comes with a later version.",
  },
  clientType: { vi: "Loại ứng dụng", en: "Type of app" },
  confidential: { vi: "Có máy chủ (confidential)", en: "With a server (confidential)" },
  confidentialNote: {
    vi: "Máy chủ của bạn giữ client_secret, người dùng không thấy được.",
    en: "Your server keeps the client_secret, where users cannot see it.",
  },
  public: { vi: "Không có máy chủ (public)", en: "Without a server (public)" },
  publicNote: {
    vi: "Ứng dụng di động, máy tính hoặc trình duyệt. Không có client_secret. Cần cấu hình oauth21.",
    en: "A mobile, desktop or browser app. No client_secret. Needs the profile oauth21.",
  },
  legacy: { vi: "Mã lỗi 401 kiểu cũ", en: "Legacy 401 errors" },
  legacyNote: {
    vi: "Chỉ cho ứng dụng viết cho phiên bản SePay đầu tiên: mọi lỗi token có cùng một mã. Chỉ có trong cấu hình sepay.",
    en: "Only for apps written for SePay's first version: every token error has the same code. Profile sepay only.",
  },
  problems: {
    vi: "Chưa lưu được. Hãy xem các mục được đánh dấu bên dưới.",
    en: "Not saved yet. Please look at the marked fields below.",
  },
  register: { vi: "Đăng ký ứng dụng", en: "Register the app" },
  save: { vi: "Lưu thay đổi", en: "Save changes" },
  cancel: { vi: "Hủy", en: "Cancel" },
} satisfies Catalogue
