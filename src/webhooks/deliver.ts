import { createHash } from "node:crypto"
import type { Clock, Instant } from "../clock.ts"
import type { Outbound, OutboundResult, OutboundTimings } from "../outbound/outbound.ts"
import type { NewAttempt } from "./attempts.store.ts"
import { mask } from "./credentials.ts"
import { type ClaimedDelivery, type Credentials, type SecretWish, usesOtherSecret } from "./delivery.ts"
import type { Lesson, MadeAttempt } from "./delivery-results.ts"
import { classify, type Outcome } from "./outcome.ts"
import type { ReceiverTokens } from "./receiver-token.ts"
import { type RequestBody, renderBody } from "./request-body.ts"
import { type Header, requestHeaders, signatureHeaders } from "./request-headers.ts"
import { nextStep } from "./retry-schedule.ts"
import { attemptOf, nothingSent } from "./unsent-attempt.ts"

/** What attempts are made with. */
export interface DeliveryTools {
  readonly clock: Clock
  readonly outbound: Outbound
  readonly tokens: ReceiverTokens
  /** Uniform in [0, 1): spreads the long tail. */
  random(): number
}

/** A header that shows who we are: what is sent, and what the log shows. */
interface AuthHeaders {
  readonly kind: "ready"
  readonly sent: readonly Header[]
  readonly logged: readonly Header[]
  readonly lesson?: Lesson | undefined
  /** Of the receiver's token endpoint; forgotten when the receiver does not take it. */
  readonly token?: string
}

interface NoAuth {
  readonly kind: "failed"
  readonly verdict: Outcome
}

/**
 * Makes one attempt: signs, sends and judges; no database transaction is open meanwhile (contract/webhooks.md §3, §4, §7).
 */
export async function attemptDelivery(tools: DeliveryTools, claimed: ClaimedDelivery): Promise<MadeAttempt> {
  const startedAt = tools.clock.now()
  const { webhook, payload, uuid } = claimed
  const body = renderBody(webhook.requestContentType, payload, uuid)
  const auth = await authenticate(tools, claimed, body)
  if (auth.kind === "failed") return finishAttempt(tools, claimed, { ...nothingSent }, { startedAt, ...auth })

  const headers = requestHeaders(claimed, body)
  const result = await tools.outbound.request({
    method: "POST",
    url: webhook.webhookUrl,
    headers: [...headers, ...auth.sent],
    body: body.bytes,
    tenant: String(claimed.companyId),
    mode: claimed.mode,
  })
  const verdict = classify(result, webhook)
  if (verdict.httpStatus === 401 && auth.token !== undefined) tools.tokens.drop(webhook.id, auth.token)
  const logged: LoggedCall = {
    ...loggedResponse(result),
    ...loggedTimings(result.timings),
    requestHeaders: JSON.stringify([...headers, ...auth.logged]),
    bodySha256: createHash("sha256").update(body.bytes).digest("hex"),
  }
  return finishAttempt(tools, claimed, logged, {
    startedAt,
    verdict,
    lesson: auth.lesson,
    retryAfter: headerOf(result, "retry-after"),
  })
}

type LoggedCall = Pick<
  NewAttempt,
  | "responseTimeMs"
  | "dnsMs"
  | "connectMs"
  | "tlsMs"
  | "firstByteMs"
  | "requestHeaders"
  | "bodySha256"
  | "responseHeaders"
  | "responseBody"
>

interface Ending {
  readonly startedAt: Instant
  readonly verdict: Outcome
  readonly lesson?: Lesson | undefined
  readonly retryAfter?: string | undefined
}

function finishAttempt(
  { clock, random }: DeliveryTools,
  claimed: ClaimedDelivery,
  logged: LoggedCall,
  { startedAt, verdict, lesson, retryAfter }: Ending,
): MadeAttempt {
  const endedAt = clock.now()
  const { webhook } = claimed
  const next = nextStep({
    class: verdict.class,
    kind: claimed.kind,
    webhook,
    retryIndex: claimed.retryIndex,
    interruptions: claimed.interruptions,
    createdAt: claimed.createdAt,
    endedAt,
    httpStatus: verdict.httpStatus,
    retryAfter,
    random,
  })
  return {
    claimed,
    attempt: {
      ...attemptOf(claimed, startedAt),
      ...logged,
      class: verdict.class,
      httpStatus: verdict.httpStatus ?? null,
      errorCode: verdict.errorCode,
      message: verdict.message ?? null,
      endedAt,
      nextRetryAt: next.kind === "retry" ? next.dueAt : null,
    },
    next,
    secretWish: nextSecretWish(claimed, verdict),
    lesson: verdict.class === "gone" ? { kind: "gone" } : (lessonOfSecret(claimed, verdict) ?? lesson),
  }
}

