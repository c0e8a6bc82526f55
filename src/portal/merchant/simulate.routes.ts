import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { type BankAccount, getCompanyAccount, listCompanyAccounts } from "../../banking/bank-account.ts"
import { listTransactions } from "../../banking/list-transactions.ts"
import type { Context } from "../../context.ts"
import { type Simulation, type SimulationScenario, simulateTransactions } from "../../feeds/simulator.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { parseTypedVnd } from "../../money.ts"
import { Refusal } from "../../refusal.ts"
import { toAccountView } from "./bank-account-view.ts"
import { fieldOf, frameOf, isRefused, managerOf, queryText, refusedFields, toId } from "./page-request.hook.ts"
import { simulatePage } from "./simulate.page.ts"

const path = "/bank-accounts/feeds/simulate"
const scenarios: readonly string[] = ["twins", "reversal", "late", "gap", "duplicate"] satisfies SimulationScenario[]
const latestShown = 8

/** Sending test transactions by a form (contract/feeds.md §7). */
export function simulateRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock, config, metrics } = context
  const onRequest = requireSession(context)

  pages.get(path, { onRequest, preHandler: requireAdministrator() }, async (request, reply) => {
    const wanted = queryText(request, "account")
    const chosen = wanted === undefined ? undefined : await getTestAccount(context, request, wanted)
    return sendForm(context, request, reply, { chosen, isSent: queryText(request, "done") === "sent" })
  })

  pages.post(
    path,
    { onRequest, preHandler: [requireAdministrator(), requireForm(context)] },
    async (request, reply) => {
      const account = await getTestAccount(context, request, fieldOf(request, "account"))
      const refuse = (refused: Partial<FormState>, status: number) =>
        sendForm(context, request, reply, { chosen: account, ...refused, status })
      const amountVnd = parseTypedVnd(fieldOf(request, "amount"))
      if (amountVnd === undefined || amountVnd === 0) return refuse({ wrong: ["amount"] }, 400)
      if (!account.isActive) return refuse({ refusal: "paused" }, 409)
      const { userId } = sessionOf(request)
      const sent = { userId, formKey: fieldOf(request, "form_key"), now: clock.now() }
      // The key is taken first: the transactions are recorded one by one, each for itself.
      const { ledTo, again } = await onceOnly(db, sent, async () => `${path}?account=${account.id}&done=sent`)
      if (again) return redirectTo(reply, ledTo)
      try {
        const simulation = toSimulation(request, account, amountVnd)
        const done = await simulateTransactions(db, clock, simulation, { dailyLimit: config.simulatorDailyLimit })
        for (const { result } of done) metrics.transactionsRecorded.inc({ result: result.kind })
        return redirectTo(reply, ledTo)
      } catch (error) {
        if (isRefused(error, "quota_exceeded")) return refuse({ refusal: "quota" }, 429)
        const wrong = refusedFields(error)
        if (wrong === undefined) throw error
        return refuse({ wrong: Object.keys(wrong) }, 400)
      }
    },
  )
}

function toSimulation(request: FastifyRequest, account: BankAccount, amountVnd: number): Simulation {
  const vaNumber = fieldOf(request, "va_number").trim()
  const scenario = fieldOf(request, "scenario")
  return {
    accountId: account.id,
    companyId: managerOf(request).companyId,
    amountVnd,
    content: fieldOf(request, "memo"),
    direction: fieldOf(request, "direction") === "out" ? "out" : "in",
    ...(vaNumber !== "" && { vaNumber }),
    // One of the scenarios, as the line before says.
    ...(scenarios.includes(scenario) && { scenario: scenario as SimulationScenario }),
  }
}

/** A live account, like another company's, does not exist here. */
async function getTestAccount({ db }: Context, request: FastifyRequest, id: string): Promise<BankAccount> {
  const account = await getCompanyAccount(db, sessionOf(request).companyId, toId(id) ?? 0)
  if (account.mode === "test") return account
  throw new Refusal("not_found", "There is no such test account.")
}

interface FormState {
  readonly chosen: BankAccount | undefined
  readonly isSent?: boolean
  readonly wrong?: readonly string[]
  readonly refusal?: "quota" | "paused"
  readonly status?: number
}

async function sendForm(
  { db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { isSent = false, wrong = [], refusal, status = 200, ...state }: FormState,
): Promise<FastifyReply> {
  const all = await listCompanyAccounts(db, sessionOf(request).companyId)
  const accounts = all.filter(({ mode, isActive }) => mode === "test" && isActive)
  const chosen = state.chosen ?? accounts[0]
  const field = (name: string) => fieldOf(request, name)
  const page = simulatePage({
    ...frameOf(request),
    accounts: accounts.map(toAccountView),
    chosen: chosen && toAccountView(chosen),
    latest: chosen === undefined ? [] : await listLatest(db, chosen),
    formKey: newFormKey(),
    form: {
      account: String(chosen?.id ?? ""),
      direction: field("direction") || "in",
      amount: field("amount"),
      content: field("memo"),
      vaNumber: field("va_number"),
      scenario: field("scenario"),
    },
    wrong: new Set(wrong),
    refusal,
    isSent,
  })
  return sendPage(reply, page, status)
}

async function listLatest(db: Context["db"], { id, companyId, mode }: BankAccount) {
  const viewer = { companyId, mode, bankAccountIds: undefined }
  const { transactions } = await listTransactions(db, viewer, { bankAccountId: id }, { page: 1, limit: latestShown })
  return transactions
}
