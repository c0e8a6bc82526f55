import type { Instant } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { Language } from "../messages/catalogue.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { seenMark } from "./seen-mark.ts"
import { checkProfile } from "./user-draft.ts"
import { lockUser, type User, updateProfile } from "./users.store.ts"

/** What a user changes of their own profile, as typed. */
export interface ProfileDraft {
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly language: Language
  /** The mark of the profile that the form showed. */
  readonly seen: string | undefined
}

/** The mark of a profile as it is: a form that edits it carries it, and is told when it changed meanwhile. */
export function profileMark({ firstName, lastName, phone, language }: Omit<User, "role" | "permissions">): string {
  return seenMark([firstName, lastName, phone, language ?? null])
}

/**
 * Changes a user's own name, telephone and language.
 *
 * @throws Refusal invalid (first_name, last_name, phone), not_found, conflict (changed meanwhile)
 */
export async function changeProfile(db: Database, now: Instant, userId: number, draft: ProfileDraft): Promise<void> {
  const profile = { ...checkProfile(draft), language: draft.language }
  await transaction(db, async (tx) => {
    const user = await lockUser(tx, userId)
    if (user === undefined) throw new Refusal("not_found", "There is no such user.")
    if (profileMark({ ...user, ...profile }) === profileMark(user)) return
    if (profileMark(user) !== draft.seen) throw new Refusal("conflict", "The profile was changed meanwhile.")
    await updateProfile(tx, userId, profile)
    const fields = (["firstName", "lastName", "phone", "language"] as const).filter(
      (field) => user[field] !== profile[field],
    )
    const actor = { kind: "user", id: userId } as const
    const { companyId } = user
    await recordAudit(tx, now, { companyId, actor, action: "user.update", subjectId: userId, details: { fields } })
  })
}
