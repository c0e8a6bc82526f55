import { type Html, html } from "../../../http/html.ts"
import { type FrameUser, layout } from "../../../http/layout.page.ts"
import { note } from "../../../http/pieces.page.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { webhookListMessages } from "../../../messages/webhook-list.ts"

/** Says that something was done too often, and when it can be done again. */
export function pleaseWaitPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly wait: string
  readonly back: string
}): Html {
  const words = speak(webhookListMessages, data.language)
  return layout(
    { language: data.language, title: words.tooManyTitle, user: data.user, current: "webhooks" },
    html`<h1>${words.tooManyTitle}</h1>${note("danger", words.tooMany(data.wait))}
<p class="actions"><a class="button plain" href="${data.back}">${words.back}</a></p>`,
  )
}
