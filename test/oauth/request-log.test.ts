import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import type { Instant } from "../../src/clock.ts"
import { DatabaseUnavailable } from "../../src/database/engine.ts"
import { createMetrics } from "../../src/metrics.ts"
import { rowsPerMinute } from "../../src/oauth/call-window.ts"
import { readClientUsage } from "../../src/oauth/client-usage.ts"
import type { LoggedCall } from "../../src/oauth/logged-call.ts"
import { getOwnClient } from "../../src/oauth/own-client.ts"
import { createRequestLog } from "../../src/oauth/request-log.ts"
import { vietnamDay } from "../../src/vietnam-time.ts"
import { onEachEngine, onSqlite } from "../support/engines.ts"
import { authorize, authorizeUrl, signIn } from "../support/oauth-pages.ts"
import { callAlone, startOAuthServer, withGround } from "../support/oauth-processes.ts"
import {
  addClient,
  callApi,
  connect,
  credentials,
  grantCode,
  makePkce,
  type OAuthSite,
  postToken,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"
import { loggedCalls } from "./request-ground.ts"

async function usageOf(site: OAuthSite, client: TestClient) {
  await site.app.runLoop("request log")
  const { db } = site.app.context
  const { rowId } = await getOwnClient(db, site.merchant.companyId, client.clientId)
  return (await readClientUsage(db, rowId, 7, site.clock.now())).total
}

onEachEngine((engine) => {
  let site: OAuthSite
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
  })
  after(() => site.stop())

  describe("a call in the request log", () => {
    it("has its time, endpoint by pattern, status, request id, address, user agent, data and duration", async () => {
      const client = await addClient(site)
      const { access_token } = await connect(site, client, { scope: "bank-account:read" })
      await site.caller.get("/api/v1/bank-accounts/7?secret=x", {
        authorization: `Bearer ${access_token}`,
        "x-request-id": "my-own.id_1",
        "user-agent": "ShopBot/1.0",
      })
      const [call] = await loggedCalls(site, client)
      assert.ok(call !== undefined)
      const { at, endpoint, method, status, requestId, ip, userAgent, mode, durationMs, repeats, proven } = call
      assert.deepEqual(
        { at, endpoint, method, status, requestId, userAgent, mode, repeats, proven },
        {
          at: site.clock.now(),
          endpoint: "/api/v1/bank-accounts/{id}",
          method: "GET",
          status: 404,
          requestId: "my-own.id_1",
          userAgent: "ShopBot/1.0",
          mode: "live",
          repeats: 1,
          proven: true,
        },
      )
      assert.match(ip ?? "", /^(127\.0\.0\.1|::1)$/)
      assert.ok(durationMs > 0 && durationMs < 60_000)
    })

    it("of the authorization endpoint does not keep the address of the user's browser", async () => {
      const client = await addClient(site)
      const visitor = await signIn(site.url, site.merchant)
      await authorize(visitor, authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri }))
      const calls = await loggedCalls(site, client)
      assert.deepEqual(
        calls.map(({ reason, ip }) => [reason, ip]),
        [
          ["authorization_approved", null],
          ["authorization_started", null],
        ],
      )
    })

    it("never holds a secret, code, token or verifier, wherever a caller puts it", async () => {
      const client = await addClient(site)
      const { verifier, challenge } = makePkce()
      const tokens = await connect(site, client)
      const code = await grantCode(site, client, { challenge })
      const misplaced = [client.clientSecret, tokens.access_token, tokens.refresh_token, code]
      for (const secret of misplaced) {
        const fields = { client_id: client.clientId, redirect_uri: `${client.redirectUri}?x=${secret}`, state: secret }
        await site.caller.get(authorizeUrl(site.url, fields), {
          "user-agent": secret,
        })
        const right = { client_id: client.clientId, redirect_uri: client.redirectUri }
        await site.caller.get(authorizeUrl(site.url, { ...right, scope: secret, response_mode: "query" }))
        await site.caller.get(authorizeUrl(site.url, { ...right, response_type: secret }))
        await postToken(site, { grant_type: secret, ...credentials(client) })
        await redeemCode(site, client, code, {
          redirect_uri: `${client.redirectUri}/${secret}`,
          code_verifier: verifier,
        })
        await refresh(site, client, tokens.refresh_token, { scope: secret })
        await site.caller.get(`/api/v1/transactions/1?limit=${secret}`, {
          authorization: `Bearer ${tokens.access_token}`,
        })
      }
      await redeemCode(site, client, code, { code_verifier: `${verifier}+` })
      await loggedCalls(site, client)
      const rows = JSON.stringify(await site.app.context.db.selectFrom("client_requests").selectAll().execute())
      for (const secret of [...site.secrets, verifier]) {
        assert.ok(!rows.includes(secret), `the log holds ${secret.slice(0, 12)}…`)
        // The middle tells of the secret also when an end was cut off.
        assert.ok(!rows.includes(secret.slice(20, 40)), `the log holds a part of ${secret.slice(0, 12)}…`)
      }
    })

    it("is nobody's when the client_id is made up", async () => {
      const before = await site.app.context.db.selectFrom("client_requests").select("id").execute()
      await postToken(site, {
        grant_type: "refresh_token",
        client_id: "client_zzzzzzzzzzzzzzzzzzzz",
        client_secret: "x",
      })
      await site.app.runLoop("request log")
      const rows = await site.app.context.db.selectFrom("client_requests").select("id").execute()
      assert.equal(rows.length, before.length)
    })

    it("goes after a week, and its count stays", async () => {
      const client = await addClient(site)
      await refresh(site, client, "sepay_rt_x")
      assert.equal((await loggedCalls(site, client)).length, 1)
      site.clock.advance({ days: 6, hours: 23 })
      await site.app.runLoop("cleanup")
      assert.equal((await loggedCalls(site, client)).length, 1)
      site.clock.advance({ hours: 2 })
      await site.app.runLoop("cleanup")
      assert.equal((await loggedCalls(site, client)).length, 0)
      const { db } = site.app.context
      const { rowId } = await getOwnClient(db, site.merchant.companyId, client.clientId)
      assert.equal((await readClientUsage(db, rowId, 30, site.clock.now())).total.refused, 1)
    })
  })

  describe("a flood", () => {
    it("of a stranger who names an app folds into few rows, spoils no error rate, and leaves the app its own", async () => {
      const client = await addClient(site)
      const tokens = await connect(site, client)
      const flood = 200
      for (let sent = 0; sent < flood; sent += 50) {
        await Promise.all(
          Array.from({ length: 50 }, () =>
            postToken(site, { grant_type: "refresh_token", client_id: client.clientId, client_secret: "guess" }),
          ),
        )
      }
      assert.equal(await callApi(site, tokens.access_token), 200)
      const calls = await loggedCalls(site, client)
      const strange = calls.filter(({ proven }) => !proven)
      assert.equal(strange.length, rowsPerMinute.unproven + 1)
      assert.equal(
        strange.reduce((sum, { repeats }) => sum + repeats, 0),
        flood,
      )
      assert.equal(calls.filter(({ proven }) => proven).length, 2)
      assert.deepEqual(await usageOf(site, client), { ok: 2, refused: 0, limited: 0, failed: 0, unproven: flood })
    })

    it("of an app's own calls folds likewise, is counted up in its row, and ends with the minute", async () => {
      const client = await addClient(site)
      const { access_token } = await connect(site, client)
      const call = async (count: number) => {
        for (let sent = 0; sent < count; sent += 50) {
          await Promise.all(Array.from({ length: 50 }, () => callApi(site, access_token)))
        }
      }
      await call(150)
      const folded = (await loggedCalls(site, client)).find(({ repeats }) => repeats > 1)
      assert.equal(folded?.repeats, 150 + 1 - rowsPerMinute.passed)
      await call(50)
      assert.equal((await loggedCalls(site, client)).find(({ id }) => id === folded?.id)?.repeats, folded.repeats + 50)
      site.clock.advance({ minutes: 1 })
      await call(50)
      assert.equal((await usageOf(site, client)).ok, 251)
      const rows = await site.app.context.db
        .selectFrom("client_requests")
        .select((count) => count.fn.countAll<number>().as("count"))
        .where("at", "=", site.clock.now())
        .executeTakeFirstOrThrow()
      assert.equal(rows.count, 50, "each call has a row of its own again")
    })
  })

  describe("several processes", () => {
    it("count the calls of an app together, exactly, and write what they hold when they drain", async () => {
      const url = await engine.createDatabase("migrated")
      const calls = 240
      const server = await startOAuthServer(url, { WORKERS: "3" })
      const { client, token } = await withGround(url, server.url, async (ground) => {
        const added = await addClient(ground)
        return { client: added, token: (await connect(ground, added)).access_token }
      })
      for (let sent = 0; sent < calls; sent += 40) {
        const statuses = await Promise.all(Array.from({ length: 40 }, () => callAlone(server.url, token)))
        assert.deepEqual(new Set(statuses), new Set([200]))
      }
      await server.stop()
      await withGround(url, server.url, async ({ app }) => {
        const { db } = app.context
        const { id } = await db
          .selectFrom("clients")
          .select("id")
          .where("client_id", "=", client.clientId)
          .executeTakeFirstOrThrow()
        const counted = await db
          .selectFrom("client_usage")
          .select((sum) => sum.fn.sum<number>("calls").as("calls"))
          .where("client_row_id", "=", id)
          .where("endpoint", "=", "/api/v1/me")
          .executeTakeFirstOrThrow()
        const logged = await db
          .selectFrom("client_requests")
          .select((sum) => sum.fn.sum<number>("repeats").as("calls"))
          .where("client_row_id", "=", id)
          .where("endpoint", "=", "/api/v1/me")
          .executeTakeFirstOrThrow()
        assert.deepEqual([Number(counted.calls), Number(logged.calls)], [calls, calls])
      })
    })
  })
})

