import { choiceField, hiddenField, textField, tickField } from "../../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../../http/html.ts"
import { layout } from "../../../http/layout.page.ts"
import { backLink, note, pageHead } from "../../../http/pieces.page.ts"
import type { Mode } from "../../../ids.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookFormMessages } from "../../../messages/webhook-form.ts"
import { webhookListMessages } from "../../../messages/webhook-list.ts"
import { modeSwitch } from "../transactions.page.ts"
import { accountFields } from "./webhook-form-accounts.page.ts"
import { authFields } from "./webhook-form-auth.page.ts"
import type { WebhookFormData } from "./webhook-form-data.page.ts"

type Words = ReturnType<typeof speak<typeof webhookFormMessages>>

/** The guided form of contract/webhooks.md §6.1, in five steps on one page. */
export function webhookFormPage(data: WebhookFormData): Html {
  const { language, user, edited, mode, formKey } = data
  const words = speak(webhookFormMessages, language)
  const title = edited === undefined ? words.newTitle : words.editTitle
  const back = edited === undefined ? "/webhooks" : `/webhooks/${edited.id}`
  return layout(
    { language, title, user, current: "webhooks", query: edited === undefined ? `mode=${mode}` : undefined },
    html`${backLink(back, edited === undefined ? speak(webhookListMessages, language).title : edited.name)}
${pageHead(title, edited === undefined ? words.newLead : noHtml)}${notices(data, words)}
${edited === undefined ? modeTabs(mode, words) : noHtml}
<form method="post" action="${edited === undefined ? "/webhooks" : `/webhooks/${edited.id}`}" class="webhook-form" novalidate>
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}${
  edited === undefined ? hiddenField("mode", mode) : hiddenField("config_version", String(edited.configVersion))
}
${step(1, words.what, whatFields(data, words), words)}
${step(2, words.where, whereFields(data, words), words)}
${step(3, words.how, howFields(data, words), words)}
${step(4, words.retries, retryFields(data, words), words)}
${step(5, words.naming, namingFields(data, words), words)}
<p class="actions"><button class="button">${edited === undefined ? words.create : words.save}</button><a class="button plain" href="${back}">${words.cancel}</a></p>
</form>`,
  )
}

function notices({ problems, notice, edited }: WebhookFormData, words: Words): Html {
  const count = Object.keys(problems).length
  return html`${notice === "created" ? note("good", words.doneCreated) : noHtml}${
    notice === "incomplete" ? note("warn", words.incomplete) : noHtml
  }${
    notice === "changed" && edited !== undefined
      ? note(
          "danger",
          html`<p>${words.changedMeanwhile}</p><p><a class="line-link" href="${`/webhooks/${edited.id}`}">${words.seeCurrent}</a></p>`,
        )
      : noHtml
  }${problems["form"] === undefined ? (count > 0 ? note("danger", words.problems(count)) : noHtml) : note("danger", problems["form"])}`
}

function modeTabs(mode: Mode, words: Words): Html {
  const to = (one: Mode, text: string) => ({ text, path: `/webhooks/new?mode=${one}`, isCurrent: one === mode })
  return modeSwitch(words.modeLabel, [to("live", words.liveMode), to("test", words.testMode)])
}

function step(number: number, title: string, fields: Html, words: Words): Html {
  return html`<section class="card step" aria-labelledby="${`step-${number}`}"><h2 id="${`step-${number}`}"><span class="step-number"><span class="unseen">${words.step(number)}: </span><span aria-hidden="true">${number}</span></span>${title}</h2>${fields}</section>`
}

function whatFields(data: WebhookFormData, words: Words): Html {
  const { typed, problems } = data
  return html`${choiceField({
    name: "event_type",
    label: words.eventType,
    kind: "radio",
    chosen: [typed.eventType],
    problem: problems["event_type"],
    options: [
      { value: "In_only", text: words.inOnly, note: words.inOnlyNote },
      { value: "Out_only", text: words.outOnly, note: words.outOnlyNote },
      { value: "All", text: words.both },
    ],
  })}${accountFields(data)}${tickField({
    name: "skip_if_no_code",
    label: words.skipIfNoCode,
    note: words.skipIfNoCodeNote,
    ticked: typed.skipIfNoCode,
  })}${textField({
    name: "prefix_filters",
    label: words.prefixFilters,
    hint: words.prefixFiltersHint,
    value: typed.prefixFilters,
    problem: problems["prefix_filters"],
    more: { autocomplete: "off", maxlength: "1200" },
  })}${tickField({
    name: "is_verify_payment",
    label: words.verify,
    note: words.verifyNote,
    ticked: typed.isVerifyPayment,
  })}`
}

function whereFields({ typed, problems, mode }: WebhookFormData, words: Words): Html {
  return html`${textField({
    name: "webhook_url",
    label: words.url,
    type: "url",
    hint: mode === "live" ? words.urlHintLive : words.urlHintTest,
    value: typed.webhookUrl,
    problem: problems["webhook_url"],
    required: true,
    more: { autocomplete: "off", placeholder: "https://", spellcheck: "false" },
  })}<p class="hint">${words.urlAnswer}</p>`
}

function howFields(data: WebhookFormData, words: Words): Html {
  const { typed, problems } = data
  return html`${authFields(data)}${choiceField({
    name: "request_content_type",
    label: words.contentType,
    kind: "radio",
    chosen: [typed.contentType],
    problem: problems["request_content_type"],
    options: [
      { value: "Json", text: "JSON", note: words.jsonNote },
      { value: "application_x-www-form-urlencoded", text: words.form, note: words.formNote },
      { value: "multipart_form-data", text: words.multipart, note: words.multipartNote },
    ],
  })}`
}

function retryFields({ typed }: WebhookFormData, words: Words): Html {
  return html`${tickField({ name: "retry_non_2xx", label: words.retryNon2xx, note: words.retryNon2xxNote, ticked: typed.retryNon2xx })}${tickField(
    { name: "retry_wrong_body", label: words.wrongBody, note: words.wrongBodyNote, ticked: typed.retryWrongBody },
  )}${tickField({ name: "long_tail", label: words.longTail, note: words.longTailNote, ticked: typed.longTail })}${tickField(
    {
      name: "disable_on_410",
      label: words.gone,
      note: words.goneNote,
      ticked: typed.disableOn410,
    },
  )}`
}

function namingFields({ typed, problems, edited }: WebhookFormData, words: Words): Html {
  return html`${textField({
    name: "name",
    label: words.name,
    hint: words.nameHint,
    value: typed.name,
    problem: problems["name"],
    required: true,
    more: { autocomplete: "off", maxlength: "300" },
  })}${edited === undefined ? tickField({ name: "active", label: words.active, ticked: typed.active }) : noHtml}`
}
