import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { withinMost } from "../database/within-most.ts"
import type { BankAccountId, CompanyId, FeedId, Mode, TransactionId } from "../ids.ts"

/** The staged lines of one statement: those of an import from one ordinal to another. */
export interface StagedRange {
  readonly importId: number
  readonly from: number
  readonly to: number
}

function within(range: StagedRange, table = "staged_lines"): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql`${column("import_id")} = ${range.importId} and ${column("ordinal")} between ${range.from} and ${range.to}`
}

/** Completes the identities of lines: the n-th identical line of the statement is n (contract/feeds.md §3.1). */
export async function numberLines(tx: Queries, range: StagedRange): Promise<void> {
  await sql`
    update staged_lines set identity = staged_lines.identity || ':' || cast(numbered.n as text)
    from (
      select ordinal, row_number() over (partition by identity order by ordinal) as n
      from staged_lines where ${within(range)}
    ) as numbered
    where staged_lines.import_id = ${range.importId} and staged_lines.ordinal = numbered.ordinal`.execute(tx)
}

/**
 * The same where some known statements share no movement with this one: the n-th identical line takes the n-th number
 * that none of them holds, and a new one when those run out. The two are paired by grouping: a join of so many equal
 * identities can become quadratic, since PostgreSQL has no statistics of lines just staged.
 */
export async function numberLinesBeside(
  tx: Queries,
  range: StagedRange,
  feedId: FeedId,
  disjointIds: readonly number[],
): Promise<void> {
  await sql`
    with mine as (
      select ordinal, identity as base, row_number() over (partition by identity order by ordinal) as n
      from staged_lines where ${within(range)}
    ), bases as (select distinct base from mine), known as (
      select bases.base, cast(substr(observations.identity, length(bases.base) + 2) as integer) as k,
        case when observations.statement_id in (${sql.join(disjointIds)}) then 0 else 1 end as free
      from bases cross join observations where observations.feed_id = ${feedId}
        and observations.identity > bases.base || ':' and observations.identity < bases.base || ';'
    ), slots as (
      select base, n, ordinal, null as k, 0 as total, 0 as free from mine
      union all
      select base, case when free = 1 then row_number() over (partition by base, free order by k) else 0 end, null,
        case when free = 1 then k end, 1, free from known
    ), paired as (
      select base, n, max(ordinal) as ordinal, max(k) as k, sum(total) as total, sum(free) as free
      from slots group by base, n
    )
    update staged_lines set identity = target.identity
    from (
      select ordinal, base || ':' || cast(coalesce(k,
        sum(total) over (partition by base) + n - sum(free) over (partition by base)) as text) as identity
      from paired
    ) as target
    where staged_lines.import_id = ${range.importId} and staged_lines.ordinal = target.ordinal`.execute(tx)
}

const isNew = sql`staged_lines.status = 'booked' and not exists (
  select 1 from observations where observations.feed_id = staged_lines.feed_id
    and observations.identity = staged_lines.identity and observations.transaction_id is not null)`

/** Gives new lines without balance the account's last known one plus the amounts so far. */
export async function computeBalances(tx: Queries, range: StagedRange, balance: number): Promise<void> {
  await sql`
    update staged_lines set balance_after = running.balance, balance_source = 'computed'
    from (
      select ordinal, cast(${balance} as bigint) + sum(amount) over (order by ordinal) as balance
      from staged_lines where ${within(range)} and balance_after is null and ${isNew}
    ) as running
    where staged_lines.import_id = ${range.importId} and staged_lines.ordinal = running.ordinal
      and running.balance between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`.execute(tx)
}

/** Records the lines that are not known as transactions, in their order, and notes the ids they got. */
export async function insertStagedTransactions(
  tx: Queries,
  range: StagedRange,
  of: { readonly companyId: CompanyId; readonly mode: Mode; readonly now: Instant },
): Promise<void> {
  const last = await sql<{ id: number | null }>`select max(id) as id from transactions`.execute(tx)
  await sql`
    insert into transactions (uuid, company_id, mode, bank_account_id, booked_at, booked_day, "precision", amount,
      balance_after, balance_source, memo, description, reference, code, sub_account_id, sub_account_number, kind,
      listed, recorded_at)
    select transaction_uuid, cast(${of.companyId} as bigint), cast(${of.mode} as text), bank_account_id, booked_at,
      booked_day, "precision", amount, balance_after, balance_source, memo, description, reference, code,
      sub_account_id, sub_account_number, kind, 1, cast(${of.now} as bigint)
    from staged_lines where ${within(range)} and ${isNew} order by ordinal`.execute(tx)
  await sql`
    update staged_lines set transaction_id = made.id
    from (select id, uuid from transactions where id > ${last.rows[0]?.id ?? 0}) as made
    where made.uuid = staged_lines.transaction_uuid`.execute(tx)
}

