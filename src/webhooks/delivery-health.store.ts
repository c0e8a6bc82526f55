import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { CompanyId, WebhookId } from "../ids.ts"
import type { AttemptClass } from "./attempt-class.ts"

/** How many deliveries wait, counted up to `limit`. */
export async function countDue(db: Queries, limit: number): Promise<number> {
  const row = await db
    .selectFrom((from) => from.selectFrom("delivery_due").select("delivery_id").limit(limit).as("some"))
    .select((select) => select.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export interface WaitingEndpoint {
  readonly webhookId: WebhookId
  readonly companyId: CompanyId
  readonly companyName: string
  readonly name: string
  readonly webhookUrl: string
  /** Counted up to the limit. */
  readonly waiting: number
  readonly oldestDueAt: Instant
}

/**
 * Endpoints with waiting deliveries, the first `endpoints` by id. It jumps from one endpoint to the next in the index and counts
 * up to `deliveries` rows of each: a backlog of any size is not read.
 */
export async function selectWaitingEndpoints(
  db: Queries,
  most: { readonly endpoints: number; readonly deliveries: number },
): Promise<readonly WaitingEndpoint[]> {
  const { rows } = await sql<WaitingEndpoint>`
    with recursive endpoint(webhook_id, nth) as (
      select min(webhook_id), 1 from delivery_due where lease_until is null
      union all
      select (select min(webhook_id) from delivery_due
        where lease_until is null and webhook_id > endpoint.webhook_id), endpoint.nth + 1
      from endpoint where endpoint.webhook_id is not null and endpoint.nth < ${most.endpoints}
    )
    select webhooks.id as "webhookId", webhooks.company_id as "companyId", companies.short_name as "companyName",
      webhooks.name, webhooks.webhook_url as "webhookUrl",
      (select count(*) from (select 1 from delivery_due where webhook_id = webhooks.id and lease_until is null
        limit ${most.deliveries}) as counted) as waiting,
      (select min(oldest) from (
        select min(due_at) as oldest from delivery_due where webhook_id = webhooks.id and lease_until is null and lane = 0
        union all
        select min(due_at) from delivery_due where webhook_id = webhooks.id and lease_until is null and lane = 1
      ) as lanes) as "oldestDueAt"
    from endpoint
    inner join webhooks on webhooks.id = endpoint.webhook_id
    inner join companies on companies.id = webhooks.company_id`.execute(db)
  return rows.map((row) => ({ ...row, waiting: Number(row.waiting), oldestDueAt: Number(row.oldestDueAt) as Instant }))
}

export interface RecentClass {
  readonly class: AttemptClass
  readonly count: number
}

/** How the newest `limit` attempts ended, and when the oldest of them began: bounded, however long the log is. */
export async function countRecentClasses(
  db: Queries,
  limit: number,
): Promise<{ readonly classes: readonly RecentClass[]; readonly since: Instant | undefined }> {
  const rows = await db
    .selectFrom((from) =>
      from.selectFrom("attempts").select(["class", "started_at"]).orderBy("n", "desc").limit(limit).as("recent"),
    )
    .select((select) => ["class", select.fn.countAll<number>().as("count"), select.fn.min("started_at").as("since")])
    .groupBy("class")
    .orderBy("class")
    .execute()
  const since = rows.length === 0 ? undefined : (Math.min(...rows.map((row) => Number(row.since))) as Instant)
  return { classes: rows.map((row) => ({ class: row.class as AttemptClass, count: Number(row.count) })), since }
}

export interface OffWebhook {
  readonly webhookId: WebhookId
  readonly companyId: CompanyId
  readonly companyName: string
  readonly name: string
  readonly offReason: string
}

/** Webhooks that the platform itself switched off, newest first. */
export async function selectSwitchedOff(db: Queries, limit: number): Promise<readonly OffWebhook[]> {
  const rows = await db
    .selectFrom("webhooks")
    .innerJoin("companies", "companies.id", "webhooks.company_id")
    .select([
      "webhooks.id as webhookId",
      "webhooks.company_id as companyId",
      "companies.short_name as companyName",
      "webhooks.name",
      "webhooks.off_reason as offReason",
    ])
    .where("webhooks.active", "=", 0)
    .where("webhooks.off_reason", "is not", null)
    .where("webhooks.deleted_at", "is", null)
    .orderBy("webhooks.id", "desc")
    .limit(limit)
    .execute()
  return rows as OffWebhook[]
}
