import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { unseal } from "../crypto/seal.ts"
import { findTotpStep, foldTotpCode, isTotpShape } from "../crypto/totp.ts"
import type { Database, Queries } from "../database/engine.ts"
import { type CodeTry, recordRightCode, takeCodeAttempt } from "./code-throttle.ts"
import { foldRecoveryCode, isRecoveryCodeShape, recoveryCodeCandidates } from "./recovery-code.ts"
import { findStoredSecondFactor, takeRecoveryCode, takeStep } from "./second-factors.store.ts"

/** For what the secret of a user's app is sealed: so that no row can be given another user's. */
export function secretPurpose(userId: number): string {
  return `second factor of user ${userId}`
}

/** A code that somebody presents for a user, as typed: of the app, or a recovery code. */
export interface PresentedCode {
  readonly userId: number
  readonly emailKey: string
  readonly ip: string
  readonly typed: string
}

/** A code that was looked at, and counted as wrong until `takeCode` takes it. */
export interface ExaminedCode {
  readonly userId: number
  readonly attempt: CodeTry
  /** How many codes of the account failed in a row, if this one fails. */
  readonly failures: number
  readonly proof:
    | { readonly kind: "step"; readonly sealedSecret: string; readonly step: number }
    | { readonly kind: "recovery"; readonly hashes: readonly string[] }
    | undefined
}

/**
 * Counts the try and finds out what the code would be, before any transaction. A text that cannot be a code costs no try.
 *
 * @throws Refusal too_many, with `retryAfterSeconds`
 */
export async function examineCode(
  db: Database,
  keyring: Keyring,
  presented: PresentedCode,
  now: Instant,
): Promise<ExaminedCode> {
  const { userId, emailKey, ip, typed } = presented
  const [totp, recovery] = [foldTotpCode(typed), foldRecoveryCode(typed)]
  const kind = isTotpShape(totp) ? "totp" : "recovery"
  const attempt = { emailKey, ip, kind } as const
  if (kind === "recovery" && !isRecoveryCodeShape(recovery)) return { userId, attempt, failures: 0, proof: undefined }
  const failures = await takeCodeAttempt(db, keyring, attempt, now)
  const examined = { userId, attempt, failures }
  if (kind === "recovery") {
    return { ...examined, proof: { kind, hashes: recoveryCodeCandidates(keyring, userId, recovery) } }
  }
  const stored = await findStoredSecondFactor(db, userId)
  if (stored?.isOn !== true) return { ...examined, proof: undefined }
  const { sealedSecret } = stored
  const step = await findTotpStep(unseal(keyring, secretPurpose(userId), sealedSecret), totp, now)
  return { ...examined, proof: step === undefined ? undefined : { kind: "step", sealedSecret, step } }
}

/** Takes an examined code, once: false if it is wrong or was taken before. Runs in the transaction of what it allows. */
export async function takeCode(tx: Queries, keyring: Keyring, code: ExaminedCode, now: Instant): Promise<boolean> {
  const { userId, proof } = code
  if (proof === undefined) return false
  const isTaken =
    proof.kind === "step"
      ? await takeStep(tx, { userId, ...proof })
      : await takeRecoveryCode(tx, userId, proof.hashes, now)
  if (isTaken) await recordRightCode(tx, keyring, code.attempt, now)
  return isTaken
}
