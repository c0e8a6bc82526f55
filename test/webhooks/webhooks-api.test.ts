import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { deletedWebhookAnswer, webhooksAnswer } from "../../src/webhooks/webhooks.wire.ts"
import { type ApiSite, aCaller, type Caller, startApiSite } from "../banking/api-site.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount } from "../support/make.ts"
import { TEST_SECRET } from "../support/processes.ts"
import { aBody, aShop, auditOf, create, faultyFields, read, type Shop } from "./webhooks-ground.ts"

async function idsOf(caller: Caller, query = ""): Promise<number[]> {
  const answer = await caller.get(`/webhooks?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return webhooksAnswer.parse(answer.json()).data.map(({ id }) => id)
}

onEachEngine((engine) => {
  let site: ApiSite
  let shop: Shop
  before(async () => {
    site = await startApiSite(engine.databaseUrl(), { env: { WEBHOOK_LIMIT: "5" } })
    shop = await aShop(site)
  })
  after(() => site.close())

  it("shows a new webhook with its defaults, in the list and by its id", async () => {
    const { caller, first } = await aShop(site)
    const made = await create(caller, aBody({ first }))
    assert.deepEqual(made, {
      ...aBody({ first }),
      id: made.id,
      is_verify_payment: false,
      bank_mode: "single",
      bank_account_ids: [first],
      accounts: [],
      skip_if_no_code: false,
      active: true,
      only_va: false,
      va_mode: "all",
      bank_sub_account_ids: [],
      prefix_filters: [],
      retry_conditions: { non_2xx_status_code: 1 },
      request_content_type: "Json",
      created_at: "2026-01-15 10:00:00",
      api_key: null,
      secret_key: null,
      oauth2_access_token_url: null,
      oauth2_client_id: null,
      oauth2_client_secret: null,
      alert_threshold: 3,
      alert_event_types: ["failure", "recovery"],
      alert_channel_ids: [],
      retry_wrong_body: false,
      disable_on_410: true,
      long_tail: false,
    })
    assert.deepEqual(await read(caller, made.id), made)
    const list = webhooksAnswer.parse((await caller.get("/webhooks")).json())
    assert.deepEqual(list.data, [made])
    assert.deepEqual(list.meta.pagination, { total: 1, per_page: 20, current_page: 1, last_page: 1 })
  })

  describe("the list", () => {
    let one: Shop
    let ids: number[]
    before(async () => {
      one = await aShop(site)
      const key = (text: string) => ({ authen_type: "Api_Key", api_key: text })
      const bodies = [
        { webhook_url: "https://shop.example/Hook?a=100%25_b", ...key("key-one") },
        { webhook_url: "https://cửahàng.example/hook", active: 0, ...key("key-two") },
        { webhook_url: "https://other.example/x", ...key("key-one"), active: 0 },
      ]
      ids = []
      for (const changes of bodies) ids.push((await create(one.caller, aBody(one, changes))).id)
    })

    it("is newest first, by pages, and empty beyond the last", async () => {
      assert.deepEqual(await idsOf(one.caller), ids.toReversed())
      const answer = webhooksAnswer.parse((await one.caller.get("/webhooks?limit=2&page=2")).json())
      assert.deepEqual([answer.data[0]?.id, answer.data.length], [ids[0], 1])
      assert.deepEqual(answer.meta.pagination, { total: 3, per_page: 2, current_page: 2, last_page: 2 })
      assert.deepEqual(await idsOf(one.caller, "page=1000000000"), [])
    })

    it("is filtered by URL in any case without wildcards, by whole API key, and by active", async () => {
      const [a, b, c] = ids
      for (const [query, expected] of [
        ["webhook_url=HOOK", [b, a]],
        ["webhook_url=C%E1%BB%ACAH%C3%80NG", [b]],
        ["webhook_url=100%25_", []],
        ["webhook_url=100%2525_B", [a]],
        ["webhook_url=h_ok", []],
        ["webhook_url=%25", [a]],
        ["webhook_url=", [c, b, a]],
        ["api_key=key-one", [c, a]],
        ["api_key=KEY-ONE", []],
        ["api_key=key-", []],
        ["active=1", [a]],
        ["active=false", [c, b]],
        ["active=0&active=true", [a]],
        ["api_key=key-one&active=0&webhook_url=other", [c]],
      ] as const) {
        assert.deepEqual(await idsOf(one.caller, query), expected, query)
      }
    })

    it("refuses malformed values by their names", async () => {
      const answer = await one.caller.get("/webhooks?active=yes&page=0&limit=x")
      assert.deepEqual(faultyFields(answer), ["active", "limit", "page"])
    })

    it("finds a webhook by an API key that was hashed under an older server key", async () => {
      const secrets = `a newer secret of this test that is long enough,${TEST_SECRET}`
      const rotated = await startApiSite(engine.databaseUrl(), { env: { SEPAY_SECRET: secrets } })
      try {
        const caller = await aCaller(rotated, { companyId: one.companyId })
        assert.deepEqual(await idsOf(caller, "api_key=key-two"), [ids[1]])
      } finally {
        await rotated.close()
      }
    })
  })

  it("deletes for good: a second call is 404, the row stays for its log without credentials", async () => {
    const { caller, first } = await aShop(site)
    const { id } = await create(caller, aBody({ first }, { authen_type: "Api_Key", api_key: "k" }))
    const answer = await caller.delete(`/webhooks/${id}`)
    const { data, message } = deletedWebhookAnswer.parse(answer.json())
    assert.deepEqual([answer.status, data, message], [200, { id }, "Webhook deleted"])
    for (const again of [
      await caller.delete(`/webhooks/${id}`),
      await caller.get(`/webhooks/${id}`),
      await caller.patch(`/webhooks/${id}`, { name: "" }),
      await caller.post(`/webhooks/${id}/clone`, {}),
    ]) {
      assert.equal(again.status, 404)
    }
    assert.deepEqual(await idsOf(caller), [])
    const query = site.context.db.selectFrom("webhooks").selectAll().where("id", "=", id)
    const row = await query.executeTakeFirstOrThrow()
    assert.deepEqual([row.deleted_at, row.sealed_api_key, row.api_key_hash], [site.context.clock.now(), null, null])
  })

  it("records every write in the audit log, by the app and without secrets", async () => {
    const { caller, companyId, first } = await aShop(site)
    const { id } = await create(caller, aBody({ first }, { authen_type: "Api_Key", api_key: "very-secret-key" }))
    await caller.patch(`/webhooks/${id}`, { name: "New", api_key: "another-secret-key" })
    await caller.patch(`/webhooks/${id}`, { name: "New" })
    await caller.patch(`/webhooks/${id}`, { name: "" })
    await caller.delete(`/webhooks/${id}`)
    const entries = await auditOf(site, id)
    assert.deepEqual(
      entries.map(({ action, details }) => [action, JSON.parse(details)]),
      [
        ["webhook.create", { name: aBody({ first })["name"] }],
        ["webhook.update", { name: "New", changed: ["name", "credentials"] }],
        ["webhook.delete", { name: "New" }],
      ],
    )
    const { db } = site.context
    const query = db.selectFrom("clients").select("id").where("client_id", "=", caller.clientId)
    const client = await query.executeTakeFirstOrThrow()
    for (const entry of entries) {
      assert.deepEqual([entry.company_id, entry.actor_kind, entry.actor_id], [companyId, "client", client.id])
      assert.equal(entry.details.includes("secret-key"), false)
    }
  })

  describe("what a grant sees", () => {
    it("is its company and mode alone: all else is 404 by id", async () => {
      const { id } = await create(shop.caller, aBody(shop))
      const stranger = (await aShop(site)).caller
      const tester = await aCaller(site, { companyId: shop.companyId, mode: "test" })
      for (const caller of [stranger, tester]) {
        assert.deepEqual(await idsOf(caller), [])
        for (const answer of [
          await caller.get(`/webhooks/${id}`),
          await caller.patch(`/webhooks/${id}`, { name: "" }),
          await caller.delete(`/webhooks/${id}`),
          await caller.post(`/webhooks/${id}/roll-secret`, { window_hours: 2 }),
          await caller.post(`/webhooks/${id}/finish-roll`, {}),
          await caller.post(`/webhooks/${id}/clone`, {}),
        ]) {
          assert.equal(answer.status, 404, answer.text)
        }
      }
      assert.equal((await shop.caller.get("/webhooks/9999999999999999")).status, 404)
    })

    it("is, under chosen accounts, the webhooks whose accounts are all chosen", async () => {
      const { caller, companyId, first, second } = await aShop(site)
      const one = await create(caller, aBody({ first }))
      const other = await create(caller, aBody({ first: second }))
      const both = await create(caller, aBody({ first }, { bank_mode: "multi", bank_account_ids: [first, second] }))
      const all = await create(caller, aBody({ first }, { bank_mode: "all" }))
      const chosen = (bankAccountIds: number[]) => aCaller(site, { companyId, bankAccountIds })
      const third = await aBankAccount(site.context.db, { companyId })
      assert.deepEqual(await idsOf(caller), [all.id, both.id, other.id, one.id])
      assert.deepEqual(await idsOf(await chosen([first])), [one.id])
      assert.deepEqual(await idsOf(await chosen([second, first, third])), [both.id, other.id, one.id])
      assert.deepEqual(await idsOf(await chosen([])), [])
      for (const hidden of [other, both, all]) {
        assert.equal((await (await chosen([first])).get(`/webhooks/${hidden.id}`)).status, 404)
      }
    })

    it("is all that a body may name: other accounts are 400, and bank_mode all is 403", async () => {
      const { companyId, first, second, subsOfFirst, subOfSecond } = await aShop(site)
      const caller = await aCaller(site, { companyId, bankAccountIds: [first] })
      const hidden = await caller.post("/webhooks", aBody({ first: second }))
      assert.deepEqual(faultyFields(hidden), ["bank_account_id"])
      const multi = { bank_mode: "multi", bank_account_ids: [first, second] }
      assert.deepEqual(faultyFields(await caller.post("/webhooks", aBody({ first }, multi))), ["bank_account_ids"])
      const subs = { bank_sub_account_ids: [subsOfFirst[0], subOfSecond] }
      assert.deepEqual(faultyFields(await caller.post("/webhooks", aBody({ first }, subs))), ["bank_sub_account_ids"])

      const { id } = await create(caller, aBody({ first }))
      for (const answer of [
        await caller.post("/webhooks", { bank_mode: "all" }),
        await caller.patch(`/webhooks/${id}`, { bank_mode: "all", name: "" }),
      ]) {
        assert.deepEqual([answer.status, answer.json<{ error: string }>().error], [403, "forbidden"])
      }
      assert.equal((await read(caller, id)).bank_mode, "single")
    })

    it("never includes accounts of another company or mode in a body", async () => {
      const { db } = site.context
      const stranger = await aShop(site)
      const testAccount = await aBankAccount(db, { companyId: shop.companyId, mode: "test" })
      for (const id of [stranger.first, testAccount, Number.MAX_SAFE_INTEGER]) {
        const answer = await shop.caller.post("/webhooks", aBody(shop, { bank_account_id: id }))
        assert.deepEqual(faultyFields(answer), ["bank_account_id"])
      }
      const subs = { bank_mode: "all", bank_sub_account_ids: [stranger.subOfSecond] }
      const answer = await shop.caller.post("/webhooks", aBody(shop, subs))
      assert.deepEqual(faultyFields(answer), ["bank_sub_account_ids"])
    })
  })

  describe("the number of webhooks", () => {
    it("is limited by the operator's setting, however many arrive at once", async () => {
      const { caller, first } = await aShop(site)
      const answers = await Promise.all(Array.from({ length: 12 }, () => caller.post("/webhooks", aBody({ first }))))
      const refused = answers.filter(({ status }) => status !== 201)
      assert.equal(refused.length, 7)
      for (const answer of refused) assert.deepEqual(faultyFields(answer), ["body"])
      assert.equal((await idsOf(caller)).length, 5)
    })

    it("counts clones, and what was deleted no more", async () => {
      const { caller, first } = await aShop(site)
      const { id } = await create(caller, aBody({ first }))
      const answers = await Promise.all(Array.from({ length: 8 }, () => caller.post(`/webhooks/${id}/clone`, {})))
      assert.equal(answers.filter(({ status }) => status === 201).length, 4)
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        assert.deepEqual(faultyFields(answer), ["body"])
      }
      await caller.delete(`/webhooks/${id}`)
      await create(caller, aBody({ first }))
    })

    it("is 50 in test mode, apart from those of live mode", async () => {
      const { caller, first } = await aShop(site, "test")
      const url = { webhook_url: "http://shop.example/hook" }
      const answers = await Promise.all(
        Array.from({ length: 55 }, () => caller.post("/webhooks", aBody({ first }, url))),
      )
      assert.equal(answers.filter(({ status }) => status === 201).length, 50)
    })
  })
})
