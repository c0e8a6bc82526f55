import { type Catalogue, phrase } from "./catalogue.ts"

/** The form of a webhook: its steps and fields. */
export const webhookFormMessages = {
  newTitle: { vi: "Tạo webhook", en: "New webhook" },
  editTitle: { vi: "Sửa webhook", en: "Edit the webhook" },
  newLead: {
    vi: "Năm bước ngắn trên một trang. Mọi thứ đều sửa lại được sau này.",
    en: "Five short steps on one page. All of it can be changed later.",
  },
  liveMode: { vi: "Thật", en: "Live" },
  testMode: { vi: "Thử nghiệm", en: "Test" },
  modeLabel: { vi: "Webhook cho", en: "A webhook for" },
  step: phrase<number>(
    (number) => `Bước ${number}`,
    (number) => `Step ${number}`,
  ),
  what: { vi: "Gửi những gì?", en: "What should be sent?" },
  where: { vi: "Gửi đến đâu?", en: "Where should it go?" },
  how: { vi: "Gửi như thế nào?", en: "How should it be sent?" },
  retries: { vi: "Khi máy chủ của bạn gặp lỗi", en: "When your server has a problem" },
  naming: { vi: "Đặt tên", en: "Give it a name" },
  eventType: { vi: "Loại giao dịch", en: "Which transactions" },
  inOnly: { vi: "Tiền vào", en: "Money in" },
  inOnlyNote: {
    vi: "Khi khách chuyển tiền cho bạn. Hầu hết cửa hàng chọn mục này.",
    en: "When customers pay you. Most shops choose this.",
  },
  outOnly: { vi: "Tiền ra", en: "Money out" },
  outOnlyNote: {
    vi: "Khi tiền rời khỏi tài khoản của bạn. Một số ngân hàng không báo giao dịch ra.",
    en: "When money leaves your account. Some banks do not report it.",
  },
  both: { vi: "Cả tiền vào và tiền ra", en: "Money in and out" },
  covers: { vi: "Tài khoản", en: "Accounts" },
  coversAll: { vi: "Tất cả tài khoản", en: "All accounts" },
  coversAllNote: { vi: "Kể cả tài khoản bạn liên kết sau này.", en: "Also those that you link later." },
  coversChosen: { vi: "Chỉ những tài khoản tôi chọn", en: "Only accounts that I choose" },
  coversHidden: {
    vi: "Vai trò của bạn chưa được xem tài khoản ngân hàng, nên không thể chọn từng tài khoản.",
    en: "Your role does not let you see bank accounts, so you cannot choose single ones.",
  },
  keepsAccounts: phrase<number>(
    (count) => `Giữ ${count} tài khoản đã chọn`,
    (count) => (count === 1 ? "Keep the account that is chosen" : `Keep the ${count} accounts that are chosen`),
  ),
  noAccounts: {
    vi: "Công ty chưa liên kết tài khoản nào cho loại dữ liệu này. Bạn vẫn có thể chọn “Tất cả tài khoản”.",
    en: "Your company has linked no account for this kind of data yet. You can still choose “All accounts”.",
  },
  vaOf: phrase<string>(
    (account) => `Tài khoản ảo (VA) của ${account}`,
    (account) => `Virtual accounts (VAs) of ${account}`,
  ),
  vaAll: { vi: "Tài khoản ảo (VA)", en: "Virtual accounts (VAs)" },
  vaHint: {
    vi: "Tài khoản ảo là số tài khoản phụ hoặc mã TKP giúp biết tiền đến từ cửa hàng, khách nào.",
    en: "A virtual account is a sub-account number or a TKP code that tells which shop or customer the money is for.",
  },
  everything: { vi: "Mọi giao dịch, có hay không có VA", en: "Everything, with or without a VA" },
  accountOnly: { vi: "Chỉ giao dịch không qua VA", en: "Only what came without a VA" },
  vasOnly: { vi: "Chỉ giao dịch qua VA", en: "Only what came by a VA" },
  listedOnly: { vi: "Chỉ qua những VA được chọn", en: "Only by the VAs that are chosen" },
  accountAndListed: {
    vi: "Không qua VA, hoặc qua những VA được chọn",
    en: "Without a VA, or by those that are chosen",
  },
  keepList: { vi: "Giữ danh sách VA đã đặt", en: "Keep the list of VAs as it is" },
  chosenVas: { vi: "VA được chọn", en: "Chosen VAs" },
  vaNumbers: phrase<string>(
    (account) => `Số VA được chọn của ${account}`,
    (account) => `Chosen VA numbers of ${account}`,
  ),
  vaNumbersHint: { vi: "Mỗi dòng một số.", en: "One number a line." },
  closed: { vi: "đang tạm dừng", en: "paused" },
  skipIfNoCode: { vi: "Chỉ gửi khi nội dung có mã thanh toán", en: "Only when the memo has a payment code" },
  skipIfNoCodeNote: {
    vi: "Bỏ qua giao dịch mà chúng tôi không tìm thấy mã đơn hàng, ví dụ DH100245.",
    en: "Leaves out transactions in which we find no order code, such as DH100245.",
  },
  prefixFilters: { vi: "Chỉ mã bắt đầu bằng (không bắt buộc)", en: "Only codes that start with (optional)" },
  prefixFiltersHint: {
    vi: "Ví dụ: DH, HD. Cách nhau bằng dấu phẩy, phân biệt chữ hoa và chữ thường. Để trống: mọi mã.",
    en: "For example: DH, HD. Separated by commas; capital and small letters differ. Empty: any code.",
  },
  verify: { vi: "Dùng để xác nhận thanh toán", en: "Confirms payments" },
  verifyNote: {
    vi: "Chỉ để ghi nhớ rằng webhook này báo đơn hàng đã trả tiền; không đổi những gì được gửi.",
    en: "Only a note that this webhook marks orders as paid; it changes nothing of what is sent.",
  },
  url: { vi: "Địa chỉ nhận (URL)", en: "Address of your server (URL)" },
  urlHintLive: {
    vi: "Bắt đầu bằng https:// và truy cập được từ Internet, ví dụ https://cuahang.vn/webhook/sepay.",
    en: "Starts with https:// and can be reached from the Internet, such as https://shop.example/webhook/sepay.",
  },
  urlHintTest: {
    vi: "Với dữ liệu thử nghiệm có thể dùng http:// và chứng chỉ tự ký. Địa chỉ vẫn phải truy cập được từ Internet.",
    en: "For test data http:// and self-signed certificates will do. The address must still be reachable from the Internet.",
  },
  urlAnswer: {
    vi: 'Máy chủ cần trả lời trong 30 giây với mã 200 hoặc 201 và nội dung {"success": true}. Nên lưu lại rồi trả lời ngay, xử lý sau.',
    en: 'Your server must answer within 30 seconds with 200 or 201 and the body {"success": true}. Best store it, answer, and work afterwards.',
  },
  contentType: { vi: "Định dạng nội dung", en: "Format of the body" },
  jsonNote: {
    vi: "Nên dùng, trừ khi phần mềm của bạn đòi hỏi dạng khác.",
    en: "The right one, unless your software asks for another.",
  },
  formNote: {
    vi: "Như một biểu mẫu web gửi đi (application/x-www-form-urlencoded).",
    en: "Like a web form (application/x-www-form-urlencoded).",
  },
  multipartNote: {
    vi: "Như biểu mẫu có tệp đính kèm (multipart/form-data).",
    en: "Like a form with files (multipart/form-data).",
  },
  form: { vi: "Biểu mẫu", en: "Form" },
  multipart: { vi: "Biểu mẫu nhiều phần", en: "Multipart form" },
  authen: { vi: "Máy chủ của bạn nhận ra chúng tôi bằng cách nào?", en: "How does your server know that it is us?" },
  authNone: { vi: "Không xác thực", en: "No authentication" },
  authNoneNote: {
    vi: "Ai biết địa chỉ cũng có thể giả mạo thông báo. Chỉ nên dùng khi thử.",
    en: "Whoever knows the address can make up messages. For trials only.",
  },
  authHmac: { vi: "Chữ ký HMAC (nên dùng)", en: "HMAC signature (recommended)" },
  authHmacNote: {
    vi: "Mỗi thông báo được ký bằng khóa bí mật, không ai sửa hay giả mạo được. Hợp chuẩn Standard Webhooks.",
    en: "Every message is signed with a secret, so nobody can change or fake it. Follows Standard Webhooks.",
  },
  authKey: { vi: "API key", en: "API key" },
  authKeyNote: {
    vi: "Một mật khẩu chung trong dòng Authorization: Apikey …",
    en: "A shared password in the line Authorization: Apikey …",
  },
  authOauth: { vi: "OAuth 2.0", en: "OAuth 2.0" },
  authOauthNote: {
    vi: "Chúng tôi lấy access token từ máy chủ của bạn rồi mới gọi.",
    en: "We fetch an access token from your server before we call.",
  },
  apiKey: { vi: "API key", en: "API key" },
  secretKey: { vi: "Khóa bí mật", en: "Secret" },
  generateHint: {
    vi: "Để trống, chúng tôi sẽ tạo một khóa mạnh và cho bạn xem một lần.",
    en: "Left empty, we make a strong one and show it to you once.",
  },
  keepHint: phrase<string>(
    (masked) => `Đang dùng ${masked}. Để trống để giữ nguyên.`,
    (masked) => `In use: ${masked}. Leave it empty to keep it.`,
  ),
  replaceNote: {
    vi: "Nhập khóa mới sẽ thay khóa cũ ngay lập tức. Để đổi không gián đoạn, hãy dùng “Đổi khóa bí mật”.",
    en: "A new one replaces the old one at once. To change without a gap use “Roll the secret”.",
  },
  tokenUrl: { vi: "Địa chỉ lấy token", en: "Token address" },
  tokenUrlHint: {
    vi: "Địa chỉ https:// cấp access token bằng client credentials.",
    en: "The https:// address that gives tokens for client credentials.",
  },
  clientId: { vi: "Client ID", en: "Client ID" },
  clientSecret: { vi: "Client secret", en: "Client secret" },
  retryNon2xx: { vi: "Tự gửi lại khi lỗi", en: "Send again when it fails" },
  retryNon2xxNote: {
    vi: "Sau 1, 1, 2, 3, 5, 8 và 13 phút khi máy chủ không trả lời hoặc báo lỗi.",
    en: "After 1, 1, 2, 3, 5, 8 and 13 minutes, when your server does not answer or reports an error.",
  },
  wrongBody: {
    vi: 'Gửi lại cả khi trả lời 2xx nhưng thiếu {"success": true}',
    en: 'Also when a 2xx answer lacks {"success": true}',
  },
  wrongBodyNote: {
    vi: "Mặc định chúng tôi coi là máy chủ đã nhận nhưng trả lời sai, và không gửi lại.",
    en: "Otherwise we take it that your server got it but answered wrongly, and do not send it again.",
  },
  longTail: { vi: "Tiếp tục thử trong 3 ngày", en: "Keep trying for 3 days" },
  longTailNote: {
    vi: "Sau 8 lần đầu, thử thêm vài giờ một lần đến 72 giờ. Hữu ích nếu máy chủ có thể nghỉ qua đêm.",
    en: "After the first 8 times, every few hours for up to 72 hours. Good for a server that may be down overnight.",
  },
  gone: { vi: "Tự tắt khi máy chủ trả về 410", en: "Switch it off when the server answers 410" },
  goneNote: { vi: "Mã 410 nghĩa là địa chỉ đã bị bỏ hẳn.", en: "410 says that the address is gone for good." },
  name: { vi: "Tên webhook", en: "Name of the webhook" },
  nameHint: {
    vi: "Để bạn nhận ra trong danh sách, ví dụ: Website bán hàng.",
    en: "So that you recognise it in the list, such as: Online shop.",
  },
  active: { vi: "Bật ngay sau khi tạo", en: "Switch it on right away" },
  create: { vi: "Tạo webhook", en: "Create the webhook" },
  save: { vi: "Lưu thay đổi", en: "Save the changes" },
  cancel: { vi: "Hủy", en: "Cancel" },
  problems: phrase<number>(
    (count) => `Có ${count} chỗ cần sửa. Những gì bạn đã nhập vẫn được giữ, trừ khóa bí mật.`,
    (count) =>
      `${count === 1 ? "One thing needs" : `${count} things need`} to be mended. What you typed is kept, but for secrets.`,
  ),
  changedMeanwhile: {
    vi: "Webhook này vừa được người khác hoặc thẻ khác thay đổi. Những gì bạn nhập vẫn ở đây: hãy xem lại bản hiện tại, rồi lưu lần nữa nếu muốn ghi đè.",
    en: "This webhook was changed meanwhile, by somebody else or in another tab. What you typed is still here: look at how it is now, then save again to overwrite it.",
  },
  seeCurrent: { vi: "Xem bản hiện tại", en: "See how it is now" },
  incomplete: {
    vi: "Chưa bật được: hãy bổ sung thông tin xác thực còn thiếu ở Bước 3 rồi lưu và bật lại.",
    en: "It cannot be switched on yet: add the authentication that is missing in step 3, save, and switch it on again.",
  },
  doneCreated: { vi: "Đã tạo webhook.", en: "The webhook is made." },
} satisfies Catalogue

