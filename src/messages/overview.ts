import { type Catalogue, phrase } from "./catalogue.ts"

/** The start page of whoever is signed in. */
export const overviewMessages = {
  greeting: phrase<string>(
    (name) => `Xin chào, ${name}`,
    (name) => `Hello, ${name}`,
  ),
  todayTitle: { vi: "Hôm nay", en: "Today" },
  todayIn: { vi: "Tiền vào hôm nay", en: "Money in today" },
  todayOut: { vi: "Tiền ra hôm nay", en: "Money out today" },
  count: phrase<number>(
    (count) => `${new Intl.NumberFormat("vi").format(count)} giao dịch`,
    (count) => `${new Intl.NumberFormat("en").format(count)} ${count === 1 ? "transaction" : "transactions"}`,
  ),
  accountsTitle: { vi: "Tài khoản ngân hàng", en: "Bank accounts" },
  noAccounts: {
    vi: "Chưa có tài khoản nào. Hãy liên kết tài khoản ngân hàng để giao dịch xuất hiện ở đây.",
    en: "No accounts yet. Link a bank account, and its transactions appear here.",
  },
  linkAccount: { vi: "Liên kết tài khoản", en: "Link an account" },
  maySeeNoAccounts: {
    vi: "Vai trò của bạn không xem được tài khoản ngân hàng. Hãy hỏi người quản trị của công ty.",
    en: "Your role does not let you see bank accounts. Ask an administrator of your company.",
  },
  balance: { vi: "Số dư", en: "Balance" },
  balanceUnknown: { vi: "Chưa biết số dư", en: "Balance not known yet" },
  lastChange: { vi: "cập nhật", en: "as of" },
  transactions: { vi: "Giao dịch", en: "Transactions" },
  closedBadge: { vi: "Tạm dừng", en: "Paused" },
  turnoverTitle: { vi: "Tiền vào và ra trong 30 ngày", en: "Money in and out over 30 days" },
  turnoverTable: { vi: "Xem số liệu từng ngày", en: "See the figures of each day" },
  day: { vi: "Ngày", en: "Day" },
  moneyIn: { vi: "Tiền vào", en: "In" },
  moneyOut: { vi: "Tiền ra", en: "Out" },
  latestTitle: { vi: "Giao dịch mới nhất", en: "Latest transactions" },
  noneYet: { vi: "Chưa có giao dịch nào.", en: "No transactions yet." },
  seeAll: { vi: "Xem tất cả", en: "See all" },
  liveOn: { vi: "Trực tiếp", en: "Live" },
  liveOff: { vi: "Tạm dừng", en: "Paused" },
  arrivedOne: { vi: "1 giao dịch mới", en: "1 new transaction" },
  arrivedMany: { vi: "{n} giao dịch mới", en: "{n} new transactions" },
  failingTitle: { vi: "Webhook gửi không thành công", en: "Webhooks that fail" },
  failed: phrase<{ readonly count: number; readonly most: number }>(
    ({ count, most }) => `${count < most ? count : `Ít nhất ${most}`} lần gửi không thành công trong 24 giờ qua`,
    ({ count, most }) =>
      `${count < most ? count : `${most} or more`} ${count === 1 ? "delivery" : "deliveries"} failed in the last 24 hours`,
  ),
  waiting: phrase<{ readonly count: number; readonly most: number }>(
    ({ count, most }) => `${count < most ? count : `Ít nhất ${most}`} giao dịch đang chờ gửi lại`,
    ({ count, most }) => `${count < most ? count : `${most} or more`} waiting for another try`,
  ),
  latestFailure: { vi: "gần nhất", en: "latest" },
  allDelivered: {
    vi: "Mọi webhook đều nhận được giao dịch trong 24 giờ qua.",
    en: "Every webhook got its transactions in the last 24 hours.",
  },
  noWebhooks: { vi: "Chưa có webhook nào.", en: "No webhooks yet." },
  webhooksTitle: { vi: "Webhook", en: "Webhooks" },
  apps: { vi: "Ứng dụng của tôi", en: "My applications" },
  appsNote: {
    vi: "Đăng ký ứng dụng, chạy thử và lấy mã mẫu để gọi API",
    en: "Register an app, try it, and get sample code for the API",
  },
  reviewsWait: phrase<number>(
    (count) => `${count} ứng dụng đang chờ bạn duyệt.`,
    (count) => (count === 1 ? "1 app waits for your review." : `${count} apps wait for your review.`),
  ),
  reviewsOpen: { vi: "Mở danh sách", en: "Open the list" },
  connectedApps: { vi: "Ứng dụng đã kết nối", en: "Connected apps" },
  connectedAppsCount: phrase<number>(
    (count) => (count === 0 ? "Chưa có ứng dụng nào" : `${count} ứng dụng được phép truy cập`),
    (count) => (count === 0 ? "No apps yet" : count === 1 ? "1 app has access" : `${count} apps have access`),
  ),
  apiReference: { vi: "Tài liệu API", en: "API reference" },
  apiReferenceNote: { vi: "Mọi yêu cầu và câu trả lời của API v1", en: "Every request and answer of API v1" },
} satisfies Catalogue
