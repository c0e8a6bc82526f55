/** A cookie of ours: never for scripts, never for other sites' posts. */
export interface CookieSettings {
  readonly name: string
  readonly value: string
  /** Absent: until the browser closes. 0: remove it. */
  readonly maxAgeSeconds?: number
  /** Whether the site is https; the `__Host-` prefix then holds (RFC 6265bis §4.1.3.2). */
  readonly secure: boolean
}

/** The name with the `__Host-` prefix on https, plain on http (loopback), where browsers refuse the prefix. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name
}

/** A `Set-Cookie` value: Path=/, HttpOnly, SameSite=Lax, Secure on https. `name` goes without prefix. */
export function formatCookie({ name, value, maxAgeSeconds, secure }: CookieSettings): string {
  const age = maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`
  return `${cookieName(name, secure)}=${value}; Path=/; HttpOnly; SameSite=Lax${age}${secure ? "; Secure" : ""}`
}

/** The value of one cookie of a `Cookie` header; of several with that name the first, as browsers send the closest first. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const mark = pair.indexOf("=")
    if (mark > 0 && pair.slice(0, mark).trim() === name) return pair.slice(mark + 1).trim()
  }
  return undefined
}
