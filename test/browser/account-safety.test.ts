import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { transaction } from "../../src/database/engine.ts"
import { createUser } from "../../src/identity/user.ts"
import { type IdentitySite, startIdentitySite } from "../identity/identity-site.ts"
import {
  newPerson,
  type Person,
  password,
  readRecoveryCodes,
  readSecret,
  signIn,
  switchOn,
} from "../identity/people.ts"
import { codeAt } from "../support/authenticator.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine, onSqlite } from "../support/engines.ts"
import { makeVisitor } from "../support/http.ts"
import { addClient, type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"
import { connectUrl, fillSignIn, openPage, press, type RedirectReceiver, startReceiver } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const ugly = `<script>alert(1)</script> "><img src=x onerror=alert(1)> ${"rất-dài".repeat(30)}`
const home = "/account/two-factor"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

/** Gives the password, and the code if one is asked for. */
async function signInOn(page: Page, email: string, code?: string): Promise<void> {
  await fillSignIn(page, { email, password })
  if (code === undefined) return
  await page.locator("input[name=code]").fill(code)
  await press(page, "main form:has(input[name=code]) button")
}

/** Goes through the set-up of the second factor, and returns its secret and the recovery codes. */
async function setUp(page: Page, url: string, now: () => number) {
  await page.goto(`${url}${home}`)
  await page.locator("input[name=current_password]").fill(password)
  await press(page, "main form button")
  const secret = readSecret(await page.content())
  await page.locator("input[name=code]").fill(codeAt(secret, now()))
  await press(page, "main form button")
  return { secret, recoveryCodes: readRecoveryCodes(await page.content()) }
}

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite
  let oauth: OAuthSite
  let receiver: RedirectReceiver

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
    oauth = await startOAuthSite(await engine.createDatabase("migrated"), { clock })
    receiver = await startReceiver()
  })
  after(async () => {
    await receiver.stop()
    await oauth.stop()
    await site.close()
  })

  /** A page of a new visitor whose console must stay quiet. */
  async function withPage(options: { scripts: boolean }, use: (page: Page) => Promise<void>): Promise<void> {
    const { page, complaints } = await openPage(browser, { javaScriptEnabled: options.scripts })
    try {
      await use(page)
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
    }
  }

  async function newUser(): Promise<Person> {
    return newPerson(site)
  }

  describe("in Chromium", () => {
    for (const scripts of [true, false]) {
      it(`a user sets up two steps, signs in with them and, phone lost, by a recovery code; scripts ${scripts ? "on" : "off"}`, async () => {
        const person = await newUser()
        await withPage({ scripts }, async (page) => {
          await page.goto(`${site.url}/login?next=/account/two-factor`)
          await signInOn(page, person.email)
          const { secret, recoveryCodes } = await setUp(page, site.url, clock.now)
          assert.equal(recoveryCodes.length, 10)
          await press(page, "main a.button")
          assert.equal(await page.locator("main dd .badge").textContent(), "Đang bật")

          clock.advance({ seconds: 30 })
          await press(page, "header form button")
          await page.goto(`${site.url}/account/sessions`)
          await signInOn(page, person.email, codeAt(secret, clock.now()))
          assert.equal(new URL(page.url()).pathname, "/account/sessions")

          await press(page, "header form button")
          await page.goto(`${site.url}/account/sessions`)
          await signInOn(page, person.email)
          await page.locator("summary").click()
          await page.locator("input[name=recovery_code]").fill(recoveryCodes[3] ?? "")
          await press(page, "main form:has(input[name=recovery_code]) button")
          assert.equal(new URL(page.url()).pathname, "/account/sessions")
        })
      })

      it(`a form open over night is sent after all, and nothing is lost; scripts ${scripts ? "on" : "off"}`, async () => {
        const person = await newUser()
        const { secret } = await switchOn(site, person)
        clock.advance({ seconds: 30 })
        await withPage({ scripts }, async (page) => {
          await page.goto(`${site.url}/notes/7?lang=vi`)
          await signInOn(page, person.email, codeAt(secret, clock.now()))
          await page.locator("input[name=name]").fill(ugly)
          await page.locator("textarea").fill("dòng một\ndòng hai")
          clock.advance({ hours: 13 })
          await press(page, "main form button")
          assert.equal(await page.locator("main [role=status] h2").textContent(), "Phiên đăng nhập đã hết hạn")
          await signInOn(page, person.email, codeAt(secret, clock.now()))
          assert.equal(await page.locator("h1").textContent(), "Gửi nốt biểu mẫu này?")
          assert.deepEqual(await page.locator("dl.typed dd").allInnerTexts(), [ugly, "dòng một\ndòng hai"])
          const sent = page.waitForResponse((response) => response.request().method() === "POST")
          await page.locator("main form button").click()
          const arrived = new Map((await (await sent).json()) as [string, string[]][])
          assert.deepEqual([arrived.get("name"), arrived.get("description")], [[ugly], ["dòng một\r\ndòng hai"]])
          assert.equal(new URL(page.url()).pathname, "/notes/7")
        })
      })
    }

    it("an app's user gives password and code on the way to the consent, without script", async () => {
      const client = await addClient(oauth, { redirectUris: [receiver.redirectUri] })
      const { merchant } = oauth
      await withPage({ scripts: false }, async (page) => {
        await page.goto(`${oauth.url}/login?next=${home}`)
        await fillSignIn(page, merchant)
        await page.locator("input[name=current_password]").fill(merchant.password)
        await press(page, "main form button")
        const secret = readSecret(await page.content())
        await page.locator("input[name=code]").fill(codeAt(secret, clock.now()))
        await press(page, "main form button")
        for (const prompt of ["login", "consent"]) {
          clock.advance({ seconds: 30 })
          await page.goto(connectUrl(oauth, client, { prompt: `${prompt} consent`, scope: "profile" }))
          if (prompt === "login") {
            await fillSignIn(page, merchant)
            await page.locator("input[name=code]").fill(codeAt(secret, clock.now()))
            await press(page, "main form:has(input[name=code]) button")
          }
          assert.match(page.url(), /\/oauth\/consent\?request=/)
          await press(page, "button[value=approve]")
          assert.match(page.url(), /\/callback\?code=/)
          oauth.secrets.add(new URL(page.url()).searchParams.get("code") ?? "?")
        }
      })
      assert.equal(receiver.arrived.length, 2)
    })

    it("a double click on the code's button signs in once, and arrives", async () => {
      const person = await newUser()
      const { secret } = await switchOn(site, person)
      clock.advance({ seconds: 30 })
      await withPage({ scripts: true }, async (page) => {
        await page.goto(`${site.url}/account/sessions`)
        await signInOn(page, person.email)
        await page.locator("input[name=code]").fill(codeAt(secret, clock.now()))
        await page.locator("main form:has(input[name=code]) button").dblclick()
        await page.waitForURL(`${site.url}/account/sessions`)
        // Both clicks lead here: the answer to the second may still be on its way, and the page empty for a moment.
        await page.waitForLoadState("networkidle")
        const items = page.locator(".session")
        await items.nth(1).waitFor()
        assert.equal(await items.count(), 2, "this one, and the one that switched it on")
      })
    })

    it("two tabs of two users: the older tab says whose form it is, and changes nothing", async () => {
      const [first, second] = [await newUser(), await newUser()]
      await withPage({ scripts: true }, async (page) => {
        await page.goto(`${site.url}/account/password`)
        await signInOn(page, first.email)
        const other = await page.context().newPage()
        await other.goto(`${site.url}/login?reauthenticate=1&next=/account/sessions`)
        await signInOn(other, second.email)
        for (const [name, value] of [
          ["current_password", password],
          ["new_password", "một câu dài khác hẳn"],
          ["new_password_again", "một câu dài khác hẳn"],
        ] as const) {
          await page.locator(`input[name=${name}]`).fill(value)
        }
        await press(page, "main form button")
        assert.equal(await page.locator("h1").textContent(), "Biểu mẫu đã cũ")
        assert.match((await page.locator("main").textContent()) ?? "", new RegExp(second.email))
        await press(page, "main a.button")
        assert.equal(new URL(page.url()).pathname, "/account/password")
      })
      for (const { email } of [first, second]) assert.equal((await signIn(makeVisitor(site.url), email)).status, 303)
    })

    it("a user changes the password, and signs other places out after a question", async () => {
      const person = await newUser()
      await withPage({ scripts: false }, async (page) => {
        await page.goto(`${site.url}/account/sessions`)
        await signInOn(page, person.email)
        assert.equal(await page.locator(".session").count(), 2)
        await press(page, ".page-head .actions a")
        await press(page, "main form button")
        assert.equal(await page.locator(".session").count(), 1)
        assert.equal(await page.getByRole("status").textContent(), "Đã đăng xuất mọi nơi khác.")
        await page.goto(`${site.url}/account/password`)
        await page.locator("input[name=current_password]").fill(password)
        await page.locator("input[name=new_password]").fill("một câu dài khác hẳn")
        await page.locator("input[name=new_password_again]").fill("một câu dài khác hẳn")
        await press(page, "main form button")
        assert.match((await page.getByRole("status").textContent()) ?? "", /Đã đổi mật khẩu/)
        await press(page, "header form button")
        await page.goBack()
        assert.equal(
          await page.locator("input[name=new_password]").count(),
          0,
          "the back button shows no page of before",
        )
      })
    })
  })
})

