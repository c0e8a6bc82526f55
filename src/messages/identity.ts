import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** Signing in. */
export const signInMessages = {
  title: { vi: "Đăng nhập", en: "Sign in" },
  leadToApp: {
    vi: "Một ứng dụng muốn kết nối. Sau khi đăng nhập, bạn sẽ xem ứng dụng xin quyền gì rồi mới quyết định.",
    en: "An app wants to connect. After you sign in you see what it asks for, and then decide.",
  },
  lead: { vi: "Dùng tài khoản SePay của công ty bạn.", en: "Use your company's SePay account." },
  email: { vi: "E-mail", en: "E-mail" },
  password: { vi: "Mật khẩu", en: "Password" },
  submit: { vi: "Đăng nhập", en: "Sign in" },
  problemTitle: { vi: "Chưa đăng nhập được", en: "You are not signed in" },
  wrongCredentials: {
    vi: "E-mail hoặc mật khẩu không đúng. Hãy kiểm tra rồi thử lại.",
    en: "The e-mail or the password is wrong. Check both and try again.",
  },
  tooManyTries: phrase<string>(
    (wait) => `Đã thử quá nhiều lần. Hãy thử lại sau ${wait}.`,
    (wait) => `Too many tries. Try again in ${wait}.`,
  ),
  suspended: phrase<string>(
    (reason) =>
      `Tài khoản này đang bị tạm ngưng, nên hiện chưa đăng nhập được. Lý do: “${reason}”. Vui lòng liên hệ đơn vị vận hành để được hỗ trợ.`,
    (reason) =>
      `This account is suspended, so you cannot sign in for now. Reason: “${reason}”. Please contact the operator.`,
  ),
  formExpired: {
    vi: "Biểu mẫu đã hết hạn. Hãy đăng nhập lại.",
    en: "The form has expired. Please sign in again.",
  },
  stepExpired: {
    vi: "Đã quá 10 phút kể từ khi bạn nhập mật khẩu, hoặc mật khẩu vừa được đổi. Hãy đăng nhập lại.",
    en: "More than 10 minutes have passed since you typed your password, or it was changed. Please sign in again.",
  },
  addressNote: {
    vi: "Chỉ nhập mật khẩu khi thanh địa chỉ của trình duyệt ghi",
    en: "Type your password only when your browser's address bar says",
  },
} satisfies Catalogue
