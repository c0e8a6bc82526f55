import { sql } from "kysely"
import { type Queries, transaction } from "../src/database/engine.ts"
import { createFeed } from "../src/feeds/feed.ts"
import type { CompanyId } from "../src/ids.ts"
import { beside, numbers } from "./numbers.ts"
import type { PeopleGround } from "./people-rows.ts"
import type { BenchDatabase } from "./platform.ts"
import { insertWebhook } from "./webhook-rows.ts"

const dayMs = 24 * 3600 * 1000
const otherWebhooks = 60

/** What has a page of its own. */
export interface DeskGround {
  readonly subAccountId: number
  readonly templateId: number
  readonly feedId: number
  readonly gapId: number
  readonly uploadId: number
  readonly importId: number
}

/** Fills what banks send and what waits to be sent: virtual accounts, gaps, feeds, statement files, payment codes, due deliveries. */
export async function fillDesk(database: BenchDatabase, ground: PeopleGround, accountId: number): Promise<DeskGround> {
  const { db, keyring } = database
  const { companyId, now } = ground
  const draft = { companyId: companyId as CompanyId, name: "Ngân hàng", kind: "push", test: false } as const
  const { id: feedId } = await createFeed(db, now, keyring, draft)
  const made = await transaction(db, async (tx) => {
    await insertSubAccounts(tx, ground, accountId)
    await insertFeeds(tx, ground)
    await insertGaps(tx, ground, accountId)
    await insertTemplates(tx, ground)
    await insertRawItems(tx, ground, feedId)
    await insertDue(tx, ground)
    return insertStatements(tx, ground, accountId)
  })
  return { ...made, feedId, subAccountId: 1, templateId: 1, gapId: 1 }
}

async function insertSubAccounts(tx: Queries, { rows, now }: PeopleGround, accountId: number): Promise<void> {
  await sql`
    insert into sub_accounts (bank_account_id, kind, account_number, account_key, holder_name, label, active, created_at)
    ${numbers(1, beside(rows, 5000, 100))}
    select ${sql.lit(accountId)}, 'official', 'VA' || cast(100000 + n as text), 'VA' || cast(100000 + n as text),
      'CONG TY BENCHMARK', 'Quầy ' || cast(n as text), 1, ${sql.lit(now - 300 * dayMs)}
    from numbers`.execute(tx)
}

async function insertFeeds(tx: Queries, { companyId, rows, now }: PeopleGround): Promise<void> {
  const companies = beside(rows, 20_000)
  await sql`
    insert into feeds (company_id, kind, name, mode, active, created_at, last_seen_at)
    ${numbers(1, beside(rows, 2000, 200))}
    select case when n <= 20 then ${sql.lit(companyId)} else 3 + n % ${sql.lit(companies)} end, 'push',
      'Nguồn ' || cast(n as text), 'live', 1, ${sql.lit(now - 300 * dayMs)}, ${sql.lit(now)} - n * 1000
    from numbers`.execute(tx)
}

async function insertGaps(tx: Queries, { companyId, now }: PeopleGround, accountId: number): Promise<void> {
  await sql`
    insert into gaps (company_id, bank_account_id, kind, from_balance, to_balance, missing_amount, from_at, to_at, opened_at)
    ${numbers(1, 300)}
    select ${sql.lit(companyId)}, ${sql.lit(accountId)}, 'balance', 1000000 * n, 1000000 * n + 50000, 50000,
      ${sql.lit(now - 200 * dayMs)}, ${sql.lit(now - 199 * dayMs)}, ${sql.lit(now - 199 * dayMs)} + n
    from numbers`.execute(tx)
}

async function insertTemplates(tx: Queries, { companyId }: PeopleGround): Promise<void> {
  await sql`
    insert into payment_code_formats (company_id, mode, position, prefix, suffix_from, suffix_to, character_type, is_active)
    ${numbers(1, 15)}
    select ${sql.lit(companyId)}, 'live', n, 'D' || substr('ABCDEFGHIJKLMNO', cast(n as integer), 1), 6, 8, 'NumberOnly', 1
    from numbers`.execute(tx)
}

async function insertRawItems(tx: Queries, { companyId, rows, now }: PeopleGround, feedId: number): Promise<void> {
  await sql`
    insert into raw_items (feed_id, company_id, size, sha256, parser_version, outcome, received_at)
    ${numbers(1, beside(rows, 50_000, 3000))}
    select ${sql.lit(feedId)}, ${sql.lit(companyId)}, 200, '', 1, case when n % 50 = 0 then 'duplicate' else 'created' end,
      ${sql.lit(now - 9 * dayMs)} + n
    from numbers`.execute(tx)
}

/** Deliveries of other companies that wait for a retry, a long way off so that nothing is sent while pages are measured. */
async function insertDue(tx: Queries, { rows, now }: PeopleGround): Promise<void> {
  const ids: number[] = []
  for (let index = 0; index < otherWebhooks; index++) ids.push(await insertWebhook(tx, 3 + index))
  const [first = 0] = ids
  await sql`
    insert into delivery_due (delivery_id, webhook_id, lane, due_at, attempts_started, retry_index, interruptions,
      other_secret)
    ${numbers(1, beside(rows, 50_000, 1000))}
    select 900000000 + n, ${sql.lit(first)} + n % ${sql.lit(otherWebhooks)}, 1, ${sql.lit(now + 30 * dayMs)} + n, 1, 1, 0, 0
    from numbers`.execute(tx)
}

/** Files of a year, each a day's statement, and one that was sent and is looked at. */
async function insertStatements(
  tx: Queries,
  { companyId, ownerId, now }: PeopleGround,
  accountId: number,
): Promise<{ readonly uploadId: number; readonly importId: number }> {
  const feed = await tx
    .insertInto("feeds")
    .values({
      company_id: companyId,
      kind: "statement",
      name: "Tệp sao kê",
      mode: "live",
      bank_account_ids: JSON.stringify([accountId]),
      active: 1,
      created_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  await sql`
    insert into statement_imports (company_id, feed_id, raw_item_id, file_name, sha256, format, notify, state, bytes_read,
      lines_read, inserted, duplicates, pending, ignored, imported_by, created_at, progress_at, finished_at)
    ${numbers(1, 365)}
    select ${sql.lit(companyId)}, ${sql.lit(feed.id)}, n, 'sao-ke-' || cast(n as text) || '.csv', 'hash' || cast(n as text),
      'csv', 'none', 'recorded', 90000, 900, 880, 20, 0, 0, 'user', ${sql.lit(now - 365 * dayMs)} + n,
      ${sql.lit(now - 365 * dayMs)} + n, ${sql.lit(now - 365 * dayMs)} + n
    from numbers`.execute(tx)
  const imported = await tx
    .selectFrom("statement_imports")
    .select("id")
    .orderBy("id")
    .limit(1)
    .executeTakeFirstOrThrow()
  const upload = await tx
    .insertInto("statement_uploads")
    .values({
      company_id: companyId,
      bank_account_id: accountId,
      user_id: ownerId,
      file_name: "sao-ke.csv",
      size: 20,
      format: "csv",
      state: "received",
      choices: "{}",
      stage: "",
      bytes_read: 0,
      lines_read: 0,
      row_count: 0,
      progress_at: now,
      created_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  const content = new TextEncoder().encode("Ngày,Số tiền,Nội dung\n01/06/2026,100000,DH1\n")
  await tx.insertInto("statement_upload_pieces").values({ upload_id: upload.id, piece: 0, content }).execute()
  return { uploadId: upload.id, importId: imported.id }
}
