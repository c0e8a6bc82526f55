import type { WebhookId } from "../ids.ts"
import { type FailedToken, type FetchedToken, fetchToken, type TokenRequest, type TokenTools } from "./fetch-token.ts"
import type { Dialect } from "./token-dialect.ts"

/** A token to be sent, or why there is none. */
export type TokenAnswer =
  | {
      readonly kind: "token"
      readonly token: string
      /** The dialect that worked, to be stored with the webhook. */
      readonly dialect: Dialect
    }
  | FailedToken

/** Tokens for webhooks with `OAuth2.0`, kept in the memory of this process (contract/webhooks.md §2.4). */
export interface ReceiverTokens {
  /**
   * Hands out a token with at least ten seconds left, or a fresh one; calls at once for one webhook share one fetch.
   *
   * Never rejects. The dialect that worked last in this process goes before the stored one.
   */
  obtain(request: TokenRequest): Promise<TokenAnswer>
  /**
   * Forgets the webhook's token, since its URL answered 401.
   *
   * @param token the one that was refused: if another was fetched meanwhile, that one is kept
   */
  drop(webhookId: WebhookId, token?: string): void
}

interface Entry {
  readonly configVersion: number
  readonly dialect: Dialect
  /** Undefined once dropped; the dialect stays known. */
  readonly known: FetchedToken | undefined
}

const MOST_ENTRIES = 2_000
const REFRESH_BEFORE_MS = 10_000

/** Makes the tokens of one process, none yet. */
export function createReceiverTokens(tools: TokenTools): ReceiverTokens {
  const entries = new Map<WebhookId, Entry>()
  const flights = new Map<string, Promise<TokenAnswer>>()

  const fly = async (request: TokenRequest, known: FetchedToken | undefined): Promise<TokenAnswer> => {
    const { webhookId, configVersion } = request
    const dialect = entries.get(webhookId)?.dialect ?? request.dialect
    const fetched = await fetchToken(tools, { ...request, dialect }, known)
    if (fetched.kind === "failed") return fetched
    remember(entries, webhookId, { configVersion, dialect: fetched.dialect, known: fetched })
    return { kind: "token", token: fetched.token, dialect: fetched.dialect }
  }

  return {
    obtain: async (request) => {
      const { webhookId, configVersion } = request
      const entry = entries.get(webhookId)
      const known = entry?.configVersion === configVersion ? entry.known : undefined
      if (known !== undefined && known.expiresAt - tools.clock.now() >= REFRESH_BEFORE_MS) {
        return { kind: "token", token: known.token, dialect: known.dialect }
      }
      const key = `${webhookId} ${configVersion}`
      const flight = flights.get(key) ?? fly(request, known).finally(() => flights.delete(key))
      flights.set(key, flight)
      return flight
    },
    drop: (webhookId, token) => {
      const entry = entries.get(webhookId)
      if (entry === undefined || (token !== undefined && entry.known?.token !== token)) return
      entries.set(webhookId, { ...entry, known: undefined })
    },
  }
}

function remember(entries: Map<WebhookId, Entry>, webhookId: WebhookId, entry: Entry): void {
  // A fetch for an older configuration that ends late must not replace the token of the newer one.
  if ((entries.get(webhookId)?.configVersion ?? 0) > entry.configVersion) return
  entries.delete(webhookId)
  entries.set(webhookId, entry)
  const [oldest] = entries.keys()
  if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest)
}
