import type { Instant } from "../clock.ts"
import { preparedInsert, type Queries } from "../database/engine.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { AttemptClass } from "./attempt-class.ts"
import type { DeliveryKind } from "./delivery.ts"

/** One call, as it is kept (contract/webhooks.md §9); never changed afterwards. */
export interface NewAttempt {
  readonly deliveryId: number
  readonly deliveryUuid: string
  readonly kind: DeliveryKind
  readonly attemptNumber: number
  readonly webhookId: WebhookId
  readonly configVersion: number
  readonly companyId: number
  readonly mode: Mode
  readonly transactionId: number | null
  readonly replayOf: number | null
  readonly class: AttemptClass
  readonly httpStatus: number | null
  readonly errorCode: number
  readonly message: string | null
  readonly responseTimeMs: number
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly firstByteMs: number | null
  readonly requestUrl: string
  /** JSON list of [name, value], credentials masked. */
  readonly requestHeaders: string | null
  readonly bodySha256: string | null
  readonly responseHeaders: string | null
  readonly responseBody: Uint8Array | null
  readonly startedAt: Instant
  readonly endedAt: Instant
  readonly nextRetryAt: Instant | null
}

type Bound<Row> = { readonly [Column in keyof Row]: Row[Column] }

const insertAll = preparedInsert<"attempts", Bound<NewAttempt>>("attempts", {
  deliveryId: "delivery_id",
  deliveryUuid: "delivery_uuid",
  kind: "kind",
  attemptNumber: "attempt_number",
  webhookId: "webhook_id",
  configVersion: "config_version",
  companyId: "company_id",
  mode: "mode",
  transactionId: "transaction_id",
  replayOf: "replay_of",
  class: "class",
  httpStatus: "http_status",
  errorCode: "error_code",
  message: "message",
  responseTimeMs: "response_time_ms",
  dnsMs: "dns_ms",
  connectMs: "connect_ms",
  tlsMs: "tls_ms",
  firstByteMs: "first_byte_ms",
  requestUrl: "request_url",
  requestHeaders: "request_headers",
  bodySha256: "body_sha256",
  responseHeaders: "response_headers",
  responseBody: "response_body",
  startedAt: "started_at",
  endedAt: "ended_at",
  nextRetryAt: "next_retry_at",
})

/** Writes attempts to the log. */
export async function insertAttempts(tx: Queries, attempts: readonly NewAttempt[]): Promise<void> {
  await insertAll(tx, attempts)
}
