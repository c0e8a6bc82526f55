import { hiddenField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { buttonForm, facts, note } from "../../http/pieces.page.ts"
import { appFormMessages } from "../../messages/app-form.ts"
import { appPageMessages, appStateMessages } from "../../messages/app-pages.ts"
import { speak } from "../../messages/catalogue.ts"
import type { ManagedClient } from "../../oauth/manage-client.ts"
import type { AccessCounts } from "./access-counts.ts"
import { type AppFormData, appFields } from "./app-form.page.ts"
import { appHead, headOf, pendingList, reasonNote } from "./app-state.page.ts"
import { appTabs } from "./app-tabs.page.ts"
import { copyable } from "./copyable.page.ts"

/** What just happened, by the code in the address. */
export const overviewCodes = ["created", "saved", "waits", "tokens-ended", "submitted", "withdrawn"] as const
export type OverviewCode = (typeof overviewCodes)[number]

export interface AppOverviewData extends AppFormData {
  readonly user: FrameUser
  readonly client: ManagedClient
  readonly access: AccessCounts
  readonly done: OverviewCode | undefined
  /** Of the app that the form shows. */
  readonly version: number
  readonly problem: "form" | "changed_meanwhile" | "not_possible" | "website_missing" | undefined
}

/** An app: its state, what waits, and the form that changes it. */
export function appOverviewPage(data: AppOverviewData): Html {
  const { language, user, client } = data
  const words = speak(appPageMessages, language)
  return layout(
    { language, title: client.values.name, user, current: "apps", scripts: ["copy.js", "tabs.js"] },
    html`${appHead(headOf(client), language)}
${appTabs(client.clientId, "overview", language)}
${doneNote(data)}${problemNote(data)}
${statePanel(data)}
${changesPanel(data)}
<section class="card">${facts([
      [words.clientId, copyable("client-id", client.clientId, language)],
      [words.profile, client.values.profile],
      [words.access, words.accessText(data.access)],
      [words.registered, momentText(client.createdAt, language)],
      ...(client.changedAt === null ? [] : [[words.changedAt, momentText(client.changedAt, language)] as const]),
    ])}</section>
${client.state === "suspended" ? noHtml : testPanel(data)}
${editForm(data)}
<section class="card"><h2>${words.deleteTitle}</h2><p class="soft">${words.deleteText}</p><p class="actions"><a class="button plain danger" href="${`/developer/apps/${client.clientId}/delete`}">${words.deleteAction}</a></p></section>`,
  )
}

function doneNote({ language, done }: AppOverviewData): Html {
  if (done === undefined) return noHtml
  const words = speak(appPageMessages, language)
  const texts: Readonly<Record<OverviewCode, string>> = {
    created: words.doneCreated,
    saved: words.doneSaved,
    waits: words.doneWaits,
    "tokens-ended": words.doneTokensEnded,
    submitted: words.doneSubmitted,
    withdrawn: words.doneWithdrawn,
  }
  return note("good", texts[done])
}

function problemNote({ language, problem, client }: AppOverviewData): Html {
  const words = speak(appPageMessages, language)
  switch (problem) {
    case undefined:
      return noHtml
    case "not_possible":
      return note("danger", words.stepNotPossible)
    case "changed_meanwhile":
      return note(
        "danger",
        html`<p>${words.changedMeanwhile}</p><p><a href="${`/developer/apps/${client.clientId}`}">${words.changedMeanwhileSee}</a></p>`,
      )
    case "website_missing":
      return note("danger", html`<p>${words.websiteMissing}</p><p><a href="#website">${words.websiteWrite}</a></p>`)
    case "form":
      return note("danger", speak(appFormMessages, language).problems)
  }
}

function statePanel({ language, client, user }: AppOverviewData): Html {
  const words = speak(appPageMessages, language)
  const { state, stateReason, clientId } = client
  const texts = {
    draft: [words.draftText, words.draftNext],
    pending_review: [words.pendingText, words.pendingNext],
    approved: [words.approvedText, ""],
    rejected: [words.rejectedText, words.rejectedNext],
    suspended: [words.suspendedText, words.suspendedNext],
  } as const
  const [text, next] = texts[state]
  const step = (action: string, label: string, style: string) =>
    html`<form method="post" action="${`/developer/apps/${clientId}/${action}`}" class="actions">${hiddenField("csrf_token", user.csrfToken)}<button class="${`button ${style}`}">${label}</button></form>`
  return html`<section class="card"><h2>${words.stateTitle(speak(appStateMessages, language)[state])}</h2>
${state === "approved" ? noHtml : reasonNote(words.reason, stateReason)}
<p>${text}</p>${next === "" ? noHtml : html`<p class="soft">${next}</p>`}
${(state === "draft" || state === "rejected") && client.values.website === null ? html`<p>${words.websiteFirst} <a class="line-link" href="#website">${words.websiteWrite}</a></p>` : noHtml}
${state === "draft" ? step("submit", words.submit, "") : noHtml}${state === "rejected" ? step("submit", words.submitAgain, "") : noHtml}${
  state === "pending_review" ? step("withdraw", words.withdraw, "plain") : noHtml
}</section>`
}

function changesPanel({ language, client, user }: AppOverviewData): Html {
  if (client.pending === undefined) return noHtml
  const words = speak(appPageMessages, language)
  const isRejected = client.reviewSince === null
  const title = isRejected ? words.changesRejectedTitle : words.changesTitle
  const action = `/developer/apps/${client.clientId}/withdraw`
  return html`<section class="card" id="changes"><h2>${title}</h2>
${isRejected && client.state === "approved" ? reasonNote(words.reason, client.stateReason) : noHtml}
<p class="soft">${isRejected ? words.changesRejectedText : words.changesText}</p>
${pendingList(client, language)}
<div class="actions">${buttonForm({ action, csrfToken: user.csrfToken, text: words.withdrawChanges })}</div></section>`
}

function testPanel({ language, client }: AppOverviewData): Html {
  const words = speak(appPageMessages, language)
  const app = `/developer/apps/${client.clientId}`
  const isApproved = client.state === "approved"
  return html`<section class="card"><h2>${isApproved ? words.callTitle : words.testTitle}</h2><p>${isApproved ? words.callText : words.testText}</p><p class="actions"><a class="button plain" href="${`${app}/try`}">${words.tryIt}</a><a class="button plain" href="${`${app}/quick-start`}">${words.quickStart}</a>${isApproved ? noHtml : html`<a class="button plain" href="/bank-accounts">${words.testAccounts}</a>`}</p></section>`
}

function editForm(data: AppOverviewData): Html {
  const { language, client, user } = data
  const words = speak(appPageMessages, language)
  const isReviewed = client.state === "approved" || client.state === "suspended"
  return html`<form method="post" action="${`/developer/apps/${client.clientId}`}" class="card app-form" id="edit" novalidate>
<h2>${words.editTitle}</h2>
<div class="note">${isReviewed ? html`<p>${words.editApproved}</p>` : noHtml}<p>${words.editTokens}</p></div>
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("version", String(data.version))}
${appFields(data)}
<div class="actions"><button class="button">${speak(appFormMessages, language).save}</button></div>
</form>`
}
