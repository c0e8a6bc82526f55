import { choiceField, textArea, textField, tickField } from "../../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../../http/html.ts"
import { appFormMessages } from "../../messages/app-form.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { ClientDraft } from "../../oauth/client-draft.ts"
import { type Scope, scopes } from "../../oauth/protocol.ts"
import { scopeText } from "../../oauth/scope-list.page.ts"
import { scopeFieldName } from "./app-form.wire.ts"
import type { FormProblems, UriProblem } from "./form-problems.ts"

/** The fields of an app, with what was typed and what of it is wrong. */
export interface AppFormData {
  readonly language: Language
  readonly draft: ClientDraft
  readonly problems: FormProblems | undefined
}

/** The fields of the form that registers or changes an app (contract/oauth.md §15); they stand inside a form. */
export function appFields(data: AppFormData): Html {
  return html`${basics(data)}${redirectUris(data)}${scopeChoice(data)}${security(data)}`
}

function basics({ language, draft, problems }: AppFormData): Html {
  const words = speak(appFormMessages, language)
  const fields = problems?.fields
  return html`<section class="form-part"><h2>${words.basics}</h2>
${textField({ name: "name", label: words.name, hint: words.nameHint, value: draft.name, problem: fields?.name, required: true, more: { maxlength: "100", autocomplete: "off" } })}
${textArea({ name: "description", label: words.description, hint: words.descriptionHint, value: draft.description, problem: fields?.description, rows: 3, more: { maxlength: "500" } })}
${textField({ name: "website", label: words.website, hint: words.websiteHint, value: draft.website, problem: fields?.website, type: "url", more: { maxlength: "500", placeholder: "https://shop.example" } })}
${textField({ name: "logo_url", label: words.logoUrl, hint: words.logoUrlHint, value: draft.logoUrl, problem: fields?.logo_url, type: "url", more: { maxlength: "500", placeholder: "https://shop.example/logo.png" } })}</section>`
}

function redirectUris({ language, draft, problems }: AppFormData): Html {
  const words = speak(appFormMessages, language)
  const uris = problems?.uris ?? []
  const problem = problems?.fields.redirect_uris ?? (uris.length > 0 ? words.redirectUrisProblem : undefined)
  return html`<section class="form-part"><h2>${words.redirects}</h2>
${textArea({ name: "redirect_uris", label: words.redirectUris, hint: words.redirectUrisHint, value: draft.redirectUris.join("\n"), problem, required: true, rows: 4, more: { spellcheck: "false", autocapitalize: "off", placeholder: "https://shop.example/sepay/callback" } })}
${uris.length === 0 ? noHtml : html`<ul class="uri-problems">${uris.map(uriProblem)}</ul>`}
${exactRule(language)}</section>`
}

// The character that is wrong is marked, so that a space or a full-width letter can be seen.
function uriProblem({ uri, at, text }: UriProblem): Html {
  const shown =
    at === undefined
      ? html`${uri}`
      : html`${uri.slice(0, at)}<mark>${[...uri.slice(at)][0] ?? ""}</mark>${[...uri.slice(at)].slice(1).join("")}`
  return html`<li><code class="break">${shown}</code><span>${text}</span></li>`
}

function exactRule(language: Language): Html {
  const words = speak(appFormMessages, language)
  const registered = "https://shop.example/sepay/callback"
  const rows = [
    [registered, registered, words.exactAccepted, true],
    [registered, `${registered}/`, words.exactSlash, false],
    [registered, "https://Shop.example/sepay/callback", words.exactCase, false],
    [registered, `${registered}?page=1`, words.exactQuery, false],
    ["http://localhost:3000/callback", "http://localhost:8123/callback", words.exactPort, true],
  ] as const
  return html`<details class="more"><summary>${words.exactTitle}</summary><p>${words.exact}</p>
<ul class="examples">${rows.map(
    ([given, sent, result, isRight]) =>
      html`<li><dl class="facts"><div><dt>${words.exactRegistered}</dt><dd><code>${given}</code></dd></div><div><dt>${words.exactSent}</dt><dd><code>${sent}</code></dd></div><div><dt>${words.exactResult}</dt><dd class="${isRight ? "right" : "wrong"}">${result}</dd></div></dl></li>`,
  )}</ul></details>`
}

function scopeChoice({ language, draft, problems }: AppFormData): Html {
  const words = speak(appFormMessages, language)
  const problem = problems?.fields.scopes
  const described = attributes({
    tabindex: "-1",
    "aria-describedby": problem === undefined ? "scopes-hint" : "scopes-problem scopes-hint",
  })
  return html`<fieldset class="form-part" id="scopes" ${described}><legend><h2>${words.scopes}</h2></legend>
${problem === undefined ? noHtml : html`<p class="problem" id="scopes-problem">${problem}</p>`}
<p class="hint" id="scopes-hint">${words.scopesHint}</p>
<ul class="scope-rows">${scopes.map((scope) => scopeRow(scope, draft, language))}</ul></fieldset>`
}

function scopeRow(scope: Scope, draft: ClientDraft, language: Language): Html {
  const words = speak(appFormMessages, language)
  const registered = draft.scopes.find((one) => one.scope === scope)
  const chosen = registered === undefined ? "off" : registered.required ? "required" : "optional"
  const choices = [
    ["off", words.off],
    ["optional", words.optional],
    ["required", words.required],
  ] as const
  return html`<li><div role="group" aria-labelledby="${`text-${scope}`}"><p class="scope-text" id="${`text-${scope}`}"><code>${scope}</code><span class="unseen">. ${words.scopeSeen}: </span><span>${scopeText(scope, language)}</span></p>
<span class="segments">${choices.map(
    ([value, text]) =>
      html`<label><input type="radio" name="${scopeFieldName(scope)}" value="${value}" ${attributes({ checked: chosen === value })}><span>${text}</span></label>`,
  )}</span></div></li>`
}

function security({ language, draft, problems }: AppFormData): Html {
  const words = speak(appFormMessages, language)
  const fields = problems?.fields
  return html`<section class="form-part"><h2>${words.security}</h2>${draft.profile === "sepay" && draft.clientType === "confidential" ? html`<p class="hint">${words.securityHint}</p>` : noHtml}
${choiceField({
  name: "profile",
  label: words.profile,
  kind: "radio",
  problem: fields?.profile,
  chosen: [draft.profile],
  options: [
    { value: "sepay", text: words.profileSepay, note: words.profileSepayNote },
    { value: "oauth21", text: words.profileOauth21, note: words.profileOauth21Note },
    { value: "fapi2", text: words.profileFapi2, note: words.profileFapi2Note, disabled: true },
  ],
})}
${choiceField({
  name: "client_type",
  label: words.clientType,
  kind: "radio",
  problem: fields?.client_type,
  chosen: [draft.clientType],
  options: [
    { value: "confidential", text: words.confidential, note: words.confidentialNote },
    { value: "public", text: words.public, note: words.publicNote },
  ],
})}
${tickField({ name: "legacy_token_errors", label: words.legacy, note: words.legacyNote, ticked: draft.legacyTokenErrors, problem: fields?.legacy_token_errors })}</section>`
}
