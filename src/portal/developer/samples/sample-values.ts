import type { Client } from "../../../oauth/client.ts"
import { profileRules } from "../../../oauth/profile.ts"

/** The developer's own values, as every sample has them. */
export interface SampleValues {
  readonly baseUrl: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scope: string
  /** Whether the app's profile demands PKCE. */
  readonly pkce: boolean
  readonly isPublic: boolean
  /** A call that the app's scopes allow. */
  readonly apiPath: string
}

/** What an app's samples are filled in with. Pure. */
export function sampleValuesOf(client: Client, baseUrl: string): SampleValues {
  const scopes = client.scopes.map(({ scope }) => scope)
  return {
    baseUrl,
    clientId: client.clientId,
    redirectUri: client.redirectUris[0] ?? "",
    scope: scopes.join(" "),
    pkce: profileRules(client.profile).pkceRequired,
    isPublic: client.clientType === "public",
    apiPath: apiPathOf(scopes),
  }
}

function apiPathOf(scopes: readonly string[]): string {
  if (scopes.includes("transaction:read")) return "/api/v1/transactions?limit=5"
  if (scopes.includes("bank-account:read")) return "/api/v1/bank-accounts"
  if (scopes.includes("profile")) return "/api/v1/me"
  return scopes.includes("company") ? "/api/v1/company" : "/api/v1/webhooks"
}

/** The fixed part of the authorization request; `state` and the challenge are made anew by each sample. */
export function authorizeQuery({ clientId, redirectUri, scope }: SampleValues): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("'", "%27")
  return `response_type=code&client_id=${clientId}&redirect_uri=${encode(redirectUri)}&scope=${encode(scope)}`
}

/** Text without the lines that are undefined. */
export function lines(...all: readonly (string | undefined)[]): string {
  return `${all.filter((line) => line !== undefined).join("\n")}\n`
}
