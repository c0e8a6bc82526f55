import { once } from "node:events"
import { type AddressInfo, BlockList, createServer, type Server, type Socket } from "node:net"
import { createServer as createTlsServer, type TlsOptions } from "node:tls"
import { createOutbound, type OutboundOptions, type OutboundSettings } from "../../src/outbound/guarded-request.ts"
import type { Outbound, OutboundRequest } from "../../src/outbound/outbound.ts"

/** A server that does with each connection what the test says: HTTP as bad as can be. */
export interface Receiver {
  readonly port: number
  /** All connections so far. */
  readonly sockets: readonly Socket[]
  close(): Promise<void>
}

/** Starts one on loopback; with `tls`, behind TLS. */
export async function startReceiver(onSocket: (socket: Socket) => void, tls?: TlsOptions): Promise<Receiver> {
  const sockets: Socket[] = []
  const take = (socket: Socket) => {
    sockets.push(socket.on("error", () => {}))
    onSocket(socket)
  }
  const server: Server = tls === undefined ? createServer(take) : createTlsServer(tls, take)
  server.on("tlsClientError", () => {})
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}

/** Calls back with the head and body of every request that has come in whole. */
export function onRequest(socket: Socket, answer: (text: string) => void): void {
  let seen = ""
  socket.on("data", (chunk) => {
    seen += chunk.toString("latin1")
    for (;;) {
      const end = seen.indexOf("\r\n\r\n") + 4
      const size = end + Number(/content-length: (\d+)/i.exec(seen.slice(0, end))?.[1] ?? 0)
      if (end < 4 || seen.length < size) return
      const text = seen.slice(0, size)
      seen = seen.slice(size)
      answer(text)
    }
  })
}

/** An answer with its length. */
export function httpAnswer(body: string, { status = "200 OK", headers = "" } = {}): string {
  return `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** A receiver that answers every request with the same text. */
export function startAnswering(text: string, tls?: TlsOptions): Promise<Receiver> {
  return startReceiver((socket) => onRequest(socket, () => void socket.write(text)), tls)
}

export function networks(...texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = "", bits] = text.split("/")
    list.addSubnet(address, Number(bits), address.includes(":") ? "ipv6" : "ipv4")
  }
  return list
}

export const loopback = networks("127.0.0.0/8", "::1/128")

/** An outbound that may reach this machine; `settings` say otherwise. */
export function makeOutbound(settings: Partial<OutboundSettings> = {}, options: OutboundOptions = {}): Outbound {
  return createOutbound({ allow: loopback, deny: undefined, allowHttp: false, nat64: false, ...settings }, options)
}

/** A small POST in test mode, which allows `http`. */
export function aRequest(url: string, fields: Partial<OutboundRequest> = {}): OutboundRequest {
  const headers = [["Content-Type", "application/json"]] as const
  return { method: "POST", url, headers, body: Buffer.from('{"id":1}'), tenant: "1", mode: "test", ...fields }
}
