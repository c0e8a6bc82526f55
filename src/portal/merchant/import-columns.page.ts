import { choiceField, hiddenField, selectField, textField, tickField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { dataTable, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { statementMessages } from "../../messages/statement-pages.ts"
import type { AccountView } from "./bank-account-view.ts"
import { type FindingView, findingTable } from "./import-findings.page.ts"
import { type LineView, lineTable } from "./import-lines.page.ts"
import { encodings } from "./statement-upload.page.ts"

/** What the form of the columns shows. */
export interface ColumnsData {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly uploadId: number
  readonly fileName: string
  readonly isWorkbook: boolean
  readonly sheetNames: readonly string[]
  readonly sheet: string | undefined
  readonly savedNames: readonly string[]
  /** The saved profile that the form was filled from; empty: what was recognised. */
  readonly savedName: string
  readonly form: Readonly<Record<string, string>>
  readonly wrong: ReadonlySet<string>
  readonly isDetected: boolean
  /** The first rows of the file, as they are. */
  readonly rows: readonly (readonly string[])[]
  /** Name and first value of each column. */
  readonly columns: readonly { readonly name: string; readonly sample: string }[]
  readonly trial: { readonly lines: readonly LineView[]; readonly errors: readonly FindingView[] } | undefined
  readonly problem: FindingView | undefined
}

const rawRows = 10

/** Asks which column is what, shows at once how the first rows would be read, and sends the whole file to be checked. */
export function columnsPage(data: ColumnsData): Html {
  const { language, user, account, uploadId, problem } = data
  const words = speak(statementMessages, language)
  const path = `/bank-accounts/${account.id}/import/${uploadId}/columns`
  return layout(
    { language, user, title: words.columnsTitle, current: "bank-accounts", scripts: ["live-part.js"] },
    html`${pageHead(words.columnsTitle, html`<span class="break">${words.columnsLead(data.fileName)}</span>`)}
${problem === undefined ? noHtml : html`${note("danger", words.refused)}${findingTable([problem], language)}`}
${data.isDetected || problem !== undefined ? noHtml : note("warn", words.nothingDetected)}
${startForms(data, path)}
<form method="post" action="${path}" class="card stack" data-live="trial" data-live-action="${`${path}/look`}">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("sheet", data.sheet ?? "")}
${tableFields(data)}${amountFields(data)}${textFields(data)}${otherFields(data)}
${textField({ name: "save_as", label: words.saveAs, hint: words.saveAsHint, value: value(data, "save_as"), problem: data.wrong.has("save_as") ? words.saveAsProblem : undefined, more: { maxlength: "100", autocomplete: "off" } })}
<p class="actions"><button class="button">${words.check}</button><button class="button plain" formaction="${`${path}/look`}">${words.look}</button></p></form>
<section class="card" id="trial" aria-live="polite">${trialPart(data)}</section>
<section class="card"><h2>${words.rawTitle}</h2>${rawTable(data)}</section>`,
  )
}

/** Only the part of the page that follows the form. */
export function trialPart({ language, trial }: Pick<ColumnsData, "language" | "trial">): Html {
  const words = speak(statementMessages, language)
  return html`<h2>${words.trialTitle}</h2>${
    trial === undefined || trial.lines.length === 0
      ? html`<p class="soft">${words.trialNothing}</p>`
      : lineTable(words.trialTitle, trial.lines, language)
  }${trial === undefined || trial.errors.length === 0 ? noHtml : findingTable(trial.errors, language)}`
}

// Forms of their own that only ask for this page: another sheet, or columns that were saved.
function startForms(data: ColumnsData, path: string): Html {
  const { language, sheetNames, savedNames, sheet } = data
  const words = speak(statementMessages, language)
  const sheets =
    sheetNames.length < 2
      ? noHtml
      : html`<form method="get" action="${path}" class="card stack">${selectField({ name: "sheet", label: words.sheet, value: sheet ?? "", options: sheetNames.map((name) => ({ value: name, text: name })) })}<p class="actions"><button class="button plain">${words.openSheet}</button></p></form>`
  const options = [
    { value: "", text: words.detectedProfile },
    ...savedNames.map((name) => ({ value: name, text: name })),
  ]
  const saved =
    savedNames.length === 0
      ? noHtml
      : html`<form method="get" action="${path}" class="card stack">${hiddenField("sheet", sheet ?? "")}${selectField({ name: "profile", label: words.savedProfiles, value: data.savedName, options })}<p class="actions"><button class="button plain">${words.use}</button></p></form>`
  return sheetNames.length < 2 && savedNames.length === 0
    ? noHtml
    : html`<div class="cards level">${sheets}${saved}</div>`
}

function value({ form }: ColumnsData, name: string): string {
  return form[name] ?? ""
}

function columnField(data: ColumnsData, name: string, label: string, problem?: string): Html {
  const words = speak(statementMessages, data.language)
  const options = [
    { value: "", text: words.noColumn },
    ...data.columns.map((column, index) => ({ value: String(index + 1), text: words.columnText(column) })),
  ]
  return selectField({ name, label, value: value(data, name), options, problem })
}

function formatField(data: ColumnsData, name: string, label: string, formats: readonly string[]): Html {
  const chosen = value(data, name)
  const all = formats.includes(chosen) || chosen === "" ? formats : [chosen, ...formats]
  return selectField({ name, label, value: chosen, options: all.map((text) => ({ value: text, text })) })
}

const days = [
  "dd/MM/yyyy",
  "dd-MM-yyyy",
  "dd.MM.yyyy",
  "yyyy-MM-dd",
  "yyyy/MM/dd",
  "d/M/yyyy",
  "dd/MM/yy",
  "MM/dd/yyyy",
]
const dateFormats = ["", " HH:mm:ss", " HH:mm"].flatMap((time) => days.map((day) => day + time))

function tableFields(data: ColumnsData): Html {
  const { language, isWorkbook, wrong } = data
  const words = speak(statementMessages, language)
  const delimiters = [
    { value: "comma", text: words.comma },
    { value: "semicolon", text: words.semicolon },
    { value: "tab", text: words.tab },
    { value: "bar", text: words.bar },
  ]
  const dialect = isWorkbook
    ? html`${hiddenField("delimiter", "comma")}${hiddenField("encoding", "utf-8")}`
    : html`${selectField({ name: "delimiter", label: words.delimiter, value: value(data, "delimiter"), options: delimiters })}${selectField({ name: "encoding", label: words.encoding, value: value(data, "encoding"), options: encodings.map((text) => ({ value: text, text })) })}`
  const skip = textField({
    name: "skip",
    label: words.skip,
    type: "number",
    value: value(data, "skip"),
    problem: wrong.has("skip") ? words.skipProblem : undefined,
    more: { min: "0", max: "1000" },
  })
  return html`<div class="form-grid">${dialect}${skip}</div>
${tickField({ name: "header", label: words.header, ticked: value(data, "header") === "1" })}
<div class="form-grid">${columnField(data, "date", words.date, wrong.has("date") ? words.dateProblem : undefined)}${formatField(data, "date_format", words.dateFormat, dateFormats)}${columnField(data, "time", words.time)}${formatField(data, "time_format", words.timeFormat, ["HH:mm:ss", "HH:mm", "H:mm:ss", "H:mm"])}</div>`
}

function amountFields(data: ColumnsData): Html {
  const { language, wrong } = data
  const words = speak(statementMessages, language)
  const text = (name: string, label: string) =>
    textField({ name, label, hint: words.signHint, value: value(data, name), more: { autocomplete: "off" } })
  const numbers = [
    ["comma-dot", "1,234,567.89"],
    ["dot-comma", "1.234.567,89"],
    ["space-comma", "1 234 567,89"],
    ["none-dot", "1234567.89"],
    ["none-comma", "1234567,89"],
  ] as const
  return html`<div class="amounts">${choiceField({
    name: "amount_kind",
    label: words.amountKind,
    kind: "radio",
    chosen: [value(data, "amount_kind")],
    problem: wrong.has("amount") ? words.amountProblem : wrong.has("sign") ? words.signProblem : undefined,
    options: [
      { value: "pair", text: words.pair },
      { value: "signed", text: words.signed },
      { value: "sign", text: words.withSign },
    ],
  })}
<div class="form-grid for-pair">${columnField(data, "debit", words.debit)}${columnField(data, "credit", words.credit)}</div>
<div class="form-grid for-amount">${columnField(data, "amount", words.amount)}</div>
<div class="form-grid for-sign">${columnField(data, "sign", words.signColumn)}${text("sign_in", words.signIn)}${text("sign_out", words.signOut)}</div></div>
${selectField({ name: "number", label: words.number, value: value(data, "number"), options: numbers.map(([key, shown]) => ({ value: key, text: shown })) })}`
}

function textFields(data: ColumnsData): Html {
  const words = speak(statementMessages, data.language)
  return html`<div class="form-grid">${columnField(data, "memo", words.memo)}${columnField(data, "reference", words.reference)}${columnField(data, "balance", words.balance)}</div>`
}

function otherFields(data: ColumnsData): Html {
  const { language, wrong } = data
  const words = speak(statementMessages, language)
  const pattern = (name: string, label: string) =>
    textField({
      name,
      label,
      hint: words.patternHint,
      value: value(data, name),
      problem: wrong.has(name) ? words.patternProblem : undefined,
      more: { maxlength: "200", autocomplete: "off", spellcheck: "false" },
    })
  return html`<details><summary>${words.moreColumns}</summary><div class="form-grid">${columnField(data, "description", words.description)}${columnField(data, "account", words.accountColumn)}${columnField(data, "currency", words.currency)}${columnField(data, "party_name", words.partyName)}${columnField(data, "party_account", words.partyAccount)}${columnField(data, "value_date", words.valueDate)}${formatField(data, "value_date_format", words.valueDateFormat, dateFormats)}${pattern("stop_at", words.stopAt)}${pattern("ignore", words.ignore)}</div></details>`
}

function rawTable({ language, rows }: ColumnsData): Html {
  const words = speak(statementMessages, language)
  const shown = rows.slice(0, rawRows)
  const width = Math.max(1, ...shown.map((row) => row.length))
  const columns = [
    { title: words.row },
    ...Array.from({ length: width }, (_, index) => ({ title: letters(index + 1) })),
  ]
  const cells = shown.map((row, index) => [
    index + 1,
    ...Array.from({ length: width }, (_, column) => html`<span class="raw-cell">${row[column] ?? ""}</span>`),
  ])
  return dataTable(words.rawTitle, columns, cells)
}

function letters(column: number): string {
  const [high, low] = [Math.floor((column - 1) / 26), (column - 1) % 26]
  return (high > 0 ? letters(high) : "") + String.fromCharCode(65 + low)
}
