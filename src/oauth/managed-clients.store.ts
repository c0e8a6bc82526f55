import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { type ClientId, isClientId } from "../ids.ts"
import type { ClientValues, PendingChanges } from "./client-values.ts"
import type { ClientState, Profile } from "./protocol.ts"

/** An app as its owner and the operator see it. */
export interface ManagedClient {
  readonly rowId: number
  readonly clientId: ClientId
  readonly companyId: number
  readonly ownerUserId: number
  /** What holds now. */
  readonly values: ClientValues
  readonly state: ClientState
  /** Of the operator: why the app, or the last change of an approved one, was turned down, or why it was stopped. */
  readonly stateReason: string | null
  /** What of an app that was reviewed before is to become of it. */
  readonly pending: PendingChanges | undefined
  /** Since when the operator is asked about the app or its pending changes; null: he is not. */
  readonly reviewSince: Instant | null
  /** Grows with each change. */
  readonly version: number
  readonly createdAt: Instant
  readonly changedAt: Instant | null
}

interface ManagedRow {
  rowId: number
  clientId: string
  companyId: number
  ownerUserId: number
  name: string
  description: string
  website: string | null
  logoUrl: string | null
  logoHash: string | null
  profile: string
  clientType: string
  redirectUris: string
  scopes: string
  legacyTokenErrors: number
  state: string
  stateReason: string | null
  pending: string | null
  reviewSince: number | null
  version: number
  createdAt: number
  changedAt: number | null
}

/** The columns of `ManagedClient`. */
const columns = [
  "clients.id as rowId",
  "clients.client_id as clientId",
  "clients.company_id as companyId",
  "clients.owner_user_id as ownerUserId",
  "clients.name",
  "clients.description",
  "clients.website",
  "clients.logo_url as logoUrl",
  "clients.logo_hash as logoHash",
  "clients.profile",
  "clients.client_type as clientType",
  "clients.redirect_uris as redirectUris",
  "clients.scopes",
  "clients.legacy_token_errors as legacyTokenErrors",
  "clients.state",
  "clients.state_reason as stateReason",
  "clients.pending",
  "clients.review_since as reviewSince",
  "clients.version",
  "clients.created_at as createdAt",
  "clients.changed_at as changedAt",
] as const

function toManaged(row: ManagedRow): ManagedClient {
  const { logoUrl, logoHash } = row
  return {
    rowId: row.rowId,
    clientId: row.clientId as ClientId,
    companyId: row.companyId,
    ownerUserId: row.ownerUserId,
    values: {
      name: row.name,
      description: row.description,
      website: row.website,
      logo: logoUrl === null || logoHash === null ? null : { url: logoUrl, hash: logoHash },
      profile: row.profile as Profile,
      clientType: row.clientType as ClientValues["clientType"],
      redirectUris: JSON.parse(row.redirectUris),
      scopes: JSON.parse(row.scopes),
      legacyTokenErrors: row.legacyTokenErrors === 1,
    },
    state: row.state as ClientState,
    stateReason: row.stateReason,
    pending: row.pending === null ? undefined : JSON.parse(row.pending),
    reviewSince: row.reviewSince as Instant | null,
    version: row.version,
    createdAt: row.createdAt as Instant,
    changedAt: row.changedAt as Instant | null,
  }
}

/** The app of that `client_id`, of that company if one is given; `lock` holds it until the transaction ends. */
export async function findManagedClient(
  db: Queries,
  clientId: string,
  companyId: number | undefined,
  lock: "lock" | "read",
): Promise<ManagedClient | undefined> {
  if (!isClientId(clientId)) return undefined // Also what PostgreSQL would choke on, such as a NUL.
  const query = db
    .selectFrom("clients")
    .select(columns)
    .where("client_id", "=", clientId)
    .where("deleted_at", "is", null)
    .$if(companyId !== undefined, (one) => one.where("company_id", "=", companyId ?? 0))
  const row = await (lock === "lock" ? query.forUpdate() : query).executeTakeFirst()
  return row === undefined ? undefined : toManaged(row)
}

