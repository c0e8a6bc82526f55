import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, FeedId, Mode } from "../ids.ts"

/** Kinds of feeds of this stage (contract/feeds.md §1). */
export type FeedKind = "push" | "statement" | "simulator"

/** A configured source of a company. */
export interface Feed {
  readonly id: FeedId
  readonly companyId: CompanyId
  readonly kind: FeedKind
  readonly name: string
  readonly mode: Mode
  /** Undefined for all accounts of the company and mode. */
  readonly bankAccountIds: readonly BankAccountId[] | undefined
  readonly active: boolean
  readonly createdAt: Instant
  readonly lastSeenAt: Instant | null
}

interface FeedRow extends Omit<Feed, "bankAccountIds" | "active"> {
  readonly bankAccountIds: string | null
  readonly active: number
}

function toFeed(row: FeedRow): Feed {
  const { bankAccountIds, active, ...rest } = row
  const ids = bankAccountIds === null ? undefined : (JSON.parse(bankAccountIds) as BankAccountId[])
  return { ...rest, bankAccountIds: ids, active: active === 1 }
}

const feedColumns = [
  "id",
  "company_id as companyId",
  "kind",
  "name",
  "mode",
  "bank_account_ids as bankAccountIds",
  "active",
  "created_at as createdAt",
  "last_seen_at as lastSeenAt",
] as const

const selectFeed = prepared<{ id: number }, FeedRow>((db, parameter) =>
  db.selectFrom("feeds").select(feedColumns).where("id", "=", parameter("id")).$castTo<FeedRow>(),
)

/** Finds a feed of any kind. */
export async function findFeed(db: Queries, id: number): Promise<Feed | undefined> {
  const [row] = await selectFeed(db, { id })
  return row === undefined ? undefined : toFeed(row)
}

const selectSecrets = prepared<{ feedId: number; now: number }, { sealedSecret: string }>((db, parameter) =>
  db
    .selectFrom("feed_secrets")
    .select("sealed_secret as sealedSecret")
    .where("feed_id", "=", parameter("feedId"))
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", parameter("now"))]))
    .orderBy("id", "desc"),
)

/** The sealed secrets a feed may sign with now, newest first. */
export async function listSealedSecrets(db: Queries, feedId: FeedId, now: Instant): Promise<readonly string[]> {
  const rows = await selectSecrets(db, { feedId, now })
  return rows.map((row) => row.sealedSecret)
}

/** A feed to insert. */
export interface NewFeed {
  readonly companyId: CompanyId
  readonly kind: FeedKind
  readonly name: string
  readonly mode: Mode
  readonly bankAccountIds: readonly BankAccountId[] | undefined
  readonly now: Instant
}

function feedValues(feed: NewFeed) {
  return {
    company_id: feed.companyId,
    kind: feed.kind,
    name: feed.name,
    mode: feed.mode,
    bank_account_ids: feed.bankAccountIds === undefined ? null : JSON.stringify(feed.bankAccountIds),
    active: 1,
    created_at: feed.now,
  }
}

/** Inserts a feed and answers its id. */
export async function insertFeed(tx: Queries, feed: NewFeed): Promise<FeedId> {
  const row = await tx.insertInto("feeds").values(feedValues(feed)).returning("id").executeTakeFirstOrThrow()
  return row.id as FeedId
}

/** Finds the statement feed of an account and format, which is its name (contract/feeds.md §3.1). */
export async function findStatementFeed(
  db: Queries,
  feed: Pick<NewFeed, "companyId" | "name" | "mode" | "bankAccountIds">,
): Promise<FeedId | undefined> {
  const row = await db
    .selectFrom("feeds")
    .select("id")
    .where("company_id", "=", feed.companyId)
    .where("kind", "=", "statement")
    .where("name", "=", feed.name)
    .where("mode", "=", feed.mode)
    .where(
      "bank_account_ids",
      "is not distinct from",
      feedValues({ ...feed, kind: "statement", now: 0 as Instant }).bank_account_ids,
    )
    .orderBy("id")
    .executeTakeFirst()
  return row?.id as FeedId | undefined
}

/** Makes the statement feed if it is not there yet; of two that try at once, one does. */
export async function ensureStatementFeed(tx: Queries, feed: Omit<NewFeed, "kind">): Promise<FeedId> {
  const known = await findStatementFeed(tx, feed)
  if (known !== undefined) return known
  await tx
    .insertInto("feeds")
    .values(feedValues({ ...feed, kind: "statement" }))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const made = await findStatementFeed(tx, feed)
  if (made === undefined) throw new Error("A statement feed was neither found nor made.")
  return made
}

