import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { lastAccessChange, listAccessChanges } from "../../src/database/access-changes.ts"
import { transaction } from "../../src/database/engine.ts"
import { newFormKey } from "../../src/identity/form-once.ts"
import { invite as inviteAs } from "../../src/identity/invitation.ts"
import { findUser } from "../../src/identity/user.ts"
import { Refusal } from "../../src/refusal.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, type FormFields, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { linkIn, mailsTo, newestMailTo } from "../support/mailbox.ts"
import { type IdentitySite, startIdentitySite, startSiteProcess } from "./identity-site.ts"
import { auditOf, newEmail, newVisitor, signedIn, signIn, somePassword, submit } from "./visits.ts"

type Person = Awaited<ReturnType<typeof signedIn>>

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite
  let owner: Person
  let admin: Person
  let clerk: Person
  let stranger: Person

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
    owner = await signedIn(site)
    admin = await signedIn(site, { id: owner.companyId, role: "Admin" })
    clerk = await signedIn(site, { id: owner.companyId, role: "User", permissions: ["transaction.list"] })
    stranger = await signedIn(site)
  })
  after(() => site.close())

  const roleOf = async ({ id }: Person) => (await findUser(site.context.db, { id }))?.role
  const pageOf = (path: string) => `/company/users/${path}`

  function change(visitor: Visitor, person: Person, rights: FormFields): Promise<Answer> {
    const path = pageOf(String(person.id))
    return submit(visitor, path, path, { permission: undefined, ...rights })
  }

  function remove(visitor: Visitor, person: Person): Promise<Answer> {
    const path = pageOf(`${person.id}/remove`)
    return submit(visitor, path, path, {})
  }

  describe("a company's users", () => {
    it("are shown to its administrators, without those of other companies", async () => {
      for (const { visitor } of [owner, admin]) {
        const { status, text } = await visitor.get("/company/users")
        assert.equal(status, 200)
        for (const { email } of [owner, admin, clerk]) assert.ok(text.includes(email))
        assert.ok(!text.includes(stranger.email))
      }
    })

    it("are nobody else's: 403 without the role, 404 for another company's id in every route", async () => {
      const posts = [`${clerk.id}`, `${clerk.id}/remove`, "invite"]
      for (const path of ["", ...posts])
        assert.equal((await clerk.visitor.get(pageOf(path).replace(/\/$/, ""))).status, 403)
      const account = readForm((await clerk.visitor.get("/account")).text, "/account")
      for (const path of posts) assert.equal((await clerk.visitor.postForm(pageOf(path), account)).status, 403)

      await invite(owner.visitor, { email: newEmail() })
      const [{ id: invitationId } = { id: 0 }] = await site.context.db.selectFrom("invitations").select("id").execute()
      const own = readForm((await stranger.visitor.get("/account")).text, "/account")
      for (const id of [clerk.id, 999_999, "0", "1e3", "x", "99999999999999999"]) {
        for (const path of [`${id}`, `${id}/remove`]) {
          assert.equal((await stranger.visitor.get(pageOf(path))).status, 404, path)
          assert.equal((await stranger.visitor.postForm(pageOf(path), { ...own, role: "User" })).status, 404, path)
        }
      }
      for (const id of [invitationId, 999_999, "x"]) {
        for (const verb of ["resend", "withdraw"]) {
          const path = pageOf(`invitations/${id}/${verb}`)
          assert.equal((await stranger.visitor.postForm(path, own)).status, 404, path)
        }
      }
      assert.equal(await roleOf(clerk), "User")
    })

    it("get other rights, which hold at once in the sessions they have", async () => {
      const person = await signedIn(site, { id: owner.companyId, role: "User" })
      assert.equal((await person.visitor.get("/company/users")).status, 403)
      const before = await lastAccessChange(site.context.db)
      assert.equal((await change(admin.visitor, person, { role: "Admin" })).location?.search, "?done=changed")
      assert.equal((await person.visitor.get("/company/users")).status, 200)
      const rights = { role: "User", permission: ["webhook.list", "webhook.create"] }
      assert.equal((await change(admin.visitor, person, rights)).status, 303)
      assert.equal((await person.visitor.get("/company/users")).status, 403)
      assert.deepEqual((await findUser(site.context.db, person))?.permissions, rights.permission)
      assert.deepEqual(
        (await listAccessChanges(site.context.db, before)).map(({ subject, subjectId }) => [subject, subjectId]),
        [
          ["user", String(person.id)],
          ["user", String(person.id)],
        ],
      )
      assert.equal((await auditOf(site, owner.companyId)).filter((action) => action === "user.change_rights").length, 2)
    })

    it("are not given a role or permission that there is none of", async () => {
      for (const rights of [{ role: "Root" }, { role: "" }, { role: "User", permission: "everything" }]) {
        const answer = await change(owner.visitor, clerk, rights)
        assert.equal(answer.status, 400)
        assert.match(answer.text, /-problem"/)
      }
      assert.equal((await change(owner.visitor, clerk, { role: "Admin", permission: "webhook.list" })).status, 303)
      assert.deepEqual((await findUser(site.context.db, clerk))?.permissions, [], "an Admin has no single ones")
      await change(owner.visitor, clerk, { role: "User", permission: "transaction.list" })
    })

    it("changed in another tab meanwhile says so, and keeps the choice", async () => {
      const person = await signedIn(site, { id: owner.companyId, role: "User" })
      const path = pageOf(String(person.id))
      const form = readForm((await owner.visitor.get(path)).text, path)
      assert.equal((await change(admin.visitor, person, { role: "User", permission: "webhook.list" })).status, 303)
      const late = await owner.visitor.postForm(path, { ...form, role: "User", permission: "transaction.list" })
      assert.equal(late.status, 409)
      assert.match(late.text, /vừa được thay đổi ở nơi khác/)
      const again = readForm(late.text, path)
      assert.deepEqual(again["permission"], ["transaction.list"])
      assert.equal((await owner.visitor.postForm(path, again)).status, 303)
      assert.deepEqual((await findUser(site.context.db, person))?.permissions, ["transaction.list"])
    })

    it("with a wrong choice in between, still tells of a change in another tab", async () => {
      const person = await signedIn(site, { id: owner.companyId, role: "User" })
      const path = pageOf(String(person.id))
      const form = readForm((await owner.visitor.get(path)).text, path)
      assert.equal((await change(admin.visitor, person, { role: "User", permission: "webhook.list" })).status, 303)
      const wrong = await owner.visitor.postForm(path, { ...form, role: "User", permission: "fly" })
      assert.equal(wrong.status, 400)
      const mended = { ...readForm(wrong.text, path), role: "User", permission: "transaction.list" }
      assert.equal((await owner.visitor.postForm(path, mended)).status, 409)
      assert.deepEqual((await findUser(site.context.db, person))?.permissions, ["webhook.list"])
    })

    it("are removed after a question: signed out, and the address is free again", async () => {
      const person = await signedIn(site, { id: owner.companyId, role: "User" })
      const before = await lastAccessChange(site.context.db)
      assert.equal((await admin.visitor.get(pageOf(`${person.id}/remove`))).status, 200)
      assert.equal((await person.visitor.get("/account")).status, 200, "asking changes nothing")
      assert.equal((await remove(admin.visitor, person)).location?.search, "?done=removed")
      assert.equal((await person.visitor.get("/account")).location?.pathname, "/login")
      assert.equal((await signIn(newVisitor(site), person.email)).status, 400)
      assert.ok(!(await owner.visitor.get("/company/users")).text.includes(person.email))
      assert.equal((await owner.visitor.get(pageOf(String(person.id)))).status, 404)
      assert.deepEqual(
        (await listAccessChanges(site.context.db, before)).map(({ subjectId }) => subjectId),
        [String(person.id)],
      )
      assert.ok((await auditOf(site, owner.companyId)).includes("user.remove"))
      clock.advance({ seconds: 1 })
      assert.equal((await invite(owner.visitor, { email: person.email })).status, 303)
      assert.equal((await accept(person.email)).location?.search, "?done=joined")
    })
  })

  describe("an owner", () => {
    it("is made and unmade by owners alone", async () => {
      assert.equal((await change(admin.visitor, clerk, { role: "SuperAdmin" })).status, 403)
      assert.doesNotMatch((await admin.visitor.get(pageOf(String(clerk.id)))).text, /value="SuperAdmin"/)
      const page = (await admin.visitor.get(pageOf(String(owner.id)))).text
      assert.doesNotMatch(page, /name="role"/)
      const form = readForm((await admin.visitor.get("/account")).text, "/account")
      const seen = readForm((await owner.visitor.get(pageOf(String(owner.id)))).text, pageOf(String(owner.id)))["seen"]
      const path = pageOf(String(owner.id))
      assert.equal((await admin.visitor.postForm(path, { ...form, seen, role: "User" })).status, 403)
      assert.equal((await remove(admin.visitor, owner)).status, 403)
      assert.equal((await invite(admin.visitor, { email: newEmail(), role: "SuperAdmin" })).status, 403)
      assert.equal(await roleOf(owner), "SuperAdmin")
      assert.equal((await change(owner.visitor, clerk, { role: "SuperAdmin" })).status, 303)
      assert.equal((await change(owner.visitor, clerk, { role: "User", permission: "transaction.list" })).status, 303)
    })

    it("stays: the last one is neither demoted nor removed, and nobody removes themselves", async () => {
      const demoted = await change(owner.visitor, owner, { role: "Admin" })
      assert.equal(demoted.status, 403)
      assert.match(demoted.text, /ít nhất một chủ sở hữu/)
      assert.equal((await remove(owner.visitor, owner)).status, 403)
      assert.equal((await remove(admin.visitor, admin)).status, 403)
      assert.equal(await roleOf(owner), "SuperAdmin")
    })

    it("who gives up the role is led to where they may be, and told", async () => {
      const leaving = await signedIn(site, { id: owner.companyId, role: "Admin" })
      const { location } = await change(leaving.visitor, leaving, { role: "User" })
      assert.equal(location?.pathname, "/account")
      const page = await leaving.visitor.get(location)
      assert.equal(page.status, 200)
      assert.match(page.text, /không còn là quản trị viên/)
      const stays = await signedIn(site, { id: owner.companyId, role: "SuperAdmin" })
      assert.equal((await change(stays.visitor, stays, { role: "Admin" })).location?.pathname, "/company/users")
    })

    it("is left over when two demote each other at once in two processes", async () => {
      for (let round = 0; round < 3; round += 1) {
        const one = await signedIn(site)
        const two = await signedIn(site, { id: one.companyId, role: "SuperAdmin" })
        const other = await startSiteProcess(engine.databaseUrl(), clock.now())
        try {
          const elsewhere = makeVisitor(other.url)
          assert.equal((await signIn(elsewhere, two.email)).status, 303)
          const demote = async (visitor: Visitor, person: Person) => {
            const path = pageOf(String(person.id))
            const form = readForm((await visitor.get(path)).text, path)
            return () => visitor.postForm(path, { ...form, role: "User" })
          }
          const presses = [await demote(one.visitor, two), await demote(elsewhere, one)]
          const answers = await Promise.all(presses.map((press) => press()))
          assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 403])
          assert.deepEqual([await roleOf(one), await roleOf(two)].sort(), ["SuperAdmin", "User"])
        } finally {
          await other.stop()
        }
      }
    })
  })

  function invite(visitor: Visitor, fields: FormFields): Promise<Answer> {
    const rest = { language: "vi", role: "User", permission: "transaction.list" }
    return submit(visitor, "/company/users/invite", "/company/users/invite", { ...rest, ...fields })
  }

  async function accept(email: string, fields: FormFields = {}): Promise<Answer> {
    const person = { first_name: "Hoa", last_name: "Vũ", password: somePassword }
    const link = linkIn(await newestMailTo(site.context, email))
    return submit(newVisitor(site), link, "/invitation", { ...person, ...fields })
  }

  async function invitationOf(email: string): Promise<number> {
    const row = await site.context.db
      .selectFrom("invitations")
      .select("id")
      .where("email", "=", email)
      .executeTakeFirstOrThrow()
    return row.id
  }

  async function openInvitationOf(email: string): Promise<number> {
    const row = await site.context.db
      .selectFrom("invitations")
      .select("id")
      .where("email", "=", email)
      .where("state", "=", "open")
      .executeTakeFirstOrThrow()
    return row.id
  }

  async function press(visitor: Visitor, id: number, verb: "resend" | "withdraw"): Promise<Answer> {
    return submit(visitor, "/company/users", pageOf(`invitations/${id}/${verb}`), {})
  }

  describe("an invitation", () => {
    it("lets somebody in with the role and the permissions it names, once", async () => {
      const email = newEmail()
      const rights = { role: "User", permission: ["webhook.list", "transaction.list"], language: "en" }
      assert.match((await invite(admin.visitor, { email, ...rights })).location?.search ?? "", /^\?done=invited/)
      assert.ok((await owner.visitor.get("/company/users")).text.includes(email))
      const mail = await newestMailTo(site.context, email)
      assert.match(mail.subject, /^You are invited to join Công ty/)
      const visitor = newVisitor(site)
      assert.equal((await visitor.get(linkIn(mail))).status, 200)
      const joined = await accept(email, { lang: "en" })
      assert.equal(joined.location?.href, `${site.url}/login?done=joined`)
      const user = await findUser(site.context.db, { email })
      assert.deepEqual(
        [user?.companyId, user?.role, user?.permissions, user?.firstName, user?.lastName, user?.language],
        [owner.companyId, "User", rights.permission, "Hoa", "Vũ", "en"],
      )
      assert.equal((await signIn(newVisitor(site), email)).status, 303)
      assert.equal((await visitor.get(linkIn(mail))).status, 410)
      assert.doesNotMatch((await owner.visitor.get("/company/users")).text, new RegExp(`<h3 class="break">${email}`))
      const audit = await auditOf(site, owner.companyId)
      assert.deepEqual(audit.slice(-2), ["invitation.create", "user.create"])
    })

    it("is made by whoever is an administrator at that moment, whatever their session saw", async () => {
      const { companyId, id: userId } = await signedIn(site, { id: owner.companyId, role: "User" })
      const made = (role: "SuperAdmin" | "Admin", by: { userId: number; role: "SuperAdmin" | "Admin" }) =>
        inviteAs(
          site.context,
          { ...by, companyId },
          {
            ...{ formKey: newFormKey(), email: newEmail(), role, permissions: [], language: "vi" as const },
          },
        )
      const forbidden = (error: unknown) => error instanceof Refusal && error.reason === "forbidden"
      await assert.rejects(made("Admin", { userId, role: "Admin" }), forbidden)
      await assert.rejects(made("SuperAdmin", { userId: admin.id, role: "SuperAdmin" }), forbidden)
      await assert.rejects(made("Admin", { userId: stranger.id, role: "SuperAdmin" }), forbidden)
      await made("Admin", { userId: admin.id, role: "Admin" })
    })

    it("sent twice is made once; to a colleague or to somebody invited it is refused", async () => {
      const email = newEmail()
      const form = readForm((await owner.visitor.get("/company/users/invite")).text, "/company/users/invite")
      const send = () =>
        owner.visitor.postForm("/company/users/invite", { ...form, email, role: "User", language: "vi" })
      const answers = [...(await Promise.all([send(), send()])), await send()]
      assert.equal(new Set(answers.map(({ location }) => location?.href)).size, 1)
      assert.equal((await mailsTo(site.context, email)).length, 1)
      const again = await invite(owner.visitor, { email: email.toUpperCase() })
      assert.equal(again.status, 409)
      assert.match(again.text, /đã có lời mời/)
      const member = await invite(owner.visitor, { email: clerk.email })
      assert.equal(member.status, 409)
      assert.match(member.text, /đã ở trong công ty/)
      assert.equal((await invite(owner.visitor, { email: "lan" })).status, 400)
    })

    it("sent twice with the last mail that the address gets for now is made once, and not refused", async () => {
      const inviter = await signedIn(site)
      const email = newEmail()
      for (let made = 0; made < 3; made += 1) {
        assert.equal((await invite(inviter.visitor, { email })).status, 303)
        await press(inviter.visitor, await openInvitationOf(email), "withdraw")
      }
      const form = readForm((await inviter.visitor.get("/company/users/invite")).text, "/company/users/invite")
      const send = () =>
        inviter.visitor.postForm("/company/users/invite", { ...form, email, role: "User", language: "vi" })
      const answers = [...(await Promise.all([send(), send()])), await send()]
      assert.deepEqual(
        answers.map(({ status }) => status),
        [303, 303, 303],
      )
      assert.equal(new Set(answers.map(({ location }) => location?.href)).size, 1)
      await press(inviter.visitor, await openInvitationOf(email), "withdraw")
      assert.equal((await invite(inviter.visitor, { email })).status, 429, "it was the last one")
      assert.equal((await mailsTo(site.context, email)).length, 4)
    })

    it("to somebody with an account elsewhere is made like any other, and kindly refused where it leads", async () => {
      assert.match((await invite(owner.visitor, { email: stranger.email })).location?.search ?? "", /^\?done=invited/)
      const link = linkIn(await newestMailTo(site.context, stranger.email))
      const page = await newVisitor(site).get(link)
      assert.equal(page.status, 409)
      assert.match(page.text, /Địa chỉ này đã có tài khoản/)
    })

    it("is refused with words of its own while too many others are open", async () => {
      const crowded = await signedIn(site)
      const now = clock.now()
      const open = Array.from({ length: 200 }, (_, index) => ({
        company_id: crowded.companyId,
        email: `cho${index}@mau.example`,
        email_key: `cho${index}@mau.example`,
        role: "User",
        permissions: "[]",
        language: "vi",
        invited_by: crowded.id,
        invited_at: now,
        expires_at: now + 1,
        state: "open",
      }))
      await transaction(site.context.db, (tx) => tx.insertInto("invitations").values(open).execute())
      const email = newEmail()
      const full = await invite(crowded.visitor, { email })
      assert.equal(full.status, 409)
      assert.match(full.text, /quá nhiều lời mời/)
      assert.deepEqual(readForm(full.text, "/company/users/invite")["email"], [email])
    })

    it("is sent again with a new link and a new week, and withdrawn for good", async () => {
      const email = newEmail()
      await invite(owner.visitor, { email })
      const first = linkIn(await newestMailTo(site.context, email))
      const id = await invitationOf(email)
      clock.advance({ days: 7 })
      await Promise.all([owner, admin].map(async ({ visitor, email: own }) => signIn(visitor, own)))
      assert.equal((await newVisitor(site).get(first)).status, 410)
      assert.match((await owner.visitor.get("/company/users")).text, /Đã hết hạn/)
      assert.equal((await press(owner.visitor, id, "resend")).location?.search, "?done=sent")
      const second = linkIn(await newestMailTo(site.context, email))
      assert.equal((await newVisitor(site).get(second)).status, 200)
      assert.equal((await press(admin.visitor, id, "withdraw")).location?.search, "?done=withdrawn")
      assert.equal((await newVisitor(site).get(second)).status, 410)
      assert.ok(!(await owner.visitor.get("/company/users")).text.includes(email))
      const form = readForm((await owner.visitor.get("/account")).text, "/account")
      assert.equal((await owner.visitor.postForm(pageOf(`invitations/${id}/resend`), form)).status, 404)
      assert.equal((await invite(owner.visitor, { email })).status, 303, "and it may be made anew")
    })

    it("carries no link of ours but its own, whatever the company is called", async () => {
      const shady = await signedIn(site)
      await transaction(site.context.db, (tx) =>
        tx
          .updateTable("companies")
          .set({ full_name: "https://evil.example/win" })
          .where("id", "=", shady.companyId)
          .execute(),
      )
      const email = newEmail()
      await invite(shady.visitor, { email })
      const mail = await newestMailTo(site.context, email)
      assert.doesNotMatch(`${mail.subject} ${mail.text}`, /evil\.example/)
      assert.equal(mail.text.match(/https?:\/\/\S/g)?.length, 1)
    })

    it("of twenty who accept it at once in two processes lets one in", async () => {
      const email = newEmail()
      clock.advance({ seconds: 1 })
      await invite(owner.visitor, { email })
      const link = linkIn(await newestMailTo(site.context, email))
      const other = await startSiteProcess(engine.databaseUrl(), clock.now())
      try {
        const posts = await Promise.all(
          [site.url, other.url].map(async (url) => {
            const visitor = makeVisitor(url)
            const form = readForm((await visitor.get(link)).text, "/invitation")
            return () => visitor.postForm("/invitation", { ...form, first_name: "Hoa", password: somePassword })
          }),
        )
        const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => posts[index % 2]?.()))
        const statuses = answers.map((answer) => answer?.status)
        assert.equal(statuses.filter((status) => status === 303).length, 1)
        assert.equal(statuses.filter((status) => status === 410 || status === 409).length, 19, String(statuses))
      } finally {
        await other.stop()
      }
    })
  })
})
