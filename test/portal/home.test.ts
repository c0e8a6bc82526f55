import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount } from "../support/make.ts"
import { signIn } from "../support/oauth-pages.ts"
import { addClient, addUser, connect, type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    const { companyId } = site.merchant
    const { db } = site.app.context
    await aBankAccount(db, { companyId, label: "Quầy <chính>", balance: 1_250_000, count_in: 1200, count_out: 34 })
    await aBankAccount(db, { companyId: (await addUser(site.app)).companyId, label: "Của người khác" })
    await connect(site, await addClient(site))
  })
  after(() => site.stop())

  describe("the start page", () => {
    it("says what this is to whoever is not signed in, and leads to the sign-in", async () => {
      const { text } = await site.caller.get("/", { "accept-language": "en" })
      assert.match(text, /stay in charge/)
      assert.match(text, /href="\/login"/)
      assert.ok(!text.includes("Quầy"))
    })

    it("shows the company's accounts, money in the manner of the language, and how many apps have access", async () => {
      const merchant = await signIn(site.url, site.merchant)
      const vietnamese = (await merchant.get("/", { "accept-language": "vi" })).text
      assert.ok(vietnamese.includes("Quầy &lt;chính&gt;"))
      assert.ok(vietnamese.includes("1.250.000 ₫") && vietnamese.includes("1.234 giao dịch"))
      assert.ok(!vietnamese.includes("Của người khác"))
      const english = (await merchant.get("/", { "accept-language": "en" })).text
      assert.ok(english.includes("₫1,250,000") && english.includes("1,234 transactions"))
      assert.match(english, /1 app has access/)
    })

    it("tells a user who may not see accounts so, instead of that there are none", async () => {
      const clerk = await signIn(site.url, await addUser(site.app, site.merchant.companyId, "User"))
      const { text } = await clerk.get("/", { "accept-language": "en" })
      assert.match(text, /Your role does not let you see bank accounts/)
      assert.ok(!text.includes("Quầy") && !text.includes("No accounts yet"))
    })
  })
})
