import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import { transactionAnswer, transactionsAnswer } from "../../src/banking/transactions.wire.ts"
import type { Instant } from "../../src/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount, aCompany, aTransaction, someTransactions } from "../support/make.ts"
import { type ApiSite, aCaller, type Caller, startApiSite } from "./api-site.ts"

interface ModelRow {
  readonly id: number
  readonly bankAccountId: number
  readonly accountNumber: string
  readonly bookedAt: number
  readonly amount: number
  readonly reference: string | null
  readonly listed: boolean
}

interface ListBody {
  readonly data: readonly { readonly id: number }[]
  readonly meta: { readonly pagination: { total: number; per_page: number; current_page: number; last_page: number } }
}

const firstDay = Date.parse("2026-02-27T00:00:00+07:00")
const dayMs = 86_400_000
const vietnamMs = 7 * 3_600_000

function dayText(bookedAt: number): string {
  return new Date(bookedAt + vietnamMs).toISOString().slice(0, 10)
}

/** What the list should say, by reading every row. */
function listNaively(rows: readonly ModelRow[], chosen: readonly number[] | undefined, query: Query): ModelRow[] {
  const { bank_account_id, account_number, reference_number, from_date, to_date, amount_in, amount_out } = query
  return rows
    .filter((row) => row.listed)
    .filter((row) => chosen === undefined || chosen.includes(row.bankAccountId))
    .filter((row) => bank_account_id === undefined || row.bankAccountId === bank_account_id)
    .filter((row) => account_number === undefined || row.accountNumber === account_number)
    .filter((row) => reference_number === undefined || row.reference === reference_number)
    .filter((row) => from_date === undefined || dayText(row.bookedAt) >= from_date)
    .filter((row) => to_date === undefined || dayText(row.bookedAt) <= to_date)
    .filter((row) => amount_in === undefined || Math.max(row.amount, 0) === amount_in)
    .filter((row) => amount_out === undefined || Math.max(-row.amount, 0) === amount_out)
    .sort((a, b) => b.bookedAt - a.bookedAt || b.id - a.id)
}

interface Query {
  readonly bank_account_id?: number | undefined
  readonly account_number?: string | undefined
  readonly reference_number?: string | undefined
  readonly from_date?: string | undefined
  readonly to_date?: string | undefined
  readonly amount_in?: number | undefined
  readonly amount_out?: number | undefined
  readonly page?: number | undefined
  readonly limit?: number | undefined
}

