import { type Expression, type SqlBool, sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { AttemptClass } from "./attempt-class.ts"
import type { DeliveryKind } from "./delivery.ts"

/** An attempt as the log lists it (contract/webhooks.md §9). */
export interface LoggedAttempt {
  readonly n: number
  readonly deliveryId: number
  readonly deliveryUuid: string
  readonly kind: DeliveryKind
  readonly attemptNumber: number
  readonly webhookId: WebhookId
  readonly configVersion: number
  readonly transactionId: number | null
  readonly replayOf: number | null
  readonly class: AttemptClass
  readonly httpStatus: number | null
  readonly errorCode: number
  readonly message: string | null
  readonly responseTimeMs: number
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly firstByteMs: number | null
  readonly requestUrl: string
  readonly startedAt: Instant
  readonly endedAt: Instant
  readonly nextRetryAt: Instant | null
}

/** An attempt with all that was sent and answered. */
export interface AttemptDetail extends LoggedAttempt {
  readonly companyId: number
  readonly mode: Mode
  /** Of its transaction; null for a test send. */
  readonly bankAccountId: number | null
  readonly requestHeaders: string | null
  readonly bodySha256: string | null
  readonly responseHeaders: string | null
  readonly responseBody: Uint8Array | null
  /** Of its event, or of the test send: the body is rendered from it. */
  readonly payload: string
}

const listColumns = [
  "a.n",
  "a.delivery_id as deliveryId",
  "a.delivery_uuid as deliveryUuid",
  "a.kind",
  "a.attempt_number as attemptNumber",
  "a.webhook_id as webhookId",
  "a.config_version as configVersion",
  "a.transaction_id as transactionId",
  "a.replay_of as replayOf",
  "a.class",
  "a.http_status as httpStatus",
  "a.error_code as errorCode",
  "a.message",
  "a.response_time_ms as responseTimeMs",
  "a.dns_ms as dnsMs",
  "a.connect_ms as connectMs",
  "a.tls_ms as tlsMs",
  "a.first_byte_ms as firstByteMs",
  "a.request_url as requestUrl",
  "a.started_at as startedAt",
  "a.ended_at as endedAt",
  "a.next_retry_at as nextRetryAt",
] as const

/** What a log is narrowed to; all given conditions hold. */
export interface LogFilter {
  readonly companyId?: number
  readonly mode?: Mode
  readonly webhookId?: WebhookId
  readonly transactionId?: number
  readonly kind?: DeliveryKind
  readonly classes?: readonly AttemptClass[]
  /** Begun at or after, and before. */
  readonly from?: Instant
  readonly before?: Instant
  /** Only of transactions of these accounts, and test sends. */
  readonly bankAccountIds?: readonly number[]
}

function matching(filter: LogFilter): Expression<SqlBool> {
  const { companyId, mode, webhookId, transactionId, kind, classes, from, before, bankAccountIds } = filter
  const conditions = [
    companyId === undefined ? undefined : sql<SqlBool>`a.company_id = ${companyId}`,
    mode === undefined ? undefined : sql<SqlBool>`a.mode = ${mode}`,
    webhookId === undefined
      ? undefined
      : transactionId === undefined
        ? sql<SqlBool>`a.webhook_id = ${webhookId}`
        : // The sum keeps the engines from reading the whole log of the webhook for a handful of rows.
          sql<SqlBool>`a.webhook_id + 0 = ${webhookId}`,
    transactionId === undefined ? undefined : ofTransaction(transactionId),
    kind === undefined ? undefined : sql<SqlBool>`a.kind = ${kind}`,
    classes === undefined ? undefined : sql<SqlBool>`a.class in (${sql.join(classes)})`,
    from === undefined ? undefined : sql<SqlBool>`a.started_at >= ${from}`,
    before === undefined ? undefined : sql<SqlBool>`a.started_at < ${before}`,
    bankAccountIds === undefined
      ? undefined
      : sql<SqlBool>`(a.transaction_id is null or exists (select 1 from transactions t where t.id = a.transaction_id
          and t.bank_account_id in (${sql.join(bankAccountIds)})))`,
  ].filter((condition) => condition !== undefined)
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql.join<SqlBool>(conditions, sql` and `)
}

// By the deliveries of its event: the log itself has no index of transactions. Each kind has an index of its own, which
// takes the kind as a literal.
function ofTransaction(transactionId: number): Expression<SqlBool> {
  const deliveries = (kind: DeliveryKind) => sql`select d.id from events e
    inner join deliveries d on d.event_id = e.id and d.kind = ${sql.lit(kind)} where e.transaction_id = ${transactionId}`
  return sql<SqlBool>`a.delivery_id in (${deliveries("auto")} union all ${deliveries("replay")})`
}

/** Attempts that match, newest first. */
export async function selectAttempts(
  db: Queries,
  filter: LogFilter,
  slice: { readonly skip: number; readonly take: number },
): Promise<LoggedAttempt[]> {
  const rows = await db
    .selectFrom("attempts as a")
    .select(listColumns)
    .where(matching(filter))
    .orderBy("a.n", "desc")
    .limit(slice.take)
    .offset(slice.skip)
    .execute()
  return rows as LoggedAttempt[]
}

/** Attempts by their numbers, newest first. */
export async function selectAttemptsByNumber(db: Queries, numbers: readonly number[]): Promise<LoggedAttempt[]> {
  if (numbers.length === 0) return []
  const query = db.selectFrom("attempts as a").select(listColumns).where("a.n", "in", numbers)
  return (await query.orderBy("a.n", "desc").execute()) as LoggedAttempt[]
}

export async function countAttemptsThat(db: Queries, filter: LogFilter): Promise<number> {
  const { count } = await db
    .selectFrom("attempts as a")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where(matching(filter))
    .executeTakeFirstOrThrow()
  return count
}

/** One attempt of any company. */
export async function selectAttempt(db: Queries, n: number): Promise<AttemptDetail | undefined> {
  const row = await db
    .selectFrom("attempts as a")
    .innerJoin("deliveries as d", "d.id", "a.delivery_id")
    .leftJoin("events as e", "e.id", "d.event_id")
    .leftJoin("transactions as t", "t.id", "a.transaction_id")
    .select(listColumns)
    .select((expression) => [
      "a.company_id as companyId",
      "a.mode",
      "t.bank_account_id as bankAccountId",
      "a.request_headers as requestHeaders",
      "a.body_sha256 as bodySha256",
      "a.response_headers as responseHeaders",
      "a.response_body as responseBody",
      expression.fn.coalesce("e.payload", "d.payload").as("payload"),
    ])
    .where("a.n", "=", n)
    .executeTakeFirst()
  return row as AttemptDetail | undefined
}

/** Whose attempts these are, by their numbers. */
export async function selectAttemptOwners(
  db: Queries,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, { readonly companyId: number; readonly mode: Mode }>> {
  const rows = await db.selectFrom("attempts").select(["n", "company_id", "mode"]).where("n", "in", numbers).execute()
  return new Map(rows.map((row) => [row.n, { companyId: row.company_id, mode: row.mode as Mode }]))
}

/**
 * Deletes attempts that began before, oldest first, at most `limit`; returns how many. Only the oldest rows are looked at:
 * numbers and times grow together.
 */
export async function deleteOldAttempts(tx: Queries, before: Instant, limit: number): Promise<number> {
  const oldest = await tx.selectFrom("attempts").select(["n", "started_at"]).orderBy("n").limit(limit).execute()
  const old = oldest.filter((row) => row.started_at < before)
  if (old.length === 0) return 0
  await tx
    .deleteFrom("attempts")
    .where(
      "n",
      "in",
      old.map((row) => row.n),
    )
    .where("started_at", "<", before)
    .execute()
  return old.length
}
