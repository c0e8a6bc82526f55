import type { OutboundRequest, OutboundResponse } from "../outbound/outbound.ts"
import { formEncode, renderForm } from "./form-encoding.ts"

/** The two ways in which receivers hand out tokens (contract/webhooks.md §2.4). */
export type Dialect = "standard" | "custom"

/** Our credentials at the receiver. */
export interface TokenCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** A token that may be used. */
export interface IssuedToken {
  readonly token: string
  readonly lifetimeSeconds: number
  readonly refreshToken: string | undefined
}

const USUAL_LIFETIME_SECONDS = 3600
const LONGEST_LIFETIME_SECONDS = 365 * 86_400
const DECIMAL = /^[0-9]{1,15}$/
const VISIBLE_ASCII = /^[\x21-\x7e]{1,8192}$/
const OAUTH_ERROR = /^[\x21-\x7e]{1,64}$/

/** Renders the request for a token, from scratch or by a refresh token (contract/webhooks.md §2.4). */
export function makeTokenRequest(
  dialect: Dialect,
  client: TokenCredentials,
  refreshToken: string | undefined,
): Pick<OutboundRequest, "headers" | "body"> {
  return dialect === "standard" ? makeStandardRequest(client, refreshToken) : makeCustomRequest(client, refreshToken)
}

/** The credentials stand in the body and in the header, since servers read one or the other. RFC 6749 §2.3.1, §4.4.2, §6. */
function makeStandardRequest({ clientId, clientSecret }: TokenCredentials, refreshToken: string | undefined) {
  const grant: [string, string][] =
    refreshToken === undefined
      ? [["grant_type", "client_credentials"]]
      : [
          ["grant_type", "refresh_token"],
          ["refresh_token", refreshToken],
        ]
  const form = renderForm([...grant, ["client_id", clientId], ["client_secret", clientSecret]])
  const basic = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString("base64")
  const headers = [...makeHeaders("application/x-www-form-urlencoded"), ["Authorization", `Basic ${basic}`] as const]
  return { headers, body: Buffer.from(form) }
}

function makeCustomRequest({ clientId, clientSecret }: TokenCredentials, refreshToken: string | undefined) {
  const body = Buffer.from(JSON.stringify({ clientId, clientSecret, refreshToken }))
  return { headers: makeHeaders("application/json"), body }
}

function makeHeaders(contentType: string): readonly (readonly [string, string])[] {
  return [
    ["Content-Type", contentType],
    ["Accept", "application/json"],
    ["Accept-Encoding", "identity"],
    ["User-Agent", "SePayOAuth2-Webhooks/1"],
  ]
}

/**
 * Reads the answer to a token request (contract/webhooks.md §2.4).
 *
 * @returns a text when the answer is not good: what is wrong with it, without any value of the receiver but an `error`
 * code (RFC 6749 §5.2)
 */
export function readTokenAnswer(dialect: Dialect, response: OutboundResponse): IssuedToken | string {
  const answer = parseObject(response.body)
  if (response.status < 200 || response.status > 299) {
    const code = answer?.["error"]
    const said = typeof code === "string" && OAUTH_ERROR.test(code) ? ` (${code})` : ""
    return `status ${response.status}${said}`
  }
  if (answer === undefined) return `status ${response.status} without a JSON object`
  return dialect === "standard" ? readStandardAnswer(answer) : readCustomAnswer(answer)
}

type JsonObject = Readonly<Record<string, unknown>>

function readStandardAnswer(answer: JsonObject): IssuedToken | string {
  const fault = findTokenFault("access_token", answer["access_token"])
  return fault ?? makeToken(answer["access_token"], answer["expires_in"], answer["refresh_token"])
}

function readCustomAnswer(answer: JsonObject): IssuedToken | string {
  const data = toObject(answer["data"]) ?? {}
  const fault = findTokenFault("data.accessToken", data["accessToken"])
  if (fault !== undefined) return fault
  if (data["expiredIn"] === undefined || data["expiredIn"] === null) return "no data.expiredIn"
  return makeToken(data["accessToken"], data["expiredIn"], data["refreshToken"])
}

function findTokenFault(name: string, value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return `no ${name}`
  return VISIBLE_ASCII.test(value) ? undefined : `an ${name} that is not visible ASCII of at most 8192 characters`
}

function makeToken(token: unknown, lifetime: unknown, refreshToken: unknown): IssuedToken {
  // Some servers send the number as text.
  const seconds = typeof lifetime === "string" && DECIMAL.test(lifetime) ? Number(lifetime) : lifetime
  const isPositive = typeof seconds === "number" && seconds > 0
  return {
    token: token as string,
    lifetimeSeconds: isPositive ? Math.min(seconds, LONGEST_LIFETIME_SECONDS) : USUAL_LIFETIME_SECONDS,
    // One that could not be sent back is as good as none.
    refreshToken: typeof refreshToken === "string" && VISIBLE_ASCII.test(refreshToken) ? refreshToken : undefined,
  }
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    return toObject(JSON.parse(body.toString("utf8").replace(/^\ufeff/, "")))
  } catch {
    return undefined
  }
}

function toObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}
