import { createHmac } from "node:crypto"
import type { Instant } from "../clock.ts"
import type { Keyring, ServerKeys } from "../crypto/keyring.ts"
import { constantTimeEqual } from "../crypto/keyring.ts"
import { verifyPassword } from "../crypto/passwords.ts"
import { type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { createCompany } from "./company.ts"
import { completeSignIn, type SignedIn } from "./complete-sign-in.ts"
import { type LinkState, readLink, takeLink } from "./one-time-link.ts"
import { createWarnings } from "./security-mail.ts"
import type { Visitor } from "./session.ts"
import type { SignUpContext } from "./sign-up.ts"
import { deleteSignUp, findSignUp, lockSignUp, type SignUp } from "./sign-ups.store.ts"
import { findUserByEmailKey, insertUser } from "./users.store.ts"

/**
 * What shows that whoever follows the link is whoever signed up: the browser's cookie of it, or else the password. Anybody
 * can sign up with a stranger's address and a password of their own; the stranger must not make that account by a click.
 */
export interface SignUpProof {
  readonly cookie: string | undefined
  readonly password: string
}

/** The value of the cookie by which a browser shows that it made that sign-up: 32 bytes, base64url. */
export function signUpCookie({ current }: Keyring, formKey: string): string {
  return cookieBy(current, formKey)
}

function cookieBy(keys: ServerKeys, formKey: string): string {
  return createHmac("sha256", keys.rotation).update(`browser of sign-up ${formKey}`).digest("base64url")
}

/** Looks at the link of a sign-up without using it up, and at whether the browser of that cookie made it. */
export async function readSignUpLink(
  { config, clock, db }: Pick<SignUpContext, "config" | "clock" | "db">,
  token: string,
  cookie: string | undefined,
): Promise<{ readonly kind: LinkState["kind"]; readonly needsPassword: boolean }> {
  const link = await readLink(db, config.keyring, { purpose: "verify_email", token }, clock.now())
  const found = link.kind === "open" ? await findSignUp(db, link.subjectId) : undefined
  return { kind: link.kind, needsPassword: found !== undefined && !isBrowserOf(config.keyring, found, cookie) }
}

function isBrowserOf({ all }: Keyring, { formKey }: SignUp, cookie: string | undefined): boolean {
  return cookie !== undefined && all.some((keys) => constantTimeEqual(cookieBy(keys, formKey), cookie))
}

/**
 * How following the link of a sign-up ended. `verified`: just now, and whoever followed it is signed in, as they have shown
 * the address and the browser or the password. `known`: before. `taken`: the address got an account meanwhile.
 */
export type Verification =
  | { readonly kind: "verified"; readonly signedIn: SignedIn }
  | { readonly kind: "known" | "taken" | "dead" | "wrong_password" }

/**
 * Makes the company and its first user, and signs them in; who presses twice makes nothing twice. After a wrong password
 * the link stays good.
 *
 * @throws Refusal unavailable (the line for password checks is full)
 */
export async function verifySignUp(
  context: SignUpContext,
  token: string,
  { visitor, ...proof }: SignUpProof & { readonly visitor: Visitor },
): Promise<Verification> {
  if (!(await isProven(context, token, proof))) return { kind: "wrong_password" }
  try {
    return await followLink(context, token, visitor)
  } catch (error) {
    if (error instanceof Refusal && error.reason === "conflict") return { kind: "taken" }
    throw error
  }
}

async function isProven(
  { config, clock, db, queue }: SignUpContext,
  token: string,
  { cookie, password }: SignUpProof,
): Promise<boolean> {
  const link = await readLink(db, config.keyring, { purpose: "verify_email", token }, clock.now())
  const found = link.kind === "open" ? await findSignUp(db, link.subjectId) : undefined
  // There is nothing to make, and nothing to prove.
  if (found === undefined || isBrowserOf(config.keyring, found, cookie)) return true
  return password !== "" && queue.run(() => verifyPassword(password, found.passwordHash))
}

function followLink(context: SignUpContext, token: string, visitor: Visitor): Promise<Verification> {
  const { config, clock, db, mail } = context
  const now = clock.now()
  return transaction(db, async (tx): Promise<Verification> => {
    const link = await takeLink(tx, config.keyring, { purpose: "verify_email", token }, now)
    if (link.kind !== "open") return { kind: link.kind === "used" ? "known" : "dead" }
    const found = await lockSignUp(tx, link.subjectId)
    if (found === undefined) return { kind: "dead" }
    // Before anything is made: it would only be undone.
    if ((await findUserByEmailKey(tx, found.emailKey)) !== undefined) throw addressTaken()
    const userId = await createOwner(tx, context, found, now)
    await deleteSignUp(tx, found.id)
    const warn = createWarnings({ mail, url: config.url })
    const proven = { userId, emailKey: found.emailKey, visitor, warn }
    return { kind: "verified", signedIn: await completeSignIn(tx, config.keyring, proven, now) }
  })
}

async function createOwner(tx: Queries, context: SignUpContext, from: SignUp, now: Instant): Promise<number> {
  const { onCompanyCreated } = context
  const companyId = await createCompany(tx, now, { fullName: from.companyName, onCompanyCreated })
  const { email, emailKey, passwordHash, firstName, lastName, language } = from
  const names = { email, emailKey, passwordHash, firstName, lastName, language, phone: "" }
  const id = await insertUser(tx, now, { ...names, companyId, role: "SuperAdmin", permissions: [], isOperator: false })
  // Another link of the same address was followed in this very moment.
  if (id === undefined) throw addressTaken()
  const actor = { kind: "user", id } as const
  await recordAudit(tx, now, { companyId, actor, action: "company.create", subjectId: companyId, details: {} })
  await recordAudit(tx, now, {
    companyId,
    actor,
    action: "user.create",
    subjectId: id,
    details: { role: "SuperAdmin" },
  })
  return id
}

// Thrown, so that all of it is undone, the use of the link too: pressed again, it says the same.
function addressTaken(): Refusal {
  return new Refusal("conflict", "The address has an account by now.")
}
