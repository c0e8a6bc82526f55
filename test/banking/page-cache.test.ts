import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createPageCache } from "../../src/banking/page-cache.ts"
import { transactionsAnswer } from "../../src/banking/transactions.wire.ts"
import { systemClock } from "../../src/clock.ts"
import { simulateTransactions } from "../../src/feeds/simulator.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount, aCompany } from "../support/make.ts"
import { type ApiSite, aCaller, type Caller, startApiSite } from "./api-site.ts"

describe("answers kept by change number", () => {
  it("are found at that number only, and the oldest go when room runs out", () => {
    const pages = createPageCache(10)
    pages.keep("a", 1, "12345")
    assert.equal(pages.find("a", 1), "12345")
    assert.equal(pages.find("a", 2), undefined)
    pages.keep("b", 1, "1234")
    pages.keep("c", 1, "12")
    assert.equal(pages.find("a", 1), undefined)
    assert.equal(pages.find("b", 1), "1234")
    pages.keep("b", 2, "12345678")
    assert.equal(pages.find("b", 2), "12345678")
    pages.keep("x".repeat(301), 1, "1")
    assert.equal(pages.find("x".repeat(301), 1), undefined)
  })
})

onEachEngine((engine) => {
  // Two processes' worth of caches over one database.
  let sites: ApiSite[]
  before(async () => {
    sites = [await startApiSite(engine.databaseUrl()), await startApiSite(engine.databaseUrl())]
  })
  after(async () => {
    for (const site of sites) await site.close()
  })

  async function amounts(caller: Caller, query = ""): Promise<number[]> {
    const answer = await caller.get(`/transactions${query}`)
    assert.equal(answer.status, 200)
    const { data, meta } = transactionsAnswer.parse(answer.json())
    assert.equal(meta.pagination.total, data.length)
    return data.map((row) => row.amount_in)
  }

  it("a list asked for before shows a new transaction at once, through whichever node, and only to its company", async () => {
    const [first, second] = sites
    assert(first !== undefined && second !== undefined)
    const { db } = first.context
    const [companyId, otherId] = [await aCompany(db), await aCompany(db)]
    const accountId = await aBankAccount(db, { companyId, mode: "test" })
    const spareId = await aBankAccount(db, { companyId, mode: "test" })
    await aBankAccount(db, { companyId: otherId, mode: "test" })
    const callers = [
      await aCaller(first, { companyId, mode: "test" }),
      await aCaller(second, { companyId, mode: "test" }),
    ]
    const narrow = await aCaller(first, { companyId, mode: "test", bankAccountIds: [spareId] })
    const other = await aCaller(first, { companyId: otherId, mode: "test" })

    const expected: number[] = []
    for (let amountVnd = 1000; amountVnd <= 5000; amountVnd += 1000) {
      await simulateTransactions(
        db,
        systemClock,
        { accountId, amountVnd, content: "DH100245" },
        { dailyLimit: undefined },
      )
      expected.unshift(amountVnd)
      for (const caller of callers) {
        assert.deepEqual(await amounts(caller), expected)
        assert.deepEqual(await amounts(caller), expected)
        assert.deepEqual(await amounts(caller, `?amount_in=${amountVnd}`), [amountVnd])
      }
      assert.deepEqual(await amounts(narrow), [])
      assert.deepEqual(await amounts(other), [])
    }
  })
})
