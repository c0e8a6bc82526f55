import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** Two texts that should be equal, and the first character that is not, counted from 1. */
export interface TextDifference {
  readonly sent: string
  readonly expected: string
  readonly position: number
}

/** How calls of /oauth/authorize end, for the app's developer. contract/oauth.md §5. */
export const authorizeReasonMessages = {
  authorization_started: {
    vi: "Yêu cầu hợp lệ. Người dùng được đưa đến trang đăng nhập và đồng ý.",
    en: "The request was right. The user went on to sign in and to the consent page.",
  },
  authorization_approved: {
    vi: "Người dùng đồng ý. Mã cấp quyền đã được gửi về redirect_uri.",
    en: "The user approved. The authorization code went to the redirect_uri.",
  },
  authorization_known: {
    vi: "Người dùng đã đồng ý từ trước với đúng các quyền này, nên mã cấp quyền được gửi ngay mà không hỏi lại.",
    en: "The user had allowed all of this before, so the authorization code went out without asking again.",
  },
  user_refused: {
    vi: "Người dùng từ chối, hoặc bỏ chọn mọi quyền.",
    en: "The user refused, or left no permission ticked.",
  },
  app_suspended: { vi: "Ứng dụng đang bị tạm ngưng.", en: "The app is suspended." },
  app_not_approved: {
    vi: "Người dùng thuộc công ty khác, mà ứng dụng chưa được duyệt.",
    en: "The user belongs to another company, and the app is not approved yet.",
  },
  redirect_uri_missing: { vi: "Thiếu redirect_uri.", en: "redirect_uri is missing." },
  redirect_uri_repeated: { vi: "redirect_uri được gửi hơn một lần.", en: "redirect_uri was sent more than once." },
  redirect_uri_differs: phrase<TextDifference>(
    ({ sent, expected, position }) =>
      `redirect_uri khác địa chỉ đã đăng ký gần nhất từ ký tự thứ ${position}: cần "${expected}", nhận được "${sent}".`,
    ({ sent, expected, position }) =>
      `redirect_uri differs from the nearest registered one at character ${position}: expected "${expected}", got "${sent}".`,
  ),
  request_uri_unsupported: {
    vi: "request_uri không còn hiệu lực hoặc không thuộc ứng dụng này.",
    en: "request_uri is not valid any more, or not this app's.",
  },
  parameter_repeated: phrase<{ readonly parameter: string }>(
    ({ parameter }) => `Tham số ${parameter} được gửi hơn một lần.`,
    ({ parameter }) => `The parameter ${parameter} was sent more than once.`,
  ),
  parameter_missing: phrase<{ readonly parameter: string }>(
    ({ parameter }) => `Thiếu tham số ${parameter}.`,
    ({ parameter }) => `The parameter ${parameter} is missing.`,
  ),
  response_type_wrong: phrase<{ readonly sent: string }>(
    ({ sent }) => `response_type là "${sent}"; chỉ nhận "code".`,
    ({ sent }) => `response_type was "${sent}"; only "code" is taken.`,
  ),
  response_mode_wrong: phrase<{ readonly sent: string }>(
    ({ sent }) => `response_mode là "${sent}"; chỉ nhận "query".`,
    ({ sent }) => `response_mode was "${sent}"; only "query" is taken.`,
  ),
  request_object_unsupported: {
    vi: "Tham số request (đối tượng yêu cầu có ký) không được hỗ trợ.",
    en: "The parameter request (a signed request object) is not supported.",
  },
  code_flow_off: {
    vi: "Luồng mã cấp quyền đã bị tắt cho ứng dụng này.",
    en: "The code flow is switched off for this app.",
  },
  state_too_long: phrase<{ readonly bytes: number; readonly most: number }>(
    ({ bytes, most }) => `state dài ${bytes} byte; tối đa ${most} byte.`,
    ({ bytes, most }) => `state has ${bytes} bytes; ${most} is the most.`,
  ),
  scope_unknown: phrase<{ readonly word: string }>(
    ({ word }) => `Không có quyền (scope) nào tên "${word}".`,
    ({ word }) => `There is no scope "${word}".`,
  ),
  scope_not_registered: phrase<{ readonly word: string }>(
    ({ word }) => `Ứng dụng chưa đăng ký quyền (scope) "${word}".`,
    ({ word }) => `The app has not registered the scope "${word}".`,
  ),
  challenge_required: phrase<{ readonly profile: string }>(
    ({ profile }) => `Thiếu code_challenge: cấu hình ${profile} bắt buộc dùng PKCE.`,
    ({ profile }) => `code_challenge is missing: the profile ${profile} requires PKCE.`,
  ),
  challenge_missing: {
    vi: "Có code_challenge_method nhưng thiếu code_challenge.",
    en: "There was a code_challenge_method, but no code_challenge.",
  },
  challenge_method: phrase<{ readonly sent: string }>(
    ({ sent }) =>
      sent === ""
        ? "Thiếu code_challenge_method, tức là plain, mà plain không được phép."
        : `code_challenge_method là "${sent}"; chỉ nhận "S256".`,
    ({ sent }) =>
      sent === ""
        ? "code_challenge_method is missing, which means plain, and plain is not allowed."
        : `code_challenge_method was "${sent}"; only "S256" is allowed.`,
  ),
  challenge_malformed: phrase<{ readonly length: number }>(
    ({ length }) => `code_challenge dài ${length} ký tự, hoặc có ký tự ngoài base64url; phải đúng 43 ký tự base64url.`,
    ({ length }) =>
      `code_challenge had ${length} characters, or some outside base64url; it takes exactly 43 base64url characters.`,
  ),
  dpop_unsupported: { vi: "dpop_jkt chưa được hỗ trợ.", en: "dpop_jkt is not supported yet." },
  try_not_yours: {
    vi: "Địa chỉ của trang Chạy thử chỉ dùng được trong phiên đã bắt đầu lần thử đó.",
    en: "The address of the Try it page works only in the session that began the trial.",
  },
} satisfies Catalogue

