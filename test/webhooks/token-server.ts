import { once } from "node:events"
import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

/** A token request as it arrived. */
export interface TokenCall {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What is answered; `hangUp` ends the connection instead. */
export type TokenReply = { readonly status?: number; readonly body: unknown } | "hangUp"

/** A receiver's token endpoint on loopback that answers as told. */
export interface TokenServer {
  readonly url: string
  /** Every request so far. */
  readonly calls: TokenCall[]
  /** Says what is answered from now on; a body that is no text is sent as JSON. */
  answer(decide: (call: TokenCall) => TokenReply | Promise<TokenReply>): void
  close(): Promise<void>
}

/** Starts a token endpoint that answers 404 until it is told better. */
export async function startTokenServer(): Promise<TokenServer> {
  let decide: (call: TokenCall) => TokenReply | Promise<TokenReply> = () => ({ status: 404, body: "" })
  const calls: TokenCall[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const call = { method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() }
    calls.push(call)
    const reply = await decide(call)
    if (reply === "hangUp") return response.destroy()
    const { status = 200, body } = reply
    return response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?realm=a%20b`,
    calls,
    answer: (next) => {
      decide = next
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

/** Which dialect, and whether it refreshes. */
export function describeCall({ headers, body }: TokenCall): string {
  const isForm = headers["content-type"] === "application/x-www-form-urlencoded"
  return `${isForm ? "standard" : "custom"}${/refresh/.test(body) ? " refresh" : ""}`
}
