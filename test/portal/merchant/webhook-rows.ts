import { instantAfter } from "../../../src/clock.ts"
import { transaction } from "../../../src/database/engine.ts"
import { newUuid } from "../../../src/ids.ts"
import { formatVietnamTime } from "../../../src/vietnam-time.ts"
import type { WebhookSite } from "./webhook-site.ts"

// Rows as delivery leaves them, put straight into the database: a log of that length by calls would take an hour.

/** What `addLogRows` made, oldest first. */
export interface MadeLog {
  readonly all: readonly { readonly n: number; readonly local: string }[]
  readonly failed: readonly number[]
  /** Delivered with 201. */
  readonly created: readonly number[]
}

/** Adds a second of log for each row; every so many is a failure, and the first and the last were answered 201. */
export async function addLogRows(
  { site }: WebhookSite,
  webhookId: number,
  { good, failedEvery }: { readonly good: number; readonly failedEvery: number },
): Promise<MadeLog> {
  const { db, clock } = site.app.context
  const begun = instantAfter(clock.now(), -(good + 10) * 60_000)
  const at = (index: number) => instantAfter(begun, index * 60_000)
  const all: { n: number; local: string }[] = []
  const failed: number[] = []
  const created: number[] = []
  for (let first = 0; first < good; first += 1000) {
    const rows = Array.from({ length: Math.min(1000, good - first) }, (_, index) => {
      const row = first + index
      const isFailed = row % failedEvery === failedEvery - 1
      const isCreated = row === 0 || row === good - 1
      return {
        started_at: at(row),
        ended_at: at(row),
        delivery_id: 0,
        delivery_uuid: newUuid(at(row)),
        kind: "auto",
        attempt_number: 1,
        webhook_id: webhookId,
        config_version: 1,
        company_id: site.merchant.companyId,
        mode: "live",
        class: isFailed ? "http_error" : "ok",
        http_status: isFailed ? 500 : isCreated ? 201 : 200,
        error_code: 0,
        response_time_ms: 12,
        request_url: "https://shop.example/hook",
      }
    })
    const numbers = await transaction(db, (tx) => insertInPieces(tx, rows))
    for (const [index, n] of numbers.entries()) {
      const row = rows[index]
      if (row === undefined) throw new Error("A row was not made.")
      all.push({ n, local: formatVietnamTime(row.started_at).replace(" ", "T").slice(0, 16) })
      if (row.class !== "ok") failed.push(n)
      if (row.http_status === 201) created.push(n)
    }
  }
  return { all, failed, created }
}

type Tx = Parameters<Parameters<typeof transaction>[1]>[0]

async function insertInPieces(tx: Tx, rows: readonly Readonly<Record<string, unknown>>[]): Promise<number[]> {
  const numbers: number[] = []
  for (let at = 0; at < rows.length; at += 500) {
    const piece = rows.slice(at, at + 500) as never
    const made = await tx.insertInto("attempts").values(piece).returning("n").execute()
    numbers.push(...made.map(({ n }) => n))
  }
  return numbers.toSorted((one, other) => one - other)
}

/** Records transactions whose delivery to the webhook has failed for good, and returns a window that holds them. */
export async function addFailedDeliveries(
  web: WebhookSite,
  webhookId: number,
  count: number,
): Promise<{ readonly from: string; readonly before: string; readonly window: string }> {
  const { db, clock } = web.site.app.context
  const ids: number[] = []
  for (let made = 0; made < count; made += 100) {
    ids.push(...(await web.push(Array.from({ length: Math.min(100, count - made) }, () => ({})))))
  }
  const now = clock.now()
  await transaction(db, async (tx) => {
    const events = await tx
      .selectFrom("events")
      .select(["id", "transaction_id"])
      .where("transaction_id", "in", ids)
      .execute()
    for (const event of events) {
      const shared = { company_id: web.site.merchant.companyId, mode: "live", webhook_id: webhookId }
      const uuid = newUuid(now)
      const { id } = await tx
        .insertInto("deliveries")
        .values({
          ...shared,
          uuid,
          event_id: event.id,
          transaction_id: event.transaction_id,
          kind: "auto",
          state: "failed",
          reason: "exhausted",
          attempts: 1,
          created_at: now,
          finished_at: now,
        })
        .returning("id")
        .executeTakeFirstOrThrow()
      await tx
        .insertInto("attempts")
        .values({
          ...shared,
          started_at: now,
          ended_at: now,
          delivery_id: id,
          delivery_uuid: uuid,
          transaction_id: event.transaction_id,
          kind: "auto",
          attempt_number: 1,
          config_version: 1,
          class: "http_error",
          http_status: 500,
          error_code: 0,
          response_time_ms: 5,
          request_url: "https://shop.example/hook",
        })
        .execute()
    }
  })
  const local = (minutes: number) =>
    formatVietnamTime(instantAfter(now, minutes * 60_000))
      .replace(" ", "T")
      .slice(0, 16)
  const [from, before] = [local(-1), local(2)]
  return { from, before, window: new URLSearchParams({ from, before }).toString() }
}