/** Keeps the lines as observations: new ones, and pending ones that are booked now. */
export async function insertStagedObservations(
  tx: Queries,
  range: StagedRange,
  of: { readonly rawItemId: number; readonly statementId: number; readonly now: Instant },
): Promise<void> {
  await sql`
    update observations set status = 'booked', transaction_id = booked.transaction_id, content = booked.content,
      fingerprint = booked.fingerprint, raw_item_id = ${of.rawItemId}, line = booked.line,
      statement_id = ${of.statementId}
    from (
      select feed_id, identity, transaction_id, content, fingerprint, line
      from staged_lines where ${within(range)} and transaction_id is not null
    ) as booked
    where observations.feed_id = booked.feed_id and observations.identity = booked.identity
      and observations.transaction_id is null`.execute(tx)
  await sql`
    insert into observations (feed_id, identity, raw_item_id, line, bank_account_id, transaction_id, fingerprint,
      content, status, observed_at, statement_id)
    select feed_id, identity, cast(${of.rawItemId} as bigint), line, bank_account_id, transaction_id, fingerprint,
      content, status, cast(${of.now} as bigint), cast(${of.statementId} as bigint)
    from staged_lines where ${within(range)} and not exists (
      select 1 from observations known
      where known.feed_id = staged_lines.feed_id and known.identity = staged_lines.identity)
    order by ordinal`.execute(tx)
}

/** From when on new transactions are told to webhooks; each bound is for lines of that precision. */
export interface NotifyFrom {
  readonly at: number
  /** yyyymmdd, for lines that know their day only. */
  readonly day: number
}

/** Writes the events of the new transactions (contract/webhooks.md §1), silent before `notifyFrom`. */
export async function insertStagedEvents(
  tx: Queries,
  range: StagedRange,
  of: {
    readonly companyId: CompanyId
    readonly mode: Mode
    readonly now: Instant
    readonly notifyFrom: NotifyFrom
    readonly payloadStart: string
    /** What is noted with the silent ones. */
    readonly silentVerdicts: string
  },
): Promise<void> {
  const isSilent = sql`(("precision" = 'day' and booked_day < ${of.notifyFrom.day})
    or ("precision" <> 'day' and booked_at < ${of.notifyFrom.at}))`
  await sql`
    insert into events (uuid, company_id, mode, transaction_id, payload, silent, verdicts, created_at)
    select event_uuid, cast(${of.companyId} as bigint), cast(${of.mode} as text), transaction_id,
      cast(${of.payloadStart} as text) || cast(transaction_id as text) || payload_middle ||
        cast(coalesce(balance_after, 0) as text) || payload_end,
      case when ${isSilent} then 1 else 0 end,
      case when ${isSilent} then cast(${of.silentVerdicts} as text) else '[]' end,
      cast(${of.now} as bigint)
    from staged_lines where ${within(range)} and transaction_id is not null order by ordinal`.execute(tx)
}

/** A line whose event webhooks may hear of. */
export interface AudibleLine {
  readonly ordinal: number
  readonly eventId: number
  readonly transactionId: TransactionId
  readonly bankAccountId: BankAccountId
  readonly subAccountId: number | null
  readonly amount: number
  readonly code: string | null
}

