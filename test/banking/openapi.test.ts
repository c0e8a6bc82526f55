import assert from "node:assert/strict"
import { after, before, it } from "node:test"
import { z } from "zod"
import * as examples from "../../src/banking/api-examples.wire.ts"
import { bankAccountAnswer, bankAccountsAnswer, subAccountsAnswer } from "../../src/banking/bank-accounts.wire.ts"
import { companyAnswer, configurationsBody } from "../../src/banking/company.wire.ts"
import { meAnswer } from "../../src/banking/me.wire.ts"
import { transactionAnswer, transactionsAnswer } from "../../src/banking/transactions.wire.ts"
import {
  explainAnswer,
  logAnswer,
  logsAnswer,
  replayAnswer,
  replayBody,
  testAnswer,
} from "../../src/webhooks/logs.wire.ts"
import * as logExamples from "../../src/webhooks/logs-examples.wire.ts"
import { newWebhookBody, webhookChangesBody } from "../../src/webhooks/webhook-body.wire.ts"
import * as webhookExamples from "../../src/webhooks/webhook-examples.wire.ts"
import {
  deletedWebhookAnswer,
  newWebhookAnswer,
  rolledSecretAnswer,
  rollSecretBody,
  webhookAnswer,
  webhooksAnswer,
} from "../../src/webhooks/webhooks.wire.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor } from "../support/http.ts"
import { type ApiSite, startApiSite } from "./api-site.ts"

const schema = z.record(z.string(), z.unknown())
const content = z.record(z.string(), z.object({ schema, example: z.unknown().optional() }))
const parameter = z.object({
  name: z.string(),
  in: z.enum(["query", "path", "header", "cookie"]),
  required: z.boolean().optional(),
  schema,
})
const operation = z.object({
  summary: z.string().min(1),
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.object({ description: z.string().min(1), content })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  "x-scope": z.string(),
  "x-permission": z.string().nullable(),
})
/** The members of OpenAPI 3.1 that a reader of our document relies on. */
const document = z.object({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.url() })),
  components: z.object({ schemas: z.record(z.string(), schema), securitySchemes: z.record(z.string(), schema) }),
  paths: z.record(z.string().regex(/^\/[^:()]*$/), z.record(z.enum(["get", "patch"]), operation).or(z.any())),
})

