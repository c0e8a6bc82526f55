import type { OutboundResponse } from "../outbound/outbound.ts"

/** How a token endpoint is spoken to: RFC 6749 §4.4, or SePay's own JSON (contract/webhooks.md §2.4). */
export type Dialect = "standard" | "custom"

/** The client that a receiver gave us. */
export interface TokenCredentials {
  readonly accessTokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/** A call of a token endpoint. */
export interface RenderedTokenRequest {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/** What a good answer gave. */
export interface FetchedToken {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly lifetimeSeconds: number
}

const usualLifetimeSeconds = 3600
const common = [
  ["Accept", "application/json"],
  ["Accept-Encoding", "identity"],
  ["User-Agent", "SePayOAuth2-Webhooks/1"],
] as const

/** The standard call: the credentials in the form and as HTTP Basic, each form-encoded first (RFC 6749 §2.3.1). */
export function standardRequest(credentials: TokenCredentials, refreshToken?: string): RenderedTokenRequest {
  const { clientId, clientSecret } = credentials
  const grant =
    refreshToken === undefined
      ? { grant_type: "client_credentials" }
      : { grant_type: "refresh_token", refresh_token: refreshToken }
  const form = new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret })
  const pair = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString("base64")
  return {
    headers: [["Content-Type", "application/x-www-form-urlencoded"], ...common, ["Authorization", `Basic ${pair}`]],
    body: Buffer.from(form.toString()),
  }
}

function formEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1)
}

/** SePay's own call. */
export function customRequest(credentials: TokenCredentials, refreshToken?: string): RenderedTokenRequest {
  const { clientId, clientSecret } = credentials
  const body = { clientId, clientSecret, ...(refreshToken !== undefined && { refreshToken }) }
  return { headers: [["Content-Type", "application/json"], ...common], body: Buffer.from(JSON.stringify(body)) }
}

type Json = Readonly<Record<string, unknown>>

/** Reads an answer; text says why it is not good (contract/webhooks.md §2.4). */
export function readToken(dialect: Dialect, { status, body }: OutboundResponse): FetchedToken | string {
  if (status < 200 || status > 299) return `it answered ${status}`
  const answer = parseObject(body.toString("utf8"))
  if (answer === undefined) return "its answer is no JSON object"
  return dialect === "standard" ? readStandard(answer) : readCustom(answer)
}

function readStandard(answer: Json): FetchedToken | string {
  return toFetched(answer["access_token"], answer["refresh_token"], answer["expires_in"], "access_token")
}

function readCustom({ data }: Json): FetchedToken | string {
  if (typeof data !== "object" || data === null) return "its answer has no data"
  const { accessToken, refreshToken, expiredIn } = data as Json
  if (expiredIn === undefined || expiredIn === null) return "its answer has no data.expiredIn"
  return toFetched(accessToken, refreshToken, expiredIn, "data.accessToken")
}

function toFetched(token: unknown, refresh: unknown, lifetime: unknown, name: string): FetchedToken | string {
  if (typeof token !== "string" || token === "") return `its answer has no ${name}`
  if (!/^[\x21-\x7e]{1,8192}$/.test(token)) return `its ${name} is not up to 8192 visible ASCII characters`
  const seconds = typeof lifetime === "string" && lifetime.trim() !== "" ? Number(lifetime) : lifetime
  const isLifetime = typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0
  return {
    accessToken: token,
    refreshToken: typeof refresh === "string" && refresh !== "" ? refresh : undefined,
    // A year is longer than any token lives, and still a time that can be added.
    lifetimeSeconds: isLifetime ? Math.min(seconds, 31_536_000) : usualLifetimeSeconds,
  }
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}
