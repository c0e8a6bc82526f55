import type { Instant } from "../../../clock.ts"
import { copyButton, copyScript } from "../../../http/copy-button.page.ts"
import { choiceField, hiddenField } from "../../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../../http/html.ts"
import { type FrameUser, layout } from "../../../http/layout.page.ts"
import { momentText } from "../../../http/moment.page.ts"
import { note } from "../../../http/pieces.page.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { durationMessages } from "../../../messages/frame.ts"
import { webhookDetailMessages, webhookSecretMessages } from "../../../messages/webhook-list.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

/** A secret that its owner sees this once. */
export interface SecretToShow {
  readonly kind: "api-key" | "secret" | "new-secret"
  readonly text: string
  /** Of a roll: until when the old one holds. */
  readonly endsAt?: Instant | undefined
}

/** Shows a secret this once (contract/webhooks.md §6.1, secrets). */
export function secretOncePage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly name: string
  readonly secret: SecretToShow
  readonly next: string
}): Html {
  const { language, user, name, secret, next } = data
  const words = speak(webhookSecretMessages, language)
  const title = { "api-key": words.apiKeyTitle, secret: words.secretTitle, "new-secret": words.newSecretTitle }[
    secret.kind
  ]
  const use =
    secret.kind === "api-key"
      ? html`<p>${words.apiKeyUse}</p><pre>Authorization: Apikey ${secret.text}</pre>`
      : html`<p>${words.secretUse}</p>`
  return layout(
    { language, title, user, current: "webhooks", shape: "card", scripts: [copyScript] },
    html`<section class="card"><h1>${title}</h1><p class="soft break">${name}</p>${note("warn", words.once)}
<p class="secret"><code id="secret" class="break">${secret.text}</code>${copyButton("secret", language)}</p>${use}${
      secret.endsAt === undefined ? noHtml : html`<p>${words.rollUse} ${momentText(secret.endsAt, language)}.</p>`
    }<p class="actions"><a class="button" href="${next}">${words.saved}</a></p></section>`,
  )
}

/** Asks before a secret is rolled, or shows how a roll goes (contract/webhooks.md §2.3). */
export function rollPage(
  data: WebhookPageData & {
    /** `none`: there is no secret to roll. */
    readonly roll: "none" | "ready" | { readonly endsAt: Instant; readonly newIsActive: boolean }
    readonly formKey: string
  },
): Html {
  const { language, webhook, user, roll, formKey } = data
  const words = speak(webhookSecretMessages, language)
  const base = `/webhooks/${webhook.id}`
  const back = html`<a class="button plain" href="${base}">${speak(webhookDetailMessages, language).cancel}</a>`
  return webhookFrame(
    data,
    { tab: "overview" },
    html`<section class="card ask"><h2>${words.rollTitle}</h2>${
      roll === "none"
        ? html`<p>${words.rollNone}</p><p class="actions">${back}</p>`
        : roll === "ready"
          ? readyForm(data.language, { action: `${base}/roll`, csrfToken: user.csrfToken, formKey, back })
          : running(data.language, roll, { action: `${base}/finish-roll`, csrfToken: user.csrfToken, back })
    }</section>`,
  )
}

interface AskedForm {
  readonly action: string
  readonly csrfToken: string
  /** The way out, beside the button. */
  readonly back: Html
}

function readyForm(
  language: Language,
  { action, csrfToken, formKey, back }: AskedForm & { readonly formKey: string },
): Html {
  const words = speak(webhookSecretMessages, language)
  const { hours } = speak(durationMessages, language)
  return html`<p>${words.rollLead}</p><form method="post" action="${action}" class="stack">${hiddenField("csrf_token", csrfToken)}${hiddenField("form_key", formKey)}
${choiceField({
  name: "window_hours",
  label: words.rollWindow,
  kind: "radio",
  chosen: ["24"],
  options: [1, 24, 72].map((count) => ({ value: String(count), text: hours(count) })),
})}<p class="actions"><button class="button">${words.rollConfirm}</button>${back}</p></form>`
}

function running(
  language: Language,
  { endsAt, newIsActive }: { readonly endsAt: Instant; readonly newIsActive: boolean },
  { action, csrfToken, back }: AskedForm,
): Html {
  const words = speak(webhookSecretMessages, language)
  return html`<p>${words.runningUntil} ${momentText(endsAt, language)}.</p>${note("good", newIsActive ? words.runningNew : words.runningOld)}
<form method="post" action="${action}" class="stack">${hiddenField("csrf_token", csrfToken)}<p class="hint">${words.finishNote}</p>
<p class="actions"><button class="button danger">${words.finish}</button>${back}</p></form>`
}
