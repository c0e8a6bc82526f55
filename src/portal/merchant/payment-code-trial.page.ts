import { type Html, html, noHtml } from "../../http/html.ts"
import { dataTable } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { paymentCodeMessages } from "../../messages/payment-code-pages.ts"
import { lengthText, type TemplateView } from "./payment-code-template.page.ts"

/** What came of trying a memo. */
export interface TrialView {
  readonly isSwitchedOff: boolean
  readonly found:
    | { readonly code: string; readonly rank: 1 | 2 | 3 | 4; readonly pass: "direct" | "separator" }
    | undefined
  readonly outcomes: readonly {
    readonly template: TemplateView
    readonly outcome: "won" | "off" | "later" | "absent" | "separated" | "short" | "glued"
    readonly code: string | undefined
  }[]
}

const rankWords = { 1: "rank1", 2: "rank2", 3: "rank3", 4: "rank4" } as const

/** The code that a memo has, and what came of each template. */
export function trialResult({ isSwitchedOff, found, outcomes }: TrialView, language: Language): Html {
  const words = speak(paymentCodeMessages, language)
  const result =
    found === undefined
      ? html`<p class="trial-code soft">${words.notFound}</p>`
      : html`<p><span class="soft small block">${words.found}</span><strong class="trial-code number">${found.code}</strong></p>
<p class="soft small">${words[rankWords[found.rank]]} ${found.pass === "separator" ? words.passSeparator : noHtml}</p>`
  const rows = outcomes.map((one) => [
    html`<span class="number">${one.template.prefix}</span>`,
    outcomeText(one, language),
  ])
  return html`<div class="stack">${isSwitchedOff ? html`<p class="soft small">${words.switchedOff}</p>` : noHtml}<div>${result}</div>${dataTable(
    words.outcome,
    [{ title: words.template }, { title: words.outcome }],
    rows,
  )}</div>`
}

function outcomeText({ template, outcome, code = "" }: TrialView["outcomes"][number], language: Language): string {
  const words = speak(paymentCodeMessages, language)
  const { prefix } = template
  switch (outcome) {
    case "won":
      return words.won(code)
    case "off":
      return words.outcomeOff
    case "later":
      return words.later(code)
    case "absent":
      return words.absent(prefix)
    case "separated":
      return words.separated(code)
    case "short":
      return words.short({ prefix, least: lengthText({ ...template, suffixTo: template.suffixFrom }, language) })
    case "glued":
      return words.glued
  }
}
