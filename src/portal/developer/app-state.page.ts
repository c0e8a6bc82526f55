import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { badge } from "../../http/pieces.page.ts"
import { appFieldMessages, appStateMessages } from "../../messages/app-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { ClientLogo } from "../../oauth/client-values.ts"
import type { ManagedClient } from "../../oauth/manage-client.ts"
import type { ClientState } from "../../oauth/protocol.ts"
import { appTile, logoPath, scopeText } from "../../oauth/scope-list.page.ts"

const badgeKinds = {
  draft: "plain",
  pending_review: "warn",
  approved: "good",
  rejected: "danger",
  suspended: "danger",
} as const

/** The state of an app in a word. */
export function stateBadge(state: ClientState, language: Language): Html {
  return badge(speak(appStateMessages, language)[state], badgeKinds[state])
}

/** The head of each page of an app: its picture, its name and its state. */
export function appHead(
  app: { readonly name: string; readonly state: ClientState; readonly logoUrl: string | null },
  language: Language,
): Html {
  return html`<div class="app-head">${appTile(app.name, app.logoUrl)}<div><h1>${app.name}</h1><p class="tags">${stateBadge(app.state, language)}</p></div></div>`
}

/** What `appHead` shows of an app. */
export function headOf({ values, state }: ManagedClient) {
  return { name: values.name, state, logoUrl: logoPath(values.logo) }
}

/** What the pending changes of an app would do, field by field: what is live, and what comes instead or besides. */
export function pendingList(client: ManagedClient, language: Language): Html {
  const words = speak(appFieldMessages, language)
  return html`<ul class="changes">${pendingRows(client, language).map(
    ([field, now, after]) =>
      html`<li><h3>${field}</h3><dl>${
        now === undefined ? noHtml : html`<div><dt>${words.now}</dt><dd>${now}</dd></div>`
      }<div class="after"><dt>${now === undefined ? words.added : words.after}</dt><dd>${after}</dd></div></dl></li>`,
  )}</ul>`
}

/** Without `now`, it is something new. */
type Row = readonly [field: string, now: HtmlValue | undefined, after: HtmlValue]

function pendingRows({ values, pending = {} }: ManagedClient, language: Language): readonly Row[] {
  const words = speak(appFieldMessages, language)
  const row = (field: string, now: HtmlValue | undefined, after: HtmlValue): Row => [field, now, after]
  const logo = (one: ClientLogo | null) => (one === null ? words.none : appTile(values.name, logoPath(one)))
  return [
    ...(pending.name === undefined ? [] : [row(words.name, values.name, pending.name)]),
    ...(pending.website === undefined ? [] : [row(words.website, values.website ?? words.none, pending.website)]),
    ...(pending.logo === undefined ? [] : [row(words.logo, logo(values.logo), logo(pending.logo))]),
    ...(pending.profile === undefined ? [] : [row(words.profile, values.profile, pending.profile)]),
    ...(pending.clientType === undefined
      ? []
      : [row(words.clientType, words[values.clientType], words[pending.clientType])]),
    ...(pending.redirectUris ?? []).map((uri) => row(words.redirectUri, undefined, html`<code>${uri}</code>`)),
    ...(pending.scopes ?? []).map(({ scope, required }) => {
      const live = values.scopes.find((one) => one.scope === scope)
      const text = (isRequired: boolean) =>
        html`${scopeText(scope, language)} <span class="soft">(${isRequired ? words.required : words.optional})</span>`
      return row(words.scope, live === undefined ? undefined : text(live.required), text(required))
    }),
  ]
}

/** What the operator said, in a note of its own; line ends as he wrote them. */
export function reasonNote(title: string, reason: string | null): Html {
  if (reason === null) return noHtml
  return html`<div class="note danger"><strong>${title}</strong><p class="lines">${reason}</p></div>`
}
