import { type Language, speak } from "../messages/catalogue.ts"
import { frameMessages, type NavigationPage, navigationMessages } from "../messages/frame.ts"
import { personName } from "../messages/person-name.ts"
import { assetPath, stylesheetPath } from "./assets.ts"
import { attributes, type Html, html, noHtml } from "./html.ts"

// In the order of the navigation, by whom they are for.
const navigationSections = [
  {
    section: "merchant",
    pages: ["overview", "transactions", "bank-accounts", "payment-codes", "webhooks", "connected-apps"],
  },
  { section: "company", pages: ["company", "users", "audit", "account"] },
  { section: "developer", pages: ["apps", "api-reference"] },
  {
    section: "operator",
    pages: [
      "operator-apps",
      "operator-companies",
      "operator-users",
      "operator-feeds",
      "operator-deliveries",
      "operator-keys",
      "operator-system",
      "operator-audit",
    ],
  },
] as const satisfies readonly { readonly section: string; readonly pages: readonly NavigationPage[] }[]

const paths: Readonly<Record<NavigationPage, string>> = {
  overview: "/",
  transactions: "/transactions",
  "bank-accounts": "/bank-accounts",
  "payment-codes": "/payment-codes",
  webhooks: "/webhooks",
  "connected-apps": "/connected-apps",
  company: "/company",
  users: "/company/users",
  audit: "/audit",
  account: "/account",
  apps: "/developer/apps",
  "api-reference": "/docs/api",
  "operator-apps": "/operator/apps",
  "operator-companies": "/operator/companies",
  "operator-users": "/operator/users",
  "operator-feeds": "/operator/feeds",
  "operator-deliveries": "/operator/deliveries",
  "operator-keys": "/operator/keys",
  "operator-system": "/operator/system",
  "operator-audit": "/operator/audit",
}

/** Who is signed in, as the frame shows it. */
export interface FrameUser {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly companyName: string
  readonly csrfToken: string
  /** The pages that this user may open. */
  readonly navigation: readonly NavigationPage[]
  /** Shows a line that advises a second factor. */
  readonly adviseSecondFactor?: boolean | undefined
}

export interface Frame {
  readonly language: Language
  readonly title: string
  /** Shows navigation and sign-out; absent on pages for whoever is not signed in. */
  readonly user?: FrameUser | undefined
  readonly current?: NavigationPage | undefined
  /** `card`: one narrow column in the middle, for forms and short messages; `page` (default) the full width. */
  readonly shape?: "card" | "page" | "reference" | undefined
  /** Query of the page, kept by the language switch: `request=…`. */
  readonly query?: string | undefined
  /** Leaves the language switch out: the page answers a post, and a link would lose what it holds. */
  readonly fixedLanguage?: boolean | undefined
  /** Modules that make the page move; it works without them. */
  readonly scripts?: readonly string[] | undefined
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
${frame.scripts?.map((name) => html`<script type="module" src="${assetPath(name)}"></script>`)}
</head>
<body class="${`shape-${frame.shape ?? "page"}${frame.user === undefined ? "" : " with-navigation"}`}">
<a class="skip" href="#content">${words.skipToContent}</a>
<header class="top">
<div class="top-inner">
<a class="wordmark" href="/">${mark}<span class="wordmark-name">SePay</span> <span class="wordmark-part">OAuth2</span><span class="unseen">, ${words.home}</span></a>
${frame.user === undefined ? noHtml : html`<button class="menu-button" type="button" popovertarget="navigation">${words.menu}</button>`}
<div class="top-end">${languageSwitch(frame)}${frame.user === undefined ? signInLink(frame) : whoIsSignedIn(frame, frame.user)}</div>
</div>
</header>
${frame.user === undefined ? noHtml : navigation(frame, frame.user)}
<main id="content" class="content" tabindex="-1">
${frame.user?.adviseSecondFactor === true ? html`<div class="note warn advice"><p>${words.adviseSecondFactor} <a href="/account/two-factor">${words.switchOnSecondFactor}</a></p></div>` : noHtml}
${content}
</main>
<footer class="bottom"><p>${words.footer}</p><p>${words.vietnamTime}</p></footer>
</body>
</html>
`
}

const mark = html`<svg class="mark" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" focusable="false"><rect width="28" height="28" rx="8" fill="currentColor"></rect><path class="mark-line" d="M7 17.5 12 12l4 4 5.5-6.5" fill="none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"></path><circle class="mark-dot" cx="7" cy="20.6" r="1.5"></circle></svg>`

// A popover, so that a phone can fold it without script; a wide window shows it beside the page.
function navigation({ language, current }: Frame, user: FrameUser): Html {
  const words = speak(frameMessages, language)
  const titles = speak(navigationMessages, language)
  const sections = navigationSections.map(({ section, pages }) => {
    const shown = pages.filter((page) => user.navigation.includes(page))
    if (shown.length === 0) return noHtml
    return html`<p class="side-title" id="${`nav-${section}`}">${titles[section]}</p><ul aria-labelledby="${`nav-${section}`}">${shown.map(
      (page) =>
        html`<li><a href="${paths[page]}" ${attributes({ "aria-current": current === page ? "page" : undefined })}>${titles[page]}</a></li>`,
    )}</ul>`
  })
  return html`<nav class="side" id="navigation" popover aria-label="${words.mainNavigation}">${sections}</nav>`
}

function languageSwitch({ language, query, fixedLanguage }: Frame): Html {
  if (fixedLanguage === true) return noHtml
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

function whoIsSignedIn({ language, current }: Frame, user: FrameUser): Html {
  const words = speak(frameMessages, language)
  const name = personName(user, language)
  const marked = attributes({ "aria-current": current === "account" ? "page" : undefined })
  return html`<a class="quiet-link who" href="/account" ${marked}><span class="unseen">${words.myAccount}: </span>${name}</a><form method="post" action="/logout" class="inline-form"><input type="hidden" name="csrf_token" value="${user.csrfToken}"><button class="quiet-button">${words.signOut}</button></form>`
}
