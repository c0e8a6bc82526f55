import assert from "node:assert/strict"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { transaction } from "../../src/database/engine.ts"
import { recordAudit } from "../../src/identity/audit-log.ts"
import { createUser } from "../../src/identity/user.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  type OAuthSite,
  startOAuthSite,
  type TestUser,
} from "../support/oauth-site.ts"
import { linkAccount, openPage, press, signInAs, type WatchedPage } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`
const longName =
  "Công ty Trách nhiệm Hữu hạn Một Thành viên Phần mềm Kế toán – Đối soát Ngân hàng Tự động Việt Nam 2026"
const password = "mot mat khau that dai 2026"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onEachEngine((engine) => {
  let site: OAuthSite
  let operator: TestUser
  let watched: WatchedPage
  let page: Page

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    const { db, clock } = site.app.context
    const email = `operator-${engine.name}@platform.example`
    const company = { fullName: "Nhà vận hành" }
    const { id, companyId } = await createUser(db, clock.now(), { email, password, company, isOperator: true })
    operator = { id, companyId, email, password }
  })
  after(() => site.stop())

  beforeEach(async () => {
    watched = await openPage(browser, { javaScriptEnabled: true })
    page = watched.page
  })
  afterEach(async () => {
    await page.context().close()
    assert.deepEqual(watched.complaints, [])
  })

  const status = () => page.getByRole("status").innerText()
  const save = "form[action='/company'] button"
  const main = () => page.locator("main").innerText()
  const transactionsOf = async (token: string) =>
    (await site.caller.get("/api/v1/transactions", { authorization: `Bearer ${token}` })).status

  describe("a merchant in Chromium", () => {
    it("limits an app: the API feels it at once, and the history tells who did what", async () => {
      await linkAccount(site, site.merchant, { accountNumber: "0071000111111", label: "Quỹ chính" })
      await linkAccount(site, site.merchant, { accountNumber: "0071000222222", label: "Quỹ phụ" })
      const optional = "bank-account:read transaction:read"
      const client = await addClient(site, { name: "Kho hàng", scope: "profile", optionalScope: optional })
      const { access_token } = await connect(site, client, { scope: `profile ${optional}` })
      await signInAs(page, site, site.merchant)
      await page.goto(`${site.url}/connected-apps`)
      await press(page, "article a:has-text('Thu hẹp quyền')")
      assert.equal(await page.locator("input[value='profile'][disabled]").isChecked(), true, "required is locked")
      await page.locator("input[type=checkbox][value='transaction:read']").uncheck()
      await page.locator("input[name=accounts][value=chosen]").check()
      await page.getByText("Quỹ phụ").click()
      assert.equal(await transactionsOf(access_token), 200, "nothing is saved yet")
      await press(page, "main form button")
      assert.match(await status(), /Đã lưu/)
      assert.equal(await transactionsOf(access_token), 403)
      const history = await page.locator(".history").innerText()
      assert.match(history, /Thu hẹp quyền bởi /)
      assert.match(history, /Bỏ quyền: Xem lịch sử và chi tiết giao dịch/)
      assert.match(history, /Bỏ tài khoản: Tất cả tài khoản/)
      assert.match(history, /Thêm tài khoản: Quỹ phụ/)
      assert.match(history, /Cấp quyền bởi /)
      await press(page, "a.danger")
      await press(page, "main form button")
      assert.match(await status(), /Đã thu hồi quyền của Kho hàng/)
      assert.equal(await callApi(site, access_token), 401)
      await press(page, "main a:has-text('kết nối đã kết thúc')")
      await press(page, "article a:has-text('Chi tiết và lịch sử')")
      assert.match(await page.locator(".history").innerText(), /^Thu hồi quyền bởi /)
    })

    it("limits an app in two tabs: the second is told, and keeps what was ticked", async () => {
      const client = await addClient(site, {
        name: "Hai tab",
        scope: "profile",
        optionalScope: "company transaction:read",
      })
      await connect(site, client, { scope: "profile company transaction:read" })
      await signInAs(page, site, site.merchant)
      await page.goto(`${site.url}/connected-apps`)
      const path = await page
        .locator("article", { hasText: "Hai tab" })
        .locator("a[href$='/narrow']")
        .getAttribute("href")
      const other = await page.context().newPage()
      await page.goto(site.url + path)
      await other.goto(site.url + path)
      await page.locator("input[type=checkbox][value='company']").uncheck()
      await press(page, "main form button")
      await other.locator("input[type=checkbox][value='transaction:read']").uncheck()
      await press(other, "main form button")
      assert.match(await other.getByRole("alert").innerText(), /đã thay đổi ở một trang khác/)
      assert.equal(await other.locator("input[type=checkbox][value='transaction:read']").isChecked(), false)
      assert.equal(await other.locator("input[value='company']").count(), 0, "what went in the first tab is gone")
      await press(other, "main form button")
      assert.match(await other.getByRole("status").innerText(), /Đã lưu/)
    })

    it("renames the company, is told of another tab's change, and finds both in the audit log", async () => {
      const owner = await addUser(site.app)
      await signInAs(page, site, owner)
      await page.goto(`${site.url}/company`)
      const other = await page.context().newPage()
      await other.goto(`${site.url}/company`)
      await page.locator("input[name=full_name]").fill("Công ty Đổi Tên")
      await page.getByText("Cho phép một dấu ngăn sau tiền tố").click()
      await press(page, save)
      assert.equal(await status(), "Đã lưu thay đổi.")
      assert.equal(await page.locator("input[name=full_name]").inputValue(), "Công ty Đổi Tên")
      await other.locator("input[name=short_name]").fill("Đổi")
      await press(other, save)
      assert.match(await other.getByRole("alert").innerText(), /ở một trang khác/)
      assert.equal(await other.locator("input[name=short_name]").inputValue(), "Đổi")
      assert.match(await other.locator("main").innerText(), /Hiện đang lưu: Công ty Đổi Tên/)
      await other.locator("input[name=full_name]").fill(" ")
      await press(other, save)
      assert.equal(await other.locator("input[name=full_name][aria-invalid=true]").count(), 1)
      assert.equal(await other.locator("input[name=short_name]").inputValue(), "Đổi")
      await page.goto(`${site.url}/audit`)
      const log = await page.locator(".audit-log").innerText()
      assert.match(log, /đã sửa thông tin và cấu hình của công ty/)
      assert.match(log, /Tên đầy đủ: Company \d+ đổi thành Công ty Đổi Tên/)
      assert.match(log, /Cho phép một dấu ngăn sau tiền tố: Bật đổi thành Tắt/)
      assert.match(log, /đã đăng nhập/)
    })

    it("filters the audit log by person, subject and day, and goes on page by page", async () => {
      const owner = await addUser(site.app)
      const clerk = await addUser(site.app, owner.companyId, "User")
      await transaction(site.app.context.db, async (tx) => {
        for (let index = 0; index < 60; index++) {
          await recordAudit(tx, site.clock.now(), {
            companyId: owner.companyId,
            actor: { kind: "user", id: clerk.id },
            action: "webhook.create",
            subjectId: index + 1,
            details: { name: `Webhook ${index}` },
          })
        }
      })
      await signInAs(page, site, owner)
      await page.goto(`${site.url}/audit`)
      assert.equal(await page.locator(".audit-log > li").count(), 50)
      await press(page, "main a:has-text('Cũ hơn')")
      // With the sign-in, and with the company and its two people being made.
      assert.equal(await page.locator(".audit-log > li").count(), 14)
      await page.locator("select[name=who]").selectOption(`user:${owner.id}`)
      await press(page, "main form button")
      assert.match(await main(), /đã đăng nhập/)
      assert.doesNotMatch(await page.locator(".audit-log").innerText(), /webhook/)
      await page.locator("select[name=who]").selectOption("")
      await page.locator("select[name=group]").selectOption("webhook")
      await press(page, "main form button")
      assert.equal(await page.locator(".audit-log > li").count(), 50)
      assert.doesNotMatch(await page.locator(".audit-log").innerText(), /đăng nhập/)
      await page.locator("input[name=to]").fill("2020-01-01")
      await press(page, "main form button")
      assert.match(await main(), /Không có hoạt động nào khớp/)
    })
  })

  describe("an operator in Chromium", () => {
    it("suspends a company and reinstates it: tokens, sessions and sign-in follow", async () => {
      const owner = await addUser(site.app)
      const client = await addClient(site)
      const { access_token } = await connect(site, client, { user: owner })
      const merchantPage = await openPage(browser)
      await signInAs(merchantPage.page, site, owner)
      await signInAs(page, site, operator)
      await page.goto(`${site.url}/operator/companies`)
      await page.locator("input[name=q]").fill(owner.email.slice(0, -3).toUpperCase())
      await press(page, "main form button")
      assert.equal(await page.locator("tbody tr").count(), 1)
      await press(page, "tbody a")
      await press(page, "main a:has-text('Tạm ngưng')")
      assert.match(await main(), /1 người dùng không đăng nhập được nữa; 1 phiên/)
      assert.match(await main(), /1 kết nối của ứng dụng/)
      await page.locator("textarea").fill("Chờ xác minh giấy tờ")
      await press(page, "main form button")
      assert.match(await status(), /Đã tạm ngưng/)
      assert.match(await main(), /Chờ xác minh giấy tờ/)
      assert.equal(await callApi(site, access_token), 401)
      await merchantPage.page.goto(`${site.url}/company`)
      assert.equal(new URL(merchantPage.page.url()).pathname, "/login")
      await merchantPage.page.locator("input[name=email]").fill(owner.email)
      await merchantPage.page.locator("input[name=password]").fill(owner.password)
      await press(merchantPage.page, "main form button")
      assert.match(await merchantPage.page.getByRole("alert").innerText(), /tạm ngưng.*Chờ xác minh giấy tờ/s)
      await press(page, "main button:has-text('Cho hoạt động lại')")
      assert.match(await status(), /Đã cho hoạt động lại/)
      assert.equal(await callApi(site, access_token), 200)
      await signInAs(merchantPage.page, site, owner)
      await merchantPage.page.goto(`${site.url}/audit`)
      const log = await merchantPage.page.locator(".audit-log").innerText()
      assert.match(log, /Đơn vị vận hành đã tạm ngưng công ty/)
      assert.match(log, /Đơn vị vận hành đã cho công ty/)
      assert.deepEqual(merchantPage.complaints, [])
      await merchantPage.page.context().close()
    })

    it("suspends a user and reinstates them, and the operators' log has it all", async () => {
      const owner = await addUser(site.app)
      const clerk = await addUser(site.app, owner.companyId, "User")
      const client = await addClient(site)
      const [own, clerks] = [await connect(site, client, { user: owner }), await connect(site, client, { user: clerk })]
      await signInAs(page, site, operator)
      await page.goto(`${site.url}/operator/users?q=${encodeURIComponent(clerk.email)}`)
      await press(page, "tbody a >> nth=0")
      await press(page, "main a:has-text('Tạm ngưng')")
      await page.locator("textarea").fill(" ")
      await press(page, "main form button")
      assert.equal(await page.locator("textarea[aria-invalid=true]").count(), 1, "a reason is needed")
      await page.locator("textarea").fill("Báo mất máy")
      await press(page, "main form button")
      assert.equal(await callApi(site, clerks.access_token), 401)
      assert.equal(await callApi(site, own.access_token), 200, "others go on")
      await page.goto(`${site.url}/operator/audit?company=${owner.companyId}`)
      assert.match(await page.locator(".audit-log").innerText(), /đã tạm ngưng người dùng.*Lý do: Báo mất máy/s)
      await page.goto(`${site.url}/operator/users/${clerk.id}`)
      await press(page, "main button:has-text('Cho hoạt động lại')")
      assert.equal(await callApi(site, clerks.access_token), 200)
    })
  })

  if (engine.name === "postgres") return

  describe("every page of these", () => {
    let owner: TestUser
    let grantId: number
    let endedId: number
    before(async () => {
      owner = await addUser(site.app)
      const { db } = site.app.context
      await transaction(db, async (tx) => {
        const names = { full_name: longName, short_name: hostile }
        await tx.updateTable("companies").set(names).where("id", "=", owner.companyId).execute()
        await tx
          .updateTable("users")
          .set({ first_name: hostile, last_name: "Nguyễn".repeat(8) })
          .where("id", "=", owner.id)
          .execute()
      })
      await linkAccount(site, owner, { accountNumber: "VQRQABCDEFGHIJ0123456789", label: longName })
      await linkAccount(site, owner, { accountNumber: "0071000555555", label: hostile })
      const scope = "profile bank-account:read transaction:read webhook:write company"
      const optionalScope = "bank-account:read transaction:read webhook:write company"
      const client = await addClient(site, { name: hostile, scope: "profile", optionalScope })
      await connect(site, client, { user: owner, scope })
      const ended = await addClient(site, { name: longName.slice(0, 100) })
      await connect(site, ended, { user: owner })
      const rows = await db.selectFrom("grants").select("id").where("user_id", "=", owner.id).orderBy("id").execute()
      grantId = rows[0]?.id ?? 0
      endedId = rows[1]?.id ?? 0
      await transaction(db, async (tx) => {
        const end = { ended_at: site.clock.now(), end_reason: "revoked_by_user" }
        await tx.updateTable("grants").set(end).where("id", "=", endedId).execute()
        await recordAudit(tx, site.clock.now(), {
          companyId: owner.companyId,
          actor: { kind: "system" },
          action: "webhook.update",
          subjectId: 7,
          details: { name: hostile, before: { label: hostile, on: true }, after: { label: longName, on: false } },
        })
        await recordAudit(tx, site.clock.now(), {
          companyId: owner.companyId,
          actor: { kind: "operator" },
          action: "something.unheard_of",
          subjectId: 7,
          details: { note: hostile },
        })
      })
    })

    const mine: Readonly<Record<string, () => string>> = {
      "the connected apps": () => "/connected-apps",
      "a connected app": () => `/connected-apps/${grantId}`,
      "an ended app": () => `/connected-apps/${endedId}`,
      "the ended apps": () => "/connected-apps?ended=1",
      "the form that limits": () => `/connected-apps/${grantId}/narrow`,
      "the company": () => "/company",
      "closing the company": () => "/company/close",
      "the company closed": () => "/company/closed",
      "the audit log": () => "/audit",
      "the audit log, filtered to nothing": () => "/audit?group=feed&from=2026-13-01",
    }
    const operators: Readonly<Record<string, () => string>> = {
      "the companies": () => "/operator/companies",
      "the companies, none found": () => "/operator/companies?q=khong-co-dau",
      "a company": () => `/operator/companies/${owner.companyId}`,
      "suspending a company": () => `/operator/companies/${owner.companyId}/suspend`,
      "the users": () => "/operator/users",
      "a user": () => `/operator/users/${owner.id}`,
      "suspending a user": () => `/operator/users/${owner.id}/suspend`,
      "the operators' log": () => "/operator/audit",
    }
    for (const look of looks) {
      for (const [who, pages] of [
        ["merchant", mine],
        ["operator", operators],
      ] as const) {
        it(`of the ${who} fits, reads well and keeps the content-security policy in the look "${look.name}"`, async () => {
          const { name, ...options } = look
          const seen = await openPage(browser, { javaScriptEnabled: true, ...options })
          await signInAs(seen.page, site, who === "merchant" ? owner : operator)
          for (const [title, path] of Object.entries(pages)) {
            await seen.page.goto(site.url + path())
            await lookAt(seen.page, `${title} (${name})`)
          }
          assert.deepEqual(seen.complaints, [])
          await seen.page.context().close()
        })
      }
    }
  })
})
