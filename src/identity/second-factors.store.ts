import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** A user's second factor, on or being set up. */
export interface StoredSecondFactor {
  readonly userId: number
  readonly sealedSecret: string
  readonly isOn: boolean
  /** The public id of the session that began it. */
  readonly begunBy: string
  readonly begunAt: Instant
  readonly switchedOnAt: Instant | undefined
  readonly lastStep: number
  readonly codesFormHash: string | undefined
  readonly codesMadeAt: Instant | undefined
}

export async function findStoredSecondFactor(db: Queries, userId: number): Promise<StoredSecondFactor | undefined> {
  const row = await select(db, userId).executeTakeFirst()
  return row && toStored(row)
}

export async function lockSecondFactor(tx: Queries, userId: number): Promise<StoredSecondFactor | undefined> {
  const row = await select(tx, userId).forUpdate().executeTakeFirst()
  return row && toStored(row)
}

function select(db: Queries, userId: number) {
  return db.selectFrom("second_factors").selectAll().where("user_id", "=", userId)
}

function toStored(row: NonNullable<Awaited<ReturnType<ReturnType<typeof select>["executeTakeFirst"]>>>) {
  return {
    userId: row.user_id,
    sealedSecret: row.sealed_secret,
    isOn: row.is_on === 1,
    begunBy: row.begun_by,
    begunAt: row.begun_at as Instant,
    switchedOnAt: (row.switched_on_at ?? undefined) as Instant | undefined,
    lastStep: row.last_step,
    codesFormHash: row.codes_form_hash ?? undefined,
    codesMadeAt: (row.codes_made_at ?? undefined) as Instant | undefined,
  }
}

/** Begins anew, unless it is on already: then false. */
export async function replacePendingSecondFactor(
  tx: Queries,
  pending: Pick<StoredSecondFactor, "userId" | "sealedSecret" | "begunBy" | "begunAt">,
): Promise<boolean> {
  const values = {
    sealed_secret: pending.sealedSecret,
    is_on: 0,
    begun_by: pending.begunBy,
    begun_at: pending.begunAt,
    last_step: 0,
  }
  const rows = await tx
    .insertInto("second_factors")
    .values({ user_id: pending.userId, ...values })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values).where("second_factors.is_on", "=", 0))
    .returning("user_id")
    .execute()
  return rows.length === 1
}

export async function markSecondFactorOn(tx: Queries, userId: number, step: number, now: Instant): Promise<void> {
  await tx
    .updateTable("second_factors")
    .set({ is_on: 1, last_step: step, switched_on_at: now })
    .where("user_id", "=", userId)
    .execute()
}

/**
 * Takes a time step of the secret that the code was checked against, unless it or a later one was taken: then false. Of
 * several that try at once, one succeeds.
 */
export async function takeStep(
  tx: Queries,
  { userId, sealedSecret, step }: { userId: number; sealedSecret: string; step: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("second_factors")
    .set({ last_step: step })
    .where("user_id", "=", userId)
    .where("sealed_secret", "=", sealedSecret)
    .where("is_on", "=", 1)
    .where("last_step", "<", step)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Takes a recovery code of the user, once: false if there is none, or if it was used. */
export async function takeRecoveryCode(
  tx: Queries,
  userId: number,
  codeHashes: readonly string[],
  now: Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("recovery_codes")
    .set({ used_at: now })
    .where("code_hash", "in", codeHashes)
    .where("user_id", "=", userId)
    .where("used_at", "is", null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Replaces all recovery codes of the user; `formHash` names the form that asked for them. */
export async function replaceRecoveryCodes(
  tx: Queries,
  codes: { readonly userId: number; readonly hashes: readonly string[]; readonly formHash: string },
  now: Instant,
): Promise<void> {
  const { userId, hashes, formHash } = codes
  await tx.deleteFrom("recovery_codes").where("user_id", "=", userId).execute()
  await tx
    .insertInto("recovery_codes")
    .values(hashes.map((code_hash) => ({ code_hash, user_id: userId, used_at: null })))
    .execute()
  await tx
    .updateTable("second_factors")
    .set({ codes_form_hash: formHash, codes_made_at: now })
    .where("user_id", "=", userId)
    .execute()
}

export async function countUnusedRecoveryCodes(db: Queries, userId: number): Promise<number> {
  const row = await db
    .selectFrom("recovery_codes")
    .select((query) => query.fn.countAll<number | string>().as("count"))
    .where("user_id", "=", userId)
    .where("used_at", "is", null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Removes the second factor with its codes; false if it was not on. */
export async function deleteSecondFactor(tx: Queries, userId: number): Promise<boolean> {
  const rows = await tx
    .deleteFrom("second_factors")
    .where("user_id", "=", userId)
    .where("is_on", "=", 1)
    .returning("user_id")
    .execute()
  if (rows.length === 0) return false
  await tx.deleteFrom("recovery_codes").where("user_id", "=", userId).execute()
  return true
}

/** Deletes at most `limit` set-ups begun before that and never finished, and says how many. */
export async function deleteAbandonedSecondFactors(tx: Queries, before: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("second_factors")
    .where("user_id", "in", (query) =>
      query
        .selectFrom("second_factors")
        .select("user_id")
        .where("is_on", "=", 0)
        .where("begun_at", "<", before)
        .limit(limit),
    )
    .returning("user_id")
    .execute()
  return rows.length
}
