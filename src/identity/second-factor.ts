import { type Instant, instantAfter } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import { seal, unseal } from "../crypto/seal.ts"
import { findTotpStep, foldTotpCode, newTotpSecret } from "../crypto/totp.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { type AuditActor, recordAudit } from "./audit-log.ts"
import { isFormKey } from "./form-once.ts"
import { hashRecoveryCode, makeRecoveryCodes } from "./recovery-code.ts"
import { type ExaminedCode, secretPurpose, takeCode } from "./second-factor-code.ts"
import {
  countUnusedRecoveryCodes,
  deleteSecondFactor,
  findStoredSecondFactor,
  lockSecondFactor,
  markSecondFactorOn,
  replacePendingSecondFactor,
  replaceRecoveryCodes,
  type StoredSecondFactor,
} from "./second-factors.store.ts"

/** A second factor that is on. */
export interface SecondFactor {
  readonly since: Instant
  readonly codesLeft: number
}

/** Whose second factor it is, and by which session it is changed. */
export interface FactorOwner {
  readonly userId: number
  readonly companyId: number
  /** The session's public id. */
  readonly publicId: string
}

/** How long a set-up stays open, and how long the same form shows the same recovery codes. */
export const setUpMs = 15 * 60 * 1000

/** The user's second factor, if it is on. */
export async function findSecondFactor(db: Queries, userId: number): Promise<SecondFactor | undefined> {
  const stored = await findStoredSecondFactor(db, userId)
  if (stored?.isOn !== true) return undefined
  return { since: stored.switchedOnAt ?? stored.begunAt, codesLeft: await countUnusedRecoveryCodes(db, userId) }
}

/**
 * Makes a new secret for the owner's app; it counts for nothing until `finishSetUp`. The caller has checked the password.
 *
 * @throws Refusal conflict (it is on already)
 */
export async function beginSetUp(db: Database, keyring: Keyring, owner: FactorOwner, now: Instant): Promise<void> {
  const { userId, publicId } = owner
  const sealedSecret = seal(keyring, secretPurpose(userId), newTotpSecret())
  const pending = { userId, sealedSecret, begunBy: publicId, begunAt: now }
  const isBegun = await transaction(db, (tx) => replacePendingSecondFactor(tx, pending))
  if (!isBegun) throw new Refusal("conflict", "The second factor is on already.")
}

/** The secret (base32) that this session began to set up within 15 minutes, or undefined. */
export async function findSetUp(
  db: Queries,
  keyring: Keyring,
  owner: FactorOwner,
  now: Instant,
): Promise<string | undefined> {
  const stored = await findStoredSecondFactor(db, owner.userId)
  return stored !== undefined && isOpen(stored, owner, now) ? openSecret(keyring, stored) : undefined
}

/** Tells the owner of a change by mail, within its transaction. */
export type TellOwner = (tx: Queries) => Promise<void>

/** How a set-up or a renewal went: with recovery codes to show, once. */
export type CodesResult =
  | { readonly kind: "codes"; readonly codes: readonly string[]; readonly again: boolean }
  | { readonly kind: "wrong" }
  /** The set-up took too long, or was begun in another session. */
  | { readonly kind: "gone" }

/** Switches the second factor on if the code shows that the app has the secret; makes the recovery codes. */
export async function finishSetUp(
  db: Database,
  keyring: Keyring,
  owner: FactorOwner,
  typed: { readonly code: string; readonly formKey: string | undefined; readonly tell: TellOwner },
  now: Instant,
): Promise<CodesResult> {
  const formKey = checkFormKey(typed.formKey)
  const pending = await findStoredSecondFactor(db, owner.userId)
  if (pending === undefined) return { kind: "gone" }
  const again = showAgain(keyring, pending, formKey, now)
  if (again !== undefined) return again
  if (!isOpen(pending, owner, now)) return { kind: "gone" }
  const step = await findTotpStep(openSecret(keyring, pending), foldTotpCode(typed.code), now)
  if (step === undefined) return { kind: "wrong" }
  return transaction(db, async (tx): Promise<CodesResult> => {
    const locked = await lockSecondFactor(tx, owner.userId)
    if (locked === undefined || locked.sealedSecret !== pending.sealedSecret) return { kind: "gone" }
    if (locked.isOn) return showAgain(keyring, locked, formKey, now) ?? { kind: "gone" }
    await markSecondFactorOn(tx, owner.userId, step, now)
    await recordChange(tx, owner, "user.second_factor_on", now)
    await typed.tell(tx)
    return makeCodes(tx, keyring, owner.userId, formKey, now)
  })
}

