import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { findChromium } from "./chromium.ts"

/** What a visitor's browser is like; by default a Vietnamese desktop with scripts on. */
export interface PageOptions {
  readonly javaScriptEnabled?: boolean
  readonly colorScheme?: "light" | "dark"
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly locale?: string
}

/** A running Chromium that reaches nothing but this machine. */
export interface TestBrowser {
  /** Opens a page of a new visitor: no cookies, nothing cached. */
  newPage(options?: PageOptions): Promise<Page>
  close(): Promise<void>
}

const ACTION_TIMEOUT_MS = 10_000

// Not the package's own list: it switches off the same-origin policy and process isolation.
const CHROMIUM_ARGUMENTS = [
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-pings",
  "--font-render-hinting=none",
  // A name that is not loopback does not even resolve, also for what a page's own requests do not show.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
]

/** Starts Chromium for a whole test file; close it in an `after` hook. */
export async function openBrowser(): Promise<TestBrowser> {
  const { executablePath, env } = await findChromium()
  const browser = await chromium.launch({
    executablePath,
    env,
    headless: true,
    args: CHROMIUM_ARGUMENTS,
    chromiumSandbox: false, // It refuses to run as root and in most containers, and only our own pages are opened.
  })
  return { newPage: (options) => openPage(browser, options), close: () => browser.close() }
}

/** Starts Chromium, hands it to `use`, and ends it, come what may. */
export async function withBrowser<T>(use: (browser: TestBrowser) => Promise<T>): Promise<T> {
  const browser = await openBrowser()
  try {
    return await use(browser)
  } finally {
    await browser.close()
  }
}

async function openPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  context.setDefaultTimeout(ACTION_TIMEOUT_MS)
  await refuseOutside(context)
  return context.newPage()
}

async function refuseOutside(context: BrowserContext): Promise<void> {
  await context.route(
    (url) => !isLoopback(url),
    (route) => route.abort("blockedbyclient"),
  )
}

function isLoopback(url: URL): boolean {
  if (!/^(https?|wss?):$/.test(url.protocol)) return true // data:, blob: and about: go nowhere.
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
}
