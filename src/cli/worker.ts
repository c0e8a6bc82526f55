import { loadEnvironmentFile, readConfig } from "../config.ts"
import type { Command } from "./command.ts"

/** `./sepay worker`. */
export const worker: Command = {
  name: "worker",
  summary: "Delivers webhooks without serving HTTP, on as many nodes as wished",
  options: {},
  examples: ["DATABASE_URL=postgres://… SEPAY_SECRET=… ./sepay worker", "DELIVERY_FAST_SLOTS=512 ./sepay worker"],
  run: async () => {
    loadEnvironmentFile()
    await (await import("../deliver-alone.ts")).deliverAlone(readConfig())
    return undefined
  },
}
