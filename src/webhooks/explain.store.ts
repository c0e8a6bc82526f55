import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** A recorded transaction with what was decided about it. */
export interface ExplainedEvent {
  readonly eventId: number
  readonly bankAccountId: number
  readonly subAccountId: number | null
  readonly amount: number
  readonly code: string | null
  readonly payload: string
  readonly silent: number
  /** JSON `[webhook_id, config_version, verdict]`. */
  readonly verdicts: string
  readonly recordedAt: Instant
}

/** The event of a company's transaction. */
export async function selectExplainedEvent(
  db: Queries,
  of: { readonly companyId: number; readonly mode: string; readonly transactionId: number },
): Promise<ExplainedEvent | undefined> {
  const row = await db
    .selectFrom("events as e")
    .innerJoin("transactions as t", "t.id", "e.transaction_id")
    .select([
      "e.id as eventId",
      "t.bank_account_id as bankAccountId",
      "t.sub_account_id as subAccountId",
      "t.amount",
      "t.code",
      "e.payload",
      "e.silent",
      "e.verdicts",
      "e.created_at as recordedAt",
    ])
    .where("e.transaction_id", "=", of.transactionId)
    .where("e.company_id", "=", of.companyId)
    .where("e.mode", "=", of.mode)
    .executeTakeFirst()
  return row as ExplainedEvent | undefined
}

/** What the versions of some webhooks let pass, as JSON, by `webhook:version`. */
export async function selectVersions(
  db: Queries,
  versions: readonly { readonly webhookId: number; readonly configVersion: number }[],
): Promise<ReadonlyMap<string, string>> {
  if (versions.length === 0) return new Map()
  const rows = await db
    .selectFrom("webhook_versions")
    .select(["webhook_id as webhookId", "config_version as configVersion", "filter"])
    .where((e) =>
      e.or(
        versions.map(({ webhookId, configVersion }) =>
          e.and([e("webhook_id", "=", webhookId), e("config_version", "=", configVersion)]),
        ),
      ),
    )
    .execute()
  return new Map(rows.map((row) => [`${row.webhookId}:${row.configVersion}`, row.filter]))
}

/** A delivery of an event with its last attempt. */
export interface ExplainedDelivery {
  readonly webhookId: number
  readonly uuid: string
  readonly kind: string
  readonly state: string
  readonly reason: string | null
  readonly attempts: number
  readonly createdAt: Instant
  readonly lastClass: string | null
  readonly lastMessage: string | null
  readonly lastNumber: number | null
  readonly nextRetryAt: Instant | null
}

/** The deliveries of an event, to one webhook or to all, oldest first. */
export async function selectDeliveriesOf(
  db: Queries,
  of: { readonly eventId: number; readonly webhookId?: number },
): Promise<ExplainedDelivery[]> {
  const rows = await db
    .selectFrom("deliveries as d")
    .leftJoin("attempts as a", (join) =>
      join.on("a.n", "=", (e) =>
        e
          .selectFrom("attempts as last")
          .select((inner) => inner.fn.max("last.n").as("n"))
          .whereRef("last.delivery_id", "=", "d.id"),
      ),
    )
    .select([
      "d.webhook_id as webhookId",
      "d.uuid",
      "d.kind",
      "d.state",
      "d.reason",
      "d.attempts",
      "d.created_at as createdAt",
      "a.class as lastClass",
      "a.message as lastMessage",
      "a.n as lastNumber",
      "a.next_retry_at as nextRetryAt",
    ])
    // Each kind has an index of its own, which takes the kind as a literal: without them all deliveries are read.
    .where((e) =>
      e.or(
        ["auto", "replay"].map((kind) => e.and([e("d.kind", "=", sql.lit(kind)), e("d.event_id", "=", of.eventId)])),
      ),
    )
    .$if(of.webhookId !== undefined, (query) => query.where("d.webhook_id", "=", of.webhookId ?? 0))
    .orderBy("d.id")
    .execute()
  return rows as ExplainedDelivery[]
}
