import type { Instant } from "../../../clock.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../../http/html.ts"
import { momentText } from "../../../http/moment.page.ts"
import { buttonForm, facts, note } from "../../../http/pieces.page.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookFormMessages } from "../../../messages/webhook-form.ts"
import { webhookDetailMessages } from "../../../messages/webhook-list.ts"
import type { Waiting } from "./to-waiting.ts"
import { waitingNote } from "./waiting.page.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

/** What happened before the page was asked for. */
export type DetailDone =
  | "created"
  | "created-weak"
  | "saved"
  | "saved-weak"
  | "unchanged"
  | "on"
  | "off"
  | "cloned"
  | "again"
  | "finished"
  | "full"

/** A webhook's settings, as texts where they depend on other parts. */
export interface DetailSettings {
  readonly url: string
  readonly eventType: "All" | "In_only" | "Out_only"
  /** One text an account; undefined: all of them. */
  readonly accounts: readonly string[] | undefined
  readonly onlyWithCode: boolean
  readonly prefixes: readonly string[]
  readonly verify: boolean
  readonly contentType: "Json" | "multipart_form-data" | "application_x-www-form-urlencoded"
  readonly authenType: "No_Authen" | "Api_Key" | "HMAC_SHA256" | "OAuth2.0"
  /** Masked. */
  readonly apiKey: string | null
  readonly secret: string | null
  readonly secretIsRaw: boolean
  readonly tokenUrl: string | null
  readonly clientId: string | null
  readonly clientSecret: string | null
  readonly rollEndsAt: Instant | undefined
  readonly retry: "on" | "tail" | "off"
  readonly retryWrongBody: boolean
  readonly disableOn410: boolean
  readonly createdAt: Instant
  readonly creator: string | undefined
  readonly configVersion: number
}

/** One webhook: what it does, how it fares, and what can be done with it. */
export function webhookDetailPage(
  data: WebhookPageData & {
    readonly settings: DetailSettings
    readonly waiting: Waiting
    readonly done: DetailDone | undefined
    readonly mayCreate: boolean
    readonly mayDelete: boolean
  },
): Html {
  const words = speak(webhookDetailMessages, data.language)
  return webhookFrame(
    data,
    { tab: "overview", actions: actions(data) },
    html`${doneNote(data.done, words)}
${!data.webhook.active && data.webhook.offReason === "gone" ? note("warn", words.goneNote) : noHtml}
${waitingNote(data, data.waiting)}
<div class="cards">${cards(data)}</div>
${dangerZone(data)}`,
  )
}

type Words = ReturnType<typeof speak<typeof webhookDetailMessages>>
type Data = Parameters<typeof webhookDetailPage>[0]

function doneNote(done: DetailDone | undefined, words: Words): Html {
  if (done === undefined) return noHtml
  const texts: Readonly<Record<DetailDone, string>> = {
    created: words.doneCreated,
    "created-weak": words.doneCreated,
    saved: words.doneSaved,
    "saved-weak": words.doneSaved,
    unchanged: words.doneUnchanged,
    on: words.doneOn,
    off: words.doneOff,
    cloned: words.doneCloned,
    again: words.doneAgain,
    finished: words.doneFinished,
    full: words.doneFull,
  }
  if (done === "full") return note("danger", texts.full)
  return html`${note("good", texts[done])}${done.endsWith("-weak") ? note("warn", words.weakKey) : noHtml}`
}

function actions({ webhook, user, language, mayUpdate, mayCreate }: Data): Html {
  const words = speak(webhookDetailMessages, language)
  const base = `/webhooks/${webhook.id}`
  const { csrfToken } = user
  const onOff = webhook.active
    ? html`<a class="button plain" href="${`${base}/off`}">${words.switchOff}</a>`
    : buttonForm({ action: `${base}/on`, csrfToken, text: words.switchOn })
  return html`${mayUpdate ? html`<a class="button" href="${`${base}/edit`}">${words.edit}</a>${onOff}` : noHtml}${
    mayCreate ? html`<a class="button plain" href="${`${base}/clone`}">${words.clone}</a>` : noHtml
  }`
}

