import assert from "node:assert/strict"
import { after, before, beforeEach, describe, it } from "node:test"
import { unseal } from "../../src/crypto/seal.ts"
import { transaction } from "../../src/database/engine.ts"
import { WEBHOOK_SECRET_PURPOSE } from "../../src/webhooks/credential-seals.ts"
import { currentSecrets, settleEndedRolls } from "../../src/webhooks/secret-roll.ts"
import { newWebhookAnswer, rolledSecretAnswer, webhookAnswer } from "../../src/webhooks/webhooks.wire.ts"
import { type ApiSite, aCaller, startApiSite } from "../banking/api-site.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Answer } from "../support/http.ts"
import { aBody, aShop, auditOf, change, create, faultyFields, read, type Shop, versionOf } from "./webhooks-ground.ts"

const start = "2026-01-15T03:00:00Z"
const old = "the-old-secret"
const hmac = { authen_type: "HMAC_SHA256", secret_key: old }

onEachEngine((engine) => {
  let site: ApiSite
  let clock: FakeClock
  let shop: Shop
  let id: number
  before(async () => {
    clock = makeFakeClock(start)
    site = await startApiSite(engine.databaseUrl(), { clock, env: { WEBHOOK_LIMIT: "100000" } })
    shop = await aShop(site)
  })
  after(() => site.close())
  beforeEach(async () => {
    clock.set(start)
    await pass({})
    id = (await create(shop.caller, aBody(shop, hmac))).id
  })

  /** Lets time pass, and signs in again: access tokens end after an hour. */
  async function pass(step: Parameters<FakeClock["advance"]>[0]): Promise<void> {
    clock.advance(step)
    shop = { ...shop, caller: await aCaller(site, { companyId: shop.companyId }) }
  }
  const post = (action: string, body: unknown = {}) => shop.caller.post(`/webhooks/${id}/${action}`, body)
  function rolled(answer: Answer) {
    assert.equal(answer.status, 200, answer.text)
    return rolledSecretAnswer.parse(answer.json()).data
  }
  async function rowOf() {
    const query = site.context.db.selectFrom("webhooks").selectAll().where("id", "=", id)
    return query.executeTakeFirstOrThrow()
  }
  /** The secrets that a delivery would sign with now, the active one first. */
  async function secretsNow(): Promise<string[]> {
    const row = await rowOf()
    const { active, other } = currentSecrets(
      {
        sealedSecret: row.sealed_secret ?? undefined,
        sealedNewSecret: row.sealed_new_secret ?? undefined,
        newSecretActive: row.new_secret_active === 1,
        rollEndsAt: row.roll_ends_at === null ? undefined : (row.roll_ends_at as ReturnType<FakeClock["now"]>),
      },
      clock.now(),
    )
    const sealed = [active, other].filter((secret) => secret !== undefined)
    return sealed.map((secret) => unseal(site.context.config.keyring, WEBHOOK_SECRET_PURPOSE, secret))
  }
  async function makeNewSecretActive(): Promise<void> {
    await transaction(site.context.db, async (tx) => {
      await tx.updateTable("webhooks").set({ new_secret_active: 1 }).where("id", "=", id).execute()
    })
  }

  it("shows the new secret once, and keeps the old one valid and active for 24 hours", async () => {
    const answer = rolled(await post("roll-secret"))
    assert.match(answer.secret_key, /^whsec_[A-Za-z0-9+/]{43}=$/)
    assert.deepEqual([answer.id, answer.roll_ends_at], [id, "2026-01-16 10:00:00"])
    assert.deepEqual(await secretsNow(), [old, answer.secret_key])
    assert.equal((await read(shop.caller, id)).secret_key, "****cret")
    clock.advance({ hours: 24, milliseconds: -1 })
    assert.deepEqual(await secretsNow(), [old, answer.secret_key])
    clock.advance({ milliseconds: 1 })
    assert.deepEqual(await secretsNow(), [answer.secret_key])
  })

  it("takes windows of 1, 24 and 72 hours alone", async () => {
    for (const [window_hours, ends] of [
      [1, "2026-01-15 11:00:00"],
      ["72", "2026-01-18 10:00:00"],
      [null, "2026-01-16 10:00:00"],
    ] as const) {
      assert.equal(rolled(await post("roll-secret", { window_hours })).roll_ends_at, ends)
      assert.equal((await post("finish-roll")).status, 200)
    }
    for (const window_hours of [0, 2, 73, "1.0", "day", true, []]) {
      assert.deepEqual(faultyFields(await post("roll-secret", { window_hours })), ["window_hours"])
    }
  })

  it("is one at a time: a second is 409 until the first has ended, also of two at once", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => post("roll-secret", { window_hours: 1 })))
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [200, 409, 409, 409, 409, 409])
    const refused = answers.find(({ status }) => status === 409)
    assert.equal(refused?.json<{ error: string }>().error, "conflict")
    const winner = answers.find(({ status }) => status === 200)
    assert(winner !== undefined)
    const first = rolled(winner).secret_key
    await pass({ hours: 1 })
    const second = rolled(await post("roll-secret")).secret_key
    assert.deepEqual(await secretsNow(), [first, second])
  })

  it("ends now when it is finished, whichever secret was active", async () => {
    for (const switched of [false, true]) {
      const secret = rolled(await post("roll-secret")).secret_key
      if (switched) await makeNewSecretActive()
      assert.equal((await secretsNow())[0] === secret, switched)
      const answer = await post("finish-roll")
      assert.equal(webhookAnswer.parse(answer.json()).data.secret_key, `****${secret.slice(-4)}`)
      assert.deepEqual(await secretsNow(), [secret])
      const row = await rowOf()
      assert.deepEqual([row.sealed_new_secret, row.new_secret_active, row.roll_ends_at], [null, 0, null])
    }
  })

  it("has nothing to finish when none is under way", async () => {
    assert.equal((await post("finish-roll")).status, 200)
    assert.deepEqual(await secretsNow(), [old])
    assert.equal(await versionOf(site, id), 1)
    const secret = rolled(await post("roll-secret")).secret_key
    await pass({ hours: 25 })
    assert.equal((await post("finish-roll")).status, 200)
    assert.deepEqual(await secretsNow(), [secret])
    assert.equal((await read(shop.caller, id)).secret_key, `****${secret.slice(-4)}`)
  })

  it("is ended by a secret that is written, also by one of the two", async () => {
    const next = rolled(await post("roll-secret")).secret_key
    assert.equal((await change(shop.caller, id, { secret_key: "****cret", name: "Rolls on" })).secret_key, "****cret")
    assert.equal((await secretsNow()).length, 2)
    assert.equal((await change(shop.caller, id, { secret_key: old })).secret_key, old)
    assert.deepEqual(await secretsNow(), [old])
    assert.notEqual(rolled(await post("roll-secret")).secret_key, next)
    await change(shop.caller, id, { secret_key: "written-at-once" })
    assert.deepEqual(await secretsNow(), ["written-at-once"])
  })

  it("is ended by another type, and never survives into a new one", async () => {
    rolled(await post("roll-secret"))
    await change(shop.caller, id, { authen_type: "No_Authen" })
    assert.deepEqual(await secretsNow(), [])
    const { secret_key } = await change(shop.caller, id, { authen_type: "HMAC_SHA256" })
    assert.deepEqual(await secretsNow(), [secret_key])
  })

  it("is for HMAC_SHA256 alone, and not for a clone without a secret", async () => {
    const { id: plain } = await create(shop.caller, aBody(shop))
    for (const action of ["roll-secret", "finish-roll"]) {
      assert.deepEqual(faultyFields(await shop.caller.post(`/webhooks/${plain}/${action}`, {})), ["authen_type"])
    }
    const clone = newWebhookAnswer.parse((await post("clone")).json())
    assert.deepEqual(faultyFields(await shop.caller.post(`/webhooks/${clone.id}/roll-secret`, {})), ["secret_key"])
  })

  it("looks for the webhook before it looks at the body", async () => {
    assert.equal((await shop.caller.post("/webhooks/999999/roll-secret", { window_hours: 5 })).status, 404)
  })

  it("is a new version and an audit entry, without the secret", async () => {
    const secret = rolled(await post("roll-secret", { window_hours: 72 })).secret_key
    await post("finish-roll")
    assert.equal(await versionOf(site, id), 3)
    const entries = (await auditOf(site, id)).slice(1)
    assert.deepEqual(
      entries.map(({ action, details }) => [action, details]),
      [
        ["webhook.roll_secret", '{"window_hours":72}'],
        ["webhook.finish_roll", "{}"],
      ],
    )
    assert.equal(JSON.stringify(entries).includes(secret), false)
    assert.equal(JSON.stringify(await rowOf()).includes(secret), false)
  })

  it("leaves no old secret in the database once it has ended and the platform has cleaned up", async () => {
    const { db } = site.context
    const secret = rolled(await post("roll-secret", { window_hours: 1 })).secret_key
    await makeNewSecretActive()
    clock.advance({ minutes: 59 })
    assert.equal(await settleEndedRolls(db, clock.now()), 0)
    assert.equal((await secretsNow()).length, 2)
    clock.advance({ minutes: 1 })
    assert((await settleEndedRolls(db, clock.now())) >= 1)
    assert.equal(await settleEndedRolls(db, clock.now()), 0)
    const row = await rowOf()
    assert.deepEqual([row.sealed_new_secret, row.new_secret_active, row.roll_ends_at], [null, 0, null])
    assert.deepEqual(await secretsNow(), [secret])
  })

  describe("a clone", () => {
    const key = { authen_type: "Api_Key", api_key: "0123456789abcdef" }
    const oauth = {
      authen_type: "OAuth2.0",
      oauth2_access_token_url: "https://auth.example/token",
      oauth2_client_id: "id",
      oauth2_client_secret: "secret-of-the-client",
    }

    async function cloneOf(changes: Record<string, unknown>) {
      const original = await create(shop.caller, aBody(shop, changes))
      const answer = await shop.caller.post(`/webhooks/${original.id}/clone`, {})
      assert.equal(answer.status, 201, answer.text)
      const { data, id: made } = newWebhookAnswer.parse(answer.json())
      assert.equal(answer.headers.get("location"), `/api/v1/webhooks/${made}`)
      return { original, copy: data }
    }

    it("has all but secrets, is off and says in its name what it is", async () => {
      for (const changes of [key, hmac, oauth, { only_va: 1, prefix_filters: ["A"], bank_mode: "all" }]) {
        const { original, copy } = await cloneOf(changes)
        assert.deepEqual(copy, {
          ...original,
          id: copy.id,
          name: "Shop webhook (copy)",
          active: false,
          api_key: null,
          secret_key: null,
          oauth2_client_secret: null,
        })
        assert.deepEqual(await read(shop.caller, copy.id), copy)
        assert.equal(
          (await auditOf(site, copy.id))[0]?.details,
          JSON.stringify({ name: copy.name, cloned_from: original.id }),
        )
      }
      const { copy } = await cloneOf({ name: "𝒳".repeat(300) })
      assert.equal(copy.name, `${"𝒳".repeat(293)} (copy)`)
    })

    it("can be edited but not switched on before its authentication fields are set", async () => {
      for (const [made, field, value] of [
        [key, "api_key", "another-key"],
        [hmac, "secret_key", "another-secret"],
        [oauth, "oauth2_client_secret", "another-secret"],
      ] as const) {
        const { copy } = await cloneOf(made)
        await change(shop.caller, copy.id, { name: "Edited" })
        const refused = await shop.caller.patch(`/webhooks/${copy.id}`, { active: 1 })
        assert.deepEqual(faultyFields(refused), [field])
        assert.equal((await change(shop.caller, copy.id, { [field]: value })).active, false)
        assert.equal((await change(shop.caller, copy.id, { active: 1 })).active, true)
      }
      const { copy } = await cloneOf({})
      assert.equal((await change(shop.caller, copy.id, { active: 1 })).active, true)
    })

    it("is changed by nothing when it is sent back as it was read", async () => {
      for (const made of [key, hmac, oauth]) {
        const { copy } = await cloneOf(made)
        assert.deepEqual(await change(shop.caller, copy.id, copy), copy)
        assert.equal(await versionOf(site, copy.id), 1)
      }
    })

    it("needs the right to create, and not the one to change", async () => {
      const { companyId } = shop
      const permitted = (permissions: ["webhook.create"] | ["webhook.update"]) =>
        aCaller(site, { companyId, role: "User", permissions })
      const [creator, changer] = [await permitted(["webhook.create"]), await permitted(["webhook.update"])]
      assert.equal((await creator.post(`/webhooks/${id}/clone`, {})).status, 201)
      assert.equal((await changer.post(`/webhooks/${id}/clone`, {})).status, 403)
      assert.equal((await creator.post(`/webhooks/${id}/roll-secret`, {})).status, 403)
      assert.equal((await changer.post(`/webhooks/${id}/roll-secret`, {})).status, 200)
    })
  })
})
