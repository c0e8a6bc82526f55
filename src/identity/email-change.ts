import type { Context } from "../context.ts"
import { transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { emailChangedMail, emailChangeMail, emailChangeTakenMail } from "./account.mail.ts"
import { recordAudit } from "./audit-log.ts"
import type { CheckPassword } from "./check-password.ts"
import { takeMail } from "./mail-throttle.ts"
import { endLinks, issueLink, takeLink } from "./one-time-link.ts"
import { foldEmail, readEmail } from "./user-draft.ts"
import { findUserByEmailKey, lockUser, updateEmail } from "./users.store.ts"

type EmailContext = Pick<Context, "config" | "clock" | "db" | "mail">

/** What somebody signed in asks for. */
export interface EmailWish {
  readonly user: { readonly userId: number; readonly email: string }
  readonly email: string
  /** The current password, as typed. */
  readonly password: string
  readonly ip: string
}

/**
 * Mails a link to the address that a user wants to have; nothing changes before it is followed. Answers the same for an
 * address that has an account.
 *
 * @throws Refusal invalid (`email`: no address, or the one they have; `password`: wrong), too_many, unavailable
 */
export async function requestEmailChange(
  context: EmailContext & { readonly checkPassword: CheckPassword },
  wish: EmailWish,
): Promise<void> {
  const { config, clock, db, mail, checkPassword } = context
  const email = readEmail(wish.email)
  if (email === undefined) throw wrong("email", `email "${wish.email}" is no e-mail address.`)
  const emailKey = foldEmail(email)
  const now = clock.now()
  const { user: asker, password, ip } = wish
  const proven = await checkPassword(now, { email: asker.email, password, ip })
  if (proven === undefined) throw wrong("password", "password is wrong.", "wrong_password")
  await takeMail(db, config.keyring, { emailKey, asker: { ip } }, now)
  const made = await transaction(db, async (tx) => {
    const user = await lockUser(tx, asker.userId)
    if (user === undefined) throw new Refusal("not_found", "There is no such user.")
    if (user.email === email) {
      throw wrong("email", "email is the one that the account has.", "same_email")
    }
    const token = await issueLink(tx, config.keyring, { purpose: "change_email", subjectId: user.id, email }, now)
    const holder = await findUserByEmailKey(tx, emailKey)
    return { language: user.language ?? "vi", token, isTaken: holder !== undefined && holder.id !== user.id }
  })
  const siteUrl = config.url
  const words = made.isTaken
    ? emailChangeTakenMail(made.language, { siteUrl })
    : emailChangeMail(made.language, { siteUrl, token: made.token })
  mail.send({ to: email, ...words })
}

/** How following the link ended. `taken`: the address got an account meanwhile. */
export type EmailChange = "changed" | "taken" | "dead"

/** Makes the new address the user's, once, and tells the old one; who presses twice is told the same twice. */
export async function confirmEmailChange(context: EmailContext, token: string): Promise<EmailChange> {
  const { config, clock, db, mail } = context
  const now = clock.now()
  const ended = await transaction(db, async (tx) => {
    const link = await takeLink(tx, config.keyring, { purpose: "change_email", token }, now)
    if (link.kind !== "open") return link.kind === "used" ? "changed" : "dead"
    const user = await lockUser(tx, link.subjectId)
    const { email } = link
    // Thrown, so that a link which changed nothing is not used up: a used one says that the address was changed.
    if (user?.isActive !== true || email === undefined) throw new NotChanged("dead")
    if (!(await updateEmail(tx, now, user, { email, emailKey: foldEmail(email) }))) throw new NotChanged("taken")
    // A link that lies in the old mailbox must not open the account any more.
    await endLinks(tx, "reset_password", user.id)
    const actor = { kind: "user", id: user.id } as const
    const { companyId, id: subjectId } = user
    await recordAudit(tx, now, { companyId, actor, action: "user.change_email", subjectId, details: {} })
    const words = emailChangedMail(user.language ?? "vi", { siteUrl: config.url, email })
    await mail.keep(tx, [{ to: user.email, ...words }])
    return { user, email }
  }).catch((error: unknown) => {
    if (error instanceof NotChanged) return error.why
    throw error
  })
  if (typeof ended === "string") return ended
  mail.wake()
  return "changed"
}

class NotChanged extends Error {
  readonly why: "dead" | "taken"

  constructor(why: "dead" | "taken") {
    super(`The e-mail was not changed: ${why}`)
    this.why = why
  }
}

function wrong(field: string, problem: string, hint?: string): Refusal {
  return new Refusal("invalid", problem, { errors: { [field]: [problem] }, ...(hint !== undefined && { hint }) })
}
