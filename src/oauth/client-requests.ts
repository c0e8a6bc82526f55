import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { isReasonCode, type ReasonCode } from "../messages/request-reasons.ts"
import { Refusal } from "../refusal.ts"
import {
  findRequestRow,
  listRequestRows,
  type RequestCursor,
  type RequestFilter,
  type RequestRecord,
} from "./request-reading.store.ts"

export type { RequestCursor, RequestFilter } from "./request-reading.store.ts"

/** A call as the developer of its app reads it. */
export interface ClientRequest {
  readonly id: number
  readonly at: Instant
  /** Of several equal calls that share a row: the last, and how many they are. */
  readonly lastAt: Instant
  readonly repeats: number
  readonly proven: boolean
  readonly endpoint: string
  readonly method: string
  readonly status: number
  readonly failed: boolean
  readonly error: string | null
  readonly reason: ReasonCode | undefined
  readonly facts: unknown
  readonly requestId: string
  readonly ip: string | null
  readonly userAgent: string
  readonly mode: string | null
  readonly durationMs: number
}

const pageSize = 50

/** A page of an app's calls, newest first, and where the next page begins. */
export async function listClientRequests(
  db: Queries,
  clientRowId: number,
  filter: RequestFilter,
  before?: RequestCursor,
): Promise<{ readonly requests: readonly ClientRequest[]; readonly next: RequestCursor | undefined }> {
  const { rows, next } = await listRequestRows(db, clientRowId, filter, before, pageSize)
  return { requests: rows.map(toRequest), next: next === undefined ? undefined : { at: next.at, id: next.id } }
}

/**
 * One call of an app.
 *
 * @throws Refusal not_found, also for another app's
 */
export async function getClientRequest(db: Queries, clientRowId: number, id: number): Promise<ClientRequest> {
  const row = await findRequestRow(db, clientRowId, id)
  if (row === undefined) throw new Refusal("not_found", "There is no such request in the log.")
  return toRequest(row)
}

function toRequest({ durationUs, ...row }: RequestRecord): ClientRequest {
  return {
    ...row,
    at: row.at as Instant,
    lastAt: row.lastAt as Instant,
    proven: row.proven === 1,
    failed: row.failed === 1,
    reason: row.reason !== null && isReasonCode(row.reason) ? row.reason : undefined,
    facts: row.facts === null ? undefined : JSON.parse(row.facts),
    durationMs: durationUs / 1000,
  }
}
