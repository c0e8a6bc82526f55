import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { transaction } from "../../src/database/engine.ts"
import { aPusher, aWebhook, type Pusher, ugly } from "../portal/money-ground.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import { aTemplate } from "../support/make.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { linkAccount, openPage, press, signInAs } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const mostBytes = 150_000

onEachEngine((engine) => {
  describe("the money of a merchant in Chromium", () => {
    let site: OAuthSite
    let merchant: TestUser
    let newcomer: TestUser
    let accountId: number
    let pusher: Pusher
    let ids: number[]

    before(async () => {
      site = await startOAuthSite(engine.databaseUrl())
      site.clock.set("2026-07-20T03:00:00Z")
      merchant = site.merchant
      newcomer = await addUser(site.app)
      accountId = await linkAccount(site, merchant, { accountNumber: "0071000111111", label: "Quầy chính" })
      const uglyAccount = await linkAccount(site, merchant, {
        accountNumber: "0071000222222",
        label: ugly.slice(0, 90),
      })
      await linkAccount(site, merchant, { accountNumber: "0071000333333", mode: "test" })
      await aWebhook(site, merchant, { name: "Bán hàng", eventType: "In_only" })
      await aWebhook(site, merchant, {
        name: ugly,
        eventType: "Out_only",
        bankMode: "single",
        bankAccountIds: [uglyAccount],
      })
      await aTemplate(site.app.context.db, { companyId: merchant.companyId })
      pusher = await aPusher(site, merchant, "0071000111111")
      const days = Array.from({ length: 90 }, (_, index) => ({
        transfer_type: index % 3 === 0 ? "out" : "in",
        amount: ((index * 7919) % 900) * 10_000 + 10_000,
        booked_at: new Date(site.clock.now() - (90 - index) * 8 * 3_600_000).toISOString(),
        content:
          index % 2 === 0 ? `DH${100_100 + index} Nguyễn Thị Mẫu thanh toán đơn hàng` : "THANH TOAN TIEN DIEN THANG 7",
        reference: `FT26185${100_000 + index}`,
        balance_after: 50_000_000 + index * 10_000,
      }))
      ids = await pusher.push(...days, {
        account_number: "0071000222222",
        content: ugly,
        amount: 98_765_432_100,
        source_id: "ugly",
      })
      await pusher.push({
        kind: "correction",
        refers_to: "ugly",
        account_number: "0071000222222",
        content: `${ugly} sửa`,
        amount: 98_765_432_100,
      })
    })
    after(() => site.stop())

    /** Opens a page as the user, does something there, and checks that nothing was complained about. */
    const visit = async (user: TestUser, look: (typeof looks)[number], use: (page: Page) => Promise<void>) => {
      const { name: _name, ...options } = look
      const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: true })
      try {
        await signInAs(page, site, user)
        await use(page)
        assert.deepEqual(complaints, [])
      } finally {
        await page.context().close()
      }
    }
    const [phone, desktop] = looks

    it("adds a row that is pushed while the page is open, once, and tells how many came", async () => {
      await visit(merchant, phone, async (page) => {
        await page.goto(site.url)
        await page.locator(".live-state[data-state=on]").waitFor()
        const [id] = await pusher.push({ content: "DH777001 vừa đến", amount: 1_250_000 })
        const row = page.locator(`.money-row[data-id="${id}"]`)
        await row.waitFor()
        assert.match((await row.textContent()) ?? "", /DH777001 vừa đến.*\+1\.250\.000 ₫/s)
        assert.equal(await page.locator("[data-live] [role=status]").textContent(), "1 giao dịch mới")
        // The connection breaks and comes back: what was recorded meanwhile is there, and nothing twice.
        await page.context().setOffline(true)
        const [missed] = await pusher.push({ content: "DH777002 khi mất mạng" })
        await page.context().setOffline(false)
        await page.locator(`.money-row[data-id="${missed}"]`).waitFor({ timeout: 20_000 })
        const shown = await page
          .locator(".money-row")
          .evaluateAll((rows) => rows.map((one) => one.getAttribute("data-id")))
        assert.equal(new Set(shown).size, shown.length)
        assert.deepEqual(shown.slice(0, 2), [String(missed), String(id)])
      })
    })

    it("draws the chart from the table, which stays there to be read", async () => {
      await visit(merchant, desktop, async (page) => {
        await page.goto(site.url)
        await page.locator(".chart.drawn canvas").waitFor()
        assert.equal(await page.locator(".chart details").getAttribute("open"), null)
        await page.locator(".chart summary").click()
        assert.equal(await page.locator(".chart tbody tr").count(), 30)
        await page.locator(".u-over").hover({ position: { x: 200, y: 50 } })
        assert.match((await page.locator(".chart-said").textContent()) ?? "", /2026: In ₫/)
      })
    })

    it("transfers less than 150 kB for the whole overview", async () => {
      await visit(merchant, desktop, async (page) => {
        const session = await page.context().newCDPSession(page)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", { cacheDisabled: true })
        let bytes = 0
        session.on("Network.loadingFinished", ({ encodedDataLength }) => {
          bytes += encodedDataLength
        })
        await page.goto(site.url)
        await page.locator(".chart.drawn canvas").waitFor()
        await page.waitForLoadState("load")
        assert.ok(bytes > 10_000 && bytes < mostBytes, `${bytes} bytes were transferred`)
      })
    })

    it("finds a transaction by words without accents, opens it and says why a webhook did not get it", async () => {
      await visit(merchant, phone, async (page) => {
        await page.goto(`${site.url}/transactions`)
        await page.locator("input[name=q]").fill("nguyen mau dh100104")
        await press(page, ".filters button")
        assert.equal(await page.locator(".money-row").count(), 1)
        await press(page, ".money-row a")
        assert.match(page.url(), /\/transactions\/\d+$/)
        const webhooks = page.locator(".webhook-states > li")
        assert.match(
          (await webhooks.nth(0).textContent()) ?? "",
          /Không gửi.*Webhook không nghe tài khoản ngân hàng này/s,
        )
        assert.match((await webhooks.nth(1).textContent()) ?? "", /Đang chờ gửi/)
        await press(page, ".source a")
        assert.match((await page.locator("pre").textContent()) ?? "", /\n {2}"content": "DH100104 Nguyễn Thị Mẫu/)
      })
    })

    it("pages to the end and back, and keeps what was typed beside what is wrong", async () => {
      await visit(merchant, phone, async (page) => {
        await page.goto(`${site.url}/transactions`)
        await press(page, ".pages a >> text=Cũ hơn")
        assert.equal(new URL(page.url()).search, "?page=2")
        await press(page, ".pages a >> text=Mới hơn")
        assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/transactions")
        await page.goto(`${site.url}/transactions?q=thanh&amount_from=1.5`)
        assert.equal(await page.locator("input[name=amount_from]").inputValue(), "1.5")
        assert.equal(await page.locator("input[name=amount_from]").getAttribute("aria-invalid"), "true")
        assert.equal(await page.locator("input[name=q]").inputValue(), "thanh")
      })
    })

    it("stops following when the session ends elsewhere", async () => {
      await visit(merchant, desktop, async (page) => {
        await page.goto(site.url)
        await page.locator(".live-state[data-state=on]").waitFor()
        await transaction(site.app.context.db, (tx) =>
          tx.deleteFrom("sessions").where("user_id", "=", merchant.id).execute(),
        )
        await page.locator(".live-state[data-state=off]").waitFor({ timeout: 20_000 })
      })
    })

    for (const look of engine.name === "sqlite" ? looks : []) {
      const pages: Readonly<Record<string, readonly [path: () => string, user: () => TestUser]>> = {
        overview: [() => "/", () => merchant],
        "overview of a newcomer": [() => "/dashboard", () => newcomer],
        "overview in test mode": [() => "/?mode=test", () => merchant],
        transactions: [() => "/transactions", () => merchant],
        "transactions, searched": [() => "/transactions?q=script&amount_from=1", () => merchant],
        "transactions, nothing found": [() => `/transactions?q=khong-co-gi&account=${accountId}`, () => merchant],
        "transactions, wrong": [() => "/transactions?from=x&amount_to=1.5&code=1", () => merchant],
        "transactions of a newcomer": [() => "/transactions", () => newcomer],
        "a transaction": [() => `/transactions/${ids[0]}`, () => merchant],
        "an ugly transaction": [() => `/transactions/${ids[90]}`, () => merchant],
        "an original": [() => `/transactions/${ids[90]}/raw`, () => merchant],
      }
      for (const [name, [path, user]] of Object.entries(pages)) {
        it(`${name} fits, reads in order, has names and contrast (${look.name})`, async () => {
          await visit(user(), look, async (page) => {
            await page.goto(site.url + path())
            if (path() === "/" || path().startsWith("/?")) await page.locator(".chart.drawn canvas").waitFor()
            for (const summary of await page.locator("main summary").all())
              if (name.includes("ugly")) await summary.click()
            await lookAt(page, `money ${name} (${look.name})`)
          })
        })
      }
    }
  })
})
