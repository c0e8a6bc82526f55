import { hiddenField } from "../../http/fields.page.ts"
import { type Html, html } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { appPageMessages } from "../../messages/app-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { ManagedClient } from "../../oauth/manage-client.ts"
import type { AccessCounts } from "./access-counts.ts"

export interface DeleteAppData {
  readonly language: Language
  readonly user: FrameUser
  readonly client: ManagedClient
  readonly access: AccessCounts
}

/** Asks before an app is deleted. */
export function deleteAppPage({ language, user, client, access }: DeleteAppData): Html {
  const words = speak(appPageMessages, language)
  const title = words.deleteAsk(client.values.name)
  const app = `/developer/apps/${client.clientId}`
  return layout(
    { language, title, user, current: "apps", shape: "card" },
    html`<section class="card"><h1 class="break">${title}</h1>
<h2>${words.deleteEffects}</h2>
<ul class="points"><li>${words.deleteEffectAccess(access)}</li><li>${words.deleteEffectSecrets}</li><li>${words.deleteEffectWebhooks}</li></ul>
<form method="post" action="${`${app}/delete`}" class="actions">${hiddenField("csrf_token", user.csrfToken)}
<button class="button danger">${words.deleteConfirm}</button><a class="button plain" href="${app}">${words.keep}</a></form></section>`,
  )
}
