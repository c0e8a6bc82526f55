import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"
import { withinMost } from "../within-most.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await addDaySums(tx, columns)
  await columns.createSearchTable(tx)
  // How far the search index has read a company's changes: it follows them, so that recording never waits for it.
  await tx.schema
    .createTable("search_heads")
    .addColumn("company_id", columns.integer, (c) => c.primaryKey())
    .addColumn("upto", columns.integer, (c) => c.notNull())
    .execute()
  // Whether somebody has looked at the same thing within the hour.
  await tx.schema
    .createIndex("audit_entries_by_subject")
    .on("audit_entries")
    .columns(["company_id", "action", "subject_id", "recorded_at"])
    .execute()
}

async function addDaySums(tx: Kysely<unknown>, { integer }: Columns): Promise<void> {
  // Đồng in and out of the listed transactions, both 0 or more.
  for (const name of ["sum_in", "sum_out"]) {
    await tx.schema
      .alterTable("transaction_day_counts")
      .addColumn(name, integer, (c) => c.notNull().defaultTo(0))
      .execute()
  }
  await sql`
    update transaction_day_counts set
      sum_in = ${withinMost(sql`sums.sum_in`)}, sum_out = ${withinMost(sql`sums.sum_out`)}
    from (
      select bank_account_id, booked_day, sum(case when amount > 0 then amount else 0 end) as sum_in,
        sum(case when amount < 0 then -amount else 0 end) as sum_out
      from transactions where listed = 1 group by bank_account_id, booked_day
    ) as sums
    where sums.bank_account_id = transaction_day_counts.bank_account_id
      and sums.booked_day = transaction_day_counts.day`.execute(tx)
}
