import type { Client } from "pg"
import type { Channel } from "./engine.ts"

const againAfterMs = 1000

/** One connection of its own that hears notifications; it is made anew as long as it is wanted. */
export function createEar(connect: () => Client) {
  const listeners = new Map<Channel, (payload: string) => void>()
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function open(): Promise<void> {
    if (closed || client !== undefined) return
    const opening = connect()
    client = opening
    // It ends once, whatever broke it; what was missed meanwhile the listeners find by themselves.
    const lost = () => {
      if (client !== opening) return
      client = undefined
      opening.end().catch(() => {})
      if (!closed) timer = setTimeout(() => void open(), againAfterMs).unref()
    }
    opening.on("error", lost)
    opening.on("end", lost)
    opening.on("notification", ({ channel, payload }) => listeners.get(channel as Channel)?.(payload ?? ""))
    try {
      await opening.connect()
      for (const channel of listeners.keys()) await opening.query(`listen ${channel}`)
      for (const listener of listeners.values()) listener("")
    } catch {
      lost()
    }
  }

  return {
    listen: (channel: Channel, listener: (payload: string) => void): void => {
      listeners.set(channel, listener)
      if (client === undefined) void open()
      else client.query(`listen ${channel}`).catch(() => {})
    },
    close: async (): Promise<void> => {
      closed = true
      clearTimeout(timer)
      const open = client
      client = undefined
      await open?.end().catch(() => {})
    },
  }
}
