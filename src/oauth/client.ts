import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { type ClientId, newClientId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { type ClientFault, checkClientDraft } from "./client-draft.ts"
import { clientFaultText } from "./client-fault-text.ts"
import { issueClientSecret } from "./client-secret.ts"
import { findOwner, type ListedClient, listClientRows, type RegisteredScope } from "./clients.store.ts"
import { findManagedClient, insertClient } from "./managed-clients.store.ts"
import { nameKey } from "./name-key.ts"
import { carryOut, checkDecision, type DecisionTaken } from "./review-client.ts"
import { parseScope } from "./scope.ts"

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

/**
 * Registers an app of the owner's company, as an operator does at the command line (contract/oauth.md §15).
 *
 * @throws Refusal invalid (each field that is wrong, in `errors`), not_found (no such owner)
 */
export async function registerClient(
  db: Database,
  keyring: Keyring,
  now: Instant,
  registration: ClientRegistration,
): Promise<RegisteredClient> {
  const values = checkRegistration(registration)
  return transaction(db, async (tx) => {
    const owner = await findOwner(tx, registration.ownerEmail.trim().toLowerCase())
    if (owner === undefined) {
      throw new Refusal("not_found", `No active user has the e-mail ${registration.ownerEmail}.`)
    }
    const { companyId } = owner
    const clientId = newClientId()
    const state = registration.approve === true ? "approved" : "draft"
    const rowId = await insertClient(tx, {
      values: { ...values, logo: null },
      nameKey: nameKey(values.name),
      clientId,
      companyId,
      ownerUserId: owner.id,
      state,
      createdAt: now,
    })
    const details = { client_id: clientId, name: values.name, state }
    const actor = { kind: "operator" } as const
    await recordAudit(tx, now, { companyId, actor, action: "client.create", subjectId: rowId, details })
    if (values.clientType === "public") return { clientId, clientSecret: null }
    return { clientId, clientSecret: await issueClientSecret(tx, keyring, rowId, now) }
  })
}

function checkRegistration(registration: ClientRegistration) {
  const { scopes, faults: scopeFaults } = readScopes(registration)
  const { name, description = "", website = "", profile = "sepay", redirectUris } = registration
  const result = checkClientDraft({
    name,
    description,
    website,
    logoUrl: "",
    profile,
    clientType: registration.isPublic === true ? "public" : "confidential",
    redirectUris,
    scopes,
    legacyTokenErrors: registration.legacyTokenErrors === true,
  })
  const faults = [...("faults" in result ? result.faults : []), ...scopeFaults]
  if ("checked" in result && faults.length === 0) return result.checked
  throw refusalOf(faults)
}

function readScopes({ scope, optionalScope = "" }: ClientRegistration): {
  readonly scopes: readonly RegisteredScope[]
  readonly faults: readonly ClientFault[]
} {
  const required = parseScope(scope)
  const optional = parseScope(optionalScope)
  const faults: readonly ClientFault[] =
    required === undefined || optional === undefined ? [{ field: "scopes", kind: "unknown" }] : []
  const asked = [required ?? [], optional ?? []] as const
  const scopes = asked.flatMap((list, index) => list.map((one) => ({ scope: one, required: index === 0 })))
  return { scopes, faults }
}

function refusalOf(faults: readonly ClientFault[]): Refusal {
  const errors: Record<string, string[]> = {}
  for (const fault of faults) {
    const about = "uri" in fault ? `${fault.uri}: ` : ""
    errors[fault.field] = [...(errors[fault.field] ?? []), `${fault.field}: ${about}${clientFaultText(fault, "en")}`]
  }
  return new Refusal("invalid", Object.values(errors)[0]?.[0] ?? "", { errors })
}

/** All apps, newest first, for operators. */
export function listClients(db: Queries): Promise<ListedClient[]> {
  return listClientRows(db)
}

/** What an operator approved at the command line. */
export interface Approval {
  readonly about: "app" | "changes" | "suspension" | "nothing"
  readonly decided?: DecisionTaken
}

/**
 * Lets everybody use an app, whatever its state, or ends a suspension, or lets its pending changes hold: one step, as the operator
 * takes it at the command line (contract/oauth.md §15).
 *
 * @returns what it was about; `decided` for the mails to its owner, absent when there was nothing to decide
 * @throws Refusal not_found
 */
export function approveClient(db: Database, clientId: string, now: Instant): Promise<Approval> {
  return transaction(db, async (tx) => {
    const client = await findManagedClient(tx, clientId, undefined, "lock")
    if (client === undefined) throw new Refusal("not_found", `No app has the client_id ${clientId}.`)
    if (client.state === "approved" && client.pending === undefined) return { about: "nothing" }
    const isSuspended = client.state === "suspended"
    const decision = { kind: isSuspended ? "reinstate" : "approve" } as const
    await carryOut(tx, client, decision, undefined, now)
    const what = client.state === "approved" ? "changes" : "app"
    return { about: isSuspended ? "suspension" : what, decided: { kind: "decided", client, what, decision } }
  })
}

/**
 * Stops an app: nobody can connect it and its tokens fail until it is approved again (contract/oauth.md §9, §15).
 *
 * @param reason 1–500 characters, shown to the app's owner
 * @returns what was decided, for the mails to its owner
 * @throws Refusal not_found, invalid, conflict (only an approved app can be suspended)
 */
export async function suspendClient(
  db: Database,
  clientId: string,
  reason: string,
  now: Instant,
): Promise<DecisionTaken> {
  const decision = checkDecision({ kind: "suspend", reason })
  return transaction(db, async (tx) => {
    const client = await findManagedClient(tx, clientId, undefined, "lock")
    if (client === undefined) throw new Refusal("not_found", `No app has the client_id ${clientId}.`)
    if (client.state !== "approved") {
      throw new Refusal("conflict", `The app is ${client.state}: only an approved one can be suspended.`)
    }
    await carryOut(tx, client, decision, undefined, now)
    return { kind: "decided", client, what: "app", decision }
  })
}