onSqlite((engine) => {
  let clock: FakeClock
  let site: IdentitySite
  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  let users = 0
  /** A user whose names are ugly, a page of theirs, and the way to sign in. */
  async function newUser(isOperator = false): Promise<Person> {
    users += 1
    const email = `${"rat-dai-".repeat(8)}${users}@mau.example`
    const { id, companyId } = await createUser(site.context.db, clock.now(), {
      ...{ email, password, company: { fullName: ugly.slice(0, 190) }, isOperator },
      ...{ firstName: "<b>An</b>", lastName: `"><i>${"Nguyễn ".repeat(8)}` },
    })
    return { id, companyId, email, browser: makeVisitor(site.url) }
  }

  const open = async (page: Page, path: string, person: Person) => {
    await page.goto(`${site.url}${path}`)
    await signInOn(page, person.email)
  }
  const withFactor = async (person: Person): Promise<string> => {
    await signIn(person.browser, person.email)
    const { secret } = await switchOn(site, person)
    clock.advance({ seconds: 30 })
    return secret
  }
  const openWithFactor = async (page: Page, path: string, person: Person) => {
    const secret = await withFactor(person)
    await page.goto(`${site.url}${path}`)
    await signInOn(page, person.email, codeAt(secret, clock.now()))
    clock.advance({ seconds: 30 })
  }
  const leaveOverNight = async (page: Page, person: Person) => {
    await open(page, "/notes/1", person)
    await page.locator("input[name=name]").fill(ugly)
    await page.locator("textarea").fill("dòng một\n\ndòng ba")
    await page.locator("input[name=signing_secret]").fill("hush")
    clock.advance({ hours: 13 })
    await press(page, "main form button")
  }

  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    "two steps, off": async (page) => open(page, home, await newUser()),
    "two steps, off, an operator's": async (page) => open(page, home, await newUser(true)),
    "an operator's page with the advice": async (page) => open(page, "/account/sessions", await newUser(true)),
    "two steps, wrong password": async (page) => {
      await open(page, home, await newUser())
      await page.locator("input[name=current_password]").fill("sai mật khẩu")
      await press(page, "main form button")
    },
    "two steps, the set-up": async (page) => {
      await open(page, home, await newUser())
      await page.locator("input[name=current_password]").fill(password)
      await press(page, "main form button")
    },
    "two steps, the set-up after a wrong code": async (page) => {
      await open(page, home, await newUser())
      await page.locator("input[name=current_password]").fill(password)
      await press(page, "main form button")
      await page.locator("input[name=code]").fill("000000")
      await press(page, "main form button")
    },
    "two steps, the recovery codes": async (page) => {
      await open(page, home, await newUser())
      await setUp(page, site.url, clock.now)
    },
    "two steps, on": async (page) => openWithFactor(page, home, await newUser()),
    "two steps, few codes": async (page) => {
      const person = await newUser()
      await openWithFactor(page, "/account/password", person)
      await transaction(site.context.db, (tx) =>
        tx.updateTable("recovery_codes").set({ used_at: 1 }).where("user_id", "=", person.id).execute(),
      )
      await page.goto(`${site.url}${home}`)
    },
    "new recovery codes": async (page) => openWithFactor(page, `${home}/recovery-codes`, await newUser()),
    "switching off": async (page) => openWithFactor(page, `${home}/off`, await newUser()),
    "switching off, wrong code": async (page) => {
      await openWithFactor(page, `${home}/off`, await newUser())
      await page.locator("input[name=current_password]").fill(password)
      await page.locator("input[name=code]").fill("000000")
      await press(page, "main form button")
    },
    "the second step": async (page) => {
      const person = await newUser()
      await withFactor(person)
      await open(page, "/account/sessions", person)
    },
    "the second step, wrong code": async (page) => {
      const person = await newUser()
      await withFactor(person)
      await open(page, "/account/sessions", person)
      await page.locator("input[name=code]").fill("000000")
      await press(page, "main form:has(input[name=code]) button")
    },
    "the second step, wrong recovery code": async (page) => {
      const person = await newUser()
      await withFactor(person)
      await open(page, "/account/sessions", person)
      await page.locator("summary").click()
      await page.locator("input[name=recovery_code]").fill("00000-00000")
      await press(page, "main form:has(input[name=recovery_code]) button")
    },
    "the second step, too many": async (page) => {
      const person = await newUser()
      await withFactor(person)
      await open(page, "/account/sessions", person)
      for (let tries = 0; tries < 7; tries += 1) {
        await page.locator("input[name=code]").fill("000000")
        await press(page, "main form:has(input[name=code]) button")
      }
    },
    "the password": async (page) => open(page, "/account/password", await newUser()),
    "the password, too easy": async (page) => {
      await open(page, "/account/password", await newUser())
      for (const name of ["current_password", "new_password", "new_password_again"]) {
        await page.locator(`input[name=${name}]`).fill("1234567890")
      }
      await press(page, "main form button")
    },
    "the sessions": async (page) => {
      const person = await newUser()
      for (let index = 0; index < 3; index += 1) await signIn(makeVisitor(site.url), person.email)
      await open(page, "/account/sessions", person)
    },
    "the sessions, only this one": async (page) => open(page, "/account/sessions", await newUser()),
    "signing out elsewhere": async (page) => {
      const person = await newUser()
      await signIn(person.browser, person.email)
      await open(page, "/account/sessions/sign-out-others", person)
    },
    "the sign-in of a form that waits": async (page) => leaveOverNight(page, await newUser()),
    "a form to be sent after all": async (page) => {
      const person = await newUser()
      await leaveOverNight(page, person)
      await signInOn(page, person.email)
    },
    "a form that was dropped": async (page) => {
      await leaveOverNight(page, await newUser())
      await signInOn(page, (await newUser()).email)
    },
    "an old form": async (page) => {
      const person = await newUser()
      await open(page, "/notes/1", person)
      const other = await page.context().newPage()
      await other.goto(`${site.url}/login?reauthenticate=1&next=/notes/1`)
      await signInOn(other, person.email)
      await other.close()
      await press(page, "main form button")
    },
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
            assert.deepEqual(complaints, [])
          } finally {
            await page.context().close()
          }
        })
      }
    })
  }
})
