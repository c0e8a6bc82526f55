import { type Instant, unixSeconds } from "../clock.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import { type ClaimedDelivery, type Credentials, usesOtherSecret } from "./delivery.ts"
import type { RequestBody } from "./request-body.ts"
import { hmacHeaders } from "./signature.ts"

export type Header = readonly [name: string, value: string]

/** What the headers of an attempt are made of. */
export type Addressed = Pick<
  ClaimedDelivery,
  "uuid" | "attemptNumber" | "eventAt" | "eventUuid" | "transactionUuid" | "webhook" | "secretWish"
>

/** The headers that every attempt has, whatever shows who we are (contract/webhooks.md §3). */
export function requestHeaders(claimed: Addressed, body: RequestBody): Header[] {
  const headers: Header[] = [
    ["Content-Type", body.contentType],
    ["Accept", "application/json"],
    ["Accept-Encoding", "identity"],
    ["User-Agent", "SePayOAuth2-Webhooks/1"],
    ["X-Delivery-Id", claimed.uuid],
    ["X-Delivery-Attempt", String(claimed.attemptNumber)],
    ["X-Delivery-Event-Time", `${formatVietnamTime(claimed.eventAt).replace(" ", "T")}+07:00`],
  ]
  if (claimed.transactionUuid !== null) headers.push(["X-Transaction-Uuid", claimed.transactionUuid])
  return headers
}

/** The headers of `HMAC_SHA256`, signed now (contract/webhooks.md §2.1, §2.2). */
export function signatureHeaders(
  { active, other }: Extract<Credentials, { kind: "hmac" }>,
  claimed: Addressed,
  body: RequestBody,
  now: Instant,
): readonly Header[] {
  const swapped = other !== undefined && usesOtherSecret(claimed)
  return hmacHeaders({
    active: swapped ? other : active,
    other: swapped ? active : other,
    messageId: messageId(claimed),
    timestamp: unixSeconds(now),
    body,
  })
}

/** The same on retries, replays and for every webhook of the company (contract/webhooks.md §2.2). */
function messageId({ eventUuid, uuid }: Addressed): string {
  return eventUuid === null ? `test_${uuid.replaceAll("-", "")}` : `evt_${eventUuid.replaceAll("-", "")}`
}
