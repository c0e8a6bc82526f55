import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import { runCli } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

const number = "0071000888888"
const statement = [
  ":20:STMT1",
  `:25:${number}`,
  ":28C:1/1",
  ":60F:C251210VND1000000,",
  ":61:2512111211C349000,NTRFNONREF//FT25345778812",
  ":86:DH100245 tra tien hang",
  ":61:2512111211D100000,NTRFNONREF//FT25345778813",
  ":86:Phi chuyen tien",
  ":62F:C251211VND1249000,",
  "",
].join("\n")

describe("the commands for accounts, feeds and money", () => {
  onEachEngine((engine) => {
    const directory = makeTemporaryDirectory()
    const cli = (...args: string[]) => runCli(args, { directory, env: { DATABASE_URL: engine.databaseUrl() } })
    const account = { live: "", test: "" }

    before(async () => {
      writeFileSync(join(directory, "whole.sta"), statement)
      writeFileSync(join(directory, "gap.sta"), statement.replace("STMT1", "STMT2").replace("1249000,", "1349000,"))
      writeFileSync(join(directory, "cut.sta"), statement.slice(0, -40))
      const user = ["--email", "an@shop.example", "--company", "An", "--password", "correct horse battery", "--json"]
      const made = await cli("user", "create", ...user)
      const company = String(made.json<{ company_id: number }>().company_id)
      for (const mode of ["live", "test"] as const) {
        const flags = [
          "--company-id",
          company,
          "--bank",
          "Vietcombank",
          "--number",
          number,
          "--holder",
          "NGUYEN VAN AN",
        ]
        const linked = await cli("account", "create", ...flags, ...(mode === "test" ? ["--test"] : []), "--json")
        account[mode] = String(linked.json<{ id: number }>().id)
      }
    })

    it("list what was linked, and take a virtual account", async () => {
      const { accounts } = (await cli("account", "list", "--json")).json<{
        accounts: { number: string; mode: string }[]
      }>()
      assert.deepEqual(
        accounts.map((row) => [row.number, row.mode]),
        [
          [number, "live"],
          [number, "test"],
        ],
      )
      const sub = await cli("sub-account", "create", "--account-id", account.live, "--number", "TKPABC", "--json")
      assert.ok(sub.json<{ id: number }>().id > 0)
    })

    it("refuse a cut statement with the line and the reason, and import nothing of it", async () => {
      const cut = await cli("import", "cut.sta", "--account-id", account.live)
      assert.equal(cut.code, 1)
      assert.match(cut.stderr, /^Line \d+: truncated: /m)
      assert.match((await cli("account", "list")).stdout, /NGUYEN VAN AN +- +0 +active/)
    })

    it("import a statement once, after a dry run that keeps nothing", async () => {
      const run = async (...flags: string[]) => {
        const result = await cli("import", "whole.sta", "--account-id", account.live, "--json", ...flags)
        assert.equal(result.code, 0, result.stderr)
        const { inserted, duplicates, gaps } = result.json<{ inserted: number; duplicates: number; gaps: object[] }>()
        return { inserted, duplicates, gaps }
      }
      assert.deepEqual(await run("--dry-run"), { inserted: 2, duplicates: 0, gaps: [] })
      assert.deepEqual(await run(), { inserted: 2, duplicates: 0, gaps: [] })
      assert.deepEqual(await run(), { inserted: 0, duplicates: 0, gaps: [] })
      assert.deepEqual(await run("--force"), { inserted: 0, duplicates: 2, gaps: [] })
    })

    it("take a statement that does not add up, and show the gap", async () => {
      const result = await cli("import", "gap.sta", "--account-id", account.live)
      assert.equal(result.code, 0, result.stderr)
      assert.match(result.stdout, /^Gap: .*₫100,000 missing/m)
    })

    it("simulate on a test account, and on no live one", async () => {
      const flags = ["--amount", "349000", "--content", "DH100245"]
      const done = await cli("simulate", "--account-id", account.test, ...flags, "--count", "3", "--json")
      assert.equal(done.json<{ recorded: number }>().recorded, 3, done.stderr)
      const live = await cli("simulate", "--account-id", account.live, ...flags)
      assert.equal(live.code, 1)
      assert.match(live.stderr, /live account/)
      assert.equal((await cli("simulate", "--account-id", account.test, ...flags, "--rate", "fast")).code, 2)
    })

    it("make a feed, whose secret is told once", async () => {
      const made = (await cli("feed", "create", "--company-id", "1", "--name", "Bank", "--json")).json<{
        secret: string
      }>()
      assert.match(made.secret, /^fs_[0-9A-Za-z]{40}$/)
      const list = await cli("feed", "list")
      assert.match(list.stdout, /push +Bank +live +on/)
      assert.ok(!list.stdout.includes(made.secret))
    })
  })
})
