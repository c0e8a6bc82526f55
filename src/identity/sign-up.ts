import { type Instant, instantAfter } from "../clock.ts"
import type { Context } from "../context.ts"
import { hashPassword } from "../crypto/passwords.ts"
import { type Queries, transaction } from "../database/engine.ts"
import type { CompanyId } from "../ids.ts"
import type { Language } from "../messages/catalogue.ts"
import { Refusal } from "../refusal.ts"
import { addressTakenMail, verificationMail } from "./account.mail.ts"
import { checkCompanyName } from "./company.ts"
import { isFormKey, newFormKey } from "./form-once.ts"
import { takeMail } from "./mail-throttle.ts"
import { issueLink, linkLifetimeMs } from "./one-time-link.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { findSignUpByFormKey, insertSignUp, lockSignUp, type SignUp, updateSignUpExpiry } from "./sign-ups.store.ts"
import { checkUserDraft, type UserFields } from "./user-draft.ts"
import { findUserByEmailKey } from "./users.store.ts"

/** What the sign-up form asks for, as typed. */
export interface SignUpDraft {
  readonly formKey: string | undefined
  readonly email: string
  readonly password: string
  readonly firstName: string
  readonly lastName: string
  readonly companyName: string
  readonly language: Language
}

/** What signing up works with. */
export type SignUpContext = Pick<Context, "config" | "clock" | "db" | "mail"> & {
  readonly queue: PasswordQueue
  /** Runs in the transaction that makes a company: what other parts keep for each. */
  readonly onCompanyCreated: (tx: Queries, companyId: CompanyId) => Promise<void>
}

/**
 * Takes a sign-up and mails its link. Does and answers the same for an address that has an account: only the mail, which
 * its owner alone reads, says so. A form sent twice signs up once.
 *
 * @returns the key by which this browser asks for the mail again
 * @throws Refusal invalid (email, password, first_name, last_name, company), too_many, unavailable
 */
export async function signUp(context: SignUpContext, draft: SignUpDraft, ip: string): Promise<string> {
  const { config, clock, db, queue } = context
  const { formKey, companyName, fields } = checkDraft(draft)
  const before = await findSignUpByFormKey(db, formKey)
  if (before?.emailKey === fields.emailKey) return formKey
  const now = clock.now()
  await takeMail(db, config.keyring, { emailKey: fields.emailKey, asker: { ip } }, now)
  const passwordHash = await queue.run(() => hashPassword(draft.password))
  // Somebody went back to correct the address: that is another sign-up, with a key of its own.
  const ownKey = before === undefined ? formKey : newFormKey()
  const { email, emailKey, firstName, lastName } = fields
  const made = { formKey: ownKey, email, emailKey, passwordHash, firstName, lastName, companyName }
  const expiresAt = instantAfter(now, linkLifetimeMs.verify_email)
  const id = await transaction(db, (tx) => insertSignUp(tx, { ...made, language: draft.language, expiresAt }))
  if (id !== undefined) await mailLink(context, id, now)
  return ownKey
}

/**
 * Mails the link of a sign-up again; the one before opens no more.
 *
 * @throws Refusal not_found (no such sign-up, or it is verified by now), too_many
 */
export async function sendSignUpAgain(context: SignUpContext, formKey: string, ip: string): Promise<void> {
  const { config, clock, db } = context
  const found = await getSignUp(context, formKey)
  const now = clock.now()
  await takeMail(db, config.keyring, { emailKey: found.emailKey, asker: { ip } }, now)
  await mailLink(context, found.id, now)
}

/**
 * The sign-up that a browser made and has not verified.
 *
 * @throws Refusal not_found
 */
export async function getSignUp({ db }: Pick<SignUpContext, "db">, formKey: string): Promise<SignUp> {
  const found = isFormKey(formKey) ? await findSignUpByFormKey(db, formKey) : undefined
  if (found === undefined) throw new Refusal("not_found", "There is no such sign-up.")
  return found
}

async function mailLink({ config, db, mail }: SignUpContext, id: number, now: Instant): Promise<void> {
  const made = await transaction(db, async (tx) => {
    const found = await lockSignUp(tx, id)
    if (found === undefined) return undefined
    await updateSignUpExpiry(tx, id, instantAfter(now, linkLifetimeMs.verify_email))
    // Made for a taken address too, so that both cost the same time; then the mail keeps it to itself.
    const token = await issueLink(tx, config.keyring, { purpose: "verify_email", subjectId: id }, now)
    return { found, token, isTaken: (await findUserByEmailKey(tx, found.emailKey)) !== undefined }
  })
  if (made === undefined) return
  const { found, token, isTaken } = made
  const words = isTaken
    ? addressTakenMail(found.language, { siteUrl: config.url })
    : verificationMail(found.language, { siteUrl: config.url, token })
  mail.send({ to: found.email, ...words })
}

function checkDraft(draft: SignUpDraft): {
  readonly formKey: string
  readonly companyName: string
  readonly fields: UserFields
} {
  const { formKey, email, password, firstName, lastName } = draft
  if (!isFormKey(formKey)) throw new Refusal("invalid", "form_key is missing.")
  const errors: Record<string, readonly string[]> = {}
  const collect = <T>(check: () => T): T | undefined => {
    try {
      return check()
    } catch (error) {
      if (!(error instanceof Refusal) || error.details.errors === undefined) throw error
      Object.assign(errors, error.details.errors)
      return undefined
    }
  }
  const companyName = collect(() => checkCompanyName("company", draft.companyName))
  const company = { fullName: "" }
  const fields = collect(() => checkUserDraft({ email, password, firstName, lastName, company }))
  if (firstName.trim() === "" && lastName.trim() === "")
    errors["first_name"] = ["first_name or last_name must be given."]
  if (companyName !== undefined && fields !== undefined && Object.keys(errors).length === 0) {
    return { formKey, companyName, fields }
  }
  throw new Refusal("invalid", Object.values(errors).flat().join(" "), { errors })
}
