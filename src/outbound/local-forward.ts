import type { Readable } from "node:stream"

// The server says every 15 s that it lives.
const silentForMs = 45_000
const answerWithinMs = 10_000
const longestRefusal = 4096

/** A line of events that a server sends as they come, or what it answered instead. */
export type OpenedStream =
  | { readonly kind: "open"; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly kind: "refused"; readonly status: number; readonly body: string }

/**
 * Opens the event stream of a platform that the caller of `./sepay listen` named: not a URL of somebody else, so the guard
 * of addresses has no say (docs/decisions/0012-outbound-guard.md). Rejects when it cannot be reached.
 */
export async function openEventStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<OpenedStream> {
  const { request } = await import("undici")
  const options = { headers, signal, headersTimeout: answerWithinMs, bodyTimeout: silentForMs }
  const { statusCode, body } = await request(url, options)
  if (statusCode === 200) return { kind: "open", chunks: body }
  return { kind: "refused", status: statusCode, body: await readStart(body) }
}

async function readStart(body: Readable): Promise<string> {
  let text = ""
  for await (const chunk of body.setEncoding("utf8")) {
    text += chunk
    if (text.length > longestRefusal) break
  }
  return text.slice(0, longestRefusal)
}

/** What a program on the developer's machine answered. */
export type ForwardResult =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "failed"; readonly message: string }

export interface ForwardedRequest {
  readonly url: string
  /** As the receiver got them; those that the connection makes are left out. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/**
 * Posts a copy of a delivery to the machine of the developer, who named the URL. Never rejects, and follows no redirect.
 */
export async function postForward(
  { url, headers, body }: ForwardedRequest,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ForwardResult> {
  const { request } = await import("undici")
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const answer = await request(url, { method: "POST", headers: headers.flat(), body, signal: limit })
    await answer.body.dump()
    return { kind: "answered", status: answer.statusCode }
  } catch (error) {
    return { kind: "failed", message: describeConnectionError(error) }
  }
}

/** Why a connection of the two above failed, in one line. */
export function describeConnectionError(error: unknown): string {
  const { name, code, message, errors } = error as Error & { code?: string; errors?: readonly Error[] }
  if (name === "TimeoutError") return "no answer in time"
  // A name with several addresses fails with the failures of all of them.
  return message || errors?.[0]?.message || code || name
}
