import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import { DatabaseUnavailable, transaction } from "../../src/database/engine.ts"
import { migrateToLatest } from "../../src/database/migrate.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import {
  addClient,
  callApi,
  connect,
  expectRefusal,
  expectTokens,
  type OAuthSite,
  refresh,
  startOAuthSite,
  type TestClient,
  type TokenBody,
} from "../support/oauth-site.ts"
import { type PostgresServer, startPostgres } from "../support/postgres.ts"

describe("while PostgreSQL is away", () => {
  let postgres: PostgresServer
  let site: OAuthSite
  let client: TestClient
  let tokens: TokenBody
  before(async () => {
    postgres = await startPostgres()
    const db = await openDatabase({ url: postgres.url })
    await migrateToLatest(db)
    await closeDatabase(db)
    site = await startOAuthSite(postgres.url)
    client = await addClient(site)
    tokens = await connect(site, client)
    assert.equal(await callApi(site, tokens.access_token), 200)
  })
  after(async () => {
    await site.app.stop()
    await postgres.stop()
  })

  it("the token endpoint answers 503, nothing is lost, and all goes on by itself (contract/oauth.md §1)", async () => {
    await postgres.crash()
    const answer = await refresh(site, client, tokens.refresh_token)
    expectRefusal(answer, 503, "temporarily_unavailable")
    assert.ok(Number(answer.headers.get("retry-after")) >= 1)
    await untilStatus(tokens.access_token, 503) // A view that nobody can renew is not trusted (§9).
    assert.equal((await site.caller.get("/oauth/jwks.json")).status, 200)
    await postgres.start()
    await untilStatus(tokens.access_token, 200)
    tokens = expectTokens(await refresh(site, client, tokens.refresh_token))
  })

  it("a connection in use when the server dies fails its work, and not the process", async () => {
    const { db } = site.app.context
    const crashed = Promise.withResolvers<void>()
    const working = Promise.allSettled([
      sql`select pg_sleep(20)`.execute(db),
      transaction(db, async (tx) => {
        await sql`select 1`.execute(tx)
        await crashed.promise // As a slow caller between two statements.
        await sql`select 1`.execute(tx)
      }),
    ])
    await untilBusy()
    await postgres.crash()
    crashed.resolve()
    for (const result of await working) {
      assert.ok(result.status === "rejected" && result.reason instanceof DatabaseUnavailable, JSON.stringify(result))
    }
    await postgres.start()
    await untilStatus(tokens.access_token, 200)
  })

  it("when a grant and a secret were last used is kept and written once the database is back", async () => {
    const { db } = site.app.context
    await untilStatus(tokens.access_token, 200)
    await site.app.runLoop("last used")
    site.clock.advance({ seconds: 30 })
    const usedAt = site.clock.now()
    assert.equal(await callApi(site, tokens.access_token), 200)
    expectTokens(await refresh(site, client, tokens.refresh_token))
    await postgres.crash()
    await assert.rejects(site.app.runLoop("last used"), DatabaseUnavailable)
    await postgres.start()
    await untilWritten()
    const grant = await db.selectFrom("grants").select("last_used_at as at").executeTakeFirstOrThrow()
    const secret = await db.selectFrom("client_secrets").select("last_used_at as at").executeTakeFirstOrThrow()
    assert.deepEqual([Number(grant.at), Number(secret.at)], [usedAt, usedAt])
  })

  async function untilWritten(): Promise<void> {
    const start = performance.now()
    for (;;) {
      const problem = await site.app.runLoop("last used").catch((error: unknown) => error)
      if (problem === undefined) return
      assert.ok(problem instanceof DatabaseUnavailable && performance.now() - start < 5000, `${problem}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function untilBusy(): Promise<void> {
    const busy = sql<{ count: number }>`select count(*) as count from pg_stat_activity
      where query like '%pg_sleep(20)' or state = 'idle in transaction'`
    while (Number((await busy.execute(site.app.context.db)).rows[0]?.count) < 2) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async function untilStatus(token: string, wanted: number): Promise<void> {
    const start = performance.now()
    for (;;) {
      const status = await callApi(site, token)
      if (status === wanted) return
      assert.ok(status === 200 || status === 503, `${status}`)
      assert.ok(performance.now() - start < 5000, `still ${status}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
})
