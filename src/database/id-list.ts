import { type Expression, type SqlBool, sql } from "kysely"
import { type Queries, runsDirectly } from "./engine.ts"

/** Ids as one value of a prepared query, for `isAmong`: a list of any length then leaves its text as it is. */
export function idList(ids: readonly number[]): string {
  return `[${ids.join(",")}]`
}

/** Whether a column holds one of the ids that `idList` wrote. */
export function isAmong(db: Queries, column: string, ids: string): Expression<SqlBool> {
  if (runsDirectly(db)) return sql`${sql.ref(column)} in (select value from json_each(${ids}))`
  return sql`${sql.ref(column)} = any(cast(translate(${ids}, '[]', '{}') as bigint[]))`
}
