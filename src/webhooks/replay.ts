import type { Clock, Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { AuditActor } from "../identity/audit-log.ts"
import { type Mode, newUuid, type WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { takeCall } from "./call-limit.ts"
import { insertDelivery, insertDue } from "./deliveries.store.ts"
import type { WebhookManager } from "./list-webhooks.ts"
import { type Repeatable, selectRepeatable, selectUndelivered, type UndeliveredFilter } from "./replay.store.ts"
import { recordReplay } from "./replay-record.ts"
import { wakeWorkers } from "./wake.ts"
import { listReplayable } from "./webhook-visibility.ts"
import { lockCompany } from "./webhooks.store.ts"

/** Attempts that one call may repeat (contract/webhooks.md §9). */
export const mostReplayedAtOnce = 20
/** Deliveries that one replay by filter may make. */
export const mostReplayedByFilter = 10_000
/** Deliveries that one database transaction of such a replay makes. */
export const replayBatchSize = 200

/** What became of one attempt of a replay. */
export type ReplayResult =
  | { readonly n: number; readonly deliveryUuid: string }
  | { readonly n: number; readonly problem: string }

/**
 * Makes deliveries again: the same payload, to the webhook as it is now, queued like a first attempt (contract/webhooks.md
 * §9). What was replayed stays as it was. The audit log gets one entry for each webhook.
 *
 * @throws Refusal invalid (no number, more than 20), too_many (ten calls a minute)
 */
export async function replayAttempts(
  db: Database,
  now: Instant,
  manager: WebhookManager,
  numbers: readonly number[],
): Promise<readonly ReplayResult[]> {
  return transaction(db, (tx) => replayAttemptsWithin(tx, now, manager, numbers))
}

/** The same in the caller's database transaction. */
export async function replayAttemptsWithin(
  tx: Queries,
  now: Instant,
  manager: WebhookManager,
  numbers: readonly number[],
): Promise<readonly ReplayResult[]> {
  checkNumbers(numbers)
  await takeCall(tx, manager.companyId, "replay", now)
  const repeatable = await selectRepeatable(tx, manager, numbers)
  const webhookIds = [...repeatable.values()].map(({ webhookId }) => webhookId)
  const replayable = new Set(await listReplayable(tx, manager, webhookIds))
  const results: ReplayResult[] = []
  const repeated = new Map<WebhookId, number[]>()
  for (const n of numbers) {
    const found = repeatable.get(n)
    if (found === undefined) results.push({ n, problem: "There is no such log row" })
    else if (!replayable.has(found.webhookId)) results.push({ n, problem: "The webhook does not exist any more" })
    else {
      results.push({ n, deliveryUuid: await repeat(tx, now, found) })
      repeated.set(found.webhookId, [...(repeated.get(found.webhookId) ?? []), n])
    }
  }
  for (const [webhookId, logRows] of repeated) {
    await recordReplay(tx, now, manager, { webhookId, deliveries: logRows.length, logRows })
  }
  await wakeWorkers(tx, [...repeated.keys()])
  return results
}

function checkNumbers(numbers: readonly number[]): void {
  const problem =
    numbers.length === 0
      ? "ids must name at least one log row"
      : numbers.length > mostReplayedAtOnce
        ? `ids must not name more than ${mostReplayedAtOnce} log rows`
        : new Set(numbers).size < numbers.length
          ? "ids must name each log row once"
          : undefined
  if (problem !== undefined) throw new Refusal("invalid", problem, { errors: { ids: [problem] } })
}

async function repeat(tx: Queries, now: Instant, repeatable: Repeatable): Promise<string> {
  const { eventId, payload, transactionId, companyId, mode, webhookId, n } = repeatable
  const uuid = newUuid(now)
  const owner = { eventId, payload, transactionId, companyId, mode, webhookId }
  const deliveryId = await insertDelivery(tx, { ...owner, uuid, kind: "replay", replayOf: n, now })
  await insertDue(tx, { deliveryId, webhookId, dueAt: now })
  return uuid
}

/** What a replay by filter is narrowed to, and who asks for it. */
export interface ReplayOrder extends UndeliveredFilter {
  readonly companyId: number
  readonly mode: Mode
  readonly actor: AuditActor
  /** How many deliveries the filter finds, for the audit log. */
  readonly found: number
}

/**
 * Makes the undelivered deliveries of a webhook again, at most 10,000, in small database transactions: one that was cut
 * off goes on where it was when it is asked for again (contract/webhooks.md §9, replay by filter).
 *
 * @returns how many were made, and whether there are more
 * @throws Refusal not_found, too_many
 */
export async function replayUndelivered(
  db: Database,
  clock: Clock,
  order: ReplayOrder,
  onProgress: (replayed: number) => void = () => {},
): Promise<{ readonly replayed: number; readonly hasMore: boolean }> {
  const { companyId, mode, webhookId, actor, found } = order
  const owner = { companyId, mode, bankAccountIds: undefined }
  await transaction(db, async (tx) => {
    await takeCall(tx, companyId, "replay", clock.now())
    const { from, before, states } = order
    await recordReplay(tx, clock.now(), { companyId, actor }, { webhookId, found, from, before, states })
  })
  let replayed = 0
  let after = 0
  for (;;) {
    const limit = Math.min(replayBatchSize, mostReplayedByFilter - replayed)
    const batch = await transaction(db, async (tx) => {
      // Two replays of the same window at once would both find it undelivered.
      await lockCompany(tx, companyId)
      const [replayable] = await listReplayable(tx, owner, [webhookId])
      if (replayable === undefined) throw new Refusal("not_found", "There is no such webhook")
      if (limit === 0) return selectUndelivered(tx, order, { after, limit: 1 })
      return repeatUndelivered(tx, clock.now(), order, { after, limit })
    })
    if (limit === 0) return { replayed, hasMore: batch.length > 0 }
    replayed += batch.length
    onProgress(replayed)
    after = batch.at(-1)?.deliveryId ?? after
    if (batch.length < limit) return { replayed, hasMore: false }
  }
}

/** Makes one batch of undelivered deliveries again, the oldest after an id; the caller holds the lock against a second replay. */
export async function repeatUndelivered(
  tx: Queries,
  now: Instant,
  filter: UndeliveredFilter,
  slice: { readonly after: number; readonly limit: number },
): Promise<readonly Repeatable[]> {
  const undelivered = await selectUndelivered(tx, filter, slice)
  for (const one of undelivered) await repeat(tx, now, one)
  await wakeWorkers(tx, undelivered.length === 0 ? [] : [filter.webhookId])
  return undelivered
}
