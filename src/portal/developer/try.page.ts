import { choiceField, hiddenField } from "../../http/fields.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, buttonForm, note } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { scopeMessages } from "../../messages/oauth.ts"
import { tryItMessages } from "../../messages/try-it.ts"
import type { Scope } from "../../oauth/protocol.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import { type AppPageData, appFrame } from "./app-frame.page.ts"
import type { DecodedToken, TrialView } from "./try-view.ts"

export interface TryPageData extends AppPageData {
  readonly suspended: boolean
  readonly scopes: readonly Scope[]
  readonly chosen: readonly string[]
  readonly calls: readonly string[]
  readonly trial: TrialView | undefined
  readonly notice: "again" | "lost" | "refused" | "scopes" | undefined
}

const trialPlaces = ["authorize", "callback", "exchange", "token", "call", "refresh", "revoke"] as const

/** A step of a trial; its card has it as its place on the page. */
export type TrialPlace = (typeof trialPlaces)[number]

/** The code flow of an app, each step with its request and its answer. */
export function tryPage(data: TryPageData): Html {
  const { language, app, trial, suspended } = data
  const words = speak(tryItMessages, language)
  return appFrame(
    data,
    { tab: "try", title: words.title, lead: words.lead(app.name) },
    html`${noticeOf(data)}${suspended ? note("warn", words.suspended) : trial === undefined ? startCard(data) : steps(data, trial)}`,
  )
}

function pathOf({ app }: AppPageData): string {
  return `/developer/apps/${app.clientId}/try`
}

function noticeOf({ language, notice }: TryPageData): HtmlValue {
  const words = speak(tryItMessages, language)
  if (notice === "again") return note("warn", words.again409)
  if (notice === "lost") return note("danger", words.lost)
  return notice === "refused" ? note("warn", words.refused) : noHtml
}

function startCard(data: TryPageData): Html {
  const { language, user, scopes, chosen, notice } = data
  const words = speak(tryItMessages, language)
  const texts = speak(scopeMessages, language)
  const field = choiceField({
    name: "scope",
    label: words.scopes,
    kind: "checkbox",
    chosen,
    problem: notice === "scopes" ? words.scopesProblem : undefined,
    options: scopes.map((scope) => ({ value: scope, text: scope, note: texts[scope] })),
  })
  return html`<section class="card stack"><h2>${words.startTitle}</h2><p>${words.startText}</p><p class="hint">${words.realNote}</p>
<form method="post" action="${`${pathOf(data)}/start`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${field}<p class="actions"><button class="button">${words.start}</button></p></form></section>`
}

