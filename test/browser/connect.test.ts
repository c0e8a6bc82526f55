import assert from "node:assert/strict"
import { after, afterEach, before, beforeEach, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  addClient,
  callApi,
  expectTokens,
  type OAuthSite,
  redeemCode,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"
import {
  connectUrl,
  fillSignIn,
  openPage,
  press,
  type RedirectReceiver,
  startReceiver,
  type WatchedPage,
} from "./ground.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onEachEngine((engine) => {
  let site: OAuthSite
  let receiver: RedirectReceiver
  let client: TestClient
  let watched: WatchedPage
  let page: Page

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
  })
  beforeEach(async () => {
    receiver = await startReceiver()
    client = await addClient(site, {
      name: "Phần mềm Bán hàng",
      redirectUris: [receiver.redirectUri],
      scope: "profile",
      optionalScope: "company transaction:read",
    })
    watched = await openPage(browser)
    page = watched.page
  })
  afterEach(async () => {
    await page.context().close()
    await receiver.stop()
    assert.deepEqual(watched.complaints, [])
  })
  after(() => site.stop())

  const arrivedOnce = (): URL => {
    const [url, ...more] = receiver.arrived
    assert.ok(url !== undefined && more.length === 0, `${receiver.arrived.length} arrived`)
    return url
  }

  describe("in Chromium without script", () => {
    it("a merchant signs in, allows the app, and the code that arrives there is worth tokens", async () => {
      await page.goto(connectUrl(site, client))
      await fillSignIn(page, site.merchant)
      assert.match((await page.locator("h1").textContent()) ?? "", /Phần mềm Bán hàng/)
      await press(page, "button[value=approve]")
      assert.equal(await page.locator("h1").textContent(), "The app")
      const { searchParams } = arrivedOnce()
      assert.deepEqual([...searchParams.keys()], ["code", "state", "iss"])
      assert.deepEqual([searchParams.get("state"), searchParams.get("iss")], ["s t/1", site.url])
      const tokens = expectTokens(await redeemCode(site, client, searchParams.get("code") ?? ""))
      assert.equal(await callApi(site, tokens.access_token), 200)
    })

    it("by keyboard alone: Tab, Space and Enter are enough, in the order of the page", async () => {
      await page.goto(connectUrl(site, client))
      await page.locator("input[name=email]:focus").waitFor()
      await page.keyboard.type(site.merchant.email)
      await page.keyboard.press("Tab")
      await page.keyboard.type(site.merchant.password)
      const consent = page.waitForEvent("load")
      await page.keyboard.press("Enter")
      await consent
      assert.deepEqual(await tabThrough(page), [
        "a:Đến nội dung chính",
        "a:SePay OAuth2, trang chủ",
        "a:English",
        "checkbox:transaction:read",
        "checkbox:company",
        "radio:all",
        "button:approve",
        "button:deny",
        "button:Dùng tài khoản khác",
      ])
      await tabTo(page, "checkbox:company")
      // Enter in a box would press the form's first button, were there one to press: that must not be consent.
      await page.keyboard.press("Space")
      const again = page.waitForEvent("load")
      await page.keyboard.press("Enter")
      await again
      assert.equal(new URL(page.url()).pathname, "/oauth/consent")
      assert.equal(await page.locator("input[value=company]").isChecked(), false)
      await tabTo(page, "button:approve")
      const back = page.waitForEvent("load")
      await page.keyboard.press("Enter")
      await back
      const code = arrivedOnce().searchParams.get("code") ?? ""
      assert.equal(expectTokens(await redeemCode(site, client, code)).scope, "transaction:read profile")
    })

    it("who refuses goes back too, with access_denied and no code", async () => {
      await page.goto(connectUrl(site, client))
      await fillSignIn(page, site.merchant)
      await press(page, "button[value=deny]")
      const { searchParams } = arrivedOnce()
      assert.deepEqual([searchParams.get("error"), searchParams.get("code")], ["access_denied", null])
      await page.goto(`${site.url}/connected-apps`)
      assert.equal(await page.locator(`a[href$="/revoke"]`).filter({ hasText: "Phần mềm Bán hàng" }).count(), 0)
    })
  })
})

/** What the focus stops at, from the top of the page to the end of its controls. */
async function tabThrough(page: Page): Promise<string[]> {
  const stops: string[] = []
  for (;;) {
    const stop = await tab(page)
    if (stop === undefined || stops.includes(stop)) return stops
    stops.push(stop)
  }
}

async function tabTo(page: Page, stop: string): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) if ((await tab(page)) === stop) return
  assert.fail(`Tab never stops at ${stop}`)
}

async function tab(page: Page): Promise<string | undefined> {
  await page.keyboard.press("Tab")
  const stop: unknown = await page.evaluate(`(() => {
    const { activeElement: at } = document
    if (at === null || at === document.body) return null
    if (at.tagName === "INPUT") return at.type + ":" + at.value
    return at.tagName.toLowerCase() + ":" + (at.value || at.getAttribute("aria-label") || at.textContent.trim())
  })()`)
  return typeof stop === "string" ? stop : undefined
}
