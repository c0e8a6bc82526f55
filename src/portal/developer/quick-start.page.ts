import { copyButton } from "../../http/copy-button.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { facts, note } from "../../http/pieces.page.ts"
import { speak } from "../../messages/catalogue.ts"
import { quickStartMessages } from "../../messages/quick-start.ts"
import { type AppPageData, appFrame } from "./app-frame.page.ts"
import type { SampleValues } from "./samples/sample-values.ts"

/** A sample in one language. */
export interface Sample {
  /** Also its place on the page. */
  readonly id: "shell" | "typescript" | "php" | "python"
  readonly name: string
  readonly file: string
  /** The command that runs the file. */
  readonly run: string
  readonly code: string
}

export interface QuickStartPageData extends AppPageData {
  readonly values: SampleValues
  readonly approved: boolean
  readonly samples: readonly Sample[]
}

/** The first steps of an app, with its own values. */
export function quickStartPage(data: QuickStartPageData): Html {
  const { language, app, approved, samples } = data
  const words = speak(quickStartMessages, language)
  const path = `/developer/apps/${app.clientId}`
  return appFrame(
    data,
    { tab: "quick-start", title: words.title, lead: words.lead(app.name), scripts: ["copy.js"] },
    html`${approved ? noHtml : note("warn", words.draftNote)}${valuesCard(data)}
<section class="card stack" id="authorize"><h2>${words.howTitle}</h2><ol class="points"><li>${words.stepSave}</li><li>${words.stepOpen}</li><li>${words.stepPaste}</li><li>${words.stepLog}</li></ol>
<p class="actions"><a class="button plain" href="${`${path}/try`}">${words.toTry}</a><a class="button plain" href="${`${path}/requests`}">${words.toLog}</a></p></section>
<section class="stack" id="exchange"><h2>${words.samples}</h2><ul class="sample-jump">${samples.map(
      ({ id, name }) => html`<li><a class="button plain" href="${`#${id}`}">${name}</a></li>`,
    )}</ul>${samples.map((sample) => sampleCard(sample, data))}</section>${errorsCard(data)}`,
  )
}

function valuesCard({ language, app, values }: QuickStartPageData): Html {
  const words = speak(quickStartMessages, language)
  const code = (text: string) => html`<code class="break">${text}</code>`
  const secret = values.isPublic
    ? html`${words.noSecret}`
    : html`${words.secretFromEnvironment} · <a class="line-link" href="${`/developer/apps/${app.clientId}/secrets`}">${words.makeSecret}</a>`
  return html`<section class="card stack"><h2>${words.valuesTitle}</h2>${facts([
    [words.baseUrl, code(values.baseUrl)],
    [words.clientId, code(values.clientId)],
    [words.secret, secret],
    [words.redirectUri, code(values.redirectUri)],
    [words.scopes, code(values.scope)],
  ])}</section>`
}

function sampleCard({ id, name, file, run, code }: Sample, { language, values }: QuickStartPageData): Html {
  const words = speak(quickStartMessages, language)
  const notes = {
    shell: words.shellNote,
    typescript: words.typescriptNote,
    php: words.phpNote,
    python: words.pythonNote,
  }
  const codeId = `${id}-code`
  return html`<article class="card stack" id="${id}"><div class="sample-head"><h3>${name} <span class="soft small">${file}</span></h3>${copyButton(codeId, language, words.copySample(name))}</div>
<p class="hint">${notes[id]} ${words.runBy(file)} <code class="break">${values.isPublic ? run : `SEPAY_CLIENT_SECRET=sepay_cs_… ${run}`}</code></p><pre class="sample" tabindex="0"><code id="${codeId}">${code}</code></pre></article>`
}

function errorsCard({ language }: QuickStartPageData): Html {
  const words = speak(quickStartMessages, language)
  return html`<section class="card stack"><h2>${words.errorsTitle}</h2><p>${words.errorsText}</p>${facts([
    ["401 expired_token", words.errorExpired],
    ["400 invalid_grant", words.errorGrant],
    ["429 rate_limited", words.errorRate],
  ])}</section>`
}
