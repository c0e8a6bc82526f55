// Preloaded into every process of the suite (`--import`), and loaded by a file that is run alone: nothing but this machine can be reached, by any library.
import { isIP, Socket } from "node:net"

interface Target {
  host?: string
  path?: string | null
}

const connect = Socket.prototype.connect

Socket.prototype.connect = function connectToLoopback(this: Socket, ...args: unknown[]): Socket {
  const host = findHost(args)
  if (host === undefined || isLoopback(host)) return Reflect.apply(connect, this, args)
  const refusal = new Error(`The tests reach nothing but this machine, so not ${host}.`)
  // Later, as a network would: TLS still works on the socket in this turn.
  process.nextTick(() => this.destroy(Object.assign(refusal, { code: "ENETUNREACH", address: host })))
  return this
} as typeof connect

/** Node hands over its own normalized list, or what the caller of `connect` gave. */
function findHost(args: unknown[]): string | undefined {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  if (typeof first === "object" && first !== null) {
    const target = first as Target
    return typeof target.path === "string" ? undefined : target.host
  }
  return typeof args[1] === "string" ? args[1] : undefined
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.") || host === "0.0.0.0"
  if (isIP(host) === 6) return host === "::1" || host === "::" || /^::ffff:127\./i.test(host)
  return host === "localhost" || host.endsWith(".localhost")
}
