import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** A form whose session ended before it was sent. */
export const interruptedFormMessages = {
  keptTitle: { vi: "Phiên đăng nhập đã hết hạn", en: "Your session had ended" },
  kept: {
    vi: "Biểu mẫu chưa được gửi. Những gì bạn đã nhập vẫn được giữ: hãy đăng nhập, xem lại rồi gửi.",
    en: "The form was not sent. What you typed is kept: sign in, look it over, and send it.",
  },
  file: {
    vi: "Biểu mẫu chưa được gửi. Tệp đính kèm không giữ lại được: sau khi đăng nhập, hãy chọn lại tệp.",
    en: "The form was not sent. A file cannot be kept: choose it again after you sign in.",
  },
  long: {
    vi: "Biểu mẫu chưa được gửi và quá dài để giữ lại. Hãy bấm nút quay lại của trình duyệt để chép nội dung trước khi đăng nhập.",
    en: "The form was not sent, and it is too long to keep. Use your browser's back button to copy what you typed before you sign in.",
  },
  resendTitle: { vi: "Gửi nốt biểu mẫu này?", en: "Send this form now?" },
  resendExpired: {
    vi: "Phiên đăng nhập hết hạn khi bạn đang điền biểu mẫu. Chưa có gì được gửi. Đây là những gì bạn đã nhập:",
    en: "You were signed out while filling in this form. Nothing was sent yet. This is what you typed:",
  },
  resendOlder: {
    vi: "Biểu mẫu này có từ trước lần đăng nhập gần nhất của bạn. Chưa có gì được gửi. Đây là những gì bạn đã nhập:",
    en: "This form is older than your last sign-in. Nothing was sent yet. This is what you typed:",
  },
  partial: {
    vi: "Mật khẩu và mã không được giữ lại. Sau khi gửi, biểu mẫu sẽ hiện ra để bạn nhập nốt.",
    en: "Passwords and codes are not kept. After you send it, the form comes back for you to type them.",
  },
  send: { vi: "Gửi biểu mẫu", en: "Send the form" },
  discard: { vi: "Bỏ, mở lại trang", en: "Drop it and open the page" },
  droppedTitle: { vi: "Biểu mẫu đã bị bỏ", en: "The form was dropped" },
  dropped: phrase<string>(
    (email) =>
      `Biểu mẫu do một người dùng khác điền, còn bạn vừa đăng nhập là ${email}. Nội dung đã bị bỏ, không có gì được gửi.`,
    (email) =>
      `Another user had filled in the form, and you signed in as ${email}. What was typed is dropped; nothing was sent.`,
  ),
  toHome: { vi: "Về trang tổng quan", en: "Go to the overview" },
  staleTitle: { vi: "Biểu mẫu đã cũ", en: "This form is out of date" },
  staleOlder: {
    vi: "Trang chứa biểu mẫu được mở từ trước lần đăng nhập gần nhất của bạn, nên chưa có gì được thực hiện. Hãy tải lại trang rồi thử lại.",
    en: "The page with the form was opened before your last sign-in, so nothing was done. Reload it and try again.",
  },
  staleOthers: phrase<string>(
    (email) =>
      `Biểu mẫu thuộc về một người dùng khác đã đăng nhập trên trình duyệt này. Hiện bạn đăng nhập là ${email}, nên chưa có gì được thực hiện.`,
    (email) =>
      `The form belongs to another user of this browser. You are signed in as ${email} now, so nothing was done.`,
  ),
  reload: { vi: "Tải lại trang", en: "Reload the page" },
} satisfies Catalogue
