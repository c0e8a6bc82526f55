import { type Html, type HtmlValue, html, noHtml } from "./html.ts"

/** The head of a page: its one h1, a sentence, and what can be done here. */
export function pageHead(title: string, lead: HtmlValue = noHtml, actions: HtmlValue = noHtml): Html {
  return html`<div class="page-head"><div><h1>${title}</h1>${lead === noHtml ? noHtml : html`<p class="lead">${lead}</p>`}</div>${
    actions === noHtml ? noHtml : html`<p class="actions">${actions}</p>`
  }</div>`
}

/** The way up from a page to the list or the thing that it belongs to; it stands above the head. */
export function backLink(path: string, text: string): Html {
  return html`<p class="back"><a href="${path}">${text}</a></p>`
}

/** Says what just happened (`good`: a status) or what is wrong (`danger`: an alert). */
export function note(kind: "good" | "warn" | "danger", text: HtmlValue): Html {
  return kind === "danger"
    ? html`<div class="note danger" role="alert">${text}</div>`
    : html`<div class="${`note ${kind}`}" role="status">${text}</div>`
}

/** What stands where nothing is yet: what would be here, and the first step towards it. */
export function emptyState(title: string, text: HtmlValue, action: HtmlValue = noHtml): Html {
  return html`<section class="card empty"><h2>${title}</h2><p class="soft">${text}</p>${
    action === noHtml ? noHtml : html`<p class="actions">${action}</p>`
  }</section>`
}

/** A small word about state. */
export function badge(text: string, kind: "plain" | "good" | "warn" | "danger" = "plain"): Html {
  return html`<span class="${`badge ${kind}`}">${text}</span>`
}

/** Pairs of a name and a value. */
export function facts(pairs: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  return html`<dl class="facts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

export interface Column {
  readonly title: string
  /** Numbers and money stand at the right. */
  readonly align?: "end"
  /** Left out on a phone. */
  readonly wide?: boolean
  /** The title is only for whoever listens: what stands below says itself what it is. */
  readonly unseenTitle?: boolean
}

/**
 * A table that a phone can scroll sideways by finger and by keyboard; `caption` is for whoever listens.
 *
 * @param rows the cells of each row, as many as there are columns
 */
export function dataTable(caption: string, columns: readonly Column[], rows: readonly (readonly HtmlValue[])[]): Html {
  const style = ({ align, wide }: Column) =>
    [align === "end" ? "end" : "", wide === true ? "wide" : ""].join(" ").trim()
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="${caption}"><table class="data"><caption class="unseen">${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${style(column)}">${column.unseenTitle === true ? html`<span class="unseen">${column.title}</span>` : column.title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => html`<td class="${style(columns[index] ?? { title: "" })}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`
}

/** A form that does one thing by one button, beside others: on/off, replay, sign out there. */
export function buttonForm(form: {
  readonly action: string
  readonly csrfToken: string
  readonly text: string
  /** `primary`: what is mostly done next. */
  readonly style?: "primary" | "plain" | "danger" | "plain danger" | undefined
  /** What a screen reader says when the text alone does not tell which. */
  readonly label?: string | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
}): Html {
  const { action, csrfToken, text, style = "plain", label = text, fields = {} } = form
  return html`<form method="post" action="${action}" class="inline-form"><input type="hidden" name="csrf_token" value="${csrfToken}">${Object.entries(
    fields,
  ).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button class="${`button ${style}`}" aria-label="${label}">${text}</button></form>`
}
