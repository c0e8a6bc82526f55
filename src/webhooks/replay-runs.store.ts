import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { CompanyId, Mode, WebhookId } from "../ids.ts"

/** Which undelivered deliveries a replay by filter makes again. */
export interface ReplayWindow {
  readonly states: readonly ("failed" | "cancelled")[]
  /** Made at or after, and before. */
  readonly from: Instant
  readonly before: Instant
}

/** A replay by filter that somebody asked for, and how far it has come. */
export interface ReplayRun extends ReplayWindow {
  readonly id: number
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly webhookId: WebhookId
  /** Deliveries after this id are still to be looked at, up to the other one. */
  readonly afterId: number
  readonly beforeId: number
  readonly replayed: number
  /** `stopped`: its webhook was deleted. */
  readonly state: "running" | "done" | "stopped"
  /** There was more than one replay may make. */
  readonly hasMore: boolean
  readonly startedAt: Instant
  readonly finishedAt: Instant | undefined
}

type NewRun = Pick<
  ReplayRun,
  "companyId" | "mode" | "webhookId" | "states" | "from" | "before" | "afterId" | "beforeId"
> & { readonly userId: number }

export async function insertReplayRun(tx: Queries, now: Instant, run: NewRun): Promise<number> {
  const { id } = await tx
    .insertInto("webhook_replays")
    .values({
      company_id: run.companyId,
      mode: run.mode,
      webhook_id: run.webhookId,
      user_id: run.userId,
      states: JSON.stringify(run.states),
      from_at: run.from,
      before_at: run.before,
      after_id: run.afterId,
      before_id: run.beforeId,
      replayed: 0,
      state: "running",
      has_more: 0,
      started_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id
}

export async function selectReplayRun(db: Queries, id: number): Promise<ReplayRun | undefined> {
  const row = await db.selectFrom("webhook_replays").selectAll().where("id", "=", id).executeTakeFirst()
  return row && toReplayRun(row)
}

/** The same, locked: who holds it makes the next step. */
export async function lockReplayRun(tx: Queries, id: number): Promise<ReplayRun | undefined> {
  const query = tx.selectFrom("webhook_replays").selectAll().where("id", "=", id)
  const row = await query.forUpdate().executeTakeFirst()
  return row && toReplayRun(row)
}

/** Those that are not finished, oldest first. */
export async function selectRunningReplays(db: Queries, limit: number): Promise<number[]> {
  const query = db.selectFrom("webhook_replays").select("id").where("state", "=", "running").orderBy("id").limit(limit)
  return (await query.execute()).map(({ id }) => id)
}

/** Notes how far a replay has come. */
export async function updateReplayRun(
  tx: Queries,
  id: number,
  step: Pick<ReplayRun, "afterId" | "replayed" | "state" | "hasMore" | "finishedAt">,
): Promise<void> {
  await tx
    .updateTable("webhook_replays")
    .set({
      after_id: step.afterId,
      replayed: step.replayed,
      state: step.state,
      has_more: Number(step.hasMore),
      finished_at: step.finishedAt ?? null,
    })
    .where("id", "=", id)
    .execute()
}

function toReplayRun(row: Selectable<Schema["webhook_replays"]>): ReplayRun {
  return {
    id: row.id,
    companyId: row.company_id as CompanyId,
    mode: row.mode as Mode,
    webhookId: row.webhook_id as WebhookId,
    states: JSON.parse(row.states),
    from: row.from_at as Instant,
    before: row.before_at as Instant,
    afterId: row.after_id,
    beforeId: row.before_id,
    replayed: row.replayed,
    state: row.state as ReplayRun["state"],
    hasMore: row.has_more === 1,
    startedAt: row.started_at as Instant,
    finishedAt: (row.finished_at ?? undefined) as Instant | undefined,
  }
}
