import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { readBody } from "../http/api-input.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { companyExample, configurationsExample } from "./api-examples.wire.ts"
import { companyAnswer, configurationsBody, toCompanyBody, toTemplateChanges } from "./company.wire.ts"
import { getCompanyProfile } from "./company-profile.ts"
import { changePaymentCodeTemplates } from "./payment-code-settings.ts"

/** GET /company with its alias, and PATCH /company/configurations (contract/api.md §10). */
export function companyRoutes(v1: FastifyInstance, { db, clock }: Context): void {
  const config = gates("company", { administrator: true })
  const answer = { response: { 200: companyAnswer }, examples: { 200: companyExample } }
  const answerCompany = async ({ access }: FastifyRequest) => ({
    status: "success",
    data: toCompanyBody(await getCompanyProfile(db, access)),
  })

  v1.get("/company", { config, schema: { summary: "The company of the user", ...answer } }, answerCompany)
  v1.get("/companies", { config, schema: { summary: "The same as /company", ...answer } }, answerCompany)

  const patch = {
    summary: "Change payment-code templates",
    description: "Templates are merged by prefix; those not named stay. One bad item: nothing is stored.",
    body: configurationsBody,
    requestExample: configurationsExample,
    failures: [400, 413, 415],
    ...answer,
  }
  v1.patch("/company/configurations", { config, schema: patch }, async (request) => {
    const changes = toTemplateChanges(readBody(configurationsBody, request.body))
    const { companyId, mode, clientRowId } = request.access
    const actor = { kind: "client", id: clientRowId } as const
    await changePaymentCodeTemplates(db, clock.now(), { companyId, mode, actor }, changes)
    return answerCompany(request)
  })
}