type Advice = Readonly<Record<keyof typeof authorizeReasonMessages, Catalogue[string]>>

const registerExactly = {
  vi: "Gửi đúng từng ký tự địa chỉ đã đăng ký, hoặc đăng ký thêm địa chỉ này. Dấu / ở cuối, chữ hoa, http hay https đều tính.",
  en: "Send a registered address character by character, or register this one too. A slash at the end, capitals, and http or https all count.",
}
const dropIt = { vi: "Bỏ tham số này khỏi yêu cầu.", en: "Leave this parameter out." }

/** What the developer can do about it. */
export const authorizeAdviceMessages = {
  authorization_started: {
    vi: "Không cần làm gì. Nếu không có dòng kết quả sau đó thì người dùng đã đóng trang.",
    en: "Nothing needs doing. If no outcome follows, the user closed the page.",
  },
  authorization_approved: {
    vi: "Đổi mã lấy token ở /oauth/token trước khi mã hết hạn.",
    en: "Exchange the code at /oauth/token before it expires.",
  },
  authorization_known: {
    vi: "Muốn luôn hiện trang đồng ý, hãy gửi prompt=consent.",
    en: "To show the consent page every time, send prompt=consent.",
  },
  user_refused: {
    vi: "Hiện lời giải thích cho người dùng vì sao cần các quyền đó, rồi cho họ thử lại.",
    en: "Tell the user why the permissions are needed, and let them try again.",
  },
  app_suspended: {
    vi: "Xem lý do ở trang của ứng dụng và liên hệ người vận hành.",
    en: "Read the reason on the app's page and talk to the operator.",
  },
  app_not_approved: {
    vi: "Gửi ứng dụng để duyệt. Trước đó chỉ người dùng của công ty bạn kết nối được.",
    en: "Submit the app for review. Until then only users of your own company can connect.",
  },
  redirect_uri_missing: registerExactly,
  redirect_uri_repeated: { vi: "Gửi redirect_uri đúng một lần.", en: "Send redirect_uri exactly once." },
  redirect_uri_differs: registerExactly,
  request_uri_unsupported: dropIt,
  parameter_repeated: { vi: "Gửi mỗi tham số đúng một lần.", en: "Send each parameter exactly once." },
  parameter_missing: { vi: "Gửi kèm tham số này.", en: "Send this parameter." },
  response_type_wrong: { vi: "Gửi response_type=code.", en: "Send response_type=code." },
  response_mode_wrong: dropIt,
  request_object_unsupported: dropIt,
  code_flow_off: {
    vi: "Hỏi người vận hành vì sao luồng này bị tắt.",
    en: "Ask the operator why it was switched off.",
  },
  state_too_long: {
    vi: "Giữ dữ liệu trong phiên của bạn, chỉ gửi một mã ngắn trong state.",
    en: "Keep the data in your own session and send only a short key as state.",
  },
  scope_unknown: {
    vi: "Kiểm tra chính tả; tên quyền phân biệt chữ hoa chữ thường và dùng dấu gạch ngang, ví dụ bank-account:read.",
    en: "Check the spelling; scopes are case-sensitive and have a hyphen, as in bank-account:read.",
  },
  scope_not_registered: {
    vi: "Thêm quyền này vào ứng dụng, hoặc không yêu cầu nó nữa.",
    en: "Add the scope to the app, or stop asking for it.",
  },
  challenge_required: {
    vi: "Tạo code_verifier ngẫu nhiên, gửi SHA-256 base64url của nó làm code_challenge, với code_challenge_method=S256.",
    en: "Make a random code_verifier and send its SHA-256 in base64url as code_challenge, with code_challenge_method=S256.",
  },
  challenge_missing: {
    vi: "Gửi code_challenge, hoặc bỏ cả hai tham số nếu không dùng PKCE.",
    en: "Send code_challenge too, or neither of them if you do without PKCE.",
  },
  challenge_method: { vi: "Gửi code_challenge_method=S256.", en: "Send code_challenge_method=S256." },
  challenge_malformed: {
    vi: "Lấy SHA-256 của code_verifier, mã hóa base64url và bỏ dấu = ở cuối.",
    en: "Take the SHA-256 of the code_verifier, encode it in base64url and drop the = at the end.",
  },
  dpop_unsupported: dropIt,
  try_not_yours: {
    vi: "Mở lại trang Chạy thử của ứng dụng và bắt đầu từ đó. Nếu không phải bạn thì không cần làm gì.",
    en: "Open the app's Try it page and begin there. If it was not you, nothing needs doing.",
  },
} satisfies Advice
