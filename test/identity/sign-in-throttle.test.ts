import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Instant } from "../../src/clock.ts"
import { cleanIdentity } from "../../src/identity/cleanup.ts"
import { createPasswordQueue } from "../../src/identity/password-queue.ts"
import { createUser } from "../../src/identity/user.ts"
import { Refusal } from "../../src/refusal.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { type IdentitySite, type SiteProcess, startIdentitySite, startSiteProcess } from "./identity-site.ts"

const password = "mùa thu Hà Nội"
// Failures that cost no wait, and the one that starts it (sign-in-throttle.ts).
const pairTries = 6
const accountTries = 11
const addressTries = 21

/** Opens the sign-in page, and returns a function that posts its form from the address. */
async function openForm(visitor: Visitor): Promise<(email: string, typed: string, ip: string) => Promise<Answer>> {
  const form = readForm((await visitor.get("/login")).text, "/login")
  return (email, typed, ip) =>
    visitor.postForm("/login", { ...form, email, password: typed }, { "x-forwarded-for": ip })
}

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite
  let users = 0
  let tryOn: Awaited<ReturnType<typeof openForm>>

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
    tryOn = await openForm(makeVisitor(site.url))
  })
  after(() => site.close())

  async function newEmail(): Promise<string> {
    users += 1
    const email = `chu${users}@mau.example`
    await createUser(site.context.db, clock.now(), { email, password, company: { fullName: `Công ty ${users}` } })
    return email
  }

  /** Fails until told to wait; returns how many tries that took and the wait in seconds. */
  async function failUntilBlocked(email: (index: number) => string, ip: (index: number) => string) {
    for (let index = 0; index < 100; index += 1) {
      const answer = await tryOn(email(index), "sai mật khẩu", ip(index))
      if (answer.status === 429) return { tries: index, waitSeconds: Number(answer.headers.get("retry-after")) }
      assert.equal(answer.status, 400)
    }
    throw new Error("A hundred failures were let through.")
  }

  describe("guessing", () => {
    it("waits longer and longer for one account at one address, never more than a minute", async () => {
      const email = await newEmail()
      const { tries, waitSeconds } = await failUntilBlocked(
        () => email,
        () => "192.0.2.1",
      )
      assert.deepEqual([tries, waitSeconds], [pairTries, 1])
      const waits: number[] = []
      for (let round = 0; round < 8; round += 1) {
        clock.advance({ seconds: waits.at(-1) ?? waitSeconds })
        assert.equal((await tryOn(email, "sai mật khẩu", "192.0.2.1")).status, 400)
        const blocked = await tryOn(email, password, "192.0.2.1")
        assert.equal(blocked.status, 429, "not even the right password shortens the wait")
        waits.push(Number(blocked.headers.get("retry-after")))
      }
      assert.deepEqual(waits, [2, 4, 8, 16, 32, 60, 60, 60])
      clock.advance({ seconds: 60 })
      assert.equal((await tryOn(email, password, "192.0.2.1")).status, 303)
      assert.equal((await tryOn(email, "sai mật khẩu", "192.0.2.1")).status, 400, "the count began anew")
    })

    it("counts unknown e-mails too, so that throttling tells nobody who exists", async () => {
      const { tries } = await failUntilBlocked(
        () => "khong.ai@mau.example",
        () => "192.0.2.2",
      )
      assert.equal(tries, pairTries)
    })

    it("counts one address over all accounts, and an IPv6 network as one address", async () => {
      const spray = await failUntilBlocked(
        (index) => `nan.nhan${index}@mau.example`,
        () => "192.0.2.3",
      )
      assert.equal(spray.tries, addressTries)
      const hosts = await failUntilBlocked(
        (index) => `nan.nhan${index}@mau.example`,
        (index) => `2001:db8:1:2::${index.toString(16)}`,
      )
      assert.equal(hosts.tries, addressTries)
      assert.equal((await tryOn("nan.nhan@mau.example", "sai mật khẩu", "2001:db8:1:3::1")).status, 400)
    })

    it("from everywhere slows one account down, but not at an address that its owner uses", async () => {
      const email = await newEmail()
      const home = "198.51.100.7"
      assert.equal((await tryOn(email, password, home)).status, 303)
      const { tries } = await failUntilBlocked(
        () => email,
        (index) => `203.0.113.${index}`,
      )
      assert.equal(tries, accountTries)
      for (let index = 0; index < 20; index += 1) {
        clock.advance({ seconds: 60 })
        assert.equal((await tryOn(email, "sai mật khẩu", `203.0.114.${index}`)).status, 400)
        assert.equal((await tryOn(email, password, home)).status, 303, "the owner at home is not hindered")
      }
      const elsewhere = await tryOn(email, password, "198.51.100.8")
      assert.equal(elsewhere.status, 429)
      assert.ok(Number(elsewhere.headers.get("retry-after")) <= 60)
      clock.advance({ seconds: 60 })
      assert.equal((await tryOn(email, password, "198.51.100.8")).status, 303, "and elsewhere within a minute")
    })

    it("is forgotten after a day, and its rows are cleaned away", async () => {
      const email = await newEmail()
      await failUntilBlocked(
        () => email,
        () => "192.0.2.9",
      )
      clock.advance({ days: 1, seconds: 1 })
      const { tries } = await failUntilBlocked(
        () => email,
        () => "192.0.2.9",
      )
      assert.equal(tries, pairTries)
      clock.advance({ days: 31 })
      while ((await cleanIdentity(site.context.db, clock.now(), 10)) > 0);
      assert.deepEqual(await site.context.db.selectFrom("sign_in_throttles").selectAll().execute(), [])
    })

    it("leaves nothing readable of what was typed", async () => {
      await tryOn("mat-khau-go-nham", "x", "192.0.2.10")
      const rows = await site.context.db.selectFrom("sign_in_throttles").selectAll().execute()
      assert.ok(rows.length > 0)
      assert.doesNotMatch(JSON.stringify(rows), /mat-khau|192\.0\.2/)
    })
  })

  it("twenty tries at once in three processes check no more passwords than twenty one after the other", async () => {
    const email = await newEmail()
    const processes: SiteProcess[] = []
    try {
      for (let index = 0; index < 3; index += 1) processes.push(await startSiteProcess(engine.databaseUrl()))
      const forms = await Promise.all(processes.map(({ url }) => openForm(makeVisitor(url))))
      const begunAt = performance.now()
      const tries = Array.from({ length: 20 }, (_, index) => forms[index % 3]?.(email, "sai mật khẩu", "192.0.2.20"))
      const statuses = (await Promise.all(tries)).map((answer) => answer?.status)
      // On a slow machine the waits of 1, 2, 4 … seconds run out meanwhile, and each lets one more try through.
      const late = Math.floor(Math.log2((performance.now() - begunAt) / 1000 + 1))
      const checked = statuses.filter((status) => status === 400).length
      assert.ok(checked >= pairTries && checked <= pairTries + late, `${checked} passwords were checked`)
      assert.equal(statuses.filter((status) => status === 429).length, 20 - checked)
    } finally {
      for (const each of processes) await each.stop()
    }
  })
})

describe("the line for password checks", () => {
  it("runs a few at once, lets some wait, and refuses the rest", async () => {
    const queue = createPasswordQueue(2, 3)
    let running = 0
    let most = 0
    const gate = Promise.withResolvers<void>()
    const check = async (): Promise<Instant> => {
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
      return clockNow
    }
    const clockNow = makeFakeClock().now()
    const results = Array.from({ length: 7 }, () => queue.run(check))
    const settled = Promise.allSettled(results)
    gate.resolve()
    const refused = (await settled).filter((result) => result.status === "rejected")
    assert.equal(refused.length, 2)
    for (const { reason } of refused) assert.ok(reason instanceof Refusal && reason.reason === "unavailable")
    assert.equal(most, 2)
    await assert.rejects(
      queue.run(() => Promise.reject(new RangeError("broken"))),
      RangeError,
    )
    assert.equal(await queue.run(() => Promise.resolve(7)), 7, "a failed check leaves its place")
  })
})
