import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { ClientId } from "../ids.ts"

/** A secret as its owner sees it: never the secret itself. */
export interface ListedSecret {
  readonly id: number
  readonly lastCharacters: string
  readonly createdAt: Instant
  /** Null: it has no end yet. */
  readonly expiresAt: Instant | null
  readonly lastUsedAt: Instant | null
  readonly lastUsedIp: string | null
}

export interface NewSecretRow {
  readonly clientRowId: number
  readonly secretHash: string
  readonly lastCharacters: string
  readonly createdAt: Instant
  /** Sealed, for whoever made it to be seen once. */
  readonly unseen?: { readonly sealed: string; readonly userId: number } | undefined
}

export async function insertClientSecret(tx: Queries, secret: NewSecretRow): Promise<void> {
  await tx
    .insertInto("client_secrets")
    .values({
      client_row_id: secret.clientRowId,
      secret_hash: secret.secretHash,
      last_characters: secret.lastCharacters,
      created_at: secret.createdAt,
      unseen_secret: secret.unseen?.sealed ?? null,
      unseen_by: secret.unseen?.userId ?? null,
    })
    .execute()
}

/** The client's secrets that still work at `now`, oldest first. */
export async function listActiveSecrets(
  tx: Queries,
  clientRowId: number,
  now: Instant,
): Promise<readonly ListedSecret[]> {
  const rows = await tx
    .selectFrom("client_secrets")
    .select([
      "id",
      "last_characters as lastCharacters",
      "created_at as createdAt",
      "expires_at as expiresAt",
      "last_used_at as lastUsedAt",
      "last_used_ip as lastUsedIp",
    ])
    .where("client_row_id", "=", clientRowId)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .orderBy("id")
    .execute()
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt as Instant,
    expiresAt: row.expiresAt as Instant | null,
    lastUsedAt: row.lastUsedAt as Instant | null,
  }))
}

/** Gives a secret its end; `warnings`: how many of the warnings before it need not come any more. */
export async function updateSecretExpiry(
  tx: Queries,
  id: number,
  end: { readonly expiresAt: Instant; readonly warnings: number },
): Promise<void> {
  await tx
    .updateTable("client_secrets")
    .set({ expires_at: end.expiresAt, expiry_warnings: end.warnings })
    .where("id", "=", id)
    .execute()
}

/** Ends all secrets of a client that have not ended. */
export async function endAllSecrets(tx: Queries, clientRowId: number, now: Instant): Promise<void> {
  await tx
    .updateTable("client_secrets")
    .set({ expires_at: now, expiry_warnings: 2, unseen_secret: null })
    .where("client_row_id", "=", clientRowId)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .execute()
}

export async function updateSecretUse(tx: Queries, id: number, usedAt: Instant, ip: string): Promise<void> {
  await tx.updateTable("client_secrets").set({ last_used_at: usedAt, last_used_ip: ip }).where("id", "=", id).execute()
}

/** The sealed secret that the user made and has not seen, locked until the transaction ends. */
export async function lockUnseenSecret(
  tx: Queries,
  clientRowId: number,
  userId: number,
  madeAfter: Instant,
): Promise<{ readonly id: number; readonly sealed: string } | undefined> {
  const row = await tx
    .selectFrom("client_secrets")
    .select(["id", "unseen_secret as sealed"])
    .where("client_row_id", "=", clientRowId)
    .where("unseen_by", "=", userId)
    .where("unseen_secret", "is not", null)
    .where("created_at", ">", madeAfter)
    .orderBy("id", "desc")
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined || row.sealed === null ? undefined : { id: row.id, sealed: row.sealed }
}

/** Forgets the sealed form of a secret. */
export async function markSecretSeen(tx: Queries, id: number): Promise<void> {
  await tx.updateTable("client_secrets").set({ unseen_secret: null }).where("id", "=", id).execute()
}

/** Forgets the sealed form of secrets that nobody has looked at in time. */
export async function forgetUnseenSecrets(tx: Queries, madeBefore: Instant): Promise<void> {
  await tx
    .updateTable("client_secrets")
    .set({ unseen_secret: null })
    .where("created_at", "<", madeBefore)
    .where("unseen_secret", "is not", null)
    .execute()
}

/** A secret whose end is near, with the app it belongs to. */
export interface EndingSecret {
  readonly id: number
  readonly clientRowId: number
  readonly clientId: ClientId
  readonly name: string
  readonly lastCharacters: string
  readonly expiresAt: Instant
  readonly lastUsedAt: Instant
  readonly lastUsedIp: string | null
}

/**
 * Secrets of living apps that were used lately and have a warning due: the first when they end before `endsBefore`, the second
 * when they end before `lastBefore`; locked.
 */
export async function lockEndingSecrets(
  tx: Queries,
  within: {
    readonly now: Instant
    readonly endsBefore: Instant
    readonly lastBefore: Instant
    readonly usedAfter: Instant
    readonly limit: number
  },
): Promise<readonly EndingSecret[]> {
  const rows = await tx
    .selectFrom("client_secrets")
    .innerJoin("clients", "clients.id", "client_secrets.client_row_id")
    .select([
      "client_secrets.id",
      "clients.id as clientRowId",
      "clients.client_id as clientId",
      "clients.name",
      "client_secrets.last_characters as lastCharacters",
      "client_secrets.expires_at as expiresAt",
      "client_secrets.last_used_at as lastUsedAt",
      "client_secrets.last_used_ip as lastUsedIp",
    ])
    .where("client_secrets.expires_at", ">", within.now)
    .where("client_secrets.expires_at", "<=", within.endsBefore)
    .where((where) =>
      where.or([
        where("client_secrets.expiry_warnings", "=", 0),
        where.and([
          where("client_secrets.expiry_warnings", "=", 1),
          where("client_secrets.expires_at", "<=", within.lastBefore),
        ]),
      ]),
    )
    .where("client_secrets.last_used_at", ">", within.usedAfter)
    .where("clients.deleted_at", "is", null)
    .orderBy("client_secrets.id")
    .limit(within.limit)
    .forUpdate("client_secrets")
    .execute()
  return rows.flatMap(({ expiresAt, lastUsedAt, ...row }) =>
    expiresAt === null || lastUsedAt === null
      ? []
      : [
          {
            ...row,
            clientId: row.clientId as ClientId,
            expiresAt: expiresAt as Instant,
            lastUsedAt: lastUsedAt as Instant,
          },
        ],
  )
}

/** Notes which warnings of a secret's end are behind it. */
export async function updateSecretWarnings(tx: Queries, id: number, warnings: number): Promise<void> {
  await tx.updateTable("client_secrets").set({ expiry_warnings: warnings }).where("id", "=", id).execute()
}
