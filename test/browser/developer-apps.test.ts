import assert from "node:assert/strict"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { addPerson, mailsTo } from "../portal/app-ground.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import { addClient, callApi, connect, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { openPage, press, signInAs, type WatchedPage } from "./ground.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onEachEngine((engine) => {
  let site: OAuthSite
  let operator: TestUser
  let watched: WatchedPage[]
  let page: Page

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    operator = await addPerson(site, { operator: true })
  })
  beforeEach(async () => {
    watched = []
    page = await enter(site.merchant)
  })
  afterEach(async () => {
    for (const one of watched) await one.page.context().close()
    assert.deepEqual(
      watched.flatMap(({ complaints }) => complaints),
      [],
    )
  })
  after(() => site.stop())

  /** A new browser in which that person is signed in, with scripts. */
  async function enter(user: TestUser): Promise<Page> {
    const one = await openPage(browser, { javaScriptEnabled: true })
    watched.push(one)
    await signInAs(one.page, site, user)
    return one.page
  }

  async function fillForm(name: string, uri = "https://shop.example/callback"): Promise<void> {
    await page.locator("[name=name]").fill(name)
    await page.locator("[name=website]").fill("https://shop.example")
    await page.locator("[name=redirect_uris]").fill(uri)
    await page.locator("[name='scope.transaction:read'][value=required]").check()
    await page.locator("[name='scope.profile'][value=optional]").check()
  }
  const note = (on: Page = page) => on.locator("main .note").first().textContent()
  const clientIdOn = () => /client_\w{20}/.exec(page.url())?.[0] ?? ""

  describe("an app in Chromium, from its registration to its end (contract/oauth.md §15)", () => {
    it("is registered after a mistake was marked, shows its secret once, and is approved by the operator", async () => {
      await page.goto(`${site.url}/developer/apps`)
      await press(page, "main a.button >> nth=0")
      await fillForm("Cửa hàng của An", "https://shop.example/c b")
      await press(page, ".app-form .actions button")
      assert.equal(await page.locator(".uri-problems mark").textContent(), " ")
      assert.equal(await page.locator("[name=name]").inputValue(), "Cửa hàng của An")
      assert.equal(await page.locator("[name='scope.profile'][value=optional]").isChecked(), true)
      await page.locator("[name=redirect_uris]").fill("https://shop.example/callback")
      await press(page, ".app-form .actions button")

      const secret = await page.locator("#made-secret").textContent()
      assert.match(secret ?? "", /^sepay_cs_/)
      site.secrets.add(secret ?? "")
      assert.ok(!page.url().includes("sepay_cs_"))
      assert.equal(await page.locator("button[data-copy=made-secret]").isVisible(), true)
      await page.reload()
      assert.equal(await page.locator("#made-secret").count(), 0, "a reload shows it no more")
      await page.goto(`${site.url}/developer/apps`)
      await page.goBack()
      assert.equal(await page.locator("#made-secret").count(), 0, "nor does the way back")

      const clientId = clientIdOn()
      await page.goto(`${site.url}/developer/apps/${clientId}`)
      await press(page, "form[action$='/submit'] button")
      assert.match((await note()) ?? "", /Đã gửi duyệt/)

      const desk = await enter(operator)
      await desk.goto(`${site.url}/operator/apps`)
      await press(desk, `a[href='/operator/apps/${clientId}']`)
      await press(desk, "form[action$='/approve'] button")
      assert.equal(await note(desk), "Đã duyệt.")
      await page.goto(`${site.url}/developer/apps/${clientId}`)
      assert.equal(await page.locator(".app-head .badge").textContent(), "Đã duyệt")
      const mails = await mailsTo(site, site.merchant.email)
      assert.match(mails[0]?.subject ?? "", /Cửa hàng của An đã được duyệt/)
    })

    it("is made once by a double click, whose second page shows the secret; the way back leads to an empty form", async () => {
      await page.goto(`${site.url}/developer/apps/new`)
      await fillForm("Bấm hai lần")
      const loaded = page.waitForEvent("load")
      await page.locator(".app-form .actions button").dblclick()
      await loaded
      await page.waitForURL(/\/secrets/)
      const secret = await page.locator("#made-secret").textContent()
      assert.match(secret ?? "", /^sepay_cs_/, "the page that comes last shows it")
      site.secrets.add(secret ?? "")
      await page.goBack()
      assert.equal(await page.locator("[name=name]").inputValue(), "")
      await page.goto(`${site.url}/developer/apps`)
      assert.equal(await page.getByRole("link", { name: "Bấm hai lần" }).count(), 1)
    })

    it("changed in two tabs tells the second one, keeps what it typed, and takes it on the next press", async () => {
      const client = await addClient(site, { name: "Hai thẻ", approve: false })
      const path = `${site.url}/developer/apps/${client.clientId}`
      await page.goto(path)
      const other = await page.context().newPage()
      await other.goto(path)
      await other.locator("[name=name]").fill("Thẻ thứ hai")
      await press(other, "#edit .actions button")
      await page.locator("[name=name]").fill("Thẻ thứ nhất")
      await press(page, "#edit .actions button")
      assert.match((await note()) ?? "", /đã được sửa ở nơi khác/)
      assert.equal(await page.locator("[name=name]").inputValue(), "Thẻ thứ nhất")
      assert.equal(await page.locator("h1").textContent(), "Thẻ thứ hai")
      await press(page, "#edit .actions button")
      assert.equal(await page.locator("h1").textContent(), "Thẻ thứ nhất")
    })

    it("approved, waits with what is new; the operator turns it down, the owner mends it, the operator approves", async () => {
      const client = await addClient(site, { name: "Đổi tên", website: "https://shop.example" })
      const path = `${site.url}/developer/apps/${client.clientId}`
      await page.goto(path)
      await page.locator("[name=name]").fill("Ngân hàng")
      await press(page, "#edit .actions button")
      assert.match((await page.locator("#changes").textContent()) ?? "", /Đổi tên[\s\S]*Ngân hàng/)
      const desk = await enter(operator)
      await desk.goto(`${site.url}/operator/apps/${client.clientId}`)
      await desk.locator("[name=reason]").fill("Tên giống một ngân hàng")
      await press(desk, "form[action$='/reject'] button")
      await page.goto(path)
      assert.match((await page.locator("#changes").textContent()) ?? "", /Tên giống một ngân hàng/)
      await page.locator("[name=name]").fill("Sổ quỹ")
      await press(page, "#edit .actions button")
      await desk.goto(`${site.url}/operator/apps/${client.clientId}`)
      await press(desk, "form[action$='/approve'] button")
      await page.goto(path)
      assert.equal(await page.locator("h1").textContent(), "Sổ quỹ")
      assert.equal(await page.locator("#changes").count(), 0)
    })

    it("gets a new secret, and its old one is ended after a question", async () => {
      const client = await addClient(site, { name: "Thay mã" })
      await page.goto(`${site.url}/developer/apps/${client.clientId}/secrets`)
      await page.locator("[name=old_expires_in]").selectOption("86400")
      await press(page, "form.card button")
      site.secrets.add((await page.locator("#made-secret").textContent()) ?? "")
      assert.equal(await page.locator("article").count(), 2)
      await press(page, "form.card button")
      assert.match((await note()) ?? "", /Đã có hai mã hoạt động/)
      await press(page, "article >> nth=0 >> a")
      await press(page, "main form a")
      assert.equal(await page.locator("article").count(), 2, "answered with no")
      await press(page, "article >> nth=0 >> a")
      await press(page, "main form button")
      assert.equal(await note(), "Đã hủy mã bí mật.")
      assert.equal(await page.locator("article").count(), 1)
    })

    it("is suspended and reinstated by the operator, and deleted by its owner after a question", async () => {
      const client = await addClient(site, { name: "Tạm ngưng rồi xóa" })
      const tokens = await connect(site, client)
      const desk = await enter(operator)
      await desk.goto(`${site.url}/operator/apps/${client.clientId}`)
      await press(desk, "a[href$='/suspend']")
      await desk.locator("[name=reason]").fill("Khiếu nại")
      await press(desk, "form[action$='/suspend'] button")
      assert.equal(await callApi(site, tokens.access_token), 401)
      await press(desk, "form[action$='/reinstate'] button")
      assert.equal(await callApi(site, tokens.access_token), 200)
      await page.goto(`${site.url}/developer/apps/${client.clientId}`)
      await press(page, "a[href$='/delete']")
      assert.equal(await page.locator("h1").textContent(), "Xóa Tạm ngưng rồi xóa?")
      await press(page, "main form button")
      assert.match((await note()) ?? "", /Đã xóa ứng dụng/)
      assert.equal(await callApi(site, tokens.access_token), 401)
    })
  })

  it("the signing keys in Chromium: the next is published, the active one burned by its typed id", async () => {
    const desk = await enter(operator)
    await desk.goto(`${site.url}/operator/keys`)
    await press(desk, "main a.button")
    await press(desk, "main form button")
    assert.match((await note(desk)) ?? "", /Đã công bố khóa kế tiếp/)
    const row = desk.locator("tbody tr", { hasText: "Đang ký" })
    const kid = (await row.locator("code").textContent()) ?? ""
    await press(desk, `a[href='/operator/keys/${kid}/burn']`)
    await desk.locator("[name=typed_kid]").fill("nhầm")
    await press(desk, "main form button")
    assert.equal(await desk.locator(".problem").textContent(), "Mã khóa chưa đúng.")
    await desk.locator("[name=typed_kid]").fill(kid)
    await press(desk, "main form button")
    assert.match((await note(desk)) ?? "", /Đã hủy khóa\. Một khóa mới đang ký\./)
    assert.equal(await desk.locator("tbody tr", { hasText: "Đang ký" }).count(), 1)
    assert.equal(await desk.locator("tbody tr", { hasText: "Đã hủy" }).locator("code").textContent(), kid)
  })
})
