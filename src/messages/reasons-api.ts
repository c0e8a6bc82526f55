import { formatVietnamTime } from "../vietnam-time.ts"
import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"
import { elapsedText } from "./elapsed.ts"
import type { Ago } from "./reasons-token.ts"

function time(at: number): string {
  return formatVietnamTime(at as Parameters<typeof formatVietnamTime>[0])
}

/** Why calls of /api/v1 were refused, for the app's developer. contract/api.md §1, §2, §4. */
export const apiReasonMessages = {
  token_expired: phrase<Ago>(
    ({ at, agoMs }) => `Access token đã hết hạn lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước).`,
    ({ at, agoMs }) => `The access token expired at ${time(at)} (${elapsedText(agoMs, "en")} ago).`,
  ),
  token_revoked: phrase<{ readonly at: number; readonly agoMs: number }>(
    ({ at, agoMs }) =>
      at === 0
        ? "Ứng dụng đã thu hồi access token này qua /oauth/revoke."
        : `Ứng dụng đã thu hồi access token này qua /oauth/revoke lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước).`,
    ({ at, agoMs }) =>
      at === 0
        ? "The app revoked this access token through /oauth/revoke."
        : `The app revoked this access token through /oauth/revoke at ${time(at)} (${elapsedText(agoMs, "en")} ago).`,
  ),
  token_signature: {
    vi: "Chữ ký của access token không đúng: token bị cắt, bị sửa hoặc do nơi khác cấp.",
    en: "The signature of the access token is wrong: it was cut off, changed, or issued elsewhere.",
  },
  token_key_gone: {
    vi: "Khóa ký access token này không còn được công bố.",
    en: "The key that signed this access token is not published any more.",
  },
  token_issuer: phrase<{ readonly sent: string; readonly expected: string }>(
    ({ sent, expected }) => `Access token do "${sent}" cấp, không phải "${expected}".`,
    ({ sent, expected }) => `The access token was issued by "${sent}", not by "${expected}".`,
  ),
  token_audience: {
    vi: "aud của access token không phải ứng dụng mà token thuộc về.",
    en: "The aud of the access token is not the app that the token belongs to.",
  },
  scope_insufficient: phrase<{ readonly needed: string; readonly has: string }>(
    ({ needed, has }) => `Cần quyền (scope) ${needed}; token hiện chỉ có: ${has === "" ? "không quyền nào" : has}.`,
    ({ needed, has }) => `The call needs the scope ${needed}; the token now has: ${has === "" ? "none" : has}.`,
  ),
  permission_lacking: phrase<{ readonly permission: string }>(
    ({ permission }) => `Người dùng đã đồng ý không có quyền ${permission} trong công ty của họ.`,
    ({ permission }) => `The user who gave consent lacks the permission ${permission} in their company.`,
  ),
  administrator_needed: {
    vi: "Người dùng đã đồng ý không phải quản trị viên của công ty.",
    en: "The user who gave consent is no administrator of the company.",
  },
  account_not_in_consent: phrase<{ readonly id: string }>(
    ({ id }) => `Tài khoản ngân hàng ${id} không nằm trong các tài khoản người dùng đã cho phép.`,
    ({ id }) => `Bank account ${id} is not among those that the user allowed.`,
  ),
  object_not_visible: phrase<{ readonly id: string }>(
    ({ id }) => `Không có đối tượng ${id} trong phạm vi của token này.`,
    ({ id }) => `There is no object ${id} within reach of this token.`,
  ),
  input_invalid: phrase<{ readonly fields: string; readonly text: string }>(
    ({ fields, text }) => (fields === "" ? `Yêu cầu sai: ${text}` : `Sai ở ${fields}: ${text}`),
    ({ fields, text }) => (fields === "" ? `The request is wrong: ${text}` : `Wrong in ${fields}: ${text}`),
  ),
  rate_grant: {
    vi: "Ứng dụng gọi vượt giới hạn tần suất của lần cấp quyền này.",
    en: "The app called more often than the limit of this grant allows.",
  },
  refused: phrase<{ readonly text: string }>(
    ({ text }) => `Bị từ chối: ${text}`,
    ({ text }) => `Refused: ${text}`,
  ),
  unavailable: { vi: "Dịch vụ tạm thời không sẵn sàng.", en: "The service was briefly not available." },
  server_error: { vi: "Lỗi ở phía chúng tôi, đã được ghi lại.", en: "A failure on our side; it was recorded." },
} satisfies Catalogue

type Advice = Readonly<Record<keyof typeof apiReasonMessages, Catalogue[string]>>

const oldToken = {
  vi: "Xin access token mới bằng refresh_token, rồi gọi lại.",
  en: "Get a new access token with the refresh_token, then call again.",
}

/** What the developer can do about it. */
export const apiAdviceMessages = {
  token_expired: oldToken,
  token_revoked: oldToken,
  token_signature: {
    vi: "Gửi nguyên văn access_token mà /oauth/token đã trả; kiểm tra xem cột lưu trữ có đủ dài không.",
    en: "Send the access_token of /oauth/token as it came; check that the column you store it in is long enough.",
  },
  token_key_gone: oldToken,
  token_issuer: {
    vi: "Xin token mới từ máy chủ này; địa chỉ của máy chủ đã đổi, hoặc token từ môi trường khác.",
    en: "Get a new token from this server: its address changed, or the token is from another environment.",
  },
  token_audience: oldToken,
  scope_insufficient: {
    vi: "Đưa người dùng qua /oauth/authorize với quyền này trong scope. Nếu ứng dụng chưa đăng ký quyền, hãy thêm trước.",
    en: "Send the user through /oauth/authorize with this scope. If the app has not registered it, add it first.",
  },
  permission_lacking: {
    vi: "Quản trị viên của công ty đó cấp quyền này cho người dùng, hoặc tự kết nối ứng dụng.",
    en: "An administrator of that company gives the user this permission, or connects the app themselves.",
  },
  administrator_needed: {
    vi: "Một quản trị viên của công ty đó cần kết nối ứng dụng.",
    en: "An administrator of that company must connect the app.",
  },
  account_not_in_consent: {
    vi: "Người dùng thêm tài khoản này ở trang Ứng dụng đã kết nối, hoặc đồng ý lại.",
    en: "The user adds this account on the connected-apps page, or gives consent again.",
  },
  object_not_visible: {
    vi: "Lấy id từ danh sách mà cùng token này trả về; dữ liệu thật và dữ liệu thử nghiệm không lẫn vào nhau.",
    en: "Take ids from lists that this same token gets; live and test data never mix.",
  },
  input_invalid: {
    vi: "Sửa các trường đã nêu theo tài liệu API.",
    en: "Mend the fields named, by the API reference.",
  },
  rate_grant: {
    vi: "Đợi số giây trong Retry-After. Dùng webhook thay cho việc hỏi liên tục.",
    en: "Wait for the seconds in Retry-After. Use webhooks instead of asking again and again.",
  },
  refused: { vi: "Xem mục tương ứng của tài liệu API.", en: "See the operation in the API reference." },
  unavailable: {
    vi: "Thử lại sau số giây trong Retry-After.",
    en: "Try again after the seconds in Retry-After.",
  },
  server_error: {
    vi: "Thử lại; nếu vẫn lỗi, gửi mã yêu cầu cho người vận hành.",
    en: "Try again; if it fails again, give the request id to the operator.",
  },
} satisfies Advice
