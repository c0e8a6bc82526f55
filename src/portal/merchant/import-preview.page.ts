import { choiceField, hiddenField, selectField, tickField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { buttonForm, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { statementMessages } from "../../messages/statement-pages.ts"
import { formatVnd, type Vnd } from "../../money.ts"
import type { AccountView } from "./bank-account-view.ts"
import { detailText, findingTable } from "./import-findings.page.ts"
import { lineTable } from "./import-lines.page.ts"
import { countTiles } from "./import-result.page.ts"
import type { FindingView, PreviewView } from "./import-shapes.ts"
import { statementTable } from "./import-statements.page.ts"
import { encodings } from "./statement-upload.page.ts"

interface PageOf {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly uploadId: number
  readonly fileName: string
  /** CSV or a workbook: columns can be chosen again. */
  readonly isTable: boolean
}

/** Shows what a file would bring, and asks whether to import it. */
export function previewPage(
  data: PageOf & { readonly preview: PreviewView; readonly notify: string; readonly isDisjoint: boolean },
): Html {
  const { language, user, preview, fileName } = data
  const words = speak(statementMessages, language)
  return layout(
    { language, user, title: words.previewTitle, current: "bank-accounts" },
    html`${pageHead(words.previewTitle, html`<span class="break">${words.previewLead(fileName)}</span>`)}
${countTiles(
  [
    [words.willInsert, preview.inserted],
    [words.duplicates, preview.duplicates],
    [words.pending, preview.pending],
    [words.ignored, preview.ignored],
    [words.skippedCount, preview.skipped.length],
  ],
  language,
)}
${gapsCard(data)}
<section class="card">${confirmForm(data)}<div class="section-end">${
      preview.duplicates === 0 && !data.isDisjoint ? noHtml : disjointForm(data)
    }${otherActions(data)}</div></section>
${preview.statements.length === 0 ? noHtml : html`<section class="card"><h2>${words.statementsTitle}</h2>${statementTable(preview.statements, language)}</section>`}
<section class="card"><h2>${words.firstLines}</h2>${lineTable(words.firstLines, preview.lines, language)}</section>
${preview.known.length === 0 ? noHtml : html`<section class="card"><h2>${words.knownLines}</h2>${lineTable(words.knownLines, preview.known, language)}</section>`}
${preview.skipped.length === 0 ? noHtml : html`<section class="card"><h2>${words.skippedCount}</h2>${findingTable(preview.skipped, language)}</section>`}
${preview.warnings.length === 0 ? noHtml : html`<section class="card"><h2>${words.warnings}</h2><ul class="points">${preview.warnings.map(({ line, message }) => html`<li>${words.line(line)}: ${detailText(message, language)}</li>`)}</ul></section>`}`,
  )
}

function confirmForm(data: PageOf & { readonly notify: string }): Html {
  const { language, user, notify } = data
  const words = speak(statementMessages, language)
  return html`<form method="post" action="${`${pathOf(data)}/confirm`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${choiceField({
  name: "notify",
  label: words.notify,
  kind: "radio",
  chosen: [notify],
  options: [
    { value: "recent", text: words.notifyRecent },
    { value: "all", text: words.notifyAll },
    { value: "none", text: words.notifyNone },
  ],
})}
<p class="soft small">${words.confirmNote}</p><p class="actions"><button class="button">${words.confirm}</button></p></form>`
}

function disjointForm(data: PageOf & { readonly isDisjoint: boolean }): Html {
  const { language, user, isDisjoint } = data
  const words = speak(statementMessages, language)
  return html`<form method="post" action="${`${pathOf(data)}/check`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("has_disjoint", "1")}
${tickField({ name: "disjoint", label: words.disjoint, note: words.disjointNote, ticked: isDisjoint })}
<p class="actions"><button class="button plain">${words.recheck}</button></p></form>`
}

function pathOf({ account, uploadId }: PageOf): string {
  return `/bank-accounts/${account.id}/import/${uploadId}`
}

function gapsCard({ language, preview }: { readonly language: Language; readonly preview: PreviewView }): Html {
  const words = speak(statementMessages, language)
  if (preview.gaps.length === 0) return noHtml
  const items = preview.gaps.map(({ number, line, missingAmount }) => {
    const amount = formatVnd(Math.abs(missingAmount) as Vnd, language)
    return html`<li>${words.gapText({ number: number ?? words.unknown, amount, line })}</li>`
  })
  return note("warn", html`<h2>${words.gapsTitle}</h2><ul class="points">${items}</ul><p>${words.gapNote}</p>`)
}

function otherActions(data: PageOf): Html {
  const { language, user, isTable } = data
  const words = speak(statementMessages, language)
  return html`<div class="actions">${
    isTable ? html`<a class="button plain" href="${`${pathOf(data)}/columns`}">${words.changeColumns}</a>` : noHtml
  }${buttonForm({ action: `${pathOf(data)}/discard`, csrfToken: user.csrfToken, text: words.discard, style: "plain danger" })}</div>`
}

/** Says that the file was imported before, and offers to read it again. */
export function alreadyImportedPage(data: PageOf & { readonly importId: number }): Html {
  const { language, user, account, importId, fileName } = data
  const words = speak(statementMessages, language)
  const force = buttonForm({
    action: `${pathOf(data)}/check`,
    csrfToken: user.csrfToken,
    text: words.force,
    fields: { force: "1" },
  })
  return layout(
    { language, user, title: words.alreadyTitle, current: "bank-accounts", shape: "card" },
    html`${pageHead(words.alreadyTitle, html`<span class="break">${fileName}</span>`)}
<section class="card"><p>${words.already}</p><p class="actions"><a class="button" href="${`/bank-accounts/${account.id}/imports/${importId}`}">${words.seeImport}</a></p>
<div class="section-end"><p class="soft small">${words.forceNote}</p><div class="actions">${force}</div></div>${otherActions(data)}</section>`,
  )
}

/** Lists what is wrong with a file, and what can be done about it. */
export function refusedFilePage(
  data: PageOf & { readonly errors: readonly FindingView[]; readonly encoding: string },
): Html {
  const { language, user, account, errors, isTable, fileName } = data
  const words = speak(statementMessages, language)
  const has = (reason: FindingView["reason"]) => errors.some((error) => error.reason === reason)
  const check = (content: Html) =>
    html`<form method="post" action="${`${pathOf(data)}/check`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${content}</form>`
  const recode = check(
    html`${selectField({ name: "encoding", label: words.encoding, value: data.encoding, options: encodings.map((text) => ({ value: text, text })) })}<p class="actions"><button class="button plain">${words.tryEncoding}</button></p>`,
  )
  const skip = check(
    html`${hiddenField("skip_unreadable", "1")}<p class="actions"><button class="button plain">${words.skipUnreadable}</button></p>`,
  )
  return layout(
    { language, user, title: words.refusedTitle, current: "bank-accounts" },
    html`${pageHead(words.refusedTitle, html`<span class="break">${fileName}</span>`)}${note("danger", words.refused)}
${findingTable(errors, language)}
<section class="card">${has("bad_encoding") && !isTable ? recode : noHtml}${has("unreadable_line") && !isTable ? skip : noHtml}
<p class="actions"><a class="button" href="${`/bank-accounts/${account.id}/import`}">${words.otherFile}</a></p>${otherActions(data)}</section>`,
  )
}
