import type { Instant } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { seal, unseal } from "../crypto/seal.ts"
import { API_KEY_PURPOSE, OAUTH2_SECRET_PURPOSE, WEBHOOK_SECRET_PURPOSE } from "./credential-seals.ts"
import { type FieldFault, hasFault, withoutFields } from "./field-faults.ts"
import { currentSecrets, onlySecret } from "./secret-roll.ts"
import { newWebhookSecret } from "./signature.ts"
import type { AuthenType } from "./webhook.ts"
import type { CredentialDraft } from "./webhook-draft.ts"
import type { SealedCredentials } from "./webhooks.store.ts"

/** A webhook without any. */
export const noCredentials: SealedCredentials = {
  ...onlySecret(undefined),
  sealedApiKey: undefined,
  apiKeyHash: undefined,
  oauth2AccessTokenUrl: undefined,
  oauth2ClientId: undefined,
  sealedOauth2ClientSecret: undefined,
  oauth2Dialect: undefined,
}

const fieldsOf: Readonly<Record<AuthenType, readonly string[]>> = {
  No_Authen: [],
  Api_Key: ["api_key"],
  HMAC_SHA256: ["secret_key"],
  "OAuth2.0": ["oauth2_access_token_url", "oauth2_client_id", "oauth2_client_secret"],
}

/** What credentials are merged from. */
export interface CredentialMerge {
  readonly keyring: Keyring
  readonly now: Instant
  readonly authenType: AuthenType
  /** Undefined for a new webhook, and for one whose type changes: what it had is erased. */
  readonly before: SealedCredentials | undefined
  readonly draft: CredentialDraft
  /** Whether each field of the type must be there: only a clone that is off may lack some. */
  readonly complete: boolean
}

export interface MergedCredentials {
  readonly credentials: SealedCredentials
  /** Credentials that this request set or had generated. */
  readonly isSet: { readonly apiKey: boolean; readonly secretKey: boolean }
  /** The faults given, those of ignored fields left out, and the fields that are missing. */
  readonly faults: readonly FieldFault[]
}

/** Merges the credentials of a webhook (contract/api.md §8): fields of other types are ignored, equal ones kept as they are. */
export function mergeCredentials(merge: CredentialMerge, given: readonly FieldFault[]): MergedCredentials {
  const { authenType, before = noCredentials, complete } = merge
  const draft = withoutMasked(merge.draft)
  const credentials = mergeOfType[authenType]({ ...merge, draft }, before)
  const ignored = Object.values(fieldsOf)
    .flat()
    .filter((field) => !fieldsOf[authenType].includes(field))
  const faults = withoutFields(given, ignored)
  const missing = complete ? fieldsOf[authenType].filter((field) => !isThere(credentials, field)) : []
  return {
    credentials,
    isSet: {
      apiKey: draft.apiKey !== undefined && authenType === "Api_Key",
      secretKey: authenType === "HMAC_SHA256" && (draft.secretKey !== undefined || merge.before === undefined),
    },
    faults: [
      ...faults,
      ...missing.filter((path) => !hasFault(faults, path)).map((path) => ({ path, problem: "is required" })),
    ],
  }
}

type Merge = CredentialMerge
type MergeOfType = (merge: Merge, before: SealedCredentials) => SealedCredentials

