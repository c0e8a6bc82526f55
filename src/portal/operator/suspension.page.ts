import { hiddenField, textArea } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, buttonForm, facts, note } from "../../http/pieces.page.ts"
import type { AccountStatus, Suspension } from "../../identity/company.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { NavigationPage } from "../../messages/frame.ts"
import { operatorPeopleMessages } from "../../messages/operator-people.ts"

/** What an address may say was just done. */
export type SuspensionDone = "suspended" | "reinstated" | "already" | "closed"

/** The note about what was just done. */
export function suspensionNote(done: SuspensionDone | undefined, language: Language): Html {
  if (done === undefined) return noHtml
  const words = speak(operatorPeopleMessages, language)
  const texts = {
    suspended: words.doneSuspended,
    reinstated: words.doneReinstated,
    already: words.doneAlready,
    closed: words.doneClosed,
  }
  return note(done === "suspended" || done === "reinstated" ? "good" : "warn", texts[done])
}

/** The state of a company or a user, as a badge. */
export function statusBadge(status: AccountStatus, language: Language): Html {
  const words = speak(operatorPeopleMessages, language)
  if (status === "active") return badge(words.active, "good")
  if (status === "suspended") return badge(words.suspended, "danger")
  return badge(status === "removed" ? words.removed : words.inactive)
}

/** What an operator can do about a company or a user, by its state. */
export function suspensionActions(data: {
  readonly language: Language
  readonly user: FrameUser
  /** `/operator/companies/12` */
  readonly path: string
  readonly status: AccountStatus
  readonly suspension: Suspension | undefined
  /** Why it cannot be suspended by this operator. */
  readonly own: string | undefined
}): Html {
  const { language, user, path, status, suspension, own } = data
  const words = speak(operatorPeopleMessages, language)
  if (suspension !== undefined) {
    return html`${facts([
      [words.suspendedSince, momentText(suspension.at, language)],
      [words.reason, html`<span class="break">${suspension.reason}</span>`],
    ])}<div class="actions">${buttonForm({ action: `${path}/reinstate`, csrfToken: user.csrfToken, text: words.reinstate })}</div>`
  }
  if (status !== "active") return noHtml
  if (own !== undefined) return html`<p class="hint">${own}</p>`
  return html`<p class="actions"><a class="button plain danger" href="${`${path}/suspend`}">${words.suspend}</a></p>`
}

/** Asks before a company or a user is suspended, with what it means in numbers. */
export function suspendPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly current: NavigationPage
  readonly path: string
  readonly name: string
  readonly effects: readonly string[]
  readonly reason: string
  readonly isWrong: boolean
}): Html {
  const { language, user, current, path, name, effects, reason, isWrong } = data
  const words = speak(operatorPeopleMessages, language)
  const title = words.suspendTitle(name)
  return layout(
    { language, title, user, current, shape: "card" },
    html`<section class="card"><h1 class="break">${title}</h1><h2>${words.effects}</h2>
<ul class="points">${[...effects, words.effectReversible].map((effect) => html`<li>${effect}</li>`)}</ul>
<form method="post" action="${`${path}/suspend`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${textArea({ name: "reason", label: words.reason, value: reason, required: true, hint: words.reasonHint, problem: isWrong ? words.reasonProblem : undefined, rows: 3, more: { maxlength: "500" } })}
<div class="actions spread"><button class="button danger">${words.confirm}</button><a class="button plain" href="${path}">${words.cancel}</a></div></form></section>`,
  )
}
