import { hiddenField, textField } from "../../http/fields.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable, note, pageHead } from "../../http/pieces.page.ts"
import { signingKeyMessages } from "../../messages/app-review.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { KeyOverview } from "../../oauth/key-overview.ts"

/** What just happened, by the code in the address. */
export const keyCodes = ["published", "rotated", "burned", "burned-fresh"] as const
export type KeyCode = (typeof keyCodes)[number]

interface Base {
  readonly language: Language
  readonly user: FrameUser
}

export interface SigningKeysData extends Base {
  readonly keys: readonly KeyOverview[]
  readonly done: KeyCode | undefined
  readonly problem: boolean
}

/** The signing keys of the instance. */
export function signingKeysPage({ language, user, keys, done, problem }: SigningKeysData): Html {
  const words = speak(signingKeyMessages, language)
  const next = keys.find((key) => key.state === "next")
  const mayRotate = next === undefined || next.maySign
  const action = html`<a class="button" href="/operator/keys/rotate">${next === undefined ? words.publishAction : words.switchAction}</a>`
  return layout(
    { language, title: words.title, user, current: "operator-keys" },
    html`${pageHead(words.title, words.lead, mayRotate ? action : noHtml)}
${done === undefined ? noHtml : note("good", doneText(done, language))}${problem ? note("danger", words.notDone) : noHtml}
${next === undefined || next.maySign || next.signsFrom === undefined ? noHtml : html`<div class="note">${words.waitNote} ${words.waitUntil} <strong>${momentText(next.signsFrom, language)}</strong>.</div>`}
${keyTable(keys, language)}`,
  )
}

function doneText(done: KeyCode, language: Language): string {
  const words = speak(signingKeyMessages, language)
  return {
    published: words.donePublished,
    rotated: words.doneRotated,
    burned: words.doneBurned,
    "burned-fresh": words.doneBurnedFresh,
  }[done]
}

function keyTable(keys: readonly KeyOverview[], language: Language): Html {
  const words = speak(signingKeyMessages, language)
  const columns = [
    { title: words.kid },
    { title: words.algorithm, wide: true },
    { title: words.state },
    { title: words.since },
    { title: words.tokensUntil },
    { title: words.step },
  ]
  const kinds = { next: "warn", active: "good", retired: "plain", burned: "danger" } as const
  const rows = keys.map((key) => [
    html`<code class="cell-text">${key.kid}</code>`,
    key.algorithm,
    badge(words[key.state], kinds[key.state]),
    momentText(key.since, language),
    tokensText(key, language),
    key.state === "burned"
      ? noHtml
      : html`<a href="${`/operator/keys/${key.kid}/burn`}" aria-label="${words.burnLabel(key.kid)}">${words.burnAction}</a>`,
  ])
  return dataTable(words.title, columns, rows)
}

function tokensText(key: KeyOverview, language: Language): HtmlValue {
  const words = speak(signingKeyMessages, language)
  switch (key.state) {
    case "next":
      return words.neverSigned
    case "active":
      return words.signing
    case "burned":
      return words.failed
    case "retired":
      return key.tokensUntil === undefined ? words.none : momentText(key.tokensUntil, language)
  }
}

/** Asks before a step of the rotation. `nextKid` is the key that is next now, if there is one. */
export function rotateKeysPage({ language, user, nextKid }: Base & { readonly nextKid: string | undefined }): Html {
  const words = speak(signingKeyMessages, language)
  const isSwitch = nextKid !== undefined
  const title = isSwitch ? words.switchAsk : words.publishAsk
  return layout(
    { language, title, user, current: "operator-keys", shape: "card" },
    html`<section class="card"><h1>${title}</h1><p>${isSwitch ? words.switchText : words.publishText}</p>
${isSwitch ? html`<p><code class="break">${nextKid}</code></p>` : noHtml}
<form method="post" action="/operator/keys/rotate" class="actions">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("next_kid", nextKid ?? "")}
<button class="button">${isSwitch ? words.switch : words.publish}</button><a class="button plain" href="/operator/keys">${words.keep}</a></form></section>`,
  )
}

/** Asks before a key is burned: its id has to be typed. */
export function burnKeyPage(
  data: Base & { readonly kid: string; readonly isActive: boolean; readonly typed: string; readonly problem: boolean },
): Html {
  const { language, user, kid, isActive, typed, problem } = data
  const words = speak(signingKeyMessages, language)
  return layout(
    { language, title: words.burnAsk, user, current: "operator-keys", shape: "card" },
    html`<section class="card"><h1>${words.burnAsk}</h1><p><code class="break">${kid}</code></p>
<p>${words.burnWhen}</p>
<ul class="points"><li>${words.burnEffectTokens}</li><li>${words.burnEffectUnpublished}</li>${isActive ? html`<li>${words.burnEffectFresh}</li>` : noHtml}<li>${words.burnEffectApps}</li></ul>
${note("warn", words.burnNoUndo)}
<form method="post" action="${`/operator/keys/${kid}/burn`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${textField({ name: "typed_kid", label: words.burnType, value: typed, problem: problem ? words.burnTypeProblem : undefined, required: true, more: { autocomplete: "off", autocapitalize: "off", spellcheck: "false" } })}
<div class="actions"><button class="button danger">${words.burn}</button><a class="button plain" href="/operator/keys">${words.keep}</a></div></form></section>`,
  )
}
