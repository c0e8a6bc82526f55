import { sql } from "kysely"
import { createBankAccount } from "../src/banking/bank-account.ts"
import { systemClock } from "../src/clock.ts"
import { type Queries, transaction } from "../src/database/engine.ts"
import type { BankAccountId } from "../src/ids.ts"
import { dayBounds, vietnamDay } from "../src/vietnam-time.ts"
import type { BenchDatabase } from "./platform.ts"

const banks = ["Vietcombank", "BIDV", "ACB", "Techcombank", "MBBank"]
const days = 3 * 365
const dayMs = 24 * 3600 * 1000

/** Links five accounts to a company. */
export async function linkAccounts({ db }: BenchDatabase, companyId: number): Promise<readonly BankAccountId[]> {
  const ids: BankAccountId[] = []
  for (const [index, bank] of banks.entries()) {
    const accountNumber = accountNumberOf(index)
    const draft = { companyId, bank, accountNumber, holderName: "CONG TY BENCHMARK", mode: "live" } as const
    ids.push(await createBankAccount(db, systemClock.now(), draft))
  }
  return ids
}

/** The number of the account that `linkAccounts` makes as its `index`-th. */
export function accountNumberOf(index: number): string {
  return String(8_800_000_001 + index)
}

/** Fills the accounts with `count` transactions over the last three years, and the counts that recording would keep. */
export async function fillTransactions(
  { db }: BenchDatabase,
  companyId: number,
  accountIds: readonly BankAccountId[],
  count: number,
): Promise<void> {
  const firstAt = systemClock.now() - days * dayMs
  await transaction(db, async (tx) => {
    for (let index = 0; index < days; index++) {
      const first = Math.floor((count * index) / days)
      const rows = Math.floor((count * (index + 1)) / days) - first
      const day = vietnamDay((firstAt + index * dayMs) as never)
      if (rows > 0) await insertDay(tx, { companyId, accountIds, day, startAt: dayBounds(day).startAt, first, rows })
    }
    await countTransactions(tx)
  })
  // What a database that has grown over the years knows of itself: PostgreSQL plans by it.
  if (db.engine.name === "postgres") await sql`analyze`.execute(db)
}

interface Day {
  readonly companyId: number
  readonly accountIds: readonly BankAccountId[]
  readonly day: number
  readonly startAt: number
  readonly first: number
  readonly rows: number
}

async function insertDay(tx: Queries, { companyId, accountIds, day, startAt, first, rows }: Day): Promise<void> {
  const [lowestAccount = 0] = accountIds
  const stepMs = Math.floor(dayMs / rows)
  const whole = (value: number) => sql.lit(value)
  await sql`
    insert into transactions (uuid, company_id, mode, bank_account_id, booked_at, booked_day, precision, amount,
      balance_after, balance_source, memo, description, reference, code, kind, listed, recorded_at)
    with recursive numbers (n) as (
      select cast(${whole(first)} as bigint) union all select n + 1 from numbers where n + 1 < ${whole(first + rows)})
    select '00000000-0000-7000-8000-' || cast(${whole(100_000_000_000)} + n as text), ${whole(companyId)}, 'live',
      ${whole(lowestAccount)} + n % ${whole(accountIds.length)},
      ${whole(startAt)} + (n - ${whole(first)}) * ${whole(stepMs)}, ${whole(day)}, 'second',
      (n * ${whole(7919)} % ${whole(900)} + 1) * ${whole(10_000)} * (case when n % 3 = 0 then -1 else 1 end),
      ${whole(50_000_000)} + n % ${whole(1000)} * ${whole(10_000)}, 'reported',
      'DH' || cast(${whole(100_000)} + n % ${whole(900_000)} as text) || ' thanh toan don hang', '',
      'FT' || cast(${whole(1_000_000_000)} + n as text), 'DH' || cast(${whole(100_000)} + n % ${whole(900_000)} as text),
      'normal', 1, ${whole(startAt)} + (n - ${whole(first)}) * ${whole(stepMs)}
    from numbers`.execute(tx)
}

async function countTransactions(tx: Queries): Promise<void> {
  await sql`
    insert into transaction_day_counts (bank_account_id, day, count_in, count_out, sum_in, sum_out)
    select bank_account_id, booked_day, sum(case when amount > 0 then 1 else 0 end),
      sum(case when amount < 0 then 1 else 0 end), sum(case when amount > 0 then amount else 0 end),
      sum(case when amount < 0 then -amount else 0 end)
    from transactions group by bank_account_id, booked_day`.execute(tx)
  await sql`
    update bank_accounts set
      count_in = (select coalesce(sum(c.count_in), 0) from transaction_day_counts c where c.bank_account_id = bank_accounts.id),
      count_out = (select coalesce(sum(c.count_out), 0) from transaction_day_counts c where c.bank_account_id = bank_accounts.id)
  `.execute(tx)
}
