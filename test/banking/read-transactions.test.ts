import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import { readTransactions, type TransactionWish } from "../../src/banking/read-transactions.ts"
import { indexChanges } from "../../src/banking/search-index.ts"
import type { Instant } from "../../src/clock.ts"
import type { Database } from "../../src/database/engine.ts"
import { openDatabase } from "../../src/database/open-database.ts"
import type { CompanyId } from "../../src/ids.ts"
import { dayBounds, type VietnamDay, vietnamDay } from "../../src/vietnam-time.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount, aCompany, someTransactions, type TransactionRow } from "../support/make.ts"

interface Made {
  readonly id: number
  readonly bankAccountId: number
  readonly amount: number
  readonly bookedAt: number
  readonly memo: string
  readonly description: string
  readonly reference: string | null
  readonly code: string | null
  readonly subAccount: string | null
  readonly listed: boolean
}

const startAt = dayBounds(20_260_101 as VietnamDay).startAt
const dayMs = 86_400_000
// What banks write, what people write, and what nobody should.
const pieces = [
  ..."Thanh toán;thanh toan;Đặng Thị Hằng;DANG THI HANG;đơn hàng;DH100245;dh100246;NGUYỄN VĂN Ả;tiền nhà".split(";"),
  ..."ＦＵＬＬ１２３;<script>alert(1)</script>;--';drop;a\"b*;ﬁnance;Straße;İstanbul;日本語;𝐁𝐨𝐥𝐝;x.y-z_1;%_\\;  ;FT26185".split(
    ";",
  ),
]
const memo = fc.array(fc.constantFrom(...pieces), { minLength: 0, maxLength: 5 }).map((some) => some.join(" "))
const queries = [
  ..."thanh;toan thanh;dang hang;ĐẶNG;dh1002;DH100245;full;script alert;drop;fin;strasse;ista;日本;bold;xy;x y z;1;%".split(
    ";",
  ),
  ..."thanh toan don hang nha;khong co;nguyễn a;\";*;' or 1;FT26185 thanh;a".split(";"),
]

// Another way to say what a search finds, which shares nothing with the code.
function isNamed(made: Made, query: string): boolean {
  const fold = (text: string) =>
    [...text.toLowerCase().normalize("NFKD")]
      .filter((one) => !/\p{M}/u.test(one))
      .join("")
      .replaceAll("đ", "d")
      .toLowerCase()
  const split = (text: string) =>
    fold(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== "")
  const words = split([made.memo, made.description, made.reference ?? "", made.code ?? ""].join(" "))
  const wanted = split(query)
  return wanted.length > 0 && wanted.every((beginning) => words.some((word) => word.startsWith(beginning)))
}

function meets(made: Made, wish: TransactionWish): boolean {
  const size = Math.abs(made.amount)
  const day = vietnamDay(made.bookedAt as Instant)
  return (
    made.listed &&
    (wish.bankAccountId === undefined || made.bankAccountId === wish.bankAccountId) &&
    (wish.direction === undefined || made.amount > 0 === (wish.direction === "in")) &&
    (wish.amountFrom === undefined || size >= wish.amountFrom) &&
    (wish.amountTo === undefined || size <= wish.amountTo) &&
    (wish.fromDay === undefined || day >= wish.fromDay) &&
    (wish.toDay === undefined || day <= wish.toDay) &&
    (wish.reference === undefined || made.reference === wish.reference) &&
    (wish.code === undefined || made.code?.toLowerCase() === wish.code.toLowerCase()) &&
    (wish.subAccount === undefined || made.subAccount === wish.subAccount) &&
    (wish.text === undefined || isNamed(made, wish.text))
  )
}

