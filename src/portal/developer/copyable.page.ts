import { type Html, html } from "../../http/html.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { copyMessages } from "../../messages/copy.ts"

/** A text to be taken away: selected by one click, and copied by a button where the browser lets pages do so (`copy.js`). */
export function copyable(id: string, text: string, language: Language): Html {
  const words = speak(copyMessages, language)
  return html`<span class="copyable"><code class="break" id="${id}">${text}</code><button type="button" class="quiet-button" hidden data-copy="${id}" data-copied="${words.copied}" data-failed="${words.failed}">${words.copy}</button><span role="status" class="small soft"></span></span>`
}
