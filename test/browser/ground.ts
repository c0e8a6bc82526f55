import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Page } from "playwright-core"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import type { PageOptions, TestBrowser } from "../support/browser.ts"
import { encodeForm, type FormFields } from "../support/http.ts"
import type { OAuthSite, TestClient, TestUser } from "../support/oauth-site.ts"

/** Where an app takes its users back: a real server that notes what browsers bring. */
export interface RedirectReceiver {
  readonly redirectUri: string
  readonly arrived: readonly URL[]
  stop(): Promise<void>
}

/** Starts an app's redirect address on loopback. */
export async function startReceiver(): Promise<RedirectReceiver> {
  const arrived: URL[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1")
    if (url.pathname === "/callback") arrived.push(url)
    response.setHeader("content-type", "text/html; charset=utf-8")
    response.end("<!doctype html><title>The app</title><link rel=icon href=data:,><h1>The app</h1>")
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  const { port } = server.address() as AddressInfo
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    arrived,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

/** A page of a new visitor without script, and what its console complained about. */
export interface WatchedPage {
  readonly page: Page
  readonly complaints: readonly string[]
}

/** Opens a page without script; a violated content-security policy is a complaint too. */
export async function openPage(browser: TestBrowser, options: PageOptions = {}): Promise<WatchedPage> {
  const page = await browser.newPage({ javaScriptEnabled: false, ...options })
  const complaints: string[] = []
  page.on("console", (message) => {
    // Chromium notes every answer of 400 and above; those that a test provokes are none of a page's faults.
    const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status of 4")
    if (message.type() === "error" && !isStatus) complaints.push(message.text())
  })
  page.on("pageerror", (error) => complaints.push(error.message))
  return { page, complaints }
}

/** Fills the sign-in form that the page shows, and sends it. */
export async function fillSignIn(page: Page, user: Pick<TestUser, "email" | "password">): Promise<void> {
  await page.locator("input[name=email]").fill(user.email)
  await page.locator("input[name=password]").fill(user.password)
  await press(page, "main form button")
}

/** Signs in by the form at `/login`. */
export async function signInAs(page: Page, site: OAuthSite, user: TestUser): Promise<void> {
  await page.goto(`${site.url}/login`)
  await fillSignIn(page, user)
  assert.equal(page.url(), `${site.url}/`)
}

/** Clicks what leads to another page, and waits for that page. */
export async function press(page: Page, selector: string): Promise<void> {
  const loaded = page.waitForEvent("load")
  await page.locator(selector).click()
  await loaded
}

/** Where the client sends its user; `changes` adds parameters. */
export function connectUrl(site: OAuthSite, client: TestClient, changes: FormFields = {}): string {
  const fields = { response_type: "code", client_id: client.clientId, redirect_uri: client.redirectUri, state: "s t/1" }
  return `${site.url}/oauth/authorize?${encodeForm({ ...fields, ...changes })}`
}

/** Links an account of the user's company, and returns its id. */
export function linkAccount(
  site: OAuthSite,
  user: TestUser,
  account: { readonly accountNumber: string; readonly label?: string; readonly mode?: "live" | "test" },
): Promise<number> {
  const { accountNumber, label, mode = "live" } = account
  return createBankAccount(site.app.context.db, site.clock.now(), {
    companyId: user.companyId,
    bank: "Vietcombank",
    accountNumber,
    holderName: "CONG TY TNHH MAU",
    label,
    mode,
  })
}
