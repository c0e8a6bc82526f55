import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import { type ClientId, isClientId } from "../ids.ts"
import type { ClientState, Profile, Scope } from "./protocol.ts"

/** A scope the app may ask for; a required one is ticked and locked on the consent page. */
export interface RegisteredScope {
  readonly scope: Scope
  readonly required: boolean
}

/** A registered application (RFC 6749 §2). */
export interface Client {
  readonly rowId: number
  readonly clientId: ClientId
  readonly companyId: number
  readonly name: string
  readonly website: string | null
  readonly logoUrl: string | null
  readonly profile: Profile
  readonly clientType: "confidential" | "public"
  readonly state: ClientState
  readonly redirectUris: readonly string[]
  readonly scopes: readonly RegisteredScope[]
  readonly codeFlowOn: boolean
  readonly legacyTokenErrors: boolean
}

/** A secret as its row has it: the keyed hash, never the secret. */
export interface StoredSecret {
  readonly id: number
  readonly secretHash: string
  readonly expiresAt: Instant | null
}

interface ClientRow {
  rowId: number
  clientId: string
  companyId: number
  name: string
  website: string | null
  logoUrl: string | null
  profile: string
  clientType: string
  state: string
  redirectUris: string
  scopes: string
  codeFlowOn: number
  legacyTokenErrors: number
}

const columns = [
  "clients.id as rowId",
  "clients.client_id as clientId",
  "clients.company_id as companyId",
  "clients.name",
  "clients.website",
  "clients.logo_url as logoUrl",
  "clients.profile",
  "clients.client_type as clientType",
  "clients.state",
  "clients.redirect_uris as redirectUris",
  "clients.scopes",
  "clients.code_flow_on as codeFlowOn",
  "clients.legacy_token_errors as legacyTokenErrors",
] as const

function toClient(row: ClientRow): Client {
  return {
    rowId: row.rowId,
    clientId: row.clientId as ClientId,
    companyId: row.companyId,
    name: row.name,
    website: row.website,
    logoUrl: row.logoUrl,
    profile: row.profile as Profile,
    clientType: row.clientType as Client["clientType"],
    state: row.state as ClientState,
    redirectUris: parseOnce(row.redirectUris),
    scopes: parseOnce(row.scopes),
    codeFlowOn: row.codeFlowOn === 1,
    legacyTokenErrors: row.legacyTokenErrors === 1,
  }
}

const selectById = prepared<{ clientId: string }, ClientRow>((db, parameter) =>
  db
    .selectFrom("clients")
    .select(columns)
    .where("client_id", "=", parameter("clientId"))
    .where("deleted_at", "is", null),
)

/** The client of that `client_id`, unless it was deleted. */
export async function findClient(db: Queries, clientId: string): Promise<Client | undefined> {
  if (!isClientId(clientId)) return undefined // Also what PostgreSQL would choke on, such as a NUL.
  const [row] = await selectById(db, { clientId })
  return row === undefined ? undefined : toClient(row)
}

/** The client of that row, unless it was deleted. */
export async function findClientByRow(db: Queries, rowId: number): Promise<Client | undefined> {
  const row = await db
    .selectFrom("clients")
    .select(columns)
    .where("id", "=", rowId)
    .where("deleted_at", "is", null)
    .executeTakeFirst()
  return row === undefined ? undefined : toClient(row)
}

type ClientAndSecretRow = ClientRow & { secretId: number | null; secretHash: string | null; expiresAt: number | null }

const selectWithSecrets = prepared<{ clientId: string }, ClientAndSecretRow>((db, parameter) =>
  db
    .selectFrom("clients")
    .leftJoin("client_secrets", "client_secrets.client_row_id", "clients.id")
    .select(columns)
    .select([
      "client_secrets.id as secretId",
      "client_secrets.secret_hash as secretHash",
      "client_secrets.expires_at as expiresAt",
    ])
    .where("client_id", "=", parameter("clientId"))
    .where("deleted_at", "is", null),
)

