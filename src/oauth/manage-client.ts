import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import { countFamilies, countGrants, endFamiliesOfClient, endGrantsOfClient } from "./client-access.store.ts"
import { deleteLogosExcept } from "./client-logos.store.ts"
import { endAllSecrets } from "./client-secrets.store.ts"
import {
  findManagedClient,
  listManagedClients,
  type ManagedClient,
  markClientDeleted,
  updateManagedClient,
} from "./managed-clients.store.ts"

export type { ManagedClient } from "./managed-clients.store.ts"

/** Who manages the apps of a company (contract/oauth.md §15). */
export interface ClientManager {
  readonly userId: number
  readonly companyId: number
}

/** How far numbers of grants and tokens are counted; one more means "more than that". */
export const mostCounted = 10_000

/** The apps of the manager's company, newest first; `below` is the row id of the last one on the page before. */
export function listCompanyClients(
  db: Queries,
  manager: ClientManager,
  page: { readonly below: number | undefined; readonly limit: number },
): Promise<readonly ManagedClient[]> {
  return listManagedClients(db, manager.companyId, page)
}

/**
 * One app of the manager's company.
 *
 * @throws Refusal not_found
 */
export async function getManagedClient(
  db: Queries,
  manager: ClientManager,
  clientId: string,
  lock: "lock" | "read" = "read",
): Promise<ManagedClient> {
  const client = await findManagedClient(db, clientId, manager.companyId, lock)
  if (client === undefined) throw new Refusal("not_found", `There is no app ${clientId}.`)
  return client
}

/** How many grants and refreshable token families of an app are alive, each counted up to `mostCounted` + 1. */
export async function countClientAccess(
  db: Queries,
  client: ManagedClient,
  now: Instant,
): Promise<{ readonly grants: number; readonly families: number }> {
  const [grants, families] = await Promise.all([
    countGrants(db, client.rowId, mostCounted + 1),
    countFamilies(db, client.rowId, now, mostCounted + 1),
  ])
  return { grants, families }
}

/** How a step of the review went; `website_missing`: it needs a website first; `not_possible`: the app's state is another one. */
export type StepResult = "done" | "website_missing" | "not_possible"

/**
 * Asks the operator to review an app: draft or rejected → pending_review (contract/oauth.md §15).
 *
 * @throws Refusal not_found
 */
export function submitClient(
  db: Database,
  manager: ClientManager,
  clientId: string,
  now: Instant,
): Promise<StepResult> {
  return transaction(db, async (tx) => {
    const client = await getManagedClient(tx, manager, clientId, "lock")
    if (client.state !== "draft" && client.state !== "rejected") return "not_possible"
    if (client.values.website === null) return "website_missing"
    const update = { state: "pending_review", stateReason: null, reviewSince: now } as const
    await updateManagedClient(tx, client.rowId, update, now)
    await recordStep(tx, now, manager, client, "client.submit")
    return "done"
  })
}

/**
 * Takes back what the operator was asked: an app in review becomes a draft, pending changes of another one are dropped
 * (contract/oauth.md §15).
 *
 * @throws Refusal not_found
 */
export function withdrawClient(
  db: Database,
  manager: ClientManager,
  clientId: string,
  now: Instant,
): Promise<StepResult> {
  return transaction(db, async (tx) => {
    const client = await getManagedClient(tx, manager, clientId, "lock")
    if (client.state === "pending_review") {
      await updateManagedClient(tx, client.rowId, { state: "draft", reviewSince: null }, now)
    } else if (client.pending !== undefined) {
      const reason = client.state === "approved" ? { stateReason: null } : {}
      await updateManagedClient(tx, client.rowId, { pending: undefined, reviewSince: null, ...reason }, now)
      const { logo } = client.values
      await deleteLogosExcept(tx, client.rowId, logo === null ? [] : [logo.hash])
    } else return "not_possible"
    await recordStep(tx, now, manager, client, "client.withdraw")
    return "done"
  })
}

/**
 * Deletes an app for good: its grants, tokens and open codes end, its `client_id` is never used again (contract/oauth.md §9).
 * The caller announces the change.
 *
 * @throws Refusal not_found
 */
export function deleteClient(
  db: Database,
  manager: ClientManager,
  clientId: string,
  now: Instant,
): Promise<ManagedClient> {
  return transaction(db, async (tx) => {
    const client = await getManagedClient(tx, manager, clientId, "lock")
    await markClientDeleted(tx, client.rowId, now)
    // Families are found by the grants that are alive, so they go first.
    await endFamiliesOfClient(tx, client.rowId, "app_deleted", now)
    const grants = await endGrantsOfClient(tx, client.rowId, "app_deleted", now)
    await endAllSecrets(tx, client.rowId, now)
    await deleteLogosExcept(tx, client.rowId, [])
    await recordStep(tx, now, manager, client, "client.delete", { grants_ended: grants })
    await recordAccessChange(tx, "client", client.rowId, now)
    return client
  })
}

/** Writes down what the manager did to an app. */
export async function recordStep(
  tx: Queries,
  now: Instant,
  manager: ClientManager,
  client: Pick<ManagedClient, "rowId" | "clientId" | "values">,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await recordAudit(tx, now, {
    companyId: manager.companyId,
    actor: { kind: "user", id: manager.userId },
    action,
    subjectId: client.rowId,
    details: { client_id: client.clientId, name: client.values.name, ...more },
  })
}
