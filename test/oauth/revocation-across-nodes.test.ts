import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import { signIn } from "../support/oauth-pages.ts"
import { callAlone, postAlone, startOAuthServer, withGround } from "../support/oauth-processes.ts"
import {
  addClient,
  connect,
  credentials,
  type TestClient,
  type TestUser,
  type TokenBody,
} from "../support/oauth-site.ts"
import { createPostgresDatabase, dropPostgresDatabase } from "../support/postgres.ts"
import type { RunningServer } from "../support/processes.ts"
import { makePostgresTemplate } from "../support/templates.ts"

/** What a client and its user have on a running server. */
interface Connection {
  readonly client: TestClient
  readonly merchant: TestUser
  readonly grantId: number
  readonly tokens: readonly TokenBody[]
}

/** Connects a new app several times, by HTTP. */
function connectOn(
  databaseUrl: string,
  url: string,
  count: number,
  app: { readonly scope?: string; readonly optionalScope?: string } = {},
): Promise<Connection> {
  return withGround(databaseUrl, url, async (ground) => {
    const client = await addClient(ground, app)
    const tokens: TokenBody[] = []
    for (let index = 0; index < count; index++) tokens.push(await connect(ground, client))
    const grant = await ground.app.context.db
      .selectFrom("grants")
      .select("id")
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirstOrThrow()
    return { client, merchant: ground.merchant, grantId: grant.id, tokens }
  })
}

async function revokeOnPage(url: string, { merchant, grantId }: Connection): Promise<void> {
  const visitor = await signIn(url, merchant)
  const path = `/connected-apps/${grantId}/revoke`
  assert.equal((await visitor.submit(path, path, {})).status, 303)
}

const revokeByClient = (url: string, client: TestClient, token: string) =>
  postAlone(`${url}/oauth/revoke`, { token, ...credentials(client) })

onEachEngine((engine) => {
  describe("a revocation among four processes of one node", () => {
    let server: RunningServer
    before(async () => {
      server = await startOAuthServer(engine.databaseUrl(), { WORKERS: "4" })
    })
    after(() => server.stop())

    const statuses = async (token: string, count: number): Promise<Set<number | undefined>> =>
      new Set(await Promise.all(Array.from({ length: count }, () => callAlone(server.url, token))))

    it("on the connected-apps page holds in each of them before the answer is there", async () => {
      const connection = await connectOn(engine.databaseUrl(), server.url, 2)
      for (const { access_token } of connection.tokens)
        assert.deepEqual(await statuses(access_token, 20), new Set([200]))
      await revokeOnPage(server.url, connection)
      for (const { access_token } of connection.tokens)
        assert.deepEqual(await statuses(access_token, 40), new Set([401]))
    })

    it("of a scope, by narrowing the grant on its page, holds in each of them before the answer is there", async () => {
      const app = { scope: "company", optionalScope: "profile" }
      const { merchant, grantId, tokens } = await connectOn(engine.databaseUrl(), server.url, 1, app)
      const token = tokens[0]?.access_token ?? ""
      assert.deepEqual(await statuses(token, 20), new Set([200]))
      const visitor = await signIn(server.url, merchant)
      const path = `/connected-apps/${grantId}/narrow`
      assert.equal((await visitor.submit(path, path, { scope: ["company"] })).status, 303)
      assert.deepEqual(await statuses(token, 40), new Set([403]))
    })

    it("by the client, of a family and of one access token, holds in each of them too", async () => {
      const { client, tokens } = await connectOn(engine.databaseUrl(), server.url, 3)
      const [family, one, bystander] = tokens.map(({ access_token }) => access_token)
      for (const token of [family, one, bystander]) assert.deepEqual(await statuses(token ?? "", 20), new Set([200]))
      await revokeByClient(server.url, client, tokens[0]?.refresh_token ?? "")
      assert.deepEqual(await statuses(family ?? "", 40), new Set([401]))
      await revokeByClient(server.url, client, one ?? "")
      assert.deepEqual(await statuses(one ?? "", 40), new Set([401]))
      assert.deepEqual(await statuses(bystander ?? "", 40), new Set([200]))
    })
  })
})

describe("a revocation on one of two nodes of a PostgreSQL database", () => {
  let databaseUrl: string
  let here: RunningServer
  let there: RunningServer
  before(async () => {
    databaseUrl = await createPostgresDatabase(process.env["TEST_POSTGRES_TEMPLATE"] ?? (await makePostgresTemplate()))
    here = await startOAuthServer(databaseUrl, { WORKERS: "1" })
    // Nodes behind one proxy have one issuer.
    there = await startOAuthServer(databaseUrl, { WORKERS: "1", SEPAY_URL: here.url })
  })
  after(async () => {
    await Promise.all([here.stop(), there.stop()])
    await dropPostgresDatabase(databaseUrl)
  })

  /** How long the other node still accepts a token, in ms. */
  async function timeUntilRefused(token: string): Promise<number> {
    const start = performance.now()
    for (;;) {
      const status = await callAlone(`http://localhost:${there.port}`, token)
      const elapsed = performance.now() - start
      if (status === 401) return elapsed
      assert.equal(status, 200)
      assert.ok(elapsed < 1000, `still accepted after ${elapsed} ms`)
    }
  }

  it("stops the JWT on the other one within a second", async (t) => {
    const times: number[] = []
    for (let round = 0; round < 3; round++) {
      const connection = await connectOn(databaseUrl, here.url, 1)
      const token = connection.tokens[0]?.access_token ?? ""
      assert.equal(await callAlone(`http://localhost:${there.port}`, token), 200)
      await revokeOnPage(here.url, connection)
      assert.equal(await callAlone(here.url, token), 401)
      times.push(await timeUntilRefused(token))
    }
    t.diagnostic(`refused on the other node after ${times.map((time) => Math.round(time)).join(", ")} ms`)
  })

  it("of one access token stops that one alone on the other one", async () => {
    const { client, tokens } = await connectOn(databaseUrl, here.url, 2)
    const [gone = "", kept = ""] = tokens.map(({ access_token }) => access_token)
    for (const token of [gone, kept]) assert.equal(await callAlone(`http://localhost:${there.port}`, token), 200)
    await revokeByClient(here.url, client, gone)
    await timeUntilRefused(gone)
    assert.equal(await callAlone(`http://localhost:${there.port}`, kept), 200)
  })
})
