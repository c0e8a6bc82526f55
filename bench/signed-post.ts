import { randomUUID } from "node:crypto"
import { BlockList } from "node:net"
import { type Instant, systemClock, unixSeconds } from "../src/clock.ts"
import { createOutbound } from "../src/outbound/guarded-request.ts"
import type { OutboundRequest } from "../src/outbound/outbound.ts"
import { formatVietnamTime } from "../src/vietnam-time.ts"
import { renderPayload } from "../src/webhooks/payload.ts"
import { renderBody } from "../src/webhooks/request-body.ts"
import { hmacHeaders } from "../src/webhooks/signature.ts"

/** Requests that a ceiling or a peer makes, one for each reference. */
export interface PostJob {
  readonly url: string
  readonly secret: string
  readonly references: readonly string[]
  readonly atOnce: number
}

/** What a peer is started with. */
export interface PeerStart {
  readonly databaseUrl: string
  readonly url: string
  readonly secret: string
  readonly atOnce: number
}

/** What a queue holds of a delivery. */
export interface StoredPost {
  readonly payload: string
  readonly eventUuid: string
  readonly uuid: string
}

/** A delivery of a reference. */
export function storedPost(reference: string, id: number): StoredPost {
  return { payload: payloadOf(reference, id), eventUuid: randomUUID(), uuid: randomUUID() }
}

function payloadOf(reference: string, id: number): string {
  return renderPayload({
    id,
    gateway: "Vietcombank",
    transactionDate: "2025-12-11 12:48:20",
    accountNumber: "8800000001",
    subAccount: "",
    code: "DH100245",
    content: "DH100245 tra tien hang",
    transferType: "in",
    description: "BankAPINotify DH100245 tra tien hang",
    transferAmount: 349_000 as never,
    accumulated: 50_000_000 as never,
    referenceCode: reference,
  })
}

/**
 * Posts to a receiver on loopback by the platform's own client. The promise rejects when the receiver did not say that it
 * was delivered.
 */
export function createLoopbackPoster(url: string, secret: string): (stored: StoredPost) => Promise<void> {
  const allow = new BlockList()
  allow.addSubnet("127.0.0.0", 8, "ipv4")
  const outbound = createOutbound({ allow, deny: undefined, nat64: false, allowHttp: true })
  return async (stored) => {
    const result = await outbound.request(signedPost(url, secret, stored, systemClock.now()))
    if (result.response?.status !== 200) throw new Error(`A POST of the benchmark failed: ${JSON.stringify(result)}`)
  }
}

// The request of a signed webhook (contract/webhooks.md §2, §3), as `attemptDelivery` makes it.
function signedPost(url: string, secret: string, stored: StoredPost, now: Instant): OutboundRequest {
  const body = renderBody("Json", stored.payload, stored.uuid)
  const messageId = `evt_${stored.eventUuid.replaceAll("-", "")}`
  return {
    method: "POST",
    url,
    headers: [
      ["Content-Type", body.contentType],
      ["Accept", "application/json"],
      ["Accept-Encoding", "identity"],
      ["User-Agent", "SePayOAuth2-Webhooks/1"],
      ["X-Delivery-Id", stored.uuid],
      ["X-Delivery-Attempt", "1"],
      ["X-Delivery-Event-Time", `${formatVietnamTime(now).replace(" ", "T")}+07:00`],
      ["X-Transaction-Uuid", stored.eventUuid],
      ...hmacHeaders({ active: secret, messageId, timestamp: unixSeconds(now), body }),
    ],
    body: body.bytes,
    tenant: "1",
    mode: "live",
  }
}
