import { sql } from "kysely"
import type { KeptMonths, Queries } from "./engine.ts"

const monthsAhead = 2

interface Month {
  readonly name: string
  readonly startAt: number
  readonly endAt: number
}

/**
 * Makes the partitions of this month and the next two, and drops those whose rows are all older than is kept. Rows that
 * came before their partition move from the default one.
 */
export async function keepMonths(tx: Queries, table: string, { now, keptMs }: KeptMonths): Promise<void> {
  const existing = await listPartitions(tx, table)
  const wanted = Array.from({ length: monthsAhead + 1 }, (_, ahead) => monthOf(table, now, ahead))
  for (const month of wanted) if (!existing.includes(month.name)) await addPartition(tx, table, month)
  const oldest = monthOf(table, now - keptMs, 0).name
  for (const name of existing) {
    // The names are ordered as the months are.
    if (/_y\d{4}m\d{2}$/.test(name) && name < oldest) await sql`drop table ${sql.table(name)}`.execute(tx)
  }
}

function monthOf(table: string, at: number, ahead: number): Month {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + ahead]
  const [startAt, endAt] = [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)]
  const [yyyy, mm] = new Date(startAt).toISOString().split("-")
  return { name: `${table}_y${yyyy}m${mm}`, startAt, endAt }
}

async function listPartitions(tx: Queries, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits
    inner join pg_class child on child.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = cast(${table} as regclass)`.execute(tx)
  return rows.map((row) => row.name)
}

async function addPartition(tx: Queries, table: string, { name, startAt, endAt }: Month): Promise<void> {
  const [parent, rest, made] = [sql.table(table), sql.table(`${table}_default`), sql.table(name)]
  const [from, to] = [sql.lit(startAt), sql.lit(endAt)]
  await sql`lock table ${parent} in access exclusive mode`.execute(tx)
  await sql`create table ${made} (like ${parent} including defaults including constraints)`.execute(tx)
  await sql`
    with moved as (delete from ${rest} where started_at >= ${from} and started_at < ${to} returning *)
    insert into ${made} select * from moved`.execute(tx)
  await sql`alter table ${parent} attach partition ${made} for values from (${from}) to (${to})`.execute(tx)
}
