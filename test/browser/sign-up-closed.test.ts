import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onSqlite } from "../support/engines.ts"
import { type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"
import { openPage, press } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onSqlite((engine) => {
  let site: OAuthSite
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { env: { SIGN_UP: "invitation" } })
  })
  after(() => site.stop())

  describe("with SIGN_UP=invitation", () => {
    for (const { name, ...options } of looks) {
      it(`start page, sign-in and the closed sign-up are whole, and lead to the sign-in (${name})`, async () => {
        const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: true })
        try {
          for (const path of ["/", "/login", "/signup"]) {
            await page.goto(site.url + path)
            await lookAt(page, `closed ${path.slice(1) || "start"} (${name})`)
            assert.equal(await page.locator("a[href='/signup']").count(), 0, path)
          }
          await press(page, "main a[href='/login']")
          assert.equal(new URL(page.url()).pathname, "/login")
          assert.deepEqual(complaints, [])
        } finally {
          await page.context().close()
        }
      })
    }
  })
})
