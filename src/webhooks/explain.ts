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
  selectVersions,
} from "./explain.store.ts"
import { type Check, type JudgedWebhook, judge, listChecks, type TransactionFacts, type Verdict } from "./filter.ts"
import type { Webhook } from "./webhook.ts"
import { getVisibleWebhook, listVisibleWebhooks, type WebhookOwner } from "./webhook-visibility.ts"

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
  const deliveries = await selectDeliveriesOf(db, { eventId: event.eventId, webhookId: pair.webhookId })
  const versions = await selectVersions(db, decidedVersions(event, [pair.webhookId]))
  return explainOne(event, pair.transactionId, webhook, { deliveries, versions })
}

/** The explanation of one webhook, with its name and address. */
export interface NamedExplanation extends Explanation {
  readonly name: string
  readonly webhookUrl: string
}

/**
 * Explains a transaction for every webhook that the owner may see, newest first: for a page, with as many questions to the
 * database as for one. Empty when the company has no such transaction.
 */
export async function explainAll(
  db: Queries,
  owner: WebhookOwner,
  transactionId: number,
): Promise<readonly NamedExplanation[]> {
  const { companyId, mode } = owner
  const event = await selectExplainedEvent(db, { companyId, mode, transactionId })
  if (event === undefined) return []
  const webhooks = await listVisibleWebhooks(db, owner)
  const ids = webhooks.map(({ id }) => id)
  const deliveries = await selectDeliveriesOf(db, { eventId: event.eventId })
  const versions = await selectVersions(db, decidedVersions(event, ids))
  return webhooks.map((webhook) => ({
    ...explainOne(event, transactionId, webhook, {
      deliveries: deliveries.filter(({ webhookId }) => webhookId === webhook.id),
      versions,
    }),
    name: webhook.name,
    webhookUrl: webhook.webhookUrl,
  }))
}

interface Kept {
  readonly deliveries: readonly ExplainedDelivery[]
  readonly versions: ReadonlyMap<string, string>
}

function explainOne(event: ExplainedEvent, transactionId: number, webhook: Webhook, kept: Kept): Explanation {
  const facts = factsOf(event)
  const silent = event.silent === 1
  return {
    transactionId,
    webhookId: webhook.id,
    recordedAt: event.recordedAt,
    decided: judgedThen(event, webhook.id, kept.versions),
    now: { webhook, facts, verdict: judge(webhook, facts, silent), checks: listChecks(webhook, facts, silent) },
    deliveries: kept.deliveries,
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

type Decision = readonly [webhookId: number, configVersion: number, verdict: Verdict]

function decisionsOf(event: ExplainedEvent): readonly Decision[] {
  return JSON.parse(event.verdicts) as readonly Decision[]
}

function decidedVersions(event: ExplainedEvent, ids: readonly number[]) {
  const ours = decisionsOf(event).filter(([id]) => ids.includes(id))
  return ours.map(([webhookId, configVersion]) => ({ webhookId, configVersion }))
}

function judgedThen(
  event: ExplainedEvent,
  webhookId: WebhookId,
  versions: ReadonlyMap<string, string>,
): JudgedThen | undefined {
  const found = decisionsOf(event).find(([id]) => id === webhookId)
  if (found === undefined) return undefined
  const [, configVersion, verdict] = found
  const filter = versions.get(`${webhookId}:${configVersion}`)
  const webhook = filter === undefined ? undefined : (JSON.parse(filter) as JudgedWebhook)
  const facts = factsThen(event)
  const checks = webhook === undefined ? [] : listChecks(webhook, facts, event.silent === 1)
  return { configVersion, verdict, checks, webhook, facts }
}
