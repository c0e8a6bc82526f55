import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { type Database, transaction } from "../../src/database/engine.ts"
import { createUser, findUser } from "../../src/identity/user.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine, onSqlite } from "../support/engines.ts"
import { linkIn, mailsTo, newestMailTo } from "../support/mailbox.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { fillSignIn, openPage, press, signInAs } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const password = "mùa thu Hà Nội"
const newPassword = "một mật khẩu mới"
const ugly = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`
const long =
  "Công ty Trách nhiệm Hữu hạn Thương mại Dịch vụ và Sản xuất Phần mềm Đối soát Ngân hàng Miền Trung Tây Nguyên"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onEachEngine((engine) => {
  let site: OAuthSite
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
  })
  after(() => site.stop())

  /** Does something as a new visitor, and fails on whatever the console complains about. */
  async function asVisitor(scripts: boolean, act: (page: Page) => Promise<void>): Promise<void> {
    const { page, complaints } = await openPage(browser, { javaScriptEnabled: scripts })
    try {
      await act(page)
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
    }
  }

  async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value)
  }

  const submitForm = (page: Page): Promise<void> => press(page, "main form button")
  const pathOf = (page: Page): string => page.url().slice(site.url.length)

  async function followLink(page: Page, email: string): Promise<void> {
    site.clock.advance({ seconds: 1 })
    await page.goto(site.url + linkIn(await newestMailTo(site.app.context, email)))
  }

  for (const scripts of [false, true]) {
    const how = scripts ? "with scripts" : "without scripts"
    const email = `chu-${how.replace(" ", "-")}@mau.example`

    describe(`in Chromium ${how}`, () => {
      it("a newcomer signs up from the sign-in page, confirms the address and is signed in", async () => {
        await asVisitor(scripts, async (page) => {
          await page.goto(`${site.url}/login`)
          await press(page, "main a[href='/signup']")
          await fill(page, { company: long, last_name: "Trần", first_name: "Lan", email, password: "ngắn" })
          await submitForm(page)
          assert.equal(await page.locator("input[name=password]").getAttribute("aria-invalid"), "true")
          assert.equal(await page.locator("input[name=company]").inputValue(), long)
          await fill(page, { password })
          await submitForm(page)
          assert.match(pathOf(page), /^\/signup\/sent\?/)
          assert.ok((await page.locator("main").textContent())?.includes(email))

          await page.goto(`${site.url}/login`)
          await fillSignIn(page, { email, password })
          assert.match(pathOf(page), /^\/signup\/sent\?/, "too early")
          await press(page, "main form button")
          assert.match(await page.getByRole("status").innerText(), /Đã gửi lại/)

          await followLink(page, email)
          await submitForm(page)
          assert.equal(pathOf(page), "/")
        })
        assert.equal((await findUser(site.app.context.db, { email }))?.role, "SuperAdmin")
      })

      it("somebody who forgot the password sets a new one, and the browser where they were signed in is out", async () => {
        const elsewhere = await openPage(browser)
        await elsewhere.page.goto(`${site.url}/login`)
        await fillSignIn(elsewhere.page, { email, password })
        await asVisitor(scripts, async (page) => {
          await page.goto(`${site.url}/login`)
          await press(page, "main a[href='/forgot-password']")
          await fill(page, { email })
          await submitForm(page)
          assert.equal(pathOf(page), "/forgot-password?done=sent")
          await followLink(page, email)
          await fill(page, { password: "matkhau123" })
          await submitForm(page)
          assert.match(await page.locator("#password-problem").innerText(), /quá dễ đoán/)
          await fill(page, { password: newPassword })
          await submitForm(page)
          assert.equal(pathOf(page), "/login?done=reset")
          await fillSignIn(page, { email, password: newPassword })
          assert.equal(pathOf(page), "/")
          await page.goBack()
          await page.goBack()
          await page.reload()
          assert.equal(await page.locator("h1").innerText(), "Liên kết đã được sử dụng")
        })
        await elsewhere.page.goto(`${site.url}/account`)
        assert.match(pathOf(elsewhere.page), /^\/login\?next=/)
        await elsewhere.page.context().close()
      })

      it("they change name, language and e-mail", async () => {
        const wanted = `moi-${email}`
        await asVisitor(scripts, async (page) => {
          await page.goto(`${site.url}/login?next=/account`)
          await fillSignIn(page, { email, password: newPassword })
          await fill(page, { first_name: "Mai", phone: "0912 345 678" })
          await page.locator("select[name=language]").selectOption("en")
          await submitForm(page)
          assert.equal(await page.locator("h1").innerText(), "My account")
          assert.equal(await page.getByRole("status").innerText(), "Saved.")
          assert.equal(await page.locator("input[name=phone]").inputValue(), "0912 345 678")

          await press(page, "main a[href='/account/email']")
          await fill(page, { email: wanted, password: newPassword })
          await submitForm(page)
          assert.equal(pathOf(page), "/account/email?done=sent")
          await followLink(page, wanted)
          await submitForm(page)
          assert.equal(pathOf(page), "/account?done=email_changed")
          assert.ok((await page.locator("main").innerText()).includes(wanted))
        })
        assert.match((await newestMailTo(site.app.context, email)).subject, /sign-in e-mail was changed/)
      })

      it("they invite a colleague, who joins, gets other rights in two tabs, and is removed", async () => {
        const colleague = `dong-nghiep-${email}`
        await asVisitor(scripts, async (page) => {
          await page.goto(`${site.url}/login?next=/company/users`)
          await fillSignIn(page, { email: `moi-${email}`, password: newPassword })
          await press(page, "main a[href='/company/users/invite']")
          await page.locator("main [name=email]").fill(colleague)
          await page.locator("input[name=permission][value='transaction.list']").check()
          // A double click: whichever post the browser keeps, the invitation is made once.
          const button = page.locator("main form button")
          await Promise.all([page.waitForURL(/done=invited/), button.dblclick({ noWaitAfter: true })])
          await page.waitForLoadState()
          assert.equal((await mailsTo(site.app.context, colleague)).length, 1)
          assert.equal(await page.getByText(colleague).count(), 1)

          await asVisitor(scripts, async (guest) => {
            await followLink(guest, colleague)
            await fill(guest, { last_name: "Vũ", first_name: "Hoa", password })
            await submitForm(guest)
            assert.equal(pathOf(guest), "/login?done=joined")
            await fillSignIn(guest, { email: colleague, password })
            assert.equal(await guest.locator("nav a[href='/company/users']").count(), 0)

            await page.goto(`${site.url}/company/users`)
            await press(page, `tr:has-text("${colleague}") a`)
            const tab = await page.context().newPage()
            await tab.goto(page.url())
            await tab.locator("input[value=Admin]").check()
            await press(tab, "main form button")
            await page.locator("input[name=permission][value='webhook.list']").check()
            await submitForm(page)
            assert.match(await page.getByRole("alert").innerText(), /changed elsewhere/)
            assert.equal(await page.locator("input[name=permission][value='webhook.list']").isChecked(), true)
            await guest.reload()
            assert.equal(await guest.locator("nav a[href='/company/users']").count(), 1, "an Admin by the other tab")
            await submitForm(page)
            assert.match(pathOf(page), /done=changed/)
            await guest.reload()
            assert.equal(await guest.locator("nav a[href='/company/users']").count(), 0)

            await press(page, `tr:has-text("${colleague}") a`)
            await press(page, "main a[href$='/remove']")
            await submitForm(page)
            assert.match(pathOf(page), /done=removed/)
            assert.equal(await page.getByText(colleague).count(), 0)
            await guest.goto(`${site.url}/account`)
            assert.match(pathOf(guest), /^\/login/)
          })
        })
      })
    })
  }
})

onSqlite((engine) => {
  let site: OAuthSite
  let demo: OAuthSite
  let fine: TestUser
  let bad: TestUser
  let alone: TestUser

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    const { db } = site.app.context
    fine = site.merchant
    alone = await addUser(site.app)
    bad = await addUser(site.app)
    await rename(db, bad.companyId, bad.id, { company: ugly, name: ugly })
    await rename(db, fine.companyId, fine.id, { company: long, name: "Nguyễn Thị Minh" })
    for (const [index, role] of ["Admin", "User", "User"].entries()) {
      const clerk = await addUser(site.app, fine.companyId, role)
      await rename(db, fine.companyId, clerk.id, { company: long, name: ["Phạm Văn", long, "Đỗ Thị"][index] ?? "" })
    }
    demo = await startOAuthSite(await engine.createDatabase("migrated"), { env: { SEPAY_DEMO: "on" } })
    await inviteBy(fine, `${"rat-dai.".repeat(12)}nguoi@cong-ty-co-ten-mien-rat-dai.example`)
    await inviteBy(fine, "ke-toan@mau.example")
    await inviteBy(bad, "khach@mau.example")
  })
  after(async () => {
    await site.stop()
    await demo.stop()
  })

  function rename(
    db: Database,
    companyId: number,
    userId: number,
    { company, name }: { company: string; name: string },
  ) {
    return transaction(db, async (tx) => {
      await tx.updateTable("companies").set({ full_name: company }).where("id", "=", companyId).execute()
      await tx.updateTable("users").set({ last_name: name, first_name: "An" }).where("id", "=", userId).execute()
    })
  }

  async function inviteBy(user: TestUser, email: string): Promise<void> {
    const { page } = await openPage(browser)
    await signInAs(page, site, user)
    await page.goto(`${site.url}/company/users/invite`)
    await page.locator("main [name=email]").fill(email)
    await press(page, "main form button")
    await page.context().close()
  }

  const open = (path: string, user?: () => TestUser) => async (page: Page) => {
    if (user !== undefined) await signInAs(page, site, user())
    await page.goto(site.url + path)
  }
  const sendWrong = (path: string) => async (page: Page) => {
    await open(path)(page)
    // Past the browser's own check of the fields: the answer is the server's.
    for (const input of await page.locator("main input[type=email]").all()) await input.fill("a@b")
    for (const input of await page.locator("main input[required]:not([type=email])").all()) await input.fill(" ")
    await press(page, "main form button")
  }
  const follow = (email: () => string) => async (page: Page) => {
    await page.goto(site.url + linkIn(await newestMailTo(site.app.context, email())))
  }
  const rowOf = (name: string, then?: string) => async (page: Page) => {
    await open("/company/users", () => fine)(page)
    await press(page, `tr:has-text("${name}") a`)
    if (then !== undefined) await press(page, then)
  }

  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    "the sign-in after a reset": open("/login?done=reset"),
    "the sign-up": open("/signup"),
    "the sign-up with mistakes": sendWrong("/signup"),
    "a look into the mailbox": async (page) => {
      await open("/signup")(page)
      const fields = {
        company: ugly,
        first_name: ugly,
        last_name: ugly,
        email: `x${Math.random()}@mau.example`,
        password,
      }
      for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value)
      await press(page, "main form button")
    },
    "nothing left to confirm": open("/signup/sent?sign_up=x"),
    "the confirmation": async (page) => {
      await createUnverified(page, "xac-nhan@mau.example")
      await follow(() => "xac-nhan@mau.example")(page)
    },
    "a dead link": open("/verify-email?token=x"),
    "the forgotten password": open("/forgot-password"),
    "the forgotten password, sent": open("/forgot-password?done=sent"),
    "a new password": async (page) => {
      await askReset(page, alone.email)
      await follow(() => alone.email)(page)
    },
    "the account": open("/account", () => fine),
    "the account of somebody ugly": open("/account", () => bad),
    "the account with mistakes": async (page) => {
      await open("/account", () => fine)(page)
      await page.locator("input[name=phone]").fill("không có")
      await press(page, "main form button")
    },
    "the change of e-mail": open("/account/email?done=sent", () => fine),
    "the users": open("/company/users?done=invited", () => fine),
    "the users of somebody ugly": open("/company/users", () => bad),
    "the only user": open("/company/users", () => alone),
    inviting: open("/company/users/invite", () => fine),
    "inviting with a mistake": async (page) => {
      await open("/company/users/invite", () => fine)(page)
      await page.locator("main [name=email]").fill("ke-toan@mau.example")
      await press(page, "main form button")
    },
    "the rights of a user": rowOf("Phạm Văn"),
    "the rights of a user with a long name": rowOf("Công ty Trách nhiệm"),
    "removing a user": rowOf("Công ty Trách nhiệm", "main a[href$='/remove']"),
    "the last owner": async (page) => {
      await rowOf("Nguyễn Thị Minh")(page)
      await page.locator("input[value=User]").check()
      await press(page, "main form button")
    },
    "the invitation": follow(() => "ke-toan@mau.example"),
    "the invitation of somebody ugly": follow(() => "khach@mau.example"),
    "the mailbox": async (page) => {
      await page.goto(`${demo.url}/mailbox`)
    },
  }

  async function createUnverified(page: Page, email: string): Promise<void> {
    await open("/signup")(page)
    const fields = { company: "C", first_name: "L", last_name: "T", email, password }
    for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value)
    await press(page, "main form button")
    site.clock.advance({ minutes: 20 })
  }

  async function askReset(page: Page, email: string): Promise<void> {
    await open("/forgot-password")(page)
    await page.locator("main [name=email]").fill(email)
    await press(page, "main form button")
    site.clock.advance({ minutes: 20 })
  }

  for (const look of looks) {
    const scripts = look.name === "desktop"
    describe(`in the look "${look.name}" (${look.locale}, ${look.colorScheme}), scripts ${scripts ? "on" : "off"}`, () => {
      for (const [name, go] of Object.entries(pages)) {
        it(`${name} fits, reads in order, has names and contrast, and keeps the content-security policy`, async () => {
          const { name: _name, ...options } = look
          const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: scripts })
          try {
            await go(page)
            await lookAt(page, `${name} (${look.name})`, { scripts })
            assert.equal(await page.locator("html").getAttribute("lang"), look.locale.slice(0, 2))
            assert.deepEqual(complaints, [])
          } finally {
            await page.context().close()
          }
        })
      }
    })
  }

  describe("the demo's mailbox", () => {
    it("shows the mails with links that can be clicked, and nothing else of theirs becomes markup", async () => {
      const { page, complaints } = await openPage(browser)
      await page.goto(`${demo.url}/mailbox`)
      assert.equal(await page.locator("h2").innerText(), "Chưa có thư nào")
      demo.app.context.mail.send({ to: "a@mau.example", subject: ugly, text: `${ugly}\nhttps://evil.example/x\n` })
      await demo.app.context.mail.settled()
      await page.reload()
      assert.equal(await page.locator("article h2").innerText(), ugly)
      assert.equal(await page.locator("article a").count(), 0)
      await page.goto(`${demo.url}/forgot-password`)
      await page.locator("main [name=email]").fill(demo.merchant.email)
      await press(page, "main form button")
      demo.clock.advance({ seconds: 1 })
      await demo.app.context.mail.settled()
      await page.goto(`${demo.url}/mailbox`)
      await press(page, "article a[href*='/reset-password']")
      assert.equal(await page.locator("h1").innerText(), "Đặt mật khẩu mới")
      assert.deepEqual(complaints, [])
      await page.context().close()
    })

    it("is a page of the demo alone", async () => {
      assert.equal((await site.caller.get("/mailbox")).status, 404)
    })
  })

  it("a user who was made at the command line signs in without confirming anything", async () => {
    const { db, clock } = site.app.context
    await createUser(db, clock.now(), { email: "cli@mau.example", password, company: { fullName: "CLI" } })
    const { page } = await openPage(browser)
    await page.goto(`${site.url}/login`)
    await fillSignIn(page, { email: "cli@mau.example", password })
    assert.equal(page.url(), `${site.url}/`)
    await page.context().close()
  })
})
