import { ageText } from "../../http/duration.page.ts"
import { type Html, type HtmlValue, html } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { facts, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { bytesText, countUpTo } from "../../messages/count.ts"
import { operatorHealthMessages } from "../../messages/operator-health.ts"
import type { SystemReport } from "./system-report.ts"

interface SystemPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly report: SystemReport
  readonly countedAtMost: number
}

const leastFreeBytes = 1024 ** 3
const cleanupLateMs = 15 * 60_000

/** What runs here, on what, and whether it has room and keeps itself clean. */
export function operatorSystemPage({ language, user, report, countedAtMost }: SystemPageData): Html {
  const words = speak(operatorHealthMessages, language)
  const { database, disk } = report
  const engine = database.engine === "sqlite" ? "SQLite" : "PostgreSQL"
  return layout(
    { language, title: words.systemTitle, user, current: "operator-system" },
    html`${pageHead(words.systemTitle, words.systemLead)}
${warnings(report, language)}
<section class="card"><h2>${words.program}</h2>${facts([
      [words.version, `SePay OAuth2 ${report.version}`],
      [words.runtime, `Node.js ${report.node}`],
      [words.address, html`<code>${report.url}</code>`],
      [words.processes, String(report.processes)],
      [words.uptime, ageText(report.uptimeSeconds, language)],
      [words.memory, bytesText(report.memoryBytes, language)],
    ])}</section>
<section class="card"><h2>${words.storage}</h2>${facts([
      [words.engine, `${engine} ${database.version}`],
      [words.size, bytesText(database.bytes, language)],
      [
        words.disk,
        words.freeOf({ free: bytesText(disk.freeBytes, language), total: bytesText(disk.totalBytes, language) }),
      ],
    ])}</section>
<section class="card"><h2>${words.work}</h2>${facts([
      [
        words.due,
        html`${countUpTo(report.deliveriesDue, countedAtMost, language)} · <a class="line-link" href="/operator/deliveries">${words.details}</a>`,
      ],
      [words.cleanup, cleanupText(report, language)],
    ])}</section>`,
  )
}

function cleanupText({ loops }: SystemReport, language: Language): HtmlValue {
  const words = speak(operatorHealthMessages, language)
  const cleanup = loops.find(({ name }) => name === "cleanup")
  if (cleanup === undefined) return words.neverCleaned
  const rows = new Intl.NumberFormat(language).format(cleanup.rowsDone)
  return html`${momentText(cleanup.endedAt, language)} · ${words.rowsCleaned(rows)}`
}

function warnings({ disk, loops, now, uptimeSeconds }: SystemReport, language: Language): Html {
  const words = speak(operatorHealthMessages, language)
  const cleanup = loops.find(({ name }) => name === "cleanup")
  // A node that has just started has not had its turn yet.
  const isLate =
    uptimeSeconds * 1000 > cleanupLateMs && (cleanup === undefined || now - cleanup.endedAt > cleanupLateMs)
  return html`${disk.freeBytes < leastFreeBytes ? note("danger", words.diskFull) : ""}${isLate ? note("warn", words.cleanupLate) : ""}`
}
