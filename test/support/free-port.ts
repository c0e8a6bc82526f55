import { once } from "node:events"
import { createServer } from "node:net"

const LOWEST = 20_000
const HIGHEST = 32_000 // Below the range from which Linux and macOS take the ports of outgoing connections.

/** Finds a port of 127.0.0.1 that nobody listens on, at random, so that test processes seldom want the same one. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) return port
  }
}

/** Finds a port as `findFreePort` does whose next one is free too. */
export async function findFreePortPair(): Promise<number> {
  for (;;) {
    const port = await findFreePort()
    if (await isFree(port + 1)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
