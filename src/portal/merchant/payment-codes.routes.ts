import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import {
  changePaymentCodeSwitches,
  getPaymentCodeBoard,
  movePaymentCodeTemplate,
  type PaymentCodeBoard,
} from "../../banking/payment-code-board.ts"
import { tryPaymentCode } from "../../banking/payment-code-trial.ts"
import type { Context } from "../../context.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { Mode } from "../../ids.ts"
import { fieldOf, frameOf, isRefused, managerOf, pathId, queryText } from "./page-request.hook.ts"
import type { TrialView } from "./payment-code-trial.page.ts"
import { paymentCodesPage } from "./payment-codes.page.ts"

const longestMemo = 1000

/** Payment codes: the templates in their order, the settings and the live tester. Templates have a file of their own. */
export function paymentCodeRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }

  pages.get("/payment-codes", { onRequest, preHandler: requireAdministrator() }, (request, reply) =>
    sendBoard(context, request, reply, readMode(queryText(request, "mode"))),
  )

  pages.post("/payment-codes/settings", change, (request, reply) =>
    orOutdated(context, request, reply, () =>
      changePaymentCodeSwitches(db, clock.now(), boardChangeOf(request), {
        paymentCodesOn: fieldOf(request, "codes_on") === "1",
        separatorTolerant: fieldOf(request, "separators") === "1",
      }),
    ),
  )

  for (const [verb, by] of [
    ["up", -1],
    ["down", 1],
  ] as const) {
    pages.post(`/payment-codes/:id/${verb}`, change, (request, reply) => {
      const id = pathId(request, "id")
      return orOutdated(context, request, reply, () =>
        movePaymentCodeTemplate(db, clock.now(), boardChangeOf(request), { id, by }),
      )
    })
  }
}

/** The mode that a page or form is about; live unless it says test. */
export function readMode(text: string | undefined): Mode {
  return text === "test" ? "test" : "live"
}

/** Who changes which board, and the version that the form was made from. */
export function boardChangeOf(request: FastifyRequest) {
  const mode = readMode(fieldOf(request, "mode"))
  return { ...managerOf(request), mode, version: fieldOf(request, "version") }
}

async function orOutdated(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  change: () => Promise<void>,
): Promise<FastifyReply> {
  const mode = readMode(fieldOf(request, "mode"))
  try {
    await change()
    return redirectTo(reply, `/payment-codes?mode=${mode}&done=saved`)
  } catch (error) {
    if (!isRefused(error, "conflict")) throw error
    return sendBoard(context, request, reply, mode, true)
  }
}

async function sendBoard(
  { db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  mode: Mode,
  isOutdated = false,
): Promise<FastifyReply> {
  const { templates, switches, version } = await getPaymentCodeBoard(db, sessionOf(request).companyId, mode)
  const code = queryText(request, "done")
  const memo = (queryText(request, "memo") ?? "").slice(0, longestMemo)
  const page = paymentCodesPage({
    ...frameOf(request),
    ...switches,
    mode,
    templates,
    version,
    memo,
    trial: memo.trim() === "" ? undefined : toTrial({ templates, switches }, memo),
    done: code === "added" || code === "saved" || code === "removed" ? code : undefined,
    isOutdated,
  })
  return sendPage(reply, page, isOutdated ? 409 : 200)
}

function toTrial({ templates, switches }: Omit<PaymentCodeBoard, "version">, memo: string): TrialView {
  const { found, outcomes } = tryPaymentCode(templates, memo, switches)
  return {
    isSwitchedOff: !switches.paymentCodesOn,
    found,
    outcomes: templates.flatMap((template, index) => {
      const one = outcomes[index]
      return one === undefined ? [] : [{ template, ...one }]
    }),
  }
}
