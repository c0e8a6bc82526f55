import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { type Mode, newUuid, type TransactionId, type WebhookId } from "../ids.ts"
import {
  insertDeliveries,
  insertDelivery,
  insertDue,
  insertDueOfEvents,
  type NewDelivery,
  updateVerdicts,
} from "./deliveries.store.ts"
import { judge, type TransactionFacts, type Verdict } from "./filter.ts"
import { type Subscription, selectSubscriptions } from "./subscriptions.store.ts"
import { wakeWorkers } from "./wake.ts"

/** Who may hear of a company's transactions, as it stands in this database transaction. */
export interface Audience {
  readonly subscriptions: readonly Subscription[]
}

/** The audience of a company without webhooks. */
export const nobody: Audience = { subscriptions: [] }

/** Reads who may hear of a company's transactions (contract/webhooks.md §6). */
export async function readAudience(
  tx: Queries,
  owner: { readonly companyId: number; readonly mode: Mode },
): Promise<Audience> {
  return { subscriptions: await selectSubscriptions(tx, owner) }
}

/** What was decided about one event. */
export interface Decision {
  /** JSON `[webhook_id, config_version, verdict]` of every webhook: stored with the event for `explain`. */
  readonly verdicts: string
  /** Who gets it. */
  readonly webhookIds: readonly WebhookId[]
}

/** Decides who hears of a transaction, once, when it is recorded (contract/webhooks.md §6). */
export function decide({ subscriptions }: Audience, facts: TransactionFacts, silent: boolean): Decision {
  const verdicts: (readonly [id: number, configVersion: number, verdict: Verdict])[] = []
  const webhookIds: WebhookId[] = []
  for (const subscription of subscriptions) {
    const verdict = judge(subscription, facts, silent)
    verdicts.push([subscription.id, subscription.configVersion, verdict])
    if (verdict === "sent") webhookIds.push(subscription.id)
  }
  return { verdicts: JSON.stringify(verdicts), webhookIds }
}

/** The verdicts of transactions that nobody is told of (contract/feeds.md §5.4). */
export function silentVerdicts({ subscriptions }: Audience): string {
  return JSON.stringify(
    subscriptions.map(({ id, configVersion, active }) => [id, configVersion, active ? "import_silent" : "inactive"]),
  )
}

/** An event that was just written. */
export interface WrittenEvent {
  readonly id: number
  readonly companyId: number
  readonly mode: Mode
  readonly transactionId: TransactionId
}

/**
 * Writes a delivery of an event for each webhook, in the caller's database transaction: with its commit they are due, and
 * the workers hear of it (contract/webhooks.md §7).
 */
export async function enqueueDeliveries(
  tx: Queries,
  now: Instant,
  event: WrittenEvent,
  webhookIds: readonly WebhookId[],
): Promise<void> {
  for (const webhookId of webhookIds) {
    const deliveryId = await insertDelivery(tx, autoDelivery(event, webhookId, now))
    await insertDue(tx, { deliveryId, webhookId, dueAt: now })
  }
  await wakeWorkers(tx, webhookIds)
}

function autoDelivery(event: WrittenEvent, webhookId: WebhookId, now: Instant): NewDelivery {
  const { id: eventId, companyId, mode, transactionId } = event
  const owner = { companyId, mode, transactionId, webhookId }
  return { ...owner, uuid: newUuid(now), eventId, payload: null, kind: "auto", replayOf: null, now }
}

/** An event of a file, with what the filters look at. */
export interface FileEvent extends WrittenEvent {
  readonly facts: TransactionFacts
}

/**
 * Decides about the events of a file and makes their deliveries, all at once; the caller wakes the workers when the whole
 * file is written.
 *
 * @returns the webhooks that got any
 */
export async function tellOfEvents(
  tx: Queries,
  now: Instant,
  audience: Audience,
  events: readonly FileEvent[],
): Promise<ReadonlySet<WebhookId>> {
  const eventsOf = new Map<string, number[]>()
  const deliveries: NewDelivery[] = []
  const told = new Set<WebhookId>()
  for (const event of events) {
    const { verdicts, webhookIds } = decide(audience, event.facts, false)
    eventsOf.set(verdicts, [...(eventsOf.get(verdicts) ?? []), event.id])
    for (const webhookId of webhookIds) {
      deliveries.push(autoDelivery(event, webhookId, now))
      told.add(webhookId)
    }
  }
  for (const [verdicts, ids] of eventsOf) await updateVerdicts(tx, ids, verdicts)
  await insertDeliveries(tx, deliveries)
  await insertDueOfEvents(tx, [...new Set(deliveries.map(({ eventId }) => eventId ?? 0))], now)
  return told
}
