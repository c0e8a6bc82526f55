import type { IngestedItem } from "../feeds/ingest.ts"
import { type Command, UsageError } from "./command.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay simulate`. */
export const simulate: Command = {
  name: "simulate",
  summary: "Records transactions of a test account as a bank would send them",
  options: {
    "account-id": { kind: "number", value: "N", help: "A test account", required: true, least: 1, most: mostId },
    amount: { kind: "number", value: "VND", help: "Whole đồng", required: true, least: 1, most: mostId },
    content: { kind: "text", value: "TEXT", help: "Memo, such as DH100245", required: true },
    out: { kind: "flag", help: "Money that leaves the account" },
    count: { kind: "number", value: "N", help: "So many times", least: 1, most: 1_000_000 },
    rate: { kind: "text", value: "PER_SECOND", help: "At most so many a second; as fast as they go if absent" },
  },
  examples: ["./sepay simulate --account-id 2 --amount 349000 --content DH100245 --count 20 --rate 2"],
  run: async (input) => {
    const { simulateTransactions } = await import("../feeds/simulator.ts")
    const count = input.number("count") ?? 1
    const ratePerSecond = readRate(input.text("rate"))
    let done = 0
    const items = await withDatabase(({ config, db, clock }) =>
      simulateTransactions(
        db,
        clock,
        {
          accountId: input.requiredNumber("account-id"),
          amountVnd: input.requiredNumber("amount"),
          content: input.requiredText("content"),
          direction: input.flag("out") ? "out" : "in",
          count,
          ...(ratePerSecond !== undefined && { ratePerSecond }),
        },
        {
          dailyLimit: config.simulatorDailyLimit,
          onRecorded: () => {
            done++
            if (done % 1000 === 0) input.progress(`${done} of ${count}`)
          },
        },
      ),
    )
    return summarize(items)
  },
}

function readRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const rate = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && rate > 0 && rate <= 100_000) return rate
  throw new UsageError(`--rate must be a number above 0, such as 2 or 0.5, not "${text}".`)
}

function summarize(items: readonly IngestedItem[]) {
  const ids = items.flatMap(({ result }) => ("transactionId" in result ? [result.transactionId] : []))
  const refused = items.flatMap(({ result }) => (result.kind === "refused" ? [result.message] : []))
  const [first] = refused
  return {
    json: { recorded: ids.length, refused: refused.length, transaction_ids: ids },
    text:
      first === undefined
        ? `Recorded ${ids.length} transactions.`
        : `Recorded ${ids.length}, refused ${refused.length}: ${first}`,
    ...(refused.length > 0 && { failed: true as const }),
  }
}
