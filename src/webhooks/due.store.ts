import { type Expression, sql } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { idList, isAmong } from "../database/id-list.ts"
import type { CompanyId, Mode, TransactionId, WebhookId } from "../ids.ts"
import type { DeliveryKind, Lane, SecretWish } from "./delivery.ts"

const laneNumbers: Readonly<Record<Lane, number>> = { first: 0, retry: 1 }

/** An endpoint that has work now, and how old its oldest is. */
export interface DueEndpoint {
  readonly webhookId: WebhookId
  readonly mode: Mode
}

/**
 * Endpoints with work that is due and that nobody holds. It jumps from one endpoint to the next in the index and reads no
 * more than one row of each lane: a backlog of any size on one is not read to reach another (contract/webhooks.md §7.1).
 */
export async function selectDueEndpoints(db: Queries, now: Instant): Promise<DueEndpoint[]> {
  const isWaiting = (lane: number) => sql<boolean>`exists (
    select 1 from delivery_due where webhook_id = endpoint.webhook_id and lane = ${sql.lit(lane)}
      and lease_until is null and due_at <= ${now})`
  const { rows } = await sql<DueEndpoint>`
    with recursive endpoint(webhook_id) as (
      select min(webhook_id) from delivery_due where lease_until is null
      union all
      select (select min(webhook_id) from delivery_due
        where lease_until is null and webhook_id > endpoint.webhook_id)
      from endpoint where endpoint.webhook_id is not null
    )
    select webhooks.id as "webhookId", webhooks.mode from endpoint
    inner join webhooks on webhooks.id = endpoint.webhook_id
    where ${isWaiting(0)} or ${isWaiting(1)}`.execute(db)
  return rows
}

/** Where a due delivery stands. */
export interface DueRow {
  readonly deliveryId: number
  readonly attemptsStarted: number
  readonly retryIndex: number
  readonly interruptions: number
  readonly secretWish: SecretWish
}

/** A due delivery that has just been claimed. */
export interface ClaimedRow extends DueRow {
  readonly lane: Lane
}

type ClaimParameters = {
  webhookId: number
  now: number
  retry: number
  all: number
  claimId: string
  leaseUntil: number
}

// Both lanes in one statement, retries first: a claim costs more in statements than in rows.
const claimOfEndpoint = prepared<ClaimParameters, DueRow & { readonly lane: number }>((db, parameter) => {
  const pick = (lane: Lane, limit: Expression<number>) =>
    db
      .selectFrom("delivery_due")
      .select("delivery_id")
      .where("webhook_id", "=", parameter("webhookId"))
      .where("lane", "=", sql.lit(laneNumbers[lane]))
      .where("lease_until", "is", null)
      .where("due_at", "<=", parameter("now"))
      .orderBy("due_at")
      .orderBy("delivery_id")
      .limit(limit)
      .forUpdate()
      .skipLocked()
  const left = sql<number>`(select ${parameter("all")} - count(*) from retries)`
  return db
    .with(
      (cte) => cte("retries").materialized(),
      () => pick("retry", sql<number>`${parameter("retry")}`),
    )
    .with(
      (cte) => cte("firsts").materialized(),
      () => pick("first", left),
    )
    .updateTable("delivery_due")
    .set((e) => ({
      claim_id: parameter("claimId"),
      lease_until: parameter("leaseUntil"),
      attempts_started: e("attempts_started", "+", 1),
    }))
    .where("delivery_id", "in", (e) =>
      e.selectFrom("retries").select("delivery_id").unionAll(e.selectFrom("firsts").select("delivery_id")),
    )
    .returning([
      "delivery_id as deliveryId",
      "lane",
      "attempts_started as attemptsStarted",
      "retry_index as retryIndex",
      "interruptions",
      "other_secret as secretWish",
    ])
    .$castTo<DueRow & { readonly lane: number }>()
})

/** Who claims, and until when it holds what it claims. */
export interface Claim {
  readonly claimId: string
  readonly now: Instant
  readonly leaseUntil: Instant
}

/** Claims up to `all` due deliveries of an endpoint, up to `retry` of them retries; the oldest of each lane first. */
export async function claimDue(
  tx: Queries,
  claim: Claim,
  of: { readonly webhookId: WebhookId; readonly all: number; readonly retry: number },
): Promise<ClaimedRow[]> {
  const { webhookId, all, retry } = of
  const rows = await claimOfEndpoint(tx, { ...claim, webhookId, all, retry: Math.min(retry, all) })
  return rows.map((row) => ({ ...row, lane: row.lane === laneNumbers.retry ? "retry" : "first" }))
}

/** What a claimed delivery sends. */
export interface DeliveryContent {
  readonly id: number
  readonly uuid: string
  readonly kind: DeliveryKind
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly transactionId: TransactionId | null
  readonly transactionUuid: string | null
  readonly eventUuid: string | null
  readonly eventAt: Instant | null
  readonly payload: string
  readonly replayOf: number | null
  readonly createdAt: Instant
}

