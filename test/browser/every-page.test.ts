import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { transaction } from "../../src/database/engine.ts"
import { errorPage } from "../../src/http/error.page.ts"
import { renderHtml } from "../../src/http/html.ts"
import { suspendClient } from "../../src/oauth/client.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onSqlite } from "../support/engines.ts"
import {
  addClient,
  addUser,
  connect,
  everyScope,
  type OAuthSite,
  startOAuthSite,
  type TestClient,
  type TestUser,
} from "../support/oauth-site.ts"
import { connectUrl, fillSignIn, linkAccount, openPage, press, signInAs } from "./ground.ts"
import { lookAt, looks, pageAudit } from "./look.ts"

const longName = "Phần mềm Kế toán – Đối soát Ngân hàng Tự động cho Doanh nghiệp Vừa và Nhỏ Việt Nam 2026"
const longHost = `${"mot-ten-mien-con-rat-dai.".repeat(4)}example`

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onSqlite((engine) => {
  let site: OAuthSite
  let merchant: TestUser
  let clerk: TestUser
  let newcomer: TestUser
  let client: TestClient
  let suspended: TestClient

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    merchant = site.merchant
    clerk = await addUser(site.app, merchant.companyId, "User")
    newcomer = await addUser(site.app)
    const accountId = await linkAccount(site, merchant, { accountNumber: "0071000111111", label: longName })
    await linkAccount(site, merchant, { accountNumber: "VQRQABCDEFGHIJ0123456789" })
    await linkAccount(site, merchant, { accountNumber: "0071000333333", label: "Thử", mode: "test" })
    client = await addClient(site, {
      name: longName,
      website: `https://${longHost}`,
      redirectUris: [`https://${longHost}/callback`],
      scope: "bank-account:read",
      optionalScope: "transaction:read webhook:read webhook:write webhook:delete profile company",
      approve: false,
    })
    suspended = await addClient(site, { name: "Bị ngưng" })
    await suspendClient(site.app.context.db, suspended.clientId, "a test", site.clock.now())
    const connected = await addClient(site, { name: longName })
    await connect(site, connected, { scope: everyScope, bankAccountIds: [accountId] })
    await connect(site, connected, { user: clerk })
    await transaction(site.app.context.db, (tx) =>
      tx.updateTable("bank_accounts").set({ balance: 12_345_678_901 }).where("id", "=", accountId).execute(),
    )
  })
  after(() => site.stop())

  const errorOf = (status: number) => async (page: Page) => {
    const language = (await page.evaluate("navigator.language")) === "en-US" ? "en" : "vi"
    const body = renderHtml(errorPage({ status, language, requestId: "0".repeat(36), retryAfterSeconds: 42 }))
    await page.route("**/an-error", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }))
    await page.goto(`${site.url}/an-error`)
  }
  const open = (path: string, user?: () => TestUser) => async (page: Page) => {
    if (user !== undefined) await signInAs(page, site, user())
    await page.goto(site.url + path)
  }
  const consentOf = (user: () => TestUser) => async (page: Page) => {
    await signInAs(page, site, user())
    await page.goto(connectUrl(site, client, { prompt: "consent" }))
    await page.locator("input[value=chosen]").check()
  }

  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    "the welcome": open("/"),
    "the sign-in": open("/login"),
    "the sign-in of an app": (page) => page.goto(connectUrl(site, client)),
    "the sign-in after a wrong password": async (page) => {
      await page.goto(`${site.url}/login`)
      await fillSignIn(page, { email: `${"rat-dai".repeat(20)}@example.com`, password: "wrong" })
    },
    "the consent": consentOf(() => merchant),
    "the consent of a user without permissions": consentOf(() => clerk),
    "the consent after a mistake": async (page) => {
      await consentOf(() => merchant)(page)
      await press(page, "button[value=approve]")
    },
    "the overview": open("/", () => merchant),
    "the overview without accounts": open("/", () => newcomer),
    "the overview of a user without permissions": open("/", () => clerk),
    "the connected apps": open("/connected-apps", () => merchant),
    "the connected apps, none": open("/connected-apps", () => newcomer),
    "the question before revoking": async (page) => {
      await open("/connected-apps", () => merchant)(page)
      await press(page, "article >> nth=0 >> a.danger")
    },
    "the API reference": open("/docs/api"),
    "the addresses of webhooks": open("/egress-ips", () => merchant),
    "an unknown path": open("/nowhere"),
    "too many requests": errorOf(429),
    "a failure": errorOf(500),
    "a pause": errorOf(503),
    "an unknown app": open("/oauth/authorize?client_id=x"),
    "an unregistered address": (page) =>
      page.goto(connectUrl(site, client, { redirect_uri: `https://${longHost}/${"x".repeat(200)}` })),
    "a suspended app": (page) => page.goto(connectUrl(site, suspended)),
    "an app of another company": async (page) => {
      await signInAs(page, site, newcomer)
      await page.goto(connectUrl(site, client))
    },
    "an outdated request": open("/oauth/consent?request=x"),
  }

  it("the audit finds what it looks for", async () => {
    const { page } = await openPage(browser, { viewport: { width: 390, height: 844 } })
    await page.setContent(`<!doctype html><body style="background:#fff;color:#bbb"><h2>Faint</h2><a href="#gone">x</a>
      <input name=q aria-describedby=gone><div style="width:500px">wide</div>`)
    const problems: unknown = await page.evaluate(pageAudit)
    await page.context().close()
    const found = [
      /500|508/,
      /skips a level/,
      /0 h1/,
      /leads nowhere/,
      /described by nothing/,
      /no label/,
      /inline/,
      /×/,
      /contrast/,
    ]
    assert.ok(Array.isArray(problems))
    for (const fault of found)
      assert.ok(
        problems.some((problem) => fault.test(problem)),
        `${fault}: ${problems}`,
      )
  })

  for (const look of looks) {
    const scripts = look.name === "desktop"
    describe(`in the look "${look.name}" (${look.locale}, ${look.colorScheme}), scripts ${scripts ? "on" : "off"}`, () => {
      for (const [name, go] of Object.entries(pages)) {
        it(`${name} fits, reads in order, has names and contrast, and keeps the content-security policy`, async () => {
          const { name: _name, ...options } = look
          const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: scripts })
          try {
            await go(page)
            await lookAt(page, `${name} (${look.name})`, { scripts })
            assert.equal(await page.locator("html").getAttribute("lang"), look.locale.slice(0, 2))
            assert.deepEqual(complaints, [])
          } finally {
            await page.context().close()
          }
        })
      }
    })
  }
})
