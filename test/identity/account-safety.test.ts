import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { transaction } from "../../src/database/engine.ts"
import { cleanIdentity } from "../../src/identity/cleanup.ts"
import { readDevice } from "../../src/identity/device.ts"
import { createUser } from "../../src/identity/user.ts"
import { coarseNetworkOf } from "../../src/network.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { linkIn, newestMailTo } from "../support/mailbox.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"
import { auditOf, mailsTo, newPerson, password, signIn } from "./people.ts"

const chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  const isSignedIn = async (browser: Visitor) => (await browser.get("/dashboard")).status === 200

  /** Signs in as a browser of that kind at that address. */
  async function signInFrom(email: string, from: { userAgent?: string; ip: string }, browser = makeVisitor(site.url)) {
    clock.advance({ seconds: 1 }) // Mails are told apart by their time.
    const form = readForm((await browser.get("/login?reauthenticate=1")).text, "/login")
    const headers = { "x-forwarded-for": from.ip, "user-agent": from.userAgent ?? "node" }
    assert.equal((await browser.postForm("/login", { ...form, email, password }, headers)).status, 303)
    return browser
  }

  describe("the password", () => {
    const path = "/account/password"
    const fresh = "một mật khẩu khác, dài"
    const change = (browser: Visitor, fields: Record<string, string> = {}) =>
      browser.submit(path, path, {
        current_password: password,
        new_password: fresh,
        new_password_again: fresh,
        ...fields,
      })

    it("takes an open reset link with it when it is changed: whoever has that mail is too late", async () => {
      const person = await newPerson(site)
      const stranger = makeVisitor(site.url)
      await stranger.submit("/forgot-password", "/forgot-password", { email: person.email })
      const link = linkIn(await newestMailTo(site.context, person.email))
      assert.equal((await stranger.get(link)).status, 200)
      await change(person.browser)
      assert.equal((await stranger.get(link)).status, 410)
    })

    it("takes a begun change of e-mail with it too: whoever knew the old one cannot move the account any more", async () => {
      const person = await newPerson(site)
      const wanted = "cua-ke-trom@mau.example"
      const asked = { email: wanted, password }
      assert.equal((await person.browser.submit("/account/email", "/account/email", asked)).status, 303)
      const link = linkIn(await newestMailTo(site.context, wanted))
      assert.equal((await makeVisitor(site.url).get(link)).status, 200)
      await change(person.browser)
      assert.equal((await makeVisitor(site.url).get(link)).status, 410)
    })

    it("is changed for the current one: other sessions end, this one stays, the owner is told", async () => {
      const person = await newPerson(site)
      const other = makeVisitor(site.url)
      await signIn(other, person.email)
      const done = await change(person.browser)
      assert.equal(done.location?.search, "?done=changed")
      assert.match((await person.browser.get(done.location ?? "")).text, /Đã đổi mật khẩu/)
      assert.deepEqual([await isSignedIn(person.browser), await isSignedIn(other)], [true, false])
      assert.equal((await signIn(makeVisitor(site.url), person.email)).status, 400)
      assert.equal((await signIn(makeVisitor(site.url), person.email, { password: fresh })).status, 303)
      const [mail] = (await mailsTo(site, person.email)).filter(({ subject }) => subject.includes("Mật khẩu"))
      assert.equal(mail?.subject, "Mật khẩu SePay đã được đổi")
      assert.doesNotMatch(mail?.text ?? "", new RegExp(`${fresh}|${password}`))
      assert.deepEqual(await auditOf(site, person), ["user.password_change by user"])
    })

    const refusals: readonly [Record<string, string>, string, RegExp][] = [
      [{ current_password: "sai mật khẩu" }, "current_password", /Mật khẩu hiện tại không đúng/],
      [{ new_password: "ngắn" }, "new_password", /ít nhất 10 ký tự/],
      [{ new_password: "x".repeat(1001) }, "new_password", /không được quá 1000/],
      [{ new_password: "1234567890" }, "new_password", /quá dễ đoán/],
      [{ new_password_again: "khác hẳn cái kia" }, "new_password_again", /không giống nhau/],
      [{ new_password: password, new_password_again: password }, "new_password", /giống mật khẩu hiện tại/],
    ]
    it("that breaks a rule is refused at its field, and nothing that was typed comes back", async () => {
      const person = await newPerson(site)
      for (const [fields, field, words] of refusals) {
        const answer = await change(person.browser, fields)
        assert.equal(answer.status, 400)
        const problem = new RegExp(`id="${field}-problem">([^<]+)<`).exec(answer.text)?.[1]
        assert.match(problem ?? "", words)
        assert.deepEqual(Object.keys(readForm(answer.text, path)).length, 4)
        for (const name of ["current_password", "new_password", "new_password_again"]) {
          assert.deepEqual(readForm(answer.text, path)[name], [""])
        }
      }
      assert.equal((await signIn(makeVisitor(site.url), person.email)).status, 303)
      assert.deepEqual(await auditOf(site, person), [])
    })

    it("is slowed down when it is guessed, together with the sign-in", async () => {
      const person = await newPerson(site)
      const statuses: number[] = []
      for (let tries = 0; tries < 7; tries += 1) {
        statuses.push((await change(person.browser, { current_password: "sai mật khẩu" })).status)
      }
      assert.deepEqual(statuses, [400, 400, 400, 400, 400, 400, 429])
      assert.equal((await signIn(makeVisitor(site.url), person.email)).status, 429)
      clock.advance({ minutes: 1 })
      assert.equal((await change(person.browser)).status, 303)
    })
  })

  describe("the sessions", () => {
    const path = "/account/sessions"

    it("are listed with device, address and times, the own one marked; one is signed out", async () => {
      const person = await newPerson(site)
      const other = await signInFrom(person.email, { userAgent: chrome, ip: "198.51.100.7" })
      const evil = await signInFrom(person.email, { userAgent: hostile, ip: "198.51.100.8" })
      const page = (await person.browser.get(path)).text
      assert.match(page, /Chrome trên Windows[\s\S]*198\.51\.100\.7[\s\S]*10:\d\d 15\/01\/2026/)
      assert.match(page, /Thiết bị không rõ/)
      assert.doesNotMatch(page, /onerror|alert\(1\)/)
      assert.equal(page.match(/Phiên này/g)?.length, 1)
      const button =
        /action="(\/account\/sessions\/[\w-]{22}\/sign-out)"(?:(?!<\/form>).)*Đăng xuất Chrome trên Windows"/
      const [, action = ""] = button.exec(page) ?? []
      const done = await person.browser.submit(path, action, {})
      assert.equal(done.location?.search, "?done=one")
      assert.deepEqual([await isSignedIn(other), await isSignedIn(evil)], [false, true])
      assert.equal((await person.browser.postForm(action, readForm(page, action))).status, 404, "it is gone")
      assert.deepEqual(await auditOf(site, person), ["user.session_end by user"])
    })

    it("elsewhere are all signed out after a question, this one stays", async () => {
      const person = await newPerson(site)
      const others = [makeVisitor(site.url), makeVisitor(site.url)]
      for (const browser of others) await signIn(browser, person.email)
      const all = `${path}/sign-out-others`
      const question = await person.browser.get(all)
      assert.match(question.text, /2 phiên khác sẽ kết thúc ngay/)
      assert.equal(await isSignedIn(others[0] ?? person.browser), true, "asking changes nothing")
      const done = await person.browser.postForm(all, readForm(question.text, all))
      assert.equal(done.location?.search, "?done=others")
      assert.deepEqual(await Promise.all(others.map(isSignedIn)), [false, false])
      assert.equal(await isSignedIn(person.browser), true)
      assert.equal((await person.browser.get(all)).location?.pathname, path, "there is nothing left to ask")
    })

    it("of somebody else are not found, like those that do not exist", async () => {
      const person = await newPerson(site)
      const victim = await newPerson(site)
      const row = await site.context.db
        .selectFrom("sessions")
        .select("public_id")
        .where("user_id", "=", victim.id)
        .executeTakeFirstOrThrow()
      const page = (await person.browser.get(path)).text
      const [token] = readForm(page, "/logout")["csrf_token"] ?? []
      const texts = new Set<string>()
      for (const id of [row.public_id, "A".repeat(22), "1", "%00", "..%2f"]) {
        const answer = await person.browser.postForm(`${path}/${id}/sign-out`, { csrf_token: token })
        assert.equal(answer.status, 404)
        texts.add(answer.text.replaceAll(/value="[^"]*"/g, ""))
      }
      assert.equal(texts.size, 1)
      assert.equal(await isSignedIn(victim.browser), true)
    })

    it("that ended or lie unused are not listed, and no id of a page is the cookie or its hash", async () => {
      const person = await newPerson(site)
      await signIn(makeVisitor(site.url), person.email)
      clock.advance({ hours: 11 })
      assert.equal(await isSignedIn(person.browser), true)
      clock.advance({ hours: 2 })
      const page = (await person.browser.get(path)).text
      assert.equal(page.match(/class="card session"/g)?.length, 1)
      const rows = await site.context.db.selectFrom("sessions").selectAll().where("user_id", "=", person.id).execute()
      for (const { id_hash, public_id } of rows) {
        assert.match(public_id, /^[\w-]{22}$/)
        assert.equal(id_hash.includes(public_id) || page.includes(id_hash), false)
      }
      assert.equal(page.includes(person.browser.cookies.get("sepay_session") ?? "?"), false)
    })
  })

  describe("the owner is warned by mail", () => {
    let users = 0

    async function newUser(language?: "en") {
      const email = `canh-bao-${++users}@mau.example`
      const { id } = await createUser(site.context.db, clock.now(), { email, password, company: { fullName: "Mẫu" } })
      if (language !== undefined) {
        await transaction(site.context.db, (tx) =>
          tx.updateTable("users").set({ language }).where("id", "=", id).execute(),
        )
      }
      const warnings = async () => (await mailsTo(site, email)).map(({ subject }) => subject)
      return { email, warnings }
    }

    it("of a sign-in by another browser or from another network, and not of the first one ever", async () => {
      const { email, warnings } = await newUser()
      const browser = await signInFrom(email, { ip: "198.51.100.7" })
      assert.deepEqual(await warnings(), [], "the first one ever")
      await signInFrom(email, { ip: "198.51.200.9" }, browser)
      assert.deepEqual(await warnings(), [], "the same browser and about the same network")
      await signInFrom(email, { ip: "203.0.113.5" }, browser)
      assert.equal((await warnings()).length, 1, "another network")
      await signInFrom(email, { ip: "203.0.113.6" }, browser)
      assert.equal((await warnings()).length, 1, "it is known by now")
      await signInFrom(email, { ip: "203.0.113.6", userAgent: chrome })
      assert.deepEqual(await warnings(), Array(2).fill("Đăng nhập mới vào tài khoản SePay"), "another browser")
      const mail = (await mailsTo(site, email)).at(-1)
      assert.match(mail?.text ?? "", /Thiết bị: Chrome trên Windows\nĐịa chỉ IP: 203\.0\.113\.6/)
      assert.match(mail?.text ?? "", /Thời điểm: 2026-\d\d-\d\d \d\d:\d\d:\d\d \(giờ Việt Nam\)/)
      assert.ok(mail?.text.includes(`${site.url}/account/password`))
    })

    it("after a year of silence as well, since they signed in before", async () => {
      const { email, warnings } = await newUser()
      const browser = await signInFrom(email, { ip: "198.51.100.7" })
      clock.advance({ days: 401 })
      while ((await cleanIdentity(site.context.db, clock.now())) > 0);
      await signInFrom(email, { ip: "198.51.100.7" }, browser)
      assert.equal((await warnings()).length, 1)
    })

    it("in their own language, whatever the browser calls itself", async () => {
      const { email } = await newUser("en")
      const browser = await signInFrom(email, { ip: "198.51.100.7" })
      await signInFrom(email, { ip: "203.0.113.5", userAgent: `${hostile} Chrome/1` }, browser)
      const mail = (await mailsTo(site, email)).at(-1)
      assert.equal(mail?.subject, "New sign-in to your SePay account")
      assert.match(mail?.text ?? "", /Device: Chrome\n/)
      assert.doesNotMatch(mail?.text ?? "", /script|onerror/)
    })

    it("and a browser of another user is no known one", async () => {
      const [first, second] = [await newUser(), await newUser()]
      const browser = await signInFrom(first.email, { ip: "198.51.100.7" })
      await signInFrom(second.email, { ip: "198.51.100.7" })
      await signInFrom(second.email, { ip: "198.51.100.7" }, browser)
      assert.equal((await second.warnings()).length, 1)
    })
  })
})

