import type { Clock, Instant } from "../clock.ts"
import { instantAfter } from "../clock.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { Outbound, OutboundResult } from "../outbound/outbound.ts"
import { errorCodeOf } from "./attempt-class.ts"
import {
  customRequest,
  type Dialect,
  type FetchedToken,
  readToken,
  standardRequest,
  type TokenCredentials,
} from "./token-dialect.ts"

const renewBeforeMs = 10_000
const mostRemembered = 1000

/** Where a webhook's token comes from (contract/webhooks.md §2.4). */
export interface TokenRequest extends TokenCredentials {
  readonly webhookId: WebhookId
  /** A token of another configuration is not used. */
  readonly configVersion: number
  readonly tenant: string
  readonly mode: Mode
  /** The dialect that worked last, as far as the webhook knows. */
  readonly dialect: Dialect | undefined
}

/** A token for one call, or why there is none: then the webhook's own URL is not called. */
export type TokenAnswer =
  | { readonly kind: "token"; readonly token: string; readonly dialect: Dialect }
  | { readonly kind: "failed"; readonly errorCode: number; readonly message: string; readonly blocked: boolean }

/** Tokens towards receivers, kept in memory (contract/webhooks.md §2.4). */
export interface ReceiverTokens {
  /** The token that is good for at least ten more seconds; calls at once for one webhook share one fetch. */
  obtain(request: TokenRequest): Promise<TokenAnswer>
  /** Forgets a token that the receiver did not take. */
  drop(webhookId: WebhookId): void
}

interface Kept extends FetchedToken {
  readonly expiresAt: Instant
  readonly configVersion: number
  readonly dialect: Dialect
}

type Attempt = { readonly kind: "token"; readonly fetched: FetchedToken } | Unobtained

type Unobtained =
  /** It answered, but not with a token. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "unreachable"; readonly answer: Extract<TokenAnswer, { kind: "failed" }> }

/** Makes the tokens of one process; every call passes the guard. */
export function createReceiverTokens(parts: { readonly outbound: Outbound; readonly clock: Clock }): ReceiverTokens {
  const { outbound, clock } = parts
  const kept = new Map<WebhookId, Kept>()
  const fetching = new Map<string, Promise<TokenAnswer>>()

  async function ask(request: TokenRequest, dialect: Dialect, refreshToken?: string): Promise<Attempt> {
    const render = dialect === "standard" ? standardRequest : customRequest
    const { tenant, mode, accessTokenUrl: url } = request
    const result = await outbound.request({ method: "POST", url, tenant, mode, ...render(request, refreshToken) })
    return toAttempt(result, dialect)
  }

  async function fetchToken(request: TokenRequest): Promise<TokenAnswer> {
    const known = kept.get(request.webhookId)
    kept.delete(request.webhookId)
    if (known?.configVersion === request.configVersion && known.refreshToken !== undefined) {
      const renewed = await ask(request, known.dialect, known.refreshToken)
      if (renewed.kind === "token") return keep(request, known.dialect, renewed.fetched)
    }
    const first = known?.dialect ?? request.dialect ?? "standard"
    const tried = await ask(request, first)
    if (tried.kind === "token") return keep(request, first, tried.fetched)
    if (tried.kind === "unreachable") return tried.answer
    const second: Dialect = first === "standard" ? "custom" : "standard"
    const last = await ask(request, second)
    if (last.kind === "token") return keep(request, second, last.fetched)
    if (last.kind === "unreachable") return last.answer
    const message = `The token endpoint gave no access token: ${first}: ${tried.message}; ${second}: ${last.message}.`
    return { kind: "failed", errorCode: 0, message, blocked: false }
  }

  function keep(request: TokenRequest, dialect: Dialect, fetched: FetchedToken): TokenAnswer {
    const { webhookId, configVersion } = request
    const expiresAt = instantAfter(clock.now(), fetched.lifetimeSeconds * 1000)
    kept.delete(webhookId)
    if (kept.size >= mostRemembered) {
      const oldest = kept.keys().next().value
      if (oldest !== undefined) kept.delete(oldest)
    }
    kept.set(webhookId, { ...fetched, expiresAt, configVersion, dialect })
    return { kind: "token", token: fetched.accessToken, dialect }
  }

  return {
    obtain: (request) => {
      const known = kept.get(request.webhookId)
      const isFresh = known !== undefined && known.configVersion === request.configVersion
      if (isFresh && known.expiresAt - clock.now() >= renewBeforeMs) {
        return Promise.resolve({ kind: "token", token: known.accessToken, dialect: known.dialect })
      }
      const key = `${request.webhookId} ${request.configVersion}`
      const running = fetching.get(key)
      if (running !== undefined) return running
      const started = fetchToken(request).finally(() => fetching.delete(key))
      fetching.set(key, started)
      return started
    },
    drop: (webhookId) => void kept.delete(webhookId),
  }
}

function toAttempt(result: OutboundResult, dialect: Dialect): Attempt {
  if (result.kind === "failed") {
    const { failure } = result
    const message = `The token endpoint: ${result.message}`
    const answer = { kind: "failed", errorCode: errorCodeOf(failure), message, blocked: failure === "blocked" } as const
    return { kind: "unreachable", answer }
  }
  const { response, bodyEnd } = result
  const fetched = bodyEnd === "complete" ? readToken(dialect, response) : "its answer is too long"
  return typeof fetched === "string" ? { kind: "refused", message: fetched } : { kind: "token", fetched }
}
