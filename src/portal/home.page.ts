import { type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { homeMessages } from "../messages/portal.ts"

/** The start page for whoever is not signed in: what this is. */
export function welcomePage(data: { readonly language: Language; readonly offersSignUp: boolean }): Html {
  const words = speak(homeMessages, data.language)
  const point = (title: string, text: string) =>
    html`<section class="card"><h2>${title}</h2><p class="soft">${text}</p></section>`
  return layout(
    { language: data.language, title: words.welcomeTitle },
    html`<div class="hero"><h1>${words.welcomeTitle}</h1><p class="lead">${words.welcomeLead}</p>
<p class="actions">${data.offersSignUp ? html`<a class="button" href="/signup">${words.signUp}</a>` : noHtml}<a class="${data.offersSignUp ? "button plain" : "button"}" href="/login">${words.signIn}</a></p></div>
<div class="cards level">${point(words.pointChoiceTitle, words.pointChoice)}${point(words.pointRevokeTitle, words.pointRevoke)}${point(words.pointReadTitle, words.pointRead)}</div>
<section class="card"><h2>${words.developersTitle}</h2><p class="soft">${words.developers}</p><p class="actions"><a class="button plain" href="/docs/api">${words.apiReference}</a></p></section>`,
  )
}
