import type { Instant } from "../clock.ts"
import { hashPassword } from "../crypto/passwords.ts"
import { type Queries, transaction } from "../database/engine.ts"
import type { UserId } from "../ids.ts"
import type { Language } from "../messages/catalogue.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { findCompany } from "./company.ts"
import { type Invitation, type InvitationContext, inviterNameOf } from "./invitation.ts"
import { findInvitation, lockInvitation, updateInvitation } from "./invitations.store.ts"
import { readLink, takeLink } from "./one-time-link.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { checkUserDraft } from "./user-draft.ts"
import { findUserByEmailKey, insertUser } from "./users.store.ts"

/** What the page of an invitation shows, or why it cannot be accepted. */
export type OpenInvitation =
  | {
      readonly kind: "open"
      readonly invitation: Invitation
      readonly companyName: string
      readonly inviterName: string
    }
  | { readonly kind: "used" | "dead" | "taken" }

/** Looks at an invitation by its link, without using it up. */
export async function readInvitation(context: InvitationContext, token: string): Promise<OpenInvitation> {
  const { config, clock, db } = context
  const link = await readLink(db, config.keyring, { purpose: "accept_invitation", token }, clock.now())
  if (link.kind !== "open") return { kind: link.kind }
  const invitation = await findInvitation(db, link.subjectId)
  const company = invitation && (await findCompany(db, invitation.companyId))
  if (invitation?.state !== "open" || company?.isActive !== true) return { kind: "dead" }
  if ((await findUserByEmailKey(db, invitation.emailKey)) !== undefined) return { kind: "taken" }
  const inviterName = await inviterNameOf(db, invitation)
  return { kind: "open", invitation, companyName: company.fullName, inviterName }
}

/** What a person who accepts fills in, as typed. */
export interface AcceptanceDraft {
  readonly firstName: string
  readonly lastName: string
  readonly password: string
  readonly language: Language
}

/** How following an invitation ended. */
export type Acceptance = "accepted" | "used" | "dead" | "taken"

/**
 * Makes the invited person a user of the company, once.
 *
 * @throws Refusal invalid (first_name, last_name, password): then the link stays good; unavailable
 */
export async function acceptInvitation(
  context: InvitationContext & { readonly queue: PasswordQueue },
  token: string,
  draft: AcceptanceDraft,
): Promise<Acceptance> {
  const { config, clock, db, queue } = context
  const found = await readInvitation(context, token)
  if (found.kind !== "open") return found.kind
  const { invitation } = found
  const { email, companyId, role, permissions } = invitation
  const { firstName, lastName, password } = draft
  const fields = checkUserDraft({ email, password, firstName, lastName, company: { id: companyId }, role, permissions })
  if (fields.firstName === "" && fields.lastName === "") {
    throw new Refusal("invalid", "first_name or last_name must be given.", { errors: { first_name: ["missing"] } })
  }
  const passwordHash = await queue.run(() => hashPassword(password))
  const now = clock.now()
  return transaction(db, async (tx): Promise<Acceptance> => {
    const link = await takeLink(tx, config.keyring, { purpose: "accept_invitation", token }, now)
    if (link.kind !== "open") return link.kind
    const locked = await lockInvitation(tx, link.subjectId)
    const company = await findCompany(tx, companyId)
    if (locked?.state !== "open" || company?.isActive !== true) return "dead"
    const id = await insertUser(tx, now, { ...fields, companyId, passwordHash, language: draft.language })
    if (id === undefined) return "taken"
    await updateInvitation(tx, locked.id, { state: "accepted" })
    await recordJoining(tx, now, { companyId, id, invitation: locked })
    return "accepted"
  })
}

async function recordJoining(
  tx: Queries,
  now: Instant,
  joined: { readonly companyId: number; readonly id: UserId; readonly invitation: Invitation },
): Promise<void> {
  const { companyId, id, invitation } = joined
  const { role, permissions } = invitation
  await recordAudit(tx, now, {
    companyId,
    actor: { kind: "user", id },
    action: "user.create",
    subjectId: id,
    details: { role, permissions, invitation_id: invitation.id, invited_by: invitation.invitedBy },
  })
}
