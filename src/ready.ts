import type { Config } from "./config.ts"
import type { Logger } from "./log.ts"

/** Says that requests are answered from now on: one line in the log, and one for a person who watches. */
export function reportReady({ url, host, port, workers }: Config, log: Logger): void {
  log.info({ url, host, port, workers }, "ready")
  if (process.stdout.isTTY) process.stdout.write(`SePay is ready: ${url}\n`)
}
