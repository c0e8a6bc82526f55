import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type ClientId, newClientId } from "../ids.ts"
import type { Outbound } from "../outbound/outbound.ts"
import { Refusal } from "../refusal.ts"
import { endFamiliesOfClient } from "./client-access.store.ts"
import { changedFields, endsTokens, splitChanges, withPending } from "./client-changes.ts"
import { type ClientDraft, type ClientFault, checkClientDraft } from "./client-draft.ts"
import { type FetchedLogo, fetchLogo } from "./client-logo.ts"
import { deleteLogosExcept, insertLogo } from "./client-logos.store.ts"
import { issueClientSecret } from "./client-secret.ts"
import { endAllSecrets } from "./client-secrets.store.ts"
import type { ClientLogo, ClientValues, PendingChanges } from "./client-values.ts"
import { type ClientManager, getManagedClient, recordStep } from "./manage-client.ts"
import {
  hasManyClients,
  insertClient,
  lockCompany,
  type ManagedClient,
  updateManagedClient,
} from "./managed-clients.store.ts"
import { nameKey } from "./name-key.ts"

/** How many apps a company may have that are not deleted; what an operator registers at the command line counts, and may exceed it. */
export const mostClients = 50

/** A draft that is right, with its logo fetched if that is a new one. */
export interface PreparedClient {
  readonly values: ClientValues
  readonly fetched: FetchedLogo | undefined
}

/** What an app is to be as its owner last saved it: with what waits for the operator. */
export function wantedValues({ values, pending }: ManagedClient): ClientValues {
  return withPending(values, pending)
}

/**
 * Checks a draft and fetches its logo unless the app has it already. To be called before any database transaction.
 *
 * @param before what the app is to be so far; undefined for a new one
 */
export async function prepareClient(
  outbound: Outbound,
  manager: ClientManager,
  draft: ClientDraft,
  before: ClientValues | undefined,
): Promise<PreparedClient | { readonly faults: readonly ClientFault[] }> {
  const result = checkClientDraft(draft)
  if ("faults" in result) return result
  const { logoUrl, ...values } = result.checked
  if (logoUrl === null) return { values: { ...values, logo: null }, fetched: undefined }
  const known = before?.logo?.url === logoUrl ? before.logo : undefined
  if (known !== undefined) return { values: { ...values, logo: known }, fetched: undefined }
  const fetched = await fetchLogo(outbound, String(manager.companyId), logoUrl)
  if ("fault" in fetched) return { faults: [{ field: "logo_url", kind: "logo", fault: fetched.fault }] }
  const { logo } = fetched
  return { values: { ...values, logo: { url: logo.url, hash: logo.hash } }, fetched: logo }
}

/** Whether a company has as many apps as it may have. */
export function hasAllClients(db: Queries, { companyId }: ClientManager): Promise<boolean> {
  return hasManyClients(db, companyId, mostClients)
}

/**
 * Registers an app as a draft (contract/oauth.md §15), within the transaction of the form that asks for it. A confidential one
 * gets its secret, which whoever made it may see once (`revealSecret`).
 *
 * @throws Refusal quota_exceeded (contract/oauth.md §15)
 */
export async function createClient(
  tx: Queries,
  keyring: Keyring,
  manager: ClientManager,
  { values, fetched }: PreparedClient,
  now: Instant,
): Promise<ClientId> {
  await lockCompany(tx, manager.companyId)
  if (await hasAllClients(tx, manager)) {
    throw new Refusal("quota_exceeded", `The company has ${mostClients} apps already, which is the most it may have.`)
  }
  const clientId = newClientId()
  const rowId = await insertClient(tx, {
    clientId,
    companyId: manager.companyId,
    ownerUserId: manager.userId,
    values,
    nameKey: nameKey(values.name),
    state: "draft",
    createdAt: now,
  })
  if (fetched !== undefined) await insertLogo(tx, rowId, fetched, now)
  if (values.clientType === "confidential") await issueClientSecret(tx, keyring, rowId, now, manager.userId)
  await recordStep(tx, now, manager, { rowId, clientId, values }, "client.create")
  return clientId
}

