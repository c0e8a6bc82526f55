import { hiddenField, selectField } from "../../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { backLink, buttonForm, facts, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { bytesText } from "../../messages/count.ts"
import { statementMessages } from "../../messages/statement-pages.ts"
import type { AccountView } from "./bank-account-view.ts"

/** Why a file was not taken. */
export type FileProblem = "noFile" | "emptyFile" | "tooLarge" | "unknownFormat" | "oldExcel" | "pdf" | "runningDay"

interface PageOf {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
}

/** The encodings that a file may be told to have; empty: found out. */
export const encodings = ["utf-8", "windows-1258", "windows-1252"] as const

/** The form that takes a statement file. Token and key stand before the file, so that both are known before it comes. */
export function uploadPage(
  data: PageOf & { readonly formKey: string; readonly problem: FileProblem | undefined; readonly encoding: string },
): Html {
  const { language, user, account, problem, formKey } = data
  const words = speak(statementMessages, language)
  const path = `/bank-accounts/${account.id}`
  const described = problem === undefined ? "file-hint" : "file-problem file-hint"
  const invalid = attributes({ "aria-invalid": problem === undefined ? undefined : "true" })
  return layout(
    { language, user, title: words.title, current: "bank-accounts", shape: "card" },
    html`${backLink(path, account.title)}
${pageHead(words.title, html`${account.title} · <span class="number">${account.accountNumber}</span>`)}
<p class="lead">${words.lead}</p>
${
  account.isActive
    ? html`<form method="post" action="${`${path}/import`}" enctype="multipart/form-data" class="card stack">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}
<div class="field"><label for="file">${words.file}</label>
<input id="file" name="file" type="file" required accept=".sta,.mt940,.940,.txt,.xml,.csv,.xlsx" aria-describedby="${described}" ${invalid}>${
        problem === undefined ? noHtml : html`<p class="problem" id="file-problem">${words[problem]}</p>`
      }<p class="hint" id="file-hint">${words.fileHint}</p></div>
<details ${attributes({ open: data.encoding !== "" })}><summary>${words.encodingFold}</summary>${selectField({ name: "encoding", label: words.encoding, hint: words.encodingHint, value: data.encoding, options: [{ value: "", text: words.encodingAuto }, ...encodings.slice(1).map((value) => ({ value, text: value }))] })}</details>
<p class="actions"><button class="button">${words.upload}</button><a class="button plain" href="${path}">${words.cancel}</a></p></form>`
    : html`${note("warn", words.paused)}<p><a class="button plain" href="${path}">${words.backToAccount}</a></p>`
}`,
  )
}

/** How far work has come, in words and numbers. */
export interface ProgressView {
  readonly work: "checking" | "importing"
  readonly stage: "reading" | "recording" | "done"
  readonly bytesRead: number
  readonly size: number
  readonly rows: number
}

/** Shows how far a check or an import has come. Its own script asks again each second, a header reloads it without. */
export function progressPage(data: PageOf & { readonly uploadId: number; readonly progress: ProgressView }): Html {
  const { language, user, account, uploadId, progress } = data
  const words = speak(statementMessages, language)
  const title = progress.work === "checking" ? words.checkingTitle : words.importingTitle
  const read = bytesText(progress.bytesRead, language)
  const all = bytesText(progress.size, language)
  return layout(
    { language, user, title, current: "bank-accounts", shape: "card", scripts: ["live-part.js"] },
    html`${pageHead(title, words.working)}
<section class="card" id="progress" data-poll aria-live="polite">
<progress max="${progress.size}" value="${Math.min(progress.bytesRead, progress.size)}" aria-label="${title}"></progress>
${facts([
  [words.stage, progress.stage === "recording" ? words.stageRecording : words.stageReading],
  [words.bytesRead, words.bytesOf({ read, all })],
  [words.rowsRead, new Intl.NumberFormat(language).format(progress.rows)],
])}</section>
<p><a class="button plain" href="${`/bank-accounts/${account.id}/import/${uploadId}`}">${words.reload}</a></p>`,
  )
}

/** Work that stopped or could not be done, and what to do about it. */
export function stoppedPage(
  data: PageOf & {
    readonly uploadId: number
    readonly why: "interrupted" | "account" | "profile" | "internal"
    readonly work: "check" | "confirm"
    readonly isTable: boolean
  },
): Html {
  const { language, user, account, uploadId, why, work, isTable } = data
  const words = speak(statementMessages, language)
  const path = `/bank-accounts/${account.id}/import/${uploadId}`
  const title = why === "interrupted" ? words.stoppedTitle : words.failedTitle
  const texts = {
    interrupted: words.stopped,
    account: words.failedAccount,
    profile: words.failedProfile,
    internal: words.failedInternal,
  }
  const { csrfToken } = user
  const again = buttonForm({
    action: `${path}/${work}`,
    csrfToken,
    text: words.again,
    style: undefined,
    fields: { again: "1" },
  })
  return layout(
    { language, user, title, current: "bank-accounts", shape: "card" },
    html`${pageHead(title)}${note(why === "interrupted" ? "warn" : "danger", texts[why])}
<div class="actions">${again}${
      isTable ? html`<a class="button plain" href="${`${path}/columns`}">${words.changeColumns}</a>` : noHtml
    }${buttonForm({ action: `${path}/discard`, csrfToken, text: words.discard, style: "plain danger" })}</div>`,
  )
}