// A receiver that has switched to the other secret of a roll says so by 401 or 403 (contract/webhooks.md §2.3).
function nextSecretWish(claimed: ClaimedDelivery, { httpStatus }: Outcome): SecretWish {
  const { credentials } = claimed.webhook
  if (credentials.kind !== "hmac" || credentials.other === undefined) return 0
  if (httpStatus !== 401 && httpStatus !== 403) return claimed.secretWish
  const usedNew = credentials.newIsActive !== usesOtherSecret(claimed)
  return usedNew ? 2 : 1
}

function lessonOfSecret(claimed: ClaimedDelivery, verdict: Outcome): Lesson | undefined {
  return usesOtherSecret(claimed) && verdict.class === "ok" ? { kind: "other_secret_works" } : undefined
}

async function authenticate(
  tools: DeliveryTools,
  claimed: ClaimedDelivery,
  body: RequestBody,
): Promise<AuthHeaders | NoAuth> {
  const { credentials } = claimed.webhook
  switch (credentials.kind) {
    case "none":
      return { kind: "ready", sent: [], logged: [] }
    case "api_key": {
      const { apiKey } = credentials
      const sent = [["Authorization", `Apikey ${apiKey}`] as const]
      return { kind: "ready", sent, logged: [["Authorization", `Apikey ${mask(apiKey)}`]] }
    }
    case "hmac": {
      const sent = signatureHeaders(credentials, claimed, body, tools.clock.now())
      return { kind: "ready", sent, logged: sent }
    }
    case "oauth2":
      return bearerHeaders(tools, claimed, credentials)
    case "unreadable": {
      const verdict = { class: "send", errorCode: 55, httpStatus: undefined, message: credentials.message } as const
      return { kind: "failed", verdict }
    }
  }
}

async function bearerHeaders(
  { tokens }: DeliveryTools,
  { webhook, companyId, mode }: ClaimedDelivery,
  { accessTokenUrl, clientId, clientSecret, dialect }: Extract<Credentials, { kind: "oauth2" }>,
): Promise<AuthHeaders | NoAuth> {
  const { id: webhookId, configVersion } = webhook
  const tenant = String(companyId)
  const endpoint = { accessTokenUrl, clientId, clientSecret, dialect }
  const answer = await tokens.obtain({ webhookId, configVersion, tenant, mode, ...endpoint })
  if (answer.kind === "failed") {
    const { errorCode, message, blocked } = answer
    return {
      kind: "failed",
      verdict: { class: blocked ? "blocked" : "oauth_token", errorCode, httpStatus: undefined, message },
    }
  }
  return {
    kind: "ready",
    token: answer.token,
    sent: [["Authorization", `Bearer ${answer.token}`]],
    logged: [["Authorization", "Bearer ****"]],
    lesson: answer.dialect === dialect ? undefined : { kind: "dialect", dialect: answer.dialect },
  }
}

function loggedTimings(timings: OutboundTimings) {
  return {
    responseTimeMs: timings.totalMs,
    dnsMs: timings.dnsMs ?? null,
    connectMs: timings.connectMs ?? null,
    tlsMs: timings.tlsMs ?? null,
    firstByteMs: timings.firstByteMs ?? null,
  }
}

function loggedResponse({ response }: OutboundResult): Pick<LoggedCall, "responseHeaders" | "responseBody"> {
  if (response === undefined) return { responseHeaders: null, responseBody: null }
  const shown = response.headers.map(([name, value]) => [name, name === "set-cookie" ? "****" : value])
  return { responseHeaders: JSON.stringify(shown), responseBody: response.body }
}

function headerOf({ response }: OutboundResult, wanted: string): string | undefined {
  return response?.headers.find(([name]) => name === wanted)?.[1]
}
