import type { Socket } from "node:net"
import type { Client } from "undici"
import { findAddresses, type Lookup } from "./find-addresses.ts"
import { maximumHeaderBytes, type OutboundLimits } from "./limits.ts"
import { openSocket, secureSocket, type Trust } from "./open-socket.ts"
import { OutboundError } from "./outbound-error.ts"
import type { Target } from "./target.ts"

/** An HTTP/1.1 connection, used by one request at a time. */
export interface Connection {
  /** Tenant, TLS mode and origin: who may use it again. */
  readonly key: string
  readonly client: Client
  readonly socket: Socket
  /** When its addresses were checked. */
  readonly checkedAt: number
}

/** How long the steps of opening took, as far as they were reached. */
export interface OpeningTimes {
  dnsMs?: number
  connectMs?: number
  tlsMs?: number
}

export interface Opening {
  readonly key: string
  readonly target: Target
  readonly lookup: Lookup
  readonly trust: Trust
  readonly limits: OutboundLimits
  readonly now: () => number
}

/** Handed to a request whose connection was closed before the request was sent. */
export class ConnectionGone extends Error {
  override readonly name = "ConnectionGone"
}

/**
 * Opens a connection to a target: name, address check, TCP, TLS, within the limit (contract/webhooks.md §8). The steps
 * are written into `times` as they are done.
 *
 * @throws OutboundError
 */
export async function openConnection(opening: Opening, times: OpeningTimes): Promise<Connection> {
  const { limits } = opening
  const controller = new AbortController()
  const late = new OutboundError("timeout", `No connection within ${limits.connectMs / 1000} seconds.`)
  const timer = setTimeout(() => controller.abort(late), limits.connectMs)
  try {
    return await openWithin(opening, times, controller.signal)
  } finally {
    clearTimeout(timer)
  }
}

async function openWithin(opening: Opening, times: OpeningTimes, signal: AbortSignal): Promise<Connection> {
  const { key, target, lookup, trust, limits, now } = opening
  const startedAt = now()
  const found = await findAddresses(target, lookup)
  const checkedAt = now()
  times.dnsMs = checkedAt - startedAt
  if (found.kind === "refused") throw new OutboundError("blocked", `The URL ${found.problem}.`)
  if (found.kind === "none") throw new OutboundError("dns", `No address was found for ${target.hostname}.`)
  const route = { addresses: found.addresses, port: target.port, patienceMs: limits.connectMs }
  const plain = await openSocket(route, lookup.settings, signal)
  const connectedAt = now()
  times.connectMs = connectedAt - checkedAt
  if (!target.secure) return { key, socket: plain, client: await clientOver(plain, target, limits), checkedAt }
  const secured = await secureSocket(plain, target, trust, signal)
  times.tlsMs = now() - connectedAt
  return { key, socket: secured, client: await clientOver(secured, target, limits), checkedAt }
}

// Loaded when something is sent first: a process that sends nothing saves its time and memory.
async function clientOver(socket: Socket, target: Target, { idleMs }: OutboundLimits): Promise<Client> {
  const undici = await import("undici")
  let given = false
  return new undici.Client(target.origin, {
    connect: (_options, callback) => {
      const first = !given
      given = true
      // Later: within this call the client does not go on to its requests.
      queueMicrotask(() => (first ? callback(null, socket) : callback(new ConnectionGone("closed"), null)))
    },
    allowH2: false,
    useMilo: false,
    pipelining: 1,
    // It refuses what has this size or more.
    maxHeaderSize: maximumHeaderBytes + 1,
    // The request has one limit for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    // A server that says how long it waits is left a second before that.
    keepAliveTimeoutThreshold: 1000,
  })
}
