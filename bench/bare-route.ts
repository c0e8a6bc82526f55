// The ceiling of the transaction list: a Fastify with one route that answers the same bytes, and does nothing else.
import type { AddressInfo } from "node:net"
import Fastify from "fastify"

/** What the bare route is told to answer. */
export interface BareAnswer {
  readonly path: string
  readonly body: string
  readonly contentType: string
}

process.on("message", async ({ path, body, contentType }: BareAnswer) => {
  const app = Fastify()
  app.get(path, async (_request, reply) => reply.header("content-type", contentType).send(body))
  await app.listen({ host: "127.0.0.1", port: 0 })
  process.send?.({ port: (app.server.address() as AddressInfo).port })
})
process.on("disconnect", () => process.exit())
