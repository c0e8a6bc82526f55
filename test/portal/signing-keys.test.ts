import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { burnSigningKey } from "../../src/oauth/signing-key.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  answersByProcess,
  assertNoFailure,
  callAlone,
  postAlone,
  sendAlone,
  startOAuthServer,
  withGround,
} from "../support/oauth-processes.ts"
import {
  addClient,
  callApi,
  connect,
  credentials,
  expectTokens,
  type OAuthSite,
  refresh,
  startOAuthSite,
  type TokenBody,
} from "../support/oauth-site.ts"
import { runCli } from "../support/processes.ts"
import { type AppDesk, addPerson, auditOf, openDesk } from "./app-ground.ts"

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8")).kid

onEachEngine((engine) => {
  describe("the signing keys of the operator (contract/oauth.md §11)", () => {
    let site: OAuthSite
    let desk: AppDesk
    before(async () => {
      site = await startOAuthSite(engine.databaseUrl())
      desk = await openDesk(site.url, await addPerson(site, { operator: true }))
    })
    after(() => site.stop())

    const keys = async () =>
      site.app.context.db.selectFrom("signing_keys").select(["kid", "state"]).orderBy("created_at").execute()
    const rotate = (fields = {}) => desk.press("/operator/keys/rotate", "/operator/keys/rotate", fields)
    const burn = (kid: string, typed_kid: string) =>
      desk.press(`/operator/keys/${kid}/burn`, `/operator/keys/${kid}/burn`, { typed_kid })

    it("publish one step a form: a second click of it takes no second step", async () => {
      const form = await desk.visitor.get("/operator/keys/rotate")
      const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(form.text)?.[1]
      const twice = await Promise.all(
        [1, 2].map(() => desk.visitor.postForm("/operator/keys/rotate", { csrf_token, next_kid: "" })),
      )
      assert.deepEqual(twice.map(({ status }) => status).sort(), [303, 409])
      assert.deepEqual((await keys()).map(({ state }) => state).sort(), ["active", "next"])
      assert.equal((await rotate()).status, 409, "too early for the switch")
      const { text } = await desk.visitor.get("/operator/keys")
      for (const { kid } of await keys()) assert.ok(text.includes(kid))
    })

    it("switch after a day, and say until when tokens of the old one hold", async () => {
      site.clock.advance({ hours: 24 })
      desk = await openDesk(site.url, await addPerson(site, { operator: true }))
      const client = await addClient(site)
      const { access_token } = await connect(site, client)
      const page = await desk.visitor.get("/operator/keys/rotate")
      assert.match(page.text, /Chuyển sang khóa kế tiếp\?/)
      assert.match(String((await rotate()).location), /done=rotated/)
      assert.equal(await callApi(site, access_token), 200)
      const until = new Date(site.clock.now() + 3_600_000).toISOString()
      assert.ok((await desk.visitor.get("/operator/keys")).text.includes(`datetime="${until}"`))
      assert.deepEqual(await auditOf(site, 0), ["operator key.rotate", "operator key.rotate"])
    })

    it("burn only when the id was typed; then tokens fail, the key set drops it and a fresh key signs", async () => {
      const client = await addClient(site)
      const tokens = await connect(site, client)
      const kid = kidOf(tokens.access_token)
      for (const typed of ["", "burn", kid.slice(0, -1)]) assert.equal((await burn(kid, typed)).status, 400)
      assert.equal(await callApi(site, tokens.access_token), 200)
      assert.match(String((await burn(kid, ` ${kid} `)).location), /done=burned-fresh/)
      assert.equal(await callApi(site, tokens.access_token), 401)
      assert.ok(!(await site.caller.get("/oauth/jwks.json")).text.includes(kid))
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      assert.equal(await callApi(site, next.access_token), 200)
      assert.notEqual(kidOf(next.access_token), kid)
      assert.equal((await desk.visitor.get(`/operator/keys/${kid}/burn`)).status, 404)
      assert.equal((await desk.visitor.get("/operator/keys/nobody/burn")).status, 404)
      assert.ok((await auditOf(site, 0)).includes("operator key.burn"))
    })
  })

  it("several that burn and rotate at once leave one active key, and none of them breaks", async () => {
    const site = await startOAuthSite(await engine.createDatabase("migrated"))
    try {
      const { db, config } = site.app.context
      for (let round = 0; round < 4; round++) {
        const { kid } = await db
          .selectFrom("signing_keys")
          .select("kid")
          .where("state", "=", "active")
          .executeTakeFirstOrThrow()
        const burns = Array.from({ length: 4 }, () => burnSigningKey(db, config.keyring, kid, site.clock.now()))
        const results = await Promise.allSettled(burns)
        assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1)
        const active = await db.selectFrom("signing_keys").select("kid").where("state", "=", "active").execute()
        assert.equal(active.length, 1)
      }
    } finally {
      await site.stop()
    }
  })

  it("burning the active key under load: no 5xx, refresh tokens survive, and no process signs with it any more", async () => {
    const url = await engine.createDatabase("migrated")
    const server = await startOAuthServer(url, { WORKERS: "4" })
    try {
      await withGround(url, server.url, async (ground) => {
        const client = await addClient(ground)
        const tokens: TokenBody[] = []
        for (let index = 0; index < 8; index++) tokens.push(await connect(ground, client))
        const burned = kidOf(tokens[0]?.access_token ?? "")
        const old = tokens.map(({ access_token }) => access_token)
        let over = false
        // Each client refreshes as fast as it can, as clients do that are told 401.
        const clients = tokens.map(async (_, index) => {
          while (!over) {
            const { refresh_token } = tokens[index] ?? { refresh_token: "" }
            const fields = { grant_type: "refresh_token", refresh_token, ...credentials(client) }
            const answer = await postAlone(`${server.url}/oauth/token`, fields)
            assert.equal(answer?.status, 200, answer?.text ?? "a connection broke")
            tokens[index] = JSON.parse(answer?.text ?? "")
          }
        })
        const command = await runCli(["keys", "burn", burned, "--yes", "--json"], { env: { DATABASE_URL: url } })
        assert.equal(command.code, 0, command.stderr)
        // The command is an instance of its own: the others learn of it within a second (contract/oauth.md §9).
        const lastMoment = performance.now() + 1000
        const { burned_kid, new_kid } = command.json<{ burned_kid: string; new_kid: string }>()
        assert.equal(burned_kid, burned)
        await Promise.all(
          old.map(async (token) => {
            for (;;) {
              const beganAt = performance.now()
              if ((await callAlone(server.url, token)) === 401) break
              assert.ok(beganAt < lastMoment, "a call that began after a second was still answered")
            }
          }),
        )
        // The system deals connections out as it likes: the clients go on until each process had some.
        const enough = performance.now() + 60_000
        while (answersByProcess(server).size < 4) {
          assert.ok(performance.now() < enough, "a process never answered")
          await callAlone(server.url, old[0] ?? "")
        }
        over = true
        await Promise.all(clients)
        await sleep(Math.max(0, lastMoment - performance.now()))
        for (let index = 0; index < tokens.length; index++) {
          const { refresh_token } = tokens[index] ?? { refresh_token: "" }
          const fields = { grant_type: "refresh_token", refresh_token, ...credentials(client) }
          const answer = await postAlone(`${server.url}/oauth/token`, fields)
          const { access_token }: TokenBody = JSON.parse(answer?.text ?? "{}")
          assert.equal(kidOf(access_token), new_kid)
          assert.equal(await callAlone(server.url, access_token), 200)
        }
        for (let index = 0; index < 12; index++) {
          const published = await sendAlone(`${server.url}/oauth/jwks.json`, "GET", {})
          assert.ok(published?.text.includes(new_kid) && !published.text.includes(burned))
        }
        assertNoFailure(server)
      })
    } finally {
      await server.stop()
    }
  })
})
