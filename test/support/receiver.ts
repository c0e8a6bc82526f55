import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import "./loopback-only.ts"

/** A request as it arrived. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Names as they were spelt, and values, in their order. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly at: number
}

/** How a receiver answers; without answer the request hangs. */
export type Answering = (received: Received, response: ServerResponse) => void

/** Somebody's server on loopback. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** From now on it answers so. */
  answer(how: Answering): void
  /** From now on it says when somebody connects. */
  onConnection(connected: () => void): void
  /** Resolves when so many requests have arrived in all. */
  waitFor(count: number): Promise<readonly Received[]>
  close(): Promise<void>
}

/** The answer that says "delivered". */
export const answerSuccess: Answering = (_received, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end('{"success":true}')
}

/** An answer of that status and body. */
export function answerWith(status: number, body = "", headers: Readonly<Record<string, string>> = {}): Answering {
  return (_received, response) => void response.writeHead(status, headers).end(body)
}

/** Starts a receiver that says "delivered" to everything. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  let answer: Answering = answerSuccess
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("error", () => {})
    response.on("error", () => {})
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { method = "", url: path = "", headers, rawHeaders } = request
      const one = { method, path, headers, rawHeaders, body: Buffer.concat(chunks), at: performance.now() }
      received.push(one)
      answer(one, response)
      for (const { count, resolve } of waiting) if (received.length >= count) resolve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answer: (how) => {
      answer = how
    },
    onConnection: (connected) => void server.on("connection", connected),
    waitFor: async (count) => {
      const arrived = Promise.withResolvers<void>()
      waiting.push({ count, resolve: arrived.resolve })
      if (received.length < count) await arrived.promise
      return received
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
