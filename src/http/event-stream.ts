import { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply } from "fastify"

// For the last words of a stream whose reader reads; of another one the connection is cut.
const lastWordsWithinMs = 1000

/** When a stream of events ends. */
export interface StreamEnd {
  /** The process drains. */
  readonly draining: AbortSignal
  /** It drains, or the reader has gone. */
  readonly stopped: AbortSignal
}

/** Sends server-sent events: what `events` yields, until it ends, the reader goes or the process drains. */
export type SendEvents = (
  reply: FastifyReply,
  stream: {
    readonly events: (end: StreamEnd) => AsyncIterable<string>
    /** Called once, however it ended. */
    readonly onClose: () => void
  },
) => FastifyReply

/** Makes what sends server-sent events within a scope, and ends them when the process drains. */
export function eventStreams(scope: FastifyInstance): SendEvents {
  const draining = new AbortController()
  scope.addHook("preClose", async () => draining.abort())

  return (reply, { events, onClose }) => {
    const closed = new AbortController()
    const stopped = AbortSignal.any([draining.signal, closed.signal])
    const parts = events({ draining: draining.signal, stopped })
    const stream = Readable.from(parts, { objectMode: false, highWaterMark: 64 * 1024 })
    cutOffLate(stream, draining.signal)
    stream.once("close", onClose)
    endWithReader(reply, () => {
      closed.abort()
      stream.destroy()
    })
    // A connection kept for another request would hold up the draining process for longer than the stream did.
    const headers = { "content-type": "text/event-stream", "x-accel-buffering": "no", connection: "close" }
    return reply.headers(headers).send(stream)
  }
}

function cutOffLate(stream: Readable, draining: AbortSignal): void {
  const cutOff = () => {
    const timer = setTimeout(() => stream.destroy(), lastWordsWithinMs)
    stream.once("close", () => clearTimeout(timer))
  }
  draining.addEventListener("abort", cutOff, { once: true })
  stream.once("close", () => draining.removeEventListener("abort", cutOff))
}

function endWithReader({ raw }: FastifyReply, end: () => void): void {
  if (raw.closed || raw.destroyed) end()
  else raw.once("close", end)
}

/** Counts what is open in this process, of each owner and altogether. */
export interface Slots {
  /** Takes one and returns what gives it back; undefined when the owner, or all together, have as many as they may. */
  take(owner: number): (() => void) | undefined
}

/** Makes the slots: `ofOwner` for each, `all` together. */
export function createSlots({ ofOwner, all }: { readonly ofOwner: number; readonly all: number }): Slots {
  const open = new Map<number, number>()
  let taken = 0
  return {
    take: (owner) => {
      const count = open.get(owner) ?? 0
      if (taken >= all || count >= ofOwner) return undefined
      taken += 1
      open.set(owner, count + 1)
      return () => {
        taken -= 1
        const left = (open.get(owner) ?? 1) - 1
        if (left === 0) open.delete(owner)
        else open.set(owner, left)
      }
    },
  }
}
