import { type Language, speak } from "../messages/catalogue.ts"
import { copyMessages } from "../messages/copy.ts"
import { attributes, type Html, html } from "./html.ts"

/** The module that makes copy buttons work: name it in the frame's `scripts`. */
export const copyScript = "copy.js"

/**
 * A button that copies the text of the element with that id. Without scripts it stays hidden: then one selects the text.
 *
 * @param label what a screen reader says when "Copy" alone does not tell what
 */
export function copyButton(elementId: string, language: Language, label?: string): Html {
  const words = speak(copyMessages, language)
  return html`<span class="copy"><button type="button" class="button plain" data-copy="${elementId}" data-copied="${words.copied}" data-failed="${words.failed}" ${attributes({ hidden: true, "aria-label": label === undefined ? undefined : `${words.copy}: ${label}` })}>${words.copy}</button><span class="copy-status small" role="status"></span></span>`
}
