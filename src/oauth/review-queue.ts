import type { Queries } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { findManagedClient, type ManagedClient } from "./managed-clients.store.ts"
import { nameKey } from "./name-key.ts"
import type { ClientState } from "./protocol.ts"
import { type AppOwner, countApps, findAppOwner, listReviewedApps, type ReviewedApp } from "./review-queue.store.ts"

export type { AppOwner, ReviewedApp } from "./review-queue.store.ts"

/** What the operator asks the list for. */
export interface ReviewQuery {
  /** `review`: what waits for a decision, longest waiting first. */
  readonly state: ClientState | "review" | "all"
  /** Part of a name, or a whole `client_id` or e-mail of an owner; empty: everything. */
  readonly search: string
  /** The last row of the page before. */
  readonly after: { readonly rowId: number; readonly reviewSince: number } | undefined
}

/** One page of apps as the operator sees them. */
export interface ReviewPage {
  readonly apps: readonly ReviewedApp[]
  readonly hasMore: boolean
  readonly counts: ReadonlyMap<ReviewQuery["state"], number>
}

const pageSize = 50
const longestSearch = 254

/** The operator's list of apps (contract/oauth.md §15). */
export async function listReviews(db: Queries, query: ReviewQuery): Promise<ReviewPage> {
  const text = query.search
    .replace(/\p{Cc}/gu, "")
    .trim()
    .slice(0, longestSearch)
  const search = text === "" ? undefined : { nameKey: nameKey(text), exact: text, emailKey: text.toLowerCase() }
  const [found, counted] = await Promise.all([
    listReviewedApps(db, { state: query.state, search, after: query.after, limit: pageSize + 1 }),
    countApps(db),
  ])
  const all = [...counted.byState.values()].reduce((sum, count) => sum + count, 0)
  return {
    apps: found.slice(0, pageSize),
    hasMore: found.length > pageSize,
    counts: new Map([...counted.byState, ["review", counted.waiting], ["all", all]]),
  }
}

/** How many apps wait for the operator's decision. */
export async function countWaitingReviews(db: Queries): Promise<number> {
  return (await countApps(db)).waiting
}

/**
 * An app with its owner, for the operator.
 *
 * @throws Refusal not_found
 */
export async function getReviewedClient(
  db: Queries,
  clientId: string,
): Promise<{ readonly client: ManagedClient; readonly owner: AppOwner }> {
  const client = await findManagedClient(db, clientId, undefined, "read")
  if (client === undefined) throw new Refusal("not_found", `There is no app ${clientId}.`)
  return { client, owner: await findAppOwner(db, client.rowId) }
}
