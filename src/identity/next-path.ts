const longestPath = 4096
const printable = /^\/(?!\/)[!-[\]-~]*$/
const anywhere = "http://sepay.invalid"

/**
 * Where to go after a sign-in: the path that was asked for if it surely stays on this site, else `/`. It must be one
 * printable ASCII path with query: no scheme, no host, no backslash, no control character (browsers drop tabs and line
 * breaks, and read a backslash as a slash).
 */
export function safeNextPath(text: string | undefined): string {
  if (text === undefined || text.length > longestPath || !printable.test(text)) return "/"
  const url = URL.parse(text, anywhere)
  if (url === null || url.origin !== anywhere || url.pathname.startsWith("//")) return "/"
  return text
}
