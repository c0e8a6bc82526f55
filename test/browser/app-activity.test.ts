import assert from "node:assert/strict"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { rowsPerMinute } from "../../src/oauth/call-window.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine, onSqlite } from "../support/engines.ts"
import { authorizeUrl } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  credentials,
  everyScope,
  type OAuthSite,
  postToken,
  refresh,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"
import { linkAccount, openPage, press, signInAs, type WatchedPage } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const nasty = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`
const longName = "Phần mềm Kế toán – Đối soát Ngân hàng Tự động cho Doanh nghiệp Vừa và Nhỏ Việt Nam 2026"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

/** Calls of every kind, the callers' own texts as hostile as they can be. */
async function makeCalls(site: OAuthSite, client: TestClient): Promise<void> {
  const tokens = await connect(site, client, { scope: "profile company" })
  const wild = { "user-agent": nasty }
  await callApi(site, tokens.access_token)
  await site.caller.get("/api/v1/transactions", { authorization: `Bearer ${tokens.access_token}`, ...wild })
  await refresh(site, client, tokens.refresh_token)
  await postToken(site, { grant_type: nasty, ...credentials(client) })
  const registered = client.redirectUri
  await site.caller.get(
    authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: `${registered}/${nasty}` }),
    wild,
  )
  await site.caller.get(authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: `${registered}/` }), wild)
  for (let count = 0; count < 40; count += 1) await postToken(site, { grant_type: "x", client_id: client.clientId })
  await site.app.runLoop("request log")
}

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  let watched: WatchedPage
  let page: Page
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site, { name: nasty })
    await makeCalls(site, client)
  })
  beforeEach(async () => {
    watched = await openPage(browser, { javaScriptEnabled: true })
    page = watched.page
    await signInAs(page, site, site.merchant)
  })
  afterEach(async () => {
    await page.context().close()
    assert.deepEqual(watched.complaints, [])
  })
  after(() => site.stop())

  const open = (path: string) => page.goto(`${site.url}/developer/apps/${client.clientId}${path}`)

  describe("the developer in Chromium", () => {
    it("finds a refusal in the request log and reads which character of the redirect URI is wrong", async () => {
      await open("")
      await press(page, ".tabs a[href$='/requests']")
      await page.locator("summary", { hasText: "Lọc" }).click()
      await page.locator("#outcome").selectOption("failed")
      await page.locator("#endpoint").selectOption("/oauth/authorize")
      await press(page, ".log-filters form button")
      assert.equal(await page.locator("tbody tr").count(), 2)
      await press(page, "tbody tr:first-child a")
      const position = client.redirectUri.length + 1
      assert.match((await page.locator("p.reason-text").textContent()) ?? "", new RegExp(`ký tự thứ ${position}`))
      assert.deepEqual(await page.locator("mark").allTextContents(), ["(hết)", "/"])
      await press(page, ".page-head .actions a")
      assert.equal(await page.locator("tbody tr").count(), 4 + rowsPerMinute.unproven + 1, "what was folded is one row")
    })

    it("sees a new call after a refresh, and finds it by its request id", async () => {
      await open("/requests")
      const before = await page.locator("tbody tr").count()
      const answer = await refresh(site, client, "sepay_rt_x")
      await site.app.runLoop("request log")
      await press(page, ".page-head .actions a")
      assert.equal(await page.locator("tbody tr").count(), before + 1)
      await page.locator("summary").first().click()
      await page.locator("#request_id").fill(answer.headers.get("x-request-id") ?? "")
      await press(page, ".log-filters form button")
      assert.equal(await page.locator("tbody tr").count(), 1)
      assert.match((await page.locator("tbody").textContent()) ?? "", /refresh_token bị sai dạng/)
    })

    it("is told when a filter cannot be read, and keeps what was typed", async () => {
      await open("/requests?request_id=a%20b&from=2026-02-30")
      assert.equal(await page.locator("#request_id").inputValue(), "a b")
      assert.equal(await page.locator(".problem").count(), 2)
      await open("/requests?from=2026-03-02&to=2026-03-01")
      assert.match(await page.locator("#to-problem").innerText(), /Ngày kết thúc phải từ ngày bắt đầu trở đi/)
      assert.equal(await page.locator("#to").inputValue(), "2026-03-01")
      assert.equal(await page.locator(".problem").count(), 1)
    })

    it("reads the usage by day and endpoint", async () => {
      await open("/usage")
      const figures = await page.locator(".usage-figure").allTextContents()
      assert.equal(figures[2], "1", "one connection is alive")
      await page.locator("summary", { hasText: "số liệu" }).click()
      await page.locator("a", { hasText: "7 ngày" }).click()
      assert.equal(await page.locator(".usage-chart g").count(), 7)
      assert.match((await page.locator("table").last().textContent()) ?? "", /\/oauth\/token/)
    })

    it("copies a sample of the quick start", async () => {
      await open("/quick-start")
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
      await page.locator("#python button[data-copy]").click()
      await page.locator("#python [role=status]", { hasText: /chép/i }).waitFor()
      const copied = await page.evaluate("navigator.clipboard.readText()")
      assert.equal(copied, await page.locator("#python-code").textContent())
    })

    it("tries the flow from the request to the revocation, and a second tab does no step twice", async () => {
      await open("/try")
      await press(page, "main form button")
      await press(page, ".trial-steps a.button")
      await press(page, "button[value=approve]")
      assert.equal(new URL(page.url()).pathname, `/developer/apps/${client.clientId}/try`)
      const other = await page.context().newPage()
      await other.goto(page.url())
      await press(page, "form[action$='/exchange'] button")
      await press(other, "form[action$='/exchange'] button")
      assert.match((await other.getByRole("status").textContent()) ?? "", /đã được thực hiện/)
      await other.close()
      assert.equal(await page.locator("dt", { hasText: "aud" }).count(), 1)
      await press(page, "form[action$='/call']:has(input[value='/api/v1/me']) button")
      assert.match((await page.locator(".trial-steps").textContent()) ?? "", new RegExp(site.merchant.email))
      await press(page, "form[action$='/refresh'] button")
      await press(page, "form[action$='/revoke'] button")
      await press(page, "form[action$='/call']:has(input[value='/api/v1/me']) button")
      assert.match((await page.locator(".trial-steps").textContent()) ?? "", /invalid_token/)
      await press(page, "form[action$='/end'] button")
      assert.equal(await page.locator("form[action$='/start']").count(), 1)
      assert.doesNotMatch(await page.content(), /sepay_(ac|rt|cs)_[0-9A-Za-z]{10,}/)
    })
  })
})

onSqlite((engine) => {
  let site: OAuthSite
  let busy: TestClient
  let ugly: TestClient
  let fresh: TestClient
  let details: readonly { readonly id: number; readonly reason: string | null }[]
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    ugly = await addClient(site, { name: nasty, redirectUris: [`https://${"rat-dai.".repeat(12)}example/callback`] })
    busy = await addClient(site, { name: longName, scope: everyScope })
    fresh = await addClient(site, { name: "Mới", approve: false })
    await linkAccount(site, site.merchant, { accountNumber: "0071000111111", label: nasty })
    await makeCalls(site, ugly)
    for (let day = 0; day < 12; day += 1) {
      for (let count = 0; count < 4 + ((day * 7) % 11); count += 1) await makeSome(count)
      site.clock.advance({ hours: 23 })
    }
    await site.app.runLoop("request log")
    details = await site.app.context.db
      .selectFrom("client_requests")
      .innerJoin("clients", "clients.id", "client_requests.client_row_id")
      .select(["client_requests.id", "reason"])
      .where("clients.client_id", "=", ugly.clientId)
      .orderBy("client_requests.id")
      .execute()
  })
  after(() => site.stop())

  async function makeSome(count: number): Promise<void> {
    const { access_token } = await connect(site, busy, { scope: "profile" })
    await callApi(site, access_token)
    if (count % 3 === 0) await site.caller.get("/api/v1/company", { authorization: `Bearer ${access_token}` })
    if (count % 4 === 0) await postToken(site, { grant_type: "x", client_id: busy.clientId })
  }

  const idOf = (reason: string) => details.find((detail) => detail.reason === reason)?.id
  const of = (app: () => TestClient, path: () => string) => async (page: Page) => {
    await signInAs(page, site, site.merchant)
    await page.goto(`${site.url}/developer/apps/${app().clientId}${path()}`)
  }
  const tried = async (page: Page) => {
    await of(
      () => busy,
      () => "/try",
    )(page)
    if ((await page.locator("form[action$='/end']").count()) > 0) await press(page, "form[action$='/end'] button")
    await press(page, "main form button")
    await press(page, ".trial-steps a.button")
    await press(page, "button[value=approve]")
    await press(page, "form[action$='/exchange'] button")
    await press(page, "form[action$='/call']:has(input[value='/api/v1/bank-accounts']) button")
  }

  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    "the request log": of(
      () => ugly,
      () => "/requests",
    ),
    "the request log, filtered": of(
      () => busy,
      () => "/requests?outcome=failed&from=2026-02-31",
    ),
    "the request log, nothing matches": of(
      () => busy,
      () => "/requests?error=gone",
    ),
    "the request log of a new app": of(
      () => fresh,
      () => "/requests",
    ),
    "a call with another redirect URI": of(
      () => ugly,
      () => `/requests/${idOf("redirect_uri_differs")}`,
    ),
    "a call with a hostile text": of(
      () => ugly,
      () => `/requests/${idOf("scope_insufficient")}`,
    ),
    "the usage": of(
      () => busy,
      () => "/usage",
    ),
    "the usage of a new app": of(
      () => fresh,
      () => "/usage",
    ),
    "the quick start": of(
      () => ugly,
      () => "/quick-start",
    ),
    "the quick start of a new app": of(
      () => fresh,
      () => "/quick-start",
    ),
    "the Try it page": of(
      () => busy,
      () => "/try",
    ),
    "the Try it page on its way": tried,
  }

  for (const look of looks) {
    describe(`in the look "${look.name}" (${look.locale}, ${look.colorScheme})`, () => {
      for (const [name, go] of Object.entries(pages)) {
        it(`${name} fits, reads in order, has names and contrast, and keeps the content-security policy`, async () => {
          const { name: lookName, ...options } = look
          const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: true })
          try {
            await go(page)
            await lookAt(page, `${name} (${lookName})`)
            assert.deepEqual(complaints, [])
          } finally {
            await page.context().close()
          }
        })
      }
    })
  }

  it("the pages of an app are none to a user of another company", async () => {
    const { page } = await openPage(browser)
    await signInAs(page, site, await addUser(site.app))
    const answer = await page.goto(`${site.url}/developer/apps/${busy.clientId}/requests`)
    assert.equal(answer?.status(), 404)
    await page.context().close()
  })
})
