import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { transaction } from "../../src/database/engine.ts"
import { startApp, type TestApp } from "../support/app.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount, aTransaction, someTransactions } from "../support/make.ts"
import { signIn } from "../support/oauth-pages.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"

interface LiveEvent {
  readonly id: number
  readonly event: string
  readonly data: { readonly id?: number; readonly html?: string }
}

/** A reader of the stream, as a browser is one. */
interface LiveReader {
  readonly status: number
  readonly events: readonly LiveEvent[]
  until(isEnough: (events: readonly LiveEvent[]) => boolean): Promise<void>
  /** Resolves when the server ends it. */
  readonly ended: Promise<void>
  leave(): void
}

async function follow(url: string, cookie: string, headers: Record<string, string> = {}): Promise<LiveReader> {
  const leaving = new AbortController()
  const response = await fetch(url, { headers: { cookie, ...headers }, redirect: "manual", signal: leaving.signal })
  const events: LiveEvent[] = []
  const read = async () => {
    let text = ""
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      const blocks = text.split("\n\n")
      text = blocks.pop() ?? ""
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1]
        const event = field("event")
        if (event !== undefined)
          events.push({ id: Number(field("id")), event, data: JSON.parse(field("data") ?? "{}") })
      }
    }
  }
  return {
    status: response.status,
    events,
    until: async (isEnough) => {
      for (const end = performance.now() + 15_000; !isEnough(events); await sleep(20)) {
        assert.ok(performance.now() < end, `not within 15 s: ${JSON.stringify(events.map(({ event }) => event))}`)
      }
    },
    ended: read().catch(() => {}),
    leave: () => leaving.abort(),
  }
}

onEachEngine((engine) => {
  describe("the stream of transactions", () => {
    let site: OAuthSite
    let other: TestApp
    let cookie: string
    let accountId: number
    const cookieOf = async (user: TestUser) =>
      [...(await signIn(site.url, user)).cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const record = (memo: string, db = other.context.db) =>
      aTransaction(db, { bankAccountId: accountId, amountVnd: 5000, bookedAt: site.clock.now(), row: { memo } })

    before(async () => {
      site = await startOAuthSite(engine.databaseUrl())
      // A second instance on the same database: what it records, the first one has never heard of.
      other = await startApp({ databaseUrl: engine.databaseUrl(), clock: site.clock })
      accountId = await aBankAccount(site.app.context.db, { companyId: site.merchant.companyId })
      cookie = await cookieOf(site.merchant)
    })
    after(async () => {
      await other.stop()
      await site.stop()
    })

    const live = `/transactions/live?mode=live`

    it("tells what another process records, in order, each once, also after a break", async () => {
      const first = await follow(site.url + live, cookie)
      assert.equal(first.status, 200)
      const ids = [await record("một"), await record("<b>hai</b>")]
      await first.until((events) => events.length >= 2)
      first.leave()
      const last = first.events.at(-1)?.id
      ids.push(await record("ba"), await record("bốn"))
      const second = await follow(site.url + live, cookie, { "last-event-id": String(last) })
      ids.push(await record("năm"))
      await second.until((events) => events.length >= 3)
      second.leave()
      const all = [...first.events, ...second.events]
      assert.deepEqual(
        all.map(({ data }) => data.id),
        ids,
      )
      assert.deepEqual(new Set(all.map(({ event }) => event)), new Set(["created"]))
      assert.match(all[1]?.data.html ?? "", /&lt;b&gt;hai&lt;\/b&gt;/)
    })

    it("loses and repeats none while two processes record at once", async () => {
      const reader = await follow(site.url + live, cookie)
      const ids = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          record(`${index}`, index % 2 ? other.context.db : site.app.context.db),
        ),
      )
      await reader.until((events) => events.length >= 40)
      await sleep(700)
      reader.leave()
      const byNumber = (a: number, b: number) => a - b
      assert.deepEqual(reader.events.map(({ data }) => data.id as number).sort(byNumber), ids.sort(byNumber))
      const sequences = reader.events.map(({ id }) => id)
      assert.deepEqual(sequences, [...sequences].sort(byNumber))
    })

    it("says that much was missed instead of telling it row by row", async () => {
      const reader = await follow(`${site.url}${live}&after=0`, cookie)
      const bookedAt = site.clock.now()
      await someTransactions(
        site.app.context.db,
        Array.from({ length: 520 }, () => ({ bankAccountId: accountId, amountVnd: 1, bookedAt })),
      )
      await reader.until((events) => events.some(({ event }) => event === "missed"))
      reader.leave()
    })

    it("tells nothing of another company or of the other mode", async () => {
      const stranger = await addUser(site.app)
      const theirs = await follow(site.url + live, await cookieOf(stranger))
      const inTest = await follow(`${site.url}/transactions/live?mode=test`, cookie)
      const mine = await follow(site.url + live, cookie)
      await record("của tôi")
      await mine.until((events) => events.length === 1)
      await sleep(700)
      assert.deepEqual([theirs.events, inTest.events], [[], []])
      for (const one of [theirs, inTest, mine]) one.leave()
    })

    it("ends with the session, and with the permission", async () => {
      const clerk = await addUser(site.app, site.merchant.companyId, "User")
      const change = (values: { permissions?: string; status?: string }) =>
        transaction(other.context.db, (tx) => tx.updateTable("users").set(values).where("id", "=", clerk.id).execute())
      await change({ permissions: '["transaction.list"]' })
      const clerkCookie = await cookieOf(clerk)
      const reader = await follow(site.url + live, clerkCookie)
      await change({ permissions: "[]" })
      await reader.ended
      assert.equal(reader.events.at(-1)?.event, "end")
      assert.equal((await follow(site.url + live, clerkCookie)).status, 403)
      await change({ permissions: '["transaction.list"]' })
      const again = await follow(site.url + live, clerkCookie)
      await transaction(other.context.db, (tx) => tx.deleteFrom("sessions").where("user_id", "=", clerk.id).execute())
      await again.ended
      assert.equal(again.events.at(-1)?.event, "end")
      assert.equal((await follow(site.url + live, clerkCookie)).status, 302)
    })

    it("is given to a user six times at once, and again when one is left", async () => {
      const user = await addUser(site.app)
      const theirCookie = await cookieOf(user)
      const readers = await Promise.all(Array.from({ length: 6 }, () => follow(site.url + live, theirCookie)))
      assert.deepEqual(new Set(readers.map(({ status }) => status)), new Set([200]))
      assert.equal((await follow(site.url + live, theirCookie)).status, 429)
      readers[0]?.leave()
      let status = 429
      for (let tries = 0; status === 429 && tries < 100; tries++) {
        const reader = await follow(site.url + live, theirCookie)
        status = reader.status
        readers.push(reader)
        if (status === 429) await sleep(20)
      }
      assert.equal(status, 200)
      for (const one of readers) one.leave()
    })

    it("ends when its process drains, which takes no longer for it", async () => {
      const third = await startApp({ databaseUrl: engine.databaseUrl(), clock: site.clock })
      const reader = await follow(third.url + live, cookie)
      assert.equal(reader.status, 200)
      const startedAt = performance.now()
      await third.stop()
      await reader.ended
      assert.ok(performance.now() - startedAt < 5000)
    })
  })
})
