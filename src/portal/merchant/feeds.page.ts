import type { Instant } from "../../clock.ts"
import { copyButton, copyScript } from "../../http/copy-button.page.ts"
import { choiceField, hiddenField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { backLink, badge, buttonForm, dataTable, emptyState, facts, note, pageHead } from "../../http/pieces.page.ts"
import type { Mode } from "../../ids.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { feedMessages } from "../../messages/feed-pages.ts"

/** A feed as the pages show it. */
export interface FeedView {
  readonly id: number
  readonly kind: "push" | "statement" | "simulator"
  readonly name: string
  readonly mode: Mode
  /** Undefined: all of the mode. */
  readonly bankAccountIds: readonly number[] | undefined
  readonly active: boolean
  readonly createdAt: Instant
  readonly lastSeenAt: Instant | null
}

interface PageOf {
  readonly language: Language
  readonly user: FrameUser
}

/** The feeds of a company. */
export function feedsPage({ language, user, feeds }: PageOf & { readonly feeds: readonly FeedView[] }): Html {
  const words = speak(feedMessages, language)
  const create = html`<a class="button" href="/bank-accounts/feeds/new">${words.create}</a>`
  const simulate = html`<a class="button plain" href="/bank-accounts/feeds/simulate">${words.simulate}</a>`
  return layout(
    { language, user, title: words.title, current: "bank-accounts" },
    html`${backLink("/bank-accounts", words.bankAccounts)}
${pageHead(words.title, words.lead, html`${create}${simulate}`)}${
  feeds.length === 0 ? emptyState(words.emptyTitle, words.empty, create) : feedTable(feeds, language, true)
}`,
  )
}

function feedTable(feeds: readonly FeedView[], language: Language, isLinked: boolean): Html {
  const words = speak(feedMessages, language)
  const columns = [
    { title: words.name },
    { title: words.kind },
    { title: words.mode, wide: true },
    { title: words.accounts, wide: true },
    { title: words.state },
    { title: words.lastSeen },
  ]
  const rows = feeds.map((feed) => [
    isLinked && feed.kind !== "statement"
      ? html`<a class="file-cell" href="${`/bank-accounts/feeds/${feed.id}`}">${feed.name}</a>`
      : html`<span class="memo-cell">${feed.kind === "statement" ? statementName(feed.name) : feed.name}</span>`,
    kindText(feed, language),
    feed.mode === "live" ? words.live : words.test,
    accountsText(feed, language),
    feed.active ? badge(words.on, "good") : badge(words.off),
    feed.kind === "statement" ? "–" : feed.lastSeenAt === null ? words.never : momentText(feed.lastSeenAt, language),
  ])
  return dataTable(words.title, columns, rows)
}

// Feeds of statements name themselves by their format, a table's by its columns: `csv 3f…`, or `csv NAME` once they are kept.
function statementName(name: string): string {
  const [format = "", ...rest] = name.split(" ")
  const columns = rest.join(" ")
  const shown = format === "camt" ? "camt.053" : format.toUpperCase()
  return columns === "" || /^[0-9a-f]{16}$/.test(columns) ? shown : `${shown} · ${columns}`
}

function kindText({ kind }: FeedView, language: Language): string {
  return speak(feedMessages, language)[kind]
}

function accountsText({ bankAccountIds }: FeedView, language: Language): string {
  const words = speak(feedMessages, language)
  return bankAccountIds === undefined ? words.allAccounts : words.accountCount(bankAccountIds.length)
}

/** The section of an account's page that lists the feeds that may write to it. */
export function accountFeedSection(data: {
  readonly language: Language
  readonly feeds: readonly FeedView[]
  readonly accountId: number
  readonly isTest: boolean
  readonly isAdministrator: boolean
}): Html {
  const { language, feeds, isAdministrator, isTest, accountId } = data
  const words = speak(feedMessages, language)
  const simulate = html`<a class="button plain" href="${`/bank-accounts/feeds/simulate?account=${accountId}`}">${words.simulate}</a>`
  return html`<section class="card" id="feeds"><div class="section-head"><h2>${words.title}</h2>${
    isAdministrator
      ? html`<p class="actions">${isTest ? simulate : noHtml}<a class="button plain" href="/bank-accounts/feeds">${words.manage}</a></p>`
      : noHtml
  }</div>${feeds.length === 0 ? html`<p class="soft">${words.emptyTitle}</p>` : feedTable(feeds, language, isAdministrator)}</section>`
}

/** The form that makes a feed. */
export function addFeedPage(
  data: PageOf & {
    readonly formKey: string
    readonly form: { readonly name: string; readonly kind: string; readonly mode: string }
    readonly wrong: ReadonlySet<string>
  },
): Html {
  const { language, user, form, wrong } = data
  const words = speak(feedMessages, language)
  return layout(
    { language, user, title: words.create, current: "bank-accounts", shape: "card" },
    html`${pageHead(words.create, words.lead)}
<form method="post" action="/bank-accounts/feeds/new" class="card stack">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", data.formKey)}
${textField({ name: "name", label: words.name, hint: words.nameHint, value: form.name, required: true, problem: wrong.has("name") ? words.nameProblem : undefined, more: { autocomplete: "off", maxlength: "100" } })}
${choiceField({
  name: "kind",
  label: words.kind,
  kind: "radio",
  chosen: [form.kind],
  problem: wrong.has("kind") ? words.simulatorIsTest : undefined,
  options: [
    { value: "push", text: words.push, note: words.pushNote },
    { value: "simulator", text: words.simulator, note: words.simulatorNote },
  ],
})}
${choiceField({
  name: "mode",
  label: words.mode,
  kind: "radio",
  chosen: [form.mode],
  options: [
    { value: "live", text: words.live },
    { value: "test", text: words.test },
  ],
})}
<p class="actions"><button class="button">${words.create}</button><a class="button plain" href="/bank-accounts/feeds">${words.cancel}</a></p></form>`,
  )
}

/** A new secret, told this once. */
export function feedSecretPage(
  data: PageOf & { readonly id: number; readonly secret: string; readonly endpoint: string },
): Html {
  const { language, user, id, secret, endpoint } = data
  const words = speak(feedMessages, language)
  return layout(
    { language, user, title: words.secretTitle, current: "bank-accounts", shape: "card", scripts: [copyScript] },
    html`${pageHead(words.secretTitle)}
<section class="card">${note("warn", words.secretOnce)}
${facts([
  [words.feedId, html`<code>${id}</code>`],
  [
    words.secret,
    html`<code class="break" id="secret">${secret}</code> ${copyButton("secret", language, words.secret)}`,
  ],
  [words.endpoint, html`<code class="break">${endpoint}</code>`],
])}
<p class="soft small">${words.signing}</p>
<p class="actions"><a class="button" href="${`/bank-accounts/feeds/${id}`}">${words.continue}</a></p></section>`,
  )
}

/** One feed: what it is, on and off, and its secret. */
export function feedPage(
  data: PageOf & {
    readonly feed: FeedView
    readonly isRolling: boolean
    readonly endpoint: string
    readonly done: "switched" | "shown" | undefined
  },
): Html {
  const { language, user, feed, isRolling, done } = data
  const words = speak(feedMessages, language)
  const path = `/bank-accounts/feeds/${feed.id}`
  return layout(
    { language, user, title: feed.name, current: "bank-accounts", shape: "card" },
    html`${backLink("/bank-accounts/feeds", words.title)}
${pageHead(feed.name, kindText(feed, language))}
${done === "switched" ? note("good", words.doneSwitched) : noHtml}${done === "shown" ? note("warn", words.shownBefore) : noHtml}
<section class="card">${facts([
      [words.feedId, html`<code>${feed.id}</code>`],
      [words.mode, feed.mode === "live" ? words.live : words.test],
      [words.accounts, accountsText(feed, language)],
      [words.state, feed.active ? badge(words.on, "good") : badge(words.off)],
      [words.lastSeen, feed.lastSeenAt === null ? words.never : momentText(feed.lastSeenAt, language)],
      [words.made, momentText(feed.createdAt, language)],
      [words.endpoint, html`<code class="break">${data.endpoint}</code>`],
    ])}
<p class="soft small">${words.signing}</p>
<div class="section-end"><p class="soft small">${isRolling ? words.rolling : words.rollNote}</p>${
      isRolling
        ? noHtml
        : html`<p class="actions"><a class="button plain" href="${`${path}/roll`}">${words.roll}</a></p>`
    }</div>
<div class="section-end"><p class="soft small">${words.switchNote}</p><div class="actions">${buttonForm({
      action: `${path}/${feed.active ? "off" : "on"}`,
      csrfToken: user.csrfToken,
      text: feed.active ? words.switchOff : words.switchOn,
      style: feed.active ? "plain danger" : "plain",
    })}</div></div></section>`,
  )
}

/** Asks before a secret is rolled. */
export function rollFeedPage(data: PageOf & { readonly feed: FeedView; readonly formKey: string }): Html {
  const { language, user, feed, formKey } = data
  const words = speak(feedMessages, language)
  const path = `/bank-accounts/feeds/${feed.id}`
  return layout(
    { language, user, title: words.rollTitle, current: "bank-accounts", shape: "card" },
    html`${pageHead(words.rollTitle, feed.name)}
<section class="card"><p>${words.rollNote}</p><form method="post" action="${`${path}/roll`}" class="actions spread">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}
<button class="button">${words.roll}</button><a class="button plain" href="${path}">${words.cancel}</a></form></section>`,
  )
}
