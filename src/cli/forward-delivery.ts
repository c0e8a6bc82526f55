import { systemClock } from "../clock.ts"
import { formatVietnamTime } from "../vietnam-time.ts"

// As long as a receiver has (contract/webhooks.md §4).
const answerWithinMs = 30_000
// A stream that is made anew repeats what came in the last seconds.
const mostRemembered = 20_000

/** Hands deliveries on to the developer's own program, one after the other. */
export interface Forwarder {
  /** Takes the data of a `delivery` event; one that came before is passed over. */
  forward(data: string): Promise<void>
  counts(): { readonly forwarded: number; readonly failed: number }
}

interface DeliveryEvent {
  readonly log_id: number
  readonly webhook_id: number
  readonly delivery_id: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body_base64: string
  readonly masked: readonly string[]
}

export interface ForwarderParts {
  readonly url: string
  readonly signal: AbortSignal
  say(line: string): void
}

export function createForwarder({ url, signal, say }: ForwarderParts): Forwarder {
  const known = new Set<number>()
  let forwarded = 0
  let failed = 0

  function isNew(n: number): boolean {
    if (known.has(n)) return false
    known.add(n)
    const oldest = known.values().next().value
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest)
    return true
  }

  async function forward(data: string): Promise<void> {
    const event = JSON.parse(data) as DeliveryEvent
    if (!isNew(event.log_id)) return
    const { postForward } = await import("../outbound/local-forward.ts")
    const startedAt = performance.now()
    const body = Buffer.from(event.body_base64, "base64")
    const result = await postForward({ url, headers: event.headers, body }, { timeoutMs: answerWithinMs, signal })
    if (signal.aborted) return
    const ms = Math.round(performance.now() - startedAt)
    if (result.kind === "answered") forwarded++
    else failed++
    const outcome = result.kind === "answered" ? `HTTP ${result.status}` : `failed: ${result.message}`
    const missing = event.masked.length === 0 ? "" : `  without ${event.masked.join(", ")}`
    const time = formatVietnamTime(systemClock.now())
    say(`${time}  webhook ${event.webhook_id}  delivery ${event.delivery_id}  ${outcome}  ${ms} ms${missing}`)
  }

  return { forward, counts: () => ({ forwarded, failed }) }
}