function cards(data: Data): Html {
  const { settings, language } = data
  const words = speak(webhookDetailMessages, language)
  const form = speak(webhookFormMessages, language)
  const yesNo = (value: boolean) => (value ? words.yes : words.no)
  const directions = { All: form.both, In_only: form.inOnly, Out_only: form.outOnly }
  const formats = {
    Json: "JSON",
    "multipart_form-data": form.multipart,
    "application_x-www-form-urlencoded": form.form,
  }
  const retries = { on: words.retryOn, tail: words.retryTail, off: words.retryOff }
  const prefixes =
    settings.prefixes.length === 0
      ? words.anyPrefix
      : html`<span class="tags">${settings.prefixes.map((prefix) => html`<code>${prefix}</code> `)}</span>`
  return html`${card(words.what, [
    [words.direction, directions[settings.eventType]],
    [words.accounts, accounts(settings.accounts, words)],
    [words.onlyWithCode, yesNo(settings.onlyWithCode)],
    [words.prefixes, prefixes],
    [words.verify, yesNo(settings.verify)],
  ])}${card(
    words.how,
    [
      [words.where, html`<code class="break">${settings.url}</code>`],
      [words.contentType, formats[settings.contentType]],
      ...authFacts(data),
    ],
    rollLink(data),
  )}${card(words.retries, [
    [words.retries, retries[settings.retry]],
    [words.wrongBody, yesNo(settings.retryWrongBody)],
    [words.gone, yesNo(settings.disableOn410)],
  ])}${card(words.about, [
    [words.createdAt, momentText(settings.createdAt, language)],
    ...(settings.creator === undefined ? [] : ([[words.createdBy, settings.creator]] as const)),
    [words.version, settings.configVersion],
  ])}`
}

type Pair = readonly [name: string, value: HtmlValue]

function card(title: string, pairs: readonly Pair[], more: Html = noHtml): Html {
  return html`<section class="card"><h2>${title}</h2>${facts(pairs)}${more}</section>`
}

function accounts(list: readonly string[] | undefined, words: Words): HtmlValue {
  if (list === undefined) return words.allAccounts
  return html`<ul class="plain-list">${list.map((account) => html`<li>${account}</li>`)}</ul>`
}

function authFacts({ settings, language }: Data): readonly Pair[] {
  const words = speak(webhookDetailMessages, language)
  const form = speak(webhookFormMessages, language)
  const shown = (value: string | null): HtmlValue =>
    value === null ? html`<span class="bad">${words.notSet}</span>` : html`<code class="break">${value}</code>`
  switch (settings.authenType) {
    case "No_Authen":
      return [[words.auth, form.authNone]]
    case "Api_Key":
      return [
        [words.auth, form.authKey],
        [words.apiKey, shown(settings.apiKey)],
      ]
    case "HMAC_SHA256": {
      const raw = settings.secretIsRaw ? html`<span class="soft small block">${words.rawSecret}</span>` : noHtml
      return [
        [words.auth, "HMAC-SHA256"],
        [words.secret, html`${shown(settings.secret)}${raw}`],
      ]
    }
    case "OAuth2.0":
      return [
        [words.auth, form.authOauth],
        [words.tokenUrl, shown(settings.tokenUrl)],
        [words.clientId, shown(settings.clientId)],
        [words.clientSecret, shown(settings.clientSecret)],
      ]
  }
}

function rollLink({ settings, webhook, language, mayUpdate }: Data): Html {
  if (settings.authenType !== "HMAC_SHA256" || settings.secret === null || !mayUpdate) return noHtml
  const words = speak(webhookDetailMessages, language)
  const path = `/webhooks/${webhook.id}/roll`
  if (settings.rollEndsAt === undefined)
    return html`<p class="actions"><a class="button plain" href="${path}">${words.roll}</a></p>`
  return note("warn", html`<a href="${path}">${words.rollRunning}</a>`)
}

function dangerZone({ webhook, language, mayDelete }: Data): Html {
  if (!mayDelete) return noHtml
  const words = speak(webhookDetailMessages, language)
  return html`<p class="actions"><a class="button plain danger" href="${`/webhooks/${webhook.id}/delete`}">${words.delete}</a></p>`
}

/** Asks before a webhook is switched off, deleted or cloned. */
export function askPage(
  data: WebhookPageData & { readonly ask: "off" | "delete" | "clone"; readonly formKey: string },
): Html {
  const { language, webhook, user, ask, formKey } = data
  const words = speak(webhookDetailMessages, language)
  const asked = {
    off: {
      title: words.offTitle(webhook.name),
      points: [words.offEffect, words.offEffectQueue, words.offEffectBack],
      confirm: words.offConfirm,
    },
    delete: {
      title: words.deleteTitle(webhook.name),
      points: [words.deleteEffect, words.deleteEffectQueue, words.deleteEffectLog],
      confirm: words.deleteConfirm,
    },
    clone: {
      title: words.cloneTitle(webhook.name),
      points: [words.cloneEffect, words.cloneEffectOff],
      confirm: words.clone,
    },
  }[ask]
  return webhookFrame(
    data,
    { tab: "overview" },
    html`<section class="card ask"><h2>${asked.title}</h2><ul class="points">${asked.points.map((point) => html`<li>${point}</li>`)}</ul>
<form method="post" action="${`/webhooks/${webhook.id}/${ask}`}" class="actions"><input type="hidden" name="csrf_token" value="${user.csrfToken}"><input type="hidden" name="form_key" value="${formKey}">
<button class="${ask === "clone" ? "button" : "button danger"}">${asked.confirm}</button>
<a class="button plain" href="${`/webhooks/${webhook.id}`}">${words.cancel}</a></form></section>`,
  )
}
