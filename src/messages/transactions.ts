import { type Catalogue, phrase } from "./catalogue.ts"

const number = { vi: new Intl.NumberFormat("vi"), en: new Intl.NumberFormat("en") } as const

/** The transactions of a company: list, filters and export. */
export const transactionsMessages = {
  title: { vi: "Giao dịch", en: "Transactions" },
  lead: {
    vi: "Mọi khoản tiền vào và ra của các tài khoản ngân hàng đã liên kết.",
    en: "Every movement of money on the linked bank accounts.",
  },
  modes: { vi: "Môi trường", en: "Environment" },
  live: { vi: "Thật", en: "Live" },
  test: { vi: "Thử nghiệm", en: "Test" },
  filters: { vi: "Bộ lọc", en: "Filters" },
  search: { vi: "Tìm kiếm", en: "Search" },
  searchHint: {
    vi: "Nội dung, mã tham chiếu hoặc mã thanh toán; gõ không dấu cũng được, mỗi từ có thể viết phần đầu.",
    en: "Memo, reference or payment code; accents don't matter, and the beginning of each word is enough.",
  },
  account: { vi: "Tài khoản", en: "Account" },
  everyAccount: { vi: "Tất cả tài khoản", en: "All accounts" },
  direction: { vi: "Chiều tiền", en: "Direction" },
  bothDirections: { vi: "Tiền vào và ra", en: "In and out" },
  moneyIn: { vi: "Tiền vào", en: "Money in" },
  moneyOut: { vi: "Tiền ra", en: "Money out" },
  fromDate: { vi: "Từ ngày", en: "From" },
  toDate: { vi: "Đến ngày", en: "To" },
  amountFrom: { vi: "Số tiền từ", en: "Amount from" },
  amountTo: { vi: "Số tiền đến", en: "Amount to" },
  reference: { vi: "Mã tham chiếu", en: "Reference" },
  code: { vi: "Mã thanh toán", en: "Payment code" },
  subAccount: { vi: "Tài khoản ảo", en: "Virtual account" },
  moreFilters: { vi: "Thêm bộ lọc", en: "More filters" },
  apply: { vi: "Lọc", en: "Filter" },
  clear: { vi: "Xóa bộ lọc", en: "Clear filters" },
  badDay: { vi: "Hãy nhập ngày có thật, dạng 2026-07-04.", en: "Give a real day, such as 2026-07-04." },
  daysReversed: { vi: "Ngày kết thúc phải từ ngày bắt đầu trở đi.", en: "The last day cannot come before the first." },
  amountsReversed: {
    vi: "Số tiền tối đa không được nhỏ hơn số tiền tối thiểu.",
    en: "The largest amount cannot be below the smallest.",
  },
  badAmount: { vi: "Hãy nhập số đồng nguyên, ví dụ 350.000.", en: "Give whole đồng, such as 350,000." },
  badText: { vi: "Tối đa 200 ký tự.", en: "At most 200 characters." },
  unsearchable: {
    vi: "Hãy nhập ít nhất một chữ cái hoặc chữ số.",
    en: "Give at least one letter or digit.",
  },
  exportCsv: { vi: "Tải CSV", en: "Download CSV" },
  total: phrase<number>(
    (count) => `${number.vi.format(count)} giao dịch`,
    (count) => `${number.en.format(count)} ${count === 1 ? "transaction" : "transactions"}`,
  ),
  shown: phrase<{ readonly count: number; readonly more: boolean }>(
    ({ count, more }) => `${more ? "Hơn " : ""}${number.vi.format(count)} giao dịch`,
    ({ count, more }) =>
      `${more ? "More than " : ""}${number.en.format(count)} ${count === 1 && !more ? "transaction" : "transactions"}`,
  ),
  newest: { vi: "Mới nhất", en: "Newest" },
  older: { vi: "Cũ hơn", en: "Older" },
  newer: { vi: "Mới hơn", en: "Newer" },
  oldest: { vi: "Cũ nhất", en: "Oldest" },
  lookFurther: { vi: "Tìm tiếp trong giao dịch cũ hơn", en: "Look further back" },
  pages: { vi: "Các trang", en: "Pages" },
  pageOf: phrase<{ readonly page: number; readonly last: number }>(
    ({ page, last }) => `Trang ${number.vi.format(page)} trên ${number.vi.format(last)}`,
    ({ page, last }) => `Page ${number.en.format(page)} of ${number.en.format(last)}`,
  ),
  isBehind: {
    vi: "Nhiều giao dịch vừa được nhập và đang được lập chỉ mục. Vài phút nữa kết quả tìm kiếm sẽ đầy đủ.",
    en: "Many transactions were just imported and are being indexed. In a few minutes a search will find all of them.",
  },
  noneTitle: { vi: "Chưa có giao dịch nào", en: "No transactions yet" },
  none: {
    vi: "Khi ngân hàng báo có tiền vào hoặc ra, giao dịch sẽ xuất hiện ở đây. Bạn cũng có thể nhập sao kê của tài khoản.",
    en: "When the bank reports money in or out, it appears here. You can also import a statement of an account.",
  },
  toAccounts: { vi: "Đến tài khoản ngân hàng", en: "Go to bank accounts" },
  noMatchTitle: { vi: "Không có giao dịch nào phù hợp", en: "No transaction matches" },
  noMatch: {
    vi: "Hãy nới bộ lọc, ví dụ chọn khoảng ngày rộng hơn hoặc tất cả tài khoản.",
    en: "Widen the filters: a longer range of days, or all accounts.",
  },
  noMatchHere: {
    vi: "Trong các giao dịch vừa xem không có giao dịch nào phù hợp.",
    en: "None of the transactions looked through so far matches.",
  },
  noMemo: { vi: "(không có nội dung)", en: "(no memo)" },
  list: { vi: "Danh sách giao dịch, mới nhất trước", en: "Transactions, newest first" },
  exportBusyTitle: { vi: "Bạn đang tải một tệp khác", en: "You are downloading another file" },
  exportBusy: {
    vi: "Mỗi lần chỉ tải được một tệp CSV. Hãy đợi tệp trước tải xong rồi thử lại.",
    en: "One CSV file at a time. Wait until the other one is complete, then try again.",
  },
} satisfies Catalogue

