import type { Context } from "../context.ts"
import { hashPassword } from "../crypto/passwords.ts"
import { transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { resetDoneMail, resetMail } from "./account.mail.ts"
import { recordAudit } from "./audit-log.ts"
import { findCompany } from "./company.ts"
import { takeMail } from "./mail-throttle.ts"
import { endLinks, issueLink, type LinkState, readLink, takeLink } from "./one-time-link.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { findPasswordProblem } from "./password-rule.ts"
import { deleteSessionsOfUser } from "./sessions.store.ts"
import { foldEmail, readEmail } from "./user-draft.ts"
import { findUserByEmailKey, findUserById, lockUser, type User, updatePasswordHash } from "./users.store.ts"

// Ids begin at 1.
const nobody = 0

type ResetContext = Pick<Context, "config" | "clock" | "db" | "mail">

/**
 * Mails a link that sets a new password, if the address has an account that may sign in. The caller learns nothing: neither
 * from the answer nor from its time, since the same is written for whom there is none, and the mail is sent beside it.
 *
 * @throws Refusal invalid (email), too_many
 */
export async function requestReset(context: ResetContext, email: string, ip: string): Promise<void> {
  const { config, clock, db, mail } = context
  if (readEmail(email) === undefined) {
    throw new Refusal("invalid", "email is no e-mail address.", { errors: { email: ["email is no e-mail address."] } })
  }
  const emailKey = foldEmail(email)
  const now = clock.now()
  await takeMail(db, config.keyring, { emailKey, asker: { ip } }, now)
  const made = await transaction(db, async (tx) => {
    const found = await findUserByEmailKey(tx, emailKey)
    // The same is asked and written for nobody, and thrown away: the time it takes would tell who has an account.
    const locked = await lockUser(tx, found?.id ?? nobody)
    const company = await findCompany(tx, locked?.companyId ?? nobody)
    const user = locked?.isActive === true && company?.isActive === true ? locked : undefined
    const subjectId = user?.id ?? nobody
    const token = await issueLink(tx, config.keyring, { purpose: "reset_password", subjectId }, now)
    return user && { user, token }
  })
  if (made === undefined) return
  const { user, token } = made
  mail.send({ to: user.email, ...resetMail(user.language ?? "vi", { siteUrl: config.url, token }) })
}

/** Looks at a reset link without using it up. */
export function readResetLink(
  { config, clock, db }: Pick<ResetContext, "config" | "clock" | "db">,
  token: string,
): Promise<LinkState> {
  return readLink(db, config.keyring, { purpose: "reset_password", token }, clock.now())
}

/** How following a reset link ended. */
export type Reset = "done" | "used" | "dead"

/**
 * Sets the password of whoever has the link, once, and ends all their sessions; grants stay (contract/oauth.md §9).
 *
 * @throws Refusal invalid (password): then the link stays good; unavailable
 */
export async function resetPassword(
  context: ResetContext & { readonly queue: PasswordQueue },
  token: string,
  password: string,
): Promise<Reset> {
  const { config, clock, db, mail, queue } = context
  const link = await readResetLink(context, token)
  if (link.kind !== "open") return link.kind
  const known = await findUserById(db, link.subjectId)
  const problem = findPasswordProblem(password, known?.email ?? "")
  if (problem !== undefined) throw new Refusal("invalid", problem, { errors: { password: [problem] } })
  const passwordHash = await queue.run(() => hashPassword(password))
  const now = clock.now()
  const ended = await transaction(db, async (tx) => {
    const taken = await takeLink(tx, config.keyring, { purpose: "reset_password", token }, now)
    if (taken.kind !== "open") return taken.kind
    const user = await lockUser(tx, taken.subjectId)
    if (user === undefined || !(await maySignIn(tx, user))) return "dead"
    await updatePasswordHash(tx, user.id, passwordHash)
    await deleteSessionsOfUser(tx, user.id)
    // Whoever knew the old password may have begun to move the account to an address of theirs.
    await endLinks(tx, "change_email", user.id)
    const actor = { kind: "user", id: user.id } as const
    const { companyId, id: subjectId } = user
    await recordAudit(tx, now, { companyId, actor, action: "user.reset_password", subjectId, details: {} })
    await mail.keep(tx, [{ to: user.email, ...resetDoneMail(user.language ?? "vi", { siteUrl: config.url }) }])
    return user
  })
  if (typeof ended === "string") return ended
  mail.wake()
  return "done"
}

async function maySignIn(tx: Parameters<typeof findCompany>[0], user: User): Promise<boolean> {
  return user.isActive && (await findCompany(tx, user.companyId))?.isActive === true
}
