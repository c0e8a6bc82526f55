import type { Instant } from "../clock.ts"
import type { CompanyId, Mode, TransactionId } from "../ids.ts"
import type { Webhook } from "./webhook.ts"

/** Made for an event, for a person who asked again, or for a trial. */
export type DeliveryKind = "auto" | "replay" | "test"

/** What makes a delivery due: first attempts pass before retries (contract/webhooks.md §7.1). */
export type Lane = "first" | "retry"

/** A webhook as one claim found it, with its credentials in clear; nobody keeps it beyond the attempt. */
export interface ClaimedWebhook extends Webhook {
  readonly credentials: Credentials
  readonly deleted: boolean
}

/** What a webhook shows to its receiver (contract/webhooks.md §2). */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "api_key"; readonly apiKey: string }
  | {
      readonly kind: "hmac"
      readonly active: string
      /** The other secret of a roll that runs. */
      readonly other: string | undefined
      /** Whether the active one is the new one of the roll. */
      readonly newIsActive: boolean
      /** Names the roll, so that the one that was seen is the one that is changed. */
      readonly rollEndsAt: Instant | undefined
    }
  | {
      readonly kind: "oauth2"
      readonly accessTokenUrl: string
      readonly clientId: string
      readonly clientSecret: string
      readonly dialect: "standard" | "custom" | undefined
    }
  /** They cannot be opened: the server key that sealed them is missing. */
  | { readonly kind: "unreadable"; readonly message: string }

/** A delivery that this process has claimed: it alone may make the next attempt, as long as it renews its lease. */
export interface ClaimedDelivery {
  readonly deliveryId: number
  readonly uuid: string
  readonly kind: DeliveryKind
  /** The webhook of its claim. */
  readonly webhook: ClaimedWebhook
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly transactionId: TransactionId | null
  readonly transactionUuid: string | null
  readonly eventUuid: string | null
  readonly eventAt: Instant
  readonly payload: string
  readonly replayOf: number | null
  readonly createdAt: Instant
  readonly claimId: string
  readonly lane: Lane
  /** Counts claims: 1, 2, 3 … (contract/webhooks.md §3). */
  readonly attemptNumber: number
  readonly retryIndex: number
  readonly interruptions: number
  readonly secretWish: SecretWish
}

/**
 * Which secret of a roll an attempt signs with: 0 the active one; 1 the new or 2 the old one, as the receiver refused the
 * other. By name, since the active one may be another when the attempt is made.
 */
export type SecretWish = 0 | 1 | 2

/** Whether an attempt signs with the secret of a roll that is not the active one. */
export function usesOtherSecret({ webhook, secretWish }: Pick<ClaimedDelivery, "webhook" | "secretWish">): boolean {
  const { credentials } = webhook
  if (credentials.kind !== "hmac" || credentials.other === undefined || secretWish === 0) return false
  return credentials.newIsActive === (secretWish === 2)
}
