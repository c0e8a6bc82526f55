import type { Catalogue } from "./catalogue.ts"
import type { tokenReasonMessages } from "./reasons-token.ts"

type Advice = Readonly<Record<keyof typeof tokenReasonMessages, Catalogue[string]>>

const wholeText = {
  vi: "Kiểm tra xem giá trị có bị cắt, dính khoảng trắng hay mã hóa hai lần không.",
  en: "Check whether the value was cut off, got a space, or was encoded twice.",
}
const consentAgain = {
  vi: "Đưa người dùng qua /oauth/authorize một lần nữa.",
  en: "Send the user through /oauth/authorize again.",
}
const onceOnly = {
  vi: "Chỉ đổi mỗi mã một lần; lưu token ngay, và đừng tải lại địa chỉ callback. Đưa người dùng qua /oauth/authorize lần nữa.",
  en: "Exchange each code once; store the tokens at once, and do not reload the callback address. Send the user through /oauth/authorize again.",
}
const ownCredentials = {
  vi: "Kiểm tra xem có lẫn cấu hình của hai ứng dụng hoặc hai môi trường không.",
  en: "Check whether the settings of two apps or two environments were mixed up.",
}
const newSecret = {
  vi: "Chép lại secret từ nơi bạn lưu; nếu đã mất, tạo secret mới ở trang Secret của ứng dụng.",
  en: "Copy the secret again from where you keep it; if it is lost, make a new one on the app's secrets page.",
}
const keepVerifier = {
  vi: "Giữ code_verifier trong phiên của người dùng từ lúc xin mã đến lúc đổi mã; tạo mới cho mỗi lần.",
  en: "Keep the code_verifier in the user's session from the request to the exchange, and make a new one each time.",
}

/** What the developer can do about a refusal of /oauth/token or /oauth/revoke. */
export const tokenAdviceMessages = {
  content_type_wrong: {
    vi: "Gửi thân yêu cầu dạng form, không phải JSON.",
    en: "Send the body as a form, not as JSON.",
  },
  parameter_in_query: {
    vi: "Chuyển mọi tham số vào thân yêu cầu POST; địa chỉ thường bị ghi vào log.",
    en: "Move every parameter into the POST body; addresses end up in logs.",
  },
  grant_type_unsupported: {
    vi: "Dùng authorization_code hoặc refresh_token.",
    en: "Use authorization_code or refresh_token.",
  },
  authentication_doubled: {
    vi: "Gửi secret hoặc trong header Authorization, hoặc trong thân yêu cầu, không cả hai.",
    en: "Send the secret in the Authorization header or in the body, not in both.",
  },
  client_ids_differ: ownCredentials,
  assertion_unsupported: newSecret,
  secret_missing: {
    vi: "Gửi client_secret trong thân yêu cầu, hoặc dùng HTTP Basic.",
    en: "Send client_secret in the body, or use HTTP Basic.",
  },
  secret_unexpected: {
    vi: "Chỉ gửi client_id; dùng PKCE thay cho secret.",
    en: "Send client_id alone; PKCE stands in for the secret.",
  },
  secret_malformed: wholeText,
  secret_wrong: newSecret,
  secret_expired: {
    vi: "Chuyển sang secret mới; xem các secret còn hiệu lực ở trang Secret của ứng dụng.",
    en: "Move to the new secret; the app's secrets page shows which ones still work.",
  },
  rate_client: {
    vi: "Đợi số giây trong Retry-After. Dùng access token đến khi hết hạn thay vì làm mới trước mỗi lần gọi.",
    en: "Wait for the seconds in Retry-After. Use an access token until it expires instead of refreshing before each call.",
  },
  code_malformed: wholeText,
  code_unknown: consentAgain,
  code_of_other_client: ownCredentials,
  redirect_uri_not_as_authorized: {
    vi: "Gửi đúng redirect_uri đã dùng ở /oauth/authorize, từng ký tự.",
    en: "Send the very redirect_uri that was used at /oauth/authorize, character by character.",
  },
  verifier_unexpected: {
    vi: "Gửi code_challenge lúc xin mã, hoặc đừng gửi code_verifier.",
    en: "Send a code_challenge in the authorization request, or no code_verifier here.",
  },
  verifier_missing: keepVerifier,
  verifier_length: keepVerifier,
  verifier_characters: {
    vi: "Chỉ dùng A–Z, a–z, 0–9 và các ký tự - . _ ~.",
    en: "Use only A–Z, a–z, 0–9 and - . _ ~.",
  },
  verifier_mismatch: keepVerifier,
  code_expired: {
    vi: "Đổi mã ngay khi nhận được. Đưa người dùng qua /oauth/authorize lần nữa.",
    en: "Exchange the code as soon as it arrives. Send the user through /oauth/authorize again.",
  },
  code_used: onceOnly,
  grant_ended: consentAgain,
  family_ended: consentAgain,
  owner_inactive: consentAgain,
  nothing_left: consentAgain,
  refresh_malformed: wholeText,
  refresh_unknown: consentAgain,
  refresh_of_other_client: ownCredentials,
  family_over: consentAgain,
  refresh_expired: consentAgain,
  refresh_scope_unknown: {
    vi: "Kiểm tra chính tả, hoặc bỏ tham số scope để giữ nguyên quyền.",
    en: "Check the spelling, or leave scope out to keep what was granted.",
  },
  refresh_scope_wider: {
    vi: "Muốn thêm quyền, đưa người dùng qua /oauth/authorize với scope mới.",
    en: "For more, send the user through /oauth/authorize with the new scope.",
  },
  refresh_replayed: {
    vi: "Lưu refresh_token mới sau mỗi lần làm mới, chỉ một tiến trình làm mới tại một thời điểm. Đưa người dùng qua /oauth/authorize lần nữa.",
    en: "Store the new refresh_token after each refresh, and let one process refresh at a time. Send the user through /oauth/authorize again.",
  },
  refresh_other_scope: {
    vi: "Khi thử lại một lần làm mới bị mất câu trả lời, gửi y nguyên yêu cầu cũ.",
    en: "When you retry a refresh whose answer was lost, send the same request again.",
  },
  rotation_key_gone: consentAgain,
  token_of_other_client: ownCredentials,
} satisfies Advice
