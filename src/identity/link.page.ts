import { hiddenField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { linkMessages } from "../messages/sign-up.ts"

/** A short page with one thing to say, and where to go from it. */
export function messagePage(data: {
  readonly language: Language
  readonly title: string
  readonly text: string
  readonly actions: readonly { readonly href: string; readonly text: string }[]
  readonly query?: string
}): Html {
  const { language, title, text, actions, query } = data
  return layout(
    { language, title, shape: "card", query },
    html`<section class="card"><h1>${title}</h1><p>${text}</p>
<p class="actions">${actions.map(
      (action, index) =>
        html`<a class="${index === 0 ? "button" : "button plain"}" href="${action.href}">${action.text}</a>`,
    )}</p></section>`,
  )
}

/** A link that opens nothing: used, or dead; `again` leads to where another one is had. */
export function deadLinkPage(data: {
  readonly language: Language
  readonly kind: "used" | "dead"
  readonly again: { readonly href: string; readonly text: string } | undefined
}): Html {
  const { language, kind, again } = data
  const words = speak(linkMessages, language)
  const signIn = { href: "/login", text: words.signIn }
  const title = kind === "used" ? words.usedTitle : words.deadTitle
  const text = kind === "used" ? words.usedText : words.deadText
  const both = again === undefined ? [signIn] : [again, signIn]
  return messagePage({ language, title, text, actions: kind === "used" ? [signIn] : both })
}

/** The page of a link that does something once a button is pressed: mail scanners open every link, and press nothing. */
export function linkButtonPage(data: {
  readonly language: Language
  readonly csrfToken: string
  readonly token: string
  /** Where the button posts to: this very page. */
  readonly action: "/verify-email" | "/confirm-email"
  readonly title: string
  readonly lead: string
  readonly submit: string
  readonly trouble?: Html
  /** What else the form asks for. */
  readonly fields?: Html
}): Html {
  const { language, csrfToken, token, action, title, lead, submit, trouble = noHtml, fields = noHtml } = data
  return layout(
    { language, title, shape: "card", query: `token=${encodeURIComponent(token)}` },
    html`<section class="card"><h1>${title}</h1><p class="lead">${lead}</p>${trouble}
<form method="post" action="${action}" class="stack">${hiddenField("csrf_token", csrfToken)}${hiddenField("token", token)}${hiddenField("lang", language)}
${fields}<button class="button wide">${submit}</button></form></section>`,
  )
}