function toText(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

onEachEngine((engine) => {
  let site: ApiSite
  let companyId: number
  let accountIds: number[]
  let numbers: string[]
  let rows: ModelRow[]
  const callers = new Map<string, Caller>()

  before(async () => {
    site = await startApiSite(engine.databaseUrl())
    const { db } = site.context
    companyId = await aCompany(db)
    // The second and the fourth bear one number at two banks.
    numbers = ["001100", "001200", "001300", "001200"]
    accountIds = []
    for (const [index, number] of numbers.entries()) {
      accountIds.push(await aBankAccount(db, { companyId, number, bank: index === 3 ? "ACB" : "Vietcombank" }))
    }
    rows = await aHistory(1300)
    const otherCompany = await aBankAccount(db, { companyId: await aCompany(db), number: "001100" })
    const testAccount = await aBankAccount(db, { companyId, mode: "test", number: "001100" })
    for (const bankAccountId of [otherCompany, testAccount]) {
      await aTransaction(db, { bankAccountId, amountVnd: 1000, bookedAt: firstDay as Instant })
    }
    for (const chosen of [undefined, accountIds.slice(0, 1), accountIds.slice(1, 3), accountIds, []]) {
      callers.set(keyOf(chosen), await aCaller(site, { companyId, ...(chosen && { bankAccountIds: chosen }) }))
    }
  })
  after(() => site.close())

  const keyOf = (chosen: readonly number[] | undefined): string => chosen?.join() ?? "all"
  function callerOf(chosen: readonly number[] | undefined): Caller {
    const caller = callers.get(keyOf(chosen))
    assert(caller !== undefined)
    return caller
  }

  /** Rows in bunches and gaps, on and beside midnight in Vietnam, one in ten removed, money out rare. */
  async function aHistory(count: number): Promise<ModelRow[]> {
    const random = fc.sample(
      fc.record({
        account: fc.constantFrom(0, 0, 0, 1, 2, 3),
        day: fc.constantFrom(0, 0, 1, 2, 2, 2, 3, 9, 40, 365),
        ms: fc.oneof(fc.constantFrom(0, 1, dayMs - 1, dayMs - vietnamMs), fc.integer({ min: 0, max: dayMs - 1 })),
        amount: fc.constantFrom(1000, 1000, 2000, 350_000, 2 ** 53 - 1, -1000),
        reference: fc.constantFrom(null, "FT1", "FT2", "ft1", "FT 3+%"),
        listed: fc.constantFrom(...Array.from({ length: 9 }, () => true), false),
      }),
      { numRuns: count, seed: 20_261_122 },
    )
    const made = random.map(({ account, day, ms, amount, reference, listed }) => ({
      bankAccountId: accountIds[account] ?? 0,
      accountNumber: numbers[account] ?? "",
      bookedAt: firstDay + day * dayMs + ms,
      amount,
      reference,
      listed,
    }))
    const ids = await someTransactions(
      site.context.db,
      made.map(({ bankAccountId, bookedAt, amount, reference, listed }) => ({
        bankAccountId,
        bookedAt: bookedAt as Instant,
        amountVnd: amount,
        listed,
        row: { reference },
      })),
    )
    return made.map((row, index) => ({ ...row, id: ids[index] ?? 0 }))
  }

  const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 2 }, { arbitrary: value, weight: 1 })
  const day = fc
    .constantFrom(-400, -1, 0, 1, 2, 3, 4, 9, 10, 40, 364, 365, 366)
    .map((number) => dayText(firstDay + number * dayMs))

  it("equals reading every row, for any filters, page and chosen accounts", async () => {
    const query = fc.record({
      bank_account_id: optional(fc.constantFrom(...accountIds, 999_999)),
      account_number: optional(fc.constantFrom("001100", "001200", "0011", "001300")),
      reference_number: optional(fc.constantFrom("FT1", "ft1", "FT 3+%", "FT9")),
      from_date: optional(day),
      to_date: optional(day),
      amount_in: optional(fc.constantFrom(0, 0, 1000, 2 ** 53 - 1, 5)),
      amount_out: optional(fc.constantFrom(0, 0, 1000, 5)),
      page: optional(fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constant(1_000_000_000))),
      limit: optional(fc.constantFrom(1, 7, 10, 50, 100, 250)),
    })
    const chosen = fc.constantFrom(undefined, accountIds.slice(0, 1), accountIds.slice(1, 3), accountIds, [])
    await fc.assert(
      fc.asyncProperty(query, chosen, async (asked, accounts) => {
        const answer = await callerOf(accounts).get(`/transactions?${toText(asked)}`)
        assert.equal(answer.status, 200, answer.text)
        const body = answer.json<ListBody>()
        const expected = listNaively(rows, accounts, asked)
        const limit = Math.min(asked.limit ?? 20, 100)
        const page = asked.page ?? 1
        assert.deepEqual(
          body.data.map(({ id }) => id),
          expected.slice((page - 1) * limit, page * limit).map(({ id }) => id),
        )
        assert.deepEqual(body.meta.pagination, {
          total: expected.length,
          per_page: limit,
          current_page: page,
          last_page: Math.max(1, Math.ceil(expected.length / limit)),
        })
      }),
      { numRuns: 250 },
    )
  })

  it("turns every page of the list and of one direction without a gap or a double", async () => {
    for (const filter of [{}, { amount_in: 0 }, { amount_out: 0 }, { bank_account_id: accountIds[0] }]) {
      const seen: number[] = []
      const expected = listNaively(rows, undefined, filter)
      for (let page = 1; page <= Math.ceil(expected.length / 30); page++) {
        const answer = await callerOf(undefined).get(`/transactions?${toText({ ...filter, page, limit: 30 })}`)
        seen.push(...answer.json<ListBody>().data.map(({ id }) => id))
      }
      assert.deepEqual(
        seen,
        expected.map(({ id }) => id),
      )
    }
  })

  describe("one row", () => {
    it("has SePay's types: amounts split by direction, zero for no balance, spaces for control characters", async () => {
      const caller = await aCaller(site, { companyId })
      const id = await aTransaction(site.context.db, {
        bankAccountId: accountIds[0] ?? 0,
        amountVnd: -350_000,
        bookedAt: Date.parse("2027-12-31T23:59:59.999+07:00") as Instant,
        row: { memo: "dòng 1\r\ndòng\t2\u0085\u007f\u0001\u2028.", balance_after: -5 },
      })
      rows.push({
        id,
        bankAccountId: accountIds[0] ?? 0,
        accountNumber: "001100",
        bookedAt: Date.parse("2027-12-31T23:59:59.999+07:00"),
        amount: -350_000,
        reference: null,
        listed: true,
      })
      const list = transactionsAnswer.parse((await caller.get("/transactions?from_date=2027-12-31")).json())
      assert.deepEqual(list.data, [
        {
          id,
          bank_account_id: accountIds[0],
          bank_brand_name: "Vietcombank",
          account_number: "001100",
          transaction_date: "2027-12-31 23:59:59",
          amount_out: 350_000,
          amount_in: 0,
          accumulated: -5,
          transaction_content: "dòng 1  dòng 2   \u2028.",
          reference_number: null,
          code: null,
          sub_account: null,
        },
      ])
      const one = transactionAnswer.parse((await caller.get(`/transactions/${id}`)).json())
      assert.deepEqual(one.data, { ...list.data[0], removed: false })
    })

    it("is still read by id when removed, and never when it is not the grant's", async () => {
      const removed = rows.find((row) => !row.listed && row.bankAccountId === accountIds[0])
      const caller = callerOf(undefined)
      const body = transactionAnswer.parse((await caller.get(`/transactions/${removed?.id}`)).json())
      assert.equal(body.data.removed, true)

      const elsewhere = rows.find((row) => row.bankAccountId === accountIds[3])
      const other = await aCaller(site, { companyId: await aCompany(site.context.db) })
      const tester = await aCaller(site, { companyId, mode: "test" })
      for (const stranger of [other, tester, callerOf(accountIds.slice(0, 1))]) {
        const answer = await stranger.get(`/transactions/${elsewhere?.id}`)
        assert.equal(answer.status, 404)
        assert.equal(answer.json<{ error: string }>().error, "not_found")
      }
    })
  })

  const badQueries: [query: string, name: string][] = [
    ["page=0", "page"],
    ["page=-1", "page"],
    ["page=1.0", "page"],
    ["page=x", "page"],
    ["page=1000000001", "page"],
    ["limit=0", "limit"],
    ["limit=-5", "limit"],
    ["limit=1e2", "limit"],
    ["bank_account_id=0", "bank_account_id"],
    ["bank_account_id=4x", "bank_account_id"],
    ["bank_account_id=9007199254740992", "bank_account_id"],
    ["from_date=2026-02-29", "from_date"],
    ["to_date=2026-7-4", "to_date"],
    ["from_date=2026-07-04%2000:00:00", "from_date"],
    ["amount_in=1.5", "amount_in"],
    ["amount_in=-1", "amount_in"],
    ["amount_out=1%2C000", "amount_out"],
    ["amount_out=9007199254740992", "amount_out"],
  ]

  it("refuses malformed filters by name, all at once", async () => {
    const caller = callerOf(undefined)
    for (const [query, name] of badQueries) {
      const answer = await caller.get(`/transactions?${query}`)
      const body = answer.json<{ error: string; message: string; errors: Record<string, string[]> }>()
      assert.equal(answer.status, 400, query)
      assert.deepEqual([body.error, Object.keys(body.errors)], ["invalid_request", [name]], query)
      assert.equal(body.message, body.errors[name]?.[0])
    }
    const both = await caller.get("/transactions?page=0&from_date=x")
    assert.deepEqual(Object.keys(both.json<{ errors: object }>().errors).sort(), ["from_date", "page"])
  })

  it("ignores unknown names, takes the last of repeated ones, and empty ones for absent", async () => {
    const caller = callerOf(undefined)
    const plain = (await caller.get("/transactions?limit=7")).text
    for (const query of [
      "limit=9&limit=7",
      "limit=7&limit[]=x&page[]=0",
      "limit=7&since_id=1&transaction_date_min=x&transaction_date_max=y",
      "limit=7&bank_account_id=&account_number=&from_date=&amount_in=&page=",
      "limit=7&page=3&page=",
      "limit=%37&__proto__=x&constructor=y",
    ]) {
      assert.equal((await caller.get(`/transactions?${query}`)).text, plain, query)
    }
    assert.equal((await caller.get("/transactions?amount_in=350000.00&limit=1")).status, 200)
  })

  it("finds nothing for text that no row can hold", async () => {
    const caller = callerOf(undefined)
    for (const query of ["reference_number=FT%00", "account_number=%00", "reference_number=%ED%A0%80"]) {
      const answer = await caller.get(`/transactions?${query}`)
      assert.equal(answer.status, 200, query)
      assert.equal(answer.json<ListBody>().meta.pagination.total, 0)
    }
  })
})
