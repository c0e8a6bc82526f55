import assert from "node:assert/strict"
import { after, afterEach, before, describe, it } from "node:test"
import { transaction } from "../../src/database/engine.ts"
import { type ImportResult, importStatement, type StatementImport } from "../../src/feeds/import-statement.ts"
import { sweepStagedImports } from "../../src/feeds/sweep-imports.ts"
import type { BankAccountId, CompanyId, Mode } from "../../src/ids.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  aCompany,
  aFeed,
  anAccount,
  anItem,
  checkInvariants,
  dumpRecords,
  type FeedGround,
  openGround,
  post,
  rowsOf,
} from "./feed-ground.ts"
import { mt940, opened } from "./made-statement.ts"

onEachEngine((engine) => {
  describe("importStatement (contract/feeds.md §5)", () => {
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
    const reasons = (result: ImportResult) =>
      result.kind === "refused" ? result.errors.map((error) => [error.line, error.reason]) : counts(result)
    const rowsOfAccount = async (account: Account) =>
      (await rowsOf(ground.db, "transactions"))
        .filter((row) => row["bank_account_id"] === account.id)
        .sort((a, b) => (a["id"] as number) - (b["id"] as number))
    const accountRow = async (account: Account) =>
      (await rowsOf(ground.db, "bank_accounts")).find((row) => row["id"] === account.id)

    it("records every line with marks, derived balance and event, and the account's balance", async () => {
      const account = await anAccount(ground.db, companyId)
      const lines = [
        { amount: 349_000, memo: "DH100245 tra tien hang", reference: "KH1//FT1" },
        { amount: -49_000, memo: "Tra no 12/2025" },
      ]
      const result = await load(account, mt940(account.number, { opening: 1000, lines }))
      assert.ok(result.kind === "imported")
      assert.deepEqual(counts(result), ["imported", 2, 0])
      const rows = await rowsOfAccount(account)
      assert.deepEqual(
        rows.map((row) => [row["amount"], row["balance_after"], row["balance_source"], row["code"], row["reference"]]),
        [
          [349_000, 350_000, "derived", "DH100245", "FT1"],
          [-49_000, 301_000, "derived", null, null],
        ],
      )
      const event = (await rowsOf(ground.db, "events")).find((row) => row["transaction_id"] === rows[1]?.["id"])
      assert.equal(
        event?.["payload"],
        `{"id":${rows[1]?.["id"]},"gateway":"ACB","transactionDate":"2025-12-11 00:00:00","accountNumber":"${account.number}","subAccount":"","code":null,"content":"Tra no 12\\/2025","transferType":"out","description":"Tra no 12\\/2025","transferAmount":49000,"accumulated":301000,"referenceCode":""}`,
      )
      assert.equal((await accountRow(account))?.["balance"], 301_000)
      const record = (await rowsOf(ground.db, "statement_imports")).find((row) => row["id"] === result.importId)
      assert.deepEqual(
        [record?.["state"], record?.["format"], record?.["inserted"], record?.["notify"]],
        ["recorded", "mt940", 2, "recent"],
      )
    })

    it("knows the same file again, and its lines when told to read it anyway", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, { lines: [{ amount: 5 }, { amount: 5 }, { amount: 6 }] })
      const first = await load(account, file)
      assert.ok(first.kind === "imported")
      const before = await dumpRecords(ground.db)
      assert.deepEqual(await load(account, file), { kind: "already_imported", importId: first.importId })
      assert.equal(await dumpRecords(ground.db), before)
      assert.deepEqual(counts(await load(account, file, { force: true })), ["imported", 0, 3])
      assert.equal((await rowsOfAccount(account)).length, 3)
    })

    it("keeps the bytes of a file", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, {
        lines: Array.from({ length: 300 }, (_, i) => ({ amount: i + 1, memo: "x".repeat(1000) })),
      })
      const result = await load(account, file)
      assert.ok(result.kind === "imported")
      const record = (await rowsOf(ground.db, "statement_imports")).find((row) => row["id"] === result.importId)
      const pieces = (await rowsOf(ground.db, "raw_item_pieces"))
        .filter((row) => row["raw_item_id"] === record?.["raw_item_id"])
        .sort((a, b) => (a["piece"] as number) - (b["piece"] as number))
      assert.ok(pieces.length > 1)
      assert.equal(Buffer.concat(pieces.map((row) => row["content"] as Uint8Array)).toString(), file)
    })

    it("records a file once when two imports of it run at once", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, { lines: Array.from({ length: 700 }, (_, i) => ({ amount: i + 1 })) })
      const results = await Promise.all([load(account, file), load(account, file), load(account, file)])
      assert.deepEqual(results.map(({ kind }) => kind).sort(), ["already_imported", "already_imported", "imported"])
      assert.equal((await rowsOfAccount(account)).length, 700)
    })

    it("records two files of one account at once, and pushes in between", async () => {
      const account = await anAccount(ground.db, companyId)
      const feed = await aFeed(ground, companyId)
      const file = (memo: string) =>
        mt940(account.number, { lines: Array.from({ length: 300 }, (_, i) => ({ amount: i + 1, memo })) })
      const [first, second, answer] = await Promise.all([
        load(account, file("a")),
        load(account, file("b")),
        post(ground, feed, { items: Array.from({ length: 20 }, () => anItem(account)) }),
      ])
      assert.deepEqual([first.kind, second.kind], ["imported", "imported"])
      assert.deepEqual(answer.body.data.counts, { created: 20 })
      assert.equal((await rowsOfAccount(account)).length, 620)
    })

    it("takes a file whose balances do not add up, shows the gap and derives no balance", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, { opening: 100, closing: 1000, lines: [{ amount: 50 }, { amount: 60 }] })
      const result = await load(account, file)
      assert.ok(result.kind === "imported")
      assert.deepEqual(
        result.gaps.map(({ opening, closing, missingAmount }) => ({ opening, closing, missingAmount })),
        [{ opening: 100, closing: 1000, missingAmount: 790 }],
      )
      assert.deepEqual(
        (await rowsOfAccount(account)).map((row) => row["balance_source"]),
        [null, null],
      )
      assert.equal((await accountRow(account))?.["balance"], 1000)
      const again = await load(account, file, { force: true })
      assert.ok(again.kind === "imported" && again.gaps.length === 1)
      const gaps = (await rowsOf(ground.db, "gaps")).filter((row) => row["bank_account_id"] === account.id)
      assert.deepEqual(
        gaps.map((gap) => [gap["kind"], gap["from_balance"], gap["to_balance"]]),
        [["statement_sum", 210, 1000]],
      )
      const changes = (await rowsOf(ground.db, "changes")).filter((row) => row["bank_account_id"] === account.id)
      assert.equal(changes.filter((change) => change["kind"] === "gap_opened").length, 1)
    })

    it("matches account numbers through spaces, dots, dashes, bank code and currency, not through zeros", async () => {
      const account = await anAccount(ground.db, companyId, { number: "0011002233445" })
      const stated = ["BFTVVNVX/0011002233445", "0011 0022.33-445", "0011002233445VND"]
      for (const [index, text] of stated.entries()) {
        const file = mt940(text, { lines: [{ amount: index + 1 }] })
        assert.deepEqual(counts(await load(account, file)), ["imported", 1, 0], text)
      }
      for (const text of ["11002233445", "00110022334450", ""]) {
        assert.equal((await load(account, mt940(text, { lines: [{ amount: 9 }] }))).kind, "refused", text)
      }
    })

    it("maps a file of several accounts by their numbers, and nothing beyond the company and mode", async () => {
      const company = await aCompany(ground.db)
      const [first, second] = [await anAccount(ground.db, company), await anAccount(ground.db, company)]
      const all = { account: { companyId: company, mode: "live" as Mode } }
      const file = mt940(first.number, { lines: [{ amount: 1 }] }) + mt940(second.number, { lines: [{ amount: 2 }] })
      assert.deepEqual(counts(await load(first, file, all)), ["imported", 2, 0])
      assert.deepEqual(
        (await rowsOfAccount(second)).map((row) => row["amount"]),
        [2],
      )
      const foreign = await anAccount(ground.db, companyId)
      const mixed = file + mt940(foreign.number, { lines: [{ amount: 3 }] })
      assert.deepEqual(reasons(await load(first, mixed, all)), [[17, "account_mismatch"]])
      await assert.rejects(load(foreign, file, { companyId: company }), { reason: "not_found" })
    })

    const bad: readonly (readonly [string, (number: string) => string, string])[] = [
      ["another currency", (n) => mt940(n, { currency: "USD", lines: [{ amount: 1 }] }), "currency_mismatch"],
      ["another account", () => mt940("999999", { lines: [{ amount: 1 }] }), "account_mismatch"],
      ["part of a đồng", (n) => mt940(n, { lines: [{ amount: 1 }] }).replace("C1,N", "C1,5N"), "fractional_amount"],
      ["no closing balance", (n) => mt940(n, { lines: [{ amount: 1 }] }).split(":62F:")[0] ?? "", "truncated"],
      ["a byte that is no UTF-8", (n) => `${mt940(n, { lines: [{ amount: 1 }] })}\u00e9.`, "bad_encoding"],
      ["no statement at all", () => "hello", "unknown_format"],
      [
        "the running day's report (camt.052)",
        (n) =>
          `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt><Rpt><Id>1</Id><Acct><Id><Othr><Id>${n}</Id></Othr></Id><Ccy>VND</Ccy></Acct></Rpt></BkToCstmrAcctRpt></Document>`,
        "unknown_format",
      ],
      ["CSV without a profile", () => "Ngay,So tien\n1,2\n", "unknown_format"],
    ]
    it("refuses what cannot be right with line and reason, and records nothing of it", async () => {
      const account = await anAccount(ground.db, companyId)
      for (const [name, make, reason] of bad) {
        const before = await dumpRecords(ground.db)
        const text = make(account.number)
        const result = await load(account, name.startsWith("a byte") ? Buffer.from(text, "latin1") : text)
        assert.ok(result.kind === "refused", name)
        assert.equal(result.errors[0]?.reason, reason, name)
        assert.ok((result.errors[0]?.line ?? 0) >= 1)
        assert.equal(await dumpRecords(ground.db), before, name)
        const record = (await rowsOf(ground.db, "statement_imports")).at(-1)
        assert.equal(JSON.parse(String(record?.["errors"]))[0].reason, reason)
      }
    })

    it("shows in a dry run what it would record, and keeps nothing", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, { lines: Array.from({ length: 30 }, (_, i) => ({ amount: i + 1 })) })
      const tables = ["raw_items", "raw_item_pieces", "statement_imports", "feeds", "csv_profiles"]
      const dump = async () => [
        await dumpRecords(ground.db),
        ...(await Promise.all(tables.map((t) => rowsOf(ground.db, t)))),
      ]
      const before = await dump()
      const result = await load(account, file, { dryRun: true })
      assert.ok(result.kind === "dry_run")
      assert.deepEqual([result.inserted, result.preview.length, result.preview[0]?.balanceAfter], [30, 20, 1])
      assert.equal((await load(account, "nonsense", { dryRun: true })).kind, "refused")
      assert.deepEqual(await dump(), before)
    })

    it("tells webhooks of recent lines only, of all in test mode, or as it is told", async () => {
      const silentOf = async (mode: Mode, notify?: "recent" | "all" | "none") => {
        const account = await anAccount(ground.db, companyId, { mode })
        const lines = ["07", "08", "11"].map((day) => ({ day, amount: 1 }))
        await load(account, mt940(account.number, { lines }), notify === undefined ? {} : { notify })
        const events = await rowsOf(ground.db, "events")
        const ids = (await rowsOfAccount(account)).map((row) => row["id"])
        return ids.map((id) => events.find((event) => event["transaction_id"] === id)?.["silent"])
      }
      assert.deepEqual(await silentOf("live"), [1, 0, 0])
      assert.deepEqual(await silentOf("test"), [0, 0, 0])
      assert.deepEqual(await silentOf("live", "all"), [0, 0, 0])
      assert.deepEqual(await silentOf("test", "none"), [1, 1, 1])
    })

    it("skips unreadable lines only when told to, lists them, and opens the gap they leave", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, { closing: 30, lines: [{ amount: 10 }] }).replace(":62F:", ":61:\r\n:62F:")
      assert.deepEqual(reasons(await load(account, file)), [[7, "unreadable_line"]])
      const result = await load(account, file, { skipUnreadable: true })
      assert.ok(result.kind === "imported")
      assert.deepEqual([result.skipped.map(({ line }) => line), result.gaps[0]?.missingAmount], [[7], 20])
    })

    it("reads CSV by a profile, saves it, and takes descending rows like ascending ones", async () => {
      const account = await anAccount(ground.db, companyId)
      const profile = {
        skip: 0,
        header: true,
        delimiter: "," as const,
        encoding: "utf-8" as const,
        date: { col: "Ngay", format: "dd/MM/yyyy" },
        debit: "No",
        credit: "Co",
        balance: "So du",
        reference: "So but toan",
        memo: "Dien giai",
        number: { thousand: "" as const, decimal: "" as const },
      }
      const rows = ["11/12/2025,,100,100,A1,DH100245", "11/12/2025,40,,60,A2,rut", "11/12/2025,,5,65,A3,lai"]
      const file = (list: readonly string[]) => ["Ngay,No,Co,So du,So but toan,Dien giai", ...list, ""].join("\n")
      const first = await load(account, file(rows.toReversed()), { profile, saveProfile: "vcb" })
      assert.deepEqual(counts(first), ["imported", 3, 0])
      assert.equal((await accountRow(account))?.["balance"], 65)
      const second = await load(account, file([...rows, "11/12/2025,,1,66,A4,them"]), { profile: "vcb" })
      assert.deepEqual(counts(second), ["imported", 1, 3])
      assert.equal((await accountRow(account))?.["balance"], 66)
      assert.equal((await rowsOfAccount(account))[0]?.["balance_source"], "reported")
      await assert.rejects(load(account, "x", { profile: "nobody's" }), { reason: "not_found" })
    })

    it("knows its lines again when the profile of a file is kept, changed, or used as a file once more", async () => {
      const account = await anAccount(ground.db, companyId)
      const profile = {
        skip: 0,
        header: true,
        delimiter: "," as const,
        encoding: "utf-8" as const,
        date: { col: "Ngay", format: "dd/MM/yyyy" },
        amount: "Tien",
        memo: "Noi dung",
        number: { thousand: "" as const, decimal: "" as const },
      }
      const rows = ["11/12/2025,1,a", "11/12/2025,2,b", "11/12/2025,3,c", "11/12/2025,4,d", "11/12/2025,5,e"]
      const file = (count: number) => ["Ngay,Tien,Noi dung", ...rows.slice(0, count), ""].join("\n")
      const changed = { ...profile, ignore: "^Tong" }
      const results = [
        await load(account, file(1), { profile }),
        await load(account, file(2), { profile, saveProfile: "kept" }),
        await load(account, file(3), { profile }),
        await load(account, file(4), { profile: changed, saveProfile: "kept" }),
        await load(account, file(5), { profile: "kept" }),
      ]
      assert.deepEqual(
        results.map(counts),
        rows.map((_, known) => ["imported", 1, known]),
      )
    })

    it("keeps pending entries of camt as observations until a file books them", async () => {
      const account = await anAccount(ground.db, companyId)
      const camt = (status: string) =>
        `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>${status}</Id><Acct><Id><Othr><Id>${account.number}</Id></Othr></Id><Ccy>VND</Ccy></Acct><Ntry><Amt Ccy="VND">70.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>${status}</Cd></Sts><BookgDt><Dt>2025-12-11</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>`
      const pending = await load(account, camt("PDNG"))
      assert.ok(pending.kind === "imported")
      assert.deepEqual([pending.inserted, pending.pending], [0, 1])
      assert.deepEqual(counts(await load(account, camt("BOOK"))), ["imported", 1, 0])
      assert.deepEqual(counts(await load(account, camt("BOOK"), { force: true })), ["imported", 0, 1])
    })

    it("sweeps what a dead import left, and not one at work", async () => {
      const account = await anAccount(ground.db, companyId)
      const file = mt940(account.number, { lines: Array.from({ length: 600 }, (_, i) => ({ amount: i + 1 })) })
      const result = await load(account, file)
      assert.ok(result.kind === "imported")
      const row = (await rowsOf(ground.db, "statement_imports")).find(({ id }) => id === result.importId)
      const { id: _id, ...values } = { id: 0, ...row, state: "staging" }
      const staging = (progress_at: number) =>
        transaction(ground.db, (tx) =>
          tx
            .insertInto("statement_imports")
            .values({ ...values, progress_at } as never)
            .returning("id")
            .executeTakeFirstOrThrow(),
        )
      const dead = await staging(ground.clock.now() - 11 * 60_000)
      const alive = await staging(ground.clock.now() - 9 * 60_000)
      await transaction(ground.db, (tx) =>
        tx.updateTable("statement_imports").set({ raw_item_id: -1 }).where("id", "in", [dead.id, alive.id]).execute(),
      )
      await sweepStagedImports(ground.db, ground.clock.now())
      const ids = (await rowsOf(ground.db, "statement_imports")).map(({ id }) => id)
      assert.deepEqual(
        [ids.includes(dead.id), ids.includes(alive.id), ids.includes(result.importId)],
        [false, true, true],
      )
    })
  })
})
