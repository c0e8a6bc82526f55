import type { Instant } from "../../clock.ts"
import { hiddenField, textArea } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, facts, note, pageHead } from "../../http/pieces.page.ts"
import { bankAccountMessages, gapMessages } from "../../messages/bank-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { formatVnd, type Vnd } from "../../money.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import type { AccountView } from "./bank-account-view.ts"
import type { GapView } from "./gap-view.ts"

/** The section of an account's page that lists its gaps. */
export function gapSection(data: {
  readonly language: Language
  readonly accountId: number
  readonly gaps: readonly GapView[]
  readonly isAdministrator: boolean
}): Html {
  const { language, accountId, gaps, isAdministrator } = data
  const words = speak(gapMessages, language)
  return html`<section class="card" id="gaps"><h2>${words.title}</h2>${
    gaps.length === 0
      ? html`<p class="soft">${words.none}</p>`
      : html`<ul class="plain-list split">${gaps.map(
          (gap) =>
            html`<li><div class="section-head">${gapTitle(gap, language)}${
              isAdministrator && gap.closedAt === null
                ? html`<a class="button plain" href="${`/bank-accounts/${accountId}/gaps/${gap.id}/close`}">${words.close}</a>`
                : noHtml
            }</div>${gapFacts(gap, language)}</li>`,
        )}</ul>`
  }<p class="soft small">${words.limits}</p></section>`
}

function gapTitle(gap: GapView, language: Language): Html {
  const words = speak(gapMessages, language)
  const amount = formatVnd(Math.abs(gap.missingAmount) as Vnd, language)
  const state = gap.closedAt === null ? badge(words.open, "warn") : badge(closedBy(gap, language), "good")
  return html`<p><strong>${gap.missingAmount < 0 ? words.surplus : words.missing} ${amount}</strong> ${state}</p>`
}

function closedBy({ closedBy: by }: GapView, language: Language): string {
  const words = speak(gapMessages, language)
  if (by === "person") return words.closedByPerson
  return by === "statement" ? words.closedByStatement : words.closedByItem
}

function gapFacts(gap: GapView, language: Language): Html {
  const words = speak(gapMessages, language)
  return facts([
    [words.period, periodText(gap)],
    [words.computedBalance, formatVnd(gap.fromBalance, language)],
    [words.statedBalance, formatVnd(gap.toBalance, language)],
    ...(gap.note === null ? [] : [[words.note, gap.note] as const]),
    ...(gap.closedAt === null ? [] : [[words.closedAt, momentText(gap.closedAt, language)] as const]),
  ])
}

// The days of the statement, both included.
function periodText({ fromAt, toAt }: GapView): string {
  const day = (at: Instant) => formatVietnamTime(at).slice(0, 10).split("-").reverse().join("/")
  const first = fromAt === null ? "…" : day(fromAt)
  const last = toAt === null ? "…" : day((toAt - 1) as Instant)
  return first === last ? first : `${first} – ${last}`
}

/** Asks why a gap is there, and closes it. */
export function closeGapPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly gap: GapView
  readonly note: string
  readonly isWrong: boolean
}): Html {
  const { language, user, account, gap } = data
  const words = speak(gapMessages, language)
  const of = speak(bankAccountMessages, language)
  const path = `/bank-accounts/${account.id}`
  return layout(
    { language, user, title: words.closeTitle, current: "bank-accounts", shape: "card" },
    html`${pageHead(words.closeTitle, words.closeLead)}
<section class="card">${gapTitle(gap, language)}${gapFacts(gap, language)}
${
  gap.closedAt === null
    ? html`<form method="post" action="${`${path}/gaps/${gap.id}/close`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${textArea({ name: "note", label: words.note, hint: words.noteHint, value: data.note, required: true, problem: data.isWrong ? words.noteProblem : undefined, more: { maxlength: "500" } })}
<p class="actions"><button class="button">${words.close}</button><a class="button plain" href="${path}">${of.cancel}</a></p></form>`
    : html`${note("warn", words.alreadyClosed)}<p class="actions"><a class="button plain" href="${path}">${of.cancel}</a></p>`
}</section>`,
  )
}
