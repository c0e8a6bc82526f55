import { hash } from "node:crypto"
import type { Observation, RecordResult } from "../banking/observation.ts"
import { IdentityTaken, recordTransaction } from "../banking/record-transaction.ts"
import { type Instant, instantAfter } from "../clock.ts"
import { type Database, DatabaseBusy, type Queries, transaction } from "../database/engine.ts"
import type { Vnd } from "../money.ts"
import { insertRawItem } from "./feed-items.store.ts"
import { type Feed, updateLastSeen } from "./feeds.store.ts"
import { type PushItem, type PushItemReason, readPushItem } from "./push-item.ts"
import type { RawItem } from "./raw-json.ts"

/** What became of one pushed item (contract/feeds.md §4). */
export type ItemResult =
  | RecordResult
  | { readonly kind: "refused"; readonly reason: PushItemReason; readonly message: string }
  /** A lock was not had in time: nothing is stored, send it again. */
  | { readonly kind: "busy" }

/** A result with the item's own id; null where that could not be read. */
export interface IngestedItem {
  readonly sourceId: string | null
  readonly result: ItemResult
}

/** Raised when reading changes, so that kept items can be read again (contract/feeds.md §1). */
const pushParserVersion = 1
const usualLockTimeoutMs = 10_000

/**
 * Records the items of one call, each in a database transaction of its own, in the order of the array (contract/feeds.md
 * §4). Answers when all are committed. After a `busy` one the rest of the call is not tried: it would wait as long.
 */
export async function ingestItems(
  db: Database,
  now: Instant,
  feed: Feed,
  items: readonly RawItem[],
  lockTimeoutMs = usualLockTimeoutMs,
): Promise<readonly IngestedItem[]> {
  const read = items.map((item) => ({ item, push: readPushItem(item, now) }))
  const ingest = (one: ItemToIngest) => ingestItem(db, now, feed, { ...one, lockTimeoutMs })
  // Handed over at once, they share the commit.
  if (db.engine.keepsOrder) return Promise.all(read.map(ingest))
  const results: IngestedItem[] = []
  let isBusy = false
  for (const one of read) {
    const done: IngestedItem = isBusy ? { sourceId: one.push.sourceId, result: { kind: "busy" } } : await ingest(one)
    isBusy ||= done.result.kind === "busy"
    results.push(done)
  }
  return results
}

interface ItemToIngest {
  readonly item: RawItem
  readonly push: PushItem
}

async function ingestItem(
  db: Database,
  now: Instant,
  feed: Feed,
  { item, push, lockTimeoutMs }: ItemToIngest & { readonly lockTimeoutMs: number },
): Promise<IngestedItem> {
  const { sourceId } = push
  try {
    if (push.kind === "read") {
      const { observation } = push
      const recorded = await recordItem(db, now, {
        feed,
        observation,
        identity: push.sourceId,
        text: item.text,
        lockTimeoutMs,
      })
      return { sourceId, result: recorded }
    }
    const { reason, message } = push
    const keep = keeperOf(feed, item.text, now)
    await transaction(db, (tx) => keep(tx, "refused", reason), { lockTimeoutMs })
    return { sourceId, result: { kind: "refused", reason, message } }
  } catch (error) {
    if (error instanceof DatabaseBusy) return { sourceId, result: { kind: "busy" } }
    throw error
  }
}

/** An observation with the text it was read from. */
export interface ItemToRecord {
  readonly feed: Feed
  readonly observation: Observation
  readonly identity: string
  readonly text: string
  readonly assumedBalance?: Vnd
  readonly lockTimeoutMs?: number
}

/**
 * Records one observation in its own database transaction and keeps its bytes.
 *
 * @throws DatabaseBusy, DatabaseUnavailable
 */
export async function recordItem(db: Database, now: Instant, item: ItemToRecord): Promise<RecordResult> {
  const { text, lockTimeoutMs = usualLockTimeoutMs, ...rest } = item
  const recording = { ...rest, line: 0, silent: false, keepRawItem: keeperOf(item.feed, text, now) }
  const record = () => transaction(db, (tx) => recordTransaction(tx, now, recording), { lockTimeoutMs })
  try {
    return await record()
  } catch (error) {
    // The other item is committed by now, so the second try finds it.
    if (error instanceof IdentityTaken) return record()
    throw error
  }
}

/** Keeps an item's bytes under whatever outcome it gets. */
function keeperOf(feed: Feed, text: string, now: Instant) {
  return async (tx: Queries, outcome: string, reason?: string): Promise<number> => {
    const content = Buffer.from(text)
    const id = await insertRawItem(tx, {
      feedId: feed.id,
      companyId: feed.companyId,
      content,
      size: content.length,
      sha256: hash("sha256", content, "hex"),
      parserVersion: pushParserVersion,
      outcome,
      reason: reason ?? null,
      now,
    })
    return id ?? 0 // Kept before: its id is of no use to an item without observation.
  }
}

const lastSeenStepMs = 60_000

/** Notes that a feed was heard of, at most once a minute. */
export async function noteFeedSeen(db: Database, now: Instant, feed: Feed): Promise<void> {
  const before = instantAfter(now, -lastSeenStepMs)
  if (feed.lastSeenAt !== null && feed.lastSeenAt >= before) return
  await transaction(db, (tx) => updateLastSeen(tx, feed.id, now, before))
}
