import assert from "node:assert/strict"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onSqlite } from "../support/engines.ts"
import { addClient, addUser, type OAuthSite, startOAuthSite, type TestClient } from "../support/oauth-site.ts"
import {
  connectUrl,
  fillSignIn,
  linkAccount,
  openPage,
  press,
  type RedirectReceiver,
  signInAs,
  startReceiver,
  type WatchedPage,
} from "./ground.ts"
import { lookAt } from "./look.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onSqlite((engine) => {
  let site: OAuthSite
  let receiver: RedirectReceiver
  let client: TestClient
  let watched: WatchedPage
  let page: Page

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    receiver = await startReceiver()
    client = await addClient(site, {
      name: "Sổ quỹ",
      redirectUris: [receiver.redirectUri],
      scope: "bank-account:read",
      optionalScope: "profile",
    })
    await linkAccount(site, site.merchant, { accountNumber: "0071000111111", label: "Quầy một" })
    await linkAccount(site, site.merchant, { accountNumber: "0071000222222", label: "Quầy hai" })
    await linkAccount(site, site.merchant, { accountNumber: "0071000333333", label: "Thử", mode: "test" })
  })
  beforeEach(async () => {
    watched = await openPage(browser)
    page = watched.page
  })
  afterEach(async () => {
    await page.context().close()
    assert.deepEqual(watched.complaints, [])
  })
  after(async () => {
    await receiver.stop()
    await site.stop()
  })

  describe("the choice of accounts (contract/oauth.md §5.1)", () => {
    it("stays in the grant: the connected app names the chosen account and no other", async () => {
      await signInAs(page, site, site.merchant)
      await page.goto(connectUrl(site, client))
      assert.equal(await page.getByText("Quầy một").isVisible(), false, "accounts show once they are to be chosen")
      await page.getByLabel("Chỉ những tài khoản tôi chọn").check()
      await page.getByLabel("Quầy hai").check()
      await press(page, "button[value=approve]")
      assert.ok(receiver.arrived.at(-1)?.searchParams.has("code"))
      await page.goto(`${site.url}/connected-apps`)
      const card = await page.locator("article", { hasText: "Sổ quỹ" }).textContent()
      assert.match(card ?? "", /Quầy hai \(Vietcombank •••2222\)/)
      assert.doesNotMatch(card ?? "", /Quầy một|Tất cả/)
    })

    it("shows the test accounts when test data is chosen, and only those", async () => {
      await signInAs(page, site, site.merchant)
      await page.goto(connectUrl(site, client, { prompt: "consent" }))
      await page.getByLabel("Chỉ những tài khoản tôi chọn").check()
      const visible = () => page.locator("input[name=bank_account_id]:visible").count()
      assert.equal(await visible(), 2)
      await page.getByLabel("Dữ liệu thử nghiệm").check()
      assert.equal(await visible(), 1)
    })

    it("left empty gives nothing: the page says so, leads to the choice, and keeps what was ticked", async () => {
      await signInAs(page, site, site.merchant)
      await page.goto(connectUrl(site, client, { prompt: "consent" }))
      await page.getByLabel("Xem họ tên, email, số điện thoại, ảnh đại diện của bạn").uncheck()
      await page.getByLabel("Chỉ những tài khoản tôi chọn").check()
      const before = receiver.arrived.length
      await press(page, "button[value=approve]")
      assert.match((await page.getByRole("alert").textContent()) ?? "", /ít nhất một tài khoản/)
      assert.equal(receiver.arrived.length, before)
      assert.equal(await page.getByLabel("Chỉ những tài khoản tôi chọn").isChecked(), true)
      assert.equal(await page.locator("input[value=profile]").isChecked(), false)
      await page.getByRole("link", { name: "Đến phần chọn tài khoản" }).click()
      assert.equal(await page.evaluate("document.activeElement.id"), "accounts")
    })
  })

  describe("choices that are sent when the session has ended", () => {
    it("are found again on the page after the sign-in, and given only by its button", async () => {
      const owner = await addUser(site.app)
      await linkAccount(site, owner, { accountNumber: "0071000444444", label: "Quầy kho" })
      await linkAccount(site, owner, { accountNumber: "0071000555555", label: "Tiệm" })
      await signInAs(page, site, owner)
      await page.goto(connectUrl(site, client))
      await page.locator("input[value=profile]").uncheck()
      await page.getByLabel("Chỉ những tài khoản tôi chọn").check()
      await page.getByLabel("Tiệm").check()
      await page.context().clearCookies()
      const before = receiver.arrived.length
      await press(page, "button[value=approve]")
      assert.match((await page.getByRole("status").textContent()) ?? "", /lựa chọn của bạn vẫn được giữ/)
      await lookAt(page, "sign-in with choices kept", { scripts: false })
      await fillSignIn(page, owner)
      assert.match((await page.getByRole("alert").textContent()) ?? "", /chưa có gì được cấp.*vẫn được giữ nguyên/)
      await lookAt(page, "consent with choices kept", { scripts: false })
      assert.equal(await page.locator("input[value=profile]").isChecked(), false)
      assert.deepEqual(
        [await page.getByLabel("Quầy kho").isChecked(), await page.getByLabel("Tiệm").isChecked()],
        [false, true],
      )
      await press(page, "a[hreflang=en]")
      assert.equal(await page.getByLabel("Tiệm").isChecked(), true, "the language switch keeps them")
      assert.equal(receiver.arrived.length, before)
      await press(page, "button[value=approve]")
      assert.ok(receiver.arrived.at(-1)?.searchParams.has("code"))
      await page.goto(`${site.url}/connected-apps`)
      const card = await page.locator("article", { hasText: "Sổ quỹ" }).textContent()
      assert.match(card ?? "", /Tiệm/)
      assert.doesNotMatch(card ?? "", /Quầy kho|All accounts/)
    })
  })

  describe("the request", () => {
    const language = () => page.locator("html").getAttribute("lang")

    it("survives the language switch, before and after the sign-in, even against the app's ui_locales", async () => {
      await page.goto(connectUrl(site, client, { ui_locales: "vi", prompt: "consent" }))
      await press(page, "a[hreflang=en]")
      assert.equal(await language(), "en")
      await fillSignIn(page, { email: site.merchant.email, password: "not the password" })
      assert.match((await page.getByRole("alert").textContent()) ?? "", /The e-mail or the password is wrong/)
      await fillSignIn(page, site.merchant)
      assert.equal(await language(), "vi", "the app asked for it, and the reader has not spoken on this page")
      await press(page, "a[hreflang=en]")
      assert.equal(await language(), "en")
      await page.getByLabel("Only the accounts I choose").check()
      await press(page, "button[value=approve]")
      assert.match((await page.getByRole("alert").textContent()) ?? "", /Choose at least one account/)
      await page.getByLabel("All accounts").check()
      await press(page, "button[value=approve]")
      assert.equal(receiver.arrived.at(-1)?.searchParams.get("state"), "s t/1")
    })

    it("survives a change of the account", async () => {
      const colleague = await addUser(site.app, site.merchant.companyId, "Admin")
      await signInAs(page, site, colleague)
      await page.goto(connectUrl(site, client))
      assert.match((await page.locator(".signed-in").textContent()) ?? "", new RegExp(colleague.email))
      await press(page, ".signed-in button")
      await fillSignIn(page, site.merchant)
      assert.equal(new URL(page.url()).host, new URL(receiver.redirectUri).host, "the merchant had allowed it before")
    })

    it("shows itself anew, and gives nothing, when somebody else signed in meanwhile", async () => {
      const [first, second] = [await addUser(site.app), await addUser(site.app)]
      await signInAs(page, site, first)
      await page.goto(connectUrl(site, client))
      const otherTab = await page.context().newPage()
      await otherTab.goto(`${site.url}/`)
      await press(otherTab, "form[action='/logout'] button")
      await signInAs(otherTab, site, second)
      const before = receiver.arrived.length
      await press(page, "button[value=approve]")
      assert.match((await page.getByRole("alert").textContent()) ?? "", /chưa có gì được cấp/)
      assert.match((await page.locator(".signed-in").textContent()) ?? "", new RegExp(second.email))
      assert.equal(receiver.arrived.length, before)
      await press(page, "button[value=approve]")
      assert.equal(receiver.arrived.length, before + 1)
    })
  })
})
