import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import type { GrantId } from "../../src/ids.ts"
import { checkNarrowing } from "../../src/oauth/narrow-grant.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, type FormFields, readForm, type Visitor } from "../support/http.ts"
import { signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  expectRefusal,
  expectTokens,
  grantCode,
  type OAuthSite,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
  type TestUser,
} from "../support/oauth-site.ts"

const accountScope = "bank-account:read transaction:read webhook:read webhook:write"
const scope = `profile ${accountScope}`

onEachEngine((engine) => {
  let site: OAuthSite
  let owner: Visitor
  let first: number
  let second: number
  let testAccount: number
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    owner = await signIn(site.url, site.merchant)
    first = await link("0071000111111")
    second = await link("0071000222222")
    testAccount = await link("0071000333333", "test")
  })
  after(() => site.stop())

  function link(accountNumber: string, mode: "live" | "test" = "live", user: TestUser = site.merchant) {
    return createBankAccount(site.app.context.db, site.clock.now(), {
      companyId: user.companyId,
      bank: "VCB",
      accountNumber,
      holderName: "CONG TY TNHH MAU",
      mode,
    })
  }
  const addOptional = () => addClient(site, { scope: "profile", optionalScope: accountScope })
  async function grantIdOf(client: TestClient): Promise<number> {
    const row = await site.app.context.db
      .selectFrom("grants")
      .innerJoin("clients", "clients.id", "grants.client_row_id")
      .select("grants.id")
      .where("clients.client_id", "=", client.clientId)
      .orderBy("grants.id", "desc")
      .executeTakeFirstOrThrow()
    return row.id
  }
  const pathOf = async (client: TestClient) => `/connected-apps/${await grantIdOf(client)}/narrow`
  async function narrow(client: TestClient, fields: FormFields, visitor = owner): Promise<Answer> {
    const path = await pathOf(client)
    return visitor.submit(path, path, fields)
  }
  const api = (token: string, path: string, init: RequestInit = {}) =>
    site.caller.send(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}` } })
  async function accountsSeen(token: string): Promise<number[]> {
    const answer = await api(token, "/bank-accounts")
    assert.equal(answer.status, 200, answer.text)
    return answer.json<{ data: { id: number }[] }>().data.map(({ id }) => id)
  }

  describe("narrowing a grant (contract/oauth.md §16)", () => {
    it("takes scopes from a live token with its next request, and from every token refreshed later", async () => {
      const client = await addOptional()
      const tokens = await connect(site, client, { scope })
      assert.equal((await api(tokens.access_token, "/transactions")).status, 200)
      const answer = await narrow(client, { scope: ["profile", "bank-account:read"] })
      assert.equal(answer.status, 303, answer.text)
      assert.equal(answer.location?.search, "?done=narrowed")
      const refused = await api(tokens.access_token, "/transactions")
      assert.equal(`${refused.status} ${refused.json<{ error: string }>().error}`, "403 insufficient_scope")
      assert.equal((await accountsSeen(tokens.access_token)).length, 2)
      const renewed = expectTokens(await refresh(site, client, tokens.refresh_token))
      assert.equal(renewed.scope, "profile bank-account:read")
      assert.equal(await callApi(site, renewed.access_token), 200)
    })

    it("takes accounts from a live token and gives others, without a new consent", async () => {
      const client = await addOptional()
      const { access_token } = await connect(site, client, { scope })
      assert.deepEqual((await accountsSeen(access_token)).sort(), [first, second].sort())
      await narrow(client, { accounts: "chosen", bank_account_id: [String(second), String(testAccount)] })
      assert.deepEqual(await accountsSeen(access_token), [second])
      assert.equal((await api(access_token, `/bank-accounts/${first}`)).status, 404)
      await narrow(client, { accounts: "chosen", bank_account_id: String(first) })
      assert.deepEqual(await accountsSeen(access_token), [first])
      await narrow(client, { accounts: "all" })
      assert.deepEqual((await accountsSeen(access_token)).sort(), [first, second].sort())
    })

    it("hides a webhook the app made, and its log, when one of its accounts goes", async () => {
      const client = await addOptional()
      const { access_token } = await connect(site, client, { scope })
      const made = await site.caller.postJson(
        "/api/v1/webhooks",
        {
          bank_mode: "multi",
          bank_account_ids: [first, second],
          name: "Shop",
          event_type: "All",
          authen_type: "No_Authen",
          webhook_url: "https://127.0.0.1/hook",
          is_verify_payment: 0,
          skip_if_no_code: 0,
        },
        { authorization: `Bearer ${access_token}` },
      )
      assert.equal(made.status, 201, made.text)
      const { id } = made.json<{ data: { id: number } }>().data
      assert.equal((await api(access_token, `/webhooks/${id}`)).status, 200)
      assert.equal((await api(access_token, `/webhooks/${id}/logs`)).status, 200)
      await narrow(client, { accounts: "chosen", bank_account_id: String(first) })
      assert.equal((await api(access_token, `/webhooks/${id}`)).status, 404)
      assert.equal((await api(access_token, `/webhooks/${id}/logs`)).status, 404)
      const row = await site.app.context.db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst()
      assert.equal(`${row?.active} ${row?.deleted_at}`, "1 null", "it belongs to the company and stays")
    })

    it("gives no scope that the grant does not hold", async () => {
      const client = await addOptional()
      const { access_token } = await connect(site, client, { scope, ticked: "profile bank-account:read" })
      const answer = await narrow(client, { scope: ["profile", "bank-account:read", "transaction:read", "company"] })
      assert.equal(answer.location?.search, "?done=unchanged")
      assert.equal((await api(access_token, "/transactions")).status, 403)
    })

    it("refuses with the form and its choices: a required scope missing, none left, no account chosen", async () => {
      const client = await addOptional()
      const tokens = await connect(site, client, { scope })
      const cases: readonly (readonly [FormFields, string])[] = [
        [{ scope: ["bank-account:read"] }, "cannot work without its required permissions"],
        [{ scope: [] }, "Keep at least one permission"],
        [{ accounts: "chosen", bank_account_id: [] }, "Choose at least one account"],
        [{ accounts: "chosen", bank_account_id: [String(testAccount)] }, "Choose at least one account"],
        [{ accounts: [] }, "Choose at least one account"],
      ]
      const path = await pathOf(client)
      for (const [fields, text] of cases) {
        const form = readForm((await owner.get(path)).text, path)
        const answer = await owner.postForm(path, { ...form, ...fields }, { "accept-language": "en" })
        assert.equal(answer.status, 400, JSON.stringify(fields))
        assert.ok(answer.text.includes(text), `${JSON.stringify(fields)}: ${text}`)
      }
      const bad = await owner.postForm(path, {
        ...readForm((await owner.get(path)).text, path),
        scope: ["profile", "transaction:read"],
        accounts: "chosen",
        bank_account_id: [],
      })
      const kept = readForm(bad.text, path)
      assert.deepEqual(
        [...new Set(kept["scope"])].sort(),
        ["profile", "transaction:read"],
        "what was ticked stays ticked",
      )
      assert.deepEqual(kept["accounts"], ["chosen"])
      assert.equal((await api(tokens.access_token, "/transactions")).status, 200, "and nothing changed")
    })

    it("is one's own right: an administrator sees it and may not; others, and foreign accounts, are not found", async () => {
      const clerk = await addUser(site.app, site.merchant.companyId, "User")
      const asClerk = await signIn(site.url, clerk)
      const stranger = await addUser(site.app)
      const asStranger = await signIn(site.url, stranger)
      const foreign = await link("0071000999999", "live", stranger)
      const client = await addOptional()
      const tokens = await connect(site, client, { user: clerk, scope })
      const path = await pathOf(client)
      const tokenOf = async (visitor: Visitor) =>
        readForm((await visitor.get("/connected-apps")).text, "/logout")["csrf_token"] ?? []
      const fields = { scope: ["profile"], accounts: "all" }
      for (const [visitor, status] of [
        [owner, 403],
        [asStranger, 404],
      ] as const) {
        assert.equal((await visitor.get(path)).status, status)
        assert.equal((await visitor.postForm(path, { ...fields, csrf_token: await tokenOf(visitor) })).status, status)
      }
      for (const id of [String(foreign), "999999999", "x", "1.5", "-1"]) {
        const form = { scope: scope.split(" "), accounts: "chosen", bank_account_id: [String(first), id] }
        const answer = await asClerk.postForm(path, { ...form, csrf_token: await tokenOf(asClerk) })
        assert.equal(answer.status, 404, id)
      }
      for (const id of ["0", "999999999", "x", "1e3"]) {
        const answer = await asClerk.postForm(`/connected-apps/${id}/narrow`, { csrf_token: await tokenOf(asClerk) })
        assert.equal(answer.status, 404, id)
      }
      assert.equal((await asClerk.postForm(path, fields)).status, 403, "without the form's token")
      assert.equal(await callApi(site, tokens.access_token), 200)
      const narrowed = await asClerk.submit(path, path, { scope: ["profile"] })
      assert.equal(narrowed.status, 303)
    })

    it("of a form whose grant changed in another tab says so and changes nothing; the same twice is once", async () => {
      const client = await addOptional()
      const { access_token } = await connect(site, client, { scope })
      const path = await pathOf(client)
      const form = readForm((await owner.get(path)).text, path)
      const kept = { scope: ["profile", "bank-account:read", "transaction:read"] }
      assert.equal((await owner.postForm(path, { ...form, ...kept })).location?.search, "?done=narrowed")
      assert.equal((await owner.postForm(path, { ...form, ...kept })).location?.search, "?done=unchanged")
      const late = await owner.postForm(path, { ...form, scope: ["profile"] }, { "accept-language": "en" })
      assert.equal(late.status, 400)
      assert.match(late.text, /changed on another page/)
      assert.equal((await api(access_token, "/transactions")).status, 200)
    })

    it("is remembered: a request for a scope that went asks again, and consent brings it back", async () => {
      const client = await addOptional()
      const before = await connect(site, client, { scope })
      await narrow(client, { scope: ["profile", "bank-account:read"] })
      assert.equal((await api(before.access_token, "/transactions")).status, 403)
      await connect(site, client, { scope })
      await site.app.context.bus.announce("access-changed")
      assert.equal((await api(before.access_token, "/transactions")).status, 200)
      const page = await owner.get(`/connected-apps/${await grantIdOf(client)}`, { "accept-language": "en" })
      const kinds = [...page.text.matchAll(/<li><p><strong>([^<]+)</g)].map(([, kind]) => kind)
      assert.deepEqual(kinds, ["Allowed again", "Access limited", "Access given"])
      assert.ok(page.text.includes("Now may"))
      assert.ok(page.text.includes("No longer may"))
    })
  })

  describe("the history of a grant", () => {
    it("says who revoked it and when, stays readable among the ended ones, and revoking twice is once", async () => {
      const client = await addClient(site, { name: "Kho <b>cũ</b>" })
      await connect(site, client)
      const id = await grantIdOf(client)
      const path = `/connected-apps/${id}/revoke`
      const form = readForm((await owner.get(path)).text, path)
      const answers = await Promise.all([owner.postForm(path, form), owner.postForm(path, form)])
      for (const answer of answers) assert.equal(answer.location?.search, `?revoked=${id}`)
      const rows = await site.app.context.db
        .selectFrom("audit_entries")
        .select(["action", "actor_kind", "actor_id", "actor_name", "ip", "details"])
        .where("subject", "=", "grant")
        .where("subject_id", "=", id)
        .orderBy("id")
        .execute()
      assert.deepEqual(
        rows.map(({ action }) => action),
        ["grant.give", "grant.revoke"],
      )
      assert.deepEqual(
        { ...rows[1] },
        {
          action: "grant.revoke",
          actor_kind: "user",
          actor_id: site.merchant.id,
          actor_name: site.merchant.email,
          ip: rows[1]?.ip,
          details: '{"name":"Kho <b>cũ</b>"}',
        },
      )
      assert.match(rows[1]?.ip ?? "", /^(::1|127\.0\.0\.1|::ffff:127\.0\.0\.1)$/)
      const list = await owner.get("/connected-apps?ended=1", { "accept-language": "en" })
      assert.ok(list.text.includes(`href="/connected-apps/${id}"`))
      assert.ok(list.text.includes("Kho &lt;b&gt;cũ&lt;/b&gt;"))
      const page = await owner.get(`/connected-apps/${id}`, { "accept-language": "en" })
      assert.equal(page.status, 200)
      assert.match(page.text, /Access revoked<\/strong>/)
      assert.equal((await owner.get(`/connected-apps/${id}/revoke`)).location?.pathname, `/connected-apps/${id}`)
      assert.equal((await owner.get(`/connected-apps/${id}/narrow`)).location?.search, "?done=ended")
    })

    it("of somebody else's company is not found", async () => {
      const client = await addOptional()
      await connect(site, client, { scope })
      const stranger = await signIn(site.url, await addUser(site.app))
      assert.equal((await stranger.get(`/connected-apps/${await grantIdOf(client)}`)).status, 404)
    })
  })

  describe("at the same time", () => {
    const rounds = 5

    it("two narrowings leave what one of them left, or both; never more than either", async () => {
      for (let round = 0; round < rounds; round++) {
        const client = await addOptional()
        await connect(site, client, { scope })
        const path = await pathOf(client)
        const form = readForm((await owner.get(path)).text, path)
        const [one, other] = [
          ["profile", "bank-account:read"],
          ["profile", "transaction:read"],
        ] as const
        const answers = await Promise.all([
          owner.postForm(path, { ...form, scope: one }),
          owner.postForm(path, { ...form, scope: other }),
        ])
        assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 400], "the second is told of the first")
        const kept = await scopesOf(client)
        const won = answers[0]?.status === 303 ? one : other
        assert.deepEqual([...kept].sort(), [...won].sort())
      }
    })

    it("a narrowing and a revocation leave it revoked", async () => {
      for (let round = 0; round < rounds; round++) {
        const client = await addOptional()
        const tokens = await connect(site, client, { scope })
        const id = await grantIdOf(client)
        const [narrowPath, revokePath] = [`/connected-apps/${id}/narrow`, `/connected-apps/${id}/revoke`]
        const [toNarrow, toRevoke] = await Promise.all(
          [narrowPath, revokePath].map(async (path) => readForm((await owner.get(path)).text, path)),
        )
        const answers = await Promise.all([
          owner.postForm(narrowPath, { ...toNarrow, scope: ["profile"] }),
          owner.postForm(revokePath, toRevoke ?? {}),
        ])
        assert.deepEqual(
          answers.map(({ status }) => status),
          [303, 303],
        )
        assert.equal(await callApi(site, tokens.access_token), 401)
        expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
      }
    })

    it("a narrowing, a refresh and a code never hand out an access that outlives it", async () => {
      for (let round = 0; round < rounds; round++) {
        const client = await addOptional()
        const tokens = await connect(site, client, { scope })
        const code = await grantCode(site, client, { scope })
        const path = await pathOf(client)
        const form = readForm((await owner.get(path)).text, path)
        const [narrowed, refreshed, redeemed] = await Promise.all([
          owner.postForm(path, { ...form, scope: ["profile", "bank-account:read"] }),
          refresh(site, client, tokens.refresh_token),
          redeemCode(site, client, code),
        ])
        assert.equal(narrowed.location?.search, "?done=narrowed")
        for (const answer of [refreshed, redeemed]) {
          const { access_token } = expectTokens(answer)
          assert.equal((await api(access_token, "/transactions")).status, 403)
          assert.equal(await callApi(site, access_token), 200)
        }
      }
    })

    it("a narrowing and a new consent come one after the other, whichever is first", async () => {
      for (let round = 0; round < rounds; round++) {
        const client = await addOptional()
        await connect(site, client, { scope })
        const path = await pathOf(client)
        const form = readForm((await owner.get(path)).text, path)
        const [narrowed] = await Promise.all([
          owner.postForm(path, { ...form, scope: ["profile"] }),
          grantCode(site, client, { scope: "profile transaction:read" }),
        ])
        assert.equal(narrowed.status, 303)
        const kept = [...(await scopesOf(client))].sort()
        const possible = [["profile"], ["profile", "transaction:read"]]
        assert.ok(
          possible.some((one) => one.join() === kept.join()),
          kept.join(" "),
        )
      }
    })

    async function scopesOf(client: TestClient): Promise<readonly string[]> {
      const row = await site.app.context.db
        .selectFrom("grants")
        .select("scopes")
        .where("id", "=", await grantIdOf(client))
        .executeTakeFirstOrThrow()
      return JSON.parse(row.scopes)
    }
  })
})

describe("checkNarrowing", () => {
  it("keeps the account list when no account scope is left, for the day one is given again", () => {
    const grant = {
      id: 1 as GrantId,
      mode: "live",
      scopes: ["profile", "transaction:read"],
      bankAccountIds: [7],
      requiredScopes: [],
    } as const
    const narrowing = { scopes: ["profile"], accounts: "all", bankAccountIds: [], seen: undefined } as const
    assert.deepEqual(checkNarrowing(grant, [{ id: 7, mode: "live" }], narrowing), {
      kind: "granted",
      grant: { id: 1, mode: "live", scopes: ["profile"], bankAccountIds: [7] },
    })
  })
})