describe("a device", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
  const android = "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko)"
  const table: readonly [string, string | undefined, string | undefined][] = [
    [chrome, "Chrome", "Windows"],
    [`${chrome} Edg/140.0`, "Edge", "Windows"],
    [chrome.replace("Chrome", "coc_coc_browser/140 Chrome"), "Cốc Cốc", "Windows"],
    [`${mac} Version/18.1 Safari/605.1.15`, "Safari", "macOS"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox", "Linux"],
    [`${android} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`, "Samsung Internet", "Android"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1",
      "Chrome",
      "iPhone",
    ],
    [`${android} Version/4.0 Chrome/130 Mobile Safari/537.36 Zalo android/24`, "Zalo", "Android"],
    ["curl/8.5.0", "curl", undefined],
    ["", undefined, undefined],
    [hostile, undefined, undefined],
  ]
  for (const [userAgent, browser, system] of table) {
    it(`is ${browser} on ${system} by ${JSON.stringify(userAgent.slice(0, 60))}`, () => {
      assert.deepEqual(readDevice(userAgent), { browser, system })
    })
  }
})

describe("the coarse network", () => {
  for (const [ip, network] of [
    ["198.51.100.7", "198.51"],
    ["::ffff:198.51.100.7", "198.51"],
    ["2001:db8:1:2::3", "2001:db8"],
    ["::1", "0:0"],
  ] as const) {
    it(`of ${ip} is ${network}`, () => assert.equal(coarseNetworkOf(ip), network))
  }
})
