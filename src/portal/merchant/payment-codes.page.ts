import { hiddenField, textField, tickField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { badge, buttonForm, dataTable, note, pageHead } from "../../http/pieces.page.ts"
import type { Mode } from "../../ids.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { paymentCodeMessages } from "../../messages/payment-code-pages.ts"
import { lengthText, type TemplateView } from "./payment-code-template.page.ts"
import { type TrialView, trialResult } from "./payment-code-trial.page.ts"
import { modeSwitch } from "./transactions.page.ts"

/** All that the page of payment codes shows. */
export interface PaymentCodesData {
  readonly language: Language
  readonly user: FrameUser
  readonly mode: Mode
  readonly templates: readonly TemplateView[]
  readonly version: string
  readonly paymentCodesOn: boolean
  readonly separatorTolerant: boolean
  readonly memo: string
  readonly trial: TrialView | undefined
  readonly done: "added" | "saved" | "removed" | undefined
  readonly isOutdated: boolean
}

const doneWords = { added: "doneAdded", saved: "doneSaved", removed: "doneRemoved" } as const

/** The templates of a mode in their order, the settings, and the live tester. */
export function paymentCodesPage(data: PaymentCodesData): Html {
  const { language, user, mode, done } = data
  const words = speak(paymentCodeMessages, language)
  const add = html`<a class="button" href="${`/payment-codes/new?mode=${mode}`}">${words.add}</a>`
  return layout(
    {
      language,
      user,
      title: words.title,
      current: "payment-codes",
      query: `mode=${mode}`,
      scripts: ["live-part.js"],
    },
    html`${pageHead(words.title, words.lead, add)}
${done === undefined ? noHtml : note("good", words[doneWords[done]])}${data.isOutdated ? note("danger", words.conflict) : noHtml}
${modeSwitch(
  words.modes,
  (["live", "test"] as const).map((of) => ({
    text: words[of],
    path: `/payment-codes?mode=${of}`,
    isCurrent: of === mode,
  })),
)}
<div class="cards level">${templatesCard(data)}${tester(data)}</div>
${switchesCard(data)}`,
  )
}

function templatesCard(data: PaymentCodesData): Html {
  const { language, templates } = data
  const words = speak(paymentCodeMessages, language)
  const columns = [{ title: words.prefix }, { title: words.suffix }, { title: words.actions, unseenTitle: true }]
  const rows = templates.map((template, index) => [
    html`<strong class="number">${template.prefix}</strong>`,
    html`${lengthText(template, language)}<span class="soft small block">${exampleOf(template)}</span>${
      template.isActive ? noHtml : badge(words.off)
    }`,
    html`<div class="template-actions"><a class="button plain small-button" href="${`/payment-codes/${template.id}`}" aria-label="${words.editOf(template.prefix)}">${words.edit}</a>${
      index === 0 ? noHtml : moveButton(data, template, "up")
    }${index === templates.length - 1 ? noHtml : moveButton(data, template, "down")}</div>`,
  ])
  return html`<section class="card wide-card"><h2>${words.templatesTitle}</h2>${
    templates.length === 0
      ? html`<p class="soft">${words.noTemplates}</p>`
      : dataTable(words.templatesTitle, columns, rows)
  }<p class="soft small">${words.onlyLater}</p></section>`
}

// Digits by their place, so that each length has the same start.
function exampleOf({ prefix, suffixFrom, characterType }: TemplateView): string {
  const source = characterType === "NumberOnly" ? "100245678901234567890123456789" : "9KA2B7C41D8E5F03G6H1J9K2L4M7N8"
  return prefix + source.slice(0, suffixFrom)
}

function moveButton(
  { language, user, version, mode }: PaymentCodesData,
  template: TemplateView,
  to: "up" | "down",
): Html {
  const words = speak(paymentCodeMessages, language)
  return buttonForm({
    action: `/payment-codes/${template.id}/${to}`,
    csrfToken: user.csrfToken,
    text: words[to],
    label: to === "up" ? words.upOf(template.prefix) : words.downOf(template.prefix),
    style: "plain",
    fields: { version, mode },
  })
}

function tester(data: PaymentCodesData): Html {
  const { language, mode, memo, trial } = data
  const words = speak(paymentCodeMessages, language)
  return html`<section class="card" id="tester"><h2>${words.testerTitle}</h2><p class="soft small">${words.testerLead}</p>
<form method="get" action="/payment-codes" class="stack" data-live="trial">${hiddenField("mode", mode)}
${textField({ name: "memo", label: words.memo, hint: words.memoExample, value: memo, more: { autocomplete: "off", spellcheck: "false", maxlength: "1000" } })}
<p class="actions"><button class="button plain">${words.tryIt}</button></p></form>
<div id="trial" aria-live="polite">${trial === undefined ? noHtml : trialResult(trial, language)}</div></section>`
}

function switchesCard({ language, user, version, mode, paymentCodesOn, separatorTolerant }: PaymentCodesData): Html {
  const words = speak(paymentCodeMessages, language)
  return html`<section class="card"><h2>${words.switchesTitle}</h2><p class="soft small">${words.bothModes}</p>
<form method="post" action="/payment-codes/settings" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("version", version)}${hiddenField("mode", mode)}
${tickField({ name: "codes_on", label: words.codesOn, note: words.codesOnNote, ticked: paymentCodesOn })}
${tickField({ name: "separators", label: words.separators, note: words.separatorsNote, ticked: separatorTolerant })}
<p class="actions"><button class="button plain">${words.save}</button></p></form></section>`
}
