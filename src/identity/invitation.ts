import { type Instant, instantAfter } from "../clock.ts"
import type { Context } from "../context.ts"
import { type Queries, transaction } from "../database/engine.ts"
import type { Language } from "../messages/catalogue.ts"
import { personName } from "../messages/person-name.ts"
import { Refusal } from "../refusal.ts"
import { invitationMail } from "./account.mail.ts"
import { recordAudit } from "./audit-log.ts"
import { lockCompany } from "./companies.store.ts"
import { findCompany } from "./company.ts"
import type { Administrator } from "./company-user.ts"
import { isFormKey, onceOnly } from "./form-once.ts"
import {
  findInvitation,
  findOpenInvitation,
  type Invitation,
  insertInvitation,
  listOpenInvitations,
  lockInvitation,
  updateInvitation,
} from "./invitations.store.ts"
import { takeMail, takeMailWithin } from "./mail-throttle.ts"
import { endLinks, issueLink, linkLifetimeMs } from "./one-time-link.ts"
import { isAdministrator, type Role } from "./permission.ts"
import { checkRights, foldEmail, readEmail } from "./user-draft.ts"
import { findUserByEmailKey, findUserById } from "./users.store.ts"

export type { Invitation } from "./invitations.store.ts"

/** What inviting works with. */
export type InvitationContext = Pick<Context, "config" | "clock" | "db" | "mail">

/** Whom an administrator invites, as typed. */
export interface InvitationDraft {
  readonly formKey: string | undefined
  readonly email: string
  readonly role: string
  readonly permissions: readonly string[]
  /** Of the mail. */
  readonly language: Language
}

/** An expired invitation stays on the list for this long, to be sent again. */
export const expiredInvitationMemoryMs = 30 * 24 * 3600 * 1000

const mostOpen = 200

/** The open invitations of a company, newest first. */
export function listInvitations(db: Queries, companyId: number): Promise<readonly Invitation[]> {
  return listOpenInvitations(db, companyId, mostOpen)
}

/**
 * Invites somebody into the company, once for a form, and mails the link. Whether the address has an account elsewhere, only
 * its owner learns.
 *
 * @returns the path of the list, which says what was done
 * @throws Refusal invalid (email, role, permission), forbidden (`hint` super_admin_only), conflict (`errors.email`: `member`
 *   or `invited` as `hint`), too_many, quota_exceeded
 */
export async function invite(
  context: InvitationContext,
  administrator: Administrator,
  draft: InvitationDraft,
): Promise<string> {
  const { config, clock, db } = context
  const email = readEmail(draft.email)
  const rights = checkInvitation(administrator, email, draft)
  if (email === undefined || !isFormKey(draft.formKey)) throw new Refusal("invalid", "form_key is missing.")
  const emailKey = foldEmail(email)
  const now = clock.now()
  const { userId, companyId } = administrator
  const made: { id: number; token: string }[] = []
  const form = { userId, formKey: draft.formKey, now }
  const { ledTo } = await onceOnly(db, form, async (tx) => {
    made.length = 0
    // Within: the second of two presses has no mail made, and must not be refused for the first's.
    await takeMailWithin(tx, config.keyring, { emailKey, asker: { companyId } }, now)
    await lockCompany(tx, companyId)
    await checkInviter(tx, administrator, rights.role)
    await checkInvitable(tx, { companyId, emailKey })
    const id = await insertInvitation(tx, {
      ...rights,
      ...{ companyId, email, emailKey, language: draft.language, invitedBy: userId, invitedAt: now },
      expiresAt: instantAfter(now, linkLifetimeMs.accept_invitation),
    })
    made.push({ id, token: await issueLink(tx, config.keyring, { purpose: "accept_invitation", subjectId: id }, now) })
    const { role, permissions } = rights
    await audit(tx, now, administrator, { action: "invitation.create", id, details: { role, permissions } })
    return `/company/users?done=invited&id=${id}`
  })
  for (const { id, token } of made) await mailInvitation(context, id, token)
  return ledTo
}

/**
 * Mails an invitation again with a new link and a new week; the link before opens no more.
 *
 * @throws Refusal not_found, too_many
 */
