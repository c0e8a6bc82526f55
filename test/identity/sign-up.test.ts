import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { cleanIdentity } from "../../src/identity/cleanup.ts"
import { findCompany } from "../../src/identity/company.ts"
import { findUser } from "../../src/identity/user.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, type FormFields, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { linkIn, mailsTo, newestMailTo } from "../support/mailbox.ts"
import { type IdentitySite, startIdentitySite, startSiteProcess } from "./identity-site.ts"
import { newVisitor, signIn, somePassword, submit } from "./visits.ts"

const password = somePassword
let people = 0

function newPerson() {
  people += 1
  const fields = { company: `Công ty ${people}`, last_name: "Trần Thị", first_name: "Lan", password }
  return { ...fields, email: `lan${people}@mau.example` }
}

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  const signUp = (visitor: Visitor, fields: Readonly<Record<string, string>>): Promise<Answer> =>
    submit(visitor, "/signup", "/signup", fields)

  async function verify(visitor: Visitor, email: string, fields: FormFields = {}): Promise<Answer> {
    return submit(visitor, linkIn(await newestMailTo(site.context, email)), "/verify-email", fields)
  }

  describe("signing up", () => {
    it("makes a company and its SuperAdmin when the link in the mail is followed, and signs them in", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      const sent = await signUp(visitor, { ...person, lang: "en" })
      assert.equal(sent.status, 303)
      const page = await visitor.get(`${sent.location?.pathname}${sent.location?.search}`)
      assert.match(page.text, new RegExp(person.email))
      assert.equal(await findUser(site.context.db, person), undefined, "nothing is made before")
      const mail = await newestMailTo(site.context, person.email)
      assert.equal(mail.subject, "Confirm your e-mail address")
      assert.doesNotMatch(mail.text, /Lan|Trần|Công ty/, "a stranger's words never go out in our name")

      assert.equal((await visitor.get(linkIn(mail))).status, 200)
      assert.equal((await visitor.get(linkIn(mail))).status, 200, "looking does not use it up")
      const verified = await verify(visitor, person.email)
      assert.deepEqual([verified.status, verified.location?.pathname], [303, "/"])
      assert.ok((await visitor.get("/account")).text.includes(person.email))
      const late = newVisitor(site)
      const form = readForm((await late.get("/login")).text, "/login")
      const token = new URL(linkIn(mail), site.url).searchParams.get("token") ?? ""
      const again = await late.postForm("/verify-email", { ...form, token })
      assert.deepEqual([again.status, again.location?.search], [303, "?done=verified"])
      assert.ok(!late.cookies.has("sepay_session"), "a link that was used signs nobody in")
      assert.match((await late.get("/login?done=verified")).text, /role="status"/)

      const user = await findUser(site.context.db, person)
      assert.deepEqual(
        [user?.role, user?.firstName, user?.lastName, user?.language, user?.isOperator],
        ["SuperAdmin", "Lan", "Trần Thị", "en", false],
      )
      const company = await findCompany(site.context.db, user?.companyId ?? 0)
      assert.equal(company?.fullName, person.company)
      assert.equal((await signIn(newVisitor(site), person.email)).location?.pathname, "/")
      const audit = await site.context.db
        .selectFrom("audit_entries")
        .select(["action", "actor_id"])
        .where("company_id", "=", user?.companyId ?? 0)
        .where("action", "!=", "user.sign_in")
        .orderBy("id")
        .execute()
      assert.deepEqual(
        audit.map((entry) => [entry.action, entry.actor_id]),
        [
          ["company.create", user?.id],
          ["user.create", user?.id],
        ],
      )
    })

    it("answers the same for an address that has an account, and tells only its mailbox", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      await signUp(visitor, person)
      await verify(visitor, person.email)
      clock.advance({ seconds: 1 })
      const stranger = newVisitor(site)
      const fresh = await signUp(newVisitor(site), newPerson())
      const taken = await signUp(stranger, { ...person, password: "một mật khẩu khác" })
      const shape = ({ status, location }: Answer) => [status, location?.pathname, location?.search.length]
      assert.deepEqual(shape(taken), shape(fresh))
      const page = await stranger.get(`${taken.location?.pathname}${taken.location?.search}`)
      assert.equal(page.status, 200)
      const mail = await newestMailTo(site.context, person.email)
      assert.equal(mail.subject, "Bạn đã có tài khoản SePay")
      assert.doesNotMatch(mail.text, /verify-email/)
      const early = await signIn(newVisitor(site), person.email, "một mật khẩu khác")
      assert.equal(early.location?.href, taken.location?.href, "as for an address that waits to be verified")
      assert.equal((await signIn(newVisitor(site), person.email)).status, 303)
    })

    it("sent twice signs up once; sent again with the address corrected, it goes to that address", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      const form = readForm((await visitor.get("/signup")).text, "/signup")
      const send = (fields: Readonly<Record<string, string>>) => visitor.postForm("/signup", { ...form, ...fields })
      const answers = [await send(person), await send(person), ...(await Promise.all([send(person), send(person)]))]
      assert.equal(new Set(answers.map(({ location }) => location?.href)).size, 1)
      assert.equal((await mailsTo(site.context, person.email)).length, 1)
      const corrected = { ...person, email: newPerson().email }
      const other = await send(corrected)
      assert.notEqual(other.location?.href, answers[0]?.location?.href)
      assert.equal((await mailsTo(site.context, corrected.email)).length, 1)
    })

    it("sends the mail again, and the link before opens no more", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      const { location } = await signUp(visitor, person)
      const first = linkIn(await newestMailTo(site.context, person.email))
      clock.advance({ seconds: 1 })
      const again = await submit(visitor, `${location?.pathname}${location?.search}`, "/signup/send-again", {})
      assert.match(again.location?.search ?? "", /done=again/)
      assert.equal((await visitor.get(first)).status, 410)
      assert.equal((await verify(visitor, person.email)).status, 303)
      const gone = await visitor.get(`${location?.pathname}${location?.search}`)
      assert.equal(gone.status, 404, "there is nothing left to send")
    })

    it("tells who signs in too early to confirm the address, but only with the right password", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      const { location } = await signUp(visitor, person)
      assert.equal((await signIn(visitor, person.email, "sai mật khẩu")).status, 400)
      const early = await signIn(visitor, person.email)
      assert.equal(early.location?.href, location?.href)
      assert.equal(visitor.cookies.has("sepay_session"), false)
    })

    it("is finished in another browser only with its password: nobody's click makes an account for a stranger", async () => {
      const stranger = newVisitor(site)
      const person = newPerson()
      await signUp(stranger, { ...person, password: "chỉ kẻ lạ mới biết" })
      const owner = newVisitor(site)
      const page = await owner.get(linkIn(await newestMailTo(site.context, person.email)))
      assert.match(page.text, /name="password"/)
      assert.match(page.text, /trình duyệt khác/)
      for (const fields of [{}, { password: "" }, { password }]) {
        const clicked = await verify(owner, person.email, fields)
        assert.deepEqual([clicked.status, /id="password-problem"/.test(clicked.text)], [400, true])
      }
      // A cookie of one's own sign-up, or one that is made up, is none for another's.
      await signUp(owner, newPerson())
      assert.equal((await verify(owner, person.email)).status, 400)
      owner.cookies.set("sepay_sign_up", "A".repeat(43))
      assert.equal((await verify(owner, person.email)).status, 400)
      assert.equal(await findUser(site.context.db, person), undefined)
      assert.equal((await signIn(stranger, person.email, "chỉ kẻ lạ mới biết")).location?.pathname, "/signup/sent")

      const phone = newVisitor(site)
      assert.equal((await verify(phone, person.email, { password: "chỉ kẻ lạ mới biết" })).status, 303)
      assert.notEqual(await findUser(site.context.db, person), undefined)
    })

    it("tells nobody by a sign-in whether the address has an account", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      await signUp(visitor, person)
      await verify(visitor, person.email)
      const answers = []
      for (const email of [person.email, newPerson().email]) {
        const stranger = newVisitor(site)
        const typed = { ...newPerson(), email, password: "của kẻ tò mò 123" }
        await signUp(stranger, typed)
        const { status, location } = await signIn(stranger, email, typed.password)
        answers.push([status, location?.pathname, stranger.cookies.has("sepay_session")])
      }
      assert.deepEqual(answers[0], answers[1])
      assert.equal((await signIn(newVisitor(site), person.email)).location?.pathname, "/", "its owner signs in as ever")
    })

    it("by two for one address makes one account: who follows the link first", async () => {
      const person = newPerson()
      await signUp(newVisitor(site), person)
      const first = linkIn(await newestMailTo(site.context, person.email))
      clock.advance({ seconds: 1 })
      await signUp(newVisitor(site), { ...person, password: "của người khác" })
      const visitor = newVisitor(site)
      const late = await verify(visitor, person.email, { password: "của người khác" })
      assert.equal(late.status, 303)
      for (const press of ["first", "second"]) {
        const taken = await submit(visitor, first, "/verify-email", { password })
        assert.equal(taken.status, 409, press)
      }
      assert.equal((await signIn(newVisitor(site), person.email, "của người khác")).status, 303)
    })

    it("opens for 24 hours, and is forgotten after", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      await signUp(visitor, person)
      const link = linkIn(await newestMailTo(site.context, person.email))
      clock.advance({ hours: 24 })
      assert.equal((await visitor.get(link)).status, 410)
      const form = readForm((await visitor.get("/login")).text, "/login")
      const token = new URL(link, site.url).searchParams.get("token") ?? ""
      assert.equal(
        (await visitor.postForm("/verify-email", { ...form, token })).status,
        410,
        "nor does pressing open it",
      )
      clock.advance({ days: 8 })
      while ((await cleanIdentity(site.context.db, clock.now(), 3)) > 0);
      for (const table of ["sign_ups", "one_time_links"] as const) {
        assert.deepEqual(await site.context.db.selectFrom(table).selectAll().execute(), [], table)
      }
      assert.equal((await signUp(visitor, person)).status, 303, "and the address is free")
    })
  })

  describe("a sign-up that cannot be", () => {
    const wrong: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
      ["no company", { company: "  " }, "company"],
      ["a company of two lines", { company: "A\u0007" }, "company"],
      ["no name at all", { first_name: "", last_name: " " }, "first_name"],
      ["no e-mail", { email: "lan" }, "email"],
      ["a header in the e-mail", { email: "a@b.example\r\nBcc: c@d.example" }, "email"],
      ["a short password", { password: "ngắn" }, "password"],
      ["a common password", { password: "matkhau123" }, "password"],
    ]
    for (const [name, change, field] of wrong) {
      it(`comes back with all but the password and marks ${field}: ${name}`, async () => {
        const person = newPerson()
        const answer = await signUp(newVisitor(site), { ...person, ...change })
        assert.equal(answer.status, 400)
        assert.match(answer.text, new RegExp(`id="${field}-problem"`))
        const form = readForm(answer.text, "/signup")
        assert.deepEqual(form["password"], [""])
        if (field !== "company") assert.deepEqual(form["company"], [person.company])
        assert.deepEqual(await mailsTo(site.context, person.email), [])
      })
    }

    it("keeps what was typed when its form has expired", async () => {
      const visitor = newVisitor(site)
      const person = newPerson()
      const form = readForm((await visitor.get("/signup")).text, "/signup")
      visitor.cookies.delete("sepay_form")
      const answer = await visitor.postForm("/signup", { ...form, ...person })
      assert.equal(answer.status, 403)
      assert.deepEqual(readForm(answer.text, "/signup")["email"], [person.email])
      assert.equal((await visitor.postForm("/signup", { ...readForm(answer.text, "/signup"), password })).status, 303)
    })

    it("from another site is refused", async () => {
      const visitor = newVisitor(site)
      const form = readForm((await visitor.get("/signup")).text, "/signup")
      const person = newPerson()
      const answer = await visitor.postForm("/signup", { ...form, ...person }, { origin: "https://evil.example" })
      assert.equal(answer.status, 403)
      assert.deepEqual(await mailsTo(site.context, person.email), [])
    })

    it("shows injected markup as text", async () => {
      const company = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`
      const answer = await signUp(newVisitor(site), { ...newPerson(), company, password: "ngắn" })
      assert.doesNotMatch(answer.text, /<script>alert|<img src=x/)
      assert.deepEqual(readForm(answer.text, "/signup")["company"], [company])
    })
  })

  it("asking for mails is slowed down by mailbox and by address, with the wait in words", async () => {
    const person = newPerson()
    const statuses: number[] = []
    for (let count = 0; count < 5; count += 1) statuses.push((await signUp(newVisitor(site), person)).status)
    assert.deepEqual(statuses, [303, 303, 303, 303, 429])
    assert.equal((await mailsTo(site.context, person.email)).length, 4)
    const visitor = newVisitor(site)
    const spread: number[] = []
    for (let count = 0; count < 12; count += 1) spread.push((await signUp(visitor, newPerson())).status)
    assert.deepEqual(spread, [...Array.from({ length: 11 }, () => 303), 429])
    const last = await signUp(visitor, newPerson())
    assert.ok(Number(last.headers.get("retry-after")) >= 1)
    clock.advance({ hours: 1 })
    assert.equal((await signUp(visitor, newPerson())).status, 303)
  })

  it("twenty who follow one link at once in three processes make one company", async () => {
    const person = newPerson()
    await signUp(newVisitor(site), person)
    const link = linkIn(await newestMailTo(site.context, person.email))
    const { now } = clock
    const processes = []
    try {
      for (let index = 0; index < 3; index += 1) processes.push(await startSiteProcess(engine.databaseUrl(), now()))
      const posts = await Promise.all(
        processes.map(async ({ url }) => {
          const visitor = makeVisitor(url)
          const form = readForm((await visitor.get(link)).text, "/verify-email")
          return () => visitor.postForm("/verify-email", { ...form, password })
        }),
      )
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => posts[index % 3]?.()))
      const places = answers.map((answer) => `${answer?.status} ${answer?.location?.pathname}`)
      assert.deepEqual(places.sort(), ["303 /", ...Array.from({ length: 19 }, () => "303 /login")])
      const made = await site.context.db
        .selectFrom("companies")
        .select("id")
        .where("full_name", "=", person.company)
        .execute()
      assert.equal(made.length, 1)
    } finally {
      for (const each of processes) await each.stop()
    }
  })
})
