import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { SessionOver, whileAllowed } from "../../src/identity/lasting-session.ts"
import { isAdministrator, isPermitted } from "../../src/identity/permission.ts"
import type { Session } from "../../src/identity/session.ts"
import { suspendUser } from "../../src/identity/suspension.ts"
import { onEachEngine } from "../support/engines.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"
import { signedIn, submit } from "./visits.ts"

type Person = Awaited<ReturnType<typeof signedIn>>

onEachEngine((engine) => {
  let site: IdentitySite
  let owner: Person
  before(async () => {
    site = await startIdentitySite(engine.databaseUrl())
    owner = await signedIn(site)
  })
  after(() => site.close())

  async function publicIdOf({ id }: Person): Promise<string> {
    const { db } = site.context
    const row = await db.selectFrom("sessions").select("public_id").where("user_id", "=", id).executeTakeFirstOrThrow()
    return row.public_id
  }

  /** Draws parts until something happened to the reader, and says how many came. */
  async function draw(
    person: Person,
    isAllowed: (session: Session) => boolean,
    happens: () => Promise<unknown>,
  ): Promise<number> {
    let isClosed = false
    async function* parts() {
      try {
        for (let count = 0; count < 10; count += 1) yield count
      } finally {
        isClosed = true
      }
    }
    let drawn = 0
    const session = { publicId: await publicIdOf(person) }
    try {
      for await (const _ of whileAllowed(site.context, session, isAllowed, parts(), 0)) {
        drawn += 1
        if (drawn === 4) await happens()
      }
    } catch (error) {
      if (!(error instanceof SessionOver)) throw error
    }
    assert.ok(isClosed, "what makes the parts is told, too")
    return drawn
  }

  describe("a download that lasts", () => {
    it("is whole while nothing happens", async () => {
      assert.equal(await draw(owner, isAdministrator, async () => {}), 10)
    })

    it("breaks off when its reader signs out", async () => {
      const clerk = await signedIn(site, { id: owner.companyId, role: "Admin" })
      const signOut = () => submit(clerk.visitor, "/account", "/logout", {})
      assert.equal(await draw(clerk, isAdministrator, signOut), 4)
    })

    it("breaks off when the right to it is taken away", async () => {
      const clerk = await signedIn(site, {
        ...{ id: owner.companyId, role: "User" as const },
        permissions: ["transaction.list"],
      })
      const path = `/company/users/${clerk.id}`
      const narrow = () => submit(owner.visitor, path, path, { role: "User", permission: "webhook.list" })
      assert.equal(await draw(clerk, (session) => isPermitted(session, "transaction.list"), narrow), 4)
    })

    it("breaks off when an operator suspends the reader", async () => {
      const clerk = await signedIn(site, { id: owner.companyId, role: "Admin" })
      const { db, clock } = site.context
      const operator = { userId: owner.id, companyId: owner.companyId }
      const suspend = () => suspendUser(db, clock.now(), operator, { userId: clerk.id, reason: "stolen" })
      assert.equal(await draw(clerk, isAdministrator, suspend), 4)
    })
  })
})
