import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditRecord, listHistoryOf, recordAudit } from "../identity/audit-log.ts"
import { type Actor, isAdministrator } from "../identity/permission.ts"
import { Refusal } from "../refusal.ts"
import {
  countAliveGrants,
  endGrantRow,
  findGrantedClientName,
  type GrantSource,
  type ListedGrant,
  listGrantsOf,
  lockGrant,
  type OwnedGrant,
} from "./grants.store.ts"

export type { ListedGrant } from "./grants.store.ts"

/** Who looks at the connected apps. */
export interface GrantViewer extends Actor {
  readonly userId: number
  readonly companyId: number
}

/**
 * The grants the viewer may see: the own ones; SuperAdmin and Admin see their company's (contract/oauth.md §16). Those
 * alive, unless `state` says otherwise.
 */
export function listConnectedApps(
  db: Queries,
  viewer: GrantViewer,
  now: Instant,
  which: Pick<GrantSource, "state" | "before" | "limit"> = {},
): Promise<readonly ListedGrant[]> {
  return listGrantsOf(db, { ...sourceOf(viewer), state: "alive", ...which }, now)
}

/**
 * One of the grants the viewer may see, alive or ended.
 *
 * @throws Refusal not_found
 */
export async function getConnectedApp(
  db: Queries,
  viewer: GrantViewer,
  grantId: number,
  now: Instant,
): Promise<ListedGrant> {
  const [grant] = await listGrantsOf(db, { ...sourceOf(viewer), grantId }, now)
  if (grant === undefined) throw noSuchApp()
  return grant
}

/** Every grant of a company, alive or ended, newest first. */
export function listCompanyGrants(db: Queries, companyId: number, now: Instant): Promise<readonly ListedGrant[]> {
  return listGrantsOf(db, { companyId }, now)
}

/** How many grants of a company are alive. */
export function countConnectedApps(db: Queries, companyId: number): Promise<number> {
  return countAliveGrants(db, "company_id", companyId)
}

/** How many grants of a user are alive. */
export function countUserGrants(db: Queries, userId: number): Promise<number> {
  return countAliveGrants(db, "user_id", userId)
}

/** What became of a grant since it was given: the entries of the audit log about it, newest first. */
export function listGrantHistory(db: Queries, viewer: GrantViewer, grantId: number): Promise<readonly AuditRecord[]> {
  return listHistoryOf(db, { companyId: viewer.companyId, subject: "grant", subjectId: grantId })
}

/**
 * Ends a grant and with it every family and open code that stands on it (contract/oauth.md §9). One that has ended stays
 * as it is. The caller announces it to the instance before it answers.
 *
 * @throws Refusal not_found
 */
export async function revokeGrant(db: Database, viewer: GrantViewer, grantId: number, now: Instant): Promise<void> {
  await transaction(db, async (tx) => {
    const grant = await lockVisibleGrant(tx, viewer, grantId)
    if (!(await endGrantRow(tx, grant.id, "revoked_by_user", now))) return
    await recordAudit(tx, now, {
      companyId: grant.companyId,
      actor: { kind: "user", id: viewer.userId },
      action: "grant.revoke",
      subjectId: grant.id,
      details: { name: grant.clientName },
    })
    await recordAccessChange(tx, "grant", grant.id, now)
  })
}

/**
 * A grant the viewer may see, locked until the database transaction ends.
 *
 * @throws Refusal not_found
 */
export async function lockVisibleGrant(tx: Queries, viewer: GrantViewer, grantId: number): Promise<OwnedGrant> {
  const grant = await lockGrant(tx, grantId)
  const { companyId, userId } = sourceOf(viewer)
  const isVisible = grant?.companyId === companyId && (userId === undefined || grant.userId === userId)
  if (grant === undefined || !isVisible) throw noSuchApp()
  return grant
}

/** The name of the app behind an ended grant that the viewer may see. */
export function findConnectedAppName(db: Queries, viewer: GrantViewer, grantId: number): Promise<string | undefined> {
  return findGrantedClientName(db, sourceOf(viewer), grantId)
}

function sourceOf(viewer: GrantViewer): { readonly companyId: number; readonly userId: number | undefined } {
  return { companyId: viewer.companyId, userId: isAdministrator(viewer) ? undefined : viewer.userId }
}

function noSuchApp(): Refusal {
  return new Refusal("not_found", "There is no such connected app.")
}
