import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { AuthorizationRequest } from "./authorization-request.ts"
import type { KeptChoices } from "./kept-choices.ts"

/** An authorization request under way, found by its handle. */
export interface StoredRequest {
  readonly handleHash: string
  readonly request: AuthorizationRequest
  readonly createdAt: Instant
  readonly decidedAt: Instant | null
  /** What was chosen, and not taken. */
  readonly choices: KeptChoices | null
}

export async function insertAuthorizationRequest(
  tx: Queries,
  row: Pick<StoredRequest, "handleHash" | "request" | "createdAt" | "choices">,
): Promise<void> {
  await tx
    .insertInto("authorization_requests")
    .values({
      handle_hash: row.handleHash,
      parameters: JSON.stringify(row.request),
      created_at: row.createdAt,
      choices: row.choices === null ? null : JSON.stringify(row.choices),
    })
    .execute()
}

const columns = [
  "handle_hash as handleHash",
  "parameters",
  "created_at as createdAt",
  "decided_at as decidedAt",
  "choices",
] as const

export async function findAuthorizationRequest(
  db: Queries,
  handleHashes: readonly string[],
): Promise<StoredRequest | undefined> {
  const row = await db
    .selectFrom("authorization_requests")
    .select(columns)
    .where("handle_hash", "in", handleHashes)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { parameters, choices, ...rest } = row
  return {
    ...rest,
    request: JSON.parse(parameters),
    choices: choices === null ? null : JSON.parse(choices),
    createdAt: rest.createdAt as Instant,
    decidedAt: rest.decidedAt as Instant | null,
  }
}

/** Keeps choices beside an open request, in place of those that were there. */
export async function updateChoices(tx: Queries, handleHash: string, choices: KeptChoices): Promise<void> {
  await tx
    .updateTable("authorization_requests")
    .set({ choices: JSON.stringify(choices) })
    .where("handle_hash", "=", handleHash)
    .where("decided_at", "is", null)
    .execute()
}

/** Marks a request decided. @returns whether it was open until now: of two submits one decides */
export async function markRequestDecided(tx: Queries, handleHash: string, now: Instant): Promise<boolean> {
  const result = await tx
    .updateTable("authorization_requests")
    .set({ decided_at: now })
    .where("handle_hash", "=", handleHash)
    .where("decided_at", "is", null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
