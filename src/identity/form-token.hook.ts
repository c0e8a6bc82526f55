import type { Keyring } from "../crypto/keyring.ts"
import { formToken, isFormToken } from "../http/csrf.ts"

/** Which session of which user a form was made for. */
export interface FormOrigin {
  /** The session's public id. */
  readonly publicId: string
  readonly userId: number
}

const shape = /^([A-Za-z0-9_-]{22})\.([1-9][0-9]{0,15})\.(.{1,100})$/

/**
 * The token of a session's forms: it names session and user and is signed, so that a form which outlives its session still
 * tells whose it was. Good for changes only while that very session lives.
 */
export function sessionFormToken(keyring: Keyring, origin: FormOrigin): string {
  return `${origin.publicId}.${origin.userId}.${formToken(keyring, bindingOf(origin))}`
}

/** Where a form came from, if this site made its token; undefined for anything else. */
export function readFormOrigin(keyring: Keyring, token: string | undefined): FormOrigin | undefined {
  const [, publicId = "", userId = "", signed] = shape.exec(token ?? "") ?? []
  const origin = { publicId, userId: Number(userId) }
  return isFormToken(keyring, bindingOf(origin), signed) ? origin : undefined
}

function bindingOf({ publicId, userId }: FormOrigin): string {
  return `session ${publicId} of user ${userId}`
}
