import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type Actor, isAdministrator } from "../identity/permission.ts"
import { Refusal } from "../refusal.ts"
import { endGrantRow, findGrantedClientName, type ListedGrant, listGrantsOf } from "./grants.store.ts"

export type { ListedGrant } from "./grants.store.ts"

/** Who looks at the connected apps. */
export interface GrantViewer extends Actor {
  readonly userId: number
  readonly companyId: number
}

/** The grants the viewer may see: the own ones; SuperAdmin and Admin see their company's (contract/oauth.md §16). */
export function listConnectedApps(db: Queries, viewer: GrantViewer, now: Instant): Promise<readonly ListedGrant[]> {
  const userId = isAdministrator(viewer) ? undefined : viewer.userId
  return listGrantsOf(db, { companyId: viewer.companyId, userId }, now)
}

/**
 * One of the grants the viewer may see.
 *
 * @throws Refusal not_found
 */
export async function getConnectedApp(
  db: Queries,
  viewer: GrantViewer,
  grantId: number,
  now: Instant,
): Promise<ListedGrant> {
  const grant = (await listConnectedApps(db, viewer, now)).find(({ id }) => id === grantId)
  if (grant === undefined) throw new Refusal("not_found", "There is no such connected app.")
  return grant
}

/**
 * Ends a grant and with it every family and open code that stands on it (contract/oauth.md §9). The caller announces
 * it to the instance before it answers.
 *
 * @throws Refusal not_found
 */
export async function revokeGrant(
  db: Database,
  viewer: GrantViewer,
  grantId: number,
  now: Instant,
): Promise<ListedGrant> {
  return transaction(db, async (tx) => {
    const grant = await getConnectedApp(tx, viewer, grantId, now)
    if (await endGrantRow(tx, grantId, "revoked_by_user", now)) await recordAccessChange(tx, "grant", grantId, now)
    return grant
  })
}

/** The name of the app behind an ended grant of the viewer's company. */
export function findConnectedAppName(db: Queries, viewer: GrantViewer, grantId: number): Promise<string | undefined> {
  return findGrantedClientName(db, viewer.companyId, grantId)
}
