/** Codes of API v1 (contract/api.md §4); `access_denied` only under `legacy_token_errors`. */
export type ApiErrorCode =
  | "invalid_request"
  | "invalid_token"
  | "expired_token"
  | "access_denied"
  | "insufficient_scope"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "gone"
  | "payload_too_large"
  | "unsupported_media_type"
  | "rate_limited"
  | "server_error"
  | "unavailable"

/** HTTP status of each code (contract/api.md §4). */
export const apiErrorStatus: Readonly<Record<ApiErrorCode, number>> = {
  invalid_request: 400,
  invalid_token: 401,
  expired_token: 401,
  access_denied: 401,
  insufficient_scope: 403,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  server_error: 500,
  unavailable: 503,
}

export interface ApiErrorDetails {
  /** Field or query name → what is wrong with it. */
  readonly errors?: Readonly<Record<string, readonly string[]>> | undefined
  readonly hint?: string | undefined
  readonly headers?: Readonly<Record<string, string | number>> | undefined
}

/** A refusal that belongs to the API itself; the description is English ASCII. What operations refuse is a `Refusal`. */
export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly details: ApiErrorDetails

  constructor(code: ApiErrorCode, description: string, details: ApiErrorDetails = {}) {
    super(description)
    this.name = "ApiError"
    this.code = code
    this.details = details
  }
}

/** Body of every error (contract/api.md §4). */
export function apiErrorBody({ code, message, details }: ApiError): string {
  const { errors, hint } = details
  return JSON.stringify({
    status: "error",
    error: code,
    error_description: message,
    message,
    messages: { error: message },
    ...(errors !== undefined && { errors }),
    ...(hint !== undefined && { hint }),
  })
}