onEachEngine((engine) => {
  let site: ApiSite
  let answer: Answer
  before(async () => {
    site = await startApiSite(engine.databaseUrl())
    answer = await makeVisitor(site.url).get("/api/v1/openapi.json")
  })
  after(() => site.close())

  it("is served to anyone, as JSON with the headers of the API", async () => {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8")
    assert.equal(answer.headers.get("access-control-allow-origin"), "*")
    const head = await makeVisitor(site.url).send("/api/v1/openapi.json", { method: "HEAD" })
    assert.equal(head.headers.get("content-length"), String(Buffer.byteLength(answer.text)))
  })

  it("has every member that OpenAPI 3.1 requires, and no reference that leads nowhere", () => {
    const parsed = document.parse(answer.json())
    assert.deepEqual(Object.keys(parsed.paths).sort(), [
      "/api/v1/bank-accounts",
      "/api/v1/bank-accounts/{id}",
      "/api/v1/bank-accounts/{id}/sub-accounts",
      "/api/v1/companies",
      "/api/v1/company",
      "/api/v1/company/configurations",
      "/api/v1/me",
      "/api/v1/transactions",
      "/api/v1/transactions/{id}",
      "/api/v1/webhook-logs/replay",
      "/api/v1/webhook-logs/{id}",
      "/api/v1/webhooks",
      "/api/v1/webhooks/{id}",
      "/api/v1/webhooks/{id}/clone",
      "/api/v1/webhooks/{id}/explain",
      "/api/v1/webhooks/{id}/finish-roll",
      "/api/v1/webhooks/{id}/logs",
      "/api/v1/webhooks/{id}/roll-secret",
      "/api/v1/webhooks/{id}/test",
    ])
    for (const [path, methods] of Object.entries(parsed.paths)) {
      for (const one of Object.values(methods as Record<string, unknown>)) checkOperation(path, operation.parse(one))
    }
    const references = [...answer.text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = ""]) => reference)
    assert(references.length > 0)
    for (const reference of references) resolve(answer.json(), reference)
  })

  function checkOperation(path: string, one: z.output<typeof operation>): void {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = one.parameters.filter((each) => each.in === "path")
    assert.deepEqual(
      declared.map(({ name }) => name),
      inPath,
      path,
    )
    assert(declared.every((each) => each.required === true && each.schema["type"] === "integer"))
    for (const status of ["401", "403", "404", "429", "500", "503"]) {
      assert.equal(JSON.stringify(one.responses[status]?.content).includes("#/components/schemas/Error"), true)
    }
    const good = (one.responses["200"] ?? one.responses["201"])?.content["application/json"]
    assert.equal(good?.schema["type"], "object", path)
    assert.notEqual(good?.example, undefined, path)
    assert.deepEqual(one.security, [{ oauth2: [one["x-scope"]] }, { bearer: [] }])
  }

  it("describes what the code checks: query names with their types, and both gates", () => {
    const { paths } = document.parse(answer.json())
    const { get } = paths["/api/v1/transactions"] as { get: z.output<typeof operation> }
    const types = Object.fromEntries(get.parameters.map((each) => [each.name, each.schema["type"]]))
    assert.deepEqual(types, {
      bank_account_id: "integer",
      account_number: "string",
      reference_number: "string",
      from_date: "string",
      to_date: "string",
      amount_in: "integer",
      amount_out: "integer",
      page: "integer",
      limit: "integer",
    })
    assert(get.parameters.every(({ required }) => required !== true))
    assert.deepEqual([get["x-scope"], get["x-permission"]], ["transaction:read", "transaction.list"])
  })

  it("says which fields a new webhook must have, and that a change needs none", () => {
    const { paths } = document.parse(answer.json())
    const { post } = paths["/api/v1/webhooks"] as { post: z.output<typeof operation> }
    const { patch } = paths["/api/v1/webhooks/{id}"] as { patch: z.output<typeof operation> }
    const required = ["name", "event_type", "webhook_url", "authen_type", "is_verify_payment"]
    assert.deepEqual(post.requestBody?.content["application/json"]?.schema["required"], required)
    assert.equal(patch.requestBody?.content["application/json"]?.schema["required"], undefined)
    assert.deepEqual([post["x-scope"], post["x-permission"]], ["webhook:write", "webhook.create"])
  })

  it("shows samples that its own schemas accept", () => {
    bankAccountsAnswer.parse(examples.bankAccountsExample)
    bankAccountAnswer.parse(examples.bankAccountExample)
    subAccountsAnswer.parse(examples.subAccountsExample)
    transactionsAnswer.parse(examples.transactionsExample)
    transactionAnswer.parse(examples.transactionExample)
    meAnswer.parse(examples.meExample)
    companyAnswer.parse(examples.companyExample)
    configurationsBody.parse(examples.configurationsExample)
    webhooksAnswer.parse(webhookExamples.webhooksExample)
    webhookAnswer.parse(webhookExamples.webhookExample)
    newWebhookBody.parse(webhookExamples.newWebhookExample)
    newWebhookAnswer.parse(webhookExamples.createdWebhookExample)
    webhookChangesBody.parse(webhookExamples.webhookChangesExample)
    webhookAnswer.parse(webhookExamples.changedWebhookExample)
    deletedWebhookAnswer.parse(webhookExamples.deletedWebhookExample)
    rollSecretBody.parse(webhookExamples.rollSecretExample)
    rolledSecretAnswer.parse(webhookExamples.rolledSecretExample)
    webhookAnswer.parse(webhookExamples.finishedRollExample)
    newWebhookAnswer.parse(webhookExamples.clonedWebhookExample)
    logsAnswer.parse(logExamples.logsExample)
    logAnswer.parse(logExamples.logExample)
    replayBody.parse(logExamples.replayRequestExample)
    replayAnswer.parse(logExamples.replayExample)
    testAnswer.parse(logExamples.testExample)
    explainAnswer.parse(logExamples.explainExample)
  })
})

function resolve(root: unknown, reference: string): void {
  assert.match(reference, /^#\//)
  let node = root as Record<string, unknown> | undefined
  for (const part of reference.slice(2).split("/")) node = node?.[part] as Record<string, unknown> | undefined
  assert.notEqual(node, undefined, reference)
}
