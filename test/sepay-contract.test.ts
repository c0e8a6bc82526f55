import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { after, before, it } from "node:test"
import type { Instant } from "../src/clock.ts"
import { type ApiSite, aCaller, type Caller, startApiSite } from "./banking/api-site.ts"
import { makeFakeClock } from "./support/clock.ts"
import { onEachEngine } from "./support/engines.ts"
import { aBankAccount, aCompany, aSubAccount, aTemplate, aTransaction } from "./support/make.ts"

const contract = readFileSync(new URL("../docs/contract/api.md", import.meta.url), "utf8")

/** The n-th JSON sample below a heading of the contract. */
function sampleOf(heading: string, index = 0): unknown {
  const start = contract.indexOf(`\n${heading}\n`)
  assert.notEqual(start, -1, `the contract has no heading ${heading}`)
  const section = contract.slice(start + 1).split(/\n#{2,3} /)[0] ?? ""
  const sample = [...section.matchAll(/```json\n([\s\S]*?)\n```/g)][index]?.[1]
  assert(sample !== undefined, `${heading} has no sample ${index}`)
  return JSON.parse(sample)
}

function at(text: string): Instant {
  return Date.parse(`${text.replace(" ", "T")}+07:00`) as Instant
}

/** Makes the webhook that the contract shows. */
const shopWebhook = {
  name: "Shop webhook",
  event_type: "In_only",
  authen_type: "Api_Key",
  api_key: "0123456789abcdef0123456789abcdef",
  webhook_url: "https://shop.example/hook?shop=9",
  is_verify_payment: true,
  skip_if_no_code: true,
  bank_account_id: 41,
}

onEachEngine((engine) => {
  let site: ApiSite
  let caller: Caller
  before(async () => {
    const clock = makeFakeClock(at("2026-06-02 09:00:00"))
    site = await startApiSite(engine.databaseUrl(), { env: { SEPAY_URL: "https://my.sepay.vn" }, clock })
    const { db } = site.context
    const companyId = await aCompany(db, {
      id: 88,
      subscription: "Premium",
      begin_day: "2026-01-01",
      end_day: "2026-12-31",
    })
    await aTemplate(db, { companyId })
    await aBankAccount(db, {
      id: 41,
      companyId,
      number: "0011002233445",
      label: "Quầy chính",
      balance: 15_250_000,
      created_at: at("2026-06-01 08:15:00"),
    })
    await aSubAccount(db, {
      id: 3,
      bankAccountId: 41,
      number: "VCB0011MAU001",
      label: "Chi nhánh 1",
      created_at: at("2026-06-02 09:00:00"),
    })
    await aTransaction(db, {
      bankAccountId: 41,
      amountVnd: 350_000,
      bookedAt: at("2026-07-04 10:22:31"),
      row: {
        id: 90_112,
        balance_after: 15_600_000,
        memo: "NGUYEN THI MAU thanh toan DH100245",
        reference: "FT26185000111",
        code: "DH100245",
      },
    })
    const user = { id: 20_417, email: "mau@example.com", phone: "0912345678" }
    caller = await aCaller(site, { companyId, role: "Admin", user })
    // Six before it, so that it is the seventh.
    for (const id of [1, 2, 3, 4, 5, 6, 7]) {
      assert.equal((await caller.post("/webhooks", shopWebhook)).json<{ id: number }>().id, id)
      if (id < 7) await caller.delete(`/webhooks/${id}`)
    }
  })
  after(() => site.close())

  /** Keys in their order and values with their types: the text itself. */
  async function replay(path: string, sample: unknown): Promise<void> {
    const answer = await caller.get(path)
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(answer.json(), sample)
    assert.equal(answer.text, JSON.stringify(sample), "the order of keys as well")
  }

  it("answers GET /bank-accounts as the contract shows it", () =>
    replay("/bank-accounts?page=1&limit=20", sampleOf("### GET /bank-accounts")))

  it("answers GET /bank-accounts/41 as the contract shows it", () => {
    const sample = sampleOf("### GET /bank-accounts/{id}") as { data: { label: string | null } }
    // The contract shows this account once with a label and once without.
    assert.equal(sample.data.label, null)
    return replay("/bank-accounts/41", { ...sample, data: { ...sample.data, label: "Quầy chính" } })
  })

  it("answers GET /bank-accounts/41/sub-accounts as the contract shows it", () =>
    replay("/bank-accounts/41/sub-accounts", sampleOf("### GET /bank-accounts/{id}/sub-accounts")))

  it("answers GET /transactions as the contract shows it", () =>
    replay(
      "/transactions?bank_account_id=41&from_date=2026-07-04&to_date=2026-07-04&amount_in=350000&amount_out=0",
      sampleOf("### GET /transactions"),
    ))

  it("answers GET /transactions/90112 as the contract shows it", () =>
    replay("/transactions/90112", sampleOf("### GET /transactions/{id} (beyond)")))

  it("answers GET /me as the contract shows it", () => replay("/me", sampleOf("## 9. Current user: GET /me")))

  it("answers GET /company and /companies as the contract shows it", async () => {
    await replay("/company", sampleOf("### GET /company, GET /companies"))
    await replay("/companies", sampleOf("### GET /company, GET /companies"))
  })

  it("takes the sample body of PATCH /company/configurations", async () => {
    const answer = await caller.patch("/company/configurations", sampleOf("### PATCH /company/configurations"))
    const sample = sampleOf("### GET /company, GET /companies") as { data: { configurations: object } }
    const changed = { prefix: "DH", suffix_from: 1, suffix_to: 10, character_type: "NumberAndLetter", is_active: true }
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.json(), {
      ...sample,
      data: { ...sample.data, configurations: { ...sample.data.configurations, payment_code_formats: [changed] } },
    })
  })

  it("answers GET /webhooks and GET /webhooks/7 as the contract shows them", async () => {
    const sample = sampleOf("### GET /webhooks") as { data: object[] }
    await replay("/webhooks?webhook_url=shop.example%2Fhook&active=1", sample)
    await replay("/webhooks/7", { status: "success", data: sample.data[0] })
  })

  it("takes the sample bodies of POST and PATCH /webhooks, and answers DELETE as the contract shows it", async () => {
    const created = await caller.post("/webhooks", sampleOf("### POST /webhooks"))
    const shown = (sampleOf("### GET /webhooks") as { data: object[] }).data[0]
    const changes = {
      id: 8,
      webhook_url: "https://shop.example/hook",
      skip_if_no_code: false,
      api_key: "k7s8d9f0a1b2c3d4",
    }
    assert.equal(created.status, 201, created.text)
    assert.equal(created.text, JSON.stringify({ status: "success", id: 8, data: { ...shown, ...changes } }))
    assert.equal(created.headers.get("location"), "/api/v1/webhooks/8")

    const changed = await caller.patch("/webhooks/8", { active: 0 })
    assert.equal(changed.text, JSON.stringify({ status: "success", data: { ...shown, ...changes, active: false } }))
    const deleted = await caller.delete("/webhooks/8")
    assert.equal(deleted.text, '{"status":"success","message":"Webhook deleted","data":{"id":8}}')
    assert.equal((await caller.delete("/webhooks/8")).status, 404)
  })

  it("words errors in the form the contract shows", async () => {
    const shown = sampleOf("## 4. Errors") as Record<string, unknown>
    const answer = await caller.patch("/company/configurations", { payment_code_formats: [{}] })
    const name = "payment_code_formats.0.prefix"
    const text = `${name} is required`
    assert.deepEqual(answer.json(), {
      ...shown,
      error_description: text,
      message: text,
      messages: { error: text },
      errors: { [name]: [text] },
    })
  })
})
