import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The quick start of an app. */
export const quickStartMessages = {
  title: { vi: "Bắt đầu nhanh", en: "Quick start" },
  lead: phrase<string>(
    (app) => `Mã chạy được ngay cho ${app}, đã điền sẵn các giá trị của bạn.`,
    (app) => `Code that runs as it is for ${app}, with your own values filled in.`,
  ),
  valuesTitle: { vi: "Giá trị của ứng dụng", en: "Your values" },
  baseUrl: { vi: "Địa chỉ máy chủ", en: "Base URL" },
  clientId: { vi: "client_id", en: "client_id" },
  redirectUri: { vi: "redirect_uri đầu tiên", en: "First redirect_uri" },
  scopes: { vi: "Quyền (scope)", en: "Scopes" },
  secret: { vi: "client_secret", en: "client_secret" },
  secretFromEnvironment: {
    vi: "mã bí mật hiện một lần khi đăng ký; mẫu đọc nó từ biến môi trường SEPAY_CLIENT_SECRET",
    en: "the secret that was shown once when you registered; the samples read it from the environment variable SEPAY_CLIENT_SECRET",
  },
  noSecret: {
    vi: "ứng dụng công khai không có mã bí mật; PKCE thay cho nó",
    en: "a public app has none; PKCE stands in for it",
  },
  makeSecret: { vi: "Chưa lưu? Tạo mã mới", en: "Not kept? Make a new one" },
  howTitle: { vi: "Cách chạy", en: "How to run it" },
  stepSave: {
    vi: "Chép một mẫu bên dưới vào tệp, rồi chạy bằng lệnh ghi ngay trên mẫu.",
    en: "Copy one of the samples below into a file and run it with the command above the sample.",
  },
  stepOpen: {
    vi: "Mở địa chỉ nó in ra trong trình duyệt này và đồng ý. Trang quay về có báo lỗi cũng không sao.",
    en: "Open the address it prints in this browser and approve. It does not matter if the page you come back to shows an error.",
  },
  stepPaste: {
    vi: "Chép toàn bộ địa chỉ trên thanh địa chỉ và dán vào chương trình đang chờ. Nó đổi mã, gọi API rồi làm mới token.",
    en: "Copy the whole address from the address bar and paste it into the program, which waits for it. It exchanges the code, calls the API, and refreshes.",
  },
  stepLog: {
    vi: "Nếu có gì bị từ chối, nhật ký yêu cầu cho biết lý do chính xác.",
    en: "If anything is refused, the request log says exactly why.",
  },
  toLog: { vi: "Nhật ký yêu cầu", en: "Request log" },
  toTry: { vi: "Chạy thử trong trình duyệt", en: "Try it in the browser" },
  draftNote: {
    vi: "Ứng dụng chưa được duyệt: chỉ người dùng của công ty bạn kết nối được. Như vậy là đủ để thử.",
    en: "The app is not approved yet: only users of your own company can connect. That is enough to try it.",
  },
  copySample: phrase<string>(
    (name) => `Sao chép mẫu ${name}`,
    (name) => `Copy the ${name} sample`,
  ),
  samples: { vi: "Mã mẫu", en: "Samples" },
  runBy: phrase<string>(
    (file) => `Lưu thành ${file} rồi chạy:`,
    (file) => `Save it as ${file} and run:`,
  ),
  shellNote: { vi: "Cần curl và openssl.", en: "Needs curl and openssl." },
  typescriptNote: { vi: "Cần Node 22.18 trở lên, không cần thư viện.", en: "Needs Node 22.18 or newer, no library." },
  phpNote: { vi: "Cần PHP 8, không cần phần mở rộng.", en: "Needs PHP 8, no extension." },
  pythonNote: { vi: "Cần Python 3, không cần thư viện.", en: "Needs Python 3, no library." },
  errorsTitle: { vi: "Đọc lỗi", en: "Reading errors" },
  errorsText: {
    vi: "Mọi câu trả lời lỗi là JSON với error và error_description, cùng header X-Request-Id. Ba trường hợp thường gặp:",
    en: "Every error is JSON with error and error_description, and has the header X-Request-Id. The three you will meet:",
  },
  errorExpired: {
    vi: "access token hết hạn: làm mới một lần rồi gọi lại",
    en: "the access token has expired: refresh once, then call again",
  },
  errorGrant: {
    vi: "mã hoặc refresh token không dùng được nữa: đưa người dùng qua /oauth/authorize",
    en: "the code or refresh token is no good any more: send the user through /oauth/authorize",
  },
  errorRate: {
    vi: "gọi quá nhanh: đợi số giây trong Retry-After",
    en: "too fast: wait for the seconds in Retry-After",
  },
} satisfies Catalogue
