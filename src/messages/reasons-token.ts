import { formatVietnamTime } from "../vietnam-time.ts"
import type { Catalogue } from "./catalogue.ts"
import { phrase, speak } from "./catalogue.ts"
import { elapsedText } from "./elapsed.ts"
import type { TextDifference } from "./reasons-authorize.ts"

/** A moment, Unix ms, and how long before the call it was, ms. */
export interface Ago {
  readonly at: number
  readonly agoMs: number
}

/** When and by whom something ended. */
export interface Ending extends Ago {
  readonly why: string
}

/** Why a grant or a token family ended, by the reasons that their rows keep. */
export const endReasonMessages = {
  revoked_by_user: { vi: "người dùng đã thu hồi quyền", en: "the user revoked the access" },
  revoked_by_client: { vi: "ứng dụng đã gọi /oauth/revoke", en: "the app called /oauth/revoke" },
  code_replay: { vi: "một mã cấp quyền bị dùng lại", en: "an authorization code was used again" },
  refresh_reuse: { vi: "một refresh token cũ bị dùng lại", en: "an old refresh token was used again" },
  app_deleted: { vi: "ứng dụng đã bị xóa", en: "the app was deleted" },
  app_changed: {
    vi: "cấu hình hoặc loại của ứng dụng đã đổi",
    en: "the profile or type of the app was changed",
  },
  trial_over: { vi: "lần chạy thử đã kết thúc", en: "the trial was over" },
} satisfies Catalogue

function whyText(why: string, language: "vi" | "en"): string {
  return (speak(endReasonMessages, language) as Readonly<Record<string, string>>)[why] ?? why
}

function time(at: number): string {
  return formatVietnamTime(at as Parameters<typeof formatVietnamTime>[0])
}

const used = phrase<Ending>(
  ({ at, agoMs, why }) => `${time(at)} (${elapsedText(agoMs, "vi")} trước): ${whyText(why, "vi")}.`,
  ({ at, agoMs, why }) => `${time(at)} (${elapsedText(agoMs, "en")} ago): ${whyText(why, "en")}.`,
)

