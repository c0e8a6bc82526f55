import type { Instant } from "../clock.ts"

/** What each sealed column is sealed for, so that none can be put in another's place. */
export const sealPurposes = {
  apiKey: "webhook api key",
  secret: "webhook secret",
  oauth2ClientSecret: "webhook oauth2 client secret",
} as const

/** The columns of a secret, and of the roll that may run (contract/webhooks.md §2.3). */
export interface StoredSecrets {
  readonly sealed_secret: string | null
  readonly sealed_new_secret: string | null
  readonly new_secret_active: number
  readonly roll_ends_at: number | null
}

/** The sealed secrets that are valid at a moment: the one that signs first, and the other one while a roll runs. */
export interface CurrentSecrets {
  readonly active: string
  readonly other: string | undefined
  readonly rollEndsAt: Instant | undefined
}

/** Which secrets are valid now: a roll whose end has passed has ended, whoever has noticed yet (contract/webhooks.md §2.3). */
export function currentSecrets(row: StoredSecrets, now: Instant): CurrentSecrets {
  const { sealed_secret: old, sealed_new_secret: fresh, roll_ends_at: endsAt } = row
  if (fresh === null || endsAt === null) return { active: old ?? "", other: undefined, rollEndsAt: undefined }
  if (now >= endsAt) return { active: fresh, other: undefined, rollEndsAt: undefined }
  const rollEndsAt = endsAt as Instant
  if (row.new_secret_active === 1) return { active: fresh, other: old ?? undefined, rollEndsAt }
  return { active: old ?? "", other: fresh, rollEndsAt }
}
