import { randomInt, randomUUID } from "node:crypto"
import type { Instant } from "./clock.ts"

type Branded<T, Brand extends string> = T & { readonly __brand: Brand }

export type CompanyId = Branded<number, "CompanyId">
export type UserId = Branded<number, "UserId">
export type ClientId = Branded<string, "ClientId">
export type GrantId = Branded<number, "GrantId">
export type FamilyId = Branded<number, "FamilyId">
export type BankAccountId = Branded<number, "BankAccountId">
export type TransactionId = Branded<number, "TransactionId">
export type FeedId = Branded<number, "FeedId">
export type WebhookId = Branded<number, "WebhookId">

/** Live or test: objects of the two never meet (contract/oauth.md §1). */
export type Mode = "live" | "test"

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** `length` random characters of 0-9A-Za-z. */
export function randomBase62(length: number): string {
  let text = ""
  for (let index = 0; index < length; index++) text += base62[randomInt(62)]
  return text
}

/** A new `client_id`: `client_` + 20 base62 characters (contract/oauth.md §4). */
export function newClientId(): ClientId {
  return `client_${randomBase62(20)}` as ClientId
}

/** Whether the text has the form of a `client_id`; all else is unknown without a question to the database. */
export function isClientId(text: string): text is ClientId {
  return /^client_[0-9A-Za-z]{20}$/.test(text)
}

/** A UUID version 7 (RFC 9562 §5.7): time-ordered, so that indexes on it grow at one end. */
export function newUuid(now: Instant): string {
  const time = now.toString(16).padStart(12, "0")
  // Version 4 differs in its first 13 digits only, and Node keeps a pool of random bytes for it.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
