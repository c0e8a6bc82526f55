import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../../context.ts"
import { type Form, formValue } from "../../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import { isPermitted } from "../../../identity/permission.ts"
import { type RequestSession, sessionOf } from "../../../identity/require-session.hook.ts"
import type { Mode } from "../../../ids.ts"
import { Refusal } from "../../../refusal.ts"
import { showCredentials } from "../../../webhooks/credentials.ts"
import type { FieldFault } from "../../../webhooks/field-faults.ts"
import { getWebhook, type StoredWebhook } from "../../../webhooks/list-webhooks.ts"
import { readWebhookBody } from "../../../webhooks/read-webhook-body.wire.ts"
import type { WebhookDraft } from "../../../webhooks/webhook-draft.ts"
import {
  checkNewWebhook,
  checkWebhookEdit,
  createCheckedWebhook,
  updateCheckedWebhook,
  type WebhookGround,
  type WrittenWebhook,
} from "../../../webhooks/webhook-settings.ts"
import { getCompanyWebhook } from "../../../webhooks/webhook-visibility.ts"
import { type AccountProblem, draftAccounts } from "./account-draft.ts"
import { toFormBody } from "./form-body-of-webhook.ts"
import { vasOfForm, vasOfWebhook } from "./named-vas.ts"
import { sameShowingMs } from "./same-showing.ts"
import { listSelectableAccounts, type SelectableAccount } from "./selectable-accounts.ts"
import { proposedWebhook, readTypedWebhook, type TypedWebhook, toTypedWebhook } from "./typed-webhook.ts"
import { webhookFormPage } from "./webhook-form.page.ts"
import type { WebhookFormData } from "./webhook-form-data.page.ts"
import { type FormProblems, toFormProblems } from "./webhook-problems.ts"
import {
  formKeyOf,
  managerFor,
  onePath,
  openWebhook,
  posting,
  queryValue,
  reading,
  visitorOf,
  type WebhookPageParts,
} from "./webhook-requests.routes.ts"
import { type SecretToShow, secretOncePage } from "./webhook-secret.page.ts"

/** GET and POST of the guided form: a new webhook, and changes of one. */
export function webhookFormRoutes(pages: FastifyInstance, context: Context, parts: WebhookPageParts): void {
  const ground: WebhookGround = {
    keyring: context.config.keyring,
    findBankAccounts: parts.findBankAccounts,
    findUrlProblem: context.outbound.findUrlProblem,
  }
  newRoutes(pages, context, ground)
  editRoutes(pages, context, ground)
}

function newRoutes(pages: FastifyInstance, context: Context, ground: WebhookGround): void {
  const { db, clock, config } = context
  pages.get("/webhooks/new", reading(context, "webhook.create"), async (request, reply) => {
    const session = sessionOf(request)
    const mode = readMode(queryValue(request, "mode")) ?? "live"
    const accounts = await listSelectableAccounts(db, session, mode)
    const notice = queryValue(request, "done") === "created" ? ("created" as const) : undefined
    return sendForm(request, reply, { mode, accounts, typed: proposedWebhook, edited: undefined, notice })
  })

  pages.post("/webhooks", posting(context, "webhook.create"), async (request, reply) => {
    const session = sessionOf(request)
    const form = formOf(request)
    const mode = readMode(formValue(form, "mode"))
    if (mode === undefined) throw new Refusal("invalid", "mode is missing")
    const typed = readTypedWebhook(form)
    const accounts = await listSelectableAccounts(db, session, mode, vasOfForm(typed))
    const drafted = draftWebhook(form, typed, accounts)
    const now = clock.now()
    try {
      const manager = managerFor(session, mode)
      const checked = await checkNewWebhook(ground, { manager, draft: drafted.draft, faults: drafted.faults })
      const sent = await onceOnly(db, { userId: session.userId, formKey: formKeyOf(request), now }, async (tx) => {
        const written = await createCheckedWebhook(tx, now, ground, { ...checked, liveLimit: config.webhookLimit })
        return ledToOf(written.webhook, drafted)
      })
      const made = { session, drafted, ...sent, done: "created" as const, version: 1 }
      return await answerWritten(request, reply, context, made)
    } catch (error) {
      const problems = problemsOf(error, drafted, request)
      return sendForm(request, reply, { mode, accounts, typed, edited: undefined, problems })
    }
  })
}

function editRoutes(pages: FastifyInstance, context: Context, ground: WebhookGround): void {
  const { db, clock } = context
  pages.get(`${onePath}/edit`, reading(context, "webhook.update"), async (request, reply) => {
    const { session, webhook } = await openWebhook(db, request)
    const accounts = await listSelectableAccounts(db, session, webhook.mode, vasOfWebhook(webhook))
    const edited = toEdited(context, webhook)
    const notice = queryValue(request, "done") === "incomplete" ? ("incomplete" as const) : undefined
    const typed = { ...toTypedWebhook(webhook, accounts), ...(accounts === undefined && keptAccounts(webhook)) }
    return sendForm(request, reply, { mode: webhook.mode, accounts, typed, edited, notice })
  })

  pages.post(onePath, posting(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, manager } = await openWebhook(db, request)
    const form = formOf(request)
    const typed = readTypedWebhook(form)
    const accounts = await listSelectableAccounts(db, session, webhook.mode, vasOfForm(typed, webhook))
    const drafted = draftWebhook(form, typed, accounts, webhook)
    const configVersion = Number(formValue(form, "config_version") ?? 0)
    const now = clock.now()
    const { mode, id } = webhook
    try {
      const { draft, faults } = drafted
      const checked = await checkWebhookEdit(db, ground, { id, manager, draft, faults, configVersion })
      let written: WrittenWebhook | undefined
      const sent = await onceOnly(db, { userId: session.userId, formKey: formKeyOf(request), now }, async (tx) => {
        written = await updateCheckedWebhook(tx, now, ground, checked)
        return ledToOf(written.webhook, drafted)
      })
      const done = written?.webhook.configVersion === configVersion ? ("unchanged" as const) : ("saved" as const)
      const made = { session, drafted, ...sent, done, version: configVersion + 1 }
      return await answerWritten(request, reply, context, made)
    } catch (error) {
      const isConflict = error instanceof Refusal && error.reason === "conflict"
      const problems = isConflict ? {} : problemsOf(error, drafted, request)
      const edited = toEdited(context, await getWebhook(db, manager, id))
      const version = isConflict ? edited.configVersion : configVersion
      const notice = isConflict ? ("changed" as const) : undefined
      const shown = { mode, accounts, typed, problems, notice, edited: { ...edited, configVersion: version } }
      return sendForm(request, reply, shown, isConflict ? 409 : 400)
    }
  })
}

