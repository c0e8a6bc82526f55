import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type ClientId, newClientId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { issueClientSecret } from "./client-secret.ts"
import {
  findOwner,
  insertClient,
  type ListedClient,
  listClientRows,
  lockClient,
  type RegisteredScope,
  selectClientNames,
  updateClientState,
} from "./clients.store.ts"
import { profileRules } from "./profile.ts"
import { type ClientState, type Profile, profiles, scopes } from "./protocol.ts"
import { redirectUriProblem } from "./redirect-uri.ts"
import { inListedOrder, parseScope } from "./scope.ts"

export type { Client } from "./clients.store.ts"

export interface ClientRegistration {
  readonly name: string
  readonly ownerEmail: string
  readonly redirectUris: readonly string[]
  /** Space-separated; required on the consent page. */
  readonly scope: string
  /** Space-separated; may be unticked on the consent page. */
  readonly optionalScope?: string
  readonly description?: string
  readonly website?: string
  readonly profile?: string
  readonly isPublic?: boolean
  readonly legacyTokenErrors?: boolean
  /** Approved from the start, by an operator. */
  readonly approve?: boolean
}

export interface RegisteredClient {
  readonly clientId: ClientId
  /** Shown this once; null for a public client. */
  readonly clientSecret: string | null
}

/** The names of apps by their row ids, as the audit log and webhooks have them; deleted ones too. */
export function findClientNames(db: Queries, rowIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  return selectClientNames(db, [...new Set(rowIds)])
}

/**
 * Registers an app of the owner's company (contract/oauth.md §15).
 *
 * @throws Refusal invalid (each field that is wrong, in `errors`), not_found (no such owner)
 */
export async function registerClient(
  db: Database,
  keyring: Keyring,
  now: Instant,
  registration: ClientRegistration,
): Promise<RegisteredClient> {
  const checked = checkRegistration(registration)
  return transaction(db, async (tx) => {
    const owner = await findOwner(tx, registration.ownerEmail.trim().toLowerCase())
    if (owner === undefined) {
      throw new Refusal("not_found", `No active user has the e-mail ${registration.ownerEmail}.`)
    }
    const clientId = newClientId()
    const rowId = await insertClient(tx, {
      ...checked,
      clientId,
      companyId: owner.companyId,
      ownerUserId: owner.id,
      state: registration.approve === true ? "approved" : "draft",
      createdAt: now,
    })
    if (checked.clientType === "public") return { clientId, clientSecret: null }
    return { clientId, clientSecret: await issueClientSecret(tx, keyring, rowId, now) }
  })
}

function checkRegistration(registration: ClientRegistration) {
  const errors: Record<string, string[]> = {}
  const refuse = (field: string, problem: string) => {
    errors[field] = [...(errors[field] ?? []), problem]
  }
  const name = registration.name.trim()
  if (name.length < 3 || name.length > 100) refuse("name", "name takes 3 to 100 characters")
  if ((registration.description ?? "").length > 500) refuse("description", "description takes 500 characters at most")
  const profile = checkProfile(registration, refuse)
  const clientType = registration.isPublic === true ? ("public" as const) : ("confidential" as const)
  if (clientType === "public" && !profileRules(profile).publicClients) {
    refuse("client_type", `a public client needs the profile oauth21, not ${profile}`)
  }
  const legacyTokenErrors = registration.legacyTokenErrors === true
  if (legacyTokenErrors && !profileRules(profile).legacyTokenErrors) {
    refuse("legacy_token_errors", `legacy token errors exist in the profile sepay only, not ${profile}`)
  }
  checkRedirectUris(registration.redirectUris, profile, refuse)
  const website = registration.website ?? null
  if (website !== null && !/^https:\/\/[^\s]{1,492}$/.test(website)) {
    refuse("website", "website takes an https URL of at most 500 characters")
  }
  const registered = checkScopes(registration, refuse)
  const [first] = Object.values(errors)
  if (first !== undefined) throw new Refusal("invalid", first[0] ?? "", { errors })
  const { redirectUris, description = "" } = registration
  return { name, description, website, profile, clientType, redirectUris, scopes: registered, legacyTokenErrors }
}

type Refuse = (field: string, problem: string) => void

function checkProfile({ profile = "sepay" }: ClientRegistration, refuse: Refuse): Profile {
  if (profile === "fapi2") refuse("profile", "the profile fapi2 is not available yet: use sepay or oauth21")
  else if (!(profiles as readonly string[]).includes(profile)) refuse("profile", "profile takes sepay or oauth21")
  else return profile as Profile
  return "sepay"
}

function checkRedirectUris(uris: readonly string[], profile: Profile, refuse: Refuse): void {
  if (uris.length === 0 || uris.length > 10) refuse("redirect_uris", "redirect_uris takes 1 to 10 URIs")
  if (new Set(uris).size !== uris.length) refuse("redirect_uris", "redirect_uris holds the same URI twice")
  for (const uri of uris) {
    const problem = redirectUriProblem(uri, profile)
    if (problem !== undefined) refuse("redirect_uris", `redirect URI ${uri} ${problem}`)
  }
}

function checkScopes(registration: ClientRegistration, refuse: Refuse): readonly RegisteredScope[] {
  const required = parseScope(registration.scope)
  const optional = parseScope(registration.optionalScope ?? "")
  if (required === undefined || optional === undefined) {
    refuse("scopes", `scope takes words of: ${scopes.join(" ")}`)
    return []
  }
  const both = required.find((scope) => optional.includes(scope))
  if (both !== undefined) refuse("scopes", `scope ${both} is both required and optional`)
  if (required.length + optional.length === 0) refuse("scopes", "an app needs at least one scope")
  return inListedOrder([...required, ...optional]).map((scope) => ({ scope, required: required.includes(scope) }))
}

/** All apps, newest first, for operators. */
export function listClients(db: Queries): Promise<ListedClient[]> {
  return listClientRows(db)
}

/**
 * Lets everybody use an app; also ends a suspension (contract/oauth.md §15).
 *
 * @throws Refusal not_found
 */
export async function approveClient(db: Database, clientId: string, now: Instant): Promise<void> {
  await changeState(db, clientId, "approved", null, now)
}

/**
 * Stops an app: nobody can connect it and its tokens fail until it is approved again (contract/oauth.md §9, §15).
 *
 * @param reason 1–500 characters, shown to the app's owner
 * @throws Refusal not_found, invalid
 */
export async function suspendClient(db: Database, clientId: string, reason: string, now: Instant): Promise<void> {
  const text = reason.trim()
  if (text.length < 1 || text.length > 500) throw new Refusal("invalid", "reason takes 1 to 500 characters")
  await changeState(db, clientId, "suspended", text, now)
}

async function changeState(
  db: Database,
  clientId: string,
  state: ClientState,
  reason: string | null,
  now: Instant,
): Promise<void> {
  await transaction(db, async (tx) => {
    const client = await lockClient(tx, clientId)
    if (client === undefined) throw new Refusal("not_found", `No app has the client_id ${clientId}.`)
    await updateClientState(tx, client.rowId, state, reason)
    await recordAccessChange(tx, "client", client.rowId, now)
  })
}
