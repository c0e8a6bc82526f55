import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { CompanyId, Mode, WebhookId } from "../ids.ts"

/** A delivery that may be made again. */
export interface Repeatable {
  readonly deliveryId: number
  readonly eventId: number | null
  /** Of a test send, which has no event. */
  readonly payload: string | null
  readonly transactionId: number | null
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly webhookId: WebhookId
  /** Number of the attempt that is repeated. */
  readonly n: number
}

/** What attempts of a company's mode delivered, by their numbers; under a choice of accounts only of these. */
export async function selectRepeatable(
  tx: Queries,
  owner: { readonly companyId: number; readonly mode: Mode; readonly bankAccountIds: readonly number[] | undefined },
  numbers: readonly number[],
): Promise<ReadonlyMap<number, Repeatable>> {
  const rows = await tx
    .selectFrom("attempts as a")
    .innerJoin("deliveries as d", "d.id", "a.delivery_id")
    .leftJoin("transactions as t", "t.id", "a.transaction_id")
    .select([
      "d.id as deliveryId",
      "d.event_id as eventId",
      "d.payload",
      "d.transaction_id as transactionId",
      "d.company_id as companyId",
      "d.mode",
      "d.webhook_id as webhookId",
      "a.n",
      "t.bank_account_id as bankAccountId",
    ])
    .where("a.n", "in", numbers)
    .where("a.company_id", "=", owner.companyId)
    .where("a.mode", "=", owner.mode)
    .execute()
  const seen = rows.filter(
    ({ bankAccountId }) => bankAccountId === null || owner.bankAccountIds?.includes(bankAccountId) !== false,
  )
  return new Map(seen.map((row) => [row.n, row as unknown as Repeatable]))
}

/** Which undelivered deliveries of a webhook are meant. */
export interface UndeliveredFilter {
  readonly webhookId: WebhookId
  readonly states: readonly ("failed" | "cancelled")[]
  /** Made at or after, and before. */
  readonly from: Instant
  readonly before: Instant
  /** Only ids below this one: what is newer than the window need not be read. */
  readonly beforeId?: number | undefined
}

// An own condition on the state alone, as the index of undelivered deliveries has it.
function isUndelivered(filter: UndeliveredFilter): RawBuilder<boolean> {
  return sql<boolean>`d.webhook_id = ${filter.webhookId} and d.state in ('failed', 'cancelled')
      and d.state in (${sql.join(filter.states)}) and d.kind = 'auto'
      and d.created_at >= ${filter.from} and d.created_at < ${filter.before}
      and d.id < ${filter.beforeId ?? Number.MAX_SAFE_INTEGER}
      and not exists (
        select 1 from deliveries again where again.event_id = d.event_id and again.kind = 'replay'
          and again.webhook_id = d.webhook_id and again.state in ('pending', 'delivered'))
      and exists (select 1 from attempts where attempts.delivery_id = d.id)`
}

/** How many there are of those that `selectUndelivered` finds. */
export async function countUndelivered(db: Queries, filter: UndeliveredFilter): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from deliveries d where ${isUndelivered(filter)}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** The same of ids after one, but never counted beyond `most`. */
export async function countUndeliveredUpTo(
  db: Queries,
  filter: UndeliveredFilter,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select 1 as one from deliveries d where ${isUndelivered(filter)} and d.id > ${after} limit ${most}) found`.execute(
    db,
  )
  return Number(rows[0]?.count ?? 0)
}

/**
 * Undelivered deliveries of a webhook after an id, oldest first, each with its last attempt. Those that have reached the
 * receiver by a replay, or are on their way by one, are left out, so that doing it twice is doing it once.
 */
export async function selectUndelivered(
  tx: Queries,
  filter: UndeliveredFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Repeatable[]> {
  const { rows } = await sql<Repeatable>`
    select d.id as "deliveryId", d.event_id as "eventId", d.payload, d.transaction_id as "transactionId",
      d.company_id as "companyId", d.mode, d.webhook_id as "webhookId",
      (select max(n) from attempts where attempts.delivery_id = d.id) as n
    from deliveries d
    where ${isUndelivered(filter)} and d.id > ${after}
    order by d.id limit ${limit}`.execute(tx)
  return rows
}
