import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** A company's own page: names, settings, its data, and closing it. */
export const companyMessages = {
  title: { vi: "Công ty", en: "Company" },
  lead: {
    vi: "Tên và cấu hình chung của công ty, dùng cho mọi người và mọi ứng dụng đã kết nối.",
    en: "Names and settings of your company, for everybody in it and every connected app.",
  },
  doneChanged: { vi: "Đã lưu thay đổi.", en: "Your changes were saved." },
  doneUnchanged: { vi: "Không có gì thay đổi.", en: "Nothing was changed." },
  namesTitle: { vi: "Tên công ty", en: "Names" },
  fullName: { vi: "Tên đầy đủ", en: "Full name" },
  fullNameHint: {
    vi: "Như trên giấy đăng ký kinh doanh. Ứng dụng thấy tên này khi bạn cho phép.",
    en: "As on the business registration. Apps you allow see it.",
  },
  shortName: { vi: "Tên ngắn", en: "Short name" },
  shortNameHint: { vi: "Tên gọi hằng ngày.", en: "What you call it every day." },
  nameProblem: {
    vi: "Hãy nhập từ 1 đến 200 ký tự, trên một dòng.",
    en: "Give 1 to 200 characters, on one line.",
  },
  settingsTitle: { vi: "Cấu hình", en: "Settings" },
  paymentCodes: { vi: "Tìm mã thanh toán", en: "Look for payment codes" },
  paymentCodesNote: {
    vi: "Tìm mã như DH123456 trong nội dung chuyển khoản và ghi vào giao dịch.",
    en: "Looks for codes such as DH123456 in the transfer text and puts them on the transaction.",
  },
  separators: { vi: "Cho phép một dấu ngăn sau tiền tố", en: "Allow one separator after the prefix" },
  separatorsNote: {
    vi: "DH-100245, DH 100245 và DH.100245 được hiểu là DH100245 khi đứng riêng.",
    en: "DH-100245, DH 100245 and DH.100245 are read as DH100245 where they stand alone.",
  },
  subAccounts: { vi: "Tài khoản ảo (VA)", en: "Virtual accounts (VA)" },
  subAccountsNote: {
    vi: "Xác định mỗi giao dịch đến từ tài khoản ảo nào. Khi tắt, không giao dịch mới nào được gắn với VA.",
    en: "Finds out which virtual account money came in by. Off, no new transaction is put on a VA.",
  },
  toTemplates: { vi: "Mẫu mã thanh toán và khung thử", en: "Payment-code templates and tester" },
  save: { vi: "Lưu thay đổi", en: "Save changes" },
  changedMeanwhile: {
    vi: "Thông tin công ty đã thay đổi ở một trang khác sau khi bạn mở trang này, nên chưa có gì được lưu. Những gì bạn nhập còn nguyên bên dưới; hãy xem lại rồi lưu lần nữa.",
    en: "The company was changed on another page after you opened this one, so nothing was saved. What you typed is still below: check it and save again.",
  },
  nowStored: phrase<string>(
    (value) => `Hiện đang lưu: ${value}`,
    (value) => `Stored now: ${value}`,
  ),
  on: { vi: "bật", en: "on" },
  off: { vi: "tắt", en: "off" },
  factsTitle: { vi: "Gói dịch vụ và dữ liệu", en: "Plan and data" },
  companyId: { vi: "Mã công ty", en: "Company id" },
  plan: { vi: "Gói dịch vụ", en: "Plan" },
  planDays: { vi: "Thời hạn", en: "Period" },
  createdAt: { vi: "Tạo lúc", en: "Created" },
  storage: { vi: "Thời gian lưu dữ liệu", en: "Data is kept" },
  storageDays: phrase<number>(
    (days) => `ít nhất ${days} ngày`,
    (days) => `at least ${days} days`,
  ),
  storageNote: {
    vi: "Giao dịch được giữ ít nhất chừng ấy ngày. Hiện hệ thống chưa tự xóa giao dịch cũ hơn.",
    en: "Transactions are kept for at least that long. Older ones are not erased automatically at present.",
  },
  exportTitle: { vi: "Tải dữ liệu của công ty", en: "Download the company's data" },
  exportNote: {
    vi: "Một tệp gồm công ty, người dùng, tài khoản, giao dịch, webhook và ứng dụng đã kết nối; mỗi dòng là một đối tượng JSON. Không có mật khẩu hay khóa bí mật nào trong tệp. Việc tải được ghi vào nhật ký.",
    en: "One file with the company, its users, accounts, transactions, webhooks and connected apps; each line is a JSON object. It holds no passwords or secrets. The download is noted in the audit log.",
  },
  exportButton: { vi: "Tải về (NDJSON)", en: "Download (NDJSON)" },
  closeTitle: { vi: "Đóng công ty", en: "Close the company" },
  closeNote: {
    vi: "Mọi người bị đăng xuất và không đăng nhập được nữa; mọi ứng dụng mất quyền truy cập.",
    en: "Everybody is signed out for good, and every app loses its access.",
  },
  closeLink: { vi: "Đóng công ty…", en: "Close the company…" },
  closeQuestion: phrase<string>(
    (name) => `Đóng “${name}”?`,
    (name) => `Close “${name}”?`,
  ),
  closeEffects: { vi: "Điều sẽ xảy ra", en: "What will happen" },
  closeUsers: phrase<number>(
    (count) => `${count} người dùng bị đăng xuất ngay và không đăng nhập lại được.`,
    (count) =>
      count === 1
        ? "1 user is signed out at once and cannot sign in again."
        : `${count} users are signed out at once and cannot sign in again.`,
  ),
  closeApps: phrase<number>(
    (count) => `${count} kết nối của ứng dụng mất quyền truy cập ngay.`,
    (count) =>
      count === 1 ? "1 connected app loses its access at once." : `${count} connected apps lose their access at once.`,
  ),
  closeData: {
    vi: "Dữ liệu đã ghi được giữ lại cho đến khi đơn vị vận hành xóa. Bạn nên tải dữ liệu về trước.",
    en: "Recorded data stays until the operator erases it. You may want to download it first.",
  },
  closeFinal: {
    vi: "Không thể tự mở lại công ty đã đóng.",
    en: "A closed company cannot be opened again by yourself.",
  },
  closeName: phrase<string>(
    (name) => `Nhập tên công ty để xác nhận: ${name}`,
    (name) => `Type the company's name to confirm: ${name}`,
  ),
  closeNameProblem: { vi: "Tên chưa trùng với tên công ty.", en: "This is not the company's name." },
  password: { vi: "Mật khẩu của bạn", en: "Your password" },
  passwordProblem: { vi: "Mật khẩu không đúng.", en: "The password is wrong." },
  passwordWait: phrase<string>(
    (wait) => `Bạn đã thử quá nhiều lần. Hãy thử lại sau ${wait}.`,
    (wait) => `Too many tries. Try again in ${wait}.`,
  ),
  closeConfirm: { vi: "Đóng công ty vĩnh viễn", en: "Close the company for good" },
  cancel: { vi: "Quay lại", en: "Go back" },
  closedTitle: { vi: "Công ty đã được đóng", en: "The company is closed" },
  closedText: {
    vi: "Mọi người đã được đăng xuất và mọi ứng dụng đã mất quyền truy cập. Cảm ơn bạn đã dùng SePay.",
    en: "Everybody was signed out and every app lost its access. Thank you for having used SePay.",
  },
} satisfies Catalogue