function steps(data: TryPageData, trial: TrialView): Html {
  const { language, user } = data
  const words = speak(tryItMessages, language)
  const { hasCode, hasTokens } = trial
  const action = (name: string, text: string, style: "primary" | "plain" | "plain danger" = "primary") =>
    buttonForm({
      action: `${pathOf(data)}/${name}`,
      csrfToken: user.csrfToken,
      text,
      style,
      fields: { turn: String(trial.turn) },
    })
  const exchanged = trial.steps.some(({ kind }) => kind === "exchange")
  const came = trial.steps.some(({ kind }) => kind === "callback")
  const called = trial.steps.some(({ kind }) => kind === "call")
  const calls = data.calls.map((path) =>
    buttonForm({
      action: `${pathOf(data)}/call`,
      csrfToken: user.csrfToken,
      text: words.call(path),
      style: called ? "plain" : "primary",
      fields: { turn: String(trial.turn), path },
    }),
  )
  return html`<p class="hint">${words.endsAt} ${momentText(trial.expiresAt, language)}. ${words.realNote}</p>
<div class="actions">${buttonForm({ action: `${pathOf(data)}/end`, csrfToken: user.csrfToken, text: hasTokens ? words.end : words.again, style: "plain" })}<a class="button plain" href="${`/developer/apps/${data.app.clientId}/requests`}">${words.logHint}</a></div>
<ol class="trial-steps">${stepCard("authorize", words.stepAuthorize, words.stepAuthorizeText, [
    html`<pre class="sample" tabindex="0"><code>${readableUrl(trial.authorizeUrl)}</code></pre>`,
    came
      ? noHtml
      : html`<p class="actions"><a class="button" href="${trial.authorizeUrl}">${words.openAuthorize}</a></p>`,
  ])}${came ? stepCard("callback", words.stepCallback, words.stepCallbackText, shown(trial, ["callback"], language)) : noHtml}${
    hasCode || exchanged
      ? stepCard("exchange", words.stepExchange, words.stepExchangeText, [
          ...shown(trial, ["exchange"], language),
          hasCode ? html`<div class="actions">${action("exchange", words.exchange)}</div>` : noHtml,
        ])
      : noHtml
  }${hasTokens && trial.token !== undefined ? stepCard("token", words.stepToken, words.stepTokenText, [tokenTables(trial.token, language)]) : noHtml}${
    hasTokens
      ? html`${stepCard("call", words.stepCall, words.stepCallText, [html`<div class="actions">${calls}</div>`, ...shown(trial, ["call"], language)])}${stepCard(
          "refresh",
          words.stepRefresh,
          words.stepRefreshText,
          [
            html`<div class="actions">${action("refresh", words.refresh, "plain")}</div>`,
            ...shown(trial, ["refresh"], language),
          ],
        )}${stepCard("revoke", words.stepRevoke, words.stepRevokeText, [
          html`<div class="actions">${action("revoke", words.revoke, "plain danger")}</div>`,
          ...shown(trial, ["revoke"], language),
        ])}`
      : noHtml
  }</ol>`
}

function stepCard(step: TrialPlace, title: string, text: string, content: readonly HtmlValue[]): Html {
  const number = trialPlaces.indexOf(step) + 1
  return html`<li class="card stack" id="${step}"><h2>${`${number}. ${title}`}</h2><p class="soft">${text}</p>${content}</li>`
}

// The newest first: it is what the button just did.
function shown(trial: TrialView, kinds: readonly string[], language: Language): readonly Html[] {
  const words = speak(tryItMessages, language)
  return trial.steps
    .filter(({ kind }) => kinds.includes(kind))
    .toReversed()
    .map(
      ({ request, status, answer }) =>
        html`<div class="trial-exchange"><div><h3>${words.request}</h3><pre class="sample" tabindex="0"><code>${request}</code></pre></div>${
          status === null
            ? noHtml
            : html`<div><h3>${words.answer} ${badge(String(status), status < 400 ? "good" : "warn")}</h3><pre class="sample" tabindex="0"><code>${answer}</code></pre></div>`
        }</div>`,
    )
}

function tokenTables({ header, claims }: DecodedToken, language: Language): Html {
  const words = speak(tryItMessages, language)
  const meaning: Readonly<Record<string, string>> = {
    alg: words.claimAlg,
    typ: words.claimTyp,
    kid: words.claimKid,
    iss: words.claimIss,
    sub: words.claimSub,
    aud: words.claimAud,
    exp: words.claimExp,
    iat: words.claimIat,
    scope: words.claimScope,
    jti: words.claimJti,
  }
  const table = (title: string, values: DecodedToken["claims"]) =>
    html`<div><h3>${title}</h3><dl class="facts">${Object.entries(values).map(
      ([name, value]) =>
        html`<div><dt><code>${name}</code></dt><dd><code class="break">${value}</code> <span class="soft small block">${meaning[name] ?? ""}${
          name === "exp" || name === "iat" ? ` ${secondsText(value)}` : ""
        }</span></dd></div>`,
    )}</dl></div>`
  return html`<div class="trial-exchange">${table(words.header, header)}${table(words.claims, claims)}</div>`
}

function secondsText(seconds: string | number): string {
  return formatVietnamTime((Number(seconds) * 1000) as Parameters<typeof formatVietnamTime>[0])
}

// A parameter a line, so that one can read it.
function readableUrl(url: string): string {
  return `GET ${url.replace("?", "\n  ?").replaceAll("&", "\n  &")}`
}
