import assert from "node:assert/strict"
import { after, before, beforeEach, describe, it } from "node:test"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, type FormFields, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { authorizeUrl, decide, follow, openConsent, parameterOf, signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  expectTokens,
  type OAuthSite,
  redeemCode,
  startOAuthSite,
  type TestClient,
  type TestUser,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let user: TestUser
  let client: TestClient
  let browser: Visitor
  let page: Answer
  let accounts: readonly number[]

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    user = site.merchant
    const add = (accountNumber: string) =>
      createBankAccount(site.app.context.db, site.clock.now(), {
        companyId: user.companyId,
        bank: "VCB",
        accountNumber,
        holderName: "NGUYEN VAN A",
        mode: "live",
      })
    accounts = [await add("0071000888888"), await add("0071000999999")]
  })
  after(() => site.stop())
  beforeEach(async () => {
    client = await addClient(site, {
      redirectUris: ["https://back.cafe.example/cb"],
      scope: "profile bank-account:read",
      optionalScope: "company transaction:read",
    })
    browser = await signIn(site.url, user)
    // The user allowed all of it before: even so nothing may be given without being asked.
    await decide(browser, await openConsent(browser, urlWith()), "approve")
    page = await openConsent(browser, urlWith({ prompt: "consent", state: "s" }))
  })

  const urlWith = (changes: FormFields = {}) =>
    authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri, ...changes })
  const grants = () =>
    site.app.context.db
      .selectFrom("grants")
      .innerJoin("clients", "clients.id", "grants.client_row_id")
      .select(["grants.scopes", "grants.bank_account_ids"])
      .where("clients.client_id", "=", client.clientId)
      .execute()

  /** Without "company", and one account alone, as a form sends it. */
  const chosen = () => ({
    scope: ["bank-account:read", "profile", "transaction:read"],
    accounts: ["chosen"],
    bank_account_id: [String(accounts[1])],
  })
  function choicesOn(page: Answer) {
    const { scope, accounts, bank_account_id } = readForm(page.text, "/oauth/consent")
    return { scope: scope?.toSorted(), accounts, bank_account_id }
  }
  const handleOf = (page: Answer) => `/oauth/consent?request=${readForm(page.text, "/oauth/consent")["request"]?.[0]}`

  /** Sends the choices, finds that the session is over, and returns the sign-in page. */
  async function sendTooLate(): Promise<Answer> {
    browser.cookies.clear()
    const sent = await decide(browser, page, "approve", chosen())
    assert.equal(sent.status, 303)
    assert.equal(sent.location?.pathname, "/login")
    const login = await browser.get(sent.location ?? "")
    assert.match(login.text, /Các lựa chọn của bạn vẫn được giữ/)
    return login
  }

  async function signInFrom(login: Answer, by = user): Promise<Answer> {
    const fields = { ...readForm(login.text, "/login"), email: by.email, password: by.password }
    return follow(browser, (await browser.postForm("/login", fields)).location ?? "")
  }

  describe("choices that are sent after the session ended", () => {
    it("stand on the page again after the sign-in, which says what happened and has given nothing", async () => {
      const before = await grants()
      const again = await signInFrom(await sendTooLate())
      assert.equal(again.status, 200)
      assert.match(again.text, /role="alert"[^>]*><strong>Chưa cấp được quyền<.*Phiên đăng nhập đã hết hạn/)
      assert.deepEqual(choicesOn(again), chosen())
      assert.deepEqual(await grants(), before)
      assert.deepEqual(choicesOn(await browser.get(handleOf(page))), chosen(), "reloaded")
      const { location } = await decide(browser, again, "approve")
      const code = parameterOf(location ?? new URL("about:blank"), "code")
      site.secrets.add(code)
      const { scope } = expectTokens(await redeemCode(site, client, code))
      assert.deepEqual(scope.split(" ").toSorted(), chosen().scope)
      assert.equal((await grants())[0]?.bank_account_ids, JSON.stringify([accounts[1]]))
    })

    it("stand there also when the request itself grew too old meanwhile", async () => {
      site.clock.advance({ hours: 13 })
      const again = await signInFrom(await sendTooLate())
      assert.match(again.text, /Phiên đăng nhập đã hết hạn/)
      assert.deepEqual(choicesOn(again), chosen())
    })

    it("are for nobody but whoever made them", async () => {
      const colleague = await addUser(site.app, user.companyId, "Admin")
      const again = await signInFrom(await sendTooLate(), colleague)
      assert.doesNotMatch(again.text, /role="alert"/)
      assert.deepEqual(choicesOn(again)["accounts"], ["all"])
    })

    it("hold no more than the page could have sent", async () => {
      browser.cookies.clear()
      const odd = {
        scope: ["profile", "webhook:write", "<b>"],
        accounts: "chosen",
        bank_account_id: ["x", "-1", "1e99"],
      }
      const { location } = await decide(browser, page, "approve", { ...odd, mode: "<b>" })
      const again = await signInFrom(await browser.get(location ?? ""))
      assert.equal(again.status, 200)
      assert.deepEqual(choicesOn(again), {
        scope: ["bank-account:read", "profile"],
        accounts: ["chosen"],
        bank_account_id: undefined,
      })
    })

    it("are kept too when the same user signed in anew in another tab", async () => {
      await browser.submit("/login?reauthenticate=1", "/login", { email: user.email, password: user.password })
      const again = await decide(browser, page, "approve", chosen())
      assert.equal(again.status, 400)
      assert.match(again.text, /Trang này đã cũ nên chưa có gì được cấp/)
      assert.deepEqual(choicesOn(again), chosen())
    })

    it("are not kept without a token of ours, nor from another site", async () => {
      const before = await grants()
      for (const [changes, headers] of [
        [{ csrf_token: undefined }, {}],
        [{ csrf_token: "x" }, {}],
        [{}, { origin: "https://evil.example" }],
      ] as const) {
        const fields = { ...readForm(page.text, "/oauth/consent"), ...chosen(), decision: "approve", ...changes }
        const answer = await makeVisitor(site.url).postForm("/oauth/consent", fields, headers)
        assert.equal(answer.location?.pathname, "/login")
        assert.equal(answer.location?.searchParams.get("done"), null)
      }
      const again = await browser.get(handleOf(page))
      assert.doesNotMatch(again.text, /role="alert"/)
      assert.deepEqual(choicesOn(again)["accounts"], ["all"])
      assert.deepEqual(await grants(), before)
    })

    it("go on into the new request when the page is older than 30 minutes", async () => {
      site.clock.advance({ minutes: 30 })
      const answer = await decide(browser, page, "approve", chosen())
      assert.equal(answer.location?.pathname, "/oauth/consent")
      const again = await openConsent(browser, answer.location?.href ?? "")
      assert.match(again.text, /Trang này đã cũ nên chưa có gì được cấp/)
      assert.deepEqual(choicesOn(again), chosen())
      assert.equal((await decide(browser, again, "approve")).location?.searchParams.get("state"), "s")
    })
  })
})
