import { selectField, textArea } from "../../../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../../../http/html.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookFormMessages } from "../../../messages/webhook-form.ts"
import type { SelectableAccount } from "./selectable-accounts.ts"
import type { TypedVas } from "./typed-webhook.ts"
import type { WebhookFormData } from "./webhook-form-data.page.ts"

type Words = ReturnType<typeof speak<typeof webhookFormMessages>>

/** Which accounts a webhook covers, and which virtual accounts of each. */
export function accountFields(data: WebhookFormData): Html {
  const words = speak(webhookFormMessages, data.language)
  const { typed, accounts, problems, edited } = data
  const radio = (value: string, text: string, noteText?: string) =>
    html`<li><label class="choice"><input type="radio" name="covers" value="${value}" ${attributes({ checked: typed.covers === value })}><span>${text}${noteText === undefined ? noHtml : html`<span class="soft small block">${noteText}</span>`}</span></label></li>`
  const problem = problems["covers"]
  return html`<fieldset id="covers" class="covers" tabindex="-1" ${attributes({ "aria-describedby": problem === undefined ? undefined : "covers-problem" })}><legend>${words.covers}</legend>
<ul class="choices">${radio("all", words.coversAll, words.coversAllNote)}${
    accounts === undefined
      ? edited?.coversSome === undefined
        ? noHtml
        : radio("keep", words.keepsAccounts(edited.coversSome))
      : radio("chosen", words.coversChosen)
  }</ul>
${problem === undefined ? noHtml : html`<p class="problem" id="covers-problem">${problem}</p>`}
${accounts === undefined ? html`<p class="hint">${words.coversHidden}</p>` : chosenAccounts(accounts, data, words)}
<div class="for-all">${selectField({ name: "all_vas", label: words.vaAll, hint: words.vaHint, value: typed.allVas, options: allOptions(data, words) })}</div></fieldset>`
}

function allOptions({ typed }: WebhookFormData, words: Words) {
  return [
    ...(typed.allVas === "keep" ? [{ value: "keep", text: words.keepList }] : []),
    { value: "everything", text: words.everything },
    { value: "account", text: words.accountOnly },
    { value: "vas", text: words.vasOnly },
  ]
}

function chosenAccounts(accounts: readonly SelectableAccount[], data: WebhookFormData, words: Words): Html {
  if (accounts.length === 0) return html`<p class="hint for-chosen">${words.noAccounts}</p>`
  return html`<ul class="choices for-chosen">${accounts.map((account) => accountItem(account, data, words))}</ul>`
}

function accountItem(account: SelectableAccount, { typed, problems }: WebhookFormData, words: Words): Html {
  const checked = typed.accountIds.includes(String(account.id))
  const name = `${account.name} · ${account.number}`
  return html`<li class="account-choice"><label class="choice"><input type="checkbox" name="account" value="${account.id}" ${attributes({ checked })}><span class="break">${name}<span class="soft small block">${account.holder}${account.active ? "" : ` · ${words.closed}`}</span></span></label>
${account.vas.length === 0 ? noHtml : vaFields(account, { name, typed: typed.vas.get(account.id), problem: problems[`vas_${account.id}`] }, words)}</li>`
}

interface VaFields {
  readonly name: string
  readonly typed: TypedVas | undefined
  readonly problem: string | undefined
}

function vaFields({ id, vas, areTicked }: SelectableAccount, { name, typed, problem }: VaFields, words: Words): Html {
  const { choice, ids, numbers } = typed ?? { choice: "everything", ids: [], numbers: "" }
  const options = [
    { value: "everything", text: words.everything },
    { value: "account", text: words.accountOnly },
    { value: "vas", text: words.vasOnly },
    { value: "listed", text: words.listedOnly },
    { value: "account-and-listed", text: words.accountAndListed },
  ]
  const list = !areTicked
    ? textArea({ name: `va_numbers_${id}`, label: words.vaNumbers(name), hint: words.vaNumbersHint, value: numbers })
    : html`<fieldset class="va-list"><legend>${words.chosenVas}<span class="unseen">: ${name}</span></legend><ul class="va-ticks">${vas.map(
        (va) =>
          html`<li><label class="va-tick"><input type="checkbox" name="${`va_ids_${id}`}" value="${va.id}" ${attributes({ checked: ids.includes(va.id) })}><span class="break">${va.number}${va.label === null ? noHtml : html` <span class="soft">${va.label}</span>`}</span></label></li>`,
      )}</ul></fieldset>`
  return html`<div class="vas">${selectField({ name: `vas_${id}`, label: words.vaOf(name), value: choice, options, problem })}<div class="va-chosen">${list}</div></div>`
}
