import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import type { AttemptClass } from "./attempt-class.ts"

/** The last call of a webhook. */
export interface LastAttempt {
  readonly n: number
  readonly class: AttemptClass
  readonly httpStatus: number | null
  readonly kind: string
  readonly startedAt: Instant
}

/** What a webhook has been doing. */
export interface WebhookActivity {
  readonly last: LastAttempt | undefined
  /** Failed calls since the moment asked for, test sends left out; never counted beyond `mostFailures`. */
  readonly failures: number
  /** Deliveries that wait for their turn; never counted beyond `mostWaiting`. */
  readonly waiting: number
  readonly nextDueAt: Instant | undefined
}

interface ActivityRow {
  readonly webhookId: WebhookId
  readonly lastNumber: number | null
  readonly failures: number | string
  readonly waiting: number | string
  readonly nextFirst: number | null
  readonly nextRetry: number | null
}

/** Reads few rows of each webhook, however long its log and its queue are. */
export async function selectActivity(
  db: Queries,
  of: {
    readonly ids: readonly WebhookId[]
    readonly since: Instant
    readonly mostFailures: number
    readonly mostWaiting: number
  },
): Promise<ReadonlyMap<WebhookId, WebhookActivity>> {
  const { ids, since, mostFailures, mostWaiting } = of
  if (ids.length === 0) return new Map()
  const { rows } = await sql<ActivityRow>`
    select w.id as "webhookId",
      (select a.n from attempts a where a.webhook_id = w.id order by a.n desc limit 1) as "lastNumber",
      (select count(*) from (
        select f.class, f.kind, f.started_at from attempts f where f.webhook_id = w.id and f.class <> 'ok'
        order by f.n desc limit ${mostFailures}) r
        where r.started_at >= ${since} and r.kind <> 'test' and r.class not in ('late', 'cancelled')) as failures,
      (select count(*) from (
        select 1 as one from delivery_due q where q.webhook_id = w.id and q.lease_until is null
        limit ${mostWaiting}) c) as waiting,
      (select min(q.due_at) from delivery_due q
        where q.webhook_id = w.id and q.lane = 0 and q.lease_until is null) as "nextFirst",
      (select min(q.due_at) from delivery_due q
        where q.webhook_id = w.id and q.lane = 1 and q.lease_until is null) as "nextRetry"
    from webhooks w where w.id in (${sql.join(ids)})`.execute(db)
  const last = await selectLastAttempts(
    db,
    rows.flatMap(({ lastNumber }) => lastNumber ?? []),
  )
  return new Map(rows.map((row) => [row.webhookId, toActivity(row, last)]))
}

function toActivity(row: ActivityRow, last: ReadonlyMap<number, LastAttempt>): WebhookActivity {
  const next = [row.nextFirst, row.nextRetry].flatMap((at) => at ?? [])
  return {
    last: row.lastNumber === null ? undefined : last.get(row.lastNumber),
    failures: Number(row.failures),
    waiting: Number(row.waiting),
    nextDueAt: next.length === 0 ? undefined : (Math.min(...next) as Instant),
  }
}

async function selectLastAttempts(db: Queries, numbers: readonly number[]): Promise<ReadonlyMap<number, LastAttempt>> {
  if (numbers.length === 0) return new Map()
  const rows = await db
    .selectFrom("attempts")
    .select(["n", "class", "http_status as httpStatus", "kind", "started_at as startedAt"])
    .where("n", "in", numbers)
    .execute()
  return new Map(rows.map((row) => [row.n, row as LastAttempt]))
}
