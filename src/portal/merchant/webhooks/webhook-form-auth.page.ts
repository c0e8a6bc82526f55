import { choiceField, textField } from "../../../http/fields.page.ts"
import { type Html, html } from "../../../http/html.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookFormMessages } from "../../../messages/webhook-form.ts"
import type { WebhookFormData } from "./webhook-form-data.page.ts"

type Words = ReturnType<typeof speak<typeof webhookFormMessages>>

/** How the receiver knows that it is us; the fields of the other ways are folded where style sheets allow. */
export function authFields(data: WebhookFormData): Html {
  const words = speak(webhookFormMessages, data.language)
  const { typed, problems } = data
  return html`<div class="auth">${choiceField({
    name: "authen_type",
    label: words.authen,
    kind: "radio",
    chosen: [typed.authenType],
    problem: problems["authen_type"],
    options: [
      { value: "HMAC_SHA256", text: words.authHmac, note: words.authHmacNote },
      { value: "Api_Key", text: words.authKey, note: words.authKeyNote },
      { value: "OAuth2.0", text: words.authOauth, note: words.authOauthNote },
      { value: "No_Authen", text: words.authNone, note: words.authNoneNote },
    ],
  })}
<div class="auth-of" data-auth="HMAC_SHA256">${secretField("secret_key", words.secretKey, data, words)}</div>
<div class="auth-of" data-auth="Api_Key">${secretField("api_key", words.apiKey, data, words)}</div>
<div class="auth-of" data-auth="OAuth2.0">${oauthFields(data, words)}</div></div>`
}

// Never what was typed before: a secret that a page carries is a secret that a cache may keep.
function secretField(
  name: "secret_key" | "api_key",
  label: string,
  { problems, edited }: WebhookFormData,
  words: Words,
): Html {
  const own = name === "api_key" ? "Api_Key" : "HMAC_SHA256"
  const masked = name === "api_key" ? edited?.apiKey : edited?.secretKey
  const isSet = edited?.authenType === own && masked !== null && masked !== undefined
  const hint = isSet
    ? `${words.keepHint(masked)}${name === "secret_key" ? ` ${words.replaceNote}` : ""}`
    : words.generateHint
  return textField({
    name,
    label,
    type: "password",
    hint,
    problem: problems[name],
    more: { autocomplete: "new-password", maxlength: "255", spellcheck: "false" },
  })
}

function oauthFields({ typed, problems, edited }: WebhookFormData, words: Words): Html {
  const masked = edited?.authenType === "OAuth2.0" ? edited.oauth2ClientSecret : null
  return html`${textField({
    name: "oauth2_access_token_url",
    label: words.tokenUrl,
    hint: words.tokenUrlHint,
    type: "url",
    value: typed.oauth2AccessTokenUrl,
    problem: problems["oauth2_access_token_url"],
    more: { autocomplete: "off", placeholder: "https://", spellcheck: "false" },
  })}${textField({
    name: "oauth2_client_id",
    label: words.clientId,
    value: typed.oauth2ClientId,
    problem: problems["oauth2_client_id"],
    more: { autocomplete: "off", maxlength: "255", spellcheck: "false" },
  })}${textField({
    name: "oauth2_client_secret",
    label: words.clientSecret,
    type: "password",
    hint: masked === null ? undefined : words.keepHint(masked),
    problem: problems["oauth2_client_secret"],
    more: { autocomplete: "new-password", maxlength: "255" },
  })}`
}