/** Renames the statement feeds of a company that have one name, save where their accounts have one of the other. */
export async function renameStatementFeeds(
  tx: Queries,
  companyId: CompanyId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await tx
    .updateTable("feeds")
    .set({ name: to })
    .where("company_id", "=", companyId)
    .where("kind", "=", "statement")
    .where("name", "=", from)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("feeds as other")
            .select("other.id")
            .where("other.company_id", "=", companyId)
            .where("other.kind", "=", "statement")
            .where("other.name", "=", to)
            .whereRef("other.bank_account_ids", "=", "feeds.bank_account_ids"),
        ),
      ),
    )
    .execute()
}

/** The oldest active feed of a kind of a company and mode. */
export async function findFeedOfKind(
  db: Queries,
  wanted: { readonly companyId: CompanyId; readonly mode: Mode; readonly kind: FeedKind },
): Promise<Feed | undefined> {
  const row = await db
    .selectFrom("feeds")
    .select(feedColumns)
    .where("company_id", "=", wanted.companyId)
    .where("mode", "=", wanted.mode)
    .where("kind", "=", wanted.kind)
    .where("active", "=", 1)
    .orderBy("id")
    .$castTo<FeedRow>()
    .executeTakeFirst()
  return row === undefined ? undefined : toFeed(row)
}

/** Locks a feed's row, so that rolls and switches of one feed are serial. */
export async function lockFeed(tx: Queries, id: FeedId): Promise<Feed | undefined> {
  const row = await tx
    .selectFrom("feeds")
    .select(feedColumns)
    .where("id", "=", id)
    .forUpdate()
    .$castTo<FeedRow>()
    .executeTakeFirst()
  return row === undefined ? undefined : toFeed(row)
}

/** All feeds, of one company or of every one, in the order they were made. */
export async function selectFeeds(db: Queries, companyId: CompanyId | undefined): Promise<readonly Feed[]> {
  const rows = await db
    .selectFrom("feeds")
    .select(feedColumns)
    .$if(companyId !== undefined, (query) => query.where("company_id", "=", companyId ?? 0))
    .orderBy("id")
    .$castTo<FeedRow>()
    .execute()
  return rows.map(toFeed)
}

/** Adds a secret to a feed. */
export async function insertSecret(tx: Queries, feedId: FeedId, sealedSecret: string, now: Instant): Promise<void> {
  await tx
    .insertInto("feed_secrets")
    .values({ feed_id: feedId, sealed_secret: sealedSecret, created_at: now })
    .execute()
}

/** Lets the secrets a feed has end at that time; those already ending keep theirs. */
export async function expireSecrets(tx: Queries, feedId: FeedId, expiresAt: Instant): Promise<void> {
  await tx
    .updateTable("feed_secrets")
    .set({ expires_at: expiresAt })
    .where("feed_id", "=", feedId)
    .where("expires_at", "is", null)
    .execute()
}

/** Forgets the secrets of a feed that have ended. */
export async function deleteEndedSecrets(tx: Queries, feedId: FeedId, now: Instant): Promise<void> {
  await tx.deleteFrom("feed_secrets").where("feed_id", "=", feedId).where("expires_at", "<=", now).execute()
}

/** Whether a roll is under way: a secret is about to end. */
export async function hasEndingSecret(db: Queries, feedId: FeedId, now: Instant): Promise<boolean> {
  const row = await db
    .selectFrom("feed_secrets")
    .select("id")
    .where("feed_id", "=", feedId)
    .where("expires_at", ">", now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Switches a feed on or off. */
export async function updateFeedActive(tx: Queries, id: FeedId, active: boolean): Promise<void> {
  await tx
    .updateTable("feeds")
    .set({ active: active ? 1 : 0 })
    .where("id", "=", id)
    .execute()
}

/** Notes that a feed was heard of, unless that was noted after `before`. */
export async function updateLastSeen(tx: Queries, id: FeedId, now: Instant, before: Instant): Promise<void> {
  await tx
    .updateTable("feeds")
    .set({ last_seen_at: now })
    .where("id", "=", id)
    .where((where) => where.or([where("last_seen_at", "is", null), where("last_seen_at", "<", before)]))
    .execute()
}

/** The mode of an account's company, and the company itself, for what a feed is made for. */
export async function findCompany(db: Queries, id: CompanyId): Promise<CompanyId | undefined> {
  const row = await db.selectFrom("companies").select("id").where("id", "=", id).executeTakeFirst()
  return row?.id as CompanyId | undefined
}
