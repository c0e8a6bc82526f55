import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { codeAt, codeOfStep } from "../support/authenticator.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, readForm } from "../support/http.ts"
import { type IdentitySite, type SiteProcess, startIdentitySite, startSiteProcess } from "./identity-site.ts"
import { mailsTo, newPerson, type Person, password, switchOn } from "./people.ts"

const step = "/login/second-factor"

type SendCode = (fields: Record<string, string>, ip: string) => Promise<Answer>

/** Gives the right password at a site, and returns a function that posts a code from an address. */
async function begin(url: string, email: string, ip: string): Promise<SendCode> {
  const browser = makeVisitor(url)
  const from = (address: string) => ({ "x-forwarded-for": address })
  const login = readForm((await browser.get("/login")).text, "/login")
  const asked = await browser.postForm("/login", { ...login, email, password }, from(ip))
  assert.equal(asked.location?.pathname, step)
  const { code: _code, ...hidden } = readForm((await browser.get(step)).text, step)
  return (fields, address) => browser.postForm(step, { ...hidden, ...fields }, from(address))
}

onEachEngine((engine) => {
  describe("guessing a code", () => {
    let clock: FakeClock
    let site: IdentitySite
    let person: Person
    let secret: string
    let recoveryCodes: readonly string[]
    before(async () => {
      clock = makeFakeClock()
      site = await startIdentitySite(engine.databaseUrl(), { clock })
      person = await newPerson(site)
      ;({ secret, recoveryCodes } = await switchOn(site, person))
    })
    after(() => site.close())

    it("waits longer and longer, up to an hour, and tells the owner that somebody has the password", async () => {
      let send = await begin(site.url, person.email, "192.0.2.1")
      const waits: number[] = []
      for (let tries = 1; waits.length < 15; tries += 1) {
        const answer = await send({ code: "000000" }, `192.0.${tries}.1`)
        if (answer.status === 403) send = await begin(site.url, person.email, "192.0.2.1")
        if (answer.status === 400 || answer.status === 403) continue
        assert.equal(answer.status, 429)
        const seconds = Number(answer.headers.get("retry-after"))
        waits.push(seconds)
        clock.advance({ seconds })
      }
      assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600])
      const warnings = (await mailsTo(site, person.email)).filter(
        (mail) => mail.subject === "Có người biết mật khẩu của bạn",
      )
      assert.equal(warnings.length, 1)
    })

    it("elsewhere hinders the owner neither where they are at home nor with a recovery code", async () => {
      const home = await begin(site.url, person.email, "127.0.0.1")
      const stranger = await begin(site.url, person.email, "198.51.100.9")
      assert.equal((await stranger({ code: "000000" }, "198.51.100.9")).status, 400)
      assert.equal((await stranger({ code: "000000" }, "198.51.101.9")).status, 429)
      const abroad = await begin(site.url, person.email, "203.0.113.7")
      assert.equal((await abroad({ recovery_code: recoveryCodes[0] ?? "" }, "203.0.113.7")).status, 303)
      assert.equal((await home({ code: codeAt(secret, clock.now()) }, "127.0.0.1")).status, 303)
    })

    it("of the recovery kind never waits longer than a minute", async () => {
      const waits: number[] = []
      const send = await begin(site.url, person.email, "127.0.0.1")
      for (let tries = 0; tries < 24; tries += 1) {
        const answer = await send({ recovery_code: "00000-00000" }, "127.0.0.1")
        if (answer.status !== 429) continue
        const seconds = Number(answer.headers.get("retry-after"))
        waits.push(seconds)
        clock.advance({ seconds })
      }
      assert.ok(waits.length > 5)
      assert.ok(Math.max(...waits) <= 60, `${waits}`)
    })
  })

  describe("in three processes at once", () => {
    let site: IdentitySite
    const processes: SiteProcess[] = []
    before(async () => {
      site = await startIdentitySite(engine.databaseUrl())
      for (let index = 0; index < 3; index += 1) processes.push(await startSiteProcess(engine.databaseUrl()))
    })
    after(async () => {
      for (const each of processes) await each.stop()
      await site.close()
    })

    /** Nine sign-ins that have the password, over all processes, send the same at the same moment. */
    async function sendNineTimes(email: string, fields: () => Record<string, string>): Promise<readonly number[]> {
      const urls = Array.from({ length: 9 }, (_, index) => processes[index % 3]?.url ?? "")
      const ready: SendCode[] = []
      for (const [index, url] of urls.entries()) ready.push(await begin(url, email, `192.0.2.${index}`))
      const sent = fields()
      const answers = await Promise.all(ready.map((send, index) => send(sent, `192.0.2.${index}`)))
      return answers.map((answer) => answer.status).sort()
    }

    const once = [303, 400, 400, 400, 400, 400, 400, 400, 400]

    it("a code of the app signs in once (RFC 6238 §5.2)", async () => {
      const person = await newPerson(site)
      const { secret } = await switchOn(site, person)
      // The step of now was used to switch it on.
      const next = () => ({ code: codeOfStep(secret, Math.floor(Date.now() / 30_000) + 1) })
      assert.deepEqual(await sendNineTimes(person.email, next), once)
    })

    it("a recovery code signs in once", async () => {
      const person = await newPerson(site)
      const { recoveryCodes } = await switchOn(site, person)
      const statuses = await sendNineTimes(person.email, () => ({ recovery_code: recoveryCodes[0] ?? "" }))
      assert.deepEqual(statuses, once)
    })
  })
})
