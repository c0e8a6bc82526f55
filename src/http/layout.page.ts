import { type Language, speak } from "../messages/catalogue.ts"
import { frameMessages } from "../messages/frame.ts"
import { stylesheetPath } from "./assets.ts"
import { attributes, type Html, html, noHtml } from "./html.ts"

/** Who is signed in, as the frame shows it. */
export interface FrameUser {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly companyName: string
  readonly csrfToken: string
}

export interface Frame {
  readonly language: Language
  readonly title: string
  /** Shows navigation and sign-out; absent on pages for whoever is not signed in. */
  readonly user?: FrameUser | undefined
  readonly current?: "home" | "connected-apps" | "api-reference" | undefined
  /** `card`: one narrow column in the middle, for forms and short messages; `page` (default) the full width. */
  readonly shape?: "card" | "page" | "reference" | undefined
  /** Query of the page, kept by the language switch: `request=…`. */
  readonly query?: string | undefined
}

/** The frame of every page. Works without script; light and dark follow the system. */
export function layout(frame: Frame, content: Html): Html {
  const words = speak(frameMessages, frame.language)
  return html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${frame.title} · SePay</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${stylesheetPath()}">
</head>
<body class="${`shape-${frame.shape ?? "page"}`}">
<a class="skip" href="#content">${words.skipToContent}</a>
<header class="top">
<div class="top-inner">
<a class="wordmark" href="/" aria-label="${words.homeLink}">${mark}<span class="wordmark-name">SePay</span><span class="wordmark-part">OAuth2</span></a>
${frame.user === undefined ? noHtml : navigation(frame)}
<div class="top-end">${languageSwitch(frame)}${frame.user === undefined ? signInLink(frame) : signOut(frame, frame.user)}</div>
</div>
</header>
<main id="content" class="content" tabindex="-1">
${content}
</main>
<footer class="bottom"><p>${words.footer}</p><p>${words.vietnamTime}</p></footer>
</body>
</html>
`
}

const mark = html`<svg class="mark" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" focusable="false"><rect width="28" height="28" rx="8" fill="currentColor"></rect><path class="mark-line" d="M7 17.5 12 12l4 4 5.5-6.5" fill="none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"></path><circle class="mark-dot" cx="7" cy="20.6" r="1.5"></circle></svg>`

function navigation({ language, current }: Frame): Html {
  const words = speak(frameMessages, language)
  const link = (name: Frame["current"], href: string, text: string) =>
    html`<a href="${href}" ${attributes({ "aria-current": current === name ? "page" : undefined })}>${text}</a>`
  return html`<nav class="top-nav" aria-label="${words.mainNavigation}">
${link("home", "/", words.overview)}
${link("connected-apps", "/connected-apps", words.connectedApps)}
${link("api-reference", "/docs/api", words.apiReference)}
</nav>`
}

function languageSwitch({ language, query }: Frame): Html {
  const other = language === "vi" ? "en" : "vi"
  const kept = query === undefined || query === "" ? "" : `${query}&`
  return html`<a class="quiet-link" href="${`?${kept}lang=${other}`}" hreflang="${other}" lang="${other}">${speak(frameMessages, language).otherLanguage}</a>`
}

// A card is on the way to somewhere; a link away from it would only mislead.
function signInLink({ language, shape }: Frame): Html {
  return shape === "card"
    ? noHtml
    : html`<a class="quiet-link" href="/login">${speak(frameMessages, language).signIn}</a>`
}

function signOut({ language }: Frame, user: FrameUser): Html {
  return html`<form method="post" action="/logout" class="inline-form"><input type="hidden" name="csrf_token" value="${user.csrfToken}"><button class="quiet-button">${speak(frameMessages, language).signOut}</button></form>`
}
