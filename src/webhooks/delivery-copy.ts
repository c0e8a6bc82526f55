import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { getClaimedWebhook } from "./claimed-webhook.ts"
import type { ClaimedWebhook } from "./delivery.ts"
import { type AttemptDetail, selectAttempt } from "./delivery-log.store.ts"
import { toAttemptRecord } from "./delivery-log.ts"
import { selectDeliveryContents } from "./due.store.ts"
import { isVisible } from "./list-webhooks.ts"
import { renderBody } from "./request-body.ts"
import { type Header, requestHeaders, signatureHeaders } from "./request-headers.ts"
import type { WebhookOwner } from "./webhook-visibility.ts"

/** What a receiver gets, for somebody else than the receiver. */
export interface DeliveryCopy {
  readonly n: number
  readonly webhookId: WebhookId
  readonly deliveryUuid: string
  /** Credentials in clear, as the receiver has them. */
  readonly headers: readonly Header[]
  readonly contentType: string
  readonly body: Buffer
  /** Names of headers that the receiver got and this copy has not. */
  readonly masked: readonly string[]
}

/**
 * Copies what an attempt sent. Where nothing was sent, because no token was to be had or the worker died, headers and body
 * are made as they would have been. Undefined when the owner may not see the webhook.
 */
export async function copyAttempt(
  db: Queries,
  keyring: Keyring,
  { owner, now }: { readonly owner: WebhookOwner; readonly now: Instant },
  n: number,
): Promise<DeliveryCopy | undefined> {
  const detail = await selectAttempt(db, n)
  if (detail === undefined) return undefined
  const webhook = await getClaimedWebhook(db, keyring, detail.webhookId, now)
  if (!isVisible(owner, webhook)) return undefined
  const { webhookId, deliveryUuid } = detail
  const sent = readSent(detail, webhook) ?? (await makeAnew(db, detail, { webhook, now }))
  const contentType = sent.headers.find(([name]) => name === "Content-Type")?.[1] ?? ""
  return { n, webhookId, deliveryUuid, contentType, ...sent }
}

type Sent = Pick<DeliveryCopy, "headers" | "body" | "masked">

function readSent(detail: AttemptDetail, webhook: ClaimedWebhook): Sent | undefined {
  const { request } = toAttemptRecord(detail)
  if (request === undefined) return undefined
  const masked: string[] = []
  const headers = request.headers.flatMap((header): Header[] => {
    if (header[0] !== "Authorization") return [header]
    const shown = unmask(header, webhook)
    if (shown === undefined) masked.push(header[0])
    return shown === undefined ? [] : [shown]
  })
  return { headers, masked, body: Buffer.from(request.body) }
}

// The key may be another one by now: then the one that was sent is gone.
function unmask([name, logged]: Header, { credentials }: ClaimedWebhook): Header | undefined {
  if (credentials.kind !== "api_key" || logged !== `Apikey ****${credentials.apiKey.slice(-4)}`) return undefined
  return [name, `Apikey ${credentials.apiKey}`]
}

async function makeAnew(
  db: Queries,
  { deliveryId, attemptNumber, payload }: AttemptDetail,
  { webhook, now }: { readonly webhook: ClaimedWebhook; readonly now: Instant },
): Promise<Sent> {
  const content = (await selectDeliveryContents(db, [deliveryId])).get(deliveryId)
  if (content === undefined) throw new Error("An attempt has no delivery.")
  const body = renderBody(webhook.requestContentType, payload, content.uuid)
  const eventAt = content.eventAt ?? content.createdAt
  const addressed = { ...content, webhook, attemptNumber, eventAt, secretWish: 0 as const }
  const plain = requestHeaders(addressed, body)
  const { credentials } = webhook
  switch (credentials.kind) {
    case "none":
      return { headers: plain, masked: [], body: body.bytes }
    case "api_key":
      return { headers: [...plain, ["Authorization", `Apikey ${credentials.apiKey}`]], masked: [], body: body.bytes }
    case "hmac": {
      const signed = signatureHeaders(credentials, addressed, body, now)
      return { headers: [...plain, ...signed], masked: [], body: body.bytes }
    }
    case "oauth2":
    case "unreadable":
      return { headers: plain, masked: ["Authorization"], body: body.bytes }
  }
}
