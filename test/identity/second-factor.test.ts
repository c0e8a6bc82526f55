import assert from "node:assert/strict"
import { join } from "node:path"
import { after, before, describe, it } from "node:test"
import { cleanIdentity } from "../../src/identity/cleanup.ts"
import { setPassword } from "../../src/identity/user.ts"
import { listMails } from "../../src/mail-files.ts"
import { codeAt } from "../support/authenticator.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { runCli } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"
import {
  auditOf,
  mailsTo,
  newPerson,
  type Person,
  password,
  readRecoveryCodes,
  readSecret,
  signIn,
  switchOn,
} from "./people.ts"

const home = "/account/two-factor"
const step = "/login/second-factor"

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  const nextStep = () => clock.advance({ seconds: 30 })

  /** A new browser that gave the right password; `send` posts the form of the code. */
  async function begin(email: string, next?: string) {
    const browser = makeVisitor(site.url)
    const path = next === undefined ? "/login" : `/login?next=${encodeURIComponent(next)}`
    const asked = await browser.submit(path, "/login", { email, password })
    assert.equal(asked.status, 303)
    assert.equal(asked.location?.pathname, step)
    const form = readForm((await browser.get(asked.location ?? "")).text, step)
    const send = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> => {
      const { code: _code, ...hidden } = form
      return browser.postForm(step, { ...hidden, ...fields }, headers)
    }
    return { browser, send }
  }

  const isSignedIn = async (browser: Visitor) => (await browser.get("/dashboard")).status === 200

  describe("setting it up", () => {
    it("asks for the password, then for a code of the app, and gives ten recovery codes", async () => {
      const person = await newPerson(site)
      const { browser } = person
      const wrong = await browser.submit(home, `${home}/begin`, { current_password: "sai mật khẩu" })
      assert.equal(wrong.status, 400)
      assert.match(wrong.text, /id="current_password-problem"/)
      assert.equal((await browser.get(`${home}/set-up`)).location?.pathname, home, "nothing was begun")

      await browser.submit(home, `${home}/begin`, { current_password: password })
      const page = await browser.get(`${home}/set-up`)
      assert.match(page.text, /<svg viewBox="0 0 \d+ \d+"[^>]*role="img"/)
      const secret = readSecret(page.text)
      assert.equal(secret.length, 32)
      const refused = await browser.submit(`${home}/set-up`, `${home}/set-up`, { code: "000000" })
      assert.equal(refused.status, 400)
      assert.equal(readSecret(refused.text), secret, "a wrong code keeps the secret")
      assert.equal((await signIn(makeVisitor(site.url), person.email)).location?.pathname, "/", "it is not on yet")

      const code = codeAt(secret, clock.now())
      const done = await browser.submit(`${home}/set-up`, `${home}/set-up`, { code })
      assert.equal(done.status, 200)
      assert.equal(new Set(readRecoveryCodes(done.text)).size, 10)
      assert.match((await browser.get(home)).text, /<dd>10<\/dd>/)
      assert.equal((await signIn(makeVisitor(site.url), person.email)).location?.pathname, step)
      assert.deepEqual(await auditOf(site, person), ["user.second_factor_on by user"])
    })

    it("sent twice shows the same recovery codes, for a quarter of an hour, and warns once", async () => {
      const person = await newPerson(site)
      const { browser } = person
      await browser.submit(home, `${home}/begin`, { current_password: password })
      const page = (await browser.get(`${home}/set-up`)).text
      const form = { ...readForm(page, `${home}/set-up`), code: codeAt(readSecret(page), clock.now()) }
      const [one, two] = await Promise.all([
        browser.postForm(`${home}/set-up`, form),
        browser.postForm(`${home}/set-up`, form),
      ])
      const codes = readRecoveryCodes(one.text)
      assert.equal(codes.length, 10)
      assert.deepEqual(readRecoveryCodes(two.text), codes)
      clock.advance({ minutes: 14 })
      assert.deepEqual(readRecoveryCodes((await browser.postForm(`${home}/set-up`, form)).text), codes)
      clock.advance({ minutes: 1 })
      assert.equal((await browser.postForm(`${home}/set-up`, form)).status, 303)
      const subjects = (await mailsTo(site, person.email)).map((mail) => mail.subject)
      assert.deepEqual(subjects, ["Đã bật xác thực hai lớp"])
      const rows = JSON.stringify(await site.context.db.selectFrom("recovery_codes").selectAll().execute())
      for (const code of codes) assert.doesNotMatch(rows, new RegExp(code.replace("-", "-?")))
    })

    it("belongs to the session that began it, for a quarter of an hour", async () => {
      const person = await newPerson(site)
      await person.browser.submit(home, `${home}/begin`, { current_password: password })
      const other = makeVisitor(site.url)
      await signIn(other, person.email)
      assert.equal((await other.get(`${home}/set-up`)).location?.pathname, home)
      const page = (await person.browser.get(`${home}/set-up`)).text
      const form = readForm(page, `${home}/set-up`)
      clock.advance({ minutes: 15 })
      const code = codeAt(readSecret(page), clock.now())
      const late = await person.browser.postForm(`${home}/set-up`, { ...form, code })
      assert.equal(late.location?.search, "?said=expired")
      assert.equal((await signIn(makeVisitor(site.url), person.email)).location?.pathname, "/")
    })

    it("keeps the secret sealed, and bound to its user", async () => {
      const person = await newPerson(site)
      const { secret } = await switchOn(site, person)
      const rows = await site.context.db.selectFrom("second_factors").selectAll().execute()
      assert.equal(JSON.stringify(rows).includes(secret), false)
    })
  })

  describe("signing in with it", () => {
    let person: Person
    let secret: string
    let recoveryCodes: readonly string[]
    before(async () => {
      person = await newPerson(site)
      ;({ secret, recoveryCodes } = await switchOn(site, person))
    })

    it("takes the code after the password and leads where it was asked to; the password alone opens nothing", async () => {
      nextStep()
      const { browser, send } = await begin(person.email, "/dashboard?tab=3")
      assert.equal(browser.cookies.has("sepay_session"), false)
      assert.equal(await isSignedIn(browser), false)
      const wrong = await send({ code: "000000" })
      assert.equal(wrong.status, 400)
      assert.match(wrong.text, /id="code-problem"/)
      assert.equal((await send({ code: "" })).status, 400)
      const done = await send({ code: ` ${codeAt(secret, clock.now()).replace(/^.../, "$& ")} ` })
      assert.equal(done.status, 303)
      assert.equal(done.location?.href, `${site.url}/dashboard?tab=3`)
      assert.equal(await isSignedIn(browser), true)
    })

    it("takes no code twice, nor one of a step before the last", async () => {
      nextStep()
      const code = codeAt(secret, clock.now())
      const before = codeAt(secret, clock.now() - 30_000)
      assert.equal((await (await begin(person.email)).send({ code })).status, 303)
      for (const used of [code, before]) {
        const { browser, send } = await begin(person.email)
        assert.equal((await send({ code: used })).status, 400)
        assert.equal(await isSignedIn(browser), false)
      }
      nextStep()
    })

    it("sent twice within a minute is one session; later it is over", async () => {
      nextStep()
      const { browser, send } = await begin(person.email)
      const code = codeAt(secret, clock.now())
      const cookie = { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ") }
      const [one, two] = await Promise.all([send({ code }, cookie), send({ code }, cookie)])
      const sessionOf = (answer: Answer) =>
        answer.headers.getSetCookie().find((line) => line.startsWith("sepay_session="))
      assert.deepEqual([one.status, two.status], [303, 303])
      assert.equal(sessionOf(one), sessionOf(two))
      assert.ok(sessionOf(one))
      assert.equal((await send({ code: "123456" }, cookie)).status, 403, "no other code opens it")
      clock.advance({ seconds: 61 })
      assert.equal((await send({ code }, cookie)).status, 403)
    })

    it("takes each recovery code once, typed as people type, and warns the owner", async () => {
      const [first = "", second = ""] = recoveryCodes
      const typed = ` ${first.toLowerCase().replace("-", " ")}`
      const { browser, send } = await begin(person.email)
      assert.equal((await send({ recovery_code: typed })).status, 303)
      assert.equal(await isSignedIn(browser), true)
      const again = await (await begin(person.email)).send({ recovery_code: first })
      assert.equal(again.status, 400)
      assert.match(again.text, /id="recovery_code-problem"/)
      const mails = await mailsTo(site, person.email)
      const [mail] = mails.filter(({ subject }) => subject === "Một mã khôi phục đã được dùng")
      assert.match(mail?.text ?? "", /Bạn còn 9 mã khôi phục/)
      assert.equal((await (await begin(person.email)).send({ recovery_code: second })).status, 303)
    })

    it("takes no recovery code of somebody else", async () => {
      const other = await newPerson(site)
      await switchOn(site, other)
      const { send } = await begin(other.email)
      assert.equal((await send({ recovery_code: recoveryCodes[2] ?? "" })).status, 400)
    })

    it("waits ten minutes for the code, and not past a change of the password", async () => {
      const late = await begin(person.email)
      clock.advance({ minutes: 10 })
      const expired = await late.send({ code: codeAt(secret, clock.now()) })
      assert.equal(expired.status, 403)
      assert.match(expired.text, /name="password"/)
      const overtaken = await begin(person.email)
      await setPassword(site.context.db, clock.now(), person.id, `${password}!`)
      assert.equal((await overtaken.send({ code: codeAt(secret, clock.now()) })).status, 403)
      assert.equal(await isSignedIn(overtaken.browser), false)
      await setPassword(site.context.db, clock.now(), person.id, password)
    })

    it("asks again for password and code where a page wants a fresh sign-in, and ends the session before", async () => {
      nextStep()
      const { browser, send } = await begin(person.email)
      await send({ code: codeAt(secret, clock.now()) })
      const old = browser.cookies.get("sepay_session")
      const path = "/login?reauthenticate=1&next=/dashboard"
      const asked = await browser.submit(path, "/login", { email: person.email, password })
      assert.equal(asked.location?.pathname, step)
      assert.equal(await isSignedIn(browser), true, "until then the old session goes on")
      nextStep()
      const done = await browser.submit(asked.location ?? "", step, { code: codeAt(secret, clock.now()) })
      assert.equal(done.location?.pathname, "/dashboard")
      assert.notEqual(browser.cookies.get("sepay_session"), old)
      assert.equal((await makeVisitor(site.url).get("/dashboard", { cookie: `sepay_session=${old}` })).status, 302)
    })

    it("is refused without the form of this browser, and without a password before it", async () => {
      nextStep()
      const { browser, send } = await begin(person.email)
      const code = codeAt(secret, clock.now())
      assert.equal((await send({ code, csrf_token: "x" })).status, 403)
      assert.equal((await send({ code }, { origin: "https://evil.example" })).status, 403)
      browser.cookies.delete("sepay_sign_in")
      assert.equal((await send({ code })).status, 403)
      assert.equal(await isSignedIn(browser), false)
      assert.equal((await makeVisitor(site.url).get(step)).location?.pathname, "/login")
    })

    it("leaves nothing behind once it is over", async () => {
      await begin(person.email)
      clock.advance({ days: 401 })
      while ((await cleanIdentity(site.context.db, clock.now(), 5)) > 0);
      for (const table of ["sign_ins_begun", "known_places", "sign_in_throttles"] as const) {
        assert.deepEqual(await site.context.db.selectFrom(table).selectAll().execute(), [], table)
      }
      const pending = site.context.db.selectFrom("second_factors").selectAll().where("is_on", "=", 0)
      assert.deepEqual(await pending.execute(), [])
    })
  })

  describe("changing it", () => {
    it("makes new recovery codes for a code, ends the old ones, and does so once", async () => {
      const person = await newPerson(site)
      const { secret, recoveryCodes } = await switchOn(site, person)
      nextStep()
      const path = `${home}/recovery-codes`
      const form = readForm((await person.browser.get(path)).text, path)
      assert.equal((await person.browser.postForm(path, { ...form, code: "000000" })).status, 400)
      const code = codeAt(secret, clock.now())
      const made = await person.browser.postForm(path, { ...form, code })
      const codes = readRecoveryCodes(made.text)
      assert.equal(codes.length, 10)
      assert.equal(
        codes.some((one) => recoveryCodes.includes(one)),
        false,
      )
      const twice = await person.browser.postForm(path, { ...form, code })
      assert.deepEqual(readRecoveryCodes(twice.text), codes)
      assert.equal((await (await begin(person.email)).send({ recovery_code: recoveryCodes[0] ?? "" })).status, 400)
      assert.equal((await (await begin(person.email)).send({ recovery_code: codes[0] ?? "" })).status, 303)
      assert.equal((await auditOf(site, person)).at(-1), "user.recovery_codes_renew by user")
    })

    it("switches it off for password and code together, and the codes with it", async () => {
      const person = await newPerson(site)
      const { secret, recoveryCodes } = await switchOn(site, person)
      nextStep()
      const path = `${home}/off`
      const off = (fields: Record<string, string>) => person.browser.submit(path, path, fields)
      const code = codeAt(secret, clock.now())
      assert.equal((await off({ current_password: "sai mật khẩu", code })).status, 400)
      assert.equal((await off({ current_password: password, code: "000000" })).status, 400)
      const begun = await begin(person.email)
      assert.equal((await off({ current_password: password, code })).location?.search, "?said=off")
      assert.equal((await signIn(makeVisitor(site.url), person.email)).location?.pathname, "/")
      assert.equal((await begun.send({ recovery_code: recoveryCodes[0] ?? "" })).status, 403, "it asks to begin again")
      const subjects = (await mailsTo(site, person.email)).map((mail) => mail.subject)
      assert.ok(subjects.includes("Đã tắt xác thực hai lớp"))
      assert.equal((await auditOf(site, person)).at(-1), "user.second_factor_off by user")
    })

    it("ends by the operator's command for whoever lost everything, who is told by mail", async () => {
      const person = await newPerson(site)
      await switchOn(site, person)
      const env = { DATABASE_URL: engine.databaseUrl() }
      const off = (...args: string[]) => runCli(["user", "two-factor", "off", ...args, "--json"], { env, directory })
      const directory = makeTemporaryDirectory()
      const done = await off("--email", person.email.toUpperCase())
      assert.deepEqual(done.json(), { id: person.id, was_on: true }, done.stderr)
      assert.deepEqual((await off("--email", person.email)).json(), { id: person.id, was_on: false })
      assert.equal((await off("--email", "khong.ai@mau.example")).code, 1)
      assert.equal((await off()).code, 2)
      assert.match((await runCli(["user", "two-factor", "off", "--help"], { env })).stdout, /--email EMAIL/)
      assert.equal((await signIn(makeVisitor(site.url), person.email)).location?.pathname, "/")
      assert.equal((await auditOf(site, person)).at(-1), "user.second_factor_off by operator")
      const folder = engine.name === "sqlite" ? site.context.config.dataDirectory : join(directory, "data")
      const mails = (await listMails(folder, 1000)).filter((mail) => mail.to === person.email)
      assert.match(mails.map((mail) => mail.text).join(), /Quản trị viên hệ thống vừa tắt/)
    })

    it("starts from the beginning when it is on already, whatever page is called", async () => {
      const person = await newPerson(site)
      const form = readForm((await person.browser.get(home)).text, `${home}/begin`)
      await switchOn(site, person)
      const again = await person.browser.postForm(`${home}/begin`, { ...form, current_password: password })
      assert.equal(again.location?.pathname, home)
      const fresh = await newPerson(site)
      for (const path of [`${home}/off`, `${home}/recovery-codes`, `${home}/set-up`]) {
        assert.equal((await fresh.browser.get(path)).location?.pathname, home)
      }
    })
  })
})
