import { fastify } from "fastify"
import { StartError } from "../start-error.ts"

/** Where the demo's webhooks go: one that takes every call, and one that is often away. */
export interface DemoReceiver {
  readonly steadyUrl: string
  readonly shakyUrl: string
}

const shareRefused = 0.4

/**
 * Starts a receiver of webhooks on this machine; it ends with the process.
 *
 * @throws StartError when the port is in use
 */
export async function startDemoReceiver(port: number): Promise<DemoReceiver> {
  const app = fastify()
  app.post("/orders", () => ({ success: true }))
  app.post("/stock", (_request, reply) =>
    Math.random() < shareRefused
      ? reply.code(503).send({ success: false, message: "Đang bảo trì kho" })
      : { success: true },
  )
  try {
    const url = await app.listen({ host: "127.0.0.1", port })
    app.server.unref()
    return { steadyUrl: `${url}/orders`, shakyUrl: `${url}/stock` }
  } catch (cause) {
    const { message } = cause as Error
    throw new StartError(`The demo's webhooks need port ${port}, which cannot be had (${message}): set another PORT.`)
  }
}
