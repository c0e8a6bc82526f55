import { hiddenField, textArea } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { facts, note } from "../../http/pieces.page.ts"
import { appFieldMessages, appPageMessages } from "../../messages/app-pages.ts"
import { appReviewMessages } from "../../messages/app-review.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { personName } from "../../messages/person-name.ts"
import type { ManagedClient } from "../../oauth/manage-client.ts"
import type { DecisionKind } from "../../oauth/review-client.ts"
import type { AppOwner } from "../../oauth/review-queue.ts"
import { scopeText } from "../../oauth/scope-list.page.ts"
import type { AccessCounts } from "../developer/access-counts.ts"
import { appHead, headOf, pendingList, reasonNote } from "../developer/app-state.page.ts"

export interface ReviewAppData {
  readonly language: Language
  readonly user: FrameUser
  readonly client: ManagedClient
  readonly owner: AppOwner
  readonly access: AccessCounts
  readonly possible: readonly DecisionKind[]
  readonly done: DecisionKind | undefined
  readonly problem: "changed_meanwhile" | "not_possible" | "reason" | undefined
  /** What was typed as reason, when the form comes back. */
  readonly reason: string
}

/** One app before the operator: what it is, what would change, and the decisions that are open. */
export function reviewAppPage(data: ReviewAppData): Html {
  const { language, user, client, possible } = data
  const words = speak(appReviewMessages, language)
  return layout(
    { language, title: client.values.name, user, current: "operator-apps" },
    html`<p><a class="line-link" href="/operator/apps">${words.back}</a></p>${appHead(headOf(client), language)}
${doneNote(data)}${problemNote(data)}
${client.state === "approved" && client.pending !== undefined ? noHtml : reasonNote(words.reason, client.stateReason)}
${pendingPanel(data)}
${possible.includes("approve") ? decisionPanel(data) : noHtml}
${appPanel(data)}
${possible.includes("reinstate") ? reinstatePanel(data) : noHtml}
${possible.includes("suspend") ? suspendPanel(data) : noHtml}
${possible.length === 0 ? html`<p class="soft">${words.nothingToDecide}</p>` : noHtml}`,
  )
}

function doneNote({ language, done }: ReviewAppData): Html {
  if (done === undefined) return noHtml
  const words = speak(appReviewMessages, language)
  const texts: Readonly<Record<DecisionKind, string>> = {
    approve: words.doneApprove,
    reject: words.doneReject,
    suspend: words.doneSuspend,
    reinstate: words.doneReinstate,
  }
  return note("good", texts[done])
}

function problemNote({ language, problem }: ReviewAppData): Html {
  const words = speak(appReviewMessages, language)
  switch (problem) {
    case "changed_meanwhile":
      return note("danger", words.changedMeanwhile)
    case "not_possible":
      return note("danger", words.notPossible)
    case "reason":
      return note("danger", words.reasonProblem)
    case undefined:
      return noHtml
  }
}

function pendingPanel({ language, client }: ReviewAppData): Html {
  if (client.pending === undefined) return noHtml
  const words = speak(appReviewMessages, language)
  const isRejected = client.reviewSince === null
  const title = isRejected ? words.pendingRejectedTitle : words.pendingTitle
  return html`<section class="stack"><h2>${title}</h2>${isRejected && client.state === "approved" ? reasonNote(words.reason, client.stateReason) : noHtml}${pendingList(client, language)}</section>`
}

function decisionPanel(data: ReviewAppData): Html {
  const { language, client } = data
  const words = speak(appReviewMessages, language)
  const isChange = client.state === "approved"
  const app = `/operator/apps/${client.clientId}`
  return html`<section class="card"><h2>${words.decide}</h2><p class="soft">${isChange ? words.decideChanges : words.decideApp}</p>
${client.pending?.profile === undefined && client.pending?.clientType === undefined ? noHtml : note("warn", words.decideEndsTokens)}
<form method="post" action="${`${app}/approve`}" class="actions">${formFields(data)}<button class="button">${isChange ? words.approveChanges : words.approve}</button></form>
<form method="post" action="${`${app}/reject`}" class="stack">${formFields(data)}${reasonField(data)}
<div class="actions"><button class="button plain danger">${words.reject}</button></div></form></section>`
}

