import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { type Form, formValue } from "../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { type RequestSession, requireForm, requireSession, sessionOf } from "../identity/require-session.hook.ts"
import type { Language } from "../messages/catalogue.ts"
import { narrowGrantPage } from "./connected-app.page.ts"
import { readGrantId } from "./connected-apps.routes.ts"
import { toConnectedApp } from "./connected-apps-view.ts"
import type { ConsentAccount, ListConsentAccounts } from "./consent.ts"
import { toPageAccount, toPageScope } from "./consent-view.ts"
import { getConnectedApp, type ListedGrant } from "./grant.ts"
import { checkOwn, type Narrowing, type NarrowingProblem, narrowGrant, reachMark } from "./narrow-grant.ts"

/** GET and POST /connected-apps/{id}/narrow (contract/oauth.md §16). */
export function narrowGrantRoutes(pages: FastifyInstance, context: Context, listAccounts: ListConsentAccounts): void {
  const { clock, db, bus } = context
  const onRequest = requireSession(context)
  const path = "/connected-apps/:grantId/narrow"

  pages.get(path, { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const grant = await getConnectedApp(db, session, readGrantId(request), clock.now())
    checkOwn(grant, session)
    if (grant.endedAt !== null) return redirectTo(reply, `/connected-apps/${grant.id}?done=ended`)
    const accounts = await listAccounts(db, session.companyId)
    return sendPage(reply, formPage({ grant, accounts, session, language: request.language }))
  })

  pages.post(path, { onRequest, preHandler: requireForm(context) }, async (request, reply) => {
    const session = sessionOf(request)
    const grantId = readGrantId(request)
    const narrowing = readNarrowing(formOf(request))
    const accounts = await listAccounts(db, session.companyId)
    const result = await narrowGrant(db, session, { grantId, accounts, narrowing }, clock.now())
    if (result.kind !== "problem") {
      await bus.announce("access-changed")
      return redirectTo(reply, `/connected-apps/${grantId}?done=${result.kind}`)
    }
    const grant = await getConnectedApp(db, session, grantId, clock.now())
    const refused = { narrowing, problem: result.problem }
    return sendPage(reply, formPage({ grant, accounts, session, language: request.language, refused }), 400)
  })
}

function readNarrowing(form: Form): Narrowing {
  const bankAccountIds = (form.get("bank_account_id") ?? []).map(Number)
  return {
    scopes: form.get("scope") ?? [],
    // All only if it says so: what is unclear must not give more.
    accounts: formValue(form, "accounts") === "all" ? "all" : "chosen",
    bankAccountIds,
    seen: formValue(form, "seen"),
  }
}

interface NarrowForm {
  readonly grant: ListedGrant
  readonly accounts: readonly ConsentAccount[]
  readonly session: RequestSession
  readonly language: Language
  readonly refused?: { readonly narrowing: Narrowing; readonly problem: NarrowingProblem }
}

function formPage({ grant, accounts, session, language, refused }: NarrowForm) {
  const chosen = refused?.narrowing.bankAccountIds ?? grant.bankAccountIds ?? []
  return narrowGrantPage({
    language,
    user: session,
    app: toConnectedApp(grant, accounts, { userId: session.userId, language }),
    scopes: grant.scopes.map((scope) =>
      toPageScope(session, scope, {
        required: grant.requiredScopes.includes(scope),
        ticked: refused?.narrowing.scopes.includes(scope) ?? true,
      }),
    ),
    accounts: accounts
      .filter(({ mode }) => mode === grant.mode)
      .map((account) => toPageAccount(account, chosen.includes(account.id))),
    accountChoice: refused?.narrowing.accounts ?? (grant.bankAccountIds === undefined ? "all" : "chosen"),
    seen: reachMark(grant),
    problem: refused?.problem,
  })
}
