import { type Language, speak } from "../messages/catalogue.ts"
import { errorMessages } from "../messages/frame.ts"
import { durationText } from "./duration.page.ts"
import { type Html, html, noHtml } from "./html.ts"
import { layout } from "./layout.page.ts"

export interface ErrorPageData {
  readonly status: number
  readonly requestId: string
  readonly language: Language
  /** How long to wait, for 429 and 503. */
  readonly retryAfterSeconds?: number | undefined
}

/** The page of any error status, in words of what the reader can do. */
export function errorPage(data: ErrorPageData): Html {
  const { title, text } = describe(data)
  const words = speak(errorMessages, data.language)
  const frame = { language: data.language, title, shape: "card" } as const
  return layout(
    frame,
    html`<section class="card">
<p class="eyebrow">${data.status}</p>
<h1>${title}</h1>
<p>${text}</p>
${data.status >= 500 ? html`<p class="fact"><span>${words.requestId}</span> <code>${data.requestId}</code></p>` : noHtml}
<p class="actions"><a class="button" href="/">${words.toHome}</a></p>
</section>`,
  )
}

function describe({ status, language, retryAfterSeconds = 1 }: ErrorPageData): { title: string; text: string } {
  const words = speak(errorMessages, language)
  const wait = durationText(retryAfterSeconds, language)
  switch (status) {
    case 403:
      return { title: words.forbiddenTitle, text: words.forbidden }
    case 404:
    case 410:
      return { title: words.notFoundTitle, text: words.notFound }
    case 405:
      return { title: words.methodTitle, text: words.method }
    case 413:
      return { title: words.tooLargeTitle, text: words.tooLarge }
    case 429:
      return { title: words.tooManyTitle, text: words.tooMany(wait) }
    case 503:
      return { title: words.unavailableTitle, text: words.unavailable(wait) }
    default:
      return status >= 500
        ? { title: words.internalTitle, text: words.internal }
        : { title: words.badRequestTitle, text: words.badRequest }
  }
}
