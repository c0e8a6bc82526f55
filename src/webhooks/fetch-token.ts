import { type Clock, type Instant, instantAfter } from "../clock.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { Outbound, OutboundResult, OutboundTimings } from "../outbound/outbound.ts"
import { errorCodeOf } from "./attempt-class.ts"
import { type Dialect, makeTokenRequest, readTokenAnswer, type TokenCredentials } from "./token-dialect.ts"

/** Whose token is wanted, and where it is fetched. */
export interface TokenRequest extends TokenCredentials {
  readonly webhookId: WebhookId
  readonly configVersion: number
  /** Connections are kept apart by tenant: the company's id. */
  readonly tenant: string
  readonly mode: Mode
  readonly accessTokenUrl: string
  /** The stored one that worked last. */
  readonly dialect: Dialect | undefined
}

/** A token, and how it was obtained. */
export interface FetchedToken {
  readonly kind: "fetched"
  readonly dialect: Dialect
  readonly token: string
  readonly expiresAt: Instant
  readonly refreshToken: string | undefined
}

/** Why there is no token; the webhook's own URL is then not called (contract/webhooks.md §2.4). */
export interface FailedToken {
  readonly kind: "failed"
  /** As the cause, for class `oauth_token`; 0 when there was an answer (contract/webhooks.md §4). */
  readonly errorCode: number
  /** English, one line, without secrets. */
  readonly message: string
  /** The guard refused the token URL: the attempt is `blocked`. */
  readonly blocked: boolean
  /** Of the last call. */
  readonly timings: OutboundTimings
}

/** What tokens are fetched with. */
export interface TokenTools {
  readonly outbound: Outbound
  readonly clock: Clock
}

/** One call of a token endpoint. */
interface TokenCall {
  readonly dialect: Dialect
  readonly refreshToken?: string
}

/**
 * Fetches a token: refreshes `known`, and where that is impossible or fails begins from scratch, in one dialect and then,
 * if there was an answer, in the other (contract/webhooks.md §2.4).
 *
 * @param known of the same configuration
 */
export async function fetchToken(
  tools: TokenTools,
  request: TokenRequest,
  known: FetchedToken | undefined,
): Promise<FetchedToken | FailedToken> {
  if (known?.refreshToken !== undefined) {
    const { dialect, refreshToken } = known
    const refreshed = await callTokenEndpoint(tools, request, { dialect, refreshToken })
    if (refreshed.kind === "fetched") return refreshed
  }
  const dialect = request.dialect ?? "standard"
  const first = await callTokenEndpoint(tools, request, { dialect })
  if (first.kind !== "refused") return first // A server that cannot be reached speaks neither.
  const second = await callTokenEndpoint(tools, request, { dialect: dialect === "standard" ? "custom" : "standard" })
  if (second.kind !== "refused") return second
  const message = `No access token: ${first.fault}; ${second.fault}.`
  return { kind: "failed", errorCode: 0, message, blocked: false, timings: second.timings }
}

interface Refused {
  readonly kind: "refused"
  readonly fault: string
  readonly timings: OutboundTimings
}

async function callTokenEndpoint(
  { outbound, clock }: TokenTools,
  request: TokenRequest,
  { dialect, refreshToken }: TokenCall,
): Promise<FetchedToken | FailedToken | Refused> {
  const askedAt = clock.now()
  const { accessTokenUrl: url, tenant, mode } = request
  const rendered = makeTokenRequest(dialect, request, refreshToken)
  const result = await outbound.request({ method: "POST", url, tenant, mode, ...rendered })
  if (result.kind === "failed") return failedCall(result)
  const { response, bodyEnd, timings } = result
  const read = bodyEnd === "too_large" ? "a body larger than 64 KiB" : readTokenAnswer(dialect, response)
  if (typeof read === "string") return { kind: "refused", fault: `the ${dialect} request got ${read}`, timings }
  return {
    kind: "fetched",
    dialect,
    token: read.token,
    // Counted from before the request, so that no token is believed to live longer than it does.
    expiresAt: instantAfter(askedAt, Math.floor(read.lifetimeSeconds * 1000)),
    // A refresh may leave the refresh token as it was. RFC 6749 §6.
    refreshToken: read.refreshToken ?? refreshToken,
  }
}

function failedCall({ failure, message, timings }: Extract<OutboundResult, { kind: "failed" }>): FailedToken {
  return {
    kind: "failed",
    errorCode: errorCodeOf(failure),
    message: `No access token: ${message}`,
    blocked: failure === "blocked",
    timings,
  }
}
