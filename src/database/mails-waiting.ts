import type { Instant } from "../clock.ts"
import type { Queries } from "./engine.ts"

/** A mail that this process has claimed: until its lease ends, it alone may send it. */
export interface ClaimedMail {
  readonly id: number
  readonly sealed: string
  readonly writtenAt: Instant
  /** Tries begun, this one included: the claim is held as long as the row still says so. */
  readonly tries: number
}

/** Adds a mail, due at once. */
export async function insertWaitingMail(tx: Queries, sealed: string, now: Instant): Promise<void> {
  await tx.insertInto("mails_waiting").values({ sealed, written_at: now, due_at: now, tries: 0 }).execute()
}

/** Whether a mail is due; so that looking for one does not take a turn at writing. */
export async function isMailDue(db: Queries, now: Instant): Promise<boolean> {
  const due = await db.selectFrom("mails_waiting").select("id").where("due_at", "<=", now).limit(1).executeTakeFirst()
  return due !== undefined
}

/** Claims mails that are due, the longest due first; no two processes get the same one. */
export async function claimWaitingMails(
  tx: Queries,
  claim: { readonly now: Instant; readonly leaseUntil: Instant; readonly limit: number },
): Promise<readonly ClaimedMail[]> {
  const due = await tx
    .selectFrom("mails_waiting")
    .select("id")
    .where("due_at", "<=", claim.now)
    .orderBy("due_at")
    .orderBy("id")
    .limit(claim.limit)
    .forUpdate()
    .skipLocked()
    .execute()
  if (due.length === 0) return []
  const rows = await tx
    .updateTable("mails_waiting")
    .set((e) => ({ due_at: claim.leaseUntil, tries: e("tries", "+", 1) }))
    .where(
      "id",
      "in",
      due.map(({ id }) => id),
    )
    .returning(["id", "sealed", "written_at as writtenAt", "tries"])
    .execute()
  return rows.map((row) => ({ ...row, writtenAt: row.writtenAt as Instant })).sort((one, other) => one.id - other.id)
}

/** Ends a mail that was sent or given up; nothing if another process has claimed it meanwhile. */
export async function deleteWaitingMail(tx: Queries, { id, tries }: Pick<ClaimedMail, "id" | "tries">): Promise<void> {
  await tx.deleteFrom("mails_waiting").where("id", "=", id).where("tries", "=", tries).execute()
}

/** Gives a claimed mail back until then; nothing if another process has claimed it meanwhile. */
export async function postponeWaitingMail(
  tx: Queries,
  { id, tries }: Pick<ClaimedMail, "id" | "tries">,
  dueAt: Instant,
): Promise<void> {
  await tx.updateTable("mails_waiting").set({ due_at: dueAt }).where("id", "=", id).where("tries", "=", tries).execute()
}
