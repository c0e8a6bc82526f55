import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { systemClock } from "../../src/clock.ts"
import { createUser } from "../../src/identity/user.ts"
import { withBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"

const password = "mùa thu Hà Nội"

onEachEngine((engine) => {
  let site: IdentitySite

  before(async () => {
    site = await startIdentitySite(engine.databaseUrl())
    await createUser(site.context.db, systemClock.now(), {
      email: "a@mau.example",
      password,
      company: { fullName: "A" },
    })
  })
  after(() => site.close())

  describe("in Chromium without script", () => {
    it("a merchant signs in by keyboard, although the browser hides where the form comes from", async () => {
      await withBrowser(async (browser) => {
        const page = await browser.newPage({ javaScriptEnabled: false })
        await page.goto(`${site.url}/dashboard?tab=1`)
        assert.equal(new URL(page.url()).pathname, "/login")
        const sent: (string | null)[] = []
        page.on("request", (request) => {
          if (request.method() === "POST") void request.headerValue("origin").then((origin) => sent.push(origin))
        })
        await page.locator("input[name=email]").fill("a@mau.example")
        await page.locator("input[name=password]").fill("sai mật khẩu")
        const refused = page.waitForEvent("load")
        await page.keyboard.press("Enter")
        await refused
        await page.locator("input[name=password]").fill(password)
        await page.keyboard.press("Enter")
        await page.waitForURL(`${site.url}/dashboard?tab=1`)
        assert.deepEqual([...new Set(sent)], ["null"])
        const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "sepay_session")
        assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Lax"])
      })
    })
  })
})
