import { type Html, html } from "../../http/html.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"

/** A moment to the second as the API writes it, so that it can be compared with one's own log: `2026-06-01 08:15:42`. */
export function exactMoment(at: Parameters<typeof formatVietnamTime>[0]): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${formatVietnamTime(at)}</time>`
}
