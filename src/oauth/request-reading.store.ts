import type { Queries } from "../database/engine.ts"

/** A place in the list, newest first: what comes after it is older. */
export interface RequestCursor {
  readonly at: number
  readonly id: number
}

export interface RequestFilter {
  readonly endpoint?: string | undefined
  readonly failedOnly: boolean
  readonly error?: string | undefined
  /** Instants, the first included, the second not. */
  readonly from?: number | undefined
  readonly until?: number | undefined
  readonly requestId?: string | undefined
}

const columns = [
  "id",
  "at",
  "last_at as lastAt",
  "repeats",
  "proven",
  "endpoint",
  "method",
  "status",
  "failed",
  "error",
  "reason",
  "facts",
  "request_id as requestId",
  "ip",
  "user_agent as userAgent",
  "mode",
  "duration_us as durationUs",
] as const

// A rare endpoint or code among millions of calls would be looked for too long: the page goes on from where it stopped.
const scannedAtMost = 5000

/** A call as its row has it. */
export type RequestRecord = Awaited<ReturnType<typeof listRequestRows>>["rows"][number]

/**
 * The calls of an app that pass the filter, newest first, and where to go on.
 *
 * @param before only what is older than this
 */
export async function listRequestRows(
  db: Queries,
  clientRowId: number,
  filter: RequestFilter,
  before: RequestCursor | undefined,
  limit: number,
) {
  const scanned = scan(db, clientRowId, filter, before)
  const rows = await db
    .selectFrom(scanned.limit(scannedAtMost).as("scanned"))
    .selectAll()
    .$if(filter.endpoint !== undefined, (query) => query.where("endpoint", "=", filter.endpoint ?? ""))
    .$if(filter.error !== undefined, (query) => query.where("error", "=", filter.error ?? ""))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute()
  if (rows.length > limit) return { rows: rows.slice(0, limit), next: rows[limit - 1] }
  const stopped = await scanned
    .offset(scannedAtMost - 1)
    .limit(1)
    .executeTakeFirst()
  return { rows, next: stopped }
}

function scan(db: Queries, clientRowId: number, filter: RequestFilter, before: RequestCursor | undefined) {
  return db
    .selectFrom("client_requests")
    .select(columns)
    .where("client_row_id", "=", clientRowId)
    .$if(filter.failedOnly, (query) => query.where("failed", "=", 1))
    .$if(filter.requestId !== undefined, (query) => query.where("request_id", "=", filter.requestId ?? ""))
    .$if(filter.from !== undefined, (query) => query.where("at", ">=", filter.from ?? 0))
    .$if(filter.until !== undefined, (query) => query.where("at", "<", filter.until ?? 0))
    .$if(before !== undefined, (query) =>
      query
        .where("at", "<=", before?.at ?? 0)
        .where((where) => where.or([where("at", "<", before?.at ?? 0), where("id", "<", before?.id ?? 0)])),
    )
    .orderBy("at", "desc")
    .orderBy("id", "desc")
}

/** One call of an app. */
export function findRequestRow(db: Queries, clientRowId: number, id: number): Promise<RequestRecord | undefined> {
  return db
    .selectFrom("client_requests")
    .select(columns)
    .where("client_row_id", "=", clientRowId)
    .where("id", "=", id)
    .executeTakeFirst()
}

/** The counts of an app for the days of a range, both ends included. */
export function listUsageRows(
  db: Queries,
  clientRowId: number,
  range: { readonly firstDay: number; readonly lastDay: number },
): Promise<{ readonly day: number; readonly endpoint: string; readonly outcome: string; readonly calls: number }[]> {
  return db
    .selectFrom("client_usage")
    .select(["day", "endpoint", "outcome", "calls"])
    .where("client_row_id", "=", clientRowId)
    .where("day", ">=", range.firstDay)
    .where("day", "<=", range.lastDay)
    .orderBy("day")
    .orderBy("endpoint")
    .execute()
}
