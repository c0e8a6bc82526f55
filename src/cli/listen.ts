import { setTimeout as sleep } from "node:timers/promises"
import { isLoopbackHost } from "../config.ts"
import { Refusal } from "../refusal.ts"
import { type Command, type Input, UsageError } from "./command.ts"
import { readEvents, type StreamEvent } from "./event-stream.ts"
import { createForwarder, type Forwarder } from "./forward-delivery.ts"

const firstPauseMs = 250
const longestPauseMs = 10_000

/** `./sepay listen`. */
export const listen: Command = {
  name: "listen",
  summary: "Brings a copy of each delivery of your test webhooks to this machine, until Ctrl-C",
  options: {
    forward: { kind: "text", value: "URL", help: "Where your program takes webhooks, on this machine", required: true },
    token: { kind: "text", value: "TOKEN", help: "Access token of a grant in test mode", required: true },
    url: { kind: "text", value: "URL", help: "The platform, http://localhost:3000 if absent" },
    "any-host": { kind: "flag", help: "Lets --forward be another machine than this" },
  },
  examples: ["./sepay listen --forward http://localhost:8080/hook --token eyJ… --url https://pay.example.com"],
  run: async (input) => {
    const forwardTo = readForwardUrl(input)
    const streamUrl = `${readPlatformUrl(input)}/api/v1/webhook-deliveries/stream`
    const stopping = new AbortController()
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort())
    const say = input.flag("json") ? input.progress : (line: string) => void process.stdout.write(`${line}\n`)
    const forwarder = createForwarder({ url: forwardTo, signal: stopping.signal, say })
    const connection = { url: streamUrl, token: input.requiredText("token"), signal: stopping.signal }
    await follow(connection, forwarder, { say, warn: input.progress })
    const { forwarded, failed } = forwarder.counts()
    const failures = failed === 0 ? "" : `, and ${failed} could not be`
    return { json: { forwarded, failed }, text: `${forwarded} deliveries were forwarded${failures}.` }
  },
}

function readForwardUrl(input: Input): string {
  const text = input.requiredText("forward")
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new UsageError(`--forward must be a URL such as http://localhost:8080/hook, not "${text}".`)
  }
  if (input.flag("any-host") || isLoopbackHost(url.hostname)) return text
  throw new UsageError(`--forward must be on this machine, not on ${url.hostname}: --any-host lifts that.`)
}

// The token goes there, so nobody on the way may read it.
function readPlatformUrl(input: Input): string {
  const text = input.text("url") ?? "http://localhost:3000"
  const url = URL.canParse(text) ? new URL(text) : undefined
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackHost(url.hostname))
  if (url !== undefined && secure && url.pathname === "/" && url.search === "") return url.origin
  throw new UsageError(`--url must be https://HOST, or http://localhost:PORT, without a path, not "${text}".`)
}

interface Connection {
  readonly url: string
  readonly token: string
  readonly signal: AbortSignal
}

interface Voices {
  say(line: string): void
  warn(line: string): void
}

/** Follows the stream until it is stopped; a lost connection is made anew, and goes on behind what came last. */
async function follow(connection: Connection, forwarder: Forwarder, voices: Voices): Promise<void> {
  const { signal } = connection
  const place: Place = { lastEventId: undefined }
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    const end = await followOnce(connection, place, forwarder, voices)
    if (signal.aborted) return
    if (end.kind === "final") throw new Refusal(end.reason, end.message)
    if (end.wasOpen) pauseMs = firstPauseMs
    voices.warn(`${end.message}; trying again`)
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

interface Place {
  lastEventId: string | undefined
}

type StreamEnd =
  | { readonly kind: "final"; readonly reason: "unauthenticated" | "forbidden" | "invalid"; readonly message: string }
  | { readonly kind: "lost"; readonly wasOpen: boolean; readonly message: string }

async function followOnce(
  { url, token, signal }: Connection,
  place: Place,
  forwarder: Forwarder,
  { say }: Voices,
): Promise<StreamEnd> {
  const { describeConnectionError, openEventStream } = await import("../outbound/local-forward.ts")
  const resume = place.lastEventId === undefined ? {} : { "last-event-id": place.lastEventId }
  let wasOpen = false
  try {
    const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream", ...resume }
    const opened = await openEventStream(url, headers, signal)
    if (opened.kind === "refused") return describeRefusal(opened)
    for await (const event of readEvents(opened.chunks)) {
      if (!wasOpen) say("Listening; Ctrl-C ends it.")
      wasOpen = true
      if (event.type === "end") return describeEnd(event)
      if (event.type === "delivery") await forwarder.forward(event.data)
      if (signal.aborted) break
      place.lastEventId = event.lastEventId
    }
    return { kind: "lost", wasOpen, message: "The connection was closed" }
  } catch (error) {
    return { kind: "lost", wasOpen, message: `The platform cannot be heard: ${describeConnectionError(error)}` }
  }
}

function describeRefusal({ status, body }: { readonly status: number; readonly body: string }): StreamEnd {
  const message = readDescription(body) ?? `The platform answered HTTP ${status}`
  if (status === 429 || status >= 500) return { kind: "lost", wasOpen: false, message }
  const reason = status === 401 ? "unauthenticated" : status === 403 ? "forbidden" : "invalid"
  return { kind: "final", reason, message }
}

function readDescription(body: string): string | undefined {
  try {
    const { error_description: description } = JSON.parse(body) as { error_description?: unknown }
    return typeof description === "string" ? description : undefined
  } catch {
    return undefined
  }
}

function describeEnd({ data }: StreamEvent): StreamEnd {
  const { reason, message } = JSON.parse(data) as { reason: string; message: string }
  if (reason === "refused") return { kind: "final", reason: "unauthenticated", message }
  return { kind: "lost", wasOpen: true, message }
}
