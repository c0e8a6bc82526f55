import { hiddenField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { emptyState } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { operatorPeopleMessages } from "../../messages/operator-people.ts"

/** A searched list of the platform's companies or users: the form, the rows, the way on. */
export function directoryList(data: {
  readonly language: Language
  readonly path: string
  /** What was searched for. */
  readonly text: string
  /** Further fields of the address that stay. */
  readonly fields: Readonly<Record<string, string>>
  /** Undefined: nothing was found. */
  readonly table: Html | undefined
  readonly isFirst: boolean
  /** The last id shown, when there is more. */
  readonly next: number | undefined
}): Html {
  const { language, path, text, fields, table, isFirst, next } = data
  const words = speak(operatorPeopleMessages, language)
  const query = (more: Readonly<Record<string, string>>) =>
    `${path}?${new URLSearchParams({ ...fields, ...(text !== "" && { q: text }), ...more })}`
  return html`<form method="get" action="${path}" class="card search-form" role="search">${Object.entries(fields).map(([name, value]) => hiddenField(name, value))}
${textField({ name: "q", label: words.searchText, type: "search", value: text, more: { maxlength: "100" } })}
<p class="actions"><button class="button">${words.search}</button>${text === "" ? noHtml : html`<a class="button plain" href="${path}">${words.clear}</a>`}</p></form>
${table ?? emptyState(words.noneTitle, words.none)}
${
  isFirst && next === undefined
    ? noHtml
    : html`<p class="actions">${isFirst ? noHtml : html`<a class="button plain" href="${query({})}">${words.firstPage}</a>`}${
        next === undefined
          ? noHtml
          : html`<a class="button plain" href="${query({ before: String(next) })}">${words.nextPage}</a>`
      }</p>`
}`
}