/** The columns of the exported file. */
export const csvMessages = {
  id: { vi: "Mã giao dịch", en: "Transaction id" },
  time: { vi: "Thời gian (giờ Việt Nam)", en: "Time (Vietnam)" },
  bank: { vi: "Ngân hàng", en: "Bank" },
  account: { vi: "Số tài khoản", en: "Account number" },
  subAccount: { vi: "Tài khoản ảo", en: "Virtual account" },
  amountIn: { vi: "Tiền vào", en: "Money in" },
  amountOut: { vi: "Tiền ra", en: "Money out" },
  balance: { vi: "Số dư sau giao dịch", en: "Balance after" },
  memo: { vi: "Nội dung", en: "Memo" },
  code: { vi: "Mã thanh toán", en: "Payment code" },
  reference: { vi: "Mã tham chiếu", en: "Reference" },
  fileName: { vi: "giao-dich", en: "transactions" },
} satisfies Catalogue

/** One transaction with all that is known of it. */
export const transactionMessages = {
  title: phrase<number>(
    (id) => `Giao dịch ${id}`,
    (id) => `Transaction ${id}`,
  ),
  removed: {
    vi: "Ngân hàng đã rút lại giao dịch này. Nó không còn trong danh sách và tổng số, nhưng vẫn xem được ở đây.",
    en: "The bank has withdrawn this transaction. It is in no list or sum any more, and can still be read here.",
  },
  detailsTitle: { vi: "Chi tiết", en: "Details" },
  time: { vi: "Thời gian", en: "Time" },
  dayOnly: { vi: "ngân hàng chỉ cho biết ngày", en: "the bank gave the day alone" },
  account: { vi: "Tài khoản", en: "Account" },
  subAccount: { vi: "Tài khoản ảo", en: "Virtual account" },
  memo: { vi: "Nội dung", en: "Memo" },
  description: { vi: "Diễn giải của ngân hàng", en: "The bank's description" },
  reference: { vi: "Mã tham chiếu", en: "Reference" },
  code: { vi: "Mã thanh toán", en: "Payment code" },
  balanceAfter: { vi: "Số dư sau giao dịch", en: "Balance after" },
  reported: { vi: "do ngân hàng cho biết", en: "as the bank gave it" },
  derived: { vi: "suy ra từ số dư của sao kê", en: "worked out from the statement's balances" },
  computed: { vi: "do hệ thống cộng dồn", en: "added up by us" },
  kind: { vi: "Loại", en: "Kind" },
  kindNormal: { vi: "Giao dịch thường", en: "Ordinary" },
  kindReversal: { vi: "Hoàn giao dịch", en: "Reversal" },
  reverses: phrase<number>(
    (id) => `hoàn giao dịch ${id}`,
    (id) => `of transaction ${id}`,
  ),
  environment: { vi: "Môi trường", en: "Environment" },
  recordedAt: { vi: "Được ghi nhận lúc", en: "Recorded at" },
  uuid: { vi: "UUID", en: "UUID" },
  none: { vi: "Không có", en: "None" },
  back: { vi: "Về danh sách giao dịch", en: "Back to transactions" },
  revisionsTitle: { vi: "Các lần sửa", en: "Revisions" },
  field: { vi: "Trường", en: "Field" },
  before: { vi: "Trước", en: "Before" },
  after: { vi: "Sau", en: "After" },
  revisedAt: { vi: "Lúc", en: "When" },
  precision: { vi: "Độ chính xác", en: "Precision" },
  second: { vi: "đến giây", en: "to the second" },
  day: { vi: "chỉ có ngày", en: "day alone" },
  listed: { vi: "Trong danh sách", en: "In lists" },
  yes: { vi: "Có", en: "Yes" },
  no: { vi: "Không", en: "No" },
  sourceTitle: { vi: "Nguồn gốc", en: "Where it came from" },
  sourceLead: {
    vi: "Bản gốc đúng như ngân hàng gửi. Mỗi lần mở được ghi vào nhật ký hoạt động.",
    en: "The original, exactly as the bank sent it. Opening it is noted in the audit log.",
  },
  openRaw: { vi: "Xem bản gốc", en: "See the original" },
  openRawOf: phrase<string>(
    (when) => `Xem bản gốc nhận lúc ${when}`,
    (when) => `See the original received at ${when}`,
  ),
  receivedAt: { vi: "Nhận lúc", en: "Received" },
  line: { vi: "Dòng", en: "Line" },
  rawTitle: phrase<number>(
    (id) => `Bản gốc của giao dịch ${id}`,
    (id) => `The original of transaction ${id}`,
  ),
  feed: { vi: "Nguồn dữ liệu", en: "Feed" },
  feedPush: { vi: "Ngân hàng gửi trực tiếp", en: "Pushed by the bank" },
  feedSimulator: { vi: "Mô phỏng", en: "Simulator" },
  feedStatement: { vi: "Nhập sao kê", en: "Imported statement" },
  feedKind: { vi: "Cách nhận", en: "How it came" },
  file: { vi: "Tệp", en: "File" },
  size: { vi: "Kích thước", en: "Size" },
  bytes: phrase<number>(
    (count) => `${number.vi.format(count)} byte`,
    (count) => `${number.en.format(count)} bytes`,
  ),
  sha256: { vi: "SHA-256", en: "SHA-256" },
  rawText: { vi: "Nội dung gốc", en: "The item" },
  rawLines: phrase<number>(
    (line) => `Nội dung của tệp từ dòng ${number.vi.format(line)}`,
    (line) => `The file from line ${number.en.format(line)} on`,
  ),
  rawCut: { vi: "Phần còn lại quá dài nên không hiển thị.", en: "The rest is too long to show." },
} satisfies Catalogue

