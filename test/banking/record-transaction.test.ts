import assert from "node:assert/strict"
import { after, afterEach, before, describe, it } from "node:test"
import fc from "fast-check"
import { transaction } from "../../src/database/engine.ts"
import type { CompanyId } from "../../src/ids.ts"
import {
  aCompany,
  aFeed,
  anAccount,
  anItem,
  checkInvariants,
  type FeedGround,
  openGround,
  post,
  rowsOf,
  type TestFeed,
} from "../feeds/feed-ground.ts"
import { onEachEngine } from "../support/engines.ts"
import { countFaultRounds } from "../support/rounds.ts"

interface Result {
  readonly result: string
  readonly reason?: string
  readonly transaction_id?: number
  readonly transaction_uuid?: string
}

onEachEngine((engine) => {
  describe("recordTransaction (contract/feeds.md §2, §3)", () => {
    let ground: FeedGround
    let companyId: CompanyId
    let feed: TestFeed
    before(async () => {
      ground = await openGround(engine.databaseUrl())
      companyId = await aCompany(ground.db)
      feed = await aFeed(ground, companyId)
    })
    afterEach(() => checkInvariants(ground.db))
    after(() => ground.stop())

    const push = async (...items: Record<string, unknown>[]): Promise<Result[]> =>
      (await post(ground, feed, { items })).body.data.results
    const find = async (table: string, column: string, value: unknown) =>
      (await rowsOf(ground.db, table)).filter((row) => row[column] === value)
    const one = async (id: number | undefined) => {
      const [row] = await find("transactions", "id", id)
      assert.ok(row !== undefined)
      return row
    }

    it("tells two true twins apart by their source ids", async () => {
      const account = await anAccount(ground.db, companyId)
      const twin = anItem(account)
      const results = await push(twin, { ...twin, source_id: `${twin.source_id}b` })
      assert.deepEqual(
        results.map(({ result }) => result),
        ["created", "created"],
      )
      assert.equal((await find("transactions", "bank_account_id", account.id)).length, 2)
    })

    it("answers a conflict for the same identity with other content, and changes nothing", async () => {
      const account = await anAccount(ground.db, companyId)
      const item = anItem(account)
      const [created] = await push(item)
      const before = await one(created?.transaction_id)
      for (const [fields, named] of [
        [{ amount: 1 }, "amount"],
        [{ transfer_type: "out" }, "amount"],
        [{ booked_at: "2025-12-11T12:48:21+07:00" }, "bookedAt"],
        [{ content: "DH999999" }, "memo"],
        [{ content: "" }, "memo"],
        [{ kind: "reversal" }, "kind"],
      ] as const) {
        const [result] = await push({ ...item, ...fields })
        assert.equal(result?.result, "conflict")
        assert.deepEqual((await rowsOf(ground.db, "raw_items")).at(-1)?.["reason"], named)
        assert.deepEqual(
          [result?.transaction_id, result?.transaction_uuid],
          [created?.transaction_id, created?.transaction_uuid],
        )
      }
      assert.deepEqual(await one(created?.transaction_id), before)
      assert.deepEqual((await push(item))[0]?.result, "duplicate")
    })

    it("takes details that were empty before as a revision, once, and sends nothing", async () => {
      const account = await anAccount(ground.db, companyId)
      const bare = anItem(account, { content: "", reference: "" })
      const full = { ...bare, content: "DH777888 them", reference: "FT1", balance_after: 500 }
      const [created] = await push(bare)
      assert.deepEqual(
        (await push(full, full)).map(({ result }) => result),
        ["updated", "duplicate"],
      )
      const row = await one(created?.transaction_id)
      assert.deepEqual(
        [row["memo"], row["code"], row["reference"], row["balance_after"]],
        ["DH777888 them", "DH777888", "FT1", 500],
      )
      const [event] = await find("events", "transaction_id", created?.transaction_id)
      assert.equal(JSON.parse(event?.["payload"] as string).content, "")
      const [revision] = await find("transaction_revisions", "transaction_id", created?.transaction_id)
      assert.deepEqual(JSON.parse(revision?.["before_values"] as string), {
        memo: "",
        reference: null,
        code: null,
        balance_after: null,
        balance_source: null,
      })
    })

    it("holds a pending item back until the same identity is booked", async () => {
      const account = await anAccount(ground.db, companyId)
      const pending = anItem(account, { status: "pending" })
      const results = await push(pending, pending, { ...pending, status: "booked" }, { ...pending, status: "booked" })
      assert.deepEqual(
        results.map(({ result }) => result),
        ["pending", "pending", "created", "duplicate"],
      )
      assert.equal((await find("transactions", "bank_account_id", account.id)).length, 1)
    })

    it("corrects memo, time and balance by a revision, moves the day count, and keeps the payload", async () => {
      const account = await anAccount(ground.db, companyId)
      const item = anItem(account, { content: "no code" })
      const [created] = await push(item)
      const [event] = await find("events", "transaction_id", created?.transaction_id)
      const correction = anItem(account, {
        kind: "correction",
        refers_to: item.source_id,
        content: "DH555666",
        booked_at: "2025-12-10T23:59:59+07:00",
        balance_after: 42,
      })
      assert.deepEqual(
        (await push(correction, correction)).map(({ result }) => result),
        ["updated", "duplicate"],
      )
      const row = await one(created?.transaction_id)
      assert.deepEqual(
        [row["memo"], row["code"], row["booked_day"], row["balance_after"]],
        ["DH555666", "DH555666", 20251210, 42],
      )
      assert.deepEqual(await find("events", "transaction_id", created?.transaction_id), [event])
      const changes = await find("changes", "transaction_id", created?.transaction_id)
      assert.deepEqual(changes.map((change) => change["kind"]).sort(), ["created", "updated"])
    })

    it("refuses to correct amount, direction or account", async () => {
      const account = await anAccount(ground.db, companyId)
      const other = await anAccount(ground.db, companyId)
      const item = anItem(account)
      await push(item)
      const correct = (fields: Record<string, unknown>) =>
        anItem(account, { kind: "correction", refers_to: item.source_id, ...fields })
      const results = await push(
        correct({ amount: 1 }),
        correct({ transfer_type: "out" }),
        correct({ account_number: other.number }),
      )
      assert.deepEqual(
        results.map(({ reason }) => reason),
        ["use_removal", "use_removal", "use_removal"],
      )
    })

    it("takes a removed item out of lists and counts, for good, and leaves it readable", async () => {
      const account = await anAccount(ground.db, companyId)
      const item = anItem(account, { transfer_type: "out" })
      const [created] = await push(item)
      const removal = anItem(account, { transfer_type: "out", kind: "removal", refers_to: item.source_id })
      const again = anItem(account, { transfer_type: "out", kind: "removal", refers_to: item.source_id })
      const results = await push(removal, removal, again, item)
      assert.deepEqual(
        results.map(({ result }) => result),
        ["updated", "duplicate", "updated", "duplicate"],
      )
      assert.equal((await one(created?.transaction_id))["listed"], 0)
      const [row] = await find("bank_accounts", "id", account.id)
      assert.deepEqual([row?.["count_in"], row?.["count_out"]], [0, 0])
      const changes = await find("changes", "transaction_id", created?.transaction_id)
      assert.deepEqual(changes.map((change) => change["kind"]).sort(), ["created", "removed"])
    })

    it("records a reversal as a new transaction that names the one it reverses", async () => {
      const account = await anAccount(ground.db, companyId)
      const item = anItem(account)
      const [created, reversal, unknown] = await push(
        item,
        anItem(account, { transfer_type: "out", kind: "reversal", refers_to: item.source_id }),
        anItem(account, { transfer_type: "out", kind: "reversal", refers_to: "never-seen" }),
      )
      assert.equal((await one(reversal?.transaction_id))["reverses_id"], created?.transaction_id)
      assert.equal((await one(unknown?.transaction_id))["reverses_id"], null)
      assert.equal((await find("events", "transaction_id", reversal?.transaction_id)).length, 1)
    })

    it("adds up balances the bank does not give, from the last it gave, and ignores late older ones", async () => {
      const account = await anAccount(ground.db, companyId)
      const at = (time: string) => `2025-12-11T${time}+07:00`
      const results = await push(
        anItem(account, { booked_at: at("08:00:00"), amount: 5 }),
        anItem(account, { booked_at: at("09:00:00"), amount: 100, balance_after: 1000 }),
        anItem(account, { booked_at: at("10:00:00"), amount: 30, transfer_type: "out" }),
        anItem(account, { booked_at: at("07:00:00"), amount: 7, balance_after: 900 }),
      )
      const balances = []
      for (const { transaction_id } of results) balances.push((await one(transaction_id))["balance_after"])
      assert.deepEqual(balances, [null, 1000, 970, 900])
      assert.equal((await find("bank_accounts", "id", account.id))[0]?.["balance"], 970)
    })

    it("keeps amounts to 2^53−1 exact, and leaves a sum beyond it unknown", async () => {
      const account = await anAccount(ground.db, companyId)
      const [first, second] = await push(
        anItem(account, { amount: Number.MAX_SAFE_INTEGER, balance_after: Number.MAX_SAFE_INTEGER }),
        anItem(account, { amount: 1 }),
      )
      assert.equal((await one(first?.transaction_id))["amount"], Number.MAX_SAFE_INTEGER)
      assert.equal((await one(second?.transaction_id))["balance_after"], null)
      const [event] = await find("events", "transaction_id", first?.transaction_id)
      assert.match(event?.["payload"] as string, /"transferAmount":9007199254740991,"accumulated":9007199254740991,/)
    })

    it("places times at the day's border in Vietnam's day", async () => {
      const account = await anAccount(ground.db, companyId)
      const results = await push(
        anItem(account, { booked_at: "2025-12-10T16:59:59Z" }),
        anItem(account, { booked_at: "2025-12-10T17:00:00Z" }),
        anItem(account, { booked_at: "2025-12-10 23:59:59" }),
        anItem(account, { booked_at: "2025-12-11" }),
      )
      const days = []
      for (const { transaction_id } of results) days.push((await one(transaction_id))["booked_day"])
      assert.deepEqual(days, [20251210, 20251211, 20251210, 20251211])
    })

    it("searches no code and no VA where the company switched them off", async () => {
      const quiet = await aCompany(ground.db)
      const quietFeed = await aFeed(ground, quiet)
      const account = await anAccount(ground.db, quiet)
      await transaction(ground.db, (tx) =>
        tx.updateTable("companies").set({ payment_codes_on: 0, sub_accounts_on: 0 }).where("id", "=", quiet).execute(),
      )
      const { body } = await post(ground, quietFeed, { items: [anItem(account, { content: "DH100245 TKP001" })] })
      const row = await one(body.data.results[0].transaction_id)
      assert.deepEqual([row["code"], row["sub_account_number"]], [null, null])
    })

    it("ends in the same transactions whatever the order, the chunks and the repeats", async () => {
      const itemOf = fc.record({
        amount: fc.integer({ min: 1, max: 3 }),
        transfer_type: fc.constantFrom("in", "out"),
        booked_at: fc.constantFrom("2025-12-10", "2025-12-11 10:00:00"),
        content: fc.constantFrom("DH100245", "x", ""),
        balance_after: fc.integer({ min: 0, max: 5 }),
      })
      let round = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(itemOf, { minLength: 1, maxLength: 8 }),
          fc.array(fc.nat(7), { maxLength: 8 }),
          fc.integer({ min: 1, max: 4 }),
          async (items, repeats, chunk) => {
            round += 1
            const account = await anAccount(ground.db, companyId)
            const named = items.map((fields, index) => anItem(account, { ...fields, source_id: `R${round}-${index}` }))
            const repeated = repeats.map((index) => named[index % named.length] as (typeof named)[number])
            const arriving = [...repeated, ...named].sort((a, b) => (a.source_id > b.source_id ? -1 : 1))
            for (let start = 0; start < arriving.length; start += chunk) {
              await push(...arriving.slice(start, start + chunk))
            }
            const rows = await find("transactions", "bank_account_id", account.id)
            const shape = (amount: number, memo: unknown, balance: unknown) => `${amount} ${memo} ${balance}`
            assert.deepEqual(
              rows.map((row) => shape(row["amount"] as number, row["memo"], row["balance_after"])).sort(),
              items
                .map((item) =>
                  shape(item.transfer_type === "in" ? item.amount : -item.amount, item.content, item.balance_after),
                )
                .sort(),
            )
          },
        ),
        { numRuns: countFaultRounds({ usual: 15, soak: 300 }) },
      )
    })
  })
})