onSqlite((engine) => {
  it("what the database cannot take is kept and written later; what is beyond memory is dropped and counted", async () => {
    const site = await startOAuthSite(engine.databaseUrl())
    const client = await addClient(site)
    const { db } = site.app.context
    const { rowId } = await getOwnClient(db, site.merchant.companyId, client.clientId)
    const metrics = createMetrics()
    let away = true
    const failing = Object.assign(Object.create(db), {
      engine: {
        ...db.engine,
        transaction: (...parameters: Parameters<typeof db.engine.transaction>) =>
          away ? Promise.reject(new DatabaseUnavailable("away")) : db.engine.transaction(...parameters),
      },
    })
    const log = createRequestLog(failing, metrics)
    const minutes = 150
    for (let minute = 0; minute < minutes; minute++) {
      for (let index = 0; index < 100; index++) log.record(aCall(client, rowId, (minute * 60_000 + 1) as Instant))
      if (minute % 50 === 0) await assert.rejects(log.flush(), DatabaseUnavailable)
    }
    const dropped = (await metrics.requestLogDropped.get()).values[0]?.value ?? 0
    assert.equal(dropped, 5000)
    away = false
    await log.flush()
    const rows = await sql<{ count: number }>`select count(*) as count from client_requests`.execute(db)
    assert.equal(rows.rows[0]?.count, 10_000)
    const usage = await db.selectFrom("client_usage").selectAll().execute()
    assert.deepEqual(usage, [
      { client_row_id: rowId, day: vietnamDay(1 as Instant), endpoint: "/api/v1/me", outcome: "ok", calls: 15_000 },
    ])
    await site.stop()
  })
})

function aCall({ clientId }: TestClient, clientRowId: number, at: Instant): LoggedCall {
  const caller = { requestId: "r", ip: "127.0.0.1", userAgent: "", mode: "live" } as const
  const answer = { endpoint: "/api/v1/me", method: "GET", status: 200, error: null, exact: undefined, durationMs: 1 }
  return { clientId, clientRowId, proven: true, at, ...caller, ...answer }
}
