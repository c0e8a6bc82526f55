import { createHash } from "node:crypto"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import {
  type AttemptDetail,
  countAttemptsThat,
  type LogFilter,
  type LoggedAttempt,
  selectAttempt,
  selectAttempts,
} from "./delivery-log.store.ts"
import { renderBody } from "./request-body.ts"
import type { RequestContentType } from "./webhook.ts"
import { getLoggedWebhook, type WebhookOwner } from "./webhook-visibility.ts"

export type { LogFilter, LoggedAttempt } from "./delivery-log.store.ts"

/** The log of a webhook, newest first, by `page` (from 1) of `limit` rows (contract/webhooks.md §9). */
export async function listAttempts(
  db: Queries,
  filter: LogFilter,
  { page, limit }: { readonly page: number; readonly limit: number },
): Promise<{ readonly total: number; readonly attempts: readonly LoggedAttempt[] }> {
  const total = await countAttemptsThat(db, filter)
  const skip = (page - 1) * limit
  const attempts = skip >= total ? [] : await selectAttempts(db, filter, { skip, take: limit })
  return { total, attempts }
}

/**
 * The log of a webhook that the owner may see.
 *
 * @throws Refusal not_found
 */
export async function listAttemptsOf(
  db: Queries,
  owner: WebhookOwner,
  webhookId: WebhookId,
  { filter, page }: { readonly filter: LogFilter; readonly page: { readonly page: number; readonly limit: number } },
): Promise<{ readonly total: number; readonly attempts: readonly LoggedAttempt[] }> {
  await getLoggedWebhook(db, owner, webhookId)
  const { bankAccountIds } = owner
  return listAttempts(db, { ...filter, webhookId, ...(bankAccountIds !== undefined && { bankAccountIds }) }, page)
}

/** One call with all that was sent and answered. */
export interface AttemptRecord extends LoggedAttempt {
  /** Credentials masked; undefined when nothing was sent. */
  readonly request: SentRequest | undefined
  readonly response: ReceivedResponse | undefined
}

export interface SentRequest {
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Rendered again from the event, and proven equal to what was sent by its digest. */
  readonly body: string
  readonly sha256: string
}

export interface ReceivedResponse {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/**
 * One row of the log.
 *
 * @throws Refusal not_found, also for a row of a webhook that the owner may not see
 */
export async function getAttempt(db: Queries, owner: WebhookOwner, n: number): Promise<AttemptRecord> {
  const detail = await selectAttempt(db, n)
  if (detail === undefined || !isOwn(owner, detail)) {
    throw new Refusal("not_found", "There is no such log row")
  }
  await getLoggedWebhook(db, owner, detail.webhookId)
  return toAttemptRecord(detail)
}

// A webhook that is visible may have covered other accounts when it was called (contract/api.md §2, rows).
function isOwn({ companyId, mode, bankAccountIds }: WebhookOwner, detail: AttemptDetail): boolean {
  if (detail.companyId !== companyId || detail.mode !== mode) return false
  return detail.bankAccountId === null || bankAccountIds?.includes(detail.bankAccountId) !== false
}

/** A row with its request rendered again. */
export function toAttemptRecord(detail: AttemptDetail): AttemptRecord {
  return { ...detail, request: readRequest(detail), response: readResponse(detail) }
}

function readRequest({ requestHeaders, bodySha256, payload, deliveryUuid }: AttemptDetail): SentRequest | undefined {
  if (requestHeaders === null || bodySha256 === null) return undefined
  const headers = JSON.parse(requestHeaders) as SentRequest["headers"]
  const { bytes } = renderBody(contentTypeOf(headers), payload, deliveryUuid)
  const sha256 = createHash("sha256").update(bytes).digest("hex")
  if (sha256 !== bodySha256) throw new Error("The body of an attempt is not what was sent.")
  return { headers, body: bytes.toString("utf8"), sha256 }
}

// The webhook may have another content type by now.
function contentTypeOf(headers: SentRequest["headers"]): RequestContentType {
  const [, value = ""] = headers.find(([name]) => name === "Content-Type") ?? []
  if (value.startsWith("multipart/")) return "multipart_form-data"
  return value.startsWith("application/x-www-form") ? "application_x-www-form-urlencoded" : "Json"
}

function readResponse({ responseHeaders, responseBody }: AttemptDetail): ReceivedResponse | undefined {
  if (responseHeaders === null) return undefined
  return { headers: JSON.parse(responseHeaders) as ReceivedResponse["headers"], body: responseBody ?? new Uint8Array() }
}

/** The call as a command line; credentials stay masked (contract/webhooks.md §9). */
export function toCurl({ requestUrl, request }: AttemptRecord): string | undefined {
  if (request === undefined) return undefined
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const headers = request.headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`)
  return ["curl -X POST", quote(requestUrl), ...headers, "--data-binary", quote(request.body)].join(" ")
}
