import { timingSafeEqual } from "node:crypto"
import type { Instant } from "../clock.ts"
import { hashCandidates, type Keyring } from "../crypto/keyring.ts"
import { isWellFormedSecret } from "../crypto/secrets.ts"
import type { Queries } from "../database/engine.ts"
import { type Client, findClientWithSecrets, type StoredSecret } from "./clients.store.ts"
import { ago, type ExactReason, exactly } from "./exact-reason.ts"
import { OAuthError } from "./oauth-error.ts"
import { formDecode } from "./raw-parameters.ts"

/** What the caller sent to prove which client it is (contract/oauth.md §6.1). */
export interface ClientCredentials {
  readonly authorization: string | undefined
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly clientAssertion: string | undefined
}

export interface AuthenticatedClient {
  readonly client: Client
  /** The secret used, for "last used"; undefined for a public client. */
  readonly secretId: number | undefined
}

type Claimed = { readonly clientId: string; readonly secret: string | undefined }

/**
 * Finds out which client calls, by its secret in the form or in HTTP Basic, or `none` for a public one. RFC 6749 §2.3.
 *
 * @throws OAuthError invalid_request (two methods, unequal ids), invalid_client
 */
export async function authenticateClient(
  db: Queries,
  keyring: Keyring,
  credentials: ClientCredentials,
  now: Instant,
): Promise<AuthenticatedClient> {
  const claimed = readCredentials(credentials)
  const found = await findClientWithSecrets(db, claimed.clientId)
  if (found === undefined) throw invalidClient()
  const { client, secrets } = found
  if (claimed.secret === undefined) {
    if (client.clientType === "public") return { client, secretId: undefined }
    throw invalidClient(exactly("secret_missing"))
  }
  if (client.clientType === "public") throw invalidClient(exactly("secret_unexpected"))
  if (!isWellFormedSecret("sepay_cs_", claimed.secret)) throw invalidClient(exactly("secret_malformed"))
  const secret = matchingSecret(secrets, hashCandidates(keyring, claimed.secret))
  if (secret === undefined) throw invalidClient(exactly("secret_wrong"))
  if (secret.expiresAt !== null && secret.expiresAt <= now) {
    // Only whoever has the whole secret hears of its end, and the developer knows it by its last characters.
    throw invalidClient(exactly("secret_expired", { ...ago(secret.expiresAt, now), ending: claimed.secret.slice(-4) }))
  }
  return { client, secretId: secret.id }
}

function readCredentials(credentials: ClientCredentials): Claimed {
  const { authorization, clientId, clientSecret, clientAssertion } = credentials
  const methods = [authorization, clientSecret, clientAssertion].filter((method) => method !== undefined)
  if (methods.length > 1) {
    throw new OAuthError("invalid_request", "Use one client authentication method only.", {
      exact: exactly("authentication_doubled"),
    })
  }
  if (clientAssertion !== undefined) throw invalidClient(exactly("assertion_unsupported"))
  if (authorization !== undefined) return readBasic(authorization, clientId)
  if (clientId === undefined) throw invalidClient()
  return { clientId, secret: clientSecret }
}

function readBasic(authorization: string, bodyClientId: string | undefined): Claimed {
  const match = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)
  const decoded = match?.[1] === undefined ? undefined : Buffer.from(match[1], "base64").toString("utf8")
  const colon = decoded?.indexOf(":") ?? -1
  if (decoded === undefined || colon < 0) throw invalidClient()
  const clientId = formDecode(decoded.slice(0, colon))
  if (bodyClientId !== undefined && bodyClientId !== clientId) {
    throw new OAuthError("invalid_request", "The client_id of the body differs from the one of the header.", {
      hint: "client_id",
      exact: exactly("client_ids_differ"),
    })
  }
  return { clientId, secret: formDecode(decoded.slice(colon + 1)) }
}

// Every stored hash is compared with every candidate, whatever matches, so that the time tells nothing.
function matchingSecret(secrets: readonly StoredSecret[], candidates: readonly string[]): StoredSecret | undefined {
  let match: StoredSecret | undefined
  for (const secret of secrets) {
    const stored = Buffer.from(secret.secretHash)
    for (const candidate of candidates.map((text) => Buffer.from(text))) {
      if (stored.length === candidate.length && timingSafeEqual(stored, candidate)) match = secret
    }
  }
  return match
}

// Without a reason no app is known that could be told.
function invalidClient(exact?: ExactReason): OAuthError {
  return new OAuthError("invalid_client", "Client authentication failed.", exact === undefined ? {} : { exact })
}
