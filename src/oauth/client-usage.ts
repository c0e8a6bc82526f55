import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { type VietnamDay, vietnamDay } from "../vietnam-time.ts"
import { countFamilies, countGrants } from "./client-access.store.ts"
import { type Outcome, outcomes } from "./logged-call.ts"
import { mostCounted } from "./manage-client.ts"
import { listUsageRows } from "./request-reading.store.ts"

/** Calls by how they ended. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>

/** What an app called within some days. */
export interface ClientUsage {
  /** Every day of the range, oldest first, those without calls too. */
  readonly days: readonly { readonly day: VietnamDay; readonly counts: OutcomeCounts }[]
  /** Busiest first. */
  readonly endpoints: readonly { readonly endpoint: string; readonly counts: OutcomeCounts }[]
  readonly total: OutcomeCounts
  /** Counted no further than `mostCounted` + 1, as is the next. */
  readonly aliveGrants: number
  readonly aliveFamilies: number
}

const dayMs = 86_400_000

/** The usage of the last `days` Vietnamese days, today included, from kept counts. */
export async function readClientUsage(
  db: Queries,
  clientRowId: number,
  days: number,
  now: Instant,
): Promise<ClientUsage> {
  const range = Array.from({ length: days }, (_, index) => vietnamDay((now - (days - 1 - index) * dayMs) as Instant))
  const [firstDay = 0, lastDay = 0] = [range[0], range.at(-1)]
  const [rows, aliveGrants, aliveFamilies] = await Promise.all([
    listUsageRows(db, clientRowId, { firstDay, lastDay }),
    countGrants(db, clientRowId, mostCounted + 1),
    countFamilies(db, clientRowId, now, mostCounted + 1),
  ])
  const endpoints = [...Map.groupBy(rows, ({ endpoint }) => endpoint)].map(([endpoint, some]) => ({
    endpoint,
    counts: sumUp(some),
  }))
  const byDay = Map.groupBy(rows, ({ day }) => day)
  return {
    days: range.map((day) => ({ day, counts: sumUp(byDay.get(day) ?? []) })),
    endpoints: endpoints.toSorted((left, right) => callsOf(right.counts) - callsOf(left.counts)),
    total: sumUp(rows),
    aliveGrants,
    aliveFamilies,
  }
}

/** All calls of the counts. */
export function callsOf(counts: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0)
}

/** The share of an app's own calls that failed, 0 to 1; what strangers sent in its name does not count. */
export function errorRate({ ok, refused, limited, failed }: OutcomeCounts): number {
  const own = ok + refused + limited + failed
  return own === 0 ? 0 : (own - ok) / own
}

function sumUp(rows: readonly { readonly outcome: string; readonly calls: number }[]): OutcomeCounts {
  const counts: Record<Outcome, number> = { ok: 0, refused: 0, limited: 0, failed: 0, unproven: 0 }
  for (const { outcome, calls } of rows) {
    if ((outcomes as readonly string[]).includes(outcome)) counts[outcome as Outcome] += calls
  }
  return counts
}

/** The endpoints that an app called within the days of its request log. */
export async function listUsedEndpoints(db: Queries, clientRowId: number, now: Instant): Promise<readonly string[]> {
  const firstDay = vietnamDay((now - 7 * dayMs) as Instant)
  const rows = await listUsageRows(db, clientRowId, { firstDay, lastDay: vietnamDay(now) })
  return [...new Set(rows.map(({ endpoint }) => endpoint))].sort()
}
