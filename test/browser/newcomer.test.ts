import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { addPerson } from "../portal/app-ground.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import { linkIn, newestMailTo } from "../support/mailbox.ts"
import { addClient, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"
import { openPage, signInAs, type WatchedPage } from "./ground.ts"

const password = "một câu thật dài để nhớ"
// Nothing listens there, as on the machine of somebody who has no server yet.
const redirectUri = "http://localhost:8080/callback"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onEachEngine((engine) => {
  let site: OAuthSite
  let operator: TestUser
  let watched: WatchedPage[]
  let presses: number
  let shots = 0

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    operator = await addPerson(site, { operator: true })
  })
  beforeEach(() => {
    watched = []
    presses = 0
  })
  afterEach(async () => {
    for (const { page } of watched) await page.context().close()
    assert.deepEqual(
      watched.flatMap(({ complaints }) => complaints),
      [],
    )
  })
  after(() => site.stop())

  async function openAsVisitor(): Promise<Page> {
    const one = await openPage(browser, { javaScriptEnabled: true })
    watched.push(one)
    await one.page.goto(site.url)
    return one.page
  }

  /** Presses what a person sees by its words, and waits for what it leads to. */
  async function press(page: Page, role: "link" | "button", name: string): Promise<void> {
    const folder = process.env["SCREENSHOTS"]
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `newcomer-${String(++shots).padStart(2, "0")}.png`) })
    }
    presses += 1
    // A press may only move within the page, so the next one of these waits for the page by itself.
    const answered = page.waitForResponse((response) => response.request().isNavigationRequest())
    await page.getByRole(role, { name, exact: true }).first().click()
    await answered
    await page.waitForLoadState()
  }
  async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value)
  }
  async function signIn(page: Page, email: string, secret: string): Promise<void> {
    await fill(page, { email, password: secret })
    await press(page, "button", "Đăng nhập")
  }

  /** Runs the sample as the page shows it, approves in the browser of that page, and returns what it printed. */
  async function runSample(page: Page, secret: string): Promise<string> {
    const directory = makeTemporaryDirectory()
    writeFileSync(join(directory, "quick-start.sh"), (await page.locator("#shell-code").textContent()) ?? "")
    const env = { PATH: process.env["PATH"], HOME: directory, SEPAY_CLIENT_SECRET: secret }
    const child = spawn("sh", ["quick-start.sh"], { cwd: directory, env })
    const output = text(child.stdout)
    const errors = text(child.stderr)
    const address = await new Promise<string>((resolve, reject) => {
      let printed = ""
      child.stdout.on("data", (chunk: Buffer) => {
        printed += chunk.toString()
        const url = /(http:\/\/\S+)\n/.exec(printed)?.[1]
        if (url !== undefined) resolve(url)
      })
      child.once("close", () => reject(new Error(`no address: ${printed}`)))
    })
    // The browser shows an error page there; what its address bar says is what counts.
    const gone = page.waitForRequest((request) => request.url().startsWith(redirectUri))
    await page.goto(address).catch(() => undefined)
    child.stdin.end(`${(await gone).url()}\n`)
    const [code] = await once(child, "close")
    assert.equal(code, 0, await errors)
    return output
  }

  describe("a newcomer without documentation", () => {
    it("signs up, registers an app, gets it approved by the operator and calls the API, by what the pages lead to", async (test) => {
      const begun = performance.now()
      const email = "nguoi-moi@moi.example"

      const page = await openAsVisitor()
      await press(page, "link", "Tạo tài khoản")
      await fill(page, { company: "Công ty Mới", last_name: "Nguyễn", first_name: "Bình", email, password })
      await press(page, "button", "Tạo tài khoản")
      assert.match((await page.locator("main").textContent()) ?? "", /data\/mail/, "where the mail is, without SMTP")
      site.clock.advance({ seconds: 1 })
      await page.goto(site.url + linkIn(await newestMailTo(site.app.context, email)))
      await press(page, "button", "Xác nhận")
      assert.equal(await page.locator("h1").textContent(), "Xin chào, Nguyễn Bình")

      await press(page, "link", "Ứng dụng của tôi")
      await press(page, "link", "Đăng ký ứng dụng mới")
      await fill(page, { name: "Ứng dụng đầu tiên", redirect_uris: redirectUri })
      await press(page, "button", "Đăng ký ứng dụng")
      const secret = (await page.locator("#made-secret").textContent()) ?? ""
      site.secrets.add(secret)

      await press(page, "link", "Đến trang ứng dụng để gửi duyệt")
      await press(page, "button", "Gửi duyệt")
      assert.match((await page.getByRole("alert").textContent()) ?? "", /chưa có trang web/)
      await page.getByRole("link", { name: "Ghi trang web" }).first().click()
      assert.equal(new URL(page.url()).hash, "#website")
      await fill(page, { website: "https://moi.example" })
      await press(page, "button", "Lưu thay đổi")
      await press(page, "button", "Gửi duyệt")

      const desk = await openAsVisitor()
      await press(desk, "link", "Đăng nhập")
      await signIn(desk, operator.email, operator.password)
      assert.match((await desk.locator("main .note").last().textContent()) ?? "", /1 ứng dụng đang chờ bạn duyệt/)
      await press(desk, "link", "Mở danh sách")
      await press(desk, "link", "Ứng dụng đầu tiên")
      await press(desk, "button", "Duyệt")

      await page.reload()
      assert.equal(await page.locator(".app-head .badge").textContent(), "Đã duyệt")
      await press(page, "link", "Chạy thử trong trình duyệt")
      await press(page, "button", "Tạo yêu cầu")
      await press(page, "link", "Mở trang đồng ý")
      await press(page, "button", "Cho phép")
      await press(page, "button", "Đổi mã")
      await press(page, "button", "Gọi GET /api/v1/bank-accounts")
      const call = page.locator("#call")
      assert.equal(await call.locator(".badge").textContent(), "200")
      assert.match((await call.textContent()) ?? "", /"status": "success"/)
      const top = await call.evaluate((card) => card.getBoundingClientRect().top)
      assert.ok(top >= 0 && top < 400, `the answer is in sight, at ${top}`)

      await press(page, "link", "Bắt đầu nhanh")
      assert.match(
        await runSample(page, secret),
        /scope: bank-account:read transaction:read\n[\s\S]*"status":"success"/,
      )
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      test.diagnostic(`${presses} presses in ${seconds} s, both people together`)
      assert.ok(presses <= 23, `${presses} presses`)
    })
  })

  it("on the narrowest phone the bar of an app's pages opens where the current page stands", async () => {
    const { clientId } = await addClient(site)
    const one = await openPage(browser, { javaScriptEnabled: true, viewport: { width: 360, height: 640 } })
    watched.push(one)
    await signInAs(one.page, site, site.merchant)
    for (const tab of ["", "/secrets", "/quick-start", "/try", "/requests", "/usage"]) {
      await one.page.goto(`${site.url}/developer/apps/${clientId}${tab}`)
      const box = await one.page.locator(".tabs [aria-current=page]").boundingBox()
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360, `${tab}: ${JSON.stringify(box)}`)
    }
  })
})