onEachEngine((engine) => {
  describe("reading transactions by any wish", () => {
    let db: Database
    let companyId: CompanyId
    let accounts: readonly number[]
    let made: Made[]

    before(async () => {
      db = await openDatabase({ url: engine.databaseUrl() })
      companyId = (await aCompany(db)) as CompanyId
      accounts = [await aBankAccount(db, { companyId }), await aBankAccount(db, { companyId })]
      const other = (await aCompany(db)) as CompanyId
      const foreign = await aBankAccount(db, { companyId: other })
      const inTest = await aBankAccount(db, { companyId, mode: "test" })
      const samples = fc.sample(fc.tuple(memo, memo, fc.nat(200), fc.nat(30), fc.nat(9), fc.boolean()), {
        numRuns: 400,
        seed: 20_261,
      })
      const rows = samples.map(
        ([text, more, day, size, account, isIn], index): TransactionRow => ({
          bankAccountId: account === 9 ? foreign : account === 8 ? inTest : (accounts[account % 2] as number),
          amountVnd: (isIn ? 1 : -1) * (size + 1) * 1000,
          bookedAt: (startAt + day * dayMs + (index % 7) * 1000) as Instant,
          listed: index % 11 !== 0,
          row: {
            memo: text,
            description: more,
            reference: index % 3 === 0 ? `FT${index % 20}` : null,
            code: index % 4 === 0 ? `DH1002${40 + (index % 9)}` : null,
            sub_account_number: index % 5 === 0 ? `VA00${index % 3}` : null,
          },
        }),
      )
      const ids = await someTransactions(db, rows)
      made = rows.flatMap(({ bankAccountId, amountVnd, bookedAt, listed, row }, index) => {
        if (bankAccountId === foreign || bankAccountId === inTest) return []
        const {
          memo: text,
          description,
          reference,
          code,
          sub_account_number: subAccount,
        } = row as never as Made & {
          sub_account_number: string | null
        }
        const one = { memo: text, description, reference, code, subAccount, bankAccountId, amount: amountVnd, bookedAt }
        return [{ ...one, id: ids[index] as number, listed: listed !== false }]
      })
    })
    after(() => db.engine.close())

    const readAll = async (wish: TransactionWish, limit: number): Promise<number[]> => {
      const ids: number[] = []
      for (let sheet = await readTransactions(db, { companyId, mode: "live" }, wish, { after: undefined, limit }); ; ) {
        ids.push(...sheet.transactions.map(({ id }) => id))
        assert.ok(sheet.transactions.length <= limit)
        if (sheet.next === undefined) return ids
        sheet = await readTransactions(db, { companyId, mode: "live" }, wish, { after: sheet.next, limit })
      }
    }

    const expected = (wish: TransactionWish): number[] => {
      const isSearch = wish.text !== undefined || wish.code !== undefined || wish.subAccount !== undefined
      const rank = ({ bookedAt }: Made) => (isSearch ? vietnamDay(bookedAt as Instant) : bookedAt)
      const found = made.filter((one) => meets(one, wish)).sort((a, b) => rank(b) - rank(a) || b.id - a.id)
      return found.map(({ id }) => id)
    }

    const day = fc.nat(200).map((index) => vietnamDay((startAt + index * dayMs) as Instant))
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
    const wishes = fc.record({
      bankAccountId: maybe(fc.nat(1).map((index) => accounts[index])),
      direction: maybe(fc.constantFrom("in" as const, "out" as const)),
      fromDay: maybe(day),
      toDay: maybe(day),
      amountFrom: maybe(fc.nat(20_000)),
      amountTo: maybe(fc.nat(40_000)),
      reference: maybe(fc.nat(20).map((number) => `FT${number}`)),
      code: maybe(fc.constantFrom("DH100240", "dh100244", "DH1")),
      subAccount: maybe(fc.constantFrom("VA000", "VA001", "VA9")),
      text: fc.option(fc.constantFrom(...queries), { nil: undefined, freq: 1 }),
    })

    const holds = (numRuns: number) =>
      fc.assert(
        fc.asyncProperty(wishes, fc.integer({ min: 1, max: 60 }), async (wish, limit) => {
          assert.deepEqual(await readAll(wish, limit), expected(wish), JSON.stringify(wish))
        }),
        { numRuns },
      )
    const findEach = async () => {
      for (const text of queries) assert.deepEqual(await readAll({ text }, 25), expected({ text }), text)
    }

    it("finds what a plain filter finds, in order, sheet by sheet, before anything is in the index", async () => {
      await findEach()
      await holds(40)
    })

    it("finds the same while the index is half written, and when it is whole", async () => {
      assert.ok((await indexChanges(db, 150)) > 0)
      await findEach()
      while ((await indexChanges(db)) > 0);
      await findEach()
      await holds(120)
    })

    it("gives nothing of an account of another company", async () => {
      const foreign = await aBankAccount(db, { companyId: await aCompany(db) })
      await someTransactions(db, [{ bankAccountId: foreign, amountVnd: 1, bookedAt: startAt }])
      assert.deepEqual(await readAll({ bankAccountId: foreign }, 10), [])
      assert.deepEqual(await readAll({ bankAccountId: foreign, text: "chuyen" }, 10), [])
    })
  })
})
