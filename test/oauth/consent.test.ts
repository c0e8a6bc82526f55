import assert from "node:assert/strict"
import { after, before, beforeEach, describe, it } from "node:test"
import { sql } from "kysely"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { transaction } from "../../src/database/engine.ts"
import { onEachEngine } from "../support/engines.ts"
import { type FormFields, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { authorize, authorizeUrl, decide, follow, openConsent, parameterOf, signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  expectTokens,
  makePkce,
  type OAuthSite,
  redeemCode,
  startOAuthSite,
  type TestClient,
  type TestUser,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let user: TestUser
  let visitor: Visitor
  let client: TestClient
  const accounts: Record<"live" | "other" | "foreign", number> = { live: 0, other: 0, foreign: 0 }
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    user = site.merchant
    visitor = await signIn(site.url, user)
    accounts.live = await addAccount(user, "live", "0071000888888")
    accounts.other = await addAccount(user, "live", "0071000999999")
    accounts.foreign = await addAccount(await addUser(site.app), "live", "0071000777777")
  })
  beforeEach(async () => {
    client = await addClient(site, {
      name: "Quán <b>Cà phê</b>",
      website: "https://cafe.example/about",
      redirectUris: ["https://back.cafe.example/cb"],
      scope: "profile bank-account:read",
      optionalScope: "company transaction:read",
    })
  })
  after(() => site.stop())

  const addAccount = (owner: TestUser, mode: "live" | "test", accountNumber: string): Promise<number> =>
    createBankAccount(site.app.context.db, site.clock.now(), {
      companyId: owner.companyId,
      bank: "VCB",
      accountNumber,
      holderName: "NGUYEN VAN A",
      mode,
    })
  const urlWith = (changes: FormFields = {}) =>
    authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri, ...changes })
  async function grantsOf(by = user): Promise<{ mode: string; scopes: unknown; accounts: unknown; alive: boolean }[]> {
    const rows = await site.app.context.db
      .selectFrom("grants")
      .innerJoin("clients", "clients.id", "grants.client_row_id")
      .select(["grants.mode", "grants.scopes", "grants.bank_account_ids", "grants.ended_at"])
      .where("clients.client_id", "=", client.clientId)
      .where("grants.user_id", "=", by.id)
      .orderBy("grants.id")
      .execute()
    return rows.map((row) => ({
      mode: row.mode,
      scopes: JSON.parse(row.scopes),
      accounts: row.bank_account_ids === null ? "all" : JSON.parse(row.bank_account_ids),
      alive: row.ended_at === null,
    }))
  }
  async function scopeOfCode(location: URL): Promise<string> {
    const code = parameterOf(location, "code")
    site.secrets.add(code)
    return expectTokens(await redeemCode(site, client, code)).scope
  }
  async function approve(changes: FormFields, request: FormFields = {}): Promise<URL> {
    const page = await openConsent(visitor, urlWith({ prompt: "consent", ...request }))
    const { location, text } = await decide(visitor, page, "approve", changes)
    assert.ok(location !== undefined, text)
    return location
  }

  describe("the page (contract/oauth.md §5.1)", () => {
    it("shows who asks, for what, where the answer goes, and who is signed in", async () => {
      const { text } = await openConsent(visitor, urlWith({ scope: "profile transaction:read", ui_locales: "vi" }))
      assert.ok(text.includes("Quán &lt;b&gt;Cà phê&lt;/b&gt;"), "the name is text, never HTML")
      for (const shown of ["back.cafe.example", "cafe.example", user.email, "/login/switch"])
        assert.ok(text.includes(shown), shown)
      assert.ok(text.includes("Xem họ tên, email, số điện thoại, ảnh đại diện của bạn"))
      assert.ok(text.includes("Xem lịch sử và chi tiết giao dịch"))
      assert.ok(!text.includes("Xem thông tin công ty"), "what is not asked for is not shown")
      assert.ok(!text.includes("0071000888888"), "account numbers are not shown whole")
      const english = await openConsent(visitor, urlWith({ scope: "profile transaction:read", ui_locales: "en" }))
      assert.ok(english.text.includes("See transactions and their details"))
    })

    it("asks for all registered scopes when none is named, required ones locked, optional ones ticked", async () => {
      const { text } = await openConsent(visitor, urlWith())
      const sent = readForm(text, "/oauth/consent")
      assert.deepEqual(sent["scope"]?.toSorted(), ["bank-account:read", "company", "profile", "transaction:read"])
      for (const scope of ["profile", "bank-account:read"]) {
        assert.match(text, new RegExp(`<input type="checkbox"[^>]*value="${scope}"[^>]*disabled`))
      }
      assert.deepEqual([sent["accounts"], sent["mode"], sent["bank_account_id"]], [["all"], ["live"], undefined])
      assert.equal(sent["request"]?.length, 1)
      assert.equal(sent["csrf_token"]?.length, 1)
    })

    it("asks for bank accounts only with an account scope", async () => {
      const { text } = await openConsent(visitor, urlWith({ scope: "profile company" }))
      assert.equal(readForm(text, "/oauth/consent")["accounts"], undefined)
    })

    it("notes a scope that the user's role cannot use, which may be granted all the same", async () => {
      const clerk = await addUser(site.app, user.companyId, "User")
      const asClerk = await signIn(site.url, clerk)
      const page = await openConsent(asClerk, urlWith({ ui_locales: "vi" }))
      assert.match(page.text, /aria-describedby="note-transaction:read"/)
      const { location } = await decide(asClerk, page, "approve")
      assert.ok(location !== undefined)
      assert.equal(await scopeOfCode(location), "bank-account:read transaction:read profile company")
    })
  })

  describe("the decision", () => {
    it("grants what is ticked: the code's scope in the order of the request, the grant's set as a whole", async () => {
      const changes = { scope: ["bank-account:read", "profile", "company"] }
      const location = await approve(changes, { scope: "profile,company  transaction:read,bank-account:read" })
      assert.equal(await scopeOfCode(location), "profile company bank-account:read")
      const [grant, ...more] = await grantsOf()
      assert.deepEqual(more, [])
      assert.deepEqual(grant?.scopes, ["bank-account:read", "profile", "company"])
      assert.deepEqual([grant?.mode, grant?.accounts], ["live", "all"])
    })

    it("ignores a ticked scope that was not asked for", async () => {
      const location = await approve({ scope: ["profile", "company", "webhook:write"] }, { scope: "profile" })
      assert.equal(await scopeOfCode(location), "profile")
    })

    it("replaces the accounts, and keeps scopes that were not asked for this time", async () => {
      const chosen = { accounts: "chosen", bank_account_id: [String(accounts.live)] }
      await approve(chosen, { scope: "profile bank-account:read company" })
      assert.deepEqual((await grantsOf())[0]?.accounts, [accounts.live])
      const both = [String(accounts.live), String(accounts.other), String(accounts.live)]
      const location = await approve(
        { accounts: "chosen", bank_account_id: both },
        { scope: "bank-account:read transaction:read" },
      )
      assert.equal(await scopeOfCode(location), "bank-account:read transaction:read")
      const [grant, ...more] = await grantsOf()
      assert.deepEqual(more, [])
      assert.deepEqual(grant?.scopes, ["bank-account:read", "transaction:read", "profile", "company"])
      assert.deepEqual(grant?.accounts, [accounts.live, accounts.other])
    })

    it("takes back an optional scope that was asked for and is no longer ticked", async () => {
      await approve({}, { scope: "profile company" })
      await approve({ scope: ["profile"] }, { scope: "profile company" })
      assert.deepEqual((await grantsOf())[0]?.scopes, ["profile"])
    })

    it("of a refusal, or with nothing ticked, is access_denied; an existing grant stays as it was", async () => {
      await approve({}, { scope: "profile company" })
      const before = await grantsOf()
      const page = await openConsent(visitor, urlWith({ prompt: "consent", scope: "company" }))
      const refused = await decide(visitor, page, "deny")
      assert.equal(refused.location?.searchParams.get("error"), "access_denied")
      const empty = await openConsent(visitor, urlWith({ prompt: "consent", scope: "company" }))
      const nothing = await decide(visitor, empty, "approve", { scope: undefined })
      assert.equal(nothing.location?.searchParams.get("error"), "access_denied")
      assert.deepEqual(await grantsOf(), before)
    })

    it("is deny unless it says approve, and none at all without a button: the page comes again", async () => {
      const page = await openConsent(visitor, urlWith())
      const fields = readForm(page.text, "/oauth/consent")
      const undecided = await visitor.postForm("/oauth/consent", fields)
      assert.deepEqual([undecided.status, undecided.location], [400, undefined])
      const { location } = await visitor.postForm("/oauth/consent", { ...fields, decision: "perhaps" })
      assert.equal(location?.searchParams.get("error"), "access_denied")
    })

    for (const [what, changes] of [
      ["without a required scope", { scope: ["profile", "company"] }],
      ["with an empty list of accounts", { accounts: "chosen" }],
      [
        "with another company's account",
        () => ({ accounts: "chosen", bank_account_id: [String(accounts.live), String(accounts.foreign)] }),
      ],
      ["with an account that is none", { accounts: "chosen", bank_account_id: ["x"] }],
    ] as const) {
      it(`${what} brings the page again, HTTP 400, and grants nothing`, async () => {
        const page = await openConsent(visitor, urlWith())
        const fields: FormFields = typeof changes === "function" ? changes() : changes
        const answer = await decide(visitor, page, "approve", fields)
        assert.equal(answer.status, 400)
        assert.match(answer.text, /role="alert"/)
        assert.deepEqual(await grantsOf(), [])
        const again = await decide(visitor, answer, "approve", {
          accounts: "all",
          scope: ["profile", "bank-account:read"],
        })
        assert.equal(await scopeOfCode(again.location ?? new URL("about:blank")), "bank-account:read profile")
      })
    }
  })

  describe("live and test", () => {
    it("are chosen only by companies with test accounts; accounts of the other mode are ignored", async () => {
      const tester = await addUser(site.app)
      const asTester = await signIn(site.url, tester)
      const live = await addAccount(tester, "live", "1111111")
      const page = await openConsent(asTester, urlWith())
      assert.doesNotMatch(page.text, /type="radio" name="mode"/)
      await decide(asTester, page, "approve", { mode: "test" })
      assert.equal((await grantsOf(tester))[0]?.mode, "live", "without test accounts always live")

      const test = await addAccount(tester, "test", "2222222")
      const both = [String(live), String(test)]
      const second = await openConsent(asTester, urlWith({ prompt: "consent" }))
      assert.match(second.text, /type="radio" name="mode"/)
      await decide(asTester, second, "approve", { mode: "test", accounts: "chosen", bank_account_id: both })
      const third = await openConsent(asTester, urlWith({ prompt: "consent" }))
      const wrongMode = await decide(asTester, third, "approve", {
        mode: "live",
        accounts: "chosen",
        bank_account_id: [String(test)],
      })
      assert.equal(wrongMode.status, 400)
      const [first, other] = await grantsOf(tester)
      assert.deepEqual([first?.mode, first?.accounts, first?.alive], ["live", "all", true])
      assert.deepEqual([other?.mode, other?.accounts, other?.alive], ["test", [test], true])
    })
  })

  describe("a known consent (contract/oauth.md §5.1, skip)", () => {
    it("is not asked for again when the grant holds all that is requested", async () => {
      const chosen = { accounts: "chosen", bank_account_id: [String(accounts.live)] }
      await approve(chosen, { scope: "profile bank-account:read company" })
      const end = await follow(visitor, urlWith({ scope: "company profile", state: "x" }))
      assert.equal(end.location?.searchParams.get("state"), "x")
      assert.equal(await scopeOfCode(end.location ?? new URL("about:blank")), "company profile")
      assert.deepEqual((await grantsOf())[0]?.accounts, [accounts.live], "the accounts stay")
      await openConsent(visitor, urlWith({ scope: "profile transaction:read" }))
      await openConsent(visitor, urlWith({ scope: "profile", prompt: "consent" }))
      const stranger = await signIn(site.url, await addUser(site.app))
      await openConsent(stranger, urlWith({ scope: "profile" }))
    })

    it("is asked for when live and test grants are both there", async () => {
      const tester = await addUser(site.app)
      const asTester = await signIn(site.url, tester)
      await addAccount(tester, "test", "3333333")
      for (const mode of ["live", "test"]) {
        const page = await openConsent(asTester, urlWith({ scope: "profile", prompt: "consent" }))
        await decide(asTester, page, "approve", { mode })
      }
      await openConsent(asTester, urlWith({ scope: "profile" }))
    })

    it("is always asked for by a public client on loopback or a custom scheme (RFC 8252 §8.6)", async () => {
      const { challenge } = makePkce()
      const pkce = { code_challenge: challenge, code_challenge_method: "S256", scope: "profile" }
      for (const [redirectUri, asks] of [
        ["http://127.0.0.1/cb", true],
        ["com.example.cafe:/cb", true],
        ["https://phone.cafe.example/cb", false],
      ] as const) {
        client = await addClient(site, {
          profile: "oauth21",
          isPublic: true,
          redirectUris: [redirectUri],
          scope: "profile",
        })
        await authorize(visitor, urlWith(pkce))
        const end = await follow(visitor, urlWith(pkce))
        assert.equal(end.location === undefined, asks, redirectUri)
      }
    })
  })

  describe("handles (contract/oauth.md §5)", () => {
    it("keep two tabs apart", async () => {
      const one = await openConsent(visitor, urlWith({ state: "one", scope: "profile" }))
      const two = await openConsent(visitor, urlWith({ state: "two", scope: "profile company" }))
      assert.equal((await decide(visitor, one, "approve")).location?.searchParams.get("state"), "one")
      assert.equal((await decide(visitor, two, "approve")).location?.searchParams.get("state"), "two")
    })

    it("decided in two tabs at once make one grant that holds both", async () => {
      const pages = []
      for (const scope of ["profile", "company", "profile transaction:read", "company bank-account:read"]) {
        pages.push(await openConsent(visitor, urlWith({ scope, prompt: "consent" })))
      }
      const answers = await Promise.all(pages.map((page) => decide(visitor, page, "approve")))
      for (const { location } of answers) assert.ok(await scopeOfCode(location ?? new URL("about:blank")))
      const [grant, ...more] = await grantsOf()
      assert.deepEqual(more, [])
      assert.deepEqual(grant?.scopes, ["bank-account:read", "transaction:read", "profile", "company"])
    })

    it("decide once: a double submit restarts the request and never errors", async () => {
      const page = await openConsent(visitor, urlWith({ state: "s", prompt: "consent" }))
      const answers = await Promise.all([1, 2, 3].map(() => decide(visitor, page, "approve")))
      const codes = answers.filter((answer) => answer.location?.searchParams.has("code"))
      assert.equal(codes.length, 1)
      for (const answer of [...answers, await decide(visitor, page, "deny")]) {
        assert.equal(answer.status, 303, answer.text)
        if (codes.includes(answer)) continue
        assert.equal(answer.location?.pathname, "/oauth/consent")
        await openConsent(visitor, answer.location?.href ?? "")
      }
    })

    it("end at the app when we fail after the sign-in, with server_error (contract/oauth.md §5)", async () => {
      const page = await openConsent(visitor, urlWith({ state: "s" }))
      const { db } = site.app.context
      const rename = (from: string, to: string) =>
        transaction(db, (tx) => sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(tx))
      await rename("authorization_codes", "broken_codes")
      try {
        const { status, location } = await decide(visitor, page, "approve")
        assert.equal(status, 303)
        assert.equal(`${location?.origin}${location?.pathname}`, client.redirectUri)
        const { error_description, ...answer } = Object.fromEntries(location?.searchParams ?? [])
        assert.deepEqual(answer, { error: "server_error", state: "s", iss: site.app.context.config.url })
      } finally {
        await rename("broken_codes", "authorization_codes")
      }
      assert.deepEqual(await grantsOf(), [])
      assert.ok((await decide(visitor, page, "approve")).location?.searchParams.has("code"), "nothing was used up")
    })

    it("start their request anew after 30 minutes", async () => {
      const page = await openConsent(visitor, urlWith({ state: "s" }))
      site.clock.advance({ minutes: 30 })
      const answer = await decide(visitor, page, "approve")
      assert.equal(answer.location?.pathname, "/oauth/consent")
      const again = await openConsent(visitor, answer.location?.href ?? "")
      assert.equal((await decide(visitor, again, "approve")).location?.searchParams.get("state"), "s")
    })

    it("that nobody was given, and repeated or missing ones, are an error page", async () => {
      for (const path of [
        "/oauth/consent",
        "/oauth/consent?request=x",
        `/oauth/consent?request=${"a".repeat(32)}`,
        "/oauth/consent?request=a&request=b",
      ]) {
        const answer = await visitor.get(path)
        assert.equal(answer.status, 400, path)
        assert.match(answer.text, /<html/)
      }
    })
  })

  describe("a decision from elsewhere", () => {
    it("without the form's token, with another session's, or from another site changes nothing", async () => {
      const page = await openConsent(visitor, urlWith())
      const other = await openConsent(await signIn(site.url, await addUser(site.app)), urlWith())
      const foreignToken = readForm(other.text, "/oauth/consent")["csrf_token"]
      for (const [changes, headers] of [
        [{ csrf_token: undefined }, {}],
        [{ csrf_token: "x" }, {}],
        [{ csrf_token: foreignToken }, {}],
        [{}, { origin: "https://evil.example" }],
        [{}, { "sec-fetch-site": "cross-site" }],
      ] as const) {
        const fields = { ...readForm(page.text, "/oauth/consent"), decision: "approve", ...changes }
        const answer = await visitor.postForm("/oauth/consent", fields, headers)
        assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
        assert.equal(answer.location, undefined)
      }
      assert.deepEqual(await grantsOf(), [])
      assert.ok((await decide(visitor, page, "approve")).location?.searchParams.has("code"))
    })

    it("without a session goes to the sign-in", async () => {
      const page = await openConsent(visitor, urlWith())
      const answer = await decide(makeVisitor(site.url), page, "approve")
      assert.equal(answer.location?.pathname, "/login")
      assert.deepEqual(await grantsOf(), [])
    })
  })
})
