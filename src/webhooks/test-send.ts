import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { type CompanyId, newUuid, type WebhookId } from "../ids.ts"
import { toVnd } from "../money.ts"
import { Refusal } from "../refusal.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import { insertAttempts, type NewAttempt } from "./attempts.store.ts"
import { takeCall } from "./call-limit.ts"
import { getClaimedWebhook } from "./claimed-webhook.ts"
import { attemptDelivery, type DeliveryTools } from "./deliver.ts"
import { finishDeliveries, insertDelivery } from "./deliveries.store.ts"
import type { ClaimedDelivery, ClaimedWebhook } from "./delivery.ts"
import type { WebhookManager } from "./list-webhooks.ts"
import { renderPayload } from "./payload.ts"
import { selectTestSample, type TestSample } from "./test-sample.store.ts"
import { listReplayable } from "./webhook-visibility.ts"

const testAmountVnd = 10_000

/** How a trial went. */
export interface TestResult {
  readonly deliveryUuid: string
  readonly attempt: NewAttempt
}

/**
 * Sends a trial to a webhook as it is configured now, at once and outside the queue: payload with id 0, through guard and
 * authentication (contract/webhooks.md §9).
 *
 * @throws Refusal not_found, too_many (ten a minute)
 */
export async function sendTest(
  db: Database,
  keyring: Keyring,
  tools: DeliveryTools,
  { manager, webhookId }: { readonly manager: WebhookManager; readonly webhookId: WebhookId },
): Promise<TestResult> {
  const now = tools.clock.now()
  return sendTrial(db, tools, await transaction(db, (tx) => prepareTrial(tx, keyring, now, { manager, webhookId })))
}

/**
 * Counts a trial against the limit, records it in the audit log and makes it ready to be sent, in the caller's database transaction.
 *
 * @throws Refusal not_found, too_many (ten a minute)
 */
export async function prepareTrial(
  tx: Queries,
  keyring: Keyring,
  now: Instant,
  { manager, webhookId }: { readonly manager: WebhookManager; readonly webhookId: WebhookId },
): Promise<ClaimedDelivery> {
  const [id] = await listReplayable(tx, manager, [webhookId])
  if (id === undefined) throw new Refusal("not_found", "There is no such webhook")
  const { companyId, mode, actor } = manager
  await takeCall(tx, companyId, "test", now)
  // Now and not with the answer: nothing goes out that the audit log does not know of.
  await recordAudit(tx, now, { companyId, actor, action: "webhook.test", subjectId: webhookId, details: {} })
  const webhook = await getClaimedWebhook(tx, keyring, webhookId, now)
  const [bankAccountId] = webhook.bankAccountIds
  const sample = await selectTestSample(tx, { companyId, mode, bankAccountId })
  return makeTrial(webhook, testPayload(webhook, sample, now), now)
}

/** Sends a trial that `prepareTrial` made, and writes it to the log. */
export async function sendTrial(db: Database, tools: DeliveryTools, claimed: ClaimedDelivery): Promise<TestResult> {
  const { attempt, next } = await attemptDelivery(tools, claimed)
  await transaction(db, async (tx) => {
    const { uuid, payload, companyId, mode, createdAt: now } = claimed
    const webhookId = claimed.webhook.id
    const delivery = { uuid, payload, companyId, mode, webhookId, eventId: null, transactionId: null, replayOf: null }
    const deliveryId = await insertDelivery(tx, { ...delivery, kind: "test", now })
    await insertAttempts(tx, [{ ...attempt, deliveryId }])
    const { state, reason } = next.kind === "finished" ? next : { state: "failed" as const, reason: undefined }
    await finishDeliveries(tx, [deliveryId], { state, reason: reason ?? null, attempts: 1, now: attempt.endedAt })
  })
  return { deliveryUuid: claimed.uuid, attempt }
}

function makeTrial(webhook: ClaimedWebhook, payload: string, now: Instant): ClaimedDelivery {
  return {
    deliveryId: 0, // Known when it is written, after the call.
    uuid: newUuid(now),
    kind: "test",
    webhook,
    companyId: webhook.companyId as CompanyId,
    mode: webhook.mode,
    transactionId: null,
    transactionUuid: null,
    eventUuid: null,
    eventAt: now,
    payload,
    replayOf: null,
    createdAt: now,
    claimId: "",
    lane: "first",
    attemptNumber: 1,
    retryIndex: 0,
    interruptions: 0,
    secretWish: 0,
  }
}

/** The payload of a test send (contract/webhooks.md §9). */
export function testPayload({ eventType }: ClaimedWebhook, { account, template }: TestSample, now: Instant): string {
  const code = template === undefined ? null : template.prefix + "0".repeat(template.suffixFrom)
  return renderPayload({
    id: 0,
    gateway: account?.gateway ?? "Vietcombank",
    transactionDate: formatVietnamTime(now),
    accountNumber: account?.accountNumber ?? "0000000000",
    subAccount: "",
    code,
    content: code === null ? "webhook test" : `${code} webhook test`,
    transferType: eventType === "Out_only" ? "out" : "in",
    description: "",
    transferAmount: toVnd(testAmountVnd),
    accumulated: toVnd(0),
    referenceCode: "TEST0",
  })
}
