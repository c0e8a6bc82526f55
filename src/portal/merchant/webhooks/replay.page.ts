import type { Instant } from "../../../clock.ts"
import { choiceField, hiddenField, textField } from "../../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../../http/html.ts"
import { momentText } from "../../../http/moment.page.ts"
import { facts, note } from "../../../http/pieces.page.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { replayMessages } from "../../../messages/webhook-log.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

/** The window of a replay as it is typed. */
export interface TypedWindow {
  readonly from: string
  readonly before: string
  readonly states: readonly string[]
}

export type WindowProblems = Partial<Record<"from" | "before" | "states", "time" | "order" | "states">>

/** What a replay of the window would make, as the confirmation shows it. */
export interface ReplayPreview {
  readonly count: number
  /** Counted no further than that. */
  readonly isMore: boolean
}

/** Asks which deliveries to make again; with a preview, asks whether to do it. */
export function replayWindowPage(
  data: WebhookPageData & {
    readonly typed: TypedWindow
    readonly problems: WindowProblems
    readonly preview: ReplayPreview | undefined
    readonly formKey: string
  },
): Html {
  const { language, webhook, typed, problems, preview } = data
  const words = speak(replayMessages, language)
  const texts = { time: words.badTime, order: words.badOrder, states: words.badStates }
  const problemOf = (name: keyof WindowProblems) => {
    const problem = problems[name]
    return problem === undefined ? undefined : texts[problem]
  }
  const time = (name: "from" | "before", label: string) =>
    textField({
      name,
      label,
      hint: words.timeHint,
      type: "datetime-local",
      value: typed[name],
      problem: problemOf(name),
      required: true,
    })
  return webhookFrame(
    data,
    { tab: "log" },
    html`<h2>${words.title}</h2><p class="soft">${words.lead}</p>
<section class="card"><form method="get" action="${`/webhooks/${webhook.id}/replay`}" class="stack" novalidate><div class="form-grid">${time("from", words.from)}${time("before", words.before)}</div>
${choiceField({
  name: "states",
  label: words.states,
  kind: "checkbox",
  chosen: typed.states,
  problem: problemOf("states"),
  options: [
    { value: "failed", text: words.statesFailed, note: words.statesFailedNote },
    { value: "cancelled", text: words.statesCancelled, note: words.statesCancelledNote },
  ],
})}<p class="actions"><button class="button plain">${words.preview}</button></p></form></section>
${preview === undefined ? noHtml : confirmation(data, preview)}`,
  )
}

function confirmation(data: Parameters<typeof replayWindowPage>[0], { count, isMore }: ReplayPreview): Html {
  const { language, webhook, user, typed, formKey } = data
  const words = speak(replayMessages, language)
  const number = new Intl.NumberFormat(language).format(count)
  if (count === 0) return html`<section class="card" role="status"><p>${words.foundNone}</p></section>`
  return html`<section class="card ask" role="status"><h2>${isMore ? words.foundMany(number) : words.found(number)}</h2><p>${words.confirmNote}</p>
<form method="post" action="${`/webhooks/${webhook.id}/replay`}" class="actions">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}${hiddenField("from", typed.from)}${hiddenField("before", typed.before)}${typed.states.map((state) => hiddenField("states", state))}
<button class="button">${words.confirm}</button><a class="button plain" href="${`/webhooks/${webhook.id}/log`}">${words.cancel}</a></form></section>`
}

/** How far a replay has come. */
export interface ShownReplay {
  readonly id: number
  readonly state: "running" | "done" | "stopped"
  readonly replayed: number
  readonly hasMore: boolean
  readonly from: Instant
  readonly before: Instant
}

/** The progress of a replay, and its end. */
export function replayProgressPage(
  data: WebhookPageData & { readonly replay: ShownReplay; readonly waiting: string; readonly isAgain: boolean },
): Html {
  const { language, webhook, replay, waiting, isAgain } = data
  const words = speak(replayMessages, language)
  const title = { running: words.progressTitle, done: words.doneTitle, stopped: words.stoppedTitle }[replay.state]
  const isRunning = replay.state === "running"
  return webhookFrame(
    data,
    { tab: "log", scripts: isRunning ? ["reload.js"] : [] },
    html`${isAgain ? note("good", words.again) : noHtml}
<section class="card"><h2>${title}</h2><p class="figure" role="status">${words.queued(new Intl.NumberFormat(language).format(replay.replayed))}</p>
${isRunning ? html`<p data-reload-after="2">${words.goingOn}</p>` : noHtml}${replay.state === "stopped" ? html`<p>${words.stopped}</p>` : noHtml}
${waiting === "0" ? noHtml : html`<p class="soft">${words.stillWaiting(waiting)}</p>`}${replay.hasMore ? note("warn", words.hasMore) : noHtml}
${facts([[words.window, spanText(replay, language)]])}
<p class="actions"><a class="button" href="${`/webhooks/${webhook.id}/log?kind=replay`}">${words.seeLog}</a><a class="button plain" href="${`/webhooks/${webhook.id}/replay`}">${words.another}</a></p></section>`,
  )
}

function spanText({ from, before }: ShownReplay, language: Language): Html {
  return html`${momentText(from, language)} – ${momentText(before, language)}`
}
