import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import type { ClaimedDelivery, ClaimedWebhook } from "./delivery.ts"
import type { Lesson } from "./delivery-results.ts"
import { noteDialect, switchSecret } from "./receiver-credentials.store.ts"
import { switchOffGone } from "./webhooks.store.ts"

/** Writes what an attempt taught to its webhook, in the database transaction that records the attempt. */
export async function learnLesson(tx: Queries, now: Instant, claimed: ClaimedDelivery, lesson: Lesson): Promise<void> {
  const { id, configVersion, credentials } = claimed.webhook
  if (lesson.kind === "gone") await switchOff(tx, now, claimed.webhook)
  else if (lesson.kind === "dialect") await noteDialect(tx, { id, configVersion, dialect: lesson.dialect })
  else if (credentials.kind === "hmac" && credentials.rollEndsAt !== undefined) {
    await switchSecret(tx, { id, rollEndsAt: credentials.rollEndsAt, newIsActive: !credentials.newIsActive })
  }
}

// contract/webhooks.md §4, `gone`: off until a person switches it on again. What an old URL says is not about a new one.
async function switchOff(tx: Queries, now: Instant, { id, webhookUrl }: ClaimedWebhook): Promise<void> {
  const webhook = await switchOffGone(tx, { id, webhookUrl })
  if (webhook === undefined) return
  await recordAudit(tx, now, {
    companyId: webhook.companyId,
    actor: { kind: "system" },
    action: "webhook.switch_off",
    subjectId: webhook.id,
    details: { reason: "gone" },
  })
}
