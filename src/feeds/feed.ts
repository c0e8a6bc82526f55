import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { seal } from "../crypto/seal.ts"
import { type Database, transaction } from "../database/engine.ts"
import { type BankAccountId, type CompanyId, type FeedId, randomBase62 } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import {
  deleteEndedSecrets,
  expireSecrets,
  type Feed,
  findCompany,
  hasEndingSecret,
  insertFeed,
  insertSecret,
  lockFeed,
  selectFeeds,
  updateFeedActive,
} from "./feeds.store.ts"

export type { Feed, FeedKind } from "./feeds.store.ts"

/** What a feed's secret is sealed for (crypto/seal.ts). */
export const FEED_SECRET_PURPOSE = "feed secret"

/** Name of the statement feed by which a file comes, before its lines find theirs by account and format. */
export const FILE_FEED_NAME = "file"

/** A new feed, or a roll: the secret is told this once. */
export interface FeedWithSecret {
  readonly id: FeedId
  readonly secret: string
}

/** What a feed is made of; statement feeds make themselves. */
export interface FeedRequest {
  readonly companyId: CompanyId
  readonly name: string
  readonly kind: "push" | "simulator"
  readonly test: boolean
  /** Undefined for all accounts of the company and mode. */
  readonly bankAccountIds?: readonly BankAccountId[]
}

/**
 * Makes a feed with its first secret, `fs_` and 40 letters and digits, sealed at rest (contract/feeds.md §4).
 *
 * @throws Refusal not_found (company), invalid (a simulator of live accounts, an empty name)
 */
export async function createFeed(
  db: Database,
  now: Instant,
  keyring: Keyring,
  request: FeedRequest,
): Promise<FeedWithSecret> {
  const { companyId, kind, test, bankAccountIds } = request
  const name = request.name.trim()
  if (name === "" || name.length > 100) {
    throw new Refusal("invalid", "A feed needs a name of 1 to 100 characters.", { errors: { name: ["Required."] } })
  }
  if (kind === "simulator" && !test) {
    throw new Refusal("invalid", "A simulator feed works in test mode only.", { errors: { kind: ["Test mode only."] } })
  }
  const secret = newFeedSecret()
  const id = await transaction(db, async (tx) => {
    if ((await findCompany(tx, companyId)) === undefined) throw new Refusal("not_found", "There is no such company.")
    const mode = test ? "test" : "live"
    const made = await insertFeed(tx, { companyId, kind, name, mode, bankAccountIds, now })
    await insertSecret(tx, made, seal(keyring, FEED_SECRET_PURPOSE, secret), now)
    return made
  })
  return { id, secret }
}

const defaultWindowSeconds = 24 * 3600

/**
 * Gives a feed a new secret; the old one stays valid for the window, one day unless told otherwise, so that at most two
 * are valid (contract/feeds.md §4). A window of 0 ends it at once.
 *
 * @throws Refusal not_found, conflict (another roll is under way)
 */
export async function rollFeedSecret(
  db: Database,
  now: Instant,
  keyring: Keyring,
  roll: { readonly feedId: FeedId; readonly windowSeconds?: number },
): Promise<FeedWithSecret> {
  const { feedId, windowSeconds = defaultWindowSeconds } = roll
  const secret = newFeedSecret()
  await transaction(db, async (tx) => {
    const feed = await lockFeed(tx, feedId)
    if (feed === undefined || feed.kind === "statement") throw new Refusal("not_found", "There is no such feed.")
    await deleteEndedSecrets(tx, feedId, now)
    if (await hasEndingSecret(tx, feedId, now)) {
      throw new Refusal("conflict", "The feed's secret is being rolled already: wait until the old one has ended.")
    }
    await expireSecrets(tx, feedId, instantAfter(now, windowSeconds * 1000))
    await insertSecret(tx, feedId, seal(keyring, FEED_SECRET_PURPOSE, secret), now)
  })
  return { id: feedId, secret }
}

/**
 * Switches a feed on or off; off, its calls are answered 403 from the next on.
 *
 * @throws Refusal not_found
 */
export async function setFeedActive(db: Database, feedId: FeedId, active: boolean): Promise<void> {
  await transaction(db, async (tx) => {
    if ((await lockFeed(tx, feedId)) === undefined) throw new Refusal("not_found", "There is no such feed.")
    await updateFeedActive(tx, feedId, active)
  })
}

/** The feeds of a company, or of all, in the order they were made; without secrets, and without those of whole files. */
export async function listFeeds(db: Database, companyId?: CompanyId): Promise<readonly Feed[]> {
  const feeds = await selectFeeds(db, companyId)
  return feeds.filter((feed) => feed.kind !== "statement" || feed.name !== FILE_FEED_NAME)
}

function newFeedSecret(): string {
  return `fs_${randomBase62(40)}`
}
