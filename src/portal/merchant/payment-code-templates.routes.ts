import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import {
  addPaymentCodeTemplate,
  changePaymentCodeTemplate,
  getPaymentCodeBoard,
  getTemplate,
  removePaymentCodeTemplate,
  type StoredTemplate,
} from "../../banking/payment-code-board.ts"
import type { Context } from "../../context.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { Mode } from "../../ids.ts"
import { Refusal } from "../../refusal.ts"
import { fieldOf, frameOf, isRefused, managerOf, pathId, queryText, refusedFields } from "./page-request.hook.ts"
import { removeTemplatePage, type TemplateForm, templatePage } from "./payment-code-template.page.ts"
import { boardChangeOf, readMode } from "./payment-codes.routes.ts"

/** Adding, changing and deleting payment-code templates. */
export function paymentCodeTemplateRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const administrator = { onRequest, preHandler: requireAdministrator() }
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }

  pages.get("/payment-codes/new", administrator, (request, reply) =>
    sendAddForm(request, reply, { mode: readMode(queryText(request, "mode")), form: newTemplate }),
  )

  pages.post("/payment-codes/new", change, async (request, reply) => {
    const form = readForm(request)
    const mode = readMode(fieldOf(request, "mode"))
    const sent = { userId: sessionOf(request).userId, formKey: fieldOf(request, "form_key"), now: clock.now() }
    try {
      const { ledTo } = await onceOnly(db, sent, async (tx) => {
        const draft = { prefix: form.prefix, ...toValues(form) }
        await addPaymentCodeTemplate(tx, sent.now, { ...managerOf(request), mode }, draft)
        return `/payment-codes?mode=${mode}&done=added`
      })
      return redirectTo(reply, ledTo)
    } catch (error) {
      return sendAddForm(request, reply, { mode, form, ...refusalOf(error) })
    }
  })

  pages.get("/payment-codes/:id", administrator, async (request, reply) => {
    const found = await findTemplate(context, request)
    return sendEditForm(request, reply, { ...found, form: toForm(found.template) })
  })

  pages.post("/payment-codes/:id", change, async (request, reply) => {
    const found = await findTemplate(context, request)
    const form = { ...readForm(request), prefix: found.template.prefix }
    const { id } = found.template
    try {
      const board = { ...boardChangeOf(request), mode: found.mode }
      await changePaymentCodeTemplate(db, clock.now(), board, { id, ...toValues(form) })
      return redirectTo(reply, `/payment-codes?mode=${found.mode}&done=saved`)
    } catch (error) {
      const refused = refusalOf(error)
      const refusal = refused.refusal === "taken" ? "outdated" : refused.refusal
      return sendEditForm(request, reply, { ...found, form, ...refused, refusal })
    }
  })

  pages.get("/payment-codes/:id/delete", administrator, (request, reply) => sendRemoval(context, request, reply))

  pages.post("/payment-codes/:id/delete", change, async (request, reply) => {
    const { template, mode } = await findTemplate(context, request)
    try {
      await removePaymentCodeTemplate(db, clock.now(), { ...boardChangeOf(request), mode }, template.id)
      return redirectTo(reply, `/payment-codes?mode=${mode}&done=removed`)
    } catch (error) {
      if (!isRefused(error, "conflict")) throw error
      return sendRemoval(context, request, reply, true)
    }
  })
}

interface FoundTemplate {
  readonly mode: Mode
  readonly template: StoredTemplate
  readonly version: string
  readonly isFirst: boolean
}

/** Looks in both modes: the id alone says which. */
async function findTemplate({ db }: Context, request: FastifyRequest): Promise<FoundTemplate> {
  const id = pathId(request, "id")
  for (const mode of ["live", "test"] as const) {
    const { templates, version } = await getPaymentCodeBoard(db, sessionOf(request).companyId, mode)
    if (!templates.some((template) => template.id === id)) continue
    const template = getTemplate(templates, id)
    return { mode, template, version, isFirst: template === templates[0] }
  }
  throw new Refusal("not_found", "There is no such template.")
}

const newTemplate: TemplateForm = {
  prefix: "",
  suffixFrom: "6",
  suffixTo: "8",
  characterType: "NumberOnly",
  isActive: true,
}

function toForm({ prefix, suffixFrom, suffixTo, characterType, isActive }: StoredTemplate): TemplateForm {
  return { prefix, suffixFrom: String(suffixFrom), suffixTo: String(suffixTo), characterType, isActive }
}

function readForm(request: FastifyRequest): TemplateForm {
  const field = (name: string) => fieldOf(request, name).trim()
  return {
    prefix: field("prefix"),
    suffixFrom: field("suffix_from"),
    suffixTo: field("suffix_to"),
    characterType: field("character_type") === "NumberAndLetter" ? "NumberAndLetter" : "NumberOnly",
    isActive: field("is_active") === "1",
  }
}

function toValues({ suffixFrom, suffixTo, characterType, isActive }: TemplateForm) {
  const whole = (text: string) => (/^[0-9]{1,4}$/.test(text) ? Number(text) : Number.NaN)
  return {
    suffixFrom: whole(suffixFrom),
    suffixTo: whole(suffixTo),
    characterType: characterType === "NumberAndLetter" ? ("NumberAndLetter" as const) : ("NumberOnly" as const),
    isActive,
  }
}

interface Refused {
  readonly wrong?: readonly string[]
  readonly refusal?: "taken" | "too_many" | "outdated" | undefined
  readonly status?: number
}

function refusalOf(error: unknown): Refused {
  if (isRefused(error, "conflict")) return { refusal: "taken", status: 409 }
  if (isRefused(error, "quota_exceeded")) return { refusal: "too_many", status: 409 }
  const wrong = refusedFields(error)
  if (wrong === undefined) throw error
  return { wrong: Object.keys(wrong), status: 400 }
}

function sendAddForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { mode, form, wrong = [], refusal, status = 200 }: Refused & { readonly mode: Mode; readonly form: TemplateForm },
): FastifyReply {
  const of = { mode, id: undefined, token: newFormKey(), form, isFirst: false }
  return sendPage(reply, templatePage({ ...frameOf(request), ...of, wrong: new Set(wrong), refusal }), status)
}

function sendEditForm(
  request: FastifyRequest,
  reply: FastifyReply,
  edit: Refused & FoundTemplate & { readonly form: TemplateForm },
): FastifyReply {
  const { mode, template, version, isFirst, form, wrong = [], refusal, status = 200 } = edit
  const of = { mode, id: template.id, token: version, form, isFirst }
  return sendPage(reply, templatePage({ ...frameOf(request), ...of, wrong: new Set(wrong), refusal }), status)
}

async function sendRemoval(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  isOutdated = false,
): Promise<FastifyReply> {
  const { template, mode, version, isFirst } = await findTemplate(context, request)
  if (isFirst) return redirectTo(reply, `/payment-codes/${template.id}`)
  const page = removeTemplatePage({ ...frameOf(request), mode, template, version, isOutdated })
  return sendPage(reply, page, isOutdated ? 409 : 200)
}
