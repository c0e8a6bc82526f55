import type { Instant } from "../clock.ts"
import { hiddenField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { badge, buttonForm, facts, note, pageHead } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { sessionMessages } from "../messages/sign-in-safety.ts"

/** A session as the list shows it. */
export interface SessionRow {
  readonly publicId: string
  /** In words: `Chrome on Windows`. */
  readonly device: string
  readonly ip: string
  readonly startedAt: Instant
  readonly lastUsedAt: Instant
  readonly isThisOne: boolean
}

interface PageFrame {
  readonly language: Language
  readonly user: FrameUser
}

/** Where one is signed in. */
export function sessionsPage(
  data: PageFrame & { readonly sessions: readonly SessionRow[]; readonly done?: "one" | "others" | undefined },
): Html {
  const { language, user, sessions, done } = data
  const words = speak(sessionMessages, language)
  const others = sessions.filter((session) => !session.isThisOne)
  const action =
    others.length === 0
      ? noHtml
      : html`<a class="button plain danger" href="/account/sessions/sign-out-others">${words.signOutOthers}</a>`
  return layout(
    { language, title: words.title, user, current: "account" },
    html`${pageHead(words.title, words.lead, action)}
${done === undefined ? noHtml : note("good", done === "one" ? words.oneEnded : words.othersEnded)}
<ul class="session-list">${sessions.map((session) => sessionItem(session, data))}</ul>
${others.length === 0 ? html`<p class="soft">${words.onlyThis}</p>` : noHtml}`,
  )
}

function sessionItem(session: SessionRow, { language, user }: PageFrame): Html {
  const words = speak(sessionMessages, language)
  const { publicId, device, ip, startedAt, lastUsedAt, isThisOne } = session
  const form = {
    action: `/account/sessions/${publicId}/sign-out`,
    csrfToken: user.csrfToken,
    text: words.signOut,
    label: words.signOutOf(device),
  }
  return html`<li class="card session"><div class="session-head"><h2>${device}</h2>${
    isThisOne ? badge(words.thisOne, "good") : buttonForm(form)
  }</div>${facts([
    [words.ip, html`<span class="number">${ip}</span>`],
    [words.started, momentText(startedAt, language)],
    [words.lastUsed, momentText(lastUsedAt, language)],
  ])}</li>`
}

/** Asks before all other sessions end. */
export function signOutOthersPage({ language, user, others }: PageFrame & { readonly others: number }): Html {
  const words = speak(sessionMessages, language)
  return layout(
    { language, title: words.othersTitle, user, current: "account", shape: "card" },
    html`<section class="card"><h1>${words.othersTitle}</h1><p>${words.othersText(others)}</p>
<form method="post" action="/account/sessions/sign-out-others" class="stack">${hiddenField("csrf_token", user.csrfToken)}
<p class="actions"><button class="button danger">${words.signOutOthers}</button><a class="button plain" href="/account/sessions">${words.cancel}</a></p></form></section>`,
  )
}
