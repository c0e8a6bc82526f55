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

/** What of a redirect URI is wrong: the kind, and where it stands or which part it is. */
export type RedirectUriFault =
  | { readonly kind: "too_long"; readonly length: number }
  /** `at` counts characters from 0, `character` is the one that may not be there. */
  | { readonly kind: "character" | "wildcard" | "fragment"; readonly at: number; readonly character: string }
  | { readonly kind: "not_absolute" }
  /** `part`: what may not be there, as it was written. */
  | { readonly kind: "user_information" | "query_name"; readonly part: string }
  /** `part`: the host that is no loopback, or the scheme. */
  | { readonly kind: "http_host" | "scheme" | "scheme_without_dot"; readonly part: string }

/**
 * What is wrong with a redirect URI that an app wants to register (contract/oauth.md §15), or undefined.
 * `oauth21` also takes custom schemes, which contain a dot (RFC 8252 §7.1).
 */
export function findRedirectUriFault(uri: string, profile: Profile): RedirectUriFault | undefined {
  if (uri.length > maximumLength) return { kind: "too_long", length: uri.length }
  // The backslash too: browsers read it as a slash, so that what is registered is not where they go.
  const foreign = /[^\x21-\x5b\x5d-\x7e]/u.exec(uri)
  if (foreign !== null) return { kind: "character", at: foreign.index, character: foreign[0] }
  const url = URL.parse(uri)
  if (url === null || (isWeb(url) && !/^https?:\/\/[^/?#]/i.test(uri))) return { kind: "not_absolute" }
  const fragment = uri.indexOf("#")
  if (fragment >= 0) return { kind: "fragment", at: fragment, character: "#" }
  const userInformation = /^[^/]*\/\/([^/?#]*)@/.exec(uri)?.[1]
  if (userInformation !== undefined) return { kind: "user_information", part: `${userInformation}@` }
  const wildcard = uri.indexOf("*")
  if (wildcard >= 0) return { kind: "wildcard", at: wildcard, character: "*" }
  const taken = ourQueryNames.find((name) => url.searchParams.has(name))
  if (taken !== undefined) return { kind: "query_name", part: taken }
  return findSchemeFault(url, profile)
}

function isWeb(url: URL): boolean {
  return url.protocol === "https:" || url.protocol === "http:"
}

function findSchemeFault(url: URL, profile: Profile): RedirectUriFault | undefined {
  if (url.protocol === "https:") return undefined
  if (url.protocol === "http:") {
    return loopbackHosts.has(url.hostname) ? undefined : { kind: "http_host", part: url.hostname }
  }
  const scheme = url.protocol.slice(0, -1)
  if (profile !== "oauth21") return { kind: "scheme", part: scheme }
  return scheme.includes(".") ? undefined : { kind: "scheme_without_dot", part: scheme }
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
