import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, preparedInsert, type Queries } from "../database/engine.ts"
import { idList, isAmong } from "../database/id-list.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { DeliveryKind } from "./delivery.ts"

/** A delivery to write; `payload` only where there is no event. */
export interface NewDelivery {
  readonly uuid: string
  readonly eventId: number | null
  readonly payload: string | null
  readonly webhookId: WebhookId
  readonly companyId: number
  readonly mode: Mode
  readonly transactionId: number | null
  readonly kind: DeliveryKind
  /** Number of the attempt that it repeats. */
  readonly replayOf: number | null
  readonly now: Instant
}

type Bound<Row> = { readonly [Column in keyof Row]: Row[Column] }

const insertOne = prepared<Bound<NewDelivery>, { id: number }>(
  (db, parameter) =>
    db
      .insertInto("deliveries")
      .values({
        uuid: parameter("uuid"),
        event_id: parameter("eventId"),
        payload: parameter("payload"),
        webhook_id: parameter("webhookId"),
        company_id: parameter("companyId"),
        mode: parameter("mode"),
        transaction_id: parameter("transactionId"),
        kind: parameter("kind"),
        state: "pending",
        attempts: 0,
        replay_of: parameter("replayOf"),
        created_at: parameter("now"),
      })
      .returning("id") as never,
)

/** Writes a delivery that waits for its first attempt, and returns its id. */
export async function insertDelivery(tx: Queries, delivery: NewDelivery): Promise<number> {
  const [row] = await insertOne(tx, { ...delivery })
  if (row === undefined) throw new Error("An insert answered no row.")
  return row.id
}

const insertMany = preparedInsert<"deliveries", Bound<NewDelivery> & { state: string; attempts: number }>(
  "deliveries",
  {
    uuid: "uuid",
    eventId: "event_id",
    payload: "payload",
    webhookId: "webhook_id",
    companyId: "company_id",
    mode: "mode",
    transactionId: "transaction_id",
    kind: "kind",
    state: "state",
    attempts: "attempts",
    replayOf: "replay_of",
    now: "created_at",
  },
)

/** Writes deliveries that wait for their first attempt. */
export async function insertDeliveries(tx: Queries, deliveries: readonly NewDelivery[]): Promise<void> {
  await insertMany(
    tx,
    deliveries.map((delivery) => ({ ...delivery, state: "pending", attempts: 0 })),
  )
}

/** Makes the deliveries of new events due. */
export async function insertDueOfEvents(tx: Queries, eventIds: readonly number[], now: Instant): Promise<void> {
  if (eventIds.length === 0) return
  await sql`
    insert into delivery_due (delivery_id, webhook_id, lane, due_at, attempts_started, retry_index, interruptions,
      other_secret)
    select id, webhook_id, 0, cast(${now} as bigint), 0, 0, 0, 0 from deliveries
    where event_id in (${sql.join(eventIds)}) and kind = 'auto'`.execute(tx)
}

/** Notes what was decided about events. */
export async function updateVerdicts(tx: Queries, eventIds: readonly number[], verdicts: string): Promise<void> {
  await tx.updateTable("events").set({ verdicts }).where("id", "in", eventIds).execute()
}

const insertDueRow = prepared<{ deliveryId: number; webhookId: number; dueAt: number }, never>(
  (db, parameter) =>
    db.insertInto("delivery_due").values({
      delivery_id: parameter("deliveryId"),
      webhook_id: parameter("webhookId"),
      lane: 0,
      due_at: parameter("dueAt"),
      attempts_started: 0,
      retry_index: 0,
      interruptions: 0,
      other_secret: 0,
    }) as never,
)

/** Makes a new delivery due. */
export async function insertDue(
  tx: Queries,
  due: { readonly deliveryId: number; readonly webhookId: WebhookId; readonly dueAt: Instant },
): Promise<void> {
  await insertDueRow(tx, due)
}

/** How deliveries ended; those of one call ended alike. */
export interface DeliveryEnd {
  readonly state: "delivered" | "failed" | "cancelled"
  readonly reason: string | null
  readonly attempts: number
  readonly now: Instant
}

type EndParameters = { ids: string; state: string; reason: string | null; attempts: number; now: number }

const writeEnd = prepared<EndParameters, never>(
  (db, parameter) =>
    db
      .updateTable("deliveries")
      .set({
        state: parameter("state"),
        reason: parameter("reason"),
        attempts: parameter("attempts"),
        finished_at: parameter("now"),
      })
      .where(isAmong(db, "id", parameter("ids"))) as never,
)

/** Notes the end of deliveries. */
export async function finishDeliveries(tx: Queries, ids: readonly number[], end: DeliveryEnd): Promise<void> {
  await writeEnd(tx, { ...end, ids: idList(ids) })
}

const writeAttempts = prepared<{ id: number; attempts: number }, never>(
  (db, parameter) =>
    db
      .updateTable("deliveries")
      .set({ attempts: parameter("attempts") })
      .where("id", "=", parameter("id")) as never,
)

/** Notes that attempts were made of a delivery that goes on. */
export async function countAttempts(tx: Queries, id: number, attempts: number): Promise<void> {
  await writeAttempts(tx, { id, attempts })
}
