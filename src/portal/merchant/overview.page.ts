import type { DayTurnover } from "../../banking/day-sums.ts"
import type { Transaction } from "../../banking/transaction.ts"
import type { Instant } from "../../clock.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, note, pageHead } from "../../http/pieces.page.ts"
import type { Mode } from "../../ids.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { overviewMessages } from "../../messages/overview.ts"
import { personName } from "../../messages/person-name.ts"
import { transactionsMessages } from "../../messages/transactions.ts"
import { formatVnd, type Vnd } from "../../money.ts"
import type { FailingWebhook } from "../../webhooks/failing.ts"
import type { NamedAccount } from "./named-accounts.ts"
import { transactionRow } from "./transaction-row.page.ts"
import { modeSwitch } from "./transactions.page.ts"
import { turnoverChart } from "./turnover.page.ts"

/** An account with its balance. */
export interface OverviewAccount extends NamedAccount {
  readonly holderName: string
  /** Null: not known. */
  readonly balance: Vnd | null
  readonly balanceAt: Instant | null
  readonly transactionCount: number
  readonly isActive: boolean
}

export interface OverviewData {
  readonly language: Language
  readonly user: FrameUser
  readonly mode: Mode
  /** Whether there is anything in test mode to switch to. */
  readonly hasTest: boolean
  readonly mayLink: boolean
  /** Whether an account leads to its own page. */
  readonly maySeeAccounts: boolean
  // Each is undefined when the user may not see it.
  readonly accounts: readonly OverviewAccount[] | undefined
  readonly money:
    | {
        readonly turnover: readonly DayTurnover[]
        readonly latest: readonly Transaction[]
        /** The change that the list is as of. */
        readonly asOf: number
        readonly names: ReadonlyMap<number, NamedAccount>
      }
    | undefined
  readonly webhooks:
    | { readonly webhooks: number; readonly failing: readonly FailingWebhook[]; readonly mostCounted: number }
    | undefined
  readonly connectedApps: number
  /** Apps that wait for the decision of the operator who looks; undefined for everybody else. */
  readonly waitingReviews: number | undefined
  readonly query: string
}

/** The start page of whoever is signed in: balances, money by day, what arrives, what fails. */
export function overviewPage(data: OverviewData): Html {
  const { language, user, mode, money, connectedApps } = data
  const words = speak(overviewMessages, language)
  const modes = speak(transactionsMessages, language)
  const title = words.greeting(personName(user, language))
  const link = (href: string, name: string, text: string) =>
    html`<section class="card linked"><h2><a href="${href}">${name}</a></h2><p class="soft">${text}</p></section>`
  return layout(
    {
      ...{ language, title, user, current: "overview", query: data.query },
      scripts: money === undefined ? [] : ["chart.js", "live.js"],
    },
    html`${pageHead(title, user.companyName)}${reviewNote(data)}
${
  data.hasTest
    ? modeSwitch(modes.modes, [
        { text: modes.live, path: "/", isCurrent: mode === "live" },
        { text: modes.test, path: "/?mode=test", isCurrent: mode === "test" },
      ])
    : noHtml
}
${money === undefined ? noHtml : today(money.turnover, language)}
<div class="overview"><div class="stack">${
      money === undefined
        ? noHtml
        : html`<section class="card"><h2>${words.turnoverTitle}</h2>${turnoverChart(money.turnover, language)}</section>${latest(data, money)}`
    }</div>
<div class="stack"><section class="card"><h2>${words.accountsTitle}</h2>${accountList(data)}</section>${failing(data)}${link("/connected-apps", words.connectedApps, words.connectedAppsCount(connectedApps))}${
      user.navigation.includes("apps")
        ? link("/developer/apps", words.apps, words.appsNote)
        : link("/docs/api", words.apiReference, words.apiReferenceNote)
    }</div></div>`,
  )
}

function reviewNote({ waitingReviews = 0, language }: OverviewData): Html {
  if (waitingReviews === 0) return noHtml
  const words = speak(overviewMessages, language)
  return note("warn", html`${words.reviewsWait(waitingReviews)} <a href="/operator/apps">${words.reviewsOpen}</a>`)
}

function today(turnover: readonly DayTurnover[], language: Language): Html {
  const words = speak(overviewMessages, language)
  const day = turnover.at(-1)
  if (day === undefined) return noHtml
  const tile = (name: string, sum: Vnd, count: number, style: string) =>
    html`<div class="card"><dt>${name}</dt><dd class="${style}">${formatVnd(sum, language)}</dd><dd class="soft small">${words.count(count)}</dd></div>`
  return html`<dl class="money-tiles">${tile(words.todayIn, day.sumIn, day.countIn, "money-sum money-in")}${tile(words.todayOut, day.sumOut, day.countOut, "money-sum")}</dl>`
}

