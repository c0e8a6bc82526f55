import { maximumIdle } from "./limits.ts"
import type { Connection } from "./open-connection.ts"

/** Connections that nobody uses at the moment. */
export interface ConnectionPool {
  /** A connection of that key that may be used once more; it is the caller's until he gives it back. */
  take(key: string): Connection | undefined
  give(connection: Connection): void
  close(): void
}

/** Ends a connection, with whatever is on it. */
export function endConnection({ client }: Connection): void {
  void client.destroy()
}

/**
 * Keeps connections for the next request of the same tenant to the same origin, until `reuseMs` after their addresses
 * were checked (contract/webhooks.md §8). They close by themselves when they are unused for a while.
 */
export function createConnectionPool({ now, reuseMs }: { now: () => number; reuseMs: number }): ConnectionPool {
  // In the order they became idle: the first is the one to give up.
  const idle = new Set<Connection>()
  const byKey = new Map<string, Connection[]>()
  const watched = new WeakSet<Connection>()
  let closed = false

  function forget(connection: Connection): void {
    if (!idle.delete(connection)) return
    const siblings = byKey.get(connection.key)
    siblings?.splice(siblings.indexOf(connection), 1)
    if (siblings?.length === 0) byKey.delete(connection.key)
  }

  function drop(connection: Connection): void {
    forget(connection)
    endConnection(connection)
  }

  function isUsable({ socket, checkedAt }: Connection): boolean {
    return !socket.destroyed && !socket.readableEnded && now() - checkedAt < reuseMs
  }

  function take(key: string): Connection | undefined {
    // The one used last is the one most likely to be alive still.
    for (let last = byKey.get(key)?.at(-1); last !== undefined; last = byKey.get(key)?.at(-1)) {
      if (isUsable(last)) {
        forget(last)
        return last
      }
      drop(last)
    }
    return undefined
  }

  function give(connection: Connection): void {
    const siblings = byKey.get(connection.key) ?? []
    if (closed || !isUsable(connection) || siblings.length >= maximumIdle.perKey) {
      endConnection(connection)
      return
    }
    const [oldest] = idle
    if (idle.size >= maximumIdle.inAll && oldest !== undefined) drop(oldest)
    byKey.set(connection.key, siblings)
    siblings.push(connection)
    idle.add(connection)
    if (watched.has(connection)) return
    watched.add(connection)
    connection.socket.once("close", () => forget(connection))
  }

  return {
    take,
    give,
    close: () => {
      closed = true
      for (const connection of idle) drop(connection)
    },
  }
}
