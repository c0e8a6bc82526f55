import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The words around every page. */
export const frameMessages = {
  skipToContent: { vi: "Đến nội dung chính", en: "Skip to the content" },
  home: { vi: "trang chủ", en: "home" },
  mainNavigation: { vi: "Điều hướng chính", en: "Main navigation" },
  menu: { vi: "Menu", en: "Menu" },
  myAccount: { vi: "Tài khoản của tôi", en: "My account" },
  signIn: { vi: "Đăng nhập", en: "Sign in" },
  signOut: { vi: "Đăng xuất", en: "Sign out" },
  adviseSecondFactor: {
    vi: "Tài khoản vận hành nhìn thấy mọi công ty, hãy bảo vệ nó bằng lớp xác thực thứ hai.",
    en: "An operator's account sees every company: protect it with a second step at sign-in.",
  },
  switchOnSecondFactor: { vi: "Bật xác thực hai lớp", en: "Switch on two-step sign-in" },
  otherLanguage: { vi: "English", en: "Tiếng Việt" },
  footer: {
    vi: "SePay không bao giờ hỏi mật khẩu ngân hàng của bạn.",
    en: "SePay never asks for your bank password.",
  },
  vietnamTime: { vi: "Mọi thời điểm theo giờ Việt Nam.", en: "All times are Vietnam time." },
} satisfies Catalogue

/** The navigation: its sections and the pages of each. */
export const navigationMessages = {
  merchant: { vi: "Tiền vào ra", en: "Money" },
  overview: { vi: "Tổng quan", en: "Overview" },
  transactions: { vi: "Giao dịch", en: "Transactions" },
  "bank-accounts": { vi: "Tài khoản ngân hàng", en: "Bank accounts" },
  "payment-codes": { vi: "Mã thanh toán", en: "Payment codes" },
  webhooks: { vi: "Webhook", en: "Webhooks" },
  "connected-apps": { vi: "Ứng dụng đã kết nối", en: "Connected apps" },
  company: { vi: "Công ty", en: "Company" },
  users: { vi: "Người dùng", en: "Users" },
  audit: { vi: "Nhật ký hoạt động", en: "Audit log" },
  account: { vi: "Tài khoản của tôi", en: "My account" },
  developer: { vi: "Nhà phát triển", en: "Developer" },
  apps: { vi: "Ứng dụng của tôi", en: "My applications" },
  "api-reference": { vi: "Tài liệu API", en: "API reference" },
  operator: { vi: "Vận hành", en: "Operator" },
  "operator-apps": { vi: "Duyệt ứng dụng", en: "App reviews" },
  "operator-companies": { vi: "Các công ty", en: "Companies" },
  "operator-users": { vi: "Mọi người dùng", en: "All users" },
  "operator-feeds": { vi: "Nguồn dữ liệu", en: "Feeds" },
  "operator-deliveries": { vi: "Gửi webhook", en: "Deliveries" },
  "operator-keys": { vi: "Khóa ký", en: "Signing keys" },
  "operator-system": { vi: "Hệ thống", en: "System" },
  "operator-audit": { vi: "Nhật ký vận hành", en: "Operator audit log" },
} satisfies Catalogue

/** A page that the navigation can lead to. */
export type NavigationPage = Exclude<keyof typeof navigationMessages, "merchant" | "developer" | "operator">

/** Lengths of time, for "try again in …". */
export const durationMessages = {
  seconds: phrase<number>(
    (count) => `${count} giây`,
    (count) => (count === 1 ? "1 second" : `${count} seconds`),
  ),
  minutes: phrase<number>(
    (count) => `${count} phút`,
    (count) => (count === 1 ? "1 minute" : `${count} minutes`),
  ),
  hours: phrase<number>(
    (count) => `${count} giờ`,
    (count) => (count === 1 ? "1 hour" : `${count} hours`),
  ),
  days: phrase<number>(
    (count) => `${count} ngày`,
    (count) => (count === 1 ? "1 day" : `${count} days`),
  ),
} satisfies Catalogue

/** The error pages of every surface. */
export const errorMessages = {
  badRequestTitle: { vi: "Yêu cầu không hợp lệ", en: "This request cannot be read" },
  badRequest: {
    vi: "Trình duyệt đã gửi dữ liệu mà chúng tôi không hiểu. Hãy quay lại và thử lần nữa.",
    en: "Your browser sent something we could not understand. Go back and try again.",
  },
  forbiddenTitle: { vi: "Bạn không có quyền xem trang này", en: "You may not see this page" },
  forbidden: {
    vi: "Biểu mẫu có thể đã cũ, hoặc vai trò của bạn trong công ty chưa được phép. Hãy tải lại trang trước rồi thử lại.",
    en: "The form may be out of date, or your role in the company does not allow this. Reload the previous page and try again.",
  },
  notFoundTitle: { vi: "Không tìm thấy trang", en: "Page not found" },
  notFound: {
    vi: "Địa chỉ này không dẫn đến đâu. Có thể đường liên kết đã cũ hoặc bị gõ sai.",
    en: "This address leads nowhere. The link may be old or mistyped.",
  },
  methodTitle: { vi: "Không dùng được theo cách này", en: "This cannot be done here" },
  method: {
    vi: "Trang này không nhận loại yêu cầu vừa gửi. Hãy bắt đầu lại từ trang chủ.",
    en: "This page does not take the kind of request that was sent. Start again from the home page.",
  },
  tooLargeTitle: { vi: "Dữ liệu gửi lên quá lớn", en: "Too much data" },
  tooLarge: {
    vi: "Nội dung vừa gửi vượt quá giới hạn nên đã bị từ chối. Không có gì thay đổi.",
    en: "What was sent is over the limit and was refused. Nothing was changed.",
  },
  tooManyTitle: { vi: "Quá nhiều yêu cầu", en: "Too many requests" },
  tooMany: phrase<string>(
    (wait) => `Có quá nhiều yêu cầu từ kết nối của bạn. Hãy thử lại sau ${wait}.`,
    (wait) => `Too many requests came from your connection. Try again in ${wait}.`,
  ),
  internalTitle: { vi: "Đã có lỗi ở phía chúng tôi", en: "Something went wrong on our side" },
  internal: {
    vi: "Lỗi đã được ghi lại. Hãy thử lại; nếu vẫn lỗi, hãy gửi mã yêu cầu dưới đây cho người quản trị.",
    en: "The error was recorded. Try again; if it happens again, give the request id below to the operator.",
  },
  unavailableTitle: { vi: "Tạm thời chưa phục vụ được", en: "Briefly unavailable" },
  unavailable: phrase<string>(
    (wait) => `Hệ thống đang bận hoặc đang khởi động lại. Không có gì bị mất; hãy thử lại sau ${wait}.`,
    (wait) => `The system is busy or restarting. Nothing is lost; try again in ${wait}.`,
  ),
  requestId: { vi: "Mã yêu cầu", en: "Request id" },
  toHome: { vi: "Về trang chủ", en: "Go to the home page" },
} satisfies Catalogue