/** How an edit ended. */
export type EditResult =
  | { readonly kind: "saved"; readonly waits: boolean; readonly tokensEnded: boolean }
  /** Somebody else changed the app since the form was opened; nothing was saved. */
  | { readonly kind: "changed_meanwhile" }
  | { readonly kind: "faults"; readonly faults: readonly ClientFault[] }

/**
 * Changes an app (contract/oauth.md §15). One that was reviewed keeps its live values where the operator has to look first. The
 * caller announces the change.
 *
 * @param version of the app that the form showed
 * @throws Refusal not_found
 */
export function editClient(
  db: Database,
  manager: ClientManager,
  edit: { readonly clientId: string; readonly version: number; readonly prepared: PreparedClient },
  now: Instant,
): Promise<EditResult> {
  const { clientId, version, prepared } = edit
  return transaction(db, async (tx): Promise<EditResult> => {
    const client = await getManagedClient(tx, manager, clientId, "lock")
    if (client.version !== version) return { kind: "changed_meanwhile" }
    const isReviewed = client.state === "approved" || client.state === "suspended"
    const split = isReviewed
      ? splitChanges(client.values, prepared.values)
      : { now: prepared.values, pending: undefined }
    const faults = findStateFaults(client, split.now, split.pending)
    if (faults.length > 0) return { kind: "faults", faults }
    const tokensEnded = await saveChanges(tx, manager, client, { ...split, fetched: prepared.fetched }, now)
    return { kind: "saved", waits: split.pending !== undefined, tokensEnded }
  })
}

// What is right by itself, and yet not for an app in this state.
function findStateFaults(
  { state }: ManagedClient,
  live: ClientValues,
  pending: PendingChanges | undefined,
): readonly ClientFault[] {
  const faults: ClientFault[] = []
  const isAsked = state === "pending_review" || pending !== undefined
  if (isAsked && live.website === null && pending?.website === undefined) {
    faults.push({ field: "website", kind: "needed_for_review" })
  }
  if (live.redirectUris.length === 0) faults.push({ field: "redirect_uris", kind: "all_removed" })
  if (live.scopes.length === 0) faults.push({ field: "scopes", kind: "all_removed" })
  return faults
}

interface Saved {
  readonly now: ClientValues
  readonly pending: PendingChanges | undefined
  readonly fetched: FetchedLogo | undefined
}

async function saveChanges(
  tx: Queries,
  manager: ClientManager,
  client: ManagedClient,
  saved: Saved,
  now: Instant,
): Promise<boolean> {
  const { rowId, state, reviewSince } = client
  const { pending, fetched } = saved
  if (fetched !== undefined) await insertLogo(tx, rowId, fetched, now)
  const isAsked = state === "pending_review" || pending !== undefined
  await updateManagedClient(
    tx,
    rowId,
    {
      values: saved.now,
      nameKey: nameKey(saved.now.name),
      pending,
      reviewSince: isAsked ? (reviewSince ?? now) : null,
      // The reason of a suspension or a rejection stays until the operator or the owner takes the next step.
      ...(state === "approved" && { stateReason: null }),
    },
    now,
  )
  await deleteLogosExcept(tx, rowId, hashesOf(saved.now.logo, pending?.logo))
  const tokensEnded = await endTokensIfNeeded(tx, client, saved.now, now)
  const fields = changedFields(wantedValues(client), withPending(saved.now, pending))
  await recordStep(tx, now, manager, client, "client.update", { fields, waits: pending !== undefined })
  await recordAccessChange(tx, "client", rowId, now)
  return tokensEnded
}

/**
 * Ends the tokens of an app whose profile or client type changes, and its secrets when it is to have none (contract/oauth.md §9).
 *
 * @returns whether it did
 */
export async function endTokensIfNeeded(
  tx: Queries,
  before: ManagedClient,
  after: ClientValues,
  now: Instant,
): Promise<boolean> {
  if (!endsTokens(before.values, after)) return false
  await endFamiliesOfClient(tx, before.rowId, "app_changed", now)
  if (after.clientType === "public") await endAllSecrets(tx, before.rowId, now)
  return true
}

/** The hashes of the logos that are there. */
export function hashesOf(...logos: readonly (ClientLogo | null | undefined)[]): readonly string[] {
  return logos.flatMap((logo) => logo?.hash ?? [])
}
