import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { FamilyId } from "../ids.ts"

/** A trial of the Try it page, as its row has it. */
export interface TrialRow {
  readonly id: number
  readonly clientRowId: number
  readonly sessionId: string
  readonly companyId: number
  readonly stateHash: string
  readonly codeChallenge: string
  readonly turn: number
  readonly sealed: string
  readonly familyId: FamilyId | null
  readonly expiresAt: Instant
}

const columns = [
  "id",
  "client_row_id as clientRowId",
  "session_id as sessionId",
  "company_id as companyId",
  "state_hash as stateHash",
  "code_challenge as codeChallenge",
  "turn",
  "sealed",
  "family_id as familyId",
  "expires_at as expiresAt",
] as const

function toRow<Row extends { familyId: number | null; expiresAt: number }>(row: Row) {
  return { ...row, familyId: row.familyId as FamilyId | null, expiresAt: row.expiresAt as Instant }
}

/** Begins a trial. @returns its id */
export async function insertTrial(tx: Queries, trial: Omit<TrialRow, "id" | "turn" | "familyId">): Promise<number> {
  const row = await tx
    .insertInto("client_trials")
    .values({
      client_row_id: trial.clientRowId,
      session_id: trial.sessionId,
      company_id: trial.companyId,
      state_hash: trial.stateHash,
      code_challenge: trial.codeChallenge,
      turn: 0,
      sealed: trial.sealed,
      family_id: null,
      expires_at: trial.expiresAt,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return row.id
}

export async function findTrialRow(db: Queries, id: number): Promise<TrialRow | undefined> {
  const row = await db.selectFrom("client_trials").select(columns).where("id", "=", id).executeTakeFirst()
  return row === undefined ? undefined : toRow(row)
}

/** The trial whose state is stored under one of the hashes. */
export async function findTrialByState(db: Queries, stateHashes: readonly string[]): Promise<TrialRow | undefined> {
  const row = await db
    .selectFrom("client_trials")
    .select(columns)
    .where("state_hash", "in", stateHashes)
    .executeTakeFirst()
  return row === undefined ? undefined : toRow(row)
}

/** The trial of a session with an app. */
export async function findTrialOfSession(
  db: Queries,
  sessionId: string,
  clientRowId: number,
): Promise<TrialRow | undefined> {
  const row = await db
    .selectFrom("client_trials")
    .select(columns)
    .where("session_id", "=", sessionId)
    .where("client_row_id", "=", clientRowId)
    .executeTakeFirst()
  return row === undefined ? undefined : toRow(row)
}

/** Goes one step further. @returns whether the trial still stood at that turn: of two equal forms one goes on */
export async function takeTurn(tx: Queries, id: number, turn: number): Promise<boolean> {
  const result = await tx
    .updateTable("client_trials")
    .set({ turn: turn + 1 })
    .where("id", "=", id)
    .where("turn", "=", turn)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function updateTrial(
  tx: Queries,
  id: number,
  { sealed, familyId }: Pick<TrialRow, "sealed" | "familyId">,
): Promise<void> {
  await tx.updateTable("client_trials").set({ sealed, family_id: familyId }).where("id", "=", id).execute()
}

/** Trials that are over, at most `limit`. */
export async function listExpiredTrials(tx: Queries, before: Instant, limit: number): Promise<readonly TrialRow[]> {
  const rows = await tx
    .selectFrom("client_trials")
    .select(columns)
    .where("expires_at", "<=", before)
    .orderBy("expires_at")
    .limit(limit)
    .forUpdate()
    .execute()
  return rows.map(toRow)
}

export async function deleteTrial(tx: Queries, id: number): Promise<void> {
  await tx.deleteFrom("client_trials").where("id", "=", id).execute()
}
