import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** Signing in. */
export const signInMessages = {
  title: { vi: "Đăng nhập", en: "Sign in" },
  continueTo: phrase<string>(
    (app) => `để tiếp tục đến ${app}`,
    (app) => `to continue to ${app}`,
  ),
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
  formExpired: {
    vi: "Biểu mẫu đã hết hạn. Hãy đăng nhập lại.",
    en: "The form has expired. Please sign in again.",
  },
  addressNote: phrase<string>(
    (host) => `Trước khi nhập mật khẩu, hãy chắc rằng thanh địa chỉ ghi ${host}.`,
    (host) => `Before you type your password, make sure the address bar says ${host}.`,
  ),
} satisfies Catalogue
