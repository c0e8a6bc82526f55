import type { Clock, Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { UserId, WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { deliveryNumbers } from "./browse-log.store.ts"
import { takeCall } from "./call-limit.ts"
import { numberAfter, numberBefore } from "./find-number.ts"
import { countUndeliveredUpTo, selectUndelivered } from "./replay.store.ts"
import { mostReplayedByFilter, repeatUndelivered, replayBatchSize } from "./replay.ts"
import { recordReplay } from "./replay-record.ts"
import {
  insertReplayRun,
  lockReplayRun,
  type ReplayRun,
  type ReplayWindow,
  selectReplayRun,
  selectRunningReplays,
  updateReplayRun,
} from "./replay-runs.store.ts"
import { getVisibleWebhook, listReplayable, type WebhookOwner } from "./webhook-visibility.ts"
import { lockCompany } from "./webhooks.store.ts"

export type { ReplayRun, ReplayWindow } from "./replay-runs.store.ts"

/** A preview counts as far as this: beyond it the number does not change what anybody does. */
export const mostPreviewed = 2000

/**
 * How many deliveries a replay of the window would make again, counted up to `mostPreviewed` and one more.
 *
 * @throws Refusal not_found
 */
export async function previewReplay(
  db: Queries,
  owner: WebhookOwner,
  webhookId: WebhookId,
  window: ReplayWindow,
): Promise<number> {
  await getVisibleWebhook(db, owner, webhookId)
  const { afterId, beforeId } = await idsOf(db, window)
  return countUndeliveredUpTo(db, { ...window, webhookId, beforeId }, { after: afterId, most: mostPreviewed + 1 })
}

/**
 * Begins a replay by filter, in the caller's database transaction; `continueReplay` makes its steps.
 *
 * @returns its id
 * @throws Refusal not_found, too_many
 */
export async function startReplay(
  tx: Queries,
  now: Instant,
  owner: WebhookOwner,
  order: { readonly webhookId: WebhookId; readonly userId: UserId; readonly window: ReplayWindow },
): Promise<number> {
  const { webhookId, userId, window } = order
  const { companyId, mode } = await getVisibleWebhook(tx, owner, webhookId)
  await takeCall(tx, companyId, "replay", now)
  const run = { companyId, mode, webhookId, userId, ...window, ...(await idsOf(tx, window)) }
  const id = await insertReplayRun(tx, now, run)
  await recordReplay(tx, now, { companyId, actor: { kind: "user", id: userId } }, { webhookId, replay: id, ...window })
  return id
}

async function idsOf(db: Queries, { from, before }: ReplayWindow) {
  const table = deliveryNumbers(db)
  return { afterId: await numberBefore(table, from), beforeId: await numberAfter(table, before) }
}

/**
 * A replay of a webhook that the owner may see.
 *
 * @throws Refusal not_found
 */
export async function getReplay(
  db: Queries,
  owner: WebhookOwner,
  { webhookId, id }: { readonly webhookId: WebhookId; readonly id: number },
): Promise<ReplayRun> {
  const run = await selectReplayRun(db, id)
  const isOwn = run?.companyId === owner.companyId && run.mode === owner.mode && run.webhookId === webhookId
  if (run === undefined || !isOwn) throw new Refusal("not_found", "There is no such replay")
  return run
}

/** Makes steps of a replay, each in a database transaction of its own, until it is finished or there were `mostSteps`. */
export async function continueReplay(db: Database, clock: Clock, id: number, mostSteps: number): Promise<void> {
  for (let step = 0; step < mostSteps; step += 1) {
    const isFinished = await transaction(db, async (tx) => makeStep(tx, clock.now(), id))
    if (isFinished) return
  }
}

/** Goes on with the replays that are not finished, whoever began them; ends early when the signal is aborted. */
export async function continueReplays(db: Database, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const ids = await selectRunningReplays(db, 20)
    if (ids.length === 0) return
    for (const id of ids) {
      if (signal.aborted) return
      await continueReplay(db, clock, id, 1)
    }
  }
}

// Two at once take turns by the lock of the row, and the second goes on where the first has come to.
async function makeStep(tx: Queries, now: Instant, id: number): Promise<boolean> {
  const run = await lockReplayRun(tx, id)
  if (run === undefined || run.state !== "running") return true
  const { companyId, mode, webhookId, afterId, replayed } = run
  await lockCompany(tx, companyId)
  const finished = { afterId, replayed, hasMore: false, finishedAt: now }
  const [replayable] = await listReplayable(tx, { companyId, mode, bankAccountIds: undefined }, [webhookId])
  if (replayable === undefined) {
    await updateReplayRun(tx, id, { ...finished, state: "stopped" })
    return true
  }
  const limit = Math.min(replayBatchSize, mostReplayedByFilter - replayed)
  if (limit === 0) {
    const hasMore = (await selectUndelivered(tx, run, { after: afterId, limit: 1 })).length > 0
    await updateReplayRun(tx, id, { ...finished, hasMore, state: "done" })
    return true
  }
  const batch = await repeatUndelivered(tx, now, run, { after: afterId, limit })
  const isLast = batch.length < limit
  await updateReplayRun(tx, id, {
    afterId: batch.at(-1)?.deliveryId ?? afterId,
    replayed: replayed + batch.length,
    state: isLast ? "done" : "running",
    hasMore: false,
    finishedAt: isLast ? now : undefined,
  })
  return isLast
}
