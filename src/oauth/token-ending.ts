import type { Instant } from "../clock.ts"
import { ago, type ExactReason, exactly } from "./exact-reason.ts"
import type { EndedAt, FamilyEnd } from "./token-endings.store.ts"

/** Why nothing of a grant works: it ended, or whoever gave it is not active. */
export function toEnding(grant: EndedAt | undefined, now: Instant): ExactReason {
  if (grant === undefined) return exactly("owner_inactive")
  return exactly("grant_ended", { ...ago(grant.at, now), why: grant.why })
}

/** Why a family that is not alive is not: what ended first counts. */
export function familyEnding({ family, grant, endsAt }: FamilyEnd, now: Instant): ExactReason {
  if (family !== undefined && (grant === undefined || family.at <= grant.at)) {
    return exactly("family_ended", { ...ago(family.at, now), why: family.why })
  }
  if (grant === undefined && endsAt !== null && now >= endsAt) return exactly("family_over", ago(endsAt, now))
  return toEnding(grant, now)
}
