import type { Instant } from "../clock.ts"
import { hiddenField, textField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { badge, facts, note, pageHead } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { secondFactorMessages } from "../messages/sign-in-safety.ts"
import { type FactorProblem, problemOf, waitNote } from "./factor-problem.page.ts"
import { secretField } from "./password.page.ts"

interface PageFrame {
  readonly language: Language
  readonly user: FrameUser
  readonly problem?: FactorProblem | undefined
}

const fewCodes = 3

/** Whether the second factor is on, and the way to change that. */
export function secondFactorPage(
  data: PageFrame & {
    readonly secondFactor: { readonly since: Instant; readonly codesLeft: number } | undefined
    readonly isOperator: boolean
    readonly said?: "off" | "expired" | undefined
  },
): Html {
  const { language, user, secondFactor, said } = data
  const words = speak(secondFactorMessages, language)
  const content =
    secondFactor === undefined
      ? html`${data.isOperator ? note("warn", words.operatorAdvice) : noHtml}${beginForm(data)}`
      : html`${secondFactor.codesLeft <= fewCodes ? note("warn", words.codesLow) : noHtml}<section class="card">${facts(
          [
            [words.state, badge(words.isOn, "good")],
            [words.since, momentText(secondFactor.since, language)],
            [words.codesLeft, secondFactor.codesLeft],
          ],
        )}<p class="actions"><a class="button plain" href="/account/two-factor/recovery-codes">${words.renew}</a><a class="button plain danger" href="/account/two-factor/off">${words.off}</a></p></section>`
  return layout(
    { language, title: words.title, user: { ...user, adviseSecondFactor: false }, current: "account", shape: "card" },
    html`${pageHead(words.title, words.lead)}
${said === undefined ? noHtml : note(said === "off" ? "good" : "warn", said === "off" ? words.isNowOff : words.expired)}${waitNote(data)}${content}`,
  )
}

function beginForm(data: PageFrame): Html {
  const { language, user } = data
  const words = speak(secondFactorMessages, language)
  return html`<section class="card">${facts([[words.state, badge(words.isOff)]])}<h2>${words.needs}</h2><p class="soft">${words.needsText}</p>
<form method="post" action="/account/two-factor/begin" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${secretField({ name: "current_password", label: words.currentPassword, problem: problemOf(data, "wrongPassword") }, "current-password")}
<p class="actions"><button class="button">${words.begin}</button></p></form></section>`
}

/** Shows the secret as a QR code and as text, and asks for a code of the app. */
export function setUpPage(
  data: PageFrame & {
    readonly qr: { readonly size: number; readonly path: string }
    /** In base32. */
    readonly secret: string
    readonly formKey: string
  },
): Html {
  const { language, user, qr, secret, formKey } = data
  const words = speak(secondFactorMessages, language)
  const grouped = (secret.match(/.{1,4}/g) ?? []).join(" ")
  return layout(
    {
      language,
      title: words.setUpTitle,
      user: { ...user, adviseSecondFactor: false },
      current: "account",
      shape: "card",
    },
    html`${pageHead(words.setUpTitle)}
<section class="card"><h2>${words.scanTitle}</h2>
<div class="qr"><svg viewBox="${`0 0 ${qr.size} ${qr.size}`}" width="232" height="232" role="img" aria-label="${words.qr}" shape-rendering="crispEdges"><rect width="${qr.size}" height="${qr.size}" fill="#fff"></rect><path d="${qr.path}" fill="#000"></path></svg></div>
<p class="soft small">${words.byHand}</p><p class="secret-text"><code>${grouped}</code></p></section>
<section class="card"><h2>${words.confirmTitle}</h2>
<form method="post" action="/account/two-factor/set-up" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}
${codeField(words.code, problemOf(data, "wrongSetUpCode"))}
<p class="actions"><button class="button">${words.switchOn}</button><a class="button plain" href="/account/two-factor">${words.cancel}</a></p></form></section>`,
  )
}

/** The field of a 6-digit code. */
function codeField(label: string, problem: string | undefined): Html {
  const more = { inputmode: "numeric", autocomplete: "one-time-code", maxlength: "12" }
  return textField({ name: "code", label, problem, required: true, more })
}

/** The recovery codes, this once. */
export function recoveryCodesPage(
  data: PageFrame & { readonly codes: readonly string[]; readonly reason: "nowOn" | "renewed"; readonly host: string },
): Html {
  const { language, user, codes, reason, host } = data
  const words = speak(secondFactorMessages, language)
  return layout(
    {
      ...{ language, title: words.codesTitle, user: { ...user, adviseSecondFactor: false } },
      ...{ current: "account", shape: "card", fixedLanguage: true },
    },
    html`${note("good", words[reason])}<section class="card"><h1>${words.codesTitle}</h1><p>${words.codesLead}</p>
<pre class="recovery-codes" tabindex="0" aria-label="${words.codesText}">${`${words.codesText} · ${host} · ${user.email}\n\n${codes.join("\n")}`}</pre>
<p class="actions"><a class="button" href="/account/two-factor">${words.saved}</a></p></section>`,
  )
}

/** Asks for a code before new recovery codes are made. */
export function renewCodesPage(data: PageFrame & { readonly formKey: string }): Html {
  const { language, user, formKey } = data
  const words = speak(secondFactorMessages, language)
  return layout(
    { language, title: words.renew, user, current: "account", shape: "card" },
    html`${pageHead(words.renew, words.renewLead)}${waitNote(data)}
<section class="card"><form method="post" action="/account/two-factor/recovery-codes" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}
${anyCodeField(data)}
<p class="actions"><button class="button">${words.renew}</button><a class="button plain" href="/account/two-factor">${words.cancel}</a></p></form></section>`,
  )
}

/** Asks for password and code before the second factor is switched off. */
export function switchOffPage(data: PageFrame): Html {
  const { language, user } = data
  const words = speak(secondFactorMessages, language)
  return layout(
    { language, title: words.offTitle, user, current: "account", shape: "card" },
    html`${pageHead(words.offTitle, words.offLead)}${waitNote(data)}
<section class="card"><form method="post" action="/account/two-factor/off" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${secretField({ name: "current_password", label: words.currentPassword, problem: problemOf(data, "wrongPassword") }, "current-password")}
${anyCodeField(data)}
<p class="actions"><button class="button danger">${words.off}</button><a class="button plain" href="/account/two-factor">${words.cancel}</a></p></form></section>`,
  )
}

function anyCodeField(data: PageFrame): Html {
  const words = speak(secondFactorMessages, data.language)
  const more = { autocomplete: "one-time-code", maxlength: "30", spellcheck: "false", autocapitalize: "characters" }
  return textField({ name: "code", label: words.anyCode, problem: problemOf(data, "wrongCode"), required: true, more })
}
