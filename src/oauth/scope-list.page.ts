import { type Html, html } from "../http/html.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { scopeMessages } from "../messages/oauth.ts"
import type { Scope } from "./protocol.ts"

/** What a scope allows, in the words of contract/oauth.md §3. */
export function scopeText(scope: Scope, language: Language): string {
  return speak(scopeMessages, language)[scope]
}

/** Scopes in words, one a line. */
export function scopeList(scopes: readonly Scope[], language: Language): Html {
  return html`<ul class="ticks">${scopes.map((scope) => html`<li>${scopeText(scope, language)}</li>`)}</ul>`
}

/** An app's picture: its logo, or the first letter of its name. */
export function appTile(name: string, logoUrl: string | null): Html {
  if (logoUrl !== null) return html`<img class="app-tile" src="${logoUrl}" alt="" width="56" height="56">`
  return html`<span class="app-tile" aria-hidden="true">${[...name][0]?.toUpperCase() ?? ""}</span>`
}

/** The address of our copy of an app's logo (contract/oauth.md §15); null when it has none. */
export function logoPath(logo: { readonly hash: string } | null | undefined): string | null {
  return logo === null || logo === undefined ? null : `/app-logos/${logo.hash}`
}
