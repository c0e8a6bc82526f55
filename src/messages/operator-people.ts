import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

const counted = (vi: string, one: string, many: string) =>
  phrase<number>(
    (count) => `${count} ${vi}`,
    (count) => `${count} ${count === 1 ? one : many}`,
  )

/** Companies and users of the whole platform, for operators. */
export const operatorPeopleMessages = {
  companiesTitle: { vi: "Các công ty", en: "Companies" },
  companiesLead: {
    vi: "Mọi công ty trên nền tảng. Tìm theo tên, mã công ty hoặc email của một người dùng.",
    en: "Every company of the platform. Search by name, id or the e-mail of one of its users.",
  },
  usersTitle: { vi: "Mọi người dùng", en: "All users" },
  usersLead: {
    vi: "Mọi người dùng trên nền tảng. Tìm theo tên, email hoặc mã người dùng.",
    en: "Every user of the platform. Search by name, e-mail or id.",
  },
  usersOf: phrase<string>(
    (company) => `Người dùng của ${company}`,
    (company) => `Users of ${company}`,
  ),
  search: { vi: "Tìm", en: "Search" },
  searchText: { vi: "Tên, email hoặc mã", en: "Name, e-mail or id" },
  clear: { vi: "Bỏ tìm kiếm", en: "Clear" },
  noneTitle: { vi: "Không tìm thấy", en: "Nothing found" },
  none: {
    vi: "Hãy thử một phần của tên hoặc email. Tên được tìm có dấu.",
    en: "Try a part of the name or e-mail. Names are searched with their accents.",
  },
  nextPage: { vi: "Trang sau", en: "Next page" },
  firstPage: { vi: "Trang đầu", en: "First page" },
  company: { vi: "Công ty", en: "Company" },
  user: { vi: "Người dùng", en: "User" },
  status: { vi: "Trạng thái", en: "State" },
  createdAt: { vi: "Tạo lúc", en: "Created" },
  users: { vi: "Người dùng", en: "Users" },
  accounts: { vi: "Tài khoản", en: "Accounts" },
  role: { vi: "Vai trò", en: "Role" },
  lastSeen: { vi: "Hoạt động gần nhất", en: "Last seen" },
  notSignedIn: { vi: "Không có phiên nào", en: "Not signed in" },
  active: { vi: "Hoạt động", en: "Active" },
  inactive: { vi: "Đã đóng", en: "Closed" },
  removed: { vi: "Đã rời công ty", en: "Left the company" },
  suspended: { vi: "Tạm ngưng", en: "Suspended" },
  companySuspended: { vi: "Công ty bị tạm ngưng", en: "Company suspended" },
  companyClosed: { vi: "Công ty đã đóng", en: "Company closed" },
  operatorBadge: { vi: "Vận hành", en: "Operator" },

  id: { vi: "Mã", en: "Id" },
  idShort: { vi: "mã", en: "id" },
  shortName: { vi: "Tên ngắn", en: "Short name" },
  plan: { vi: "Gói dịch vụ", en: "Plan" },
  storage: { vi: "Lưu dữ liệu", en: "Data kept" },
  days: counted("ngày", "day", "days"),
  sessions: { vi: "Phiên đăng nhập", en: "Sessions" },
  grants: { vi: "Ứng dụng đã kết nối", en: "Connected apps" },
  secondFactor: { vi: "Xác thực hai lớp", en: "Second factor" },
  secondFactorOn: { vi: "Đang bật", en: "On" },
  secondFactorOff: { vi: "Chưa bật", en: "Off" },
  codesLeft: counted("mã khôi phục còn lại", "recovery code left", "recovery codes left"),
  phone: { vi: "Điện thoại", en: "Phone" },
  email: { vi: "Email", en: "E-mail" },
  appsTitle: { vi: "Ứng dụng của công ty", en: "The company's own apps" },
  appsNone: { vi: "Công ty chưa đăng ký ứng dụng nào.", en: "The company has registered no app." },
  peopleTitle: { vi: "Người dùng", en: "Users" },
  morePeople: { vi: "Tất cả người dùng của công ty", en: "All users of the company" },
  toAudit: { vi: "Nhật ký của công ty", en: "The company's audit log" },
  facts: { vi: "Thông tin", en: "Facts" },
  backToCompanies: { vi: "Các công ty", en: "Companies" },
  backToUsers: { vi: "Mọi người dùng", en: "All users" },
  state_draft: { vi: "Bản nháp", en: "Draft" },
  state_pending_review: { vi: "Chờ duyệt", en: "In review" },
  state_approved: { vi: "Đã duyệt", en: "Approved" },
  state_rejected: { vi: "Bị từ chối", en: "Rejected" },
  state_suspended: { vi: "Tạm ngưng", en: "Suspended" },

  suspend: { vi: "Tạm ngưng…", en: "Suspend…" },
  suspendedSince: { vi: "Tạm ngưng từ", en: "Suspended since" },
  reason: { vi: "Lý do", en: "Reason" },
  reinstate: { vi: "Cho hoạt động lại", en: "Reinstate" },
  ownCompany: {
    vi: "Đây là công ty của chính bạn, nên bạn không tạm ngưng được.",
    en: "This is your own company: you cannot suspend it.",
  },
  ownself: {
    vi: "Đây là tài khoản của chính bạn, nên bạn không tạm ngưng được.",
    en: "This is yourself: you cannot suspend it.",
  },
  suspendTitle: phrase<string>(
    (name) => `Tạm ngưng ${name}?`,
    (name) => `Suspend ${name}?`,
  ),
  effects: { vi: "Điều sẽ xảy ra", en: "What will happen" },
  effectUsers: phrase<{ readonly users: number; readonly sessions: number }>(
    ({ users, sessions }) => `${users} người dùng không đăng nhập được nữa; ${sessions} phiên đăng nhập kết thúc ngay.`,
    ({ users, sessions }) =>
      `${users === 1 ? "1 user" : `${users} users`} can no longer sign in; ${sessions === 1 ? "1 session ends" : `${sessions} sessions end`} at once.`,
  ),
  effectUser: phrase<number>(
    (sessions) => `Người này không đăng nhập được nữa; ${sessions} phiên đăng nhập kết thúc ngay.`,
    (sessions) =>
      `They can no longer sign in; ${sessions === 1 ? "1 session ends" : `${sessions} sessions end`} at once.`,
  ),
  effectGrants: phrase<number>(
    (count) => `${count} kết nối của ứng dụng ngừng hoạt động ngay: mọi token bị từ chối.`,
    (count) =>
      `${count === 1 ? "1 connection of an app stops" : `${count} connections of apps stop`} at once: every token is refused.`,
  ),
  effectData: phrase<number>(
    (count) => `${count} tài khoản ngân hàng vẫn được ghi giao dịch và webhook vẫn gửi, để không mất dữ liệu.`,
    (count) =>
      `${count === 1 ? "1 bank account goes" : `${count} bank accounts go`} on recording and webhooks go on being sent, so that nothing is lost.`,
  ),
  effectApps: phrase<number>(
    (count) =>
      `${count} ứng dụng do công ty đăng ký vẫn phục vụ công ty khác; nếu cần, hãy tạm ngưng riêng từng ứng dụng.`,
    (count) =>
      `${count === 1 ? "1 app the company registered goes" : `${count} apps the company registered go`} on serving others; suspend those separately if need be.`,
  ),
  effectReversible: {
    vi: "Có thể cho hoạt động lại bất cứ lúc nào; token chưa hết hạn khi đó dùng lại được.",
    en: "It can be undone at any time; tokens that have not expired by then work again.",
  },
  reasonHint: {
    vi: "Người bị tạm ngưng thấy lý do này khi đăng nhập. Từ 1 đến 500 ký tự.",
    en: "Whoever is suspended sees it when they sign in. 1 to 500 characters.",
  },
  reasonProblem: { vi: "Hãy nhập lý do, từ 1 đến 500 ký tự.", en: "Give a reason, 1 to 500 characters." },
  confirm: { vi: "Tạm ngưng", en: "Suspend" },
  cancel: { vi: "Quay lại", en: "Go back" },
  doneSuspended: { vi: "Đã tạm ngưng, có hiệu lực ngay.", en: "Suspended, as of now." },
  doneReinstated: { vi: "Đã cho hoạt động lại.", en: "Reinstated." },
  doneAlready: {
    vi: "Không có gì thay đổi: trạng thái đã đúng như vậy từ trước.",
    en: "Nothing changed: it was so already.",
  },
  doneClosed: { vi: "Đã đóng từ trước, nên không thay đổi được.", en: "It was closed before, so nothing was changed." },
} satisfies Catalogue