/** Why calls of /oauth/token and /oauth/revoke were refused, for the app's developer. contract/oauth.md §6, §8, §9. */
export const tokenReasonMessages = {
  content_type_wrong: {
    vi: "Content-Type không phải application/x-www-form-urlencoded.",
    en: "Content-Type was not application/x-www-form-urlencoded.",
  },
  parameter_in_query: phrase<{ readonly parameter: string }>(
    ({ parameter }) => `Tham số ${parameter} nằm trong địa chỉ (query), không nằm trong thân yêu cầu.`,
    ({ parameter }) => `The parameter ${parameter} was in the query string, not in the body.`,
  ),
  grant_type_unsupported: phrase<{ readonly sent: string }>(
    ({ sent }) => `grant_type "${sent}" không được hỗ trợ.`,
    ({ sent }) => `grant_type "${sent}" is not supported.`,
  ),
  authentication_doubled: {
    vi: "Yêu cầu dùng hai cách xác thực ứng dụng cùng lúc.",
    en: "Two ways of client authentication were used at once.",
  },
  client_ids_differ: {
    vi: "client_id trong thân yêu cầu khác client_id trong header Authorization.",
    en: "The client_id of the body differs from the one of the Authorization header.",
  },
  assertion_unsupported: { vi: "private_key_jwt chưa được hỗ trợ.", en: "private_key_jwt is not available yet." },
  secret_missing: { vi: "Thiếu client_secret.", en: "client_secret is missing." },
  secret_unexpected: {
    vi: "Ứng dụng công khai (public) không có secret, mà yêu cầu lại gửi secret.",
    en: "A public app has no secret, yet one was sent.",
  },
  secret_malformed: {
    vi: "client_secret bị sai dạng: có ký tự thiếu, thừa hoặc gõ nhầm.",
    en: "client_secret is malformed: characters are missing, too many, or mistyped.",
  },
  secret_wrong: {
    vi: "client_secret đúng dạng nhưng không phải của ứng dụng này, hoặc đã bị xóa.",
    en: "client_secret has the right form but is not this app's, or was removed.",
  },
  secret_expired: phrase<Ago & { readonly ending: string }>(
    ({ at, agoMs, ending }) =>
      `client_secret kết thúc bằng …${ending} đã hết hạn lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước).`,
    ({ at, agoMs, ending }) =>
      `The client_secret ending in …${ending} expired at ${time(at)} (${elapsedText(agoMs, "en")} ago).`,
  ),
  rate_client: {
    vi: "Ứng dụng gọi vượt giới hạn tần suất của các endpoint OAuth.",
    en: "The app called more often than the limit of the OAuth endpoints allows.",
  },
  code_malformed: {
    vi: "code bị sai dạng: có ký tự thiếu, thừa hoặc gõ nhầm.",
    en: "The code is malformed: characters are missing, too many, or mistyped.",
  },
  code_unknown: {
    vi: "Không có mã này; mã đã hết hạn quá một ngày cũng bị xóa.",
    en: "There is no such code; one that expired over a day ago is gone too.",
  },
  code_of_other_client: {
    vi: "Mã này được cấp cho một ứng dụng khác.",
    en: "This code was issued to another app.",
  },
  redirect_uri_not_as_authorized: phrase<TextDifference>(
    ({ sent, expected, position }) =>
      `redirect_uri khác với lúc xin mã từ ký tự thứ ${position}: cần "${expected}", nhận được "${sent}".`,
    ({ sent, expected, position }) =>
      `redirect_uri differs from the authorization request at character ${position}: expected "${expected}", got "${sent}".`,
  ),
  verifier_unexpected: {
    vi: "Có code_verifier, nhưng lúc xin mã không gửi code_challenge.",
    en: "There was a code_verifier, but no code_challenge in the authorization request.",
  },
  verifier_missing: {
    vi: "Thiếu code_verifier, trong khi lúc xin mã đã gửi code_challenge.",
    en: "code_verifier is missing, though the authorization request had a code_challenge.",
  },
  verifier_length: phrase<{ readonly length: number }>(
    ({ length }) => `code_verifier dài ${length} ký tự; phải từ 43 đến 128.`,
    ({ length }) => `code_verifier has ${length} characters; it takes 43 to 128.`,
  ),
  verifier_characters: phrase<{ readonly position: number }>(
    ({ position }) => `code_verifier có ký tự không được phép ở vị trí ${position}.`,
    ({ position }) => `code_verifier has a character that is not allowed, at position ${position}.`,
  ),
  verifier_mismatch: {
    vi: "SHA-256 của code_verifier không khớp code_challenge đã gửi lúc xin mã.",
    en: "The SHA-256 of code_verifier is not the code_challenge of the authorization request.",
  },
  code_expired: phrase<Ago & { readonly lifetimeSeconds: number }>(
    ({ agoMs, lifetimeSeconds }) =>
      `Mã đã hết hạn ${elapsedText(agoMs, "vi")} trước; mã có hiệu lực ${elapsedText(lifetimeSeconds * 1000, "vi")}.`,
    ({ agoMs, lifetimeSeconds }) =>
      `The code expired ${elapsedText(agoMs, "en")} ago; a code lives ${elapsedText(lifetimeSeconds * 1000, "en")}.`,
  ),
  code_used: phrase<Ago>(
    ({ at, agoMs }) =>
      `Mã này đã được dùng lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước). Các token từ lần đó đã bị thu hồi.`,
    ({ at, agoMs }) =>
      `This code was used at ${time(at)} (${elapsedText(agoMs, "en")} ago). The tokens of that time were revoked.`,
  ),
  grant_ended: phrase<Ending>(
    (ending) => `Quyền truy cập đã kết thúc lúc ${used.vi(ending)}`,
    (ending) => `The access ended at ${used.en(ending)}`,
  ),
  family_ended: phrase<Ending>(
    (ending) => `Chuỗi token này đã bị thu hồi lúc ${used.vi(ending)}`,
    (ending) => `This chain of tokens was revoked at ${used.en(ending)}`,
  ),
  owner_inactive: {
    vi: "Người dùng đã đồng ý, hoặc công ty của họ, không còn hoạt động.",
    en: "The user who gave consent, or their company, is not active any more.",
  },
  nothing_left: {
    vi: "Không còn quyền (scope) nào: người dùng đã thu hẹp, hoặc ứng dụng đã bỏ các quyền đó.",
    en: "No scope is left: the user narrowed the access, or the app gave those scopes up.",
  },
  refresh_malformed: {
    vi: "refresh_token bị sai dạng: có ký tự thiếu, thừa hoặc gõ nhầm.",
    en: "The refresh_token is malformed: characters are missing, too many, or mistyped.",
  },
  refresh_unknown: {
    vi: "Không có refresh_token này; chuỗi đã hết hạn từ lâu cũng bị xóa.",
    en: "There is no such refresh_token; chains that ended long ago are gone too.",
  },
  refresh_of_other_client: {
    vi: "refresh_token này được cấp cho một ứng dụng khác.",
    en: "This refresh_token was issued to another app.",
  },
  family_over: phrase<Ago>(
    ({ at, agoMs }) => `Chuỗi token đã đến hạn cuối lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước).`,
    ({ at, agoMs }) => `The chain of tokens reached its end at ${time(at)} (${elapsedText(agoMs, "en")} ago).`,
  ),
  refresh_expired: phrase<Ago>(
    ({ at, agoMs }) => `refresh_token đã hết hạn lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước).`,
    ({ at, agoMs }) => `The refresh_token expired at ${time(at)} (${elapsedText(agoMs, "en")} ago).`,
  ),
  refresh_scope_unknown: phrase<{ readonly word: string }>(
    ({ word }) => `Không có quyền (scope) nào tên "${word}".`,
    ({ word }) => `There is no scope "${word}".`,
  ),
  refresh_scope_wider: phrase<{ readonly word: string }>(
    ({ word }) => `Quyền (scope) "${word}" không có trong lần cấp quyền ban đầu.`,
    ({ word }) => `The scope "${word}" was not part of what was granted.`,
  ),
  refresh_replayed: phrase<{
    readonly generation: number
    readonly current: number
    readonly at: number
    readonly agoMs: number
  }>(
    ({ generation, current, at, agoMs }) =>
      `refresh_token thứ ${generation} của chuỗi bị dùng lại, trong khi token thứ ${current} được cấp lúc ${time(at)} (${elapsedText(agoMs, "vi")} trước). Cả chuỗi đã bị thu hồi.`,
    ({ generation, current, at, agoMs }) =>
      `Refresh token no. ${generation} of the chain was used again, though no. ${current} was issued at ${time(at)} (${elapsedText(agoMs, "en")} ago). The whole chain was revoked.`,
  ),
  refresh_other_scope: {
    vi: "Lần gọi lặp lại phải gửi đúng scope của lần đầu.",
    en: "A repeated refresh must send the same scope as the first.",
  },
  rotation_key_gone: {
    vi: "Không lặp lại được câu trả lời vì khóa máy chủ đã được thay.",
    en: "The answer cannot be repeated, because the server key was replaced.",
  },
  token_of_other_client: { vi: "Token này thuộc một ứng dụng khác.", en: "The token belongs to another app." },
} satisfies Catalogue
