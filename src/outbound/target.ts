import { isIP } from "node:net"

/** Where a request goes, taken from the text of a URL. */
export interface Target {
  readonly secure: boolean
  /** Scheme, host and port as the URL standard writes them. */
  readonly origin: string
  /** Lower case, without brackets and without the final dot; an address if that is what the URL has. */
  readonly hostname: string
  readonly port: number
  /** Path and query, byte for byte as in the text. */
  readonly path: string
  /** The name belongs to a private network: only the operator's allow list can open it. */
  readonly isPrivateName: boolean
}

/** A target, or what is wrong with the text, as words that follow the name of a field. */
export type ParsedTarget =
  | { readonly target: Target; readonly problem?: never }
  | { readonly target?: never; readonly problem: string }

/** Scheme, authority, and the rest that is sent as it stands. */
const form = /^(https?):\/\/([^/?#]*)([^#]*)(#?)/i

/** Ports of protocols that could be spoken to by way of HTTP, above 1023. */
const refusedPorts: readonly (readonly [first: number, last: number])[] = [
  [1719, 1720],
  [1723, 1723],
  [2049, 2049],
  [3659, 3659],
  [4045, 4045],
  [4190, 4190],
  [5060, 5061],
  [6000, 6000],
  [6566, 6566],
  [6665, 6669],
  [6679, 6679],
  [6697, 6697],
  [10080, 10080],
]

/**
 * Reads a URL by the rules of contract/webhooks.md §8. The URL standard decides which host is meant, so that every
 * spelling of an address becomes the plain one; path and query stay as they were written, since the standard would
 * change them.
 */
export function parseTarget(text: string, { allowHttp }: { readonly allowHttp: boolean }): ParsedTarget {
  const wanted = `must be an absolute ${allowHttp ? "http or https" : "https"} URL`
  // Tabs and line ends would be dropped, and backslashes become slashes: another URL than the one that was written.
  if (/[\p{Cc}\s\\]/u.test(text)) return { problem: "must not contain spaces, control characters or backslashes" }
  const [, scheme = "", authority = "", rest = "", hash = ""] = form.exec(text) ?? []
  const secure = scheme.toLowerCase() === "https"
  if (authority === "" || (!secure && !allowHttp)) return { problem: wanted }
  if (hash !== "") return { problem: "must not contain a fragment" }
  if (authority.includes("@")) return { problem: "must not contain user information" }
  if (/^\[.*%/.test(authority)) return { problem: "must not contain a zone id" }
  if (/[^\x21-\x7e]/.test(rest)) return { problem: "must be percent-encoded after the host" }
  const url = parseUrl(`${scheme}://${authority}`)
  if (url === undefined) return { problem: wanted }
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port)
  if (!isUsualPort(port)) return { problem: "must have port 80, 443 or one above 1023 that is not reserved" }
  const hostname = url.hostname.replace(/^\[|\]$|\.$/g, "")
  if (!hostname.split(".").every((label) => label !== "")) return { problem: "must have a valid host name" }
  const path = rest.startsWith("/") ? rest : `/${rest}`
  return { target: { secure, origin: url.origin, hostname, port, path, isPrivateName: isPrivateName(hostname) } }
}

function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined
}

function isUsualPort(port: number): boolean {
  if (port === 80 || port === 443) return true
  return port >= 1024 && !refusedPorts.some(([first, last]) => port >= first && port <= last)
}

function isPrivateName(hostname: string): boolean {
  if (isIP(hostname) !== 0) return false
  return !hostname.includes(".") || /\.(localhost|local|internal|home\.arpa|onion)$/.test(hostname)
}
