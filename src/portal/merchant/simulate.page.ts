import type { Instant } from "../../clock.ts"
import { choiceField, hiddenField, selectField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { dataTable, emptyState, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { feedMessages } from "../../messages/feed-pages.ts"
import { formatVnd, type Vnd } from "../../money.ts"
import type { AccountView } from "./bank-account-view.ts"

/** The simulator's form as it was sent. */
export interface SimulateForm {
  readonly account: string
  readonly direction: string
  readonly amount: string
  readonly content: string
  readonly vaNumber: string
  readonly scenario: string
}

/** A transaction as the simulator's page lists it. */
export interface SimulatedTransaction {
  readonly id: number
  readonly bookedAt: Instant
  readonly amount: Vnd
  readonly memo: string
  readonly code: string | null
}

const scenarios = [
  ["", "scenarioPlain"],
  ["twins", "scenarioTwins"],
  ["reversal", "scenarioReversal"],
  ["late", "scenarioLate"],
  ["gap", "scenarioGap"],
  ["duplicate", "scenarioDuplicate"],
] as const

/** Sends test transactions to a test account, and shows what arrived. */
export function simulatePage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly accounts: readonly AccountView[]
  readonly chosen: AccountView | undefined
  readonly latest: readonly SimulatedTransaction[]
  readonly form: SimulateForm
  readonly formKey: string
  readonly wrong: ReadonlySet<string>
  readonly refusal: "quota" | "paused" | undefined
  readonly isSent: boolean
}): Html {
  const { language, user, accounts, chosen, refusal } = data
  const words = speak(feedMessages, language)
  const head = pageHead(words.simulate, words.simulateLead)
  const link = html`<a class="button" href="/bank-accounts/link?mode=test">${words.linkTest}</a>`
  return layout(
    { language, user, title: words.simulate, current: "bank-accounts" },
    accounts.length === 0 || chosen === undefined
      ? html`${head}${emptyState(words.simulateNone, words.simulateNoneText, link)}`
      : html`${head}${data.isSent ? note("good", words.doneSent) : noHtml}${
          refusal === undefined ? noHtml : note("danger", refusal === "quota" ? words.quota : words.accountPaused)
        }<div class="cards">${simulateForm(data)}${latestTransactions(data, chosen)}</div>`,
  )
}

function simulateForm(data: Parameters<typeof simulatePage>[0]): Html {
  const { language, user, accounts, form, wrong } = data
  const words = speak(feedMessages, language)
  const problem = (field: string, text: string) => (wrong.has(field) ? text : undefined)
  return html`<form method="post" action="/bank-accounts/feeds/simulate" class="card stack">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", data.formKey)}
${selectField({ name: "account", label: words.account, value: form.account, options: accounts.map((account) => ({ value: String(account.id), text: `${account.title} · ${account.accountNumber}` })) })}
${choiceField({
  name: "direction",
  label: words.direction,
  kind: "radio",
  chosen: [form.direction],
  options: [
    { value: "in", text: words.moneyIn },
    { value: "out", text: words.moneyOut },
  ],
})}
${textField({ name: "amount", label: words.amount, value: form.amount, required: true, problem: problem("amount", words.amountProblem), more: { inputmode: "numeric", autocomplete: "off", maxlength: "20" } })}
${textField({ name: "memo", label: words.content, hint: words.contentHint, value: form.content, problem: problem("content", words.contentProblem), more: { autocomplete: "off", maxlength: "1000" } })}
${textField({ name: "va_number", label: words.vaNumber, value: form.vaNumber, problem: problem("va_number", words.vaProblem), more: { autocomplete: "off", maxlength: "64" } })}
${selectField({ name: "scenario", label: words.scenario, value: form.scenario, options: scenarios.map(([value, name]) => ({ value, text: words[name] })) })}
<p class="actions"><button class="button">${words.send}</button><a class="button plain" href="/bank-accounts/feeds">${words.cancel}</a></p></form>`
}

function latestTransactions(data: Parameters<typeof simulatePage>[0], chosen: AccountView): Html {
  const { language, latest } = data
  const words = speak(feedMessages, language)
  const columns = [
    { title: words.time },
    { title: words.amountShort, align: "end" as const },
    { title: words.content },
    { title: words.code },
  ]
  const rows = latest.map(({ bookedAt, amount, memo, code }) => [
    momentText(bookedAt, language),
    html`<span class="${amount > 0 ? "money-in" : ""}">${formatVnd(amount, language)}</span>`,
    html`<span class="memo-cell">${memo}</span>`,
    code ?? "",
  ])
  const title = words.latest(chosen.title)
  return html`<section class="card" id="latest"><h2>${title}</h2>${
    latest.length === 0 ? html`<p class="soft">${words.noTransactions}</p>` : dataTable(title, columns, rows)
  }</section>`
}