function latest({ language, mode }: OverviewData, money: NonNullable<OverviewData["money"]>): Html {
  const words = speak(overviewMessages, language)
  const [all, live] = mode === "test" ? ["/transactions?mode=test", "test"] : ["/transactions", "live"]
  return html`<section class="card flush" data-live="${`/transactions/live?mode=${live}`}" data-after="${money.asOf}" data-on="${words.liveOn}" data-off="${words.liveOff}" data-one="${words.arrivedOne}" data-many="${words.arrivedMany}"><div class="list-head"><h2>${words.latestTitle}</h2><span class="live-state soft small" aria-hidden="true"></span><a class="row-link" href="${all}">${words.seeAll}</a></div>
<p class="unseen" role="status"></p>
${money.latest.length === 0 ? html`<p class="soft no-rows">${words.noneYet}</p>` : noHtml}
<ol class="money-rows">${money.latest.map((one) => transactionRow(one, { language, account: money.names.get(one.bankAccountId) }))}</ol></section>`
}

function accountList({ accounts, language, mayLink, maySeeAccounts }: OverviewData): Html {
  const words = speak(overviewMessages, language)
  if (accounts === undefined) return html`<p class="soft">${words.maySeeNoAccounts}</p>`
  if (accounts.length === 0) {
    const action = mayLink
      ? html`<p class="actions"><a class="button" href="/bank-accounts">${words.linkAccount}</a></p>`
      : noHtml
    return html`<p class="soft">${words.noAccounts}</p>${action}`
  }
  return html`<ul class="balances">${accounts.map((account) => accountRow(account, language, maySeeAccounts))}</ul>`
}

function accountRow(account: OverviewAccount, language: Language, isLinked: boolean): Html {
  const words = speak(overviewMessages, language)
  const { balance, balanceAt, bankIcon, label, bankName, accountNumber, holderName, isActive } = account
  const icon =
    bankIcon === ""
      ? html`<span class="bank-icon blank"></span>`
      : html`<img class="bank-icon" src="${bankIcon}" alt="" width="40" height="40" loading="lazy">`
  const known =
    balance === null
      ? html`<span class="soft small">${words.balanceUnknown}</span>`
      : html`<span class="unseen">${words.balance} </span>${formatVnd(balance, language)}`
  const since =
    balance === null || balanceAt === null ? noHtml : html`${words.lastChange} ${momentText(balanceAt, language)} · `
  const name = label ?? bankName
  const title = isLinked ? html`<a href="${`/bank-accounts/${account.id}`}">${name}</a>` : name
  return html`<li class="${isLinked ? "linked" : ""}">${icon}<div class="balance-what"><h3>${title}${isActive ? noHtml : html` ${badge(words.closedBadge)}`}</h3><p class="soft small"><span class="number">${accountNumber}</span> · ${bankName} · ${holderName}</p><p class="balance">${known}</p><p class="soft small">${since}${words.count(account.transactionCount)}</p></div></li>`
}

function failing({ webhooks, language }: OverviewData): Html {
  if (webhooks === undefined) return noHtml
  const words = speak(overviewMessages, language)
  if (webhooks.failing.length === 0) {
    const text = webhooks.webhooks === 0 ? words.noWebhooks : words.allDelivered
    return html`<section class="card linked"><h2><a href="/webhooks">${words.webhooksTitle}</a></h2><p class="soft">${text}</p></section>`
  }
  const most = webhooks.mostCounted
  return html`<section class="card"><h2>${words.failingTitle}</h2><ul class="plain-list failing">${webhooks.failing.map(
    ({ id, name, failed, waiting, latestFailedAt }) =>
      html`<li class="linked"><h3><a href="${`/webhooks/${id}/log?outcome=failed`}">${name}</a></h3>${
        failed === 0
          ? noHtml
          : html`<p class="small"><span class="problem">${words.failed({ count: failed, most })}</span>${latestFailedAt === undefined ? noHtml : html`<span class="soft"> · ${words.latestFailure} ${momentText(latestFailedAt, language)}</span>`}</p>`
      }${waiting === 0 ? noHtml : html`<p class="soft small">${words.waiting({ count: waiting, most })}</p>`}</li>`,
  )}</ul></section>`
}
