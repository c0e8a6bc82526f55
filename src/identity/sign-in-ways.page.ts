import { type Html, html, noHtml } from "../http/html.ts"
import { note } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { signInWayMessages } from "../messages/sign-up.ts"

const done = { verified: "good", reset: "good", joined: "good", email_changed: "good", choices_kept: "warn" } as const

/** What just happened before somebody signs in, by the code in the page's address. */
export function signInDoneNote(code: unknown, language: Language): Html {
  return isDone(code) ? note(done[code], speak(signInWayMessages, language)[code]) : noHtml
}

function isDone(code: unknown): code is keyof typeof done {
  return typeof code === "string" && Object.hasOwn(done, code)
}

/** What the sign-in page offers to whoever cannot sign in. */
export function otherWays(language: Language, offersSignUp: boolean): Html {
  const words = speak(signInWayMessages, language)
  const signUp = html`<li>${words.newHere} <a href="/signup">${words.signUp}</a></li>`
  return html`<ul class="card-foot ways"><li><a href="/forgot-password">${words.forgot}</a></li>${offersSignUp ? signUp : noHtml}</ul>`
}
