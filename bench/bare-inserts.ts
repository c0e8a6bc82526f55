// The ceiling of the push API: the rows that recording wrote, written again into a copy of the database by bare
// prepared statements of node:sqlite, as many to a commit, with the same durability.
import { DatabaseSync } from "node:sqlite"

/** First the rows to write again are read, those of the transactions after `afterId`; then they are written. */
export type InsertJob =
  | { readonly kind: "read"; readonly source: string; readonly afterId: number }
  | { readonly kind: "write"; readonly target: string; readonly batchSize: number }

type Row = Record<string, never>

const tables = {
  raw_items: `select * from raw_items where id in (select raw_item_id from observations where transaction_id = ?)`,
  transactions: "select * from transactions where id = ?",
  observations: "select * from observations where transaction_id = ?",
  events: "select * from events where transaction_id = ?",
  changes: "select * from changes where transaction_id = ?",
}

interface Item {
  readonly rows: readonly (readonly [keyof typeof tables, readonly never[]])[]
  readonly accountId: never
  readonly day: never
  readonly isIn: boolean
  readonly amount: number
  readonly balance: never
  readonly companyId: never
  readonly bookedAt: never
}

function readItems(source: string, afterId: number): Item[] {
  const db = new DatabaseSync(source, { readOnly: true })
  const selects = Object.entries(tables).map(
    ([table, text]) => [table as keyof typeof tables, db.prepare(text)] as const,
  )
  const items = db.prepare("select * from transactions where id > ? order by id").all(afterId) as Row[]
  const read = items.map((transaction): Item => {
    const id = transaction["id"] as unknown as number
    return {
      rows: selects.flatMap(([table, select]) =>
        (select.all(id) as Row[]).map((row) => [table, Object.values(row)] as const),
      ),
      accountId: transaction["bank_account_id"] as never,
      day: transaction["booked_day"] as never,
      isIn: (transaction["amount"] as unknown as number) > 0,
      amount: transaction["amount"] as unknown as number,
      balance: transaction["balance_after"] as never,
      companyId: transaction["company_id"] as never,
      bookedAt: transaction["booked_at"] as never,
    }
  })
  db.close()
  return read
}

function writeItems(db: DatabaseSync, items: readonly Item[], batchSize: number): void {
  const inserts = Object.fromEntries(
    Object.keys(tables).map((table) => {
      const { length } = db.prepare(`pragma table_info(${table})`).all()
      return [table, db.prepare(`insert into ${table} values (${Array.from({ length }, () => "?").join(", ")})`)]
    }),
  )
  const countDay = db.prepare(
    `insert into transaction_day_counts (bank_account_id, day, count_in, count_out, sum_in, sum_out)
     values (?, ?, ?, ?, ?, ?)
     on conflict (bank_account_id, day) do update set count_in = count_in + excluded.count_in,
     count_out = count_out + excluded.count_out, sum_in = sum_in + excluded.sum_in, sum_out = sum_out + excluded.sum_out`,
  )
  const countAccount = db.prepare(
    `update bank_accounts set count_in = count_in + ?, count_out = count_out + ?, balance = ?, balance_at = ? where id = ?`,
  )
  const takeNumber = db.prepare(
    `insert into change_heads (company_id, last) values (?, 1) on conflict (company_id) do update set last = last + 1`,
  )
  for (let first = 0; first < items.length; first += batchSize) {
    db.exec("begin immediate")
    for (const item of items.slice(first, first + batchSize)) {
      for (const [table, values] of item.rows) inserts[table]?.run(...values)
      const [countIn, countOut] = item.isIn ? [1, 0] : [0, 1]
      const [sumIn, sumOut] = item.isIn ? [item.amount, 0] : [0, -item.amount]
      countDay.run(item.accountId, item.day, countIn, countOut, sumIn, sumOut)
      countAccount.run(countIn, countOut, item.balance, item.bookedAt, item.accountId)
      takeNumber.run(item.companyId)
    }
    db.exec("commit")
  }
}

let items: readonly Item[] = []

process.on("message", (job: InsertJob) => {
  if (job.kind === "read") {
    items = readItems(job.source, job.afterId)
    process.send?.({ done: items.length, elapsedMs: 0 })
    return
  }
  const db = new DatabaseSync(job.target)
  db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16384")
  const startedAt = performance.now()
  writeItems(db, items, job.batchSize)
  process.send?.({ done: items.length, elapsedMs: performance.now() - startedAt })
  db.close()
})
process.on("disconnect", () => process.exit())
