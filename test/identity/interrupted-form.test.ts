import assert from "node:assert/strict"
import { after, before, beforeEach, describe, it } from "node:test"
import fc from "fast-check"
import { createKeyring } from "../../src/crypto/keyring.ts"
import {
  type CarriedForm,
  carriedFormMs,
  openCarriedForm,
  pickFields,
  sealCarriedForm,
} from "../../src/identity/carried-form.ts"
import { cleanIdentity } from "../../src/identity/cleanup.ts"
import { codeAt } from "../support/authenticator.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, type FormFields, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"
import { newPerson, type Person, password, signIn, switchOn } from "./people.ts"

const path = "/notes/7?view=long"
const typed = {
  name: `Cửa hàng <b>An</b> & "con"`,
  description: "dòng một\r\ndòng hai",
  scope: ["profile", "company"],
  signing_secret: "hush hush",
  api_token: "hush hush",
  user_code: "hush hush",
}
const arrives = {
  name: [typed.name],
  description: [typed.description],
  scope: typed.scope,
}

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite
  let person: Person
  let form: FormFields

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())
  beforeEach(async () => {
    person = await newPerson(site)
    form = { ...readForm((await person.browser.get(path)).text, path), ...typed }
  })

  const send = (browser: Visitor, fields: FormFields = form, headers?: Record<string, string>) =>
    browser.postForm(path, fields, headers)

  function assertKept(answer: Answer): Record<string, string[]> {
    assert.equal(answer.status, 403)
    assert.match(answer.text, /Những gì bạn đã nhập vẫn được giữ/)
    assert.doesNotMatch(answer.text, /hush|lang=en/)
    return readForm(answer.text, "/login")
  }

  function assertResend(answer: Answer, status: number): Record<string, string[]> {
    assert.equal(answer.status, status)
    assert.match(answer.text, /Cửa hàng &lt;b&gt;An&lt;\/b&gt; &amp; &quot;con&quot;/)
    assert.match(answer.text, /Mật khẩu và mã không được giữ lại/)
    assert.doesNotMatch(answer.text, /hush/)
    return readForm(answer.text, path)
  }

  async function assertArrives(browser: Visitor, fields: FormFields): Promise<void> {
    const sent = await send(browser, fields)
    assert.equal(sent.status, 200)
    assert.deepEqual(Object.fromEntries(sent.json<[string, string[]][]>()), { ...arrives, form_key: form["form_key"] })
  }

  describe("a form whose session ended meanwhile", () => {
    it("goes through the sign-in with what was typed, also past a wrong password, and is sent by a button", async () => {
      clock.advance({ hours: 13 })
      const login = assertKept(await send(person.browser))
      const wrong = await person.browser.postForm("/login", { ...login, email: person.email, password: "sai mật khẩu" })
      assert.equal(wrong.status, 400)
      assert.match(wrong.text, /Những gì bạn đã nhập vẫn được giữ/)
      const again = readForm(wrong.text, "/login")
      const done = await person.browser.postForm("/login", { ...again, password })
      await assertArrives(person.browser, assertResend(done, 200))
    })

    it("is known as ours when the session is cleaned away, and when the browser was signed out", async () => {
      clock.advance({ days: 31 })
      while ((await cleanIdentity(site.context.db, clock.now())) > 0);
      assertKept(await send(person.browser))
      person.browser.cookies.clear()
      const login = assertKept(await send(person.browser))
      const done = await person.browser.postForm("/login", { ...login, email: person.email, password })
      await assertArrives(person.browser, assertResend(done, 200))
    })

    it("waits for the second factor too, past a wrong code", async () => {
      const { secret } = await switchOn(site, person)
      clock.advance({ hours: 13 })
      const login = assertKept(await send(person.browser))
      const step = "/login/second-factor"
      const asked = await person.browser.postForm("/login", { ...login, email: person.email, password })
      assert.equal(asked.status, 200)
      const wrong = await person.browser.postForm(step, { ...readForm(asked.text, step), code: "000000" })
      assert.equal(wrong.status, 400)
      const code = codeAt(secret, clock.now())
      const done = await person.browser.postForm(step, { ...readForm(wrong.text, step), code })
      await assertArrives(person.browser, assertResend(done, 200))
    })

    it("comes to nothing when somebody else signs in, who sees none of it", async () => {
      const other = await newPerson(site)
      clock.advance({ hours: 13 })
      const login = assertKept(await send(person.browser))
      const done = await person.browser.postForm("/login", { ...login, email: other.email, password })
      assert.equal(done.status, 200)
      assert.match(done.text, /Biểu mẫu đã bị bỏ/)
      assert.doesNotMatch(done.text, /Cửa hàng|action="\/notes/)
    })

    it("is not taken from another site, nor with a token that we did not make", async () => {
      clock.advance({ hours: 13 })
      const attempts: readonly [FormFields, Record<string, string>][] = [
        [form, { origin: "https://evil.example" }],
        [form, { origin: "null", "sec-fetch-site": "cross-site" }],
        [form, { "sec-fetch-site": "same-site" }],
        [{ ...form, csrf_token: undefined }, {}],
        [{ ...form, csrf_token: "x" }, {}],
        [{ ...form, csrf_token: String(form["csrf_token"]).replace(/\.\d+\./, ".1.") }, {}],
      ]
      for (const [fields, headers] of attempts) {
        const answer = await send(person.browser, fields, headers)
        assert.equal(answer.status, 303)
        assert.equal(answer.location?.pathname, "/login")
        assert.doesNotMatch(answer.text, /Cửa hàng/)
      }
    })

    it("cannot be planted: a form with the planter's own token is dropped when its victim signs in", async () => {
      const victim = await newPerson(site)
      const browser = makeVisitor(site.url)
      const page = await send(browser, form, { origin: "null" })
      const done = await browser.postForm("/login", { ...assertKept(page), email: victim.email, password })
      assert.match(done.text, /Biểu mẫu đã bị bỏ/)
      const login = readForm((await makeVisitor(site.url).get("/login")).text, "/login")
      const { keyring } = site.context.config
      const alien = createKeyring(["another secret of thirty-two bytes!!"])
      const made: CarriedForm = {
        userId: victim.id,
        path: "/notes/1",
        page: "/",
        fields: [["name", "x"]],
        isPartial: false,
      }
      const sealedElsewhere = sealCarriedForm(alien, made, clock.now())
      const altered = `${sealCarriedForm(keyring, made, clock.now()).slice(0, -4)}AAAA`
      for (const carried of [sealedElsewhere, altered, "x", '{"userId":1}']) {
        const own = makeVisitor(site.url)
        const answer = await own.submit("/login", "/login", { ...login, csrf_token: undefined, carried })
        assert.equal(answer.status, 403)
        const signedIn = await signIn(makeVisitor(site.url), victim.email, { carried })
        assert.equal(signedIn.status, 303)
        assert.equal(signedIn.location?.pathname, "/")
      }
    })

    it("says so when it has a file or is too long to be kept", async () => {
      clock.advance({ hours: 13 })
      const long = await send(person.browser, { ...form, description: "x".repeat(17_000) })
      assert.equal(long.status, 403)
      assert.match(long.text, /quá dài để giữ lại/)
      assert.deepEqual(readForm(long.text, "/login")["next"], ["/notes/7"])
      const body = new FormData()
      body.set("file", new Blob(["x"]), "x.csv")
      const headers = { origin: site.url }
      const file = await person.browser.send(path, { method: "POST", body, headers })
      assert.equal(file.status, 403)
      assert.match(file.text, /Tệp đính kèm không giữ lại được/)
      const foreign = await person.browser.send(path, {
        method: "POST",
        body,
        headers: { origin: "https://evil.example" },
      })
      assert.equal(foreign.status, 303)
    })

    it("without anything typed leads back to its page", async () => {
      clock.advance({ hours: 13 })
      const bare = { csrf_token: form["csrf_token"], form_key: form["form_key"], signing_secret: "hush hush" }
      const next = async (action: string) =>
        (await person.browser.postForm(action, bare)).location?.searchParams.get("next")
      assert.equal(await next("/notes/7"), "/notes/7")
      assert.equal(await next("/notes/7/delete"), "/notes/7")
      assert.equal(await next("/logout"), null)
      assert.equal(await next("/account/password"), "/account/password")
    })
  })

  describe("a form of another session", () => {
    it("of the same user shows what was typed, and sends it by a button", async () => {
      await person.browser.submit("/login?reauthenticate=1", "/login", { email: person.email, password })
      await assertArrives(person.browser, assertResend(await send(person.browser), 403))
    })

    it("of the same user with nothing typed says that it is old, and does nothing", async () => {
      await person.browser.submit("/login?reauthenticate=1", "/login", { email: person.email, password })
      const answer = await person.browser.postForm("/notes/7/delete", { csrf_token: form["csrf_token"] })
      assert.equal(answer.status, 403)
      assert.match(answer.text, /Biểu mẫu đã cũ/)
      assert.match(answer.text, /<a class="button" href="\/notes\/7">/)
    })

    it("of another user in the same browser says so, and shows nothing of it", async () => {
      const other = await newPerson(site)
      await person.browser.submit("/login?reauthenticate=1", "/login", { email: other.email, password })
      const answer = await send(person.browser)
      assert.equal(answer.status, 403)
      assert.match(answer.text, new RegExp(`Hiện bạn đăng nhập là ${other.email}`))
      assert.doesNotMatch(answer.text, /Cửa hàng/)
    })

    it("from another site is refused as ever", async () => {
      await person.browser.submit("/login?reauthenticate=1", "/login", { email: person.email, password })
      const answer = await send(person.browser, form, { origin: "https://evil.example" })
      assert.equal(answer.status, 403)
      assert.doesNotMatch(answer.text, /Cửa hàng/)
    })
  })
})