/** Which webhooks heard of a transaction, and why others did not. */
export const explanationMessages = {
  title: { vi: "Webhook", en: "Webhooks" },
  lead: {
    vi: "Webhook nào đã nhận giao dịch này, và vì sao webhook khác không nhận.",
    en: "Which webhooks got this transaction, and why others did not.",
  },
  noWebhooks: {
    vi: "Công ty chưa có webhook nào trong môi trường này.",
    en: "The company has no webhook in this environment.",
  },
  addWebhook: { vi: "Thêm webhook", en: "Add a webhook" },
  log: { vi: "Xem nhật ký gửi", en: "See the delivery log" },
  logOf: phrase<string>(
    (name) => `Xem nhật ký gửi của ${name}`,
    (name) => `See the delivery log of ${name}`,
  ),
  stateDelivered: { vi: "Đã nhận", en: "Delivered" },
  stateWaiting: { vi: "Đang chờ gửi", en: "Waiting" },
  stateRetrying: { vi: "Sẽ gửi lại", en: "Will be tried again" },
  stateFailed: { vi: "Gửi không thành công", en: "Failed" },
  stateCancelled: { vi: "Đã hủy", en: "Cancelled" },
  stateNotSent: { vi: "Không gửi", en: "Not sent" },
  attempts: phrase<number>(
    (count) => `${count} lần gửi`,
    (count) => (count === 1 ? "1 attempt" : `${count} attempts`),
  ),
  nextTry: { vi: "lần tới lúc", en: "next at" },
  replayed: { vi: "gửi lại theo yêu cầu", en: "sent again by hand" },
  why: { vi: "Vì sao không được gửi?", en: "Why was this not sent?" },
  whySent: { vi: "Các điều kiện đã xét", en: "The conditions that were checked" },
  younger: {
    vi: "Webhook được tạo sau khi giao dịch được ghi nhận.",
    en: "The webhook was made after the transaction was recorded.",
  },
  whenRecorded: { vi: "Lúc ghi nhận", en: "When recorded" },
  asOfNow: { vi: "Bây giờ", en: "Now" },
  condition: { vi: "Điều kiện", en: "Condition" },
  passed: { vi: "Đạt", en: "Passes" },
  notPassed: { vi: "Không đạt", en: "Does not pass" },
  unknown: { vi: "–", en: "–" },
  wouldSendNow: {
    vi: "Với cấu hình hiện tại, giao dịch như thế này sẽ được gửi.",
    en: "As the webhook is set up now, a transaction like this would be sent.",
  },
} satisfies Catalogue

