import assert from "node:assert/strict"
import { mkdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import type { Page } from "playwright-core"

/** What finds the faults of a page that need no library, as sentences. */
export const pageAudit = readFileSync(new URL("page-audit.js", import.meta.url), "utf8")
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

// Runs axe by the rules of WCAG 2.2 A and AA and its best practices; what is serious or critical counts.
const runAxe = `${axe};axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, help, nodes }) => id + ": " + help + " at " + nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", ")))`

/** The looks that every page is seen in: a light phone, a dark desktop and the narrowest phone there is. */
export const looks = [
  { name: "phone", locale: "vi-VN", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { name: "desktop", locale: "en-US", colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  { name: "narrow", locale: "vi-VN", colorScheme: "dark", viewport: { width: 360, height: 640 } },
] as const

/**
 * Looks at the page that is shown: it fits, reads in order, has names and contrast, and axe finds nothing serious. Leaves a
 * screenshot `name.png` in the folder that the variable SCREENSHOTS names, if it names one.
 *
 * @param scripts false for a page whose scripts are off: axe waits on timers, which then never come
 */
export async function lookAt(page: Page, name: string, { scripts = true } = {}): Promise<void> {
  const found: unknown = await page.evaluate(pageAudit)
  // After the audit: a screenshot puts styles of its own on the page.
  const folder = process.env["SCREENSHOTS"]
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
  assert.deepEqual(found, [], `the audit of ${name}`)
  if (scripts) assert.deepEqual(await page.evaluate(runAxe), [], `axe on ${name}`)
}