const mergeOfType: Readonly<Record<AuthenType, MergeOfType>> = {
  No_Authen: () => noCredentials,
  Api_Key: ({ keyring, draft: { apiKey } }, before) => {
    if (apiKey === undefined || opens(keyring, API_KEY_PURPOSE, before.sealedApiKey, apiKey)) return before
    const apiKeyHash = hashSecret(keyring.current, apiKey)
    return { ...noCredentials, sealedApiKey: seal(keyring, API_KEY_PURPOSE, apiKey), apiKeyHash }
  },
  HMAC_SHA256: (merge, before) => {
    const { keyring, draft } = merge
    const secret = draft.secretKey ?? (merge.before === undefined ? newWebhookSecret() : undefined)
    if (secret === undefined) return before
    const { active, other } = currentSecrets(before, merge.now)
    // A secret that is written ends a running roll, whichever of the two it is (contract/webhooks.md §2.3).
    if (other === undefined && opens(keyring, WEBHOOK_SECRET_PURPOSE, active, secret)) return before
    return { ...noCredentials, ...onlySecret(seal(keyring, WEBHOOK_SECRET_PURPOSE, secret)) }
  },
  "OAuth2.0": ({ keyring, draft }, before) => {
    const { oauth2ClientSecret: secret } = draft
    const isKept =
      secret === undefined || opens(keyring, OAUTH2_SECRET_PURPOSE, before.sealedOauth2ClientSecret, secret)
    const merged = {
      ...noCredentials,
      oauth2AccessTokenUrl: draft.oauth2AccessTokenUrl ?? before.oauth2AccessTokenUrl,
      oauth2ClientId: draft.oauth2ClientId ?? before.oauth2ClientId,
      sealedOauth2ClientSecret: isKept ? before.sealedOauth2ClientSecret : seal(keyring, OAUTH2_SECRET_PURPOSE, secret),
    }
    // Which dialect works is known of one token endpoint alone.
    const isSameUrl = merged.oauth2AccessTokenUrl === before.oauth2AccessTokenUrl
    return { ...merged, oauth2Dialect: isSameUrl ? before.oauth2Dialect : undefined }
  },
}

function opens(keyring: Keyring, purpose: string, sealed: string | undefined, text: string): boolean {
  return sealed !== undefined && unseal(keyring, purpose, sealed) === text
}

function isThere(credentials: SealedCredentials, field: string): boolean {
  const { sealedApiKey, sealedSecret, oauth2AccessTokenUrl, oauth2ClientId, sealedOauth2ClientSecret } = credentials
  const values: Readonly<Record<string, string | undefined>> = {
    api_key: sealedApiKey,
    secret_key: sealedSecret,
    oauth2_access_token_url: oauth2AccessTokenUrl,
    oauth2_client_id: oauth2ClientId,
    oauth2_client_secret: sealedOauth2ClientSecret,
  }
  return values[field] !== undefined
}

/** Credentials as an answer shows them. */
export interface ShownCredentials {
  readonly apiKey: string | null
  readonly secretKey: string | null
  readonly oauth2AccessTokenUrl: string | null
  readonly oauth2ClientId: string | null
  readonly oauth2ClientSecret: string | null
}

/** Opens credentials and masks those that are not to be shown; of a roll's secrets the active one counts. */
export function showCredentials(
  credentials: SealedCredentials,
  keys: { readonly keyring: Keyring; readonly now: Instant },
  clear: { readonly apiKey: boolean; readonly secretKey: boolean },
): ShownCredentials {
  const open = (purpose: string, sealed: string | undefined, isClear: boolean) => {
    if (sealed === undefined) return null
    const text = unseal(keys.keyring, purpose, sealed)
    return isClear ? text : mask(text)
  }
  const { active } = currentSecrets(credentials, keys.now)
  return {
    apiKey: open(API_KEY_PURPOSE, credentials.sealedApiKey, clear.apiKey),
    secretKey: open(WEBHOOK_SECRET_PURPOSE, active, clear.secretKey),
    oauth2AccessTokenUrl: credentials.oauth2AccessTokenUrl ?? null,
    oauth2ClientId: credentials.oauth2ClientId ?? null,
    oauth2ClientSecret: open(OAUTH2_SECRET_PURPOSE, credentials.sealedOauth2ClientSecret, false),
  }
}

const masked = /^\*{4}.{0,4}$/su

/** `****` and the last four characters; of a value that has no more than four, nothing. */
export function mask(text: string): string {
  const characters = [...text]
  return characters.length > 4 ? `****${characters.slice(-4).join("")}` : "****"
}

function withoutMasked(draft: CredentialDraft): CredentialDraft {
  const clear = (text: string | undefined) => (text !== undefined && masked.test(text) ? undefined : text)
  return {
    ...draft,
    apiKey: clear(draft.apiKey),
    secretKey: clear(draft.secretKey),
    oauth2ClientSecret: clear(draft.oauth2ClientSecret),
  }
}
