import type { Instant } from "../../../clock.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { hintFor, shownStatusText } from "../../../webhooks/attempt-class.ts"
import type { AttemptRecord } from "../../../webhooks/delivery-log.ts"
import { curlCommand } from "./curl-command.ts"
import { type ShownBody, toShownBody } from "./shown-body.ts"

/** How long the steps of a call took, ms; null for a step that did not happen. */
export interface Timings {
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  /** From the start of the call. */
  readonly firstByteMs: number | null
  readonly responseTimeMs: number
}

type HeaderList = readonly (readonly [name: string, value: string])[]

/** One call, ready to be shown. */
export interface ShownAttempt {
  readonly n: number
  readonly good: boolean
  readonly result: string
  readonly hint: string | undefined
  readonly httpStatus: number | null
  readonly errorCode: number
  /** What the sender noted, in English. */
  readonly message: string | null
  readonly kind: "auto" | "replay" | "test"
  readonly attemptNumber: number
  readonly deliveryUuid: string
  readonly configVersion: number
  readonly transactionId: number | null
  readonly replayOf: number | null
  readonly startedAt: Instant
  readonly endedAt: Instant
  readonly nextRetryAt: Instant | null
  readonly timings: Timings
  readonly url: string
  readonly request: { readonly headers: HeaderList; readonly body: ShownBody; readonly curl: string } | undefined
  readonly response: { readonly headers: HeaderList; readonly body: ShownBody } | undefined
}

/** A row of the log as its page shows it. Pure. */
export function toShownAttempt(record: AttemptRecord, language: Language): ShownAttempt {
  const { request, response, requestUrl, httpStatus } = record
  return {
    n: record.n,
    good: record.class === "ok",
    result: shownStatusText(record.class)[language],
    hint: hintFor(record.class, httpStatus ?? undefined)?.[language],
    httpStatus,
    errorCode: record.errorCode,
    message: record.message,
    kind: record.kind,
    attemptNumber: record.attemptNumber,
    deliveryUuid: record.deliveryUuid,
    configVersion: record.configVersion,
    transactionId: record.transactionId,
    replayOf: record.replayOf,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    nextRetryAt: record.nextRetryAt,
    timings: record,
    url: requestUrl,
    request: request && {
      headers: request.headers,
      body: toShownBody(Buffer.from(request.body)),
      curl: curlCommand(requestUrl, request),
    },
    response: response && { headers: response.headers, body: toShownBody(response.body) },
  }
}
