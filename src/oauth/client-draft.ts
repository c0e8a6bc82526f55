import type { ClientValues } from "./client-values.ts"
import type { RegisteredScope } from "./clients.store.ts"
import { profileRules } from "./profile.ts"
import { type Profile, profiles } from "./protocol.ts"
import { findRedirectUriFault, type RedirectUriFault } from "./redirect-uri.ts"
import { inListedOrder } from "./scope.ts"

/** What somebody typed who registers or changes an app (contract/oauth.md §15). */
export interface ClientDraft {
  readonly name: string
  readonly description: string
  /** Empty: none. */
  readonly website: string
  /** Empty: none. */
  readonly logoUrl: string
  readonly profile: string
  readonly clientType: string
  readonly redirectUris: readonly string[]
  readonly scopes: readonly RegisteredScope[]
  readonly legacyTokenErrors: boolean
}

/** Why a logo could not be taken over. */
export type LogoFault =
  | { readonly kind: "unreachable" }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "too_large" }
  | { readonly kind: "no_image" }
  | { readonly kind: "dimensions"; readonly width: number; readonly height: number }

/** What is wrong with the redirect URIs. */
export type RedirectUrisFault =
  | { readonly field: "redirect_uris"; readonly kind: "count" | "all_removed" }
  | { readonly field: "redirect_uris"; readonly kind: "repeated"; readonly uri: string }
  | { readonly field: "redirect_uris"; readonly kind: "uri"; readonly uri: string; readonly fault: RedirectUriFault }

/** One thing that is wrong with a draft: the field by its name in the contract, and what. */
export type ClientFault =
  | { readonly field: "name"; readonly kind: "length" | "characters" }
  | { readonly field: "description"; readonly kind: "length" | "characters" }
  | { readonly field: "website"; readonly kind: "url" | "needed_for_review" }
  | { readonly field: "logo_url"; readonly kind: "url" }
  | { readonly field: "logo_url"; readonly kind: "logo"; readonly fault: LogoFault }
  | RedirectUrisFault
  | { readonly field: "scopes"; readonly kind: "none" | "unknown" | "both" | "all_removed" }
  | { readonly field: "profile"; readonly kind: "unknown" | "unavailable" }
  | { readonly field: "client_type"; readonly kind: "unknown" | "needs_oauth21" }
  | { readonly field: "legacy_token_errors"; readonly kind: "sepay_only" }

/** A draft whose fields are right by themselves; its logo is not fetched yet. */
export type CheckedDraft = Omit<ClientValues, "logo"> & { readonly logoUrl: string | null }

const mostUris = 10
const longestName = 100
const longestDescription = 500
const longestUrl = 500

/** Checks each field of a draft (contract/oauth.md §15). Pure. */
export function checkClientDraft(
  draft: ClientDraft,
): { readonly checked: CheckedDraft } | { readonly faults: readonly ClientFault[] } {
  const faults: ClientFault[] = []
  const refuse = (fault: ClientFault) => void faults.push(fault)
  const name = checkName(draft.name, refuse)
  const description = checkDescription(draft.description, refuse)
  const website = checkUrl(draft.website)
  if (website === undefined) refuse({ field: "website", kind: "url" })
  const logoUrl = checkUrl(draft.logoUrl)
  if (logoUrl === undefined) refuse({ field: "logo_url", kind: "url" })
  const profile = checkProfile(draft.profile, refuse)
  const clientType = checkClientType(draft.clientType, profile, refuse)
  const { legacyTokenErrors } = draft
  if (legacyTokenErrors && !profileRules(profile).legacyTokenErrors) {
    refuse({ field: "legacy_token_errors", kind: "sepay_only" })
  }
  checkRedirectUris(draft.redirectUris, profile, refuse)
  const scopes = checkScopes(draft.scopes, refuse)
  if (faults.length > 0 || website === undefined || logoUrl === undefined) return { faults }
  const { redirectUris } = draft
  return {
    checked: { name, description, website, logoUrl, profile, clientType, redirectUris, scopes, legacyTokenErrors },
  }
}

type Refuse = (fault: ClientFault) => void

// Marks that turn the direction of text could make a name read as another one on the consent page.
const controls = /[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u

function checkName(text: string, refuse: Refuse): string {
  const name = text.toWellFormed().normalize("NFC").trim()
  const { length } = [...name]
  if (length < 3 || length > longestName) refuse({ field: "name", kind: "length" })
  else if (controls.test(name)) refuse({ field: "name", kind: "characters" })
  return name
}

function checkDescription(text: string, refuse: Refuse): string {
  const description = text.toWellFormed().normalize("NFC").replace(/\r\n?/g, "\n").trim()
  if ([...description].length > longestDescription) refuse({ field: "description", kind: "length" })
  else if (controls.test(description.replaceAll("\n", ""))) refuse({ field: "description", kind: "characters" })
  return description
}

/** An https URL, null for an empty text, undefined for another one. */
function checkUrl(text: string): string | null | undefined {
  const url = text.trim()
  if (url === "") return null
  if (url.length > longestUrl || !/^https:\/\/[^/?#@\\]+(?:[/?#]|$)/i.test(url)) return undefined
  return !/[\s\\]/.test(url) && !controls.test(url) && URL.canParse(url) ? url : undefined
}

function checkProfile(profile: string, refuse: Refuse): Profile {
  if (profile === "fapi2") refuse({ field: "profile", kind: "unavailable" })
  else if (!(profiles as readonly string[]).includes(profile)) refuse({ field: "profile", kind: "unknown" })
  else return profile as Profile
  return "sepay"
}

function checkClientType(clientType: string, profile: Profile, refuse: Refuse): ClientValues["clientType"] {
  if (clientType === "confidential") return clientType
  if (clientType !== "public") refuse({ field: "client_type", kind: "unknown" })
  else if (!profileRules(profile).publicClients) refuse({ field: "client_type", kind: "needs_oauth21" })
  return clientType === "public" ? "public" : "confidential"
}

function checkRedirectUris(uris: readonly string[], profile: Profile, refuse: Refuse): void {
  if (uris.length === 0 || uris.length > mostUris) refuse({ field: "redirect_uris", kind: "count" })
  const seen = new Set<string>()
  for (const uri of uris) {
    const fault = findRedirectUriFault(uri, profile)
    if (fault !== undefined) refuse({ field: "redirect_uris", kind: "uri", uri, fault })
    else if (seen.has(uri)) refuse({ field: "redirect_uris", kind: "repeated", uri })
    seen.add(uri)
  }
}

function checkScopes(registered: readonly RegisteredScope[], refuse: Refuse): readonly RegisteredScope[] {
  if (registered.length === 0) refuse({ field: "scopes", kind: "none" })
  const names = registered.map(({ scope }) => scope)
  if (new Set(names).size !== names.length) refuse({ field: "scopes", kind: "both" })
  return inListedOrder(names).flatMap((scope) => registered.find((one) => one.scope === scope) ?? [])
}
