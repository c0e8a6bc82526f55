import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { listBanks } from "../../banking/bank.ts"
import { linkBankAccount, listAccountPage } from "../../banking/bank-account.ts"
import { renameAccount, setAccountActive } from "../../banking/change-account.ts"
import type { Context } from "../../context.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { isAdministrator, isPermitted } from "../../identity/permission.ts"
import {
  requireAdministrator,
  requireForm,
  requirePermission,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import { sendAccount } from "./bank-account-detail.routes.ts"
import { toAccountView } from "./bank-account-view.ts"
import { bankAccountsPage, type LinkForm, linkAccountPage } from "./bank-accounts.page.ts"
import {
  done,
  fieldOf,
  frameOf,
  isRefused,
  managerOf,
  pathId,
  queryText,
  refusedFields,
  toId,
} from "./page-request.hook.ts"

const accountsAPage = 50

/** The bank accounts of a company: list, linking, one account with its label, pausing it. */
export function bankAccountRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const administrator = { onRequest, preHandler: requireAdministrator() }
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }

  pages.get("/bank-accounts", { onRequest, preHandler: requirePermission("bank_account.list") }, listAccounts(context))

  pages.get("/bank-accounts/link", administrator, (request, reply) => sendLinkForm(request, reply, emptyForm))

  pages.post("/bank-accounts/link", change, async (request, reply) => {
    const form = readLinkForm(request)
    const sent = { userId: sessionOf(request).userId, formKey: fieldOf(request, "form_key"), now: clock.now() }
    try {
      const { ledTo } = await onceOnly(db, sent, async (tx) => {
        const { companyId, actor } = managerOf(request)
        const { bank, number: accountNumber, holder: holderName, label, mode } = form
        const draft = { companyId, bank: bank.trim(), accountNumber, holderName, label }
        const made = { ...draft, mode: mode === "test" ? ("test" as const) : ("live" as const) }
        return `/bank-accounts/${await linkBankAccount(tx, sent.now, made, actor)}?done=linked`
      })
      return redirectTo(reply, ledTo)
    } catch (error) {
      if (isRefused(error, "conflict")) return sendLinkForm(request, reply, { ...form, isTaken: true }, 409)
      const wrong = refusedFields(error)
      if (wrong === undefined) throw error
      return sendLinkForm(request, reply, { ...form, wrong: new Set(Object.keys(wrong)) }, 400)
    }
  })

  pages.get(
    "/bank-accounts/:id",
    { onRequest, preHandler: requirePermission("bank_account.detail") },
    async (request, reply) => sendAccount(context, request, reply, pathId(request, "id")),
  )

  pages.post("/bank-accounts/:id/label", change, async (request, reply) => {
    const id = pathId(request, "id")
    const label = fieldOf(request, "label")
    const before = fieldOf(request, "seen")
    const rename = { kind: "bank_account", id, label, before } as const
    try {
      await renameAccount(db, clock.now(), managerOf(request), rename)
      return done(reply, `/bank-accounts/${id}`, "renamed")
    } catch (error) {
      const isOutdated = isRefused(error, "conflict")
      const isWrong = refusedFields(error)?.["label"] !== undefined
      if (!isOutdated && !isWrong) throw error
      const form = { label, before, isOutdated, isWrong }
      return sendAccount(context, request, reply, id, { form, status: isOutdated ? 409 : 400 })
    }
  })

  for (const [verb, isActive] of [
    ["pause", false],
    ["resume", true],
  ] as const) {
    pages.post(`/bank-accounts/:id/${verb}`, change, async (request, reply) => {
      const id = pathId(request, "id")
      await setAccountActive(db, clock.now(), managerOf(request), { kind: "bank_account", id, isActive })
      return done(reply, `/bank-accounts/${id}`, isActive ? "resumed" : "paused")
    })
  }
}

function listAccounts({ db }: Context) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const session = sessionOf(request)
    const before = toId(queryText(request, "before"))
    // One more than is shown tells whether there are others.
    const found = await listAccountPage(db, session.companyId, { before, take: accountsAPage + 1 })
    const shown = found.slice(0, accountsAPage)
    const accounts = shown.map((account) => ({ ...toAccountView(account), subAccounts: account.subAccountCount }))
    const page = bankAccountsPage({
      ...frameOf(request),
      accounts,
      older: found.length > accountsAPage ? shown.at(-1)?.id : undefined,
      isAdministrator: isAdministrator(session),
      maySeeDetails: isPermitted(session, "bank_account.detail"),
    })
    return sendPage(reply, page)
  }
}

const nothingWrong = { wrong: new Set<string>(), isTaken: false }
const emptyForm: LinkForm = { bank: "", number: "", holder: "", label: "", mode: "live", ...nothingWrong }

function readLinkForm(request: FastifyRequest): LinkForm {
  const field = (name: string) => fieldOf(request, name)
  const texts = { bank: field("bank"), number: field("number"), holder: field("holder"), label: field("label") }
  return { ...texts, mode: field("mode") === "test" ? "test" : "live", ...nothingWrong }
}

function sendLinkForm(request: FastifyRequest, reply: FastifyReply, form: LinkForm, status = 200): FastifyReply {
  const mode = queryText(request, "mode") === "test" ? "test" : form.mode
  const data = { ...frameOf(request), formKey: newFormKey(), banks: listBanks(), form: { ...form, mode } }
  return sendPage(reply, linkAccountPage(data), status)
}