export async function sendInvitationAgain(
  context: InvitationContext,
  administrator: Administrator,
  id: number,
): Promise<void> {
  const { config, clock, db } = context
  const now = clock.now()
  const { companyId } = administrator
  const { emailKey } = requireOpen(await findInvitation(db, id), companyId)
  await takeMail(db, config.keyring, { emailKey, asker: { companyId } }, now)
  const token = await transaction(db, async (tx) => {
    requireOpen(await lockInvitation(tx, id), companyId)
    await updateInvitation(tx, id, { expiresAt: instantAfter(now, linkLifetimeMs.accept_invitation) })
    await audit(tx, now, administrator, { action: "invitation.send", id, details: {} })
    return issueLink(tx, config.keyring, { purpose: "accept_invitation", subjectId: id }, now)
  })
  await mailInvitation(context, id, token)
}

/**
 * Takes an invitation back: its link opens no more.
 *
 * @throws Refusal not_found
 */
export async function withdrawInvitation(
  { clock, db }: InvitationContext,
  administrator: Administrator,
  id: number,
): Promise<void> {
  const now = clock.now()
  await transaction(db, async (tx) => {
    requireOpen(await lockInvitation(tx, id), administrator.companyId)
    await updateInvitation(tx, id, { state: "withdrawn" })
    await endLinks(tx, "accept_invitation", id)
    await audit(tx, now, administrator, { action: "invitation.withdraw", id, details: {} })
  })
}

function checkInvitation(administrator: Administrator, email: string | undefined, draft: InvitationDraft) {
  const errors: Record<string, readonly string[]> =
    email === undefined ? { email: ["email is no e-mail address."] } : {}
  try {
    const rights = checkRights(draft)
    if (rights.role === "SuperAdmin" && administrator.role !== "SuperAdmin") {
      throw new Refusal("forbidden", "Only a SuperAdmin makes a SuperAdmin.", { hint: "super_admin_only" })
    }
    if (email !== undefined) return rights
  } catch (error) {
    if (!(error instanceof Refusal) || error.details.errors === undefined) throw error
    Object.assign(errors, error.details.errors)
  }
  throw new Refusal("invalid", Object.values(errors).flat().join(" "), { errors })
}

// As they are now: the session's view is a moment old, and what an invitation gives lasts.
async function checkInviter(tx: Queries, { userId, companyId }: Administrator, role: Role): Promise<void> {
  const inviter = await findUserById(tx, userId)
  const isAllowed = inviter?.isActive === true && inviter.companyId === companyId && isAdministrator(inviter)
  if (isAllowed && (role !== "SuperAdmin" || inviter.role === "SuperAdmin")) return
  throw new Refusal("forbidden", "This takes the role SuperAdmin or Admin.")
}

async function checkInvitable(
  tx: Queries,
  { companyId, emailKey }: { readonly companyId: number; readonly emailKey: string },
): Promise<void> {
  const refuse = (hint: "member" | "invited") =>
    new Refusal("conflict", `This address is ${hint} already.`, { hint, errors: { email: [hint] } })
  const holder = await findUserByEmailKey(tx, emailKey)
  if (holder?.companyId === companyId) throw refuse("member")
  if ((await findOpenInvitation(tx, { companyId, emailKey })) !== undefined) throw refuse("invited")
  if ((await listOpenInvitations(tx, companyId, mostOpen)).length >= mostOpen) {
    throw new Refusal("quota_exceeded", `A company has at most ${mostOpen} open invitations.`)
  }
}

async function mailInvitation(context: InvitationContext, id: number, token: string): Promise<void> {
  const { config, db, mail } = context
  const invitation = await findInvitation(db, id)
  const company = invitation && (await findCompany(db, invitation.companyId))
  if (invitation === undefined || company === undefined) return
  const inviterName = await inviterNameOf(db, invitation)
  const words = { siteUrl: config.url, token, companyName: company.fullName, inviterName }
  mail.send({ to: invitation.email, ...invitationMail(invitation.language, words) })
}

/** The name of who invites, as the invited person reads it. */
export async function inviterNameOf(db: Queries, invitation: Invitation): Promise<string> {
  const inviter = await findUserById(db, invitation.invitedBy)
  return inviter === undefined ? "" : personName(inviter, invitation.language)
}

function requireOpen(invitation: Invitation | undefined, companyId: number): Invitation {
  if (invitation?.companyId === companyId && invitation.state === "open") return invitation
  throw new Refusal("not_found", "There is no such invitation.")
}

function audit(
  tx: Queries,
  now: Instant,
  { userId, companyId }: Administrator,
  done: { readonly action: string; readonly id: number; readonly details: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { action, id, details } = done
  return recordAudit(tx, now, { companyId, actor: { kind: "user", id: userId }, action, subjectId: id, details })
}
