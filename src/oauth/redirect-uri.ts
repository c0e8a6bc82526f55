import type { Profile } from "./protocol.ts"

const maximumLength = 2000
const ourQueryNames = ["code", "state", "iss", "error", "error_description"]
const loopbackHosts = new Set(["127.0.0.1", "[::1]", "localhost"])
const loopbackPrefix = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(?=[/?]|$)/

/**
 * Whether a redirect URI as sent is a registered one: equal character by character, but for the port of an http
 * loopback URI (RFC 8252 §7.3, contract/oauth.md §5).
 */
export function isRegisteredRedirectUri(registered: readonly string[], sent: string): boolean {
  if (registered.includes(sent)) return true
  const bare = withoutLoopbackPort(sent)
  return bare !== undefined && registered.some((uri) => withoutLoopbackPort(uri) === bare)
}

function withoutLoopbackPort(uri: string): string | undefined {
  const match = loopbackPrefix.exec(uri)
  if (match === null || Number(match[2]?.slice(1) ?? 80) > 65_535) return undefined
  return `http://${match[1]}${uri.slice(match[0].length)}`
}

/**
 * What is wrong with a redirect URI that an app wants to register (contract/oauth.md §15), or undefined.
 * `oauth21` also takes custom schemes, which contain a dot (RFC 8252 §7.1).
 */
export function redirectUriProblem(uri: string, profile: Profile): string | undefined {
  if (uri.length > maximumLength) return `is longer than ${maximumLength} characters`
  if (!/^[\x21-\x7e]+$/.test(uri)) return "has a space or a character outside ASCII"
  let url: URL
  try {
    url = new URL(uri)
  } catch {
    return "is not an absolute URI"
  }
  if (uri.includes("#")) return "has a fragment"
  if (url.username !== "" || url.password !== "") return "has user information"
  if (uri.includes("*")) return "has a wildcard"
  const taken = ourQueryNames.find((name) => url.searchParams.has(name))
  if (taken !== undefined) return `has the query name ${taken}, which the answer uses`
  return schemeProblem(url, profile)
}

function schemeProblem(url: URL, profile: Profile): string | undefined {
  if (url.protocol === "https:") return undefined
  if (url.protocol === "http:") return loopbackHosts.has(url.hostname) ? undefined : "must be https outside loopback"
  if (profile !== "oauth21") return "must be https, or http on a loopback host"
  return url.protocol.includes(".") ? undefined : "has a custom scheme without a dot"
}

/** Whether consent is always asked for: anybody on the machine can listen there (RFC 8252 §8.6). */
export function isUnverifiableRedirect(uri: string): boolean {
  return !uri.startsWith("https://")
}

/** Appends answer parameters with `?`, or `&` when the URI has a query, which stays as it is (contract/oauth.md §5). */
export function withAnswer(redirectUri: string, answer: readonly (readonly [name: string, encoded: string])[]): string {
  const query = answer.map(([name, encoded]) => `${name}=${encoded}`).join("&")
  if (!redirectUri.includes("?")) return `${redirectUri}?${query}`
  return /[?&]$/.test(redirectUri) ? redirectUri + query : `${redirectUri}&${query}`
}
