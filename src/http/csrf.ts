import { createHmac } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import { isLoopbackHost } from "../config.ts"
import { constantTimeEqual, type Keyring, keysOfId, type ServerKeys } from "../crypto/keyring.ts"

/**
 * The form token of whoever `binding` names (a session, or the browser of a sign-in form): key id, a dot, HMAC-SHA-256 in
 * base64url. Nothing is stored.
 */
export function formToken(keyring: Keyring, binding: string): string {
  return signedBy(keyring.current, binding)
}

/** Whether a form token was made for that binding, under any key of the ring. */
export function isFormToken(keyring: Keyring, binding: string, token: string | undefined): boolean {
  if (token === undefined) return false
  const keys = keysOfId(keyring, token.split(".", 1)[0] ?? "")
  return keys !== undefined && constantTimeEqual(signedBy(keys, binding), token)
}

function signedBy(keys: ServerKeys, binding: string): string {
  return `${keys.id}.${createHmac("sha256", keys.form).update(binding).digest("base64url")}`
}

/**
 * Whether a post comes from a page of this site, as far as the browser says.
 *
 * `Origin: null` says nothing: our own pages send it, because of their `Referrer-Policy: no-referrer`; then `Sec-Fetch-Site`
 * and the form token decide.
 */
export function isOwnPost(headers: IncomingHttpHeaders, siteUrl: string): boolean {
  const fetchSite = headers["sec-fetch-site"]
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none") return false
  const { origin } = headers
  return origin === undefined || origin === "null" || origin === siteUrl || isOtherLoopbackName(headers, siteUrl)
}

// A site on this machine is also reached as 127.0.0.1 when its URL says localhost: then page and post share their host.
function isOtherLoopbackName({ origin, host }: IncomingHttpHeaders, siteUrl: string): boolean {
  const from = URL.parse(origin ?? "")
  const site = URL.parse(siteUrl)
  if (from === null || site === null) return false
  return (
    isLoopbackHost(site.hostname) &&
    isLoopbackHost(from.hostname) &&
    from.protocol === site.protocol &&
    from.host === host
  )
}
