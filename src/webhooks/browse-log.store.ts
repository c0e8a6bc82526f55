import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import type { AttemptClass } from "./attempt-class.ts"
import type { DeliveryKind } from "./delivery.ts"
import type { NumberedRow, NumberedTable } from "./find-number.ts"

/** What a page of a log is narrowed to; all given conditions hold. */
export interface BrowseFilter {
  readonly classes?: readonly AttemptClass[] | undefined
  readonly kind?: DeliveryKind | undefined
  readonly httpStatus?: number | undefined
  /** Begun at or after, and before. */
  readonly from?: Instant | undefined
  readonly before?: Instant | undefined
}

/** A stretch of a webhook's log: numbers between the two, newest first, and no more rows than that. */
export interface Stretch {
  readonly webhookId: WebhookId
  readonly above: number
  readonly below: number
  readonly most: number
}

/** The numbers of the matching attempts of a stretch, newest first. */
export async function selectMatchingNumbers(
  db: Queries,
  stretch: Stretch,
  filter: BrowseFilter,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{ n: number }>`
    select s.n from (
      select a.n, a.class, a.kind, a.http_status, a.started_at from attempts a
      where ${within(stretch, filter)} order by a.n desc limit ${stretch.most}) s
    where ${matches(filter)} order by s.n desc limit ${limit}`.execute(db)
  return rows.map(({ n }) => n)
}

/** The last row of a stretch that has all its rows; undefined when the log ends before. */
export async function selectEndOfStretch(
  db: Queries,
  stretch: Stretch,
  filter: BrowseFilter,
): Promise<NumberedRow | undefined> {
  const { rows } = await sql<NumberedRow>`
    select a.n as number, a.started_at as at from attempts a
    where ${within(stretch, filter)} order by a.n desc limit 1 offset ${stretch.most - 1}`.execute(db)
  return rows[0]
}

// What is not delivered has an index of its own, which takes the class as a literal.
function within({ webhookId, above, below }: Stretch, { classes }: BrowseFilter): RawBuilder<SqlBool> {
  const troubled = classes !== undefined && !classes.includes("ok") ? sql`and a.class <> 'ok'` : sql``
  return sql<SqlBool>`a.webhook_id = ${webhookId} and a.n > ${above} and a.n < ${below} ${troubled}`
}

function matches({ classes, kind, httpStatus, from, before }: BrowseFilter): Expression<SqlBool> {
  const conditions = [
    classes === undefined ? undefined : sql<SqlBool>`s.class in (${sql.join(classes)})`,
    kind === undefined ? undefined : sql<SqlBool>`s.kind = ${kind}`,
    httpStatus === undefined ? undefined : sql<SqlBool>`s.http_status = ${httpStatus}`,
    from === undefined ? undefined : sql<SqlBool>`s.started_at >= ${from}`,
    before === undefined ? undefined : sql<SqlBool>`s.started_at < ${before}`,
  ].filter((condition) => condition !== undefined)
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql.join<SqlBool>(conditions, sql` and `)
}

/** The number of the test send with this uuid, if it is among the webhook's newest `most` attempts. */
export async function selectTestNumber(
  db: Queries,
  of: { readonly webhookId: WebhookId; readonly deliveryUuid: string; readonly most: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ n: number }>`
    select s.n from (
      select a.n, a.kind, a.delivery_uuid from attempts a where a.webhook_id = ${of.webhookId}
      order by a.n desc limit ${of.most}) s
    where s.kind = 'test' and s.delivery_uuid = ${of.deliveryUuid}`.execute(db)
  return rows[0]?.n
}

/** The whole log, as `numberBefore` and `numberAfter` ask it. */
export function attemptNumbers(db: Queries): NumberedTable {
  return {
    ends: async () => {
      const { rows } = await sql<{ first: number | null; last: number | null }>`
        select (select min(n) from attempts) as first, (select max(n) from attempts) as last`.execute(db)
      return toEnds(rows[0])
    },
    firstFrom: async (number) => {
      const { rows } = await sql<NumberedRow>`
        select n as number, started_at as at from attempts where n >= ${number} order by n limit 1`.execute(db)
      return rows[0]
    },
  }
}

/** All deliveries, likewise by when they were made. */
export function deliveryNumbers(db: Queries): NumberedTable {
  return {
    ends: async () => {
      const { rows } = await sql<{ first: number | null; last: number | null }>`
        select (select min(id) from deliveries) as first, (select max(id) from deliveries) as last`.execute(db)
      return toEnds(rows[0])
    },
    firstFrom: async (number) => {
      const { rows } = await sql<NumberedRow>`
        select id as number, created_at as at from deliveries where id >= ${number} order by id limit 1`.execute(db)
      return rows[0]
    },
  }
}

function toEnds(row: { readonly first: number | null; readonly last: number | null } | undefined) {
  if (row === undefined || row.first === null || row.last === null) return undefined
  return { first: row.first, last: row.last }
}
