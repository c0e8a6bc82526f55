import type { FastifyInstance } from "fastify"
import type { Loop } from "./background.ts"
import { findBankAccounts } from "./banking/account-lookup.ts"
import { registerBankingApi } from "./banking/api.routes.ts"
import { listConsentAccounts } from "./banking/bank-account.ts"
import { createDefaultPaymentCodeTemplate } from "./banking/payment-code-settings.ts"
import { indexChanges } from "./banking/search-index.ts"
import type { Context } from "./context.ts"
import { findDatabaseProblem } from "./database/check-database.ts"
import { transaction } from "./database/engine.ts"
import { recordLoopRun } from "./database/loop-runs.ts"
import { registerFeeds } from "./feeds/feeds.routes.ts"
import { sweepStagedImports } from "./feeds/sweep-imports.ts"
import { sweepUploads } from "./feeds/sweep-uploads.ts"
import { assetRoutes } from "./http/assets.routes.ts"
import { healthRoutes } from "./http/health.routes.ts"
import { pageScope } from "./http/page-surface.ts"
import { createServer } from "./http/server.ts"
import { cleanIdentity } from "./identity/cleanup.ts"
import { registerIdentity } from "./identity/identity.routes.ts"
import { type AuthorizationServer, startAuthorizationServer } from "./oauth/authorization-server.ts"
import { cleanOAuth } from "./oauth/cleanup.ts"
import { oauthPages, registerOAuth } from "./oauth/oauth.routes.ts"
import { warnOfEndingSecrets } from "./oauth/secret-warnings.ts"
import { apiReferenceRoutes } from "./portal/api-reference.routes.ts"
import { auditRoutes } from "./portal/audit/audit.routes.ts"
import { appActivityRoutes } from "./portal/developer/app-activity.routes.ts"
import { developerAppRoutes } from "./portal/developer/apps.routes.ts"
import { egressIpsRoutes } from "./portal/egress-ips.routes.ts"
import { mailboxRoutes } from "./portal/mailbox.routes.ts"
import { bankPages } from "./portal/merchant/bank-pages.routes.ts"
import { companyRoutes } from "./portal/merchant/company.routes.ts"
import { moneyRoutes } from "./portal/merchant/money.routes.ts"
import { webhookPages } from "./portal/merchant/webhooks/webhook-pages.routes.ts"
import { operatorHealthRoutes } from "./portal/operator/health.routes.ts"
import { operatorPeopleRoutes } from "./portal/operator/people.routes.ts"
import { reviewRoutes } from "./portal/operator/reviews.routes.ts"
import { signingKeyRoutes } from "./portal/operator/signing-keys.routes.ts"
import { cleanWebhooks } from "./webhooks/cleanup.ts"
import { createDelivery } from "./webhooks/delivery-service.ts"
import type { DeliveryWorker } from "./webhooks/delivery-worker.ts"
import { continueReplays } from "./webhooks/replay-run.ts"

/** The platform in one process: what answers requests, and what runs beside them. */
export interface Platform {
  readonly app: FastifyInstance
  readonly loops: readonly Loop[]
  /** Delivers webhooks, once it is started. */
  readonly worker: DeliveryWorker
}

const cleanupEveryMs = 60_000
const lastUsedEveryMs = 20_000
const requestLogEveryMs = 1000
const replaysEveryMs = 2000
const searchIndexEveryMs = 1000
const secretWarningsEveryMs = 10 * 60_000
const waitingMailsEveryMs = 5000

/** Composition root: mounts every surface in its own scope and hands over the seams of docs/architecture.md. */
export async function buildApp(context: Context): Promise<Platform> {
  const app = createServer(context)
  const server = await startAuthorizationServer(context)
  app.addHook("onClose", async () => server.stop())

  let draining = false
  app.addHook("preClose", async () => {
    draining = true
  })

  healthRoutes(app, context, [
    async () => (draining ? "The platform is shutting down." : undefined),
    async () => (server.keys.canSign() ? undefined : "There is no active signing key."),
    () => findDatabaseProblem(context.db),
  ])
  registerOAuth(app, context, server)
  const { worker, tools } = createDelivery(context)
  const api = { guard: server.guard, requestLog: server.requestLog, deliveryTools: tools, isReady: () => !draining }
  const describeApi = registerBankingApi(app, context, api)
  registerFeeds(app, context)
  pageScope(app, context, async (pages) => {
    assetRoutes(pages, context)
    const checkPassword = registerIdentity(pages, context, createDefaultPaymentCodeTemplate)
    await oauthPages(pages, context, server, listConsentAccounts)
    moneyRoutes(pages, context)
    apiReferenceRoutes(pages, context, describeApi)
    egressIpsRoutes(pages, context)
    mailboxRoutes(pages, context)
    developerAppRoutes(pages, context)
    reviewRoutes(pages, context)
    signingKeyRoutes(pages, context)
    operatorHealthRoutes(pages, context)
    appActivityRoutes(pages, context, server)
    await bankPages(pages, context)
    operatorPeopleRoutes(pages, context)
    companyRoutes(pages, context, checkPassword)
    auditRoutes(pages, context)
    webhookPages(pages, context, { tools, findBankAccounts })
  })
  return { app, loops: loopsOf(context, server), worker }
}

function loopsOf(
  { db, clock, config, mail }: Context,
  { lastUsed, requestLog }: Pick<AuthorizationServer, "lastUsed" | "requestLog">,
): readonly Loop[] {
  return [
    { name: "last used", everyMs: lastUsedEveryMs, finally: true, run: lastUsed.flush },
    { name: "request log", everyMs: requestLogEveryMs, finally: true, run: requestLog.flush },
    {
      name: "webhook replays",
      everyMs: replaysEveryMs,
      once: true,
      run: (signal) => continueReplays(db, clock, signal),
    },
    {
      name: "search index",
      everyMs: searchIndexEveryMs,
      once: true,
      run: async (signal) => void (await untilNothingIsLeft(signal, () => indexChanges(db))),
    },
    {
      name: "secret warnings",
      everyMs: secretWarningsEveryMs,
      run: async () => {
        await warnOfEndingSecrets({ db, siteUrl: config.url, mail }, clock.now())
      },
    },
    {
      name: "waiting mails",
      everyMs: waitingMailsEveryMs,
      once: true,
      run: () => mail.sendDue(),
    },
    {
      name: "cleanup",
      everyMs: cleanupEveryMs,
      once: true,
      run: async (signal) => {
        await sweepStagedImports(db, clock.now())
        const rowsDone = await untilNothingIsLeft(
          signal,
          async () =>
            (await cleanIdentity(db, clock.now())) +
            (await cleanOAuth(db, clock.now())) +
            (await cleanWebhooks(db, clock.now())) +
            (await sweepUploads(db, clock.now())),
        )
        await transaction(db, (tx) => recordLoopRun(tx, { name: "cleanup", endedAt: clock.now(), rowsDone }))
      },
    },
  ]
}

// One small batch after the other, so that nobody waits long behind a clean-up.
async function untilNothingIsLeft(signal: AbortSignal, cleanBatch: () => Promise<number>): Promise<number> {
  let total = 0
  while (!signal.aborted) {
    const cleaned = await cleanBatch()
    if (cleaned === 0) break
    total += cleaned
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return total
}
