import assert from "node:assert/strict"
import { after, afterEach, before, describe, it } from "node:test"
import fc from "fast-check"
import { type ImportResult, importStatement, type StatementImport } from "../../src/feeds/import-statement.ts"
import type { BankAccountId, CompanyId } from "../../src/ids.ts"
import { onEachEngine } from "../support/engines.ts"
import { countFaultRounds } from "../support/rounds.ts"
import {
  aCompany,
  anAccount,
  checkInvariants,
  dumpRecords,
  type FeedGround,
  openGround,
  rowsOf,
} from "./feed-ground.ts"
import { mt940, opened } from "./made-statement.ts"

onEachEngine((engine) => {
  describe("a line's identity (contract/feeds.md §3.1)", () => {
    let ground: FeedGround
    let companyId: CompanyId
    before(async () => {
      ground = await openGround(engine.databaseUrl())
      companyId = await aCompany(ground.db)
    })
    afterEach(async () => {
      await checkInvariants(ground.db)
      assert.deepEqual(await rowsOf(ground.db, "staged_lines"), [])
    })
    after(() => ground.stop())

    type Account = { readonly id: BankAccountId; readonly number: string }
    const load = (account: Account, content: string | Uint8Array, rest: Partial<StatementImport> = {}) =>
      importStatement(ground.db, ground.clock, {
        open: opened(content),
        fileName: "sao-ke.txt",
        account: { id: account.id },
        importedBy: "test",
        ...rest,
      })
    const counts = (result: ImportResult) =>
      result.kind === "imported" || result.kind === "dry_run"
        ? [result.kind, result.inserted, result.duplicates]
        : [result.kind]
    const _reasons = (result: ImportResult) =>
      result.kind === "refused" ? result.errors.map((error) => [error.line, error.reason]) : counts(result)
    const rowsOfAccount = async (account: Account) =>
      (await rowsOf(ground.db, "transactions"))
        .filter((row) => row["bank_account_id"] === account.id)
        .sort((a, b) => (a["id"] as number) - (b["id"] as number))
    const _accountRow = async (account: Account) =>
      (await rowsOf(ground.db, "bank_accounts")).find((row) => row["id"] === account.id)

    it("takes two lines of a day that are alike as two, on every import", async () => {
      const account = await anAccount(ground.db, companyId)
      const twin = { amount: 100 }
      assert.deepEqual(counts(await load(account, mt940(account.number, { lines: [twin, twin] }))), ["imported", 2, 0])
      const longer = mt940(account.number, { lines: [twin, twin, twin, { amount: 7 }] })
      assert.deepEqual(counts(await load(account, longer)), ["imported", 2, 2])
    })

    it("takes lines of overlapping statements as known", async () => {
      const account = await anAccount(ground.db, companyId)
      const line = (day: string) => ({ day, amount: 100 })
      const first = mt940(account.number, { number: "1", opening: 0, lines: [line("08"), line("09"), line("10")] })
      const second = mt940(account.number, { number: "2", opening: 200, lines: [line("10"), line("11")] })
      assert.deepEqual(counts(await load(account, first)), ["imported", 3, 0])
      assert.deepEqual(counts(await load(account, second)), ["imported", 1, 1])
      const preview = await load(account, mt940(account.number, { lines: [line("08"), line("12")] }), { dryRun: true })
      assert.ok(preview.kind === "dry_run")
      assert.deepEqual(
        preview.known.map((known) => known.line),
        [5],
      )
    })

    const halves = (account: Account) => {
      const twin = { amount: 100 }
      return {
        morning: mt940(account.number, { number: "1/1", opening: 0, lines: [twin] }),
        noon: mt940(account.number, { number: "1/2", opening: 100, lines: [{ amount: 30 }] }),
        evening: mt940(account.number, { number: "1/3", opening: 130, lines: [twin] }),
        whole: mt940(account.number, { number: "", opening: 0, lines: [twin, { amount: 30 }, twin] }),
      }
    }
    for (const order of [
      ["morning", "noon", "evening", "whole"],
      ["evening", "noon", "morning", "whole"],
      ["evening", "morning", "noon", "whole"],
    ] as const) {
      it(`tells twins of disjoint statements apart, in the order ${order.join(", ")}`, async () => {
        const account = await anAccount(ground.db, companyId)
        const files = halves(account)
        for (const name of order.slice(0, 3))
          assert.deepEqual(counts(await load(account, files[name])), ["imported", 1, 0])
        for (const name of order.slice(0, 3)) {
          assert.deepEqual(counts(await load(account, files[name], { force: true })), ["imported", 0, 1])
        }
        assert.deepEqual(counts(await load(account, files.whole)), ["imported", 0, 3])
        assert.equal((await rowsOfAccount(account)).length, 3)
      })
    }

    it("tells twins of disjoint statements apart within one file, and when the user says so", async () => {
      const account = await anAccount(ground.db, companyId)
      const files = halves(account)
      assert.deepEqual(counts(await load(account, files.morning + files.noon + files.evening)), ["imported", 3, 0])
      const other = await anAccount(ground.db, companyId)
      const same = (number: string) => mt940(other.number, { number, day: "10", lines: [{ day: "11", amount: 5 }] })
      assert.deepEqual(counts(await load(other, same("1"))), ["imported", 1, 0])
      assert.deepEqual(counts(await load(other, same("2"))), ["imported", 0, 1])
      assert.deepEqual(counts(await load(other, same("3"), { disjoint: true })), ["imported", 1, 0])
    })

    it("either records what a cut file says or changes nothing", async () => {
      const account = await anAccount(ground.db, companyId)
      const lines = [{ amount: 11 }, { amount: 12 }, { amount: -13, memo: "trả" }]
      const whole = Buffer.from(mt940(account.number, { lines }, { number: "2", opening: 10, lines: [{ amount: 5 }] }))
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.option(fc.nat(255), { nil: undefined }), async (at, byte) => {
          const damaged = Buffer.from(byte === undefined ? whole.subarray(0, at) : whole)
          if (byte !== undefined) damaged[at] = byte
          const before = await dumpRecords(ground.db)
          const result = await load(account, damaged, { force: true })
          if (result.kind === "refused") assert.equal(await dumpRecords(ground.db), before)
          else assert.equal(result.kind, "imported")
          await checkInvariants(ground.db)
        }),
        { numRuns: countFaultRounds({ usual: 30, soak: 1000 }) },
      )
    })

    it("ends in the same transactions whatever statements of one day's lines come in whatever order", async () => {
      const lineOf = fc.record({ amount: fc.constantFrom(1, 2, 4), memo: fc.constantFrom("a", "b") })
      await fc.assert(
        fc.asyncProperty(
          fc.array(lineOf, { minLength: 1, maxLength: 6 }),
          fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 4 }),
          async (lines, cuts) => {
            const account = await anAccount(ground.db, companyId)
            // Every file starts at the day's beginning, as a statement asked for during the day does.
            const lengths = [...cuts.map(([length]) => 1 + (length % lines.length)), lines.length]
            for (const [index, length] of lengths.entries()) {
              const file = mt940(account.number, { number: "1", opening: 50, lines: lines.slice(0, length) })
              await load(account, file, { force: index % 2 === 1 })
            }
            const shape = (amount: unknown, memo: unknown) => `${amount} ${memo}`
            assert.deepEqual(
              (await rowsOfAccount(account)).map((row) => shape(row["amount"], row["memo"])).sort(),
              lines.map((line) => shape(line.amount, line.memo)).sort(),
            )
          },
        ),
        { numRuns: countFaultRounds({ usual: 10, soak: 200 }) },
      )
    })
  })
})