/** The apps of a company, newest first, below the row id given. */
export async function listManagedClients(
  db: Queries,
  companyId: number,
  page: { readonly below: number | undefined; readonly limit: number },
): Promise<readonly ManagedClient[]> {
  const rows = await db
    .selectFrom("clients")
    .select(columns)
    .where("company_id", "=", companyId)
    .where("deleted_at", "is", null)
    .$if(page.below !== undefined, (one) => one.where("id", "<", page.below ?? 0))
    .orderBy("id", "desc")
    .limit(page.limit)
    .execute()
  return rows.map(toManaged)
}

/** Whether a company has that many apps, or more; deleted ones do not count. */
export async function hasManyClients(db: Queries, companyId: number, many: number): Promise<boolean> {
  const last = await db
    .selectFrom("clients")
    .select("id")
    .where("company_id", "=", companyId)
    .where("deleted_at", "is", null)
    .limit(1)
    .offset(many - 1)
    .executeTakeFirst()
  return last !== undefined
}

/** Locks a company, so that two who add an app wait for each other. */
export async function lockCompany(tx: Queries, companyId: number): Promise<void> {
  await tx.selectFrom("companies").select("id").where("id", "=", companyId).forUpdate().executeTakeFirst()
}

export interface NewClient {
  readonly clientId: ClientId
  readonly companyId: number
  readonly ownerUserId: number
  readonly values: ClientValues
  readonly nameKey: string
  readonly state: ClientState
  readonly createdAt: Instant
}

/** @returns the row's id */
export async function insertClient(tx: Queries, client: NewClient): Promise<number> {
  const { values, nameKey } = client
  const row = await tx
    .insertInto("clients")
    .values({
      client_id: client.clientId,
      company_id: client.companyId,
      owner_user_id: client.ownerUserId,
      state: client.state,
      ...toColumns(values, nameKey),
      code_flow_on: 1,
      created_at: client.createdAt,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return row.id
}

/** What a change makes of an app; what is left out stays. */
export interface ClientUpdate {
  /** With the key that the name is searched by. */
  readonly values?: ClientValues
  readonly nameKey?: string
  readonly state?: ClientState
  readonly stateReason?: string | null
  readonly pending?: PendingChanges | undefined
  readonly reviewSince?: Instant | null
}

/** Changes an app that is locked and counts its version on. */
export async function updateManagedClient(
  tx: Queries,
  rowId: number,
  update: ClientUpdate,
  now: Instant,
): Promise<void> {
  const { values, nameKey = "", state, stateReason, reviewSince } = update
  await tx
    .updateTable("clients")
    .set((set) => ({
      version: set("version", "+", 1),
      changed_at: now,
      ...(values !== undefined && toColumns(values, nameKey)),
      ...(state !== undefined && { state }),
      ...(stateReason !== undefined && { state_reason: stateReason }),
      ...("pending" in update && { pending: update.pending === undefined ? null : JSON.stringify(update.pending) }),
      ...(reviewSince !== undefined && { review_since: reviewSince }),
    }))
    .where("id", "=", rowId)
    .execute()
}

function toColumns(values: ClientValues, nameKey: string) {
  return {
    name: values.name,
    name_key: nameKey,
    description: values.description,
    website: values.website,
    logo_url: values.logo?.url ?? null,
    logo_hash: values.logo?.hash ?? null,
    profile: values.profile,
    client_type: values.clientType,
    redirect_uris: JSON.stringify(values.redirectUris),
    scopes: JSON.stringify(values.scopes),
    legacy_token_errors: values.legacyTokenErrors ? 1 : 0,
  }
}

/** Marks an app as deleted. */
export async function markClientDeleted(tx: Queries, rowId: number, now: Instant): Promise<void> {
  await tx
    .updateTable("clients")
    .set((set) => ({ deleted_at: now, changed_at: now, review_since: null, version: set("version", "+", 1) }))
    .where("id", "=", rowId)
    .execute()
}
