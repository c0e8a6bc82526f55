import assert from "node:assert/strict"
import { after, afterEach, before, describe, it } from "node:test"
import { simulateTransactions } from "../../src/feeds/simulator.ts"
import type { BankAccountId, CompanyId } from "../../src/ids.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  aCompany,
  aFeed,
  anAccount,
  checkInvariants,
  dumpRecords,
  type FeedGround,
  openGround,
  post,
  rowsOf,
  type TestFeed,
} from "./feed-ground.ts"

onEachEngine((engine) => {
  describe("the simulator (contract/feeds.md §7)", () => {
    let ground: FeedGround
    let companyId: CompanyId
    let feed: TestFeed
    let account: { readonly id: BankAccountId; readonly number: string }
    before(async () => {
      ground = await openGround(engine.databaseUrl())
      companyId = await aCompany(ground.db)
      feed = await aFeed(ground, companyId, { kind: "simulator", test: true })
      account = await anAccount(ground.db, companyId, { mode: "test" })
    })
    afterEach(() => checkInvariants(ground.db))
    after(() => ground.stop())

    const simulate = (fields: Record<string, unknown>) =>
      post(
        ground,
        feed,
        { bank_account_id: account.id, transfer_type: "in", amount: 1000, content: "DH100245 thu", ...fields },
        { path: "/simulations" },
      )
    const rowsOfAccount = async (id: number) =>
      (await rowsOf(ground.db, "transactions")).filter((row) => row["bank_account_id"] === id)

    it("records as a bank would: a reference of its own, a code, a balance that starts at 0 and may go below", async () => {
      const fresh = await anAccount(ground.db, companyId, { mode: "test" })
      const { status, body } = await simulate({ bank_account_id: fresh.id, repeat: 3, transfer_type: "out" })
      assert.equal(status, 200)
      assert.deepEqual(body.data.counts, { created: 3 })
      const rows = await rowsOfAccount(fresh.id)
      assert.deepEqual(
        rows.map((row) => [row["amount"], row["balance_after"], row["code"], row["mode"]]),
        [
          [-1000, -1000, "DH100245", "test"],
          [-1000, -2000, "DH100245", "test"],
          [-1000, -3000, "DH100245", "test"],
        ],
      )
      for (const [index, row] of rows.entries()) {
        assert.match(row["reference"] as string, /^SB[0-9A-F]{12}$/)
        assert.equal(body.data.results[index].source_id, row["reference"])
      }
    })

    const scenarios: readonly (readonly [string, readonly string[]])[] = [
      ["twins", ["created", "created"]],
      ["reversal", ["created", "created"]],
      ["late", ["created", "created"]],
      ["gap", ["created", "created"]],
      ["duplicate", ["created", "duplicate"]],
    ]
    for (const [scenario, results] of scenarios) {
      it(`plays ${scenario}, step by step`, async () => {
        const { body } = await simulate({ scenario })
        assert.deepEqual(
          body.data.results.map((one: { result: string }) => one.result),
          results,
        )
        const ids = body.data.results.map((one: { transaction_id: number }) => one.transaction_id)
        const rows = (await rowsOfAccount(account.id)).filter((row) => ids.includes(row["id"]))
        const [first, second] = rows
        if (scenario === "duplicate") assert.equal(ids[0], ids[1])
        if (scenario === "twins")
          assert.deepEqual([second?.["memo"], second?.["booked_at"]], [first?.["memo"], first?.["booked_at"]])
        if (scenario === "reversal")
          assert.deepEqual([second?.["amount"], second?.["reverses_id"]], [-1000, first?.["id"]])
        if (scenario === "late") assert.ok((second?.["booked_at"] as number) < (first?.["booked_at"] as number))
        if (scenario === "gap") {
          assert.notEqual(second?.["balance_after"], (first?.["balance_after"] as number) + 1000)
          assert.equal(second?.["balance_source"], "reported")
        }
      })
    }

    const wrong: readonly (readonly [string, Record<string, unknown>, number, string])[] = [
      ["no account", { bank_account_id: undefined }, 400, "invalid_request"],
      ["an unknown account", { bank_account_id: 999_999 }, 404, "not_found"],
      ["an amount of 0", { amount: 0 }, 400, "invalid_request"],
      ["an amount as text", { amount: "5" }, 400, "invalid_request"],
      ["no direction", { transfer_type: undefined }, 400, "invalid_request"],
      ["101 repeats", { repeat: 101 }, 400, "invalid_request"],
      ["an unknown scenario", { scenario: "war" }, 400, "invalid_request"],
      ["a time that is none", { booked_at: "soon" }, 400, "invalid_request"],
      ["a virtual account with U+0000", { va_number: "\0" }, 400, "invalid_request"],
      ["half a character", { va_number: "\ud800" }, 400, "invalid_request"],
    ]
    it("refuses wrong input by name and records nothing", async () => {
      const before = await dumpRecords(ground.db)
      for (const [name, fields, status, error] of wrong) {
        const answer = await simulate(fields)
        assert.deepEqual([answer.status, answer.body.error], [status, error], name)
      }
      assert.equal(await dumpRecords(ground.db), before)
    })

    it("plays a gap beyond 2^53−1 without a balance", async () => {
      const rich = await anAccount(ground.db, companyId, { mode: "test" })
      const { status } = await simulate({ bank_account_id: rich.id, amount: 2 ** 53 - 1, scenario: "gap" })
      const balances = (await rowsOfAccount(rich.id)).map((row) => row["balance_after"])
      assert.deepEqual([status, balances], [200, [2 ** 53 - 1, null]])
    })

    it("never meets live accounts, nor those of another company", async () => {
      const live = await anAccount(ground.db, companyId)
      assert.deepEqual((await simulate({ bank_account_id: live.id })).body.error, "forbidden")
      const foreign = await anAccount(ground.db, await aCompany(ground.db), { mode: "test" })
      assert.deepEqual((await simulate({ bank_account_id: foreign.id })).body.error, "not_found")
      const push = await aFeed(ground, companyId, { test: true })
      const answer = await post(ground, push, {}, { path: "/simulations" })
      assert.equal(answer.status, 401)
    })

    it("keeps to the day's quota under many calls at once, and begins anew at midnight in Vietnam", async () => {
      const company = await aCompany(ground.db)
      const limited = await anAccount(ground.db, company, { mode: "test" })
      const simulateSome = (count: number) =>
        simulateTransactions(
          ground.db,
          ground.clock,
          { accountId: limited.id, amountVnd: 5, content: "x", count },
          { dailyLimit: 10 },
        )
      ground.clock.set("2025-12-11T16:59:59Z")
      const ended = await Promise.allSettled(Array.from({ length: 8 }, () => simulateSome(3)))
      const refusals = ended.filter((one) => one.status === "rejected").map((one) => one.reason.reason)
      assert.deepEqual(
        refusals,
        Array.from({ length: 5 }, () => "quota_exceeded"),
      )
      assert.equal((await rowsOfAccount(limited.id)).length, 9)
      await assert.rejects(simulateSome(2), { reason: "quota_exceeded" })
      await simulateSome(1)
      ground.clock.advance({ seconds: 1 })
      await simulateSome(10)
      assert.equal((await rowsOfAccount(limited.id)).length, 20)
    })

    it("answers 422 over the quota (SIMULATOR_DAILY_LIMIT)", async () => {
      const limited = await openGround(engine.databaseUrl(), { SIMULATOR_DAILY_LIMIT: "1" })
      try {
        const company = await aCompany(limited.db)
        const own = await aFeed(limited, company, { kind: "simulator", test: true })
        const { id } = await anAccount(limited.db, company, { mode: "test" })
        const body = { bank_account_id: id, transfer_type: "in", amount: 1, content: "", repeat: 2 }
        const answer = await post(limited, own, body, { path: "/simulations" })
        assert.deepEqual([answer.status, answer.body.error], [422, "quota_exceeded"])
      } finally {
        await limited.stop()
      }
    })

    it("keeps to a rate", async () => {
      const startedAt = performance.now()
      const simulation = { accountId: account.id, amountVnd: 1, content: "", count: 4, ratePerSecond: 100 }
      await simulateTransactions(ground.db, ground.clock, simulation, { dailyLimit: undefined })
      assert.ok(performance.now() - startedAt >= 30)
    })
  })
})
