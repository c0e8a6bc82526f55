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
  /** Of our own copy of its picture. */
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
  logoHash: string | null
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
  "clients.logo_hash as logoHash",
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
    logoUrl: row.logoHash === null ? null : `/app-logos/${row.logoHash}`,
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

/** The user who is to own an app, and the company it then belongs to. */
export async function findOwner(db: Queries, emailKey: string): Promise<{ id: number; companyId: number } | undefined> {
  return db
    .selectFrom("users")
    .select(["id", "company_id as companyId"])
    .where("email_key", "=", emailKey)
    .where("status", "=", "active")
    .executeTakeFirst()
}
