import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { UserId } from "../ids.ts"

/** A right password that waits for its second factor, with what is needed to go on. */
export interface BegunSignIn {
  readonly idHash: string
  readonly userId: UserId
  readonly email: string
  readonly emailKey: string
  readonly passwordMark: string
  readonly expiresAt: Instant
  readonly finishedAt: Instant | undefined
  readonly finishedCodeHash: string | undefined
}

export async function insertBegunSignIn(
  tx: Queries,
  begun: Pick<BegunSignIn, "idHash" | "userId" | "passwordMark" | "expiresAt">,
  now: Instant,
): Promise<void> {
  await tx
    .insertInto("sign_ins_begun")
    .values({
      id_hash: begun.idHash,
      user_id: begun.userId,
      password_mark: begun.passwordMark,
      begun_at: now,
      expires_at: begun.expiresAt,
      finished_at: null,
      finished_code_hash: null,
    })
    .execute()
}

/** The begun sign-in of one of the hashes, unless user or company was closed. The caller judges its age. */
export async function findBegun(db: Queries, idHashes: readonly string[]): Promise<BegunSignIn | undefined> {
  const row = await db
    .selectFrom("sign_ins_begun")
    .innerJoin("users", "users.id", "sign_ins_begun.user_id")
    .innerJoin("companies", "companies.id", "users.company_id")
    .select([
      "sign_ins_begun.id_hash as idHash",
      "users.id as userId",
      "users.email",
      "users.email_key as emailKey",
      "sign_ins_begun.password_mark as passwordMark",
      "sign_ins_begun.expires_at as expiresAt",
      "sign_ins_begun.finished_at as finishedAt",
      "sign_ins_begun.finished_code_hash as finishedCodeHash",
    ])
    .where("sign_ins_begun.id_hash", "in", idHashes)
    .where("users.status", "=", "active")
    .where("companies.status", "=", "active")
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    ...row,
    userId: row.userId as UserId,
    expiresAt: row.expiresAt as Instant,
    finishedAt: (row.finishedAt ?? undefined) as Instant | undefined,
    finishedCodeHash: row.finishedCodeHash ?? undefined,
  }
}

/** Notes that it became a session; false if it did before. Whoever tries at the same time waits here for the first. */
export async function markFinished(
  tx: Queries,
  { idHash, codeHash }: { idHash: string; codeHash: string },
  now: Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("sign_ins_begun")
    .set({ finished_at: now, finished_code_hash: codeHash })
    .where("id_hash", "=", idHash)
    .where("finished_at", "is", null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Deletes at most `limit` rows past their end, and says how many. */
export async function deleteExpiredBegunSignIns(tx: Queries, now: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("sign_ins_begun")
    .where("id_hash", "in", (query) =>
      query
        .selectFrom("sign_ins_begun")
        .select("id_hash")
        .where("expires_at", "<=", now)
        .orderBy("expires_at")
        .limit(limit),
    )
    .returning("id_hash")
    .execute()
  return rows.length
}
