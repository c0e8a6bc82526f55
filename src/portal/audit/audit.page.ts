import { selectField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, emptyState, pageHead } from "../../http/pieces.page.ts"
import { auditGroups, auditMessages } from "../../messages/audit.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { FilterProblems, TypedFilter } from "./audit-filter.ts"
import type { AuditChange, AuditLine } from "./audit-view.ts"

/** Whose log is shown: a company's own, or all there is, for operators. */
export type AuditArea = "company" | "operator"

export interface AuditPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly area: AuditArea
  readonly typed: TypedFilter
  readonly problems: FilterProblems
  /** Whether the filter leaves anything out. */
  readonly isNarrowed: boolean
  /** The company's people, for its own log. */
  readonly people: readonly { readonly id: number; readonly name: string }[]
  readonly lines: readonly AuditLine[]
  /** Queries of the same log: as it is filtered, and of its next page. */
  readonly query: string
  readonly nextQuery: string | undefined
  readonly isFirst: boolean
}

const paths: Readonly<Record<AuditArea, string>> = { company: "/audit", operator: "/operator/audit" }

/** The audit log, newest first. */
export function auditPage(data: AuditPageData): Html {
  const { language, area, lines, query, nextQuery } = data
  const words = speak(auditMessages, language)
  const title = area === "company" ? words.title : words.operatorTitle
  const path = paths[area]
  const download = html`<a class="button plain" href="${`${path}.csv?${query}`}">${words.download}</a>`
  return layout(
    { language, title, user: data.user, current: area === "company" ? "audit" : "operator-audit", query },
    html`${pageHead(title, area === "company" ? words.lead : words.operatorLead, download)}
${filterForm(data)}
${lines.length === 0 ? nothing(data) : html`<section class="card"><ol class="audit-log">${lines.map((line) => auditRow(line, language))}</ol></section>`}
${
  data.isFirst && nextQuery === undefined
    ? noHtml
    : html`<p class="actions">${data.isFirst ? noHtml : html`<a class="button plain" href="${`${path}?${query}`}">${words.newest}</a>`}${
        nextQuery === undefined
          ? noHtml
          : html`<a class="button plain" href="${`${path}?${nextQuery}`}">${words.older}</a>`
      }</p>`
}`,
  )
}

function nothing({ isNarrowed, isFirst, language, area }: AuditPageData): Html {
  const words = speak(auditMessages, language)
  if (!isNarrowed && isFirst) return emptyState(words.emptyTitle, words.empty)
  const reset = html`<a class="button plain" href="${paths[area]}">${words.reset}</a>`
  return emptyState(words.nothingFoundTitle, words.nothingFound, reset)
}

function filterForm(data: AuditPageData): Html {
  const { language, typed, problems, area } = data
  const words = speak(auditMessages, language)
  const texts = { bad_day: words.badDay, reversed: words.daysReversed, bad_id: words.badCompany }
  const problem = (field: keyof FilterProblems) => {
    const found = problems[field]
    return found === undefined ? undefined : texts[found]
  }
  const day = (name: "from" | "to", label: string) =>
    textField({ name, label, type: "date", value: typed[name], problem: problem(name) })
  const company =
    area === "company"
      ? noHtml
      : textField({
          name: "company",
          label: words.company,
          value: typed.company,
          problem: problem("company"),
          more: { inputmode: "numeric", maxlength: "16" },
        })
  return html`<section class="card filters"><h2>${words.filterTitle}</h2><form method="get" action="${paths[area]}" class="stack"><div class="form-grid">${company}
${selectField({ name: "who", label: words.who, options: whoOptions(data), value: typed.who })}
${selectField({ name: "group", label: words.group, options: groupOptions(language), value: typed.group })}
${day("from", words.from)}${day("to", words.to)}</div>
<p class="actions"><button class="button">${words.apply}</button>${
    data.isNarrowed ? html`<a class="button plain" href="${paths[area]}">${words.reset}</a>` : noHtml
  }</p></form></section>`
}

function whoOptions({ people, area, language }: AuditPageData) {
  const words = speak(auditMessages, language)
  return [
    { value: "", text: words.everyone },
    ...people.map(({ id, name }) => ({ value: `user:${id}`, text: name })),
    ...(area === "operator" ? [{ value: "user", text: words.anyUser }] : []),
    { value: "client", text: words.anyApp },
    { value: "operator", text: words.operator },
    { value: "system", text: words.system },
  ]
}

function groupOptions(language: Language) {
  const groups = Object.entries(speak(auditGroups, language)).map(([value, text]) => ({ value, text }))
  return [{ value: "", text: speak(auditMessages, language).anyGroup }, ...groups]
}

function auditRow(line: AuditLine, language: Language): Html {
  const words = speak(auditMessages, language)
  const thing =
    line.thing === undefined || line.path === undefined
      ? (line.thing ?? noHtml)
      : html`<a href="${line.path}">${line.thing}</a>`
  return html`<li><p><strong>${line.who}</strong> ${line.before}${thing}${line.after}</p>
<p class="soft small">${momentText(line.at, language)}${line.ip === undefined ? noHtml : html` · ${words.fromIp(line.ip)}`}${companyNote(line, language)}</p>
${line.changes.length === 0 ? noHtml : html`<ul class="plain-list small">${line.changes.map((change) => changeRow(change, language))}</ul>`}</li>`
}

function companyNote({ company }: AuditLine, language: Language): Html {
  if (company === undefined) return noHtml
  if (company.id === 0) return html` · ${badge(speak(auditMessages, language).platform)}`
  return html` · <a href="${`/operator/companies/${company.id}`}">${company.name ?? String(company.id)}</a>`
}

function changeRow({ name, from, to }: AuditChange, language: Language): Html {
  const { becomes } = speak(auditMessages, language)
  return html`<li><span class="soft">${name}:</span> ${from === undefined ? noHtml : html`${from} <span class="soft">${becomes}</span> `}${to}</li>`
}
