import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import { indexChanges } from "../../src/banking/search-index.ts"
import { transaction } from "../../src/database/engine.ts"
import type { CompanyId } from "../../src/ids.ts"
import { csvText } from "../../src/portal/csv-text.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { aBankAccount, aTemplate, someTransactions } from "../support/make.ts"
import { signIn } from "../support/oauth-pages.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { aPusher, aWebhook, type Pusher } from "./money-ground.ts"

onEachEngine((engine) => {
  describe("the pages of transactions", () => {
    let site: OAuthSite
    let merchant: Visitor
    let accountId: number
    let pusher: Pusher
    let stranger: { readonly user: TestUser; readonly accountId: number; readonly id: number }
    const english = { "accept-language": "en" }

    before(async () => {
      site = await startOAuthSite(engine.databaseUrl())
      const { db } = site.app.context
      const { companyId } = site.merchant
      await aTemplate(db, { companyId })
      accountId = await aBankAccount(db, { companyId, number: "0071000111111", label: "Quầy" })
      pusher = await aPusher(site, site.merchant, "0071000111111")
      merchant = await signIn(site.url, site.merchant)
      const user = await addUser(site.app)
      const strangers = await aBankAccount(db, { companyId: user.companyId, number: "0099000999999" })
      const [id] = await (await aPusher(site, user, "0099000999999")).push({ content: "của người khác" })
      stranger = { user, accountId: strangers, id: id as number }
    })
    after(() => site.stop())

    const audit = async (action: string) =>
      await site.app.context.db
        .selectFrom("audit_entries")
        .selectAll()
        .where("action", "=", action)
        .where("company_id", "=", site.merchant.companyId)
        .orderBy("id")
        .execute()

    async function listToTheEnd(first: string): Promise<number[]> {
      const seen: number[] = []
      let path: string | undefined = first
      while (path !== undefined) {
        const { text } = await merchant.get(path, english)
        seen.push(...[...text.matchAll(/data-id="(\d+)"/g)].map(([, id]) => Number(id)))
        path = /<a class="button plain" href="([^"]+)">Older/.exec(text)?.[1]?.replaceAll("&amp;", "&")
      }
      return seen
    }

    it("answer 404 for what is another company's, as for what is not there", async () => {
      for (const path of [
        `/transactions/${stranger.id}`,
        `/transactions/${stranger.id}/raw`,
        "/transactions/999999999",
        "/transactions/0",
        "/transactions/1x",
        "/transactions/9999999999999999",
        `/transactions?account=${stranger.accountId}`,
        `/transactions/export.csv?account=${stranger.accountId}`,
        "/transactions?account=x",
      ]) {
        const answer = await merchant.get(path)
        assert.equal(answer.status, 404, path)
        assert.ok(!answer.text.includes("của người khác"))
      }
      const { text } = await merchant.get("/transactions?q=nguoi+khac")
      assert.ok(!text.includes(`/transactions/${stranger.id}"`))
    })

    it("answer 403 without the permission, and send whoever is not signed in to the sign-in", async () => {
      const [id] = await pusher.push({})
      const clerk = await signIn(site.url, await addUser(site.app, site.merchant.companyId, "User"))
      for (const path of ["", `/${id}`, `/${id}/raw`, "/export.csv", "/live"]) {
        assert.equal((await clerk.get(`/transactions${path}`)).status, 403, path)
        const away = await site.caller.get(`/transactions${path}`)
        assert.equal(away.location?.pathname, "/login", path)
      }
      assert.equal((await site.caller.get("/dashboard")).location?.pathname, "/login")
      assert.equal((await clerk.get("/dashboard")).status, 200)
    })

    it("hide the webhooks of a transaction from a user who may not see webhooks", async () => {
      await aWebhook(site, site.merchant, { name: "Kín đáo" })
      const [id] = await pusher.push({})
      assert.ok((await merchant.get(`/transactions/${id}`)).text.includes("Kín đáo"))
      const clerk = await addUser(site.app, site.merchant.companyId, "User")
      await transaction(site.app.context.db, (tx) =>
        tx.updateTable("users").set({ permissions: '["transaction.list"]' }).where("id", "=", clerk.id).execute(),
      )
      const answer = await (await signIn(site.url, clerk)).get(`/transactions/${id}`)
      assert.equal(answer.status, 200)
      assert.ok(!answer.text.includes("Kín đáo"))
    })

    it("find a corrected transaction by its new words and day only, and a removed one no more", async () => {
      const { db } = site.app.context
      const now = new Date(site.clock.now()).toISOString()
      const [id] = await pusher.push({ source_id: "first", content: "chu cu", booked_at: now })
      while ((await indexChanges(db)) > 0);
      const isFound = async (query: string) =>
        (await merchant.get(`/transactions?q=${query}`)).text.includes(`data-id="${id}"`)
      assert.ok(await isFound("chu+cu"))
      await pusher.push({
        kind: "correction",
        refers_to: "first",
        content: "loi moi",
        booked_at: "2026-01-02T10:00:00+07:00",
      })
      for (const pass of ["before the index has it", "afterwards"]) {
        assert.ok((await isFound("loi+moi")) && !(await isFound("chu+cu")), pass)
        while ((await indexChanges(db)) > 0);
      }
      await pusher.push({ kind: "removal", refers_to: "first" })
      for (const pass of ["before the index has it", "afterwards"]) {
        assert.ok(!(await isFound("loi+moi")), pass)
        while ((await indexChanges(db)) > 0);
      }
      const left = await db
        .selectFrom("transactions")
        .select("id")
        .where("id", "=", id as number)
        .execute()
      assert.equal(left.length, 1)
      const { text } = await merchant.get(`/transactions/${id}`, english)
      assert.match(text, /The bank has withdrawn this transaction/)
      assert.match(text, /chu cu<\/span>/)
    })

    it("show the original as it was written, and note who looked, once an hour", async () => {
      const [id] = await pusher.push({ content: "bản gốc", amount: 1_250_000, extra: { số: 1e2 } })
      const before = (await audit("transaction.raw_read")).length
      const answers = await Promise.all([1, 2, 3].map(() => merchant.get(`/transactions/${id}/raw`)))
      for (const { text } of answers) assert.match(text, /\n {2}&quot;content&quot;: &quot;bản gốc&quot;,\n/)
      assert.equal((await audit("transaction.raw_read")).length, before + 1)
      const [other] = await pusher.push({})
      assert.equal((await merchant.send(`/transactions/${other}/raw`, { method: "HEAD" })).status, 200)
      assert.equal((await audit("transaction.raw_read")).length, before + 1, "a HEAD shows nothing of it")
      site.clock.advance({ minutes: 61 })
      await merchant.get(`/transactions/${id}/raw`)
      const rows = await audit("transaction.raw_read")
      assert.equal(rows.length, before + 2)
      assert.deepEqual([rows.at(-1)?.subject_id, rows.at(-1)?.actor_id], [id, site.merchant.id])
      assert.equal((await merchant.get(`/transactions/${id}/raw?n=2`)).status, 404)
    })

    it("mark each wrong field, keep what was typed and answer 400", async () => {
      const answer = await merchant.get("/transactions?from=2026-02-30&amount_to=12.34&q=---&code=DH1", english)
      assert.equal(answer.status, 400)
      for (const name of ["from", "amount_to", "q"]) assert.match(answer.text, new RegExp(`id="${name}-problem"`))
      assert.ok(!answer.text.includes('id="code-problem"'))
      assert.match(answer.text, /value="2026-02-30"/)
      const reversed = await merchant.get("/transactions?from=2026-03-02&to=2026-03-01", english)
      assert.equal(reversed.status, 400)
      assert.match(reversed.text, /id="to-problem"[^>]*>The last day cannot come before the first/)
      assert.ok(!reversed.text.includes('id="from-problem"'))
      assert.equal((await merchant.get("/transactions?from=2026-03-01&to=2026-03-01")).status, 200)
      const amounts = await merchant.get("/transactions?amount_from=2.000&amount_to=1.999", english)
      assert.equal(amounts.status, 400)
      assert.match(amounts.text, /id="amount_to-problem"[^>]*>The largest amount/)
      assert.equal((await merchant.get("/transactions?amount_from=2.000&amount_to=2.000")).status, 200)
    })

    it("reach the last page of a long list, and every row once", async () => {
      const { db } = site.app.context
      const deep = await aBankAccount(db, { companyId: site.merchant.companyId })
      const start = site.clock.now() - 40 * 86_400_000
      const rows = Array.from({ length: 230 }, (_, index) => ({
        bankAccountId: deep,
        amountVnd: index % 2 === 0 ? 5000 + index : -5000 - index,
        bookedAt: (start + index * 3_600_000) as never,
      }))
      const ids = await someTransactions(db, rows)
      for (const [filter, wanted] of [
        ["", ids],
        ["&amount_from=5100", ids.filter((_, index) => index >= 100)],
        ["&direction=out", ids.filter((_, index) => index % 2 === 1)],
      ] as const) {
        assert.deepEqual(await listToTheEnd(`/transactions?account=${deep}${filter}`), [...wanted].reverse(), filter)
      }
    })

    it("find what all have, what few have and what nobody has, over many months, every row once", async () => {
      const { db } = site.app.context
      const account = await aBankAccount(db, { companyId: site.merchant.companyId })
      const start = site.clock.now() - 400 * 86_400_000
      const ids = await someTransactions(
        db,
        Array.from({ length: 200 }, (_, index) => ({
          bankAccountId: account,
          amountVnd: 1000,
          bookedAt: (start + index * 2 * 86_400_000) as never,
          row: { memo: `muonphuong dong ${index % 25 === 0 ? "hiemhoi" : "thuong"}` },
        })),
      )
      while ((await indexChanges(db)) > 0);
      assert.deepEqual(await listToTheEnd("/transactions?q=muonphuong"), [...ids].reverse())
      const rare = ids.filter((_, index) => index % 25 === 0).reverse()
      assert.deepEqual(await listToTheEnd("/transactions?q=hiem+muon"), rare)
      assert.deepEqual(await listToTheEnd("/transactions?q=hiemhoi+thuong"), [])
    })

    it("export what the filter shows as CSV, and note it", async () => {
      const memos = ["=1+1", "+84 90", "-cmd", "@SUM(A1)", "\t=x", 'a "b", c', "Đặng Thị Hằng", " =2"]
      await pusher.push(
        ...memos.map((content, index) => ({
          content,
          amount: 700_000 + index,
          transfer_type: index === 0 ? "out" : "in",
        })),
      )
      const answer = await merchant.get(
        `/transactions/export.csv?account=${accountId}&amount_from=700000&amount_to=700007`,
        english,
      )
      assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8")
      assert.match(
        answer.headers.get("content-disposition") ?? "",
        /^attachment; filename="transactions-2026-01-15\.csv"$/,
      )
      const bytes = answer.text // fetch decodes the mark away
      const lines = bytes.trimEnd().split("\r\n")
      assert.equal(lines.length, 1 + memos.length)
      assert.ok(
        lines.some((line) => /,,700000,/.test(line)),
        "money out stands in its own column",
      )
      const cells = lines.map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
      for (const cell of cells.flat()) assert.doesNotMatch(cell.replace(/^"/, ""), /^\s*[=+\-@\t]/)
      assert.deepEqual(new Set(cells.map(({ length }) => length)), new Set([11]))
      const [row] = (await audit("transaction.export")).slice(-1)
      const details = JSON.parse(row?.details ?? "{}")
      assert.deepEqual([details.count, details.complete, details.filter.amount_from], [memos.length, true, "700000"])
    })

    it("begin the export with the mark of UTF-8", async () => {
      const cookie = [...merchant.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
      const response = await fetch(`${site.url}/transactions/export.csv?account=${accountId}`, { headers: { cookie } })
      assert.deepEqual([...new Uint8Array(await response.arrayBuffer()).slice(0, 3)], [0xef, 0xbb, 0xbf])
    })

    it("give one export at a time to a user, and end it with the reader", async () => {
      const { db } = site.app.context
      const many = await aBankAccount(db, { companyId: site.merchant.companyId })
      await someTransactions(
        db,
        Array.from({ length: 1200 }, (_, index) => ({
          bankAccountId: many,
          amountVnd: index + 1,
          bookedAt: (site.clock.now() - index * 1000) as never,
          row: { memo: "x".repeat(20_000) },
        })),
      )
      const cookie = [...merchant.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
      const path = `/transactions/export.csv?account=${many}`
      const leaving = new AbortController()
      const first = await fetch(site.url + path, { headers: { cookie }, signal: leaving.signal })
      await first.body?.getReader().read()
      const second = await merchant.get(path, english)
      assert.equal(second.status, 429)
      assert.match(second.text, /You are downloading another file/)
      leaving.abort()
      let again = await merchant.get(path)
      for (let tries = 0; again.status === 429 && tries < 100; tries++) again = await merchant.get(path)
      assert.equal(again.status, 200)
      assert.equal(again.text.trimEnd().split("\r\n").length, 1201)
      const counts = (await audit("transaction.export")).slice(-2).map(({ details }) => JSON.parse(details))
      assert.equal(counts[0].complete, false)
      assert.ok(counts[0].count < 1200, "the broken download stopped reading")
      assert.deepEqual([counts[1].complete, counts[1].count], [true, 1200])
    })

    it("keep sums of the day that the overview shows", async () => {
      const user = await addUser(site.app)
      await aBankAccount(site.app.context.db, { companyId: user.companyId as CompanyId, number: "0055000555555" })
      const theirs = await aPusher(site, user, "0055000555555")
      await theirs.push(
        { source_id: "in", amount: 3_000_000 },
        { source_id: "out", amount: 1_234_567, transfer_type: "out" },
        { source_id: "gone", amount: 999 },
        { kind: "removal", refers_to: "gone", amount: 999 },
      )
      const { text } = await (await signIn(site.url, user)).get("/dashboard", { "accept-language": "vi" })
      assert.match(text, /money-sum money-in">3\.000\.000 ₫/)
      assert.match(text, /money-sum">1\.234\.567 ₫/)
    })
  })
})

describe("a cell of an exported file", () => {
  it("is quoted where it must be", () => {
    assert.equal(csvText("plain"), "plain")
    assert.equal(csvText('a "b", c'), '"a ""b"", c"')
    assert.equal(csvText("two\nlines"), '"two\nlines"')
  })

  it("never begins a formula, and reads back as the text it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."=+-@\t\r\n ,\"'a1đ") }), (text) => {
        const cell = csvText(text)
        const plain = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        assert.doesNotMatch(plain, /^\s*[=+\-@]/)
        assert.doesNotMatch(plain, /^[\t\r]/)
        assert.ok(plain === text || plain === `'${text}`)
        if (!cell.startsWith('"')) assert.doesNotMatch(cell, /[",\r\n]/)
      }),
    )
  })
})
