import { type Html, html, noHtml } from "../../../http/html.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { attemptMessages } from "../../../messages/webhook-log.ts"
import type { Timings } from "./to-shown-attempt.ts"

interface Part {
  readonly name: "dns" | "connect" | "tls" | "wait" | "read" | "rest"
  readonly ms: number
}

/** The steps of a call as a bar, with the same in words. */
export function timingBar(timings: Timings, language: Language): Html {
  const words = speak(attemptMessages, language)
  const total = Math.max(1, timings.responseTimeMs)
  const parts = partsOf(timings)
  const text = parts.map(({ name, ms }) => `${words[name]} ${ms} ms`).join(", ")
  let begin = 0
  const bars = parts.map(({ name, ms }) => {
    const x = (begin / total) * 100
    begin += ms
    return html`<rect class="${`timing-${name}`}" x="${x.toFixed(2)}" y="0" width="${Math.max(0.4, (ms / total) * 100).toFixed(2)}" height="10"></rect>`
  })
  const isKept = timings.dnsMs === null && timings.connectMs === null && timings.firstByteMs !== null
  return html`<svg class="timing" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${words.timingsLabel(text)}">${bars}</svg>
<ul class="timing-legend">${parts.map(
    ({ name, ms }) =>
      html`<li><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="${`timing-${name}`}" width="10" height="10" rx="3"></rect></svg> ${words[name]} <strong>${ms} ms</strong></li>`,
  )}<li>${words.total} <strong>${timings.responseTimeMs} ms</strong></li></ul>${isKept ? html`<p class="hint">${words.kept}</p>` : noHtml}`
}

function partsOf({ dnsMs, connectMs, tlsMs, firstByteMs, responseTimeMs }: Timings): readonly Part[] {
  const opening: readonly Part[] = [
    { name: "dns", ms: dnsMs ?? 0 },
    { name: "connect", ms: connectMs ?? 0 },
    { name: "tls", ms: tlsMs ?? 0 },
  ]
  const opened = opening.reduce((sum, { ms }) => sum + ms, 0)
  const later: readonly Part[] =
    firstByteMs === null
      ? [{ name: "rest", ms: Math.max(0, responseTimeMs - opened) }]
      : [
          { name: "wait", ms: Math.max(0, firstByteMs - opened) },
          { name: "read", ms: Math.max(0, responseTimeMs - firstByteMs) },
        ]
  return [...opening, ...later].filter(({ ms }) => ms > 0)
}
