import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { suspendClient } from "../../src/oauth/client.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, readForm, type Visitor } from "../support/http.ts"
import { authorize, authorizeUrl, follow, openConsent, signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  credentials,
  makePkce,
  noticeChanges,
  type OAuthSite,
  postToken,
  redeemCode,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let developer: Visitor
  let client: TestClient
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    developer = await signIn(site.url, site.merchant)
  })
  after(() => site.stop())

  const pathOf = (app: TestClient) => `/developer/apps/${app.clientId}/try`
  const callback = () => `${site.url}/developer/try/callback`

  async function begin(visitor = developer, app = client): Promise<URL> {
    const path = pathOf(app)
    const page = await visitor.get(path)
    const form = page.text.includes(`action="${path}/start"`)
    if (!form) await step(visitor, app, "end")
    const begun = await visitor.submit(path, `${path}/start`, {})
    assert.equal(begun.status, 303, begun.text)
    const shown = await visitor.get(path)
    const url = /href="(http[^"]*\/oauth\/authorize[^"]*)"/.exec(shown.text)?.[1]
    assert.ok(url !== undefined, shown.text)
    return new URL(url.replaceAll("&amp;", "&"))
  }

  function step(visitor: Visitor, app: TestClient, name: string, fields = {}): Promise<Answer> {
    return visitor.submit(pathOf(app), `${pathOf(app)}/${name}`, fields)
  }

  async function arrive(visitor = developer, app = client): Promise<URL> {
    const back = await authorize(visitor, (await begin(visitor, app)).href)
    assert.equal(back.origin + back.pathname, callback())
    return back
  }

  async function tokensOf(app = client): Promise<{ readonly familyId: number | null }> {
    const row = await site.app.context.db
      .selectFrom("client_trials")
      .innerJoin("clients", "clients.id", "client_trials.client_row_id")
      .select("family_id as familyId")
      .where("clients.client_id", "=", app.clientId)
      .executeTakeFirstOrThrow()
    return row
  }

  describe("the Try it page", () => {
    before(async () => {
      client = await addClient(site)
    })

    it("walks the real flow: consent, exchange, calls, refresh, revocation; no token leaves the server", async () => {
      const back = await arrive()
      const code = back.searchParams.get("code") ?? ""
      site.secrets.add(code)
      const landed = await developer.get(back)
      assert.equal(
        landed.location?.href,
        `${site.url}${pathOf(client)}#exchange`,
        "the address with the code is left at once",
      )
      assert.equal((await step(developer, client, "exchange")).status, 303)
      let page = await developer.get(pathOf(client))
      for (const shown of [
        "client_secret=••••",
        "&quot;token_type&quot;: &quot;Bearer&quot;",
        "RS256",
        client.clientId,
      ]) {
        assert.ok(page.text.includes(shown), shown)
      }
      for (const path of ["/api/v1/me", "/api/v1/bank-accounts", "/api/v1/transactions"]) {
        // Three forms of one action: each names its path.
        assert.equal((await step(developer, client, "call", { path })).status, 303)
        page = await developer.get(pathOf(client))
        assert.ok(page.text.includes(`GET ${path}`), path)
      }
      assert.ok(page.text.includes(site.merchant.email), "the answer of /me is shown")
      await step(developer, client, "refresh")
      page = await developer.get(pathOf(client))
      assert.ok(page.text.includes("grant_type=refresh_token"))
      await step(developer, client, "revoke")
      await step(developer, client, "call", { path: "/api/v1/me" })
      page = await developer.get(pathOf(client))
      assert.ok(page.text.includes("invalid_token"), "the API refuses what was revoked")
      assert.doesNotMatch(page.text, /sepay_(ac|rt|cs)_[0-9A-Za-z]{10,}|eyJ[\w-]{20,}\.[\w-]{20,}/)
    })

    it("is in the app's request log as the calls that it makes", async () => {
      await site.app.runLoop("request log")
      const { db } = site.app.context
      const { id } = await db
        .selectFrom("clients")
        .select("id")
        .where("client_id", "=", client.clientId)
        .executeTakeFirstOrThrow()
      const rows = await db
        .selectFrom("client_requests")
        .select(["endpoint", "status"])
        .where("client_row_id", "=", id)
        .orderBy("id")
        .execute()
      assert.deepEqual(
        rows
          .map(({ endpoint, status }) => `${endpoint} ${status}`)
          .filter((row) => !row.startsWith("/oauth/authorize")),
        [
          "/oauth/token 200",
          "/api/v1/me 200",
          "/api/v1/bank-accounts 200",
          "/api/v1/transactions 200",
          "/oauth/token 200",
          "/oauth/revoke 200",
          "/api/v1/me 401",
        ],
      )
    })

    it("does each step once, however often its form is sent", async () => {
      const back = await arrive()
      await developer.get(back)
      const path = `${pathOf(client)}/exchange`
      const fields = readForm((await developer.get(pathOf(client))).text, path)
      const answers = await Promise.all([1, 2, 3].map(() => developer.postForm(path, fields)))
      const led = answers.map(({ location }) => location?.search ?? "?").sort()
      assert.deepEqual(led, ["", "?done=again", "?done=again"])
      await step(developer, client, "call", { path: "/api/v1/me" })
      assert.match(
        (await developer.get(pathOf(client))).text,
        /&quot;status&quot;: &quot;success&quot;/,
        "no replay ended the chain",
      )
    })

    it("revokes its tokens when it is over, by hand or by time", async () => {
      for (const end of ["by hand", "by time"]) {
        await developer.get(await arrive())
        await step(developer, client, "exchange")
        const { familyId } = await tokensOf()
        if (end === "by hand") await step(developer, client, "end")
        else {
          site.clock.advance({ minutes: 16 })
          assert.match((await developer.get(pathOf(client))).text, /\/try\/start"/, "what is over is not shown")
          await site.app.runLoop("cleanup")
        }
        const family = await site.app.context.db
          .selectFrom("token_families")
          .select("end_reason as why")
          .where("id", "=", familyId)
          .executeTakeFirstOrThrow()
        assert.equal(family.why, "trial_over", end)
        assert.deepEqual(await site.app.context.db.selectFrom("client_trials").select("id").execute(), [])
      }
    })

    it("keeps nothing in clear", async () => {
      const back = await arrive()
      await developer.get(back)
      await step(developer, client, "exchange")
      const rows = JSON.stringify(await site.app.context.db.selectFrom("client_trials").selectAll().execute())
      const state = back.searchParams.get("state") ?? ""
      const code = back.searchParams.get("code") ?? ""
      for (const secret of [state, code, "sepay_rt_", "eyJ"]) assert.ok(!rows.includes(secret), secret.slice(0, 8))
    })

    it("says so when the user refuses, and when nothing is ticked", async () => {
      const url = await begin()
      const page = await openConsent(developer, url.href)
      const refused = await developer.postForm("/oauth/consent", {
        ...readForm(page.text, "/oauth/consent"),
        decision: "deny",
      })
      const landed = await developer.get(refused.location ?? "")
      assert.equal(landed.location?.search, "?done=refused")
      await step(developer, client, "end")
      const unticked = await developer.submit(pathOf(client), `${pathOf(client)}/start`, { scope: [] })
      assert.equal(unticked.status, 400)
      assert.match(unticked.text, /ít nhất một quyền/)
    })

    it("begins once however often the button is clicked at once", async () => {
      const app = await addClient(site)
      const path = pathOf(app)
      const form = readForm((await developer.get(path)).text, `${path}/start`)
      const clicks = await Promise.all(Array.from({ length: 8 }, () => developer.postForm(`${path}/start`, form)))
      assert.deepEqual([...new Set(clicks.map(({ status }) => status))], [303])
    })

    it("is closed while the app is suspended", async () => {
      const app = await addClient(site)
      await developer.get(await arrive(developer, app))
      await suspendClient(site.app.context.db, app.clientId, "a test", site.clock.now())
      await noticeChanges(site)
      assert.match((await developer.get(pathOf(app))).text, /đang bị tạm ngưng/)
    })
  })

  describe("the redirect URI of the Try it page (docs/decisions/0018-try-it.md)", () => {
    let stranger: Visitor
    before(async () => {
      client = await addClient(site)
      stranger = await signIn(site.url, await addUser(site.app))
    })

    const refused = (answer: Answer) => {
      assert.equal(answer.status, 400, `${answer.status} ${answer.location}`)
      assert.equal(answer.location, undefined, "never a redirect")
    }

    it("is no redirect URI for a request that the page did not make", async () => {
      const { challenge } = makePkce()
      const right = { client_id: client.clientId, redirect_uri: callback() }
      for (const more of [
        {},
        { state: "x" },
        { state: "x", code_challenge: challenge, code_challenge_method: "S256" },
      ]) {
        refused(await developer.get(authorizeUrl(site.url, { ...right, ...more })))
      }
    })

    it("is none for an app that registers it, with any of its spellings that leads here", async () => {
      const evil = await addClient(site, { redirectUris: [callback()] })
      refused(await developer.get(authorizeUrl(site.url, { client_id: evil.clientId, redirect_uri: callback() })))
    })

    it("is none for the same request with another app, another challenge, or a repeated state", async () => {
      const other = await addClient(site)
      const url = await begin()
      const changed = (change: (query: URLSearchParams) => void) => {
        const copy = new URL(url)
        change(copy.searchParams)
        return developer.get(copy)
      }
      refused(await changed((query) => query.set("client_id", other.clientId)))
      refused(await changed((query) => query.set("code_challenge", makePkce().challenge)))
      refused(await changed((query) => query.delete("code_challenge")))
      refused(await changed((query) => query.append("state", "y")))
      assert.equal((await developer.get(url)).status, 302, "as it was made it goes on")
    })

    it("takes no other session through consent: no stranger, no colleague, not the same person elsewhere", async () => {
      const url = await begin()
      const colleague = await signIn(site.url, await addUser(site.app, site.merchant.companyId))
      const elsewhere = await signIn(site.url, site.merchant)
      for (const visitor of [stranger, colleague, elsewhere]) refused(await follow(visitor, url.href))
      assert.equal((await follow(developer, url.href)).status, 200)
    })

    it("gives a code that nobody can redeem, not even with the app's secret", async () => {
      const back = await arrive()
      const code = back.searchParams.get("code") ?? ""
      site.secrets.add(code)
      const answer = await redeemCode(site, client, code, { redirect_uri: callback() })
      assert.equal(answer.json<{ error: string }>().error, "invalid_grant", "the verifier never left the server")
      const guessed = await redeemCode(site, client, code, {
        redirect_uri: callback(),
        code_verifier: makePkce().verifier,
      })
      assert.equal(guessed.status, 400)
      await developer.get(back)
      assert.equal((await step(developer, client, "exchange")).location?.search, "", "and stays good for the page")
    })

    it("takes an answer only in the session that asked, once, and with our issuer", async () => {
      const back = await arrive()
      const wrong = new URL(back)
      wrong.searchParams.set("iss", "https://evil.example")
      for (const [visitor, url] of [
        [stranger, back],
        [developer, wrong],
      ] as const) {
        const answer = await visitor.get(url)
        assert.equal(answer.location?.pathname, "/developer/apps")
        assert.equal(answer.location?.search, "")
      }
      const injected = new URL(back)
      injected.searchParams.set("code", "sepay_ac_of-somebody-else")
      await developer.get(back)
      assert.equal((await developer.get(injected)).location?.search, "?done=again")
      assert.equal(
        (await step(developer, client, "exchange")).location?.search,
        "",
        "the first code is the one redeemed",
      )
      const { familyId } = await tokensOf()
      assert.ok(familyId !== null)
    })

    it("of whoever has signed out leads to the sign-in without the code in the address", async () => {
      const back = await arrive()
      developer.cookies.clear()
      const answer = await developer.get(back)
      assert.equal(answer.location?.href, `${site.url}/developer/apps`)
      developer = await signIn(site.url, site.merchant)
    })
  })

  describe("the rights", () => {
    it("another company's app is not found, a user without the permission is refused, a form without token too", async () => {
      const app = await addClient(site)
      const foreign = await signIn(site.url, await addUser(site.app))
      const clerk = await signIn(site.url, await addUser(site.app, site.merchant.companyId, "User"))
      for (const page of ["try", "requests", "requests/1", "usage", "quick-start"]) {
        assert.equal((await foreign.get(`/developer/apps/${app.clientId}/${page}`)).status, 404, page)
        assert.equal((await clerk.get(`/developer/apps/${app.clientId}/${page}`)).status, 403, page)
        assert.equal((await developer.get(`/developer/apps/client_zzzzzzzzzzzzzzzzzzzz/${page}`)).status, 404, page)
      }
      for (const action of ["start", "exchange", "call", "refresh", "revoke", "end"]) {
        const path = `${pathOf(app)}/${action}`
        const own = readForm((await foreign.get("/")).text, "/logout")
        assert.equal((await foreign.postForm(path, own)).status, 404, action)
        assert.equal((await clerk.postForm(path, readForm((await clerk.get("/")).text, "/logout"))).status, 403, action)
        assert.equal((await developer.postForm(path, {})).status, 403, action)
      }
    })

    it("a request of another app of the same company is not found under this one", async () => {
      const [one, two] = [await addClient(site), await addClient(site)]
      await postToken(site, { grant_type: "x", ...credentials(one) })
      assert.equal(await callApi(site, "x"), 401)
      await site.app.runLoop("request log")
      const { id } = await site.app.context.db
        .selectFrom("client_requests")
        .select("id")
        .orderBy("id", "desc")
        .executeTakeFirstOrThrow()
      assert.equal((await developer.get(`/developer/apps/${one.clientId}/requests/${id}`)).status, 200)
      assert.equal((await developer.get(`/developer/apps/${two.clientId}/requests/${id}`)).status, 404)
    })
  })
})
