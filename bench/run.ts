import { parseArgs } from "node:util"
import type { EngineName } from "./platform.ts"
import { type Benchmark, formatNumber, type Result } from "./result.ts"

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  refresh: async () => (await import("./refresh.ts")).benchRefresh,
  code: async () => (await import("./code.ts")).benchCode,
  list: async () => (await import("./list.ts")).benchList,
  "list-growth": async () => (await import("./list-growth.ts")).benchListGrowth,
  delivery: async () => (await import("./delivery.ts")).benchDelivery,
  "delivery-latency": async () => (await import("./delivery-latency.ts")).benchDeliveryLatency,
  "delivery-neighbours": async () => (await import("./delivery-neighbours.ts")).benchDeliveryNeighbours,
  "delivery-peers": async () => (await import("./delivery-peers.ts")).benchDeliveryPeers,
  pages: async () => (await import("./pages.ts")).benchPages,
  push: async () => (await import("./push.ts")).benchPush,
  start: async () => (await import("./start.ts")).benchStart,
}

function readArguments(): { names: readonly string[]; json: boolean; engines: readonly EngineName[] } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, engine: { type: "string" } },
  })
  const unknown = positionals.find((name) => benchmarks[name] === undefined)
  if (unknown !== undefined) throw new RangeError(`There is no benchmark ${unknown}.`)
  const { engine } = values
  if (engine !== undefined && engine !== "sqlite" && engine !== "postgres") {
    throw new RangeError("--engine takes sqlite or postgres.")
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks)
  return { names, json: values.json, engines: engine === undefined ? ["sqlite", "postgres"] : [engine] }
}

function printResult(result: Result, json: boolean): void {
  const { noise, bound, ...shown } = result
  const { name, engine, value, unit, against, againstValue, ratio, target } = shown
  if (json) process.stdout.write(`${JSON.stringify(shown)}\n`)
  const other =
    againstValue === null ? against : `${against} ${formatNumber(againstValue)}: ${formatNumber(ratio ?? 0)} ×`
  const measured = ratio ?? value
  const met = target !== null && (bound === "least" ? measured >= target : measured <= target)
  const verdict =
    target === null ? "" : ` (${bound === "least" ? "at least" : "at most"} ${target}: ${met ? "met" : "MISSED"})`
  const line = `${name} on ${engine}: ${formatNumber(value)} ${unit}; ${other}${verdict}\n    ${noise}\n`
  ;(json ? process.stderr : process.stdout).write(line)
}

async function main(): Promise<void> {
  const { names, json, engines } = readArguments()
  for (const name of names) {
    const benchmark = await benchmarks[name]?.()
    for (const engine of engines) await benchmark?.(engine, (result) => printResult(result, json))
  }
}

try {
  await main()
  process.exit(0)
} catch (error) {
  const wrongUsage = error instanceof RangeError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS")
  const list = `Benchmarks: ${Object.keys(benchmarks).join(", ")}\n`
  process.stderr.write(
    wrongUsage ? `bench: ${(error as Error).message}\n${list}` : `bench: ${(error as Error).stack}\n`,
  )
  process.exit(wrongUsage ? 2 : 1)
}
