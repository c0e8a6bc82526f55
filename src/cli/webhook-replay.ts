import type { Instant } from "../clock.ts"
import type { WebhookId } from "../ids.ts"
import type { ReplayResult } from "../webhooks/replay.ts"
import { type Command, type Input, type Outcome, UsageError } from "./command.ts"
import { readTime, timeHelp } from "./read-time.ts"
import { type CommandContext, withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay webhook replay`. */
export const webhookReplay: Command = {
  name: "webhook replay",
  summary: "Makes deliveries again: chosen ones, or all that did not arrive in a time window",
  options: {
    log: { kind: "text", value: "N", help: "A row of the log, at most 20 of them", repeated: true },
    webhook: { kind: "number", value: "N", help: "What of it did not arrive, instead of rows", least: 1, most: mostId },
    from: { kind: "text", value: "TIME", help: `Made at or after: ${timeHelp}` },
    to: { kind: "text", value: "TIME", help: "Made before; now if absent" },
    state: { kind: "text", value: "STATE", help: "failed if absent", choices: ["failed", "cancelled", "all"] },
    "dry-run": { kind: "flag", help: "Only counts" },
  },
  examples: [
    "./sepay webhook replay --log 1201 --log 1202",
    './sepay webhook replay --webhook 3 --from "2026-07-04 08:00:00" --to "2026-07-04 12:00:00" --dry-run',
  ],
  run: async (input) => {
    const numbers = readNumbers(input)
    const webhookId = input.number("webhook") as WebhookId | undefined
    if (numbers.length > 0 === (webhookId !== undefined)) {
      throw new UsageError("Give either --log N, for rows of the log, or --webhook N with --from, for a time window.")
    }
    if (webhookId !== undefined) {
      const window = readWindow(input)
      return withDatabase((context) => replayWindow(input, context, { ...window, webhookId }))
    }
    const windowFlag = ["from", "to", "state", "dry-run"].find((name) => input.texts(name).length > 0)
    if (windowFlag !== undefined) throw new UsageError(`--${windowFlag} goes with --webhook, not with --log.`)
    return withDatabase((context) => replayRows(context, numbers))
  },
}

function readNumbers(input: Input): readonly number[] {
  const texts = input.texts("log")
  const bad = texts.find((text) => !/^[1-9]\d{0,14}$/.test(text))
  if (bad !== undefined) throw new UsageError(`--log must be the number of a log row, not "${bad}".`)
  if (texts.length > 20)
    throw new UsageError("--log may be given at most 20 times; for more give --webhook and --from.")
  if (new Set(texts).size < texts.length) throw new UsageError("--log names a row twice.")
  return texts.map(Number)
}

async function replayRows({ db, clock }: CommandContext, numbers: readonly number[]): Promise<Outcome> {
  const { listOwnersOfAttempts } = await import("../webhooks/operator-view.ts")
  const { replayAttempts } = await import("../webhooks/replay.ts")
  const { toReplayBody } = await import("../webhooks/logs.wire.ts")
  const owners = await listOwnersOfAttempts(db, numbers)
  const unknown = numbers.filter((n) => !owners.has(n))
  const results: ReplayResult[] = unknown.map((n) => ({ n, problem: "There is no such log row" }))
  // A replay is of one company and mode; the rows of a call may be of several.
  const groups = Map.groupBy(owners, ([, owner]) => `${owner.companyId} ${owner.mode}`)
  for (const group of groups.values()) {
    const [, owner] = group[0] ?? []
    if (owner === undefined) continue
    const wanted = numbers.filter((n) => group.some(([one]) => one === n))
    results.push(...(await replayAttempts(db, clock.now(), { ...owner, actor: { kind: "operator" } }, wanted)))
  }
  results.sort((one, other) => numbers.indexOf(one.n) - numbers.indexOf(other.n))
  const refused = results.some((result) => "problem" in result)
  const lines = results.map((result) =>
    "problem" in result ? `${result.n}  ${result.problem}` : `${result.n}  queued as ${result.deliveryUuid}`,
  )
  return { json: toReplayBody(results), text: lines.join("\n"), ...(refused && { failed: true as const }) }
}

interface Window {
  readonly from: Instant
  readonly to: Instant | undefined
}

function readWindow(input: Input): Window {
  const [from, to] = [readTime(input, "from"), readTime(input, "to")]
  if (from === undefined) throw new UsageError(`--from is required with --webhook: ${timeHelp}.`)
  if (to !== undefined && from >= to) throw new UsageError("--from must be before --to.")
  return { from, to }
}

async function replayWindow(
  input: Input,
  context: CommandContext,
  { webhookId, from, to }: Window & { readonly webhookId: WebhookId },
): Promise<Outcome> {
  const { db, clock } = context
  const before = to ?? clock.now()
  const { countReplayable, getOwnerOfWebhook } = await import("../webhooks/operator-view.ts")
  const { companyId, mode } = await getOwnerOfWebhook(db, webhookId)
  const filter = { webhookId, companyId, mode, states: readStates(input), from, before }
  const found = await countReplayable(db, filter)
  if (input.flag("dry-run")) {
    return { json: { webhook_id: webhookId, found }, text: `${found} deliveries would be made again.` }
  }
  return replayFound(input, context, { filter, found })
}

interface Found {
  readonly filter: {
    readonly webhookId: WebhookId
    readonly companyId: number
    readonly mode: "live" | "test"
    readonly states: readonly ("failed" | "cancelled")[]
    readonly from: Instant
    readonly before: Instant
  }
  readonly found: number
}

async function replayFound(input: Input, { db, clock }: CommandContext, { filter, found }: Found): Promise<Outcome> {
  const { replayUndelivered } = await import("../webhooks/replay.ts")
  if (found > 0) input.progress(`${found} deliveries did not arrive`)
  const { replayed, hasMore } = await replayUndelivered(
    db,
    clock,
    { ...filter, actor: { kind: "operator" }, found },
    (done) => {
      if (done > 0) input.progress(`${done} of ${found} queued`)
    },
  )
  const rest = hasMore ? " There are more: run it again." : ""
  return {
    json: { webhook_id: filter.webhookId, found, replayed, has_more: hasMore },
    text: `Queued ${replayed} deliveries again.${rest}`,
  }
}

function readStates(input: Input): readonly ("failed" | "cancelled")[] {
  const state = input.text("state")
  if (state === "all") return ["failed", "cancelled"]
  return [state === "cancelled" ? "cancelled" : "failed"]
}
