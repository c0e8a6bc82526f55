import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import type { AttemptClass } from "./attempt-class.ts"
import {
  attemptNumbers,
  type BrowseFilter,
  type Stretch,
  selectEndOfStretch,
  selectMatchingNumbers,
  selectTestNumber,
} from "./browse-log.store.ts"
import { type LoggedAttempt, selectAttempts, selectAttemptsByNumber } from "./delivery-log.store.ts"
import { numberAfter, numberBefore } from "./find-number.ts"
import { getLoggedWebhook, type WebhookOwner } from "./webhook-visibility.ts"

/** What a page of a log is narrowed to. */
export interface LogWish extends BrowseFilter {
  readonly transactionId?: number | undefined
}

/** A page of a log, newest first. */
export interface LogPage {
  readonly attempts: readonly LoggedAttempt[]
  /** Give it as `below` to go on; undefined: there is nothing older. */
  readonly next: number | undefined
  /** Set when the page is not full though there may be more: the log was searched back to this moment. */
  readonly searchedBackTo: Instant | undefined
}

/** What counts as a failed attempt where a log is asked for failures. */
export const failedClasses: readonly AttemptClass[] = [
  ...(["wrong_body", "http_error", "gone", "timeout", "dns", "connect", "tls", "tls_name", "tls_ca"] as const),
  ...(["send", "receive", "oauth_token", "blocked", "interrupted"] as const),
]

/** How far a page with a filter looks back before it asks whether to go on. */
const rowsSearched = 4000

/**
 * One page of a webhook's log by keyset, in bounded time however long the log is: a filter that matches little looks at
 * some thousand rows and says how far it has come (contract/webhooks.md §9).
 *
 * @param below numbers below this one, as the page before said
 * @throws Refusal not_found
 */
export async function browseLog(
  db: Queries,
  owner: WebhookOwner,
  webhookId: WebhookId,
  { wish, below, limit }: { readonly wish: LogWish; readonly below: number | undefined; readonly limit: number },
): Promise<LogPage> {
  await getLoggedWebhook(db, owner, webhookId)
  const { transactionId, ...filter } = wish
  if (transactionId !== undefined) return browseTransaction(db, webhookId, { ...filter, transactionId }, below, limit)
  const stretch = await stretchOf(db, webhookId, { filter, below, limit })
  const numbers = await selectMatchingNumbers(db, stretch, filter, limit + 1)
  const attempts = await selectAttemptsByNumber(db, numbers.slice(0, limit))
  if (numbers.length > limit) return { attempts, next: numbers[limit - 1], searchedBackTo: undefined }
  const end = await selectEndOfStretch(db, stretch, filter)
  return { attempts, next: end?.number, searchedBackTo: end?.at }
}

async function stretchOf(
  db: Queries,
  webhookId: WebhookId,
  asked: { readonly filter: BrowseFilter; readonly below: number | undefined; readonly limit: number },
): Promise<Stretch> {
  const { filter, below = Number.MAX_SAFE_INTEGER, limit } = asked
  const { from, before, ...rest } = filter
  const isPlain = Object.values(filter).every((value) => value === undefined)
  const table = attemptNumbers(db)
  const above = from === undefined ? 0 : await numberBefore(table, from)
  const end = before === undefined ? below : Math.min(below, await numberAfter(table, before))
  const hasRest = Object.values(rest).some((value) => value !== undefined)
  return { webhookId, above, below: end, most: isPlain && !hasRest ? limit + 1 : rowsSearched }
}

// A transaction has few attempts, and an index of its own: all of them are read.
async function browseTransaction(
  db: Queries,
  webhookId: WebhookId,
  wish: BrowseFilter & { readonly transactionId: number },
  below = Number.MAX_SAFE_INTEGER,
  limit: number,
): Promise<LogPage> {
  const { transactionId, classes, kind, httpStatus, from, before } = wish
  const filter = {
    ...{ webhookId, transactionId },
    ...(classes !== undefined && { classes }),
    ...(kind !== undefined && { kind }),
    ...(from !== undefined && { from }),
    ...(before !== undefined && { before }),
  }
  const found = await selectAttempts(db, filter, { skip: 0, take: mostOfTransaction })
  const fitting = found.filter((one) => one.n < below && (httpStatus === undefined || one.httpStatus === httpStatus))
  const attempts = fitting.slice(0, limit)
  return { attempts, next: fitting.length > limit ? attempts.at(-1)?.n : undefined, searchedBackTo: undefined }
}

// Retries end, and each replay takes a click: nobody gets there by hand.
const mostOfTransaction = 1000

const newestTests = 2000

/** The number of a test send in the log; undefined while it is under way. */
export function findTestAttempt(
  db: Queries,
  of: { readonly webhookId: WebhookId; readonly deliveryUuid: string },
): Promise<number | undefined> {
  return selectTestNumber(db, { ...of, most: newestTests })
}
