import { choiceField, hiddenField, textField, tickField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { note, pageHead } from "../../http/pieces.page.ts"
import type { Mode } from "../../ids.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { paymentCodeMessages } from "../../messages/payment-code-pages.ts"

/** A template as the pages show it. */
export interface TemplateView {
  readonly id: number
  readonly prefix: string
  readonly suffixFrom: number
  readonly suffixTo: number
  readonly characterType: "NumberOnly" | "NumberAndLetter"
  readonly isActive: boolean
}

/** How long the part after the prefix is, and of what. */
export function lengthText(
  { suffixFrom: from, suffixTo: to, characterType }: Pick<TemplateView, "suffixFrom" | "suffixTo" | "characterType">,
  language: Language,
): string {
  const words = speak(paymentCodeMessages, language)
  return characterType === "NumberOnly" ? words.digits({ from, to }) : words.characters({ from, to })
}

/** A template's form as it was sent, or as the template is. */
export interface TemplateForm {
  readonly prefix: string
  readonly suffixFrom: string
  readonly suffixTo: string
  readonly characterType: string
  readonly isActive: boolean
}

/** The form that adds a template (`id` undefined) or changes one. */
export function templatePage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly mode: Mode
  readonly id: number | undefined
  /** Adding: the form's key; changing: the version that was seen. */
  readonly token: string
  readonly form: TemplateForm
  readonly wrong: ReadonlySet<string>
  readonly refusal: "taken" | "too_many" | "outdated" | undefined
  readonly isFirst: boolean
}): Html {
  const { language, user, mode, id, form, refusal } = data
  const words = speak(paymentCodeMessages, language)
  const title = id === undefined ? words.addTitle : words.editOf(form.prefix)
  const action = id === undefined ? "/payment-codes/new" : `/payment-codes/${id}`
  return layout(
    { language, user, title, current: "payment-codes", shape: "card", query: `mode=${mode}` },
    html`${pageHead(title, words.onlyLater)}
${refusal === "outdated" ? note("danger", words.conflict) : noHtml}${refusal === "too_many" ? note("danger", words.tooMany) : noHtml}
<section class="card"><form method="post" action="${action}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField(id === undefined ? "form_key" : "version", data.token)}${hiddenField("mode", mode)}
${id === undefined ? prefixField(data) : noHtml}
<div class="form-grid">${lengthField(data, "suffix_from")}${lengthField(data, "suffix_to")}</div>
${choiceField({
  name: "character_type",
  label: words.kind,
  kind: "radio",
  chosen: [form.characterType],
  options: [
    { value: "NumberOnly", text: words.numberOnly, note: words.numberOnlyNote },
    { value: "NumberAndLetter", text: words.numberAndLetter, note: words.numberAndLetterNote },
  ],
})}
${tickField({ name: "is_active", label: words.activeLabel, ticked: form.isActive })}
<p class="actions"><button class="button">${id === undefined ? words.add : words.save}</button><a class="button plain" href="${`/payment-codes?mode=${mode}`}">${words.cancel}</a></p></form>${
      id === undefined ? noHtml : removeLink(data, id)
    }</section>`,
  )
}

type TemplateData = Parameters<typeof templatePage>[0]

function prefixField({ language, form, wrong, refusal }: TemplateData): Html {
  const words = speak(paymentCodeMessages, language)
  const problem = refusal === "taken" ? words.prefixTaken : wrong.has("prefix") ? words.prefixProblem : undefined
  const more = { autocomplete: "off", spellcheck: "false", maxlength: "5" }
  const { prefix: value } = form
  return textField({
    name: "prefix",
    label: words.prefix,
    hint: words.prefixHint,
    value,
    required: true,
    problem,
    more,
  })
}

function lengthField({ language, form, wrong }: TemplateData, name: "suffix_from" | "suffix_to"): Html {
  const words = speak(paymentCodeMessages, language)
  const value = name === "suffix_from" ? form.suffixFrom : form.suffixTo
  const isNumber = /^[0-9]+$/.test(value) && Number(value) >= 1 && Number(value) <= 30
  const problem = wrong.has(name) ? (isNumber ? words.suffixOrder : words.suffixProblem) : undefined
  const label = name === "suffix_from" ? words.suffixFrom : words.suffixTo
  const more = { min: "1", max: "30", inputmode: "numeric" }
  return textField({ name, label, hint: words.suffixHint, type: "number", value, required: true, problem, more })
}

function removeLink({ language, isFirst }: TemplateData, id: number): Html {
  const words = speak(paymentCodeMessages, language)
  return html`<div class="section-end">${
    isFirst
      ? html`<p class="soft small">${words.firstStays}</p>`
      : html`<p class="actions"><a class="button plain danger" href="${`/payment-codes/${id}/delete`}">${words.remove}</a></p>`
  }</div>`
}

/** Asks before a template is deleted. */
export function removeTemplatePage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly mode: Mode
  readonly template: TemplateView
  readonly version: string
  readonly isOutdated: boolean
}): Html {
  const { language, user, mode, template, version } = data
  const words = speak(paymentCodeMessages, language)
  const title = words.removeTitle(template.prefix)
  return layout(
    { language, user, title, current: "payment-codes", shape: "card" },
    html`${pageHead(title)}${data.isOutdated ? note("danger", words.conflict) : noHtml}
<section class="card"><p>${words.removeNote}</p><form method="post" action="${`/payment-codes/${template.id}/delete`}" class="actions spread">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("version", version)}${hiddenField("mode", mode)}
<button class="button danger">${words.remove}</button><a class="button plain" href="${`/payment-codes?mode=${mode}`}">${words.cancel}</a></form></section>`,
  )
}
