import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "./engine.ts"

/** Whose rights changed: what is cached of it in any process is stale from the commit on. */
export type AccessSubject = "family" | "grant" | "client" | "user" | "company" | "keys"

export interface AccessChange {
  readonly id: number
  readonly subject: AccessSubject
  readonly subjectId: string
}

const takeNumber = prepared<Record<string, never>, { last: number }>((db) =>
  db
    .updateTable("access_change_head")
    .set((expression) => ({ last: expression("last", "+", 1) }))
    .where("id", "=", 1)
    .returning("last"),
)

/**
 * Notes that somebody's rights changed, in the transaction that changes them. Call it last there: the number is taken
 * under a lock that is held until the commit, so that numbers become visible in their order.
 */
export async function recordAccessChange(
  tx: Queries,
  subject: AccessSubject,
  subjectId: number | string,
  now: Instant,
): Promise<void> {
  const [head] = await takeNumber(tx, {})
  if (head === undefined) throw new Error("access_change_head has lost its row.")
  await tx
    .insertInto("access_changes")
    .values({ id: head.last, subject, subject_id: String(subjectId), changed_at: now })
    .execute()
}

const selectAfter = prepared<{ after: number }, AccessChange>((db, parameter) =>
  db
    .selectFrom("access_changes")
    .select(["id", "subject", "subject_id as subjectId"])
    .where("id", ">", parameter("after"))
    .orderBy("id")
    .limit(1000)
    .$castTo<AccessChange>(),
)

/** Changes after a number, in order, at most 1,000. */
export function listAccessChanges(db: Queries, after: number): Promise<AccessChange[]> {
  return selectAfter(db, { after })
}

/** The number of the newest change. */
export async function lastAccessChange(db: Queries): Promise<number> {
  const row = await db.selectFrom("access_change_head").select("last").where("id", "=", 1).executeTakeFirstOrThrow()
  return row.last
}

/** Forgets changes that every process has long seen. */
export async function deleteAccessChanges(tx: Queries, before: Instant): Promise<void> {
  await tx.deleteFrom("access_changes").where("changed_at", "<", before).execute()
}
