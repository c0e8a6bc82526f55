import { appFaultMessages } from "../messages/app-faults.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import type { ClientFault, LogoFault, RedirectUrisFault } from "./client-draft.ts"
import type { RedirectUriFault } from "./redirect-uri.ts"

/** What is wrong with a field of an app, as a sentence; about one redirect URI, without the URI itself. */
export function clientFaultText(fault: ClientFault, language: Language): string {
  const words = speak(appFaultMessages, language)
  switch (fault.field) {
    case "name":
      return fault.kind === "length" ? words.nameLength : words.nameCharacters
    case "description":
      return fault.kind === "length" ? words.descriptionLength : words.descriptionCharacters
    case "website":
      return fault.kind === "url" ? words.website : words.websiteNeeded
    case "logo_url":
      return fault.kind === "url" ? words.logoUrl : logoFaultText(fault.fault, language)
    case "redirect_uris":
      return redirectUrisText(fault, language)
    case "scopes":
      return {
        none: words.scopesNone,
        unknown: words.scopesUnknown,
        both: words.scopesBoth,
        all_removed: words.scopesAllRemoved,
      }[fault.kind]
    case "profile":
      return fault.kind === "unavailable" ? words.profileUnavailable : words.profileUnknown
    case "client_type":
      return fault.kind === "unknown" ? words.clientTypeUnknown : words.clientTypeNeedsOauth21
    case "legacy_token_errors":
      return words.legacySepayOnly
  }
}

function redirectUrisText(fault: RedirectUrisFault, language: Language): string {
  const words = speak(appFaultMessages, language)
  switch (fault.kind) {
    case "count":
      return words.uriCount
    case "all_removed":
      return words.uriAllRemoved
    case "repeated":
      return words.uriRepeated
    case "uri":
      return redirectUriFaultText(fault.fault, language)
  }
}

/** What is wrong with one redirect URI: which character, counted from 1, or which part. */
export function redirectUriFaultText(fault: RedirectUriFault, language: Language): string {
  const words = speak(appFaultMessages, language)
  switch (fault.kind) {
    case "too_long":
      return words.uriTooLong(fault.length)
    case "character": {
      const position = fault.at + 1
      const isSeen = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(fault.character)
      return isSeen ? words.uriCharacter({ position, character: fault.character }) : words.uriSpace(position)
    }
    case "wildcard":
      return words.uriWildcard(fault.at + 1)
    case "fragment":
      return words.uriFragment(fault.at + 1)
    case "not_absolute":
      return words.uriNotAbsolute
    case "user_information":
      return words.uriUserInformation(fault.part)
    case "query_name":
      return words.uriQueryName(fault.part)
    case "http_host":
      return words.uriHttpHost(fault.part)
    case "scheme":
      return words.uriScheme(fault.part)
    case "scheme_without_dot":
      return words.uriSchemeWithoutDot(fault.part)
  }
}

function logoFaultText(fault: LogoFault, language: Language): string {
  const words = speak(appFaultMessages, language)
  switch (fault.kind) {
    case "unreachable":
      return words.logoUnreachable
    case "status":
      return words.logoStatus(fault.status)
    case "too_large":
      return words.logoTooLarge
    case "no_image":
      return words.logoNoImage
    case "dimensions":
      return words.logoDimensions(fault)
  }
}