/** The client with its secrets, expired ones too. */
export async function findClientWithSecrets(
  db: Queries,
  clientId: string,
): Promise<{ readonly client: Client; readonly secrets: readonly StoredSecret[] } | undefined> {
  if (!isClientId(clientId)) return undefined
  const rows = await selectWithSecrets(db, { clientId })
  const [first] = rows
  if (first === undefined) return undefined
  const secrets = rows.flatMap(({ secretId, secretHash, expiresAt }) =>
    secretId === null || secretHash === null
      ? []
      : [{ id: secretId, secretHash, expiresAt: expiresAt as Instant | null }],
  )
  return { client: toClient(first), secrets }
}

export interface NewClient {
  readonly clientId: ClientId
  readonly companyId: number
  readonly ownerUserId: number
  readonly name: string
  readonly description: string
  readonly website: string | null
  readonly profile: Profile
  readonly clientType: Client["clientType"]
  readonly state: ClientState
  readonly redirectUris: readonly string[]
  readonly scopes: readonly RegisteredScope[]
  readonly legacyTokenErrors: boolean
  readonly createdAt: Instant
}

/** @returns the row's id */
export async function insertClient(tx: Queries, client: NewClient): Promise<number> {
  const row = await tx
    .insertInto("clients")
    .values({
      client_id: client.clientId,
      company_id: client.companyId,
      owner_user_id: client.ownerUserId,
      name: client.name,
      description: client.description,
      website: client.website,
      profile: client.profile,
      client_type: client.clientType,
      state: client.state,
      redirect_uris: JSON.stringify(client.redirectUris),
      scopes: JSON.stringify(client.scopes),
      code_flow_on: 1,
      legacy_token_errors: client.legacyTokenErrors ? 1 : 0,
      created_at: client.createdAt,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return row.id
}

/** Locks the client until the transaction ends. */
export async function lockClient(tx: Queries, clientId: string): Promise<Client | undefined> {
  const row = await tx
    .selectFrom("clients")
    .select(columns)
    .where("client_id", "=", clientId)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? undefined : toClient(row)
}

export async function updateClientState(
  tx: Queries,
  rowId: number,
  state: ClientState,
  reason: string | null,
): Promise<void> {
  await tx.updateTable("clients").set({ state, state_reason: reason }).where("id", "=", rowId).execute()
}

/** A client as a list of an operator shows it. */
export interface ListedClient {
  readonly client_id: string
  readonly name: string
  readonly company_id: number
  readonly profile: string
  readonly client_type: string
  readonly state: string
}

export function listClientRows(db: Queries): Promise<ListedClient[]> {
  return db
    .selectFrom("clients")
    .select(["client_id", "name", "company_id", "profile", "client_type", "state"])
    .where("deleted_at", "is", null)
    .orderBy("id", "desc")
    .execute()
}

export async function insertClientSecret(
  tx: Queries,
  secret: { clientRowId: number; secretHash: string; lastCharacters: string; createdAt: Instant },
): Promise<void> {
  await tx
    .insertInto("client_secrets")
    .values({
      client_row_id: secret.clientRowId,
      secret_hash: secret.secretHash,
      last_characters: secret.lastCharacters,
      created_at: secret.createdAt,
    })
    .execute()
}

/** The client's secrets that still work at `now`, oldest first. */
export async function listActiveSecrets(
  tx: Queries,
  clientRowId: number,
  now: Instant,
): Promise<readonly StoredSecret[]> {
  const rows = await tx
    .selectFrom("client_secrets")
    .select(["id", "secret_hash as secretHash", "expires_at as expiresAt"])
    .where("client_row_id", "=", clientRowId)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .orderBy("id")
    .execute()
  return rows.map((row) => ({ ...row, expiresAt: row.expiresAt as Instant | null }))
}

export async function updateSecretExpiry(tx: Queries, id: number, expiresAt: Instant): Promise<void> {
  await tx.updateTable("client_secrets").set({ expires_at: expiresAt }).where("id", "=", id).execute()
}

export async function updateSecretUse(tx: Queries, id: number, usedAt: Instant, ip: string): Promise<void> {
  await tx.updateTable("client_secrets").set({ last_used_at: usedAt, last_used_ip: ip }).where("id", "=", id).execute()
}

/** The user who is to own an app, and the company it then belongs to. */
export async function findOwner(db: Queries, emailKey: string): Promise<{ id: number; companyId: number } | undefined> {
  return db
    .selectFrom("users")
    .select(["id", "company_id as companyId"])
    .where("email_key", "=", emailKey)
    .where("status", "=", "active")
    .executeTakeFirst()
}