// What is decided on is what was seen: the version says which state of the app that is.
function formFields({ user, client }: Pick<ReviewAppData, "user" | "client">): Html {
  return html`${hiddenField("csrf_token", user.csrfToken)}${hiddenField("version", String(client.version))}`
}

function reasonField({ language, problem, reason }: Pick<ReviewAppData, "language" | "problem" | "reason">): Html {
  const words = speak(appReviewMessages, language)
  return textArea({
    name: "reason",
    label: words.reason,
    hint: words.reasonHint,
    value: reason,
    problem: problem === "reason" ? words.reasonProblem : undefined,
    required: true,
    rows: 3,
    more: { maxlength: "500" },
  })
}

function appPanel({ language, client, owner, access }: ReviewAppData): Html {
  const words = speak(appReviewMessages, language)
  const fields = speak(appFieldMessages, language)
  const { values } = client
  const lines = (items: readonly Html[]) =>
    html`<ul class="plain-list tight">${items.map((item) => html`<li>${item}</li>`)}</ul>`
  return html`<section class="card"><h2>${client.state === "approved" || client.state === "suspended" ? words.nowApproved : words.now}</h2>
${facts([
  [words.company, owner.company],
  [words.owner, html`${personName(owner, language)} <span class="soft">${owner.email}</span>`],
  [
    fields.description,
    values.description === "" ? fields.none : html`<span class="lines">${values.description}</span>`,
  ],
  [
    fields.website,
    values.website === null
      ? fields.none
      : html`<a class="line-link" href="${values.website}" rel="noopener noreferrer nofollow" target="_blank">${values.website}</a>`,
  ],
  [words.redirectUris, lines(values.redirectUris.map((uri) => html`<code class="break">${uri}</code>`))],
  [
    words.scopes,
    lines(
      values.scopes.map(
        ({ scope, required }) =>
          html`${scopeText(scope, language)} <span class="soft">(${required ? fields.required : fields.optional})</span>`,
      ),
    ),
  ],
  [fields.profile, values.profile],
  [fields.clientType, fields[values.clientType]],
  [words.legacy, values.legacyTokenErrors ? words.yes : words.no],
  [speak(appPageMessages, language).clientId, html`<code class="break">${client.clientId}</code>`],
  [words.registered, momentText(client.createdAt, language)],
  ...(client.reviewSince === null ? [] : [[words.waitingSince, momentText(client.reviewSince, language)] as const]),
  [words.access, words.accessText(access)],
])}</section>`
}

function reinstatePanel(data: ReviewAppData): Html {
  const words = speak(appReviewMessages, data.language)
  return html`<section class="card"><h2>${words.reinstateTitle}</h2><p class="soft">${words.reinstateText}</p>
<form method="post" action="${`/operator/apps/${data.client.clientId}/reinstate`}" class="actions">${formFields(data)}<button class="button">${words.reinstate}</button></form></section>`
}

function suspendPanel({ language, client }: ReviewAppData): Html {
  const words = speak(appReviewMessages, language)
  return html`<section class="card"><h2>${words.suspendTitle}</h2><p class="soft">${words.suspendText}</p><p class="actions"><a class="button plain danger" href="${`/operator/apps/${client.clientId}/suspend`}">${words.suspendAction}</a></p></section>`
}

/** Asks before an app is suspended, with what stops. */
export function suspendAppPage(
  data: Pick<ReviewAppData, "language" | "user" | "client" | "access" | "problem" | "reason">,
): Html {
  const { language, user, client, access } = data
  const words = speak(appReviewMessages, language)
  const title = words.suspendAsk(client.values.name)
  const app = `/operator/apps/${client.clientId}`
  return layout(
    { language, title, user, current: "operator-apps", shape: "card" },
    html`<section class="card"><h1 class="break">${title}</h1>
<ul class="points"><li>${words.suspendEffect(access)}</li><li>${words.suspendEffectNew}</li><li>${words.suspendEffectKept}</li></ul>
<form method="post" action="${`${app}/suspend`}" class="stack">${formFields(data)}${reasonField(data)}
<div class="actions"><button class="button danger">${words.suspend}</button><a class="button plain" href="${app}">${words.cancel}</a></div></form></section>`,
  )
}