/** Lines with an event that is not silent, in their order after `after`, at most `limit`. */
export async function selectAudibleLines(
  tx: Queries,
  range: StagedRange,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<AudibleLine[]> {
  const { rows } = await sql<AudibleLine>`
    select ordinal, events.id as "eventId", staged_lines.transaction_id as "transactionId",
      bank_account_id as "bankAccountId", sub_account_id as "subAccountId", amount, code
    from staged_lines inner join events on events.transaction_id = staged_lines.transaction_id
    where ${within(range)} and ordinal > ${after} and events.silent = 0
    order by ordinal limit ${limit}`.execute(tx)
  return rows
}

/** What a statement brought. */
export interface StagedCounts {
  readonly lines: number
  readonly pending: number
  readonly inserted: number
  readonly countIn: number
  readonly countOut: number
  /** Sum of the amounts whose balance is our own addition. */
  readonly computedSum: number
  readonly latestComputedAt: number | null
}

/** Counts what a statement brought, and adds it to the counts and sums by day. */
export async function countStagedLines(tx: Queries, range: StagedRange): Promise<StagedCounts> {
  await sql`
    insert into transaction_day_counts (bank_account_id, day, count_in, count_out, sum_in, sum_out)
    select bank_account_id, booked_day, sum(case when amount > 0 then 1 else 0 end),
      sum(case when amount > 0 then 0 else 1 end), ${withinMost(sql`sum(case when amount > 0 then amount else 0 end)`)},
      ${withinMost(sql`sum(case when amount > 0 then 0 else -amount end)`)}
    from staged_lines where ${within(range)} and transaction_id is not null
    group by bank_account_id, booked_day
    on conflict (bank_account_id, day) do update set
      count_in = transaction_day_counts.count_in + excluded.count_in,
      count_out = transaction_day_counts.count_out + excluded.count_out,
      sum_in = ${withinMost(sql`transaction_day_counts.sum_in + excluded.sum_in`)},
      sum_out = ${withinMost(sql`transaction_day_counts.sum_out + excluded.sum_out`)}`.execute(tx)
  const { rows } = await sql<StagedCounts>`
    select count(*) as lines, coalesce(sum(case when status = 'pending' then 1 else 0 end), 0) as pending,
      count(transaction_id) as inserted,
      coalesce(sum(case when transaction_id is not null and amount > 0 then 1 else 0 end), 0) as "countIn",
      coalesce(sum(case when transaction_id is not null and amount < 0 then 1 else 0 end), 0) as "countOut",
      coalesce(sum(case when transaction_id is not null and balance_source = 'computed' then amount else 0 end), 0)
        as "computedSum",
      max(case when transaction_id is not null and balance_source = 'computed' then booked_at end)
        as "latestComputedAt"
    from staged_lines where ${within(range)}`.execute(tx)
  const [counts] = rows
  if (counts === undefined) throw new Error("A count answered no row.")
  return counts
}

/** Adds to an account's counts and sets its balance. */
export async function updateAccountTotals(
  tx: Queries,
  id: BankAccountId,
  totals: {
    readonly countIn: number
    readonly countOut: number
    readonly balance: number | null
    readonly balanceAt: number | null
  },
): Promise<void> {
  await tx
    .updateTable("bank_accounts")
    .set((column) => ({
      count_in: column("count_in", "+", totals.countIn),
      count_out: column("count_out", "+", totals.countOut),
      balance: totals.balance,
      balance_at: totals.balanceAt,
    }))
    .where("id", "=", id)
    .execute()
}

/** Writes the change rows of an import's new transactions; the first of them gets the number after `before`. */
export async function insertStagedChanges(
  tx: Queries,
  importId: number,
  of: { readonly companyId: CompanyId; readonly before: number; readonly now: Instant },
): Promise<void> {
  await sql`
    insert into changes (company_id, sequence, kind, transaction_id, bank_account_id, changed_at)
    select cast(${of.companyId} as bigint), cast(${of.before} as bigint) + row_number() over (order by ordinal),
      'created', transaction_id, bank_account_id, cast(${of.now} as bigint)
    from staged_lines where import_id = ${importId} and transaction_id is not null`.execute(tx)
}

/** Writes the change rows of gaps that were opened or closed. */
export async function insertGapChanges(
  tx: Queries,
  accountIds: readonly BankAccountId[],
  of: {
    readonly kind: "gap_opened" | "gap_closed"
    readonly companyId: CompanyId
    readonly before: number
    readonly now: Instant
  },
): Promise<void> {
  if (accountIds.length === 0) return
  await tx
    .insertInto("changes")
    .values(
      accountIds.map((id, index) => ({
        company_id: of.companyId,
        sequence: of.before + index + 1,
        kind: of.kind,
        bank_account_id: id,
        changed_at: of.now,
      })),
    )
    .execute()
}
