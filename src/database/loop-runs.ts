import type { Instant } from "../clock.ts"
import type { Queries } from "./engine.ts"

/** The last run of a background loop that many nodes take turns at. */
export interface LoopRun {
  readonly name: string
  readonly endedAt: Instant
  /** Rows that it deleted or changed. */
  readonly rowsDone: number
}

/** Notes that a loop ran to its end, in place of its run before. */
export async function recordLoopRun(tx: Queries, { name, endedAt, rowsDone }: LoopRun): Promise<void> {
  await tx
    .insertInto("loop_runs")
    .values({ name, ended_at: endedAt, rows_done: rowsDone })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ ended_at: endedAt, rows_done: rowsDone }))
    .execute()
}

/** The last run of each loop that has run, by name. */
export async function listLoopRuns(db: Queries): Promise<readonly LoopRun[]> {
  const rows = await db
    .selectFrom("loop_runs")
    .select(["name", "ended_at as endedAt", "rows_done as rowsDone"])
    .orderBy("name")
    .execute()
  return rows.map(({ name, endedAt, rowsDone }) => ({ name, endedAt: endedAt as Instant, rowsDone }))
}