/** What is wrong with a field of the form. */
export const webhookProblemMessages = {
  required: { vi: "Cần điền mục này.", en: "This is needed." },
  choose: { vi: "Hãy chọn một mục.", en: "Choose one." },
  name: { vi: "Từ 1 đến 300 ký tự.", en: "1 to 300 characters." },
  urlLength: { vi: "Tối đa 300 ký tự, trên một dòng.", en: "At most 300 characters, on one line." },
  urlHttps: {
    vi: "Phải là địa chỉ đầy đủ bắt đầu bằng https://.",
    en: "Must be a whole address that starts with https://.",
  },
  urlHttp: {
    vi: "Phải là địa chỉ đầy đủ bắt đầu bằng https:// hoặc http://.",
    en: "Must be a whole address that starts with https:// or http://.",
  },
  urlSpaces: {
    vi: "Không được có khoảng trắng, ký tự điều khiển hay dấu \\.",
    en: "Must have no spaces, control characters or backslashes.",
  },
  urlFragment: { vi: "Không được có phần sau dấu #.", en: "Must have no part after #." },
  urlUser: {
    vi: "Không được có tên đăng nhập và mật khẩu trong địa chỉ; hãy dùng mục xác thực ở Bước 3.",
    en: "Must have no user name and password; use the authentication of step 3.",
  },
  urlZone: {
    vi: "Không được có mã vùng mạng (%…) trong địa chỉ IP.",
    en: "Must have no zone id (%…) in the IP address.",
  },
  urlEncode: {
    vi: "Phần sau tên miền phải viết không dấu hoặc mã hóa phần trăm (%C3%AA…).",
    en: "What follows the host name must be percent-encoded (%C3%AA…).",
  },
  urlPort: {
    vi: "Cổng phải là 80, 443 hoặc từ 1024 trở lên, trừ vài cổng dành riêng.",
    en: "The port must be 80, 443 or from 1024 on, but for a few reserved ones.",
  },
  urlHost: { vi: "Tên miền không hợp lệ.", en: "The host name is not valid." },
  urlPublicName: {
    vi: "Phải là tên miền công khai trên Internet. localhost và tên nội bộ không gọi được từ máy chủ của chúng tôi.",
    en: "Must be a public host name. localhost and internal names cannot be reached from our servers.",
  },
  urlPrivate: {
    vi: "Tên miền này dẫn đến một địa chỉ mạng nội bộ nên không được phép. Hãy dùng địa chỉ công khai.",
    en: "This leads to an address of a private network, which is not allowed. Use a public address.",
  },
  urlManyAddresses: { vi: "Tên miền này có quá nhiều địa chỉ IP.", en: "This host name has too many IP addresses." },
  url: { vi: "Địa chỉ này không dùng được.", en: "This address cannot be used." },
  prefixes: { vi: "Tối đa 50 tiền tố, mỗi tiền tố 1–20 ký tự.", en: "At most 50, each of 1 to 20 characters." },
  apiKey: { vi: "1–255 ký tự không dấu, không khoảng trắng.", en: "1 to 255 visible ASCII characters, no spaces." },
  secretKey: { vi: "8–255 ký tự không dấu, không khoảng trắng.", en: "8 to 255 visible ASCII characters, no spaces." },
  oauthText: { vi: "1–255 ký tự, trên một dòng.", en: "1 to 255 characters, on one line." },
  accounts: { vi: "Hãy chọn ít nhất một tài khoản, nhiều nhất 100.", en: "Choose at least one account, at most 100." },
  vas: {
    vi: "Hãy chọn ít nhất một VA, hoặc đổi mục VA của tài khoản này.",
    en: "Choose at least one VA, or change what this account sends.",
  },
  vaUnknown: phrase<string>(
    (number) => `Tài khoản này không có VA số ${number}.`,
    (number) => `This account has no VA ${number}.`,
  ),
  quota: {
    vi: "Công ty đã có số webhook tối đa cho loại dữ liệu này. Hãy xóa bớt webhook không dùng rồi thử lại.",
    en: "Your company has as many webhooks of this kind as it may have. Delete one that is not used and try again.",
  },
} satisfies Catalogue