/**
 * Makes ten new recovery codes and ends the old ones. The same form sent twice shows the same codes; once they were made,
 * `findMadeCodes` shows them without a code.
 */
export function renewRecoveryCodes(
  db: Database,
  keyring: Keyring,
  owner: FactorOwner,
  renewal: { readonly code: ExaminedCode; readonly formKey: string | undefined; readonly tell: TellOwner },
  now: Instant,
): Promise<CodesResult> {
  const formKey = checkFormKey(renewal.formKey)
  return transaction(db, async (tx): Promise<CodesResult> => {
    const stored = await lockSecondFactor(tx, owner.userId)
    if (stored?.isOn !== true) return { kind: "gone" }
    const again = showAgain(keyring, stored, formKey, now)
    if (again !== undefined) return again
    if (!(await takeCode(tx, keyring, renewal.code, now))) return { kind: "wrong" }
    await recordChange(tx, owner, "user.recovery_codes_renew", now)
    await renewal.tell(tx)
    return makeCodes(tx, keyring, owner.userId, formKey, now)
  })
}

/** The codes that this very form made within the last minutes, so that a double click or a reload shows them again. */
export async function findMadeCodes(
  db: Queries,
  keyring: Keyring,
  owner: FactorOwner,
  formKey: string | undefined,
  now: Instant,
): Promise<CodesResult | undefined> {
  const stored = await findStoredSecondFactor(db, owner.userId)
  return stored && showAgain(keyring, stored, checkFormKey(formKey), now)
}

/** Switches it off, if the code is right. The caller has checked the password. */
export function switchOffSecondFactor(
  db: Database,
  keyring: Keyring,
  owner: FactorOwner,
  { code, tell }: { readonly code: ExaminedCode; readonly tell: TellOwner },
  now: Instant,
): Promise<"off" | "wrong"> {
  return transaction(db, async (tx) => {
    if (!(await takeCode(tx, keyring, code, now))) return "wrong"
    await deleteSecondFactor(tx, owner.userId)
    await recordChange(tx, owner, "user.second_factor_off", now)
    await tell(tx)
    return "off"
  })
}

/** Switches it off for a user who lost app and codes; false if it was not on. */
export function switchOffByOperator(
  db: Database,
  user: { readonly id: number; readonly companyId: number },
  now: Instant,
): Promise<boolean> {
  return transaction(db, async (tx) => {
    if (!(await deleteSecondFactor(tx, user.id))) return false
    const owner = { userId: user.id, companyId: user.companyId }
    await recordChange(tx, owner, "user.second_factor_off", now, { kind: "operator" })
    return true
  })
}

function isOpen(stored: StoredSecondFactor, { publicId }: FactorOwner, now: Instant): boolean {
  return !stored.isOn && stored.begunBy === publicId && now < instantAfter(stored.begunAt, setUpMs)
}

function openSecret(keyring: Keyring, { userId, sealedSecret }: StoredSecondFactor): string {
  return unseal(keyring, secretPurpose(userId), sealedSecret)
}

async function makeCodes(
  tx: Queries,
  keyring: Keyring,
  userId: number,
  formKey: string,
  now: Instant,
): Promise<CodesResult> {
  const codes = makeRecoveryCodes(keyring.current, userId, formKey)
  const hashes = codes.map((code) => hashRecoveryCode(keyring.current, userId, code))
  await replaceRecoveryCodes(tx, { userId, hashes, formHash: hashSecret(keyring.current, formText(formKey)) }, now)
  return { kind: "codes", codes, again: false }
}

function showAgain(
  keyring: Keyring,
  stored: StoredSecondFactor,
  formKey: string,
  now: Instant,
): CodesResult | undefined {
  if (!stored.isOn || stored.codesFormHash === undefined || stored.codesMadeAt === undefined) return undefined
  if (now >= instantAfter(stored.codesMadeAt, setUpMs)) return undefined
  if (!hashCandidates(keyring, formText(formKey)).includes(stored.codesFormHash)) return undefined
  return { kind: "codes", codes: makeRecoveryCodes(keyring.current, stored.userId, formKey), again: true }
}

function checkFormKey(formKey: string | undefined): string {
  if (isFormKey(formKey)) return formKey
  throw new Refusal("invalid", "form_key is missing: open the form again and send it from there.")
}

function formText(formKey: string): string {
  return `recovery codes form ${formKey}`
}

async function recordChange(
  tx: Queries,
  owner: { readonly userId: number; readonly companyId: number },
  action: string,
  now: Instant,
  actor: AuditActor = { kind: "user", id: owner.userId },
): Promise<void> {
  const { userId: subjectId, companyId } = owner
  await recordAudit(tx, now, { companyId, actor, action, subjectId, details: {} })
}
