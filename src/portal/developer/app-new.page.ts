import { hiddenField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { note, pageHead } from "../../http/pieces.page.ts"
import { appFormMessages } from "../../messages/app-form.ts"
import { appPageMessages } from "../../messages/app-pages.ts"
import { speak } from "../../messages/catalogue.ts"
import { type AppFormData, appFields } from "./app-form.page.ts"

export interface NewAppData extends AppFormData {
  readonly user: FrameUser
  readonly formKey: string
  /** How many apps the company has, if it has all that it may have. */
  readonly most?: number | undefined
}

/** The form that registers an app. */
export function newAppPage(data: NewAppData): Html {
  const { language, user, problems, most } = data
  const words = speak(appPageMessages, language)
  const form = speak(appFormMessages, language)
  return layout(
    { language, title: words.newTitle, user, current: "apps" },
    html`${pageHead(words.newTitle, words.newLead)}
${problems === undefined ? noHtml : note("danger", form.problems)}${most === undefined ? noHtml : note("warn", words.tooMany(most))}
<form method="post" action="/developer/apps/new" class="card app-form" novalidate>
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", data.formKey)}
${appFields(data)}
<div class="actions"><button class="button">${form.register}</button><a class="button plain" href="/developer/apps">${form.cancel}</a></div>
</form>`,
  )
}
