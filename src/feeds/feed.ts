import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { seal } from "../crypto/seal.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import { type BankAccountId, type CompanyId, type FeedId, randomBase62 } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import {
  deleteEndedSecrets,
  expireSecrets,
  type Feed,
  findCompany,
  findFeed,
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
  return transaction(db, (tx) => addFeed(tx, now, keyring, { ...request, actor: { kind: "operator" } }))
}

/**
 * Makes a feed within the caller's database transaction.
 *
 * @throws what `createFeed` throws
 */
export async function addFeed(
  tx: Queries,
  now: Instant,
  keyring: Keyring,
  request: FeedRequest & { readonly actor: AuditActor },
): Promise<FeedWithSecret> {
  const { companyId, kind, test, bankAccountIds, actor } = request
  const name = request.name.normalize("NFC").trim()
  if (name === "" || name.length > 100 || /\p{Cc}/u.test(name)) {
    const errors = { name: ["1 to 100 characters on one line."] }
    throw new Refusal("invalid", "A feed needs a name of 1 to 100 characters on one line.", { errors })
  }
  if (kind === "simulator" && !test) {
    throw new Refusal("invalid", "A simulator feed works in test mode only.", { errors: { kind: ["Test mode only."] } })
  }
  if ((await findCompany(tx, companyId)) === undefined) throw new Refusal("not_found", "There is no such company.")
  const secret = newFeedSecret()
  const mode = test ? "test" : "live"
  const id = await insertFeed(tx, { companyId, kind, name, mode, bankAccountIds, now })
  await insertSecret(tx, id, seal(keyring, FEED_SECRET_PURPOSE, secret), now)
  await recordAudit(tx, now, { companyId, actor, action: "feed.create", subjectId: id, details: { kind, name, mode } })
  return { id, secret }
}

/** Who changes a feed. */
export interface FeedManager {
  readonly companyId: CompanyId
  readonly actor: AuditActor
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
  roll: FeedManager & { readonly feedId: FeedId; readonly windowSeconds?: number },
): Promise<FeedWithSecret> {
  return transaction(db, (tx) => rollSecret(tx, now, keyring, roll))
}

/**
 * Rolls a feed's secret within the caller's database transaction.
 *
 * @throws what `rollFeedSecret` throws
 */
export async function rollSecret(
  tx: Queries,
  now: Instant,
  keyring: Keyring,
  roll: FeedManager & { readonly feedId: FeedId; readonly windowSeconds?: number },
): Promise<FeedWithSecret> {
  const { companyId, actor, feedId, windowSeconds = defaultWindowSeconds } = roll
  const secret = newFeedSecret()
  await lockCallingFeed(tx, roll)
  await deleteEndedSecrets(tx, feedId, now)
  if (await hasEndingSecret(tx, feedId, now)) {
    throw new Refusal("conflict", "The feed's secret is being rolled already: wait until the old one has ended.")
  }
  await expireSecrets(tx, feedId, instantAfter(now, windowSeconds * 1000))
  await insertSecret(tx, feedId, seal(keyring, FEED_SECRET_PURPOSE, secret), now)
  const details = { window_seconds: windowSeconds }
  await recordAudit(tx, now, { companyId, actor, action: "feed.roll_secret", subjectId: feedId, details })
  return { id: feedId, secret }
}

/**
 * Switches a feed on or off; off, its calls are answered 403 from the next on.
 *
 * @throws Refusal not_found
 */
export async function setFeedActive(
  db: Database,
  now: Instant,
  { companyId, actor, feedId, active }: FeedManager & { readonly feedId: FeedId; readonly active: boolean },
): Promise<void> {
  await transaction(db, async (tx) => {
    const feed = await lockCallingFeed(tx, { companyId, feedId })
    if (feed.active === active) return
    await updateFeedActive(tx, feedId, active)
    const action = active ? "feed.switch_on" : "feed.switch_off"
    await recordAudit(tx, now, { companyId, actor, action, subjectId: feedId, details: { name: feed.name } })
  })
}

/** Statement feeds have no secret and no switch: nobody calls them. */
async function lockCallingFeed(
  tx: Queries,
  { companyId, feedId }: { readonly companyId: CompanyId; readonly feedId: FeedId },
): Promise<Feed> {
  const feed = await lockFeed(tx, feedId)
  if (feed?.companyId === companyId && feed.kind !== "statement") return feed
  throw new Refusal("not_found", "There is no such feed.")
}

/** The feeds of a company, or of all, in the order they were made; without secrets, and without those of whole files. */
export async function listFeeds(db: Queries, companyId?: CompanyId): Promise<readonly Feed[]> {
  const feeds = await selectFeeds(db, companyId)
  return feeds.filter((feed) => feed.kind !== "statement" || feed.name !== FILE_FEED_NAME)
}

/**
 * A feed of a company, of a kind that calls us.
 *
 * @throws Refusal not_found
 */
export async function getCallingFeed(
  db: Queries,
  now: Instant,
  { companyId, feedId }: { readonly companyId: number; readonly feedId: number },
): Promise<{ readonly feed: Feed; readonly isRolling: boolean }> {
  const feed = await findFeed(db, feedId)
  if (feed?.companyId !== companyId || feed.kind === "statement") {
    throw new Refusal("not_found", "There is no such feed.")
  }
  return { feed, isRolling: await hasEndingSecret(db, feed.id, now) }
}

function newFeedSecret(): string {
  return `fs_${randomBase62(40)}`
}
