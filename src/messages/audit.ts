import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The audit log: its page, its filters, its file. */
export const auditMessages = {
  title: { vi: "Nhật ký hoạt động", en: "Audit log" },
  lead: {
    vi: "Ai đã làm gì trong công ty, khi nào và từ đâu. Nhật ký không sửa và không xóa được.",
    en: "Who did what in your company, when and from where. Entries cannot be changed or deleted.",
  },
  operatorTitle: { vi: "Nhật ký vận hành", en: "Operator audit log" },
  operatorLead: {
    vi: "Mọi hoạt động của mọi công ty, và những gì người vận hành đã làm.",
    en: "What was done in every company, and by operators.",
  },
  download: { vi: "Tải về (CSV)", en: "Download (CSV)" },
  filterTitle: { vi: "Lọc", en: "Filter" },
  who: { vi: "Người thực hiện", en: "Who" },
  everyone: { vi: "Tất cả", en: "Everyone" },
  anyApp: { vi: "Ứng dụng (qua API)", en: "Apps (by the API)" },
  anyUser: { vi: "Người dùng", en: "Users" },
  operator: { vi: "Đơn vị vận hành", en: "The operator" },
  system: { vi: "Hệ thống", en: "The system" },
  group: { vi: "Loại hoạt động", en: "About" },
  anyGroup: { vi: "Mọi loại", en: "Everything" },
  company: { vi: "Mã công ty", en: "Company id" },
  platform: { vi: "Nền tảng", en: "The platform" },
  from: { vi: "Từ ngày", en: "From" },
  to: { vi: "Đến hết ngày", en: "To" },
  apply: { vi: "Lọc", en: "Filter" },
  reset: { vi: "Bỏ lọc", en: "Clear" },
  badDay: { vi: "Hãy nhập ngày có thật, ví dụ 2026-06-01.", en: "Give a real day, such as 2026-06-01." },
  daysReversed: { vi: "Ngày kết thúc phải từ ngày bắt đầu trở đi.", en: "The last day cannot come before the first." },
  badCompany: { vi: "Mã công ty là một số.", en: "A company id is a number." },
  emptyTitle: { vi: "Chưa có hoạt động nào", en: "Nothing yet" },
  empty: {
    vi: "Đăng nhập, thay đổi cấu hình, cấp quyền cho ứng dụng… sẽ được ghi lại ở đây.",
    en: "Sign-ins, changes of settings, apps allowed and the like will be listed here.",
  },
  nothingFoundTitle: { vi: "Không có hoạt động nào khớp", en: "Nothing matches" },
  nothingFound: {
    vi: "Hãy bỏ bớt điều kiện lọc hoặc chọn khoảng ngày khác.",
    en: "Take away a filter or choose other days.",
  },
  older: { vi: "Cũ hơn", en: "Older" },
  newest: { vi: "Mới nhất", en: "Newest" },
  fromIp: phrase<string>(
    (ip) => `từ ${ip}`,
    (ip) => `from ${ip}`,
  ),
  app: phrase<string>(
    (name) => `Ứng dụng ${name}`,
    (name) => `The app ${name}`,
  ),
  userNumber: phrase<number>(
    (id) => `Người dùng số ${id}`,
    (id) => `User no. ${id}`,
  ),
  thing: phrase<string>(
    (name) => `“${name}”`,
    (name) => `“${name}”`,
  ),
  thingNumber: phrase<number>(
    (id) => `số ${id}`,
    (id) => `no. ${id}`,
  ),
  unknownAction: phrase<string>(
    (code) => `đã thực hiện ${code}`,
    (code) => `did ${code}`,
  ),
  becomes: { vi: "đổi thành", en: "changed to" },
  on: { vi: "Bật", en: "On" },
  off: { vi: "Tắt", en: "Off" },
  nothing: { vi: "(trống)", en: "(none)" },
  all: { vi: "Tất cả", en: "All" },
  csvTime: { vi: "Thời điểm (giờ Việt Nam)", en: "Time (Vietnam)" },
  csvWhat: { vi: "Đã làm gì", en: "What" },
  csvAction: { vi: "Mã hoạt động", en: "Action code" },
  csvChanges: { vi: "Chi tiết", en: "Details" },
  csvIp: { vi: "Địa chỉ IP", en: "IP address" },
} satisfies Catalogue

/** What actions are about, by the first word of their code. */
export const auditGroups = {
  audit: { vi: "Nhật ký", en: "The audit log" },
  bank_account: { vi: "Tài khoản ngân hàng", en: "Bank accounts" },
  client: { vi: "Ứng dụng của công ty", en: "The company's own apps" },
  company: { vi: "Công ty", en: "The company" },
  feed: { vi: "Nguồn dữ liệu", en: "Feeds" },
  gap: { vi: "Khoảng thiếu giao dịch", en: "Gaps" },
  grant: { vi: "Ứng dụng đã kết nối", en: "Connected apps" },
  invitation: { vi: "Lời mời", en: "Invitations" },
  payment_code: { vi: "Mã thanh toán", en: "Payment codes" },
  statement: { vi: "Sao kê", en: "Statements" },
  sub_account: { vi: "Tài khoản phụ (VA)", en: "Sub-accounts (VA)" },
  transaction: { vi: "Giao dịch", en: "Transactions" },
  user: { vi: "Người dùng và đăng nhập", en: "Users and sign-ins" },
  webhook: { vi: "Webhook", en: "Webhooks" },
} satisfies Catalogue

/** Names of the values that entries tell of; one that is missing here is shown as it is called in the log. */
export const auditFields = {
  accounts: { vi: "Tài khoản", en: "Accounts" },
  changed: { vi: "Đã đổi", en: "Changed" },
  email: { vi: "Email", en: "E-mail" },
  full_name: { vi: "Tên đầy đủ", en: "Full name" },
  label: { vi: "Tên gợi nhớ", en: "Label" },
  mode: { vi: "Loại dữ liệu", en: "Data" },
  payment_codes_on: { vi: "Nhận diện mã thanh toán", en: "Payment codes" },
  permissions: { vi: "Quyền", en: "Permissions" },
  reason: { vi: "Lý do", en: "Reason" },
  role: { vi: "Vai trò", en: "Role" },
  scopes: { vi: "Quyền truy cập", en: "Scopes" },
  separator_tolerant: { vi: "Bỏ qua dấu ngăn cách trong mã", en: "Separators in codes ignored" },
  short_name: { vi: "Tên ngắn", en: "Short name" },
  sub_accounts_on: { vi: "Tài khoản phụ (VA)", en: "Sub-accounts (VA)" },
  window_hours: { vi: "Số giờ khóa cũ còn dùng được", en: "Hours the old secret still works" },
} satisfies Catalogue