interface Written {
  readonly session: RequestSession
  readonly drafted: DraftedWebhook
  readonly ledTo: string
  readonly again: boolean
  readonly sentAt: number
  readonly done: "created" | "saved" | "unchanged"
  /** The version that the form made. */
  readonly version: number
}

interface DraftedWebhook {
  readonly draft: WebhookDraft
  readonly faults: readonly FieldFault[]
  readonly accountProblems: readonly AccountProblem[]
  readonly generates: boolean
  readonly isWeak: boolean
}

// Throws Refusal not_found for an account that is not the company's.
function draftWebhook(
  form: Form,
  typed: TypedWebhook,
  accounts: readonly SelectableAccount[] | undefined,
  before?: StoredWebhook,
): DraftedWebhook {
  const { body, generates, isWeak } = toFormBody(form, typed, before)
  const { draft, faults } = readWebhookBody(body)
  const { draft: accountDraft, problems } = draftAccounts(typed, accounts, before)
  const all = problems.length === 0 ? faults : [...faults, { path: "covers", problem: "is wrong" }]
  return { draft: { ...draft, accounts: accountDraft }, faults: all, accountProblems: problems, generates, isWeak }
}

const showsSecret = "?secret=generated"

// Kept with the form: whether its answer shows a secret that we made. The form alone cannot tell when it is sent again.
function ledToOf({ id }: StoredWebhook, { generates }: DraftedWebhook): string {
  return `/webhooks/${id}${generates ? showsSecret : ""}`
}

// A double click shows the second answer: it has to show the secret as well, or nobody ever sees it.
async function answerWritten(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  written: Written,
): Promise<FastifyReply> {
  const { session, drafted, ledTo, again, done, version } = written
  const { db, clock } = context
  const path = ledTo.replace(showsSecret, "")
  const code = again ? "again" : done !== "unchanged" && drafted.isWeak ? `${done}-weak` : done
  const next = isPermitted(session, "webhook.list") ? `${path}?done=${code}` : "/webhooks/new?done=created"
  const isSameShowing = !again || clock.now() - written.sentAt < sameShowingMs
  if (!ledTo.endsWith(showsSecret) || !isSameShowing) return redirectTo(reply, next)
  const webhook = await getCompanyWebhook(db, session.companyId, Number(path.split("/").at(-1)))
  if (webhook.configVersion !== version) return redirectTo(reply, next)
  const page = secretOncePage({ ...visitorOf(request), name: webhook.name, secret: openSecret(context, webhook), next })
  return sendPage(reply, page)
}

function openSecret({ config, clock }: Context, { credentials, authenType }: StoredWebhook): SecretToShow {
  const keys = { keyring: config.keyring, now: clock.now() }
  const { apiKey, secretKey } = showCredentials(credentials, keys, { apiKey: true, secretKey: true })
  return authenType === "Api_Key" ? { kind: "api-key", text: apiKey ?? "" } : { kind: "secret", text: secretKey ?? "" }
}

function problemsOf(error: unknown, { accountProblems }: DraftedWebhook, request: FastifyRequest): FormProblems {
  if (!(error instanceof Refusal) || (error.reason !== "invalid" && error.reason !== "quota_exceeded")) throw error
  if (error.details.errors === undefined) throw error
  return toFormProblems(error, accountProblems, request.language)
}

interface ShownForm {
  readonly mode: Mode
  readonly accounts: readonly SelectableAccount[] | undefined
  readonly typed: TypedWebhook
  readonly edited: WebhookFormData["edited"]
  readonly problems?: FormProblems
  readonly notice?: WebhookFormData["notice"]
}

function sendForm(request: FastifyRequest, reply: FastifyReply, form: ShownForm, status?: number): FastifyReply {
  const { problems = {} } = form
  const page = webhookFormPage({ ...visitorOf(request), ...form, problems, formKey: newFormKey() })
  return sendPage(reply, page, status ?? (Object.keys(problems).length > 0 ? 400 : 200))
}

function toEdited({ config, clock }: Context, webhook: StoredWebhook): NonNullable<WebhookFormData["edited"]> {
  const keys = { keyring: config.keyring, now: clock.now() }
  const { id, name, configVersion, authenType, bankMode, bankAccountIds } = webhook
  const masked = showCredentials(webhook.credentials, keys, { apiKey: false, secretKey: false })
  const coversSome = bankMode === "all" ? undefined : bankAccountIds.length
  return { id, name, configVersion, authenType, coversSome, ...masked }
}

function keptAccounts({ bankMode }: StoredWebhook): Partial<TypedWebhook> {
  return bankMode === "all" ? {} : { covers: "keep" }
}

function readMode(text: string | undefined): Mode | undefined {
  return text === "live" || text === "test" ? text : undefined
}
