import assert from "node:assert/strict"
import { after, before, it } from "node:test"
import { companyAnswer } from "../../src/banking/company.wire.ts"
import { onEachEngine } from "../support/engines.ts"
import { aCompany, aTemplate } from "../support/make.ts"
import { type ApiSite, aCaller, type Caller, startApiSite } from "./api-site.ts"

interface Format {
  prefix: string
  suffix_from: number
  suffix_to: number
  character_type: string
  is_active: boolean
}
interface CompanyBody {
  data: { configurations: { payment_code_formats: Format[] } } & Record<string, unknown>
}
interface ErrorBody {
  error: string
  message: string
  errors: Record<string, string[]>
}

const path = "/company/configurations"

onEachEngine((engine) => {
  let site: ApiSite
  before(async () => {
    site = await startApiSite(engine.databaseUrl())
  })
  after(() => site.close())

  async function aCompanyWithDh(): Promise<{ companyId: number; caller: Caller }> {
    const companyId = await aCompany(site.context.db)
    await aTemplate(site.context.db, { companyId })
    return { companyId, caller: await aCaller(site, { companyId, role: "Admin" }) }
  }
  async function formatsOf(caller: Caller): Promise<Format[]> {
    const answer = await caller.get("/company")
    assert.equal(answer.status, 200)
    return answer.json<CompanyBody>().data.configurations.payment_code_formats
  }

  it("shows a company without a plan from its day of creation to 2099, on both paths alike", async () => {
    const { companyId, caller } = await aCompanyWithDh()
    const [company, companies] = [await caller.get("/company"), await caller.get("/companies")]
    assert.equal(company.text, companies.text)
    const { data } = companyAnswer.parse(company.json())
    assert.equal(data.id, companyId)
    assert.deepEqual([data.begin_date, data.end_date, data.role], ["2026-06-01", "2099-12-31", "Admin"])
    assert.deepEqual([data.configurations.data_storage_time, data.subscription], ["90", "Free"])
  })

  it("changes a known template in place, in any case, and keeps what is not named", async () => {
    const { caller } = await aCompanyWithDh()
    const answer = await caller.patch(path, { payment_code_formats: [{ prefix: "dh", suffix_to: "10" }] })
    assert.equal(answer.status, 200)
    assert.deepEqual(companyAnswer.parse(answer.json()).data.configurations.payment_code_formats, [
      { prefix: "DH", suffix_from: 6, suffix_to: 10, character_type: "NumberOnly", is_active: true },
    ])
  })

  it("appends a new template with the defaults of a new one, and a null is the default too", async () => {
    const { caller } = await aCompanyWithDh()
    await caller.patch(path, { payment_code_formats: [{ prefix: "hd", is_active: "0" }, { prefix: "SP1" }] })
    await caller.patch(path, { payment_code_formats: [{ prefix: "HD", suffix_from: null, is_active: null }] })
    assert.deepEqual(await formatsOf(caller), [
      { prefix: "DH", suffix_from: 6, suffix_to: 8, character_type: "NumberOnly", is_active: true },
      { prefix: "HD", suffix_from: 6, suffix_to: 8, character_type: "NumberOnly", is_active: true },
      { prefix: "SP1", suffix_from: 6, suffix_to: 8, character_type: "NumberOnly", is_active: true },
    ])
  })

  it("changes nothing for an absent field, an empty array or no body", async () => {
    const { caller } = await aCompanyWithDh()
    const before = await formatsOf(caller)
    for (const body of [{}, { payment_code_formats: [] }, { payment_code_formats: null }, { other: 1 }]) {
      assert.equal((await caller.patch(path, body)).status, 200)
    }
    assert.equal((await caller.send(path, { method: "PATCH" })).status, 200)
    assert.deepEqual(await formatsOf(caller), before)
  })

  const good = { prefix: "OK1", suffix_from: 1, suffix_to: 2 }
  const badItems: [item: unknown, field: string][] = [
    [{}, "prefix"],
    [{ prefix: null }, "prefix"],
    [{ prefix: 12 }, "prefix"],
    [{ prefix: "D" }, "prefix"],
    [{ prefix: "1AB" }, "prefix"],
    [{ prefix: "ABCDEF" }, "prefix"],
    [{ prefix: "AĐ" }, "prefix"],
    [{ prefix: "AB\n" }, "prefix"],
    [{ prefix: "ok1" }, "prefix"],
    [{ prefix: "AB", suffix_from: 0 }, "suffix_from"],
    [{ prefix: "AB", suffix_from: 1.5 }, "suffix_from"],
    [{ prefix: "AB", suffix_to: 31 }, "suffix_to"],
    [{ prefix: "AB", suffix_to: "x" }, "suffix_to"],
    [{ prefix: "AB", suffix_to: true }, "suffix_to"],
    [{ prefix: "AB", suffix_from: 9, suffix_to: 8 }, "suffix_from"],
    [{ prefix: "DH", suffix_from: 9 }, "suffix_from"],
    [{ prefix: "AB", character_type: "Letters" }, "character_type"],
    [{ prefix: "AB", is_active: 2 }, "is_active"],
    [{ prefix: "AB", is_active: "yes" }, "is_active"],
  ]

  it("stores nothing when one item is bad, and names its field", async () => {
    const { caller } = await aCompanyWithDh()
    const before = await formatsOf(caller)
    for (const [item, field] of badItems) {
      const answer = await caller.patch(path, { payment_code_formats: [good, item] })
      const body = answer.json<ErrorBody>()
      const name = `payment_code_formats.1.${field}`
      assert.equal(answer.status, 400, JSON.stringify(item))
      assert.equal(body.error, "invalid_request")
      assert.deepEqual(Object.keys(body.errors), [name], JSON.stringify(item))
      assert.equal(body.message, body.errors[name]?.[0])
      assert.match(body.message, /^[\x20-\x7e]+$/)
    }
    assert.deepEqual(await formatsOf(caller), before)
  })

  it("refuses what is no array, and items that are no objects", async () => {
    const { caller } = await aCompanyWithDh()
    for (const [value, name] of [
      [{}, "payment_code_formats"],
      ["DH", "payment_code_formats"],
      [["DH"], "payment_code_formats.0"],
      [[null], "payment_code_formats.0"],
    ] as const) {
      const answer = await caller.patch(path, { payment_code_formats: value })
      assert.equal(answer.status, 400)
      assert.deepEqual(Object.keys(answer.json<ErrorBody>().errors), [name])
    }
  })

  it("holds at most twenty templates in all", async () => {
    const { caller } = await aCompanyWithDh()
    const letters = [..."ABCDEFGHIJKLMNOPQRST"]
    const twenty = letters.map((letter) => ({ prefix: `X${letter}` }))
    const refused = await caller.patch(path, { payment_code_formats: twenty })
    assert.equal(refused.status, 400)
    assert.deepEqual(Object.keys(refused.json<ErrorBody>().errors), ["payment_code_formats"])
    const taken = await caller.patch(path, { payment_code_formats: twenty.slice(1) })
    assert.equal(taken.status, 200)
    assert.equal((await formatsOf(caller)).length, 20)
    const changed = await caller.patch(path, { payment_code_formats: [{ prefix: "XT", is_active: 0 }] })
    assert.equal(changed.status, 200)
  })

  it("loses no template when twenty callers add one each at once", async () => {
    const { caller } = await aCompanyWithDh()
    const letters = [..."ABCDEFGHIJKLMNOPQRST"]
    const answers = await Promise.all(
      letters.map((letter) => caller.patch(path, { payment_code_formats: [{ prefix: `Y${letter}` }] })),
    )
    const stored = (await formatsOf(caller)).map(({ prefix }) => prefix)
    assert.equal(answers.filter(({ status }) => status === 200).length, 19, "with DH they are twenty")
    assert.equal(answers.filter(({ status }) => status === 400).length, 1)
    assert.equal(new Set(stored).size, 20)
  })

  it("keeps the templates of live and test apart", async () => {
    const { companyId, caller } = await aCompanyWithDh()
    const tester = await aCaller(site, { companyId, mode: "test" })
    await tester.patch(path, { payment_code_formats: [{ prefix: "TT" }] })
    assert.deepEqual(
      (await formatsOf(tester)).map(({ prefix }) => prefix),
      ["TT"],
    )
    assert.deepEqual(
      (await formatsOf(caller)).map(({ prefix }) => prefix),
      ["DH"],
    )
  })

  it("shows no company to a user of role User, whatever the scope", async () => {
    const { companyId } = await aCompanyWithDh()
    const user = await aCaller(site, { companyId, role: "User", permissions: ["transaction.list"] })
    for (const answer of [
      await user.get("/company"),
      await user.get("/companies"),
      await user.patch(path, { payment_code_formats: "broken" }),
    ]) {
      assert.equal(answer.status, 403)
      assert.equal(answer.json<ErrorBody>().error, "forbidden")
    }
  })
})
