import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { warnOfEndingSecrets } from "../../src/oauth/secret-warnings.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Answer } from "../support/http.ts"
import { startOAuthServer, withGround } from "../support/oauth-processes.ts"
import {
  addClient,
  changeDatabase,
  connect,
  expectRefusal,
  expectTokens,
  type OAuthSite,
  refresh,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"
import { type AppDesk, auditOf, mailsTo, openDesk, secretOn } from "./app-ground.ts"

const week = "604800"

onEachEngine((engine) => {
  let site: OAuthSite
  let desk: AppDesk
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    desk = await openDesk(site.url, site.merchant)
  })
  after(() => site.stop())

  const secretsOf = ({ clientId }: TestClient) => `/developer/apps/${clientId}/secrets`
  const rotate = (client: TestClient, old_expires_in: string, more = {}) =>
    desk.press(secretsOf(client), secretsOf(client), { old_expires_in, ...more })
  async function seen(answer: Answer): Promise<string> {
    assert.equal(answer.status, 303, answer.text)
    const secret = secretOn(await desk.visitor.get(answer.location ?? ""))
    assert.ok(secret !== undefined)
    site.secrets.add(secret)
    return secret
  }
  const activeOf = async ({ clientId }: TestClient) =>
    site.app.context.db
      .selectFrom("client_secrets")
      .innerJoin("clients", "clients.id", "client_secrets.client_row_id")
      .select(["client_secrets.id", "expires_at"])
      .where("clients.client_id", "=", clientId)
      .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", site.clock.now())]))
      .orderBy("client_secrets.id")
      .execute()

  describe("the secrets of an app (contract/oauth.md §15)", () => {
    it("a new one works at once, and the old one until the end chosen", async () => {
      const client = await addClient(site)
      const tokens = await connect(site, client)
      const fresh = { ...client, clientSecret: await seen(await rotate(client, "3600")) }
      const first = expectTokens(await refresh(site, client, tokens.refresh_token))
      site.clock.advance({ seconds: 3600 })
      expectRefusal(await refresh(site, client, first.refresh_token), 401, "invalid_client")
      expectTokens(await refresh(site, fresh, first.refresh_token))
    })

    it("a third is a form error that makes nothing; “now” ends both and makes one", async () => {
      const client = await addClient(site)
      await seen(await rotate(client, week))
      const refused = await rotate(client, week)
      assert.equal(refused.status, 400)
      assert.match(refused.text, /Đã có hai mã hoạt động|Two secrets are active/)
      assert.equal((await activeOf(client)).length, 2)
      await seen(await rotate(client, "0"))
      assert.equal((await activeOf(client)).length, 1)
    })

    it("takes 0 or from an hour to 90 days, and nothing else", async () => {
      const client = await addClient(site)
      for (const wrong of ["3599", "7776001", "-1", "1e5", "abc", "", "604800.5", "99999999999"]) {
        assert.equal((await rotate(client, wrong)).status, 400, wrong)
      }
      assert.equal((await activeOf(client)).length, 1)
      await seen(await rotate(client, "7776000"))
    })

    it("lists last four characters, and time and address of the last use", async () => {
      const client = await addClient(site)
      await connect(site, client)
      await site.app.runLoop("last used")
      const { text } = await desk.visitor.get(secretsOf(client))
      assert.ok(text.includes(`…${client.clientSecret.slice(-4)}`))
      assert.ok(!text.includes(client.clientSecret))
      assert.match(text, /127\.0\.0\.1|::1/)
      assert.match(text, new RegExp(`${new Date(site.clock.now()).toISOString().slice(0, 10)}`))
    })

    it("ending one asks first, then it is refused from the next request on", async () => {
      const client = await addClient(site)
      const { refresh_token } = await connect(site, client)
      const [secret] = await activeOf(client)
      const path = `${secretsOf(client)}/${secret?.id}/expire`
      assert.match((await desk.visitor.get(path)).text, /mã duy nhất đang hoạt động|the only active one/)
      assert.equal((await activeOf(client)).length, 1, "asking changes nothing")
      assert.match(String((await desk.press(path, path)).location), /done=expired/)
      expectRefusal(await refresh(site, client, refresh_token), 401, "invalid_client")
      assert.equal((await desk.visitor.get(path)).status, 404)
      const other = await addClient(site)
      const [foreign] = await activeOf(other)
      assert.equal((await desk.visitor.get(`${secretsOf(client)}/${foreign?.id}/expire`)).status, 404)
    })

    it("a second tab that knows only the old one ends no secret made a moment ago", async () => {
      const client = await addClient(site)
      const { text } = await desk.visitor.get(secretsOf(client))
      const newest = /name="newest" value="(\d+)"/.exec(text)?.[1]
      await seen(await rotate(client, "0"))
      const refused = await rotate(client, "0", { newest })
      assert.equal(refused.status, 400)
      assert.match(refused.text, /vừa được tạo ở nơi khác|made elsewhere/)
      assert.equal((await activeOf(client)).length, 1)
    })

    it("are none for a public app, and a HEAD takes no secret away", async () => {
      const client = await addClient(site, { profile: "oauth21", isPublic: true })
      assert.match((await desk.visitor.get(secretsOf(client))).text, /PKCE/)
      const confidential = await addClient(site)
      const made = await rotate(confidential, week)
      await desk.visitor.send(made.location ?? "", { method: "HEAD" })
      await seen(made)
    })

    it("are written down, by the last four characters at most", async () => {
      const log = await auditOf(site, site.merchant.companyId)
      assert.ok(log.includes("user client.secret_make") && log.includes("user client.secret_end"))
    })
  })

  describe("the warning before a secret ends while it is in use", () => {
    const day = 86_400
    /** An app whose old secret ends in the time given; it is used right before each check unless told otherwise. */
    async function ending(seconds: number): Promise<{ client: TestClient; check(used?: boolean): Promise<number> }> {
      // Sessions end sooner than secrets.
      desk = await openDesk(site.url, site.merchant)
      const client = await addClient(site)
      let { refresh_token } = await connect(site, client)
      await seen(await rotate(client, String(seconds)))
      return {
        client,
        check: async (used = true) => {
          if (used) refresh_token = expectTokens(await refresh(site, client, refresh_token)).refresh_token
          await site.app.runLoop("last used")
          await site.app.runLoop("secret warnings")
          const mails = await mailsTo(site, site.merchant.email)
          return mails.filter(({ text }) => text.includes(client.clientId)).length
        },
      }
    }

    it("comes three days and one day before, each once", async () => {
      const { client, check } = await ending(7 * day)
      assert.equal(await check(), 0)
      site.clock.advance({ seconds: 4 * day - 1 })
      assert.equal(await check(), 0)
      site.clock.advance({ seconds: 1 })
      assert.equal(await check(), 1)
      assert.equal(await check(), 1, "once, whatever happens between")
      site.clock.advance({ seconds: 2 * day })
      assert.equal(await check(), 2)
      site.clock.advance({ seconds: day / 2 })
      assert.equal(await check(), 2)
      const [mail] = await mailsTo(site, site.merchant.email)
      assert.ok(mail?.text.includes(client.clientSecret.slice(-4)))
      assert.ok(!mail?.text.includes(client.clientSecret))
    })

    it("does not come for one that nobody uses, nor right after a short end was chosen", async () => {
      const unused = await ending(4 * day)
      site.clock.advance({ seconds: 2 * day })
      assert.equal(await unused.check(false), 0)
      assert.equal(await unused.check(true), 1, "but as soon as it is used again")
      const short = await ending(day)
      assert.equal(await short.check(), 0)
    })

    it("is sent once by several processes that look at once", async () => {
      const { client, check } = await ending(7 * day)
      await check()
      site.clock.advance({ seconds: 4 * day })
      const { db } = site.app.context
      await changeDatabase(site, (tx) =>
        tx
          .updateTable("client_secrets")
          .set({ last_used_at: site.clock.now() })
          .where("expires_at", "is not", null)
          .execute(),
      )
      const { mail } = site.app.context
      const before = await mailsTo(site, site.merchant.email)
      const parts = { db, siteUrl: site.url, mail }
      await Promise.all(Array.from({ length: 6 }, () => warnOfEndingSecrets(parts, site.clock.now())))
      const sent = (await mailsTo(site, site.merchant.email)).slice(0, -before.length)
      assert.equal(sent.filter(({ text }) => text.includes(client.clientId)).length, 1)
    })
  })

  describe("against four processes", () => {
    it("tabs that rotate at once never make a third secret, and one form makes one", async () => {
      const url = await engine.createDatabase("migrated")
      const server = await startOAuthServer(url, { WORKERS: "4" })
      try {
        await withGround(url, server.url, async (ground) => {
          const people = await openDesk(server.url, ground.merchant)
          for (const oldExpiresIn of [week, "0"]) {
            const client = await addClient(ground)
            const path = `/developer/apps/${client.clientId}/secrets`
            const tabs = await Promise.all(Array.from({ length: 6 }, () => people.visitor.get(path)))
            const field = (page: Answer, name: string) =>
              new RegExp(`name="${name}" value="([^"]+)"`).exec(page.text)?.[1]
            const answers = await Promise.all(
              tabs.flatMap((tab) => {
                const fields = {
                  csrf_token: field(tab, "csrf_token"),
                  form_key: field(tab, "form_key"),
                  newest: field(tab, "newest"),
                  old_expires_in: oldExpiresIn,
                }
                return [people.visitor.postForm(path, fields), people.visitor.postForm(path, fields)]
              }),
            )
            const statuses = answers.map(({ status }) => status)
            assert.ok(
              statuses.every((status) => status === 303 || status === 400),
              statuses.join(),
            )
            const rows = await ground.app.context.db
              .selectFrom("client_secrets")
              .innerJoin("clients", "clients.id", "client_secrets.client_row_id")
              .select("expires_at")
              .where("clients.client_id", "=", client.clientId)
              .execute()
            assert.equal(rows.length, 2, "one was made")
            const active = rows.filter(
              (row) => row.expires_at === null || row.expires_at > ground.app.context.clock.now(),
            )
            assert.equal(active.length, oldExpiresIn === "0" ? 1 : 2)
            assert.equal(statuses.filter((status) => status === 303).length, 2, "both clicks of the one tab that won")
          }
        })
      } finally {
        await server.stop()
      }
    })
  })
})
