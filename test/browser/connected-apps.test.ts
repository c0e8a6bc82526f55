import assert from "node:assert/strict"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onSqlite } from "../support/engines.ts"
import { addClient, callApi, connect, type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"
import { openPage, press, signInAs, type WatchedPage } from "./ground.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onSqlite((engine) => {
  let site: OAuthSite
  let watched: WatchedPage
  let page: Page

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
  })
  beforeEach(async () => {
    watched = await openPage(browser)
    page = watched.page
    await signInAs(page, site, site.merchant)
  })
  afterEach(async () => {
    await page.context().close()
    assert.deepEqual(watched.complaints, [])
  })
  after(() => site.stop())

  describe("the connected apps in Chromium without script (contract/oauth.md §16)", () => {
    it("say so when there are none", async () => {
      await page.goto(`${site.url}/connected-apps`)
      assert.equal(await page.getByRole("heading", { name: "Chưa có ứng dụng nào" }).isVisible(), true)
      assert.equal(await page.locator("nav a[aria-current=page]").textContent(), "Ứng dụng đã kết nối")
    })

    it("lose their access after a confirmation, at once, and the page says which", async () => {
      const client = await addClient(site, { name: "Kho hàng" })
      const tokens = await connect(site, client)
      await page.goto(`${site.url}/connected-apps`)
      await press(page, "article a.danger")
      assert.equal(await page.locator("h1").textContent(), "Thu hồi quyền của Kho hàng?")
      assert.equal(await callApi(site, tokens.access_token), 200, "asking changes nothing")
      await press(page, "main form button")
      assert.equal(
        await page.getByRole("status").textContent(),
        "Đã thu hồi quyền của Kho hàng. Ứng dụng không còn truy cập được nữa.",
      )
      assert.equal(await page.locator("article").count(), 0)
      assert.equal(await callApi(site, tokens.access_token), 401)
    })

    it("keep it when the question is answered with no", async () => {
      const client = await addClient(site, { name: "Giữ lại" })
      const tokens = await connect(site, client)
      await page.goto(`${site.url}/connected-apps`)
      await press(page, "article a.danger")
      await press(page, "main form a")
      assert.equal(new URL(page.url()).pathname, "/connected-apps")
      assert.equal(await page.getByRole("status").count(), 0)
      assert.equal(await callApi(site, tokens.access_token), 200)
    })

    it("are not called revoked by a link that somebody made up", async () => {
      await connect(site, await addClient(site, { name: "Còn quyền" }))
      await page.goto(`${site.url}/connected-apps`)
      const path = await page.locator("article a.danger").first().getAttribute("href")
      const grantId = /\d+/.exec(path ?? "")?.[0]
      await page.goto(`${site.url}/connected-apps?revoked=${grantId}`)
      assert.equal(await page.getByRole("status").count(), 0)
    })
  })
})
