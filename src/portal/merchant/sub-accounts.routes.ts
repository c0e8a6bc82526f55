import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { getCompanyAccount } from "../../banking/bank-account.ts"
import { renameAccount, setAccountActive } from "../../banking/change-account.ts"
import { addSubAccount, getSubAccount } from "../../banking/sub-account.ts"
import type { Context } from "../../context.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { LabelForm } from "./bank-account.page.ts"
import { toAccountView } from "./bank-account-view.ts"
import { done, fieldOf, frameOf, isRefused, managerOf, pathId, refusedFields } from "./page-request.hook.ts"
import { addSubAccountPage, subAccountPage } from "./sub-accounts.page.ts"

/** Virtual accounts of a bank account: add, label, close, reopen. */
export function subAccountRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const administrator = { onRequest, preHandler: requireAdministrator() }
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }

  pages.get("/bank-accounts/:id/sub-accounts/new", administrator, (request, reply) =>
    sendAddForm(context, request, reply, { wrong: [], isTaken: false }),
  )

  pages.post("/bank-accounts/:id/sub-accounts/new", change, async (request, reply) => {
    const { companyId, userId } = sessionOf(request)
    const account = await getCompanyAccount(db, companyId, pathId(request, "id"))
    const field = (name: string) => fieldOf(request, name)
    const draft = {
      accountId: account.id,
      accountNumber: field("number"),
      holderName: field("holder"),
      label: field("label"),
    }
    const sent = { userId, formKey: field("form_key"), now: clock.now() }
    try {
      const { ledTo } = await onceOnly(db, sent, async (tx) => {
        await addSubAccount(tx, sent.now, draft, managerOf(request).actor)
        return `/bank-accounts/${account.id}?done=sub-added`
      })
      return redirectTo(reply, ledTo)
    } catch (error) {
      const isTaken = isRefused(error, "conflict")
      const wrong = refusedFields(error)
      if (!isTaken && wrong === undefined) throw error
      return sendAddForm(context, request, reply, { wrong: Object.keys(wrong ?? {}), isTaken })
    }
  })

  pages.get("/bank-accounts/:id/sub-accounts/:subId", administrator, (request, reply) =>
    sendSubAccount(context, request, reply),
  )

  pages.post("/bank-accounts/:id/sub-accounts/:subId/label", change, async (request, reply) => {
    const { subAccount, account } = await findSubAccount(context, request)
    const label = fieldOf(request, "label")
    const before = fieldOf(request, "seen")
    const rename = { kind: "sub_account", id: subAccount.id, label, before } as const
    try {
      await renameAccount(db, clock.now(), managerOf(request), rename)
      return done(reply, `/bank-accounts/${account.id}`, "sub-changed")
    } catch (error) {
      const isOutdated = isRefused(error, "conflict")
      const isWrong = refusedFields(error)?.["label"] !== undefined
      if (!isOutdated && !isWrong) throw error
      return sendSubAccount(context, request, reply, { label, before, isOutdated, isWrong })
    }
  })

  for (const [verb, isActive] of [
    ["close", false],
    ["reopen", true],
  ] as const) {
    pages.post(`/bank-accounts/:id/sub-accounts/:subId/${verb}`, change, async (request, reply) => {
      const { subAccount, account } = await findSubAccount(context, request)
      const subject = { kind: "sub_account", id: subAccount.id, isActive } as const
      await setAccountActive(db, clock.now(), managerOf(request), subject)
      return done(reply, `/bank-accounts/${account.id}`, "sub-changed")
    })
  }
}

async function findSubAccount({ db }: Context, request: FastifyRequest) {
  const account = await getCompanyAccount(db, sessionOf(request).companyId, pathId(request, "id"))
  return { account, subAccount: await getSubAccount(db, account.id, pathId(request, "subId")) }
}

async function sendAddForm(
  { db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { wrong, isTaken }: { readonly wrong: readonly string[]; readonly isTaken: boolean },
): Promise<FastifyReply> {
  const account = await getCompanyAccount(db, sessionOf(request).companyId, pathId(request, "id"))
  const field = (name: string) => fieldOf(request, name)
  const page = addSubAccountPage({
    ...frameOf(request),
    account: toAccountView(account),
    formKey: newFormKey(),
    form: { number: field("number"), holder: field("holder"), label: field("label") },
    wrong: new Set(wrong),
    isTaken,
  })
  return sendPage(reply, page, isTaken ? 409 : wrong.length > 0 ? 400 : 200)
}

async function sendSubAccount(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  form?: LabelForm,
): Promise<FastifyReply> {
  const { account, subAccount } = await findSubAccount(context, request)
  const page = subAccountPage({ ...frameOf(request), account: toAccountView(account), subAccount, form })
  return sendPage(reply, page, form === undefined ? 200 : form.isOutdated ? 409 : 400)
}
