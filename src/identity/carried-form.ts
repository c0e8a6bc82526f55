import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { SealBroken, seal, unseal } from "../crypto/seal.ts"

/** A field of a form with one of its values. */
export type FieldValue = readonly [name: string, value: string]

/** A form whose session ended before it was sent, on its way through the sign-in. */
export interface CarriedForm {
  /** Whose it is: nobody else gets to see or send it. */
  readonly userId: number
  /** Where it was sent to: a path of this site. */
  readonly path: string
  /** The page that it stood on, as far as that can be told. */
  readonly page: string
  readonly fields: readonly FieldValue[]
  /** Whether something was left out that must be typed again: a password, a code. */
  readonly isPartial: boolean
}

/** How long a form waits for its sender to sign in. */
export const carriedFormMs = 24 * 3600 * 1000

/** The most text that is carried, bytes of names and values: a form of ours that is filled in by hand stays below. */
export const mostCarriedBytes = 16 * 1024

const secretName = /password|secret|token|code|api_?key/i
// Named after codes and tokens, and no such thing; left out, a tick among them would be sent as taken away.
const openNames: ReadonlySet<string> = new Set([
  "codes_on",
  "oauth2_access_token_url",
  "payment_codes_on",
  "skip_if_no_code",
])
// What the pages themselves put into forms.
const untypedNames: ReadonlySet<string> = new Set([
  "config_version",
  "csrf_token",
  "form_key",
  "has_disjoint",
  "lang",
  "newest",
  "next",
  "next_kid",
  "request",
  "seen",
  "sign_up",
  "turn",
  "version",
])
const purpose = "carried form"

/** What of a form may be carried: nothing whose name says that it is secret. */
export function pickFields(form: ReadonlyMap<string, readonly string[]>): Pick<CarriedForm, "fields" | "isPartial"> {
  const sent = [...form].flatMap(([name, values]) => values.map((value): FieldValue => [name, value]))
  return {
    fields: sent.filter(([name]) => !isSecretName(name)),
    isPartial: sent.some((field) => isSecretName(field[0]) && isTypedName(field[0]) && field[1] !== ""),
  }
}

/** Whether what a field of this name holds may be neither kept nor shown. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !openNames.has(name)
}

/** Whether somebody filled in or chose a field of this name, rather than the page. */
export function isTypedName(name: string): boolean {
  return !untypedNames.has(name)
}

/** The fields that somebody filled in or chose. */
export function typedFields(fields: readonly FieldValue[]): readonly FieldValue[] {
  return fields.filter(([name, value]) => isTypedName(name) && value.trim() !== "")
}

/** Whether the fields are few and short enough to be carried. */
export function fitsCarrying(fields: readonly FieldValue[]): boolean {
  return fields.reduce((sum, field) => sum + Buffer.byteLength(field.join("")), 0) <= mostCarriedBytes
}

/** Seals the form for a hidden field of the sign-in page: nobody can read, change or make one. */
export function sealCarriedForm(keyring: Keyring, carried: CarriedForm, now: Instant): string {
  return seal(keyring, purpose, JSON.stringify({ ...carried, at: now }))
}

/** Opens what `sealCarriedForm` made within a day; undefined for anything else. */
export function openCarriedForm(keyring: Keyring, sealed: string | undefined, now: Instant): CarriedForm | undefined {
  if (sealed === undefined || sealed === "") return undefined
  try {
    const { at, ...carried } = JSON.parse(unseal(keyring, purpose, sealed)) as CarriedForm & { at: Instant }
    return now < instantAfter(at, carriedFormMs) ? carried : undefined
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}
