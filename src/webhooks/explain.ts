import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { toVnd } from "../money.ts"
import { Refusal } from "../refusal.ts"
import {
  type ExplainedDelivery,
  type ExplainedEvent,
  selectDeliveriesOf,
  selectExplainedEvent,
  selectVersion,
} from "./explain.store.ts"
import { type Check, type JudgedWebhook, judge, listChecks, type TransactionFacts, type Verdict } from "./filter.ts"
import { getVisibleWebhook, type WebhookOwner } from "./webhook-visibility.ts"

/** Why a webhook heard of a transaction, or did not (contract/webhooks.md §6). */
export interface Explanation {
  readonly transactionId: number
  readonly webhookId: WebhookId
  readonly recordedAt: Instant
  /** Undefined: the webhook is younger than the transaction. */
  readonly decided: JudgedThen | undefined
  readonly now: Judged & { readonly webhook: JudgedWebhook }
  readonly deliveries: readonly ExplainedDelivery[]
}

/** A verdict with the checks behind it, and what they looked at. */
export interface Judged {
  readonly verdict: Verdict
  readonly checks: readonly Check[]
  readonly facts: TransactionFacts
}

/** What was decided when the transaction was recorded. */
export interface JudgedThen extends Judged {
  readonly configVersion: number
  /** Undefined: what the webhook let pass then is not known any more. */
  readonly webhook: JudgedWebhook | undefined
}

/**
 * Explains a pair of transaction and webhook: every check as it was decided then and as it would be now, with what was
 * compared, and the deliveries that came of it.
 *
 * @throws Refusal not_found naming the one that is not there
 */
export async function explain(
  db: Queries,
  owner: WebhookOwner,
  pair: { readonly transactionId: number; readonly webhookId: WebhookId },
): Promise<Explanation> {
  const webhook = await getVisibleWebhook(db, owner, pair.webhookId)
  const { companyId, mode, bankAccountIds } = owner
  const event = await selectExplainedEvent(db, { companyId, mode, transactionId: pair.transactionId })
  if (event === undefined || bankAccountIds?.includes(event.bankAccountId) === false) {
    throw new Refusal("not_found", "There is no such transaction")
  }
  const facts = factsOf(event)
  const silent = event.silent === 1
  return {
    ...pair,
    recordedAt: event.recordedAt,
    decided: await judgedThen(db, event, pair.webhookId),
    now: { webhook, facts, verdict: judge(webhook, facts, silent), checks: listChecks(webhook, facts, silent) },
    deliveries: await selectDeliveriesOf(db, { eventId: event.eventId, webhookId: pair.webhookId }),
  }
}

function factsOf({ bankAccountId, subAccountId, amount, code }: ExplainedEvent): TransactionFacts {
  return { bankAccountId, subAccountId, direction: toVnd(amount) > 0 ? "in" : "out", code }
}

// Code and VA may have been found since, by a revision: the payload has them as they were.
function factsThen(event: ExplainedEvent): TransactionFacts {
  const { code, subAccount } = JSON.parse(event.payload) as { code: string | null; subAccount: string }
  return { ...factsOf(event), code, subAccountId: subAccount === "" ? null : event.subAccountId }
}

async function judgedThen(db: Queries, event: ExplainedEvent, webhookId: WebhookId): Promise<JudgedThen | undefined> {
  const verdicts = JSON.parse(event.verdicts) as readonly (readonly [number, number, Verdict])[]
  const found = verdicts.find(([id]) => id === webhookId)
  if (found === undefined) return undefined
  const [, configVersion, verdict] = found
  const filter = await selectVersion(db, { webhookId, configVersion })
  const webhook = filter === undefined ? undefined : (JSON.parse(filter) as JudgedWebhook)
  const facts = factsThen(event)
  const checks = webhook === undefined ? [] : listChecks(webhook, facts, event.silent === 1)
  return { configVersion, verdict, checks, webhook, facts }
}
