import { rm } from "node:fs/promises"
import { loadEnvironmentFile, readConfig } from "../config.ts"
import { StartError } from "../start-error.ts"
import type { Command } from "./command.ts"

const folder = "./data/demo"

/** `./sepay demo`: what `npm run demo` runs. */
export const demo: Command = {
  name: "demo",
  summary: "Shows the platform alive: a demo company, two accounts, money arriving",
  options: {
    fresh: { kind: "flag", help: `Begins anew: deletes ${folder} first` },
  },
  examples: ["npm run demo", "PORT=8080 ./sepay demo --fresh"],
  run: async (input) => {
    loadEnvironmentFile()
    if (input.flag("fresh")) await rm(folder, { recursive: true, force: true })
    const config = readConfig(demoEnvironment())
    if (config.port === 0) throw new StartError("The demo needs a PORT of its own, and the next one for its webhooks.")
    const { serveAlone } = await import("../main.ts")
    const { prepareDemo, whereToClick } = await import("./demo-company.ts")
    const { createDemoMoney } = await import("./demo-money.ts")
    const { startDemoReceiver } = await import("./demo-receiver.ts")
    await serveAlone(config, async (context) => {
      const receiver = await startDemoReceiver(config.port + 1)
      const company = await prepareDemo(context, receiver)
      return [await createDemoMoney(context, company)]
    })
    process.stdout.write(whereToClick(config.url))
    return undefined
  },
}

// A database of its own, so that the demo touches nobody's data; its webhooks go to this machine.
function demoEnvironment(): Readonly<Record<string, string | undefined>> {
  return {
    LOG_LEVEL: "warn",
    ...process.env,
    DATABASE_URL: `sqlite:${folder}/sepay.db`,
    SEPAY_SECRET: "",
    SEPAY_DEMO: "on",
    WORKERS: "1",
    SIMULATOR_DAILY_LIMIT: "off",
    OUTBOUND_ALLOW: "127.0.0.0/8,::1/128",
    OUTBOUND_ALLOW_HTTP: "on",
  }
}