const contentsOf = prepared<{ ids: string }, DeliveryContent>((db, parameter) =>
  db
    .selectFrom("deliveries as d")
    .leftJoin("events as e", "e.id", "d.event_id")
    .leftJoin("transactions as t", "t.id", "d.transaction_id")
    .select((expression) => [
      "d.id",
      "d.uuid",
      "d.kind",
      "d.company_id as companyId",
      "d.mode",
      "d.transaction_id as transactionId",
      "t.uuid as transactionUuid",
      "e.uuid as eventUuid",
      "e.created_at as eventAt",
      expression.fn.coalesce("e.payload", "d.payload").as("payload"),
      "d.replay_of as replayOf",
      "d.created_at as createdAt",
    ])
    .where(isAmong(db, "d.id", parameter("ids")))
    .$castTo<DeliveryContent>(),
)

/** What deliveries send, by their ids. */
export async function selectDeliveryContents(
  db: Queries,
  ids: readonly number[],
): Promise<ReadonlyMap<number, DeliveryContent>> {
  if (ids.length === 0) return new Map()
  const rows = await contentsOf(db, { ids: idList(ids) })
  return new Map(rows.map((row) => [row.id, row]))
}

const deleteClaimed = prepared<{ ids: string; claimId: string }, { id: number }>((db, parameter) =>
  db
    .deleteFrom("delivery_due")
    .where(isAmong(db, "delivery_id", parameter("ids")))
    .where("claim_id", "=", parameter("claimId"))
    .returning("delivery_id as id"),
)

/** Takes finished deliveries off; returns those whose claim still stood. */
export async function deleteDue(tx: Queries, claimId: string, deliveryIds: readonly number[]): Promise<Set<number>> {
  const rows = await deleteClaimed(tx, { ids: idList(deliveryIds), claimId })
  return new Set(rows.map(({ id }) => id))
}

/** When a delivery is tried again. */
export interface NextDue {
  readonly dueAt: Instant
  readonly retryIndex: number
  readonly interruptions: number
  readonly secretWish: SecretWish
}

/** Gives a delivery back for a later attempt; false when its claim no longer stood. */
export async function rescheduleDue(
  tx: Queries,
  { deliveryId, claimId }: { readonly deliveryId: number; readonly claimId: string },
  next: NextDue,
): Promise<boolean> {
  const row = await tx
    .updateTable("delivery_due")
    .set({
      lane: laneNumbers.retry,
      due_at: next.dueAt,
      lease_until: null,
      claim_id: null,
      retry_index: next.retryIndex,
      interruptions: next.interruptions,
      other_secret: next.secretWish,
    })
    .where("delivery_id", "=", deliveryId)
    .where("claim_id", "=", claimId)
    .returning("delivery_id")
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Renews leases; a row that another process claimed meanwhile is left alone. One that is locked is left alone too: its
 * result is being written, and two that lock many rows in different orders would wait for each other for ever.
 */
export async function renewLeases(
  tx: Queries,
  held: { readonly deliveryIds: readonly number[]; readonly claimIds: readonly string[] },
  leaseUntil: Instant,
): Promise<void> {
  await tx
    .updateTable("delivery_due")
    .set({ lease_until: leaseUntil })
    .where("delivery_id", "in", (e) =>
      e
        .selectFrom("delivery_due")
        .select("delivery_id")
        .where("delivery_id", "in", held.deliveryIds)
        .where("claim_id", "in", held.claimIds)
        .forUpdate()
        .skipLocked(),
    )
    .execute()
}

/** A delivery whose worker is gone. */
export interface LostClaim extends DueRow {
  readonly webhookId: WebhookId
  readonly claimId: string
  readonly leaseUntil: Instant
}

/** Deliveries whose lease ran out, locked; those another process is at are passed over. */
export async function lockLostClaims(tx: Queries, now: Instant, limit: number): Promise<LostClaim[]> {
  const rows = await tx
    .selectFrom("delivery_due")
    .select([
      "delivery_id as deliveryId",
      "webhook_id as webhookId",
      "claim_id as claimId",
      "lease_until as leaseUntil",
      "attempts_started as attemptsStarted",
      "retry_index as retryIndex",
      "interruptions",
      "other_secret as secretWish",
    ])
    .where("lease_until", "is not", null)
    .where("lease_until", "<", now)
    .orderBy("lease_until")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows as LostClaim[]
}

/** Whether any lease has run out: asked without a write transaction. */
export async function hasLostClaims(db: Queries, now: Instant): Promise<boolean> {
  const row = await db
    .selectFrom("delivery_due")
    .select("delivery_id")
    .where("lease_until", "is not", null)
    .where("lease_until", "<", now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