describe("a carried form", () => {
  const keyring = createKeyring(["a secret of thirty-two bytes or more"])
  const { now } = makeFakeClock()

  it("comes out as it went in, for a day", () => {
    const text = fc.string({ unit: "grapheme" })
    const field = fc.tuple(text, text)
    const any = fc.record(
      {
        userId: fc.nat(),
        path: text,
        page: text,
        fields: fc.array(field),
        isPartial: fc.boolean(),
      },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(any, (form) => {
        const sealed = sealCarriedForm(keyring, form, now())
        assert.deepEqual(openCarriedForm(keyring, sealed, now()), form)
        const late = makeFakeClock(now())
        late.advance({ milliseconds: carriedFormMs })
        assert.equal(openCarriedForm(keyring, sealed, late.now()), undefined)
      }),
    )
  })

  it("holds the ticks that are named after codes: without them they would be sent as taken away", () => {
    const names = ["payment_codes_on", "codes_on", "skip_if_no_code", "oauth2_access_token_url"]
    const { fields, isPartial } = pickFields(new Map(names.map((name) => [name, ["1"]])))
    assert.deepEqual([fields.map(([name]) => name), isPartial], [names, false])
  })

  it("never holds a field whose name says that it is secret", () => {
    const names = ["csrf_token", "password", "newPassword", "client_SECRET", "otp_code", "Code", "tokens[]", "name"]
    const { fields, isPartial } = pickFields(new Map(names.map((name) => [name, ["v"]])))
    assert.deepEqual(fields, [["name", "v"]])
    assert.equal(isPartial, true)
    assert.deepEqual(pickFields(new Map([["api_key", ["v"]]])), { fields: [], isPartial: true })
    assert.equal(
      pickFields(
        new Map([
          ["csrf_token", ["v"]],
          ["password", [""]],
        ]),
      ).isPartial,
      false,
    )
  })
})
