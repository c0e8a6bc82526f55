import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

export type SigningKeyState = "next" | "active" | "retired" | "burned"

/** A public key as JWKS publishes it (RFC 7517). */
export interface PublicJwk {
  readonly kty: string
  readonly use: "sig"
  readonly alg: string
  readonly kid: string
  readonly n: string
  readonly e: string
}

/** A signing key as its row has it; the private part is sealed, and null once burned or no longer needed. */
export interface SigningKeyRecord {
  readonly kid: string
  readonly algorithm: string
  readonly state: SigningKeyState
  readonly publicJwk: PublicJwk
  readonly sealedPrivateKey: string | null
  readonly createdAt: Instant
  readonly activatedAt: Instant | null
  readonly retiredAt: Instant | null
  readonly burnedAt: Instant | null
}

/** All keys ever made, oldest first. */
export async function listSigningKeyRows(db: Queries): Promise<readonly SigningKeyRecord[]> {
  const rows = await db.selectFrom("signing_keys").selectAll().orderBy("created_at").orderBy("kid").execute()
  return rows.map((row) => ({
    kid: row.kid,
    algorithm: row.algorithm,
    state: row.state as SigningKeyState,
    publicJwk: JSON.parse(row.public_jwk),
    sealedPrivateKey: row.sealed_private_key,
    createdAt: row.created_at as Instant,
    activatedAt: row.activated_at as Instant | null,
    retiredAt: row.retired_at as Instant | null,
    burnedAt: row.burned_at as Instant | null,
  }))
}

/** All keys, oldest first, after every other transaction that moves one has ended: the next one waits for this. */
export async function lockSigningKeys(tx: Queries): Promise<readonly SigningKeyRecord[]> {
  await tx.selectFrom("signing_keys").select("kid").orderBy("created_at").orderBy("kid").forUpdate().execute()
  // Read anew: a key that the other transaction added was not among those waited for.
  return listSigningKeyRows(tx)
}

/** Adds a key unless one of that state is there already. @returns whether it was added */
export async function insertSigningKey(
  tx: Queries,
  key: Pick<SigningKeyRecord, "kid" | "algorithm" | "publicJwk" | "createdAt"> & {
    readonly state: "next" | "active"
    readonly sealedPrivateKey: string
  },
): Promise<boolean> {
  const result = await tx
    .insertInto("signing_keys")
    .values({
      kid: key.kid,
      algorithm: key.algorithm,
      state: key.state,
      public_jwk: JSON.stringify(key.publicJwk),
      sealed_private_key: key.sealedPrivateKey,
      created_at: key.createdAt,
      activated_at: key.state === "active" ? key.createdAt : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) === 1n
}

/** Moves a key on, if it still is in the state given. @returns whether it was */
export async function updateSigningKeyState(
  tx: Queries,
  kid: string,
  from: SigningKeyState,
  to: Exclude<SigningKeyState, "next">,
  now: Instant,
): Promise<boolean> {
  const at = to === "active" ? { activated_at: now } : to === "retired" ? { retired_at: now } : { burned_at: now }
  const result = await tx
    .updateTable("signing_keys")
    .set({ state: to, ...at, ...(to === "burned" && { sealed_private_key: null }) })
    .where("kid", "=", kid)
    .where("state", "=", from)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Forgets the private part of keys whose last token has expired. */
export async function erasePrivateKeys(tx: Queries, retiredBefore: Instant): Promise<void> {
  await tx
    .updateTable("signing_keys")
    .set({ sealed_private_key: null })
    .where("state", "=", "retired")
    .where("retired_at", "<", retiredBefore)
    .where("sealed_private_key", "is not", null)
    .execute()
}
