import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createUser, findUser } from "../../src/identity/user.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { linkIn, mailsTo, newestMailTo } from "../support/mailbox.ts"
import { type IdentitySite, startIdentitySite, startSiteProcess } from "./identity-site.ts"
import { auditOf, newEmail, newVisitor, signedIn, signIn, somePassword, submit } from "./visits.ts"

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  describe("the profile", () => {
    it("changes name, telephone and language, and the pages speak it at once", async () => {
      const { visitor, id, companyId } = await signedIn(site)
      const fields = { first_name: " Mai ", last_name: "Phạm", phone: "0912 345 678", language: "en" }
      const saved = await submit(visitor, "/account", "/account", fields)
      assert.equal(saved.location?.search, "?done=saved")
      const page = await visitor.get("/account?done=saved")
      assert.match(page.text, /<html lang="en"/)
      const user = await findUser(site.context.db, { id })
      assert.deepEqual(
        [user?.firstName, user?.lastName, user?.phone, user?.language],
        ["Mai", "Phạm", "0912 345 678", "en"],
      )
      assert.deepEqual(await auditOf(site, companyId), ["user.update"])
    })

    it("comes back with what was typed when a field is wrong", async () => {
      const { visitor } = await signedIn(site)
      const wrong = { first_name: "", last_name: "", phone: "không có", language: "vi" }
      const answer = await submit(visitor, "/account", "/account", wrong)
      assert.equal(answer.status, 400)
      assert.match(answer.text, /id="first_name-problem".*id="phone-problem"/s)
      assert.deepEqual(readForm(answer.text, "/account")["phone"], ["không có"])
    })

    it("changed in another tab meanwhile says so, keeps what was typed, and takes it when sent once more", async () => {
      const { visitor, id } = await signedIn(site)
      const first = readForm((await visitor.get("/account")).text, "/account")
      const second = { ...first, phone: "0222" }
      assert.equal((await visitor.postForm("/account", { ...first, phone: "0111", language: "vi" })).status, 303)
      const late = await visitor.postForm("/account", { ...second, language: "vi" })
      assert.equal(late.status, 409)
      assert.match(late.text, /cửa sổ khác/)
      assert.equal((await findUser(site.context.db, { id }))?.phone, "0111")
      const again = readForm(late.text, "/account")
      assert.deepEqual(again["phone"], ["0222"])
      assert.equal((await visitor.postForm("/account", { ...again, language: "vi" })).status, 303)
      assert.equal((await findUser(site.context.db, { id }))?.phone, "0222")
      assert.equal(
        (await visitor.postForm("/account", { ...first, phone: "0222", language: "vi" })).status,
        303,
        "no change",
      )
    })

    it("with a wrong field in between, still tells of a change in another tab", async () => {
      const { visitor, id } = await signedIn(site)
      const first = { ...readForm((await visitor.get("/account")).text, "/account"), language: "vi" }
      assert.equal((await visitor.postForm("/account", { ...first, phone: "0111" })).status, 303)
      const wrong = await visitor.postForm("/account", { ...first, phone: "không có" })
      assert.equal(wrong.status, 400)
      const mended = { ...readForm(wrong.text, "/account"), language: "vi", phone: "0222" }
      assert.equal((await visitor.postForm("/account", mended)).status, 409)
      assert.equal((await findUser(site.context.db, { id }))?.phone, "0111")
    })

    it("is nobody's without a session, nor by a form of another", async () => {
      const { visitor } = await signedIn(site)
      assert.equal((await newVisitor(site).get("/account")).location?.pathname, "/login")
      const other = await signedIn(site)
      const form = readForm((await other.visitor.get("/account")).text, "/account")
      assert.equal((await visitor.postForm("/account", { ...form, language: "vi" })).status, 403)
    })
  })

  const ask = (visitor: Visitor, email: string, password = somePassword): Promise<Answer> =>
    submit(visitor, "/account/email", "/account/email", { email, password })

  describe("the sign-in e-mail", () => {
    it("changes when the new address is confirmed, and the old one is told", async () => {
      const { visitor, id, email, companyId } = await signedIn(site)
      const wanted = newEmail()
      assert.equal((await ask(visitor, wanted)).location?.search, "?done=sent")
      assert.equal((await findUser(site.context.db, { id }))?.email, email, "not before")
      const link = linkIn(await newestMailTo(site.context, wanted))
      assert.equal((await newVisitor(site).get(link)).status, 200)
      const done = await submit(newVisitor(site), link, "/confirm-email", {})
      assert.equal(done.location?.href, `${site.url}/login?done=email_changed`)
      assert.match((await newestMailTo(site.context, email)).text, new RegExp(wanted))
      assert.match((await visitor.get("/account")).text, new RegExp(wanted), "the session goes on")
      assert.equal((await signIn(newVisitor(site), email)).status, 400)
      assert.equal((await signIn(newVisitor(site), wanted)).status, 303)
      assert.equal((await visitor.get(link)).status, 410)
      assert.deepEqual(await auditOf(site, companyId), ["user.change_email"])
    })

    it("pressed twice says twice that it is done", async () => {
      const { visitor } = await signedIn(site)
      const wanted = newEmail()
      await ask(visitor, wanted)
      const link = linkIn(await newestMailTo(site.context, wanted))
      const form = readForm((await visitor.get(link)).text, "/confirm-email")
      const answers = [await visitor.postForm("/confirm-email", form), await visitor.postForm("/confirm-email", form)]
      assert.deepEqual(
        answers.map(({ location }) => location?.href),
        [`${site.url}/account?done=email_changed`, `${site.url}/account?done=email_changed`],
      )
    })

    it("takes the current password, and guessing it is slowed down as at the sign-in", async () => {
      const { visitor } = await signedIn(site)
      const statuses = []
      for (let count = 0; count < 7; count += 1) statuses.push((await ask(visitor, newEmail(), "sai mật khẩu")).status)
      assert.deepEqual(statuses, [400, 400, 400, 400, 400, 400, 429])
      clock.advance({ minutes: 2 })
      assert.equal((await ask(visitor, newEmail())).status, 303)
    })

    it("is refused when it is none, or the one they have; another spelling of it is taken", async () => {
      const { visitor, email, id } = await signedIn(site)
      for (const wrong of ["lan", "", email]) {
        const answer = await ask(visitor, wrong)
        assert.equal(answer.status, 400, wrong)
        assert.match(answer.text, /id="email-problem"/)
        assert.deepEqual(readForm(answer.text, "/account/email")["password"], [""])
      }
      const spelt = email.toUpperCase()
      assert.equal((await ask(visitor, spelt)).status, 303)
      await submit(visitor, linkIn(await newestMailTo(site.context, spelt)), "/confirm-email", {})
      assert.equal((await findUser(site.context.db, { id }))?.email, spelt)
    })

    it("that another account has is not given away: the answer is the same, and only its mailbox learns", async () => {
      const { visitor, id, email } = await signedIn(site)
      const other = await signedIn(site)
      assert.equal((await ask(visitor, other.email)).location?.search, "?done=sent")
      const mail = await newestMailTo(site.context, other.email)
      assert.doesNotMatch(mail.text, /confirm-email/)
      const wanted = newEmail()
      await ask(visitor, wanted)
      const link = linkIn(await newestMailTo(site.context, wanted))
      await createUser(site.context.db, clock.now(), {
        email: wanted,
        password: somePassword,
        company: { fullName: "X" },
      })
      const form = readForm((await visitor.get(link)).text, "/confirm-email")
      for (const press of ["first", "second"]) {
        assert.equal((await visitor.postForm("/confirm-email", form)).status, 409, press)
      }
      assert.equal((await findUser(site.context.db, { id }))?.email, email)
    })

    it("leaves no way in through the old mailbox, nor for who knew the old password", async () => {
      const { visitor, email } = await signedIn(site)
      await submit(newVisitor(site), "/forgot-password", "/forgot-password", { email })
      const oldReset = linkIn(await newestMailTo(site.context, email))
      const wanted = newEmail()
      await ask(visitor, wanted)
      await submit(visitor, linkIn(await newestMailTo(site.context, wanted)), "/confirm-email", {})
      assert.equal((await newVisitor(site).get(oldReset)).status, 410)

      const third = newEmail()
      await ask(visitor, third)
      const change = linkIn(await newestMailTo(site.context, third))
      clock.advance({ seconds: 1 })
      await submit(newVisitor(site), "/forgot-password", "/forgot-password", { email: wanted })
      const reset = linkIn(await newestMailTo(site.context, wanted))
      assert.equal(
        (await submit(newVisitor(site), reset, "/reset-password", { password: "của chủ thật sự" })).status,
        303,
      )
      assert.equal((await newVisitor(site).get(change)).status, 410)
      assert.deepEqual((await mailsTo(site.context, third)).length, 1)
    })
  })

  it("of several who confirm one address at once in three processes, one gets it and nothing breaks", async () => {
    const wanted = newEmail()
    const owners = []
    for (let count = 0; count < 3; count += 1) owners.push(await signedIn(site))
    const links: string[] = []
    for (const { visitor } of owners) {
      clock.advance({ seconds: 1 })
      assert.equal((await ask(visitor, wanted)).status, 303)
      links.push(linkIn(await newestMailTo(site.context, wanted)))
    }
    const processes = []
    try {
      for (const link of links) {
        const each = await startSiteProcess(engine.databaseUrl(), clock.now())
        const visitor = makeVisitor(each.url)
        const form = readForm((await visitor.get(link)).text, "/confirm-email")
        processes.push({ ...each, press: () => visitor.postForm("/confirm-email", form) })
      }
      const answers = await Promise.all(processes.map(({ press }) => press()))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409, 409])
      const holders = []
      for (const { id } of owners) holders.push((await findUser(site.context.db, { id }))?.email)
      assert.equal(holders.filter((email) => email === wanted).length, 1)
    } finally {
      for (const each of processes) await each.stop()
    }
  })
})
