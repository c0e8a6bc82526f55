import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { FastifyInstance } from "fastify"
import { type Clock, type Instant, systemClock } from "../../src/clock.ts"
import { readConfig } from "../../src/config.ts"
import type { Context } from "../../src/context.ts"
import { DatabaseUnavailable } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { assetRoutes } from "../../src/http/assets.routes.ts"
import { hiddenField, textArea, textField } from "../../src/http/fields.page.ts"
import { html } from "../../src/http/html.ts"
import { layout } from "../../src/http/layout.page.ts"
import { formOf, sendPage } from "../../src/http/page-answer.ts"
import { pageScope } from "../../src/http/page-surface.ts"
import { createServer } from "../../src/http/server.ts"
import { newFormKey } from "../../src/identity/form-once.ts"
import { registerIdentity } from "../../src/identity/identity.routes.ts"
import { requireForm, requireSession, sessionOf } from "../../src/identity/require-session.hook.ts"
import { createInstanceBus } from "../../src/instance-bus.ts"
import { createLog } from "../../src/log.ts"
import { createMailer } from "../../src/mail.ts"
import { createMetrics } from "../../src/metrics.ts"
import { createOutbound } from "../../src/outbound/guarded-request.ts"
import { makeFakeClock } from "../support/clock.ts"
import { findFreePort } from "../support/free-port.ts"
import { TEST_SECRET } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

/** The identity pages on their own port, with a small page behind them that needs a session. */
export interface IdentitySite {
  readonly url: string
  readonly context: Context
  close(): Promise<void>
}

export interface SiteOptions {
  readonly clock?: Clock
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the site on a database; the address of a caller is what `X-Forwarded-For` says. */
export async function startIdentitySite(
  databaseUrl: string,
  { clock = systemClock, env = {} }: SiteOptions = {},
): Promise<IdentitySite> {
  const port = await findFreePort()
  const url = `http://localhost:${port}`
  const read = readConfig({
    SEPAY_URL: url,
    SEPAY_SECRET: TEST_SECRET,
    DATABASE_URL: databaseUrl,
    TRUSTED_PROXIES: "127.0.0.0/8,::1",
    RATE_LIMIT_PAGES: "off",
    LOG_LEVEL: "silent",
    ...env,
  })
  // On PostgreSQL it would be the working directory's.
  const dataDirectory = databaseUrl.startsWith("sqlite:") ? read.dataDirectory : makeTemporaryDirectory()
  const config = { ...read, dataDirectory }
  const db = await openDatabase({ url: databaseUrl })
  const log = createLog(config.logLevel)
  const outbound = createOutbound(config.outbound)
  const mail = createMailer({ config, clock, log, db })
  const context: Context = {
    ...{ config, clock, db, log, outbound, mail },
    metrics: createMetrics(),
    bus: createInstanceBus(),
  }
  const app = createServer(context)
  pageScope(app, context, (scope) => {
    assetRoutes(scope, context)
    registerIdentity(scope, context, async () => {})
    const signedIn = { onRequest: requireSession(context) }
    scope.get("/dashboard", signedIn, (request) => sessionOf(request))
    scope.post("/dashboard", { ...signedIn, preHandler: requireForm(context) }, () => "changed")
    addNotes(scope, context)
    scope.get("/broken", () => {
      throw new Error("a page that fails")
    })
    scope.get("/away", () => {
      throw new DatabaseUnavailable("The database went away.")
    })
  })
  await app.listen({ port, host: "127.0.0.1" })
  const close = async (): Promise<void> => {
    await app.close()
    await mail.close(1000)
    await outbound.close()
    await closeDatabase(db)
  }
  return { url, context, close }
}

// A page with a form as the platform's pages have them; its post answers with what arrived.
function addNotes(scope: FastifyInstance, context: Context): void {
  const signedIn = { onRequest: requireSession(context) }
  const posted = { ...signedIn, preHandler: requireForm(context) }
  scope.get("/notes/:noteId", signedIn, (request, reply) => {
    const { language } = request
    const user = sessionOf(request)
    const form = html`<h1>Notes</h1><form method="post" action="${request.url}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", newFormKey())}
${textField({ name: "name", label: "Name" })}${textArea({ name: "description", label: "Description" })}${textField({ name: "scope", label: "Scope" })}
${textField({ name: "signing_secret", label: "Secret", type: "password" })}<button class="button">Send</button></form>`
    return sendPage(reply, layout({ language, title: "Notes", user }, form))
  })
  scope.post("/notes/:noteId", posted, (request) => [...formOf(request)].filter(([name]) => name !== "csrf_token"))
  scope.post("/notes/:noteId/delete", posted, () => "deleted")
}

/** The site in a process of its own, as one of several on a database. */
export interface SiteProcess {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the site in a process of its own; its clock stands at `now`, if that is given. */
export async function startSiteProcess(databaseUrl: string, now?: Instant): Promise<SiteProcess> {
  const program = [fileURLToPath(import.meta.url), databaseUrl, ...(now === undefined ? [] : [String(now)])]
  const child: ChildProcess = spawn(process.execPath, program, {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error("The site's process has no pipes.")
  const [url] = (await once(createInterface(stdout), "line")) as [string]
  const stop = async (): Promise<void> => {
    stdin.end()
    await once(child, "exit")
  }
  return { url, stop }
}

if (import.meta.main) {
  const [, , databaseUrl = "", now] = process.argv
  const clock = now === undefined ? systemClock : makeFakeClock(Number(now) as Instant)
  const site = await startIdentitySite(databaseUrl, { clock })
  process.stdout.write(`${site.url}\n`)
  await once(process.stdin.resume(), "end")
  await site.close()
}
