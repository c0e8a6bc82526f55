import { prepared, preparedInsert, type Queries } from "../database/engine.ts"

/** A row of the request log, as it is written. */
export interface RequestRow extends Readonly<Record<string, string | number | null>> {
  readonly clientRowId: number
  readonly at: number
  readonly lastAt: number
  readonly repeats: number
  readonly proven: number
  readonly endpoint: string
  readonly method: string
  readonly status: number
  readonly failed: number
  readonly error: string | null
  readonly reason: string | null
  readonly facts: string | null
  readonly requestId: string
  readonly ip: string | null
  readonly userAgent: string
  readonly mode: string | null
  readonly durationUs: number
}

const columns = {
  clientRowId: "client_row_id",
  at: "at",
  lastAt: "last_at",
  repeats: "repeats",
  proven: "proven",
  endpoint: "endpoint",
  method: "method",
  status: "status",
  failed: "failed",
  error: "error",
  reason: "reason",
  facts: "facts",
  requestId: "request_id",
  ip: "ip",
  userAgent: "user_agent",
  mode: "mode",
  durationUs: "duration_us",
} as const

/** Writes many rows. */
export const insertRows: (tx: Queries, rows: readonly RequestRow[]) => Promise<void> = preparedInsert<
  "client_requests",
  RequestRow
>("client_requests", columns as never)

/** Writes the row that several calls share. @returns its id, to be counted up by */
export async function insertFoldedRow(tx: Queries, row: RequestRow): Promise<number> {
  const values = Object.fromEntries(Object.entries(columns).map(([name, column]) => [column, row[name]]))
  const inserted = await tx
    .insertInto("client_requests")
    .values(values as never)
    .returning("id")
    .executeTakeFirstOrThrow()
  return inserted.id
}

/** Notes that more calls share the row; nothing happens once it has been cleaned away. */
export async function updateFoldedRow(
  tx: Queries,
  id: number,
  { repeats, lastAt }: { readonly repeats: number; readonly lastAt: number },
): Promise<void> {
  await tx.updateTable("client_requests").set({ repeats, last_at: lastAt }).where("id", "=", id).execute()
}

/** The row ids of clients, deleted ones left out. */
export function findClientRowIds(
  db: Queries,
  clientIds: readonly string[],
): Promise<{ readonly clientId: string; readonly rowId: number }[]> {
  return db
    .selectFrom("clients")
    .select(["client_id as clientId", "id as rowId"])
    .where("client_id", "in", clientIds)
    .where("deleted_at", "is", null)
    .execute()
}

/** Calls of a kind on a Vietnamese day. */
export interface UsageCount extends Readonly<Record<string, string | number>> {
  readonly clientRowId: number
  readonly day: number
  readonly endpoint: string
  readonly outcome: string
  readonly calls: number
}

const addCount = prepared<UsageCount, never>(
  (db, parameter) =>
    db
      .insertInto("client_usage")
      .values({
        client_row_id: parameter("clientRowId") as number,
        day: parameter("day") as number,
        endpoint: parameter("endpoint") as string,
        outcome: parameter("outcome") as string,
        calls: parameter("calls") as number,
      })
      .onConflict((conflict) =>
        conflict.columns(["client_row_id", "day", "endpoint", "outcome"]).doUpdateSet((update) => ({
          calls: update("client_usage.calls", "+", update.ref("excluded.calls")),
        })),
      ) as never,
)

/** Adds to the counts. */
export async function addUsage(tx: Queries, counts: readonly UsageCount[]): Promise<void> {
  // In one order: two processes that add to the same rows must not wait for each other crosswise.
  const keyOf = ({ clientRowId, day, endpoint, outcome }: UsageCount) => `${clientRowId} ${day} ${endpoint} ${outcome}`
  const sorted = counts.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  for (const count of sorted) await addCount(tx, count)
}

/** Deletes calls from before, at most `limit`. @returns how many */
export async function deleteOldRequests(tx: Queries, before: number, limit: number): Promise<number> {
  const result = await tx
    .deleteFrom("client_requests")
    .where("id", "in", (select) =>
      select.selectFrom("client_requests").select("id").where("at", "<", before).orderBy("at").limit(limit),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Deletes the counts of one day before `day`, at most those of `limit` apps. @returns how many rows */
export async function deleteOldUsage(tx: Queries, day: number, limit: number): Promise<number> {
  const old = await tx
    .selectFrom("client_usage")
    .select("day")
    .where("day", "<", day)
    .orderBy("day")
    .limit(1)
    .executeTakeFirst()
  if (old === undefined) return 0
  const clients = await tx
    .selectFrom("client_usage")
    .select("client_row_id as id")
    .distinct()
    .where("day", "=", old.day)
    .limit(limit)
    .execute()
  const result = await tx
    .deleteFrom("client_usage")
    .where("day", "=", old.day)
    .where(
      "client_row_id",
      "in",
      clients.map(({ id }) => id),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
