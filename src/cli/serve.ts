import cluster from "node:cluster"
import { once } from "node:events"
import { type AddressInfo, createServer } from "node:net"
import { type Config, loadEnvironmentFile, readConfig } from "../config.ts"
import { StartError } from "../start-error.ts"
import type { Command } from "./command.ts"
import { describeFailure } from "./failure.ts"

/** `./sepay serve`: what `npm start` runs. */
export const serve: Command = {
  name: "serve",
  summary: "Runs the platform until SIGTERM or Ctrl-C",
  options: {},
  examples: ["PORT=8080 ./sepay serve", "WORKERS=4 ./sepay serve"],
  run: async () => {
    loadEnvironmentFile()
    const config = await readServeConfig()
    if (cluster.isWorker) await serveWorker(config)
    else if (config.workers > 1) {
      await (await import("../cluster.ts")).runCluster(config)
      process.exit(0)
    } else await (await import("../main.ts")).serveAlone(config)
    return undefined
  },
}

// The primary has to hear why a worker could not start: it speaks for all of them.
async function serveWorker(config: Config): Promise<void> {
  try {
    const { serveAsWorker } = await import("../main.ts")
    await serveAsWorker(config)
  } catch (error) {
    const { message } = describeFailure(error)
    process.send?.({ kind: "failed", message }, undefined, {}, () => process.exit(1))
  }
}

// Port 0 means any free one; it is chosen before anything else, as the issuer's URL names it.
async function readServeConfig(): Promise<Config> {
  const config = readConfig()
  return config.port === 0 ? readConfig({ ...process.env, PORT: String(await findFreePort(config.host)) }) : config
}

async function findFreePort(host: string): Promise<number> {
  const server = createServer()
  try {
    server.listen(0, host)
    await once(server, "listening")
    return (server.address() as AddressInfo).port
  } catch (cause) {
    throw new StartError(`HOST must be an address of this machine, not "${host}" (${(cause as Error).message}).`)
  } finally {
    server.close()
  }
}
