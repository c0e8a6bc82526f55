import { type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { errorMessages } from "../messages/frame.ts"
import { authorizeErrorMessages } from "../messages/oauth.ts"
import type { PageErrorFacts, PageErrorReason } from "./oauth-error.ts"

export interface AuthorizeErrorPageData extends PageErrorFacts {
  readonly language: Language
  readonly reason: PageErrorReason
  /** Query of the page, kept by the language switch. */
  readonly query: string
}

/** Where an authorization request ends that may not go back to the app (contract/oauth.md §5, steps 1 to 3 and 6). */
export function authorizeErrorPage(data: AuthorizeErrorPageData): Html {
  const words = speak(authorizeErrorMessages, data.language)
  const { text, hint } = describe(data)
  return layout(
    { language: data.language, title: words.title, shape: "card", query: data.query },
    html`<section class="card"><h1>${words.title}</h1><p>${text}</p><p class="note good">${words.nothingShared}</p>
<div class="note"><h2>${words.hintTitle}</h2><p>${hint}</p>${
      data.reason === "unregistered_redirect_uri"
        ? html`<p><code class="break">${data.redirectUri ?? words.redirectUriAbsent}</code></p>`
        : noHtml
    }</div>
<p class="actions"><a class="button plain" href="/">${speak(errorMessages, data.language).toHome}</a></p></section>`,
  )
}

function describe({ language, reason, appName = "" }: AuthorizeErrorPageData): { text: string; hint: string } {
  const words = speak(authorizeErrorMessages, language)
  switch (reason) {
    case "unknown_client":
      return { text: words.unknownClient, hint: words.unknownClientHint }
    case "unregistered_redirect_uri":
      return { text: words.redirectUri(appName), hint: words.redirectUriHint }
    case "unknown_request":
    case "unknown_request_uri":
      return { text: words.requestExpired, hint: words.requestExpiredHint }
    case "client_not_approved":
      return { text: words.notApproved(appName), hint: words.notApprovedHint }
    case "client_suspended":
      return { text: words.suspended(appName), hint: words.suspendedHint }
  }
}
