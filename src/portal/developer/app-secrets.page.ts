import { hiddenField, selectField } from "../../http/fields.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { facts, note } from "../../http/pieces.page.ts"
import { appPageMessages, appSecretMessages } from "../../messages/app-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { ListedSecret, RotationProblem } from "../../oauth/client-secret.ts"
import type { ManagedClient } from "../../oauth/manage-client.ts"
import { appHead, headOf } from "./app-state.page.ts"
import { appTabs } from "./app-tabs.page.ts"
import { copyable } from "./copyable.page.ts"

export interface AppSecretsData {
  readonly language: Language
  readonly user: FrameUser
  readonly client: ManagedClient
  readonly secrets: readonly ListedSecret[]
  /** The one just made, this once. */
  readonly revealed: string | undefined
  readonly formKey: string
  readonly done: "made" | "expired" | undefined
  readonly problem: RotationProblem | undefined
  /** What was chosen in a form that came back. */
  readonly oldExpiresIn: string
}

/** The secrets of an app, and the form that makes one. */
export function appSecretsPage(data: AppSecretsData): Html {
  const { language, user, client } = data
  const words = speak(appSecretMessages, language)
  return layout(
    { language, title: client.values.name, user, current: "apps", scripts: ["copy.js", "tabs.js"] },
    html`${appHead(headOf(client), language)}
${appTabs(client.clientId, "secrets", language)}
${notes(data)}${revealed(data)}
<p class="lead">${client.values.clientType === "public" ? words.publicClient : words.lead}</p>
${client.values.clientType === "public" ? noHtml : html`${secretList(data)}${newSecretForm(data)}`}`,
  )
}

function notes({ language, done, problem, revealed: secret }: AppSecretsData): Html {
  const words = speak(appSecretMessages, language)
  const problems: Readonly<Record<RotationProblem, string>> = {
    two_active: words.problemTwoActive,
    overlap: words.problemOverlap,
    made_meanwhile: words.problemMeanwhile,
    public_client: words.publicClient,
  }
  if (problem !== undefined) return note("danger", problems[problem])
  if (done === "expired") return note("good", words.doneExpired)
  return done === "made" && secret === undefined ? note("warn", words.doneAgain) : noHtml
}

function revealed({ language, client, revealed: secret }: AppSecretsData): Html {
  if (secret === undefined) return noHtml
  const words = speak(appSecretMessages, language)
  const page = speak(appPageMessages, language)
  return html`<section class="card revealed" role="status"><h2>${words.madeTitle}</h2><p>${words.made}</p>
${facts([
  [page.clientId, copyable("made-client-id", client.clientId, language)],
  [words.clientSecret, copyable("made-secret", secret, language)],
])}
<p class="soft">${words.madeKeep}</p><p class="actions"><a class="button" href="${`/developer/apps/${client.clientId}/quick-start`}">${words.next}</a><a class="button plain" href="${`/developer/apps/${client.clientId}`}">${words.nextReview}</a></p></section>`
}

function secretList({ language, client, secrets }: AppSecretsData): Html {
  const words = speak(appSecretMessages, language)
  if (secrets.length === 0) return note("warn", words.none)
  const cards = secrets.map(
    (secret) =>
      html`<article class="card"><h3><code>…${secret.lastCharacters}</code></h3>${facts([
        [words.createdAt, momentText(secret.createdAt, language)],
        [words.expiresAt, secret.expiresAt === null ? words.noExpiry : momentText(secret.expiresAt, language)],
        [words.lastUsed, lastUsed(secret, language)],
      ])}<p class="actions"><a class="button plain danger" href="${`/developer/apps/${client.clientId}/secrets/${secret.id}/expire`}" aria-label="${words.expireLabel(secret.lastCharacters)}">${words.expire}</a></p></article>`,
  )
  return html`<section class="stack"><h2>${words.listTitle}</h2><div class="cards">${cards}</div></section>`
}

function lastUsed(secret: ListedSecret, language: Language): HtmlValue {
  const words = speak(appSecretMessages, language)
  if (secret.lastUsedAt === null) return words.neverUsed
  const from = secret.lastUsedIp === null ? noHtml : html`, ${words.from} ${secret.lastUsedIp}`
  return html`${momentText(secret.lastUsedAt, language)}${from}`
}

function newSecretForm({ language, client, user, secrets, formKey, oldExpiresIn, problem }: AppSecretsData): Html {
  const words = speak(appSecretMessages, language)
  const options = [
    ["0", words.now],
    ["3600", words.hour],
    ["86400", words.day],
    ["604800", words.days(7)],
    ["2592000", words.days(30)],
    ["7776000", words.days(90)],
  ].map(([value = "", text = ""]) => ({ value, text }))
  const isFirst = secrets.length === 0
  return html`<form method="post" action="${`/developer/apps/${client.clientId}/secrets`}" class="card stack"><h2>${words.newTitle}</h2>
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}${hiddenField("newest", String(secrets.at(-1)?.id ?? 0))}
${
  isFirst
    ? hiddenField("old_expires_in", "0")
    : html`<p class="soft">${words.newText}</p>${selectField({ name: "old_expires_in", label: words.oldExpiresIn, hint: words.oldHint, options, value: oldExpiresIn, problem: problem === "overlap" ? words.problemOverlap : undefined })}`
}
<div class="actions"><button class="button">${isFirst ? words.makeFirst : words.make}</button></div></form>`
}

export interface ExpireSecretData {
  readonly language: Language
  readonly user: FrameUser
  readonly client: ManagedClient
  readonly secret: ListedSecret
  readonly isLast: boolean
}

/** Asks before a secret is ended. */
export function expireSecretPage({ language, user, client, secret, isLast }: ExpireSecretData): Html {
  const words = speak(appSecretMessages, language)
  const title = words.expireAsk(`…${secret.lastCharacters}`)
  const secrets = `/developer/apps/${client.clientId}/secrets`
  return layout(
    { language, title, user, current: "apps", shape: "card" },
    html`<section class="card"><h1>${title}</h1><p class="soft break">${client.values.name}</p>
${facts([
  [words.createdAt, momentText(secret.createdAt, language)],
  [words.lastUsed, lastUsed(secret, language)],
])}
<p>${words.expireText}</p>${isLast ? note("warn", words.expireLast) : noHtml}
<form method="post" action="${`${secrets}/${secret.id}/expire`}" class="actions">${hiddenField("csrf_token", user.csrfToken)}
<button class="button danger">${words.expireConfirm}</button><a class="button plain" href="${secrets}">${words.keep}</a></form></section>`,
  )
}