/** What each check of a webhook asks (contract/webhooks.md §6). */
export const checkMessages = {
  active: { vi: "Webhook đang bật", en: "The webhook is on" },
  notified: {
    vi: "Giao dịch được phép thông báo (không phải sao kê cũ nhập im lặng)",
    en: "The import tells webhooks of it",
  },
  account: { vi: "Tài khoản ngân hàng được chọn", en: "The bank account is chosen" },
  va: { vi: "Tài khoản ảo phù hợp", en: "The virtual account fits" },
  direction: { vi: "Chiều tiền được chọn", en: "The direction is chosen" },
  code: { vi: "Có mã thanh toán, nếu webhook yêu cầu", en: "It has a payment code, if the webhook wants one" },
  prefix: { vi: "Mã thanh toán có tiền tố phù hợp", en: "The payment code starts as wanted" },
} satisfies Catalogue

/** Why a transaction was not sent, as one sentence, by verdict. */
export const verdictMessages = {
  sent: { vi: "Giao dịch đạt mọi điều kiện nên đã được gửi.", en: "It passed every condition and was sent." },
  inactive: { vi: "Webhook đang tắt.", en: "The webhook was off." },
  import_silent: {
    vi: "Giao dịch đến từ sao kê được nhập mà không thông báo.",
    en: "It came from a statement that was imported without telling webhooks.",
  },
  account: {
    vi: "Webhook không nghe tài khoản ngân hàng này.",
    en: "The webhook does not listen to this bank account.",
  },
  va: {
    vi: "Tài khoản ảo của giao dịch không nằm trong lựa chọn của webhook.",
    en: "The transaction's virtual account is not among those the webhook wants.",
  },
  direction: {
    vi: "Webhook chỉ nghe chiều tiền còn lại.",
    en: "The webhook listens to money in the other direction only.",
  },
  no_code: {
    vi: "Webhook bỏ qua giao dịch không có mã thanh toán.",
    en: "The webhook skips transactions without a payment code.",
  },
  prefix: {
    vi: "Mã thanh toán không bắt đầu bằng tiền tố mà webhook chọn.",
    en: "The payment code does not start with a prefix the webhook wants.",
  },
} satisfies Catalogue
