import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { transaction } from "../../src/database/engine.ts"
import { closeCompany } from "../../src/identity/company.ts"
import { closeUser, findUser, setPassword } from "../../src/identity/user.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { linkIn, mailsTo, newestMailTo } from "../support/mailbox.ts"
import { type IdentitySite, startIdentitySite, startSiteProcess } from "./identity-site.ts"
import { auditOf, newEmail, newVisitor, signedIn, signIn, somePassword, submit } from "./visits.ts"

const newPassword = "một mật khẩu mới"

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  const forgot = (visitor: Visitor, email: string): Promise<Answer> =>
    submit(visitor, "/forgot-password", "/forgot-password", { email })

  async function linkFor(email: string): Promise<string> {
    clock.advance({ seconds: 1 })
    assert.equal((await forgot(newVisitor(site), email)).status, 303)
    return linkIn(await newestMailTo(site.context, email))
  }

  const reset = (visitor: Visitor, link: string, password = newPassword): Promise<Answer> =>
    submit(visitor, link, "/reset-password", { password })

  const openLinks = async () => {
    const { db } = site.context
    const rows = await db.selectFrom("one_time_links").select("link_hash").where("used_at", "is", null).execute()
    return rows.map((row) => row.link_hash)
  }

  describe("a forgotten password", () => {
    it("is replaced by the link in the mail, once, and every session ends", async () => {
      const owner = await signedIn(site)
      const link = await linkFor(owner.email)
      const visitor = newVisitor(site)
      assert.equal((await visitor.get(link)).status, 200)
      assert.equal((await visitor.get(link)).status, 200, "looking does not use it up")
      assert.equal((await owner.visitor.get("/account")).status, 200, "nor does asking end anything")
      const done = await reset(visitor, link)
      assert.deepEqual([done.status, done.location?.href], [303, `${site.url}/login?done=reset`])
      assert.match((await visitor.get("/login?done=reset")).text, /role="status"/)
      assert.equal((await owner.visitor.get("/account")).location?.pathname, "/login")
      assert.equal((await signIn(newVisitor(site), owner.email)).status, 400)
      assert.equal((await signIn(newVisitor(site), owner.email, newPassword)).status, 303)
      assert.equal((await visitor.get(link)).status, 410)
      assert.deepEqual(await auditOf(site, owner.companyId), ["user.reset_password"])
      const told = await mailsTo(site.context, owner.email)
      assert.ok(told.some(({ subject }) => subject === "Mật khẩu của bạn đã được đặt lại"))
    })

    it("gets the same answer for every address, and a mail only where there is an account that may sign in", async () => {
      const { db } = site.context
      const closed = await signedIn(site)
      await closeUser(db, clock.now(), closed.id)
      const ofClosed = await signedIn(site)
      await closeCompany(db, clock.now(), ofClosed.companyId)
      const known = await signedIn(site)
      const emails = [newEmail(), closed.email, ofClosed.email, known.email]
      const answers = []
      for (const email of emails) answers.push(await forgot(newVisitor(site), email))
      assert.deepEqual(new Set(answers.map(({ status, location }) => `${status} ${location?.href}`)).size, 1)
      assert.equal((await newVisitor(site).get("/forgot-password?done=sent")).status, 200)
      const counts = []
      for (const email of emails) counts.push((await mailsTo(site.context, email)).length)
      assert.deepEqual(counts, [0, 0, 0, 1])
    })

    it("writes the same for an address without an account, so that the time tells nothing either", async () => {
      const { email } = await signedIn(site)
      await linkFor(email)
      await forgot(newVisitor(site), newEmail())
      const linksMade = async (address: string) => {
        const before = await openLinks()
        await forgot(newVisitor(site), address)
        return (await openLinks()).filter((hash) => !before.includes(hash)).length
      }
      assert.deepEqual([await linksMade(email), await linksMade(newEmail())], [1, 1])
    })

    it("has one link at a time: the newest, for an hour", async () => {
      const { email } = await signedIn(site)
      const first = await linkFor(email)
      const second = await linkFor(email)
      assert.equal((await newVisitor(site).get(first)).status, 410)
      clock.advance({ minutes: 59 })
      assert.equal((await newVisitor(site).get(second)).status, 200)
      clock.advance({ minutes: 1 })
      assert.equal((await newVisitor(site).get(second)).status, 410)
    })

    it("keeps its link when the new one is refused, and shows nothing of it", async () => {
      const { email } = await signedIn(site)
      const link = await linkFor(email)
      const visitor = newVisitor(site)
      for (const [password, words] of [
        ["ngắn", /ít nhất 10 ký tự/],
        ["matkhau123", /quá dễ đoán/],
        [email, /quá dễ đoán/],
        ["x".repeat(1001), /quá dài/],
      ] as const) {
        const answer = await reset(visitor, link, password)
        assert.equal(answer.status, 400)
        assert.match(answer.text, words)
        assert.deepEqual(readForm(answer.text, "/reset-password")["password"], [""])
      }
      assert.equal((await reset(visitor, link)).status, 303)
    })

    it("is not asked for with something else than an address, nor with a form of another browser", async () => {
      const { email } = await signedIn(site)
      assert.equal((await forgot(newVisitor(site), "lan")).status, 400)
      const visitor = newVisitor(site)
      const form = readForm((await visitor.get("/forgot-password")).text, "/forgot-password")
      const other = newVisitor(site)
      const answer = await other.postForm("/forgot-password", { ...form, email })
      assert.equal(answer.status, 403)
      assert.deepEqual(readForm(answer.text, "/forgot-password")["email"], [email], "what was typed stays")
      assert.deepEqual(await mailsTo(site.context, email), [])
    })

    it("opens nothing with a token that was cut, made up, or is for another purpose", async () => {
      const owner = await signedIn(site)
      const link = await linkFor(owner.email)
      const signUp = await submit(newVisitor(site), "/signup", "/signup", {
        ...{ company: "C", first_name: "L", password: somePassword, email: newEmail() },
      })
      assert.equal(signUp.status, 303)
      const links = [
        link.slice(0, -1),
        "/reset-password",
        "/reset-password?token=x",
        `/reset-password?token=${"A".repeat(43)}`,
      ]
      for (const bad of links) assert.equal((await newVisitor(site).get(bad)).status, 410, bad)
      const token = new URL(link, site.url).searchParams.get("token")
      assert.equal((await newVisitor(site).get(`/verify-email?token=${token}`)).status, 410)
      assert.equal((await newVisitor(site).get(`/invitation?token=${token}`)).status, 410)
    })

    it("opens nothing for a user who was closed meanwhile", async () => {
      const owner = await signedIn(site)
      const link = await linkFor(owner.email)
      await closeUser(site.context.db, clock.now(), owner.id)
      assert.equal((await reset(newVisitor(site), link)).status, 410)
    })

    it("opens nothing after the operator has set a password", async () => {
      const owner = await signedIn(site)
      const link = await linkFor(owner.email)
      await setPassword(site.context.db, clock.now(), owner.id, newPassword)
      assert.equal((await newVisitor(site).get(link)).status, 410)
    })

    it("slows down who asks too often, for known and unknown addresses alike", async () => {
      const known = await signedIn(site)
      for (const email of [known.email, newEmail()]) {
        const statuses = []
        for (let count = 0; count < 5; count += 1) statuses.push((await forgot(newVisitor(site), email)).status)
        assert.deepEqual(statuses, [303, 303, 303, 303, 429])
      }
    })
  })

  it("tokens are stored as keyed hashes alone", async () => {
    const { email } = await signedIn(site)
    const token = new URL(await linkFor(email), site.url).searchParams.get("token") ?? ""
    const rows = await site.context.db.selectFrom("one_time_links").selectAll().execute()
    assert.ok(rows.length > 0 && token.length === 43)
    assert.ok(!JSON.stringify(rows).includes(token))
  })

  it("a reset that fails at its end leaves password, sessions and link as they were", async () => {
    const owner = await signedIn(site)
    const link = await linkFor(owner.email)
    // The audit row comes last; without its table the transaction fails there.
    const { db } = site.context
    await transaction(db, (tx) => tx.schema.alterTable("audit_entries").renameTo("audit_away").execute())
    try {
      assert.equal((await reset(newVisitor(site), link)).status, 500)
    } finally {
      await transaction(db, (tx) => tx.schema.alterTable("audit_away").renameTo("audit_entries").execute())
    }
    assert.equal((await owner.visitor.get("/account")).status, 200)
    assert.equal((await signIn(newVisitor(site), owner.email)).status, 303)
    assert.equal((await reset(newVisitor(site), link)).status, 303)
  })

  it("of twenty who use one link at once in three processes, one sets the password", async () => {
    const owner = await signedIn(site)
    const link = await linkFor(owner.email)
    const processes = []
    try {
      for (let index = 0; index < 3; index += 1) {
        processes.push(await startSiteProcess(engine.databaseUrl(), clock.now()))
      }
      const posts = await Promise.all(
        processes.map(async ({ url }) => {
          const visitor = makeVisitor(url)
          const form = readForm((await visitor.get(link)).text, "/reset-password")
          return (password: string) => visitor.postForm("/reset-password", { ...form, password })
        }),
      )
      const passwords = Array.from({ length: 20 }, (_, index) => `mật khẩu mới số ${index}`)
      const answers = await Promise.all(passwords.map((password, index) => posts[index % 3]?.(password)))
      const won = answers.flatMap((answer, index) => (answer?.status === 303 ? [index] : []))
      assert.equal(won.length, 1)
      assert.equal(answers.filter((answer) => answer?.status === 410).length, 19)
      assert.equal((await signIn(newVisitor(site), owner.email, passwords[won[0] ?? -1])).status, 303)
      assert.equal((await findUser(site.context.db, owner))?.isActive, true)
    } finally {
      for (const each of processes) await each.stop()
    }
  })

  it("password managers find where a password is changed", async () => {
    const answer = await newVisitor(site).get("/.well-known/change-password")
    assert.deepEqual([answer.status, answer.location?.pathname], [302, "/account/password"])
  })
})
