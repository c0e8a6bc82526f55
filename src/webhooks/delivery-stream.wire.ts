import type { DeliveryCopy } from "./delivery-copy.ts"

/** Why a stream ends by the server's will; only `refused` is final. */
export type StreamEnd = "refused" | "draining" | "unavailable"

/** A delivery as a server-sent event; `position` is where one goes on who lost the connection behind it. */
export function renderDelivery({ n, webhookId, deliveryUuid, body, ...copy }: DeliveryCopy, position: number): string {
  const event = {
    log_id: n,
    webhook_id: webhookId,
    delivery_id: deliveryUuid,
    headers: copy.headers,
    content_type: copy.contentType,
    body_base64: body.toString("base64"),
    masked: copy.masked,
  }
  return `id: ${position}\nevent: delivery\ndata: ${JSON.stringify(event)}\n\n`
}

/** A comment that shows that the connection lives, with the position to go on from. */
export function renderHeartbeat(position: number): string {
  return `: alive\nid: ${position}\n\n`
}

export function renderEnd(reason: StreamEnd, message: string): string {
  return `event: end\ndata: ${JSON.stringify({ reason, message })}\n\n`
}
