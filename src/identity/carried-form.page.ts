import { hiddenField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { interruptedFormMessages } from "../messages/interrupted-form.ts"
import type { ResendForm } from "./carried-form-view.ts"
import { fieldName } from "./field-name.page.ts"

interface PageFrame {
  readonly language: Language
  readonly user: FrameUser
}

/** What somebody typed into a form that was not sent, with a button that sends it. */
export function resendPage(
  data: PageFrame & { readonly form: ResendForm; readonly reason: "expired" | "older" },
): Html {
  const { language, user, form, reason } = data
  const words = speak(interruptedFormMessages, language)
  return frame(
    data,
    words.resendTitle,
    html`<p class="lead">${reason === "expired" ? words.resendExpired : words.resendOlder}</p>
<dl class="facts typed">${form.typed.map(
      ([name, values]) =>
        html`<div><dt>${fieldName(name, form.path, language) ?? name.replaceAll("_", " ")}</dt><dd>${values.map((value) => html`<span class="typed-value">${value}</span>`)}</dd></div>`,
    )}</dl>
${form.isPartial ? html`<div class="note">${words.partial}</div>` : noHtml}
<form method="post" action="${form.path}" class="stack">
${form.fields.map(([name, value]) => hiddenField(name, value))}${hiddenField("csrf_token", user.csrfToken)}
<p class="actions"><button class="button">${words.send}</button><a class="button plain" href="${form.page}">${words.discard}</a></p>
</form>`,
  )
}

/** A form of this site that is older than the sign-in, or another user's. */
export function staleFormPage(
  data: PageFrame & { readonly user: { readonly email: string }; readonly page: string; readonly isOthers: boolean },
): Html {
  const words = speak(interruptedFormMessages, data.language)
  return frame(
    data,
    words.staleTitle,
    html`<p>${data.isOthers ? words.staleOthers(data.user.email) : words.staleOlder}</p>
<p class="actions"><a class="button" href="${data.page}">${words.reload}</a></p>`,
  )
}

/** After a sign-in as somebody else than who filled in the form. */
export function droppedFormPage(data: PageFrame): Html {
  const words = speak(interruptedFormMessages, data.language)
  return frame(
    data,
    words.droppedTitle,
    html`<p class="break">${words.dropped(data.user.email)}</p>
<p class="actions"><a class="button" href="/">${words.toHome}</a></p>`,
  )
}

// The address of the page is not the page's own: a link to its other language would lose what was typed.
function frame({ language, user }: PageFrame, title: string, content: Html): Html {
  const settings = { language, user, title, shape: "card", fixedLanguage: true } as const
  return layout(settings, html`<section class="card"><h1>${title}</h1>${content}</section>`)
}
