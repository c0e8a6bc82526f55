import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import type { WebhookBody } from "../../src/webhooks/webhooks.wire.ts"
import { type ApiSite, aCaller, startApiSite } from "../banking/api-site.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBody, aShop, auditOf, change, create, faultyFields, read, type Shop, versionOf } from "./webhooks-ground.ts"

const key = { authen_type: "Api_Key", api_key: "0123456789abcdef" }
const hmac = { authen_type: "HMAC_SHA256", secret_key: "secret-of-the-shop" }
const oauth = {
  authen_type: "OAuth2.0",
  oauth2_access_token_url: "https://auth.example/token",
  oauth2_client_id: "id",
  oauth2_client_secret: "secret-of-the-client",
}
const noAuthentication = {
  api_key: null,
  secret_key: null,
  oauth2_access_token_url: null,
  oauth2_client_id: null,
  oauth2_client_secret: null,
}

type Fields = Record<string, unknown>
type Answered = Partial<WebhookBody>

onEachEngine((engine) => {
  let site: ApiSite
  let shop: Shop
  let names: string[]
  before(async () => {
    site = await startApiSite(engine.databaseUrl(), {
      env: { WEBHOOK_LIMIT: "100000", OUTBOUND_ALLOW: "" },
      resolve: async () => names,
    })
    names = ["93.184.216.34"]
    shop = await aShop(site)
  })
  after(() => site.close())

  /** Creates a webhook, changes it, and compares what the answer and a read after it have. */
  async function checkChange(made: Fields, sent: Fields, answered: Answered): Promise<void> {
    const what = `${JSON.stringify(made)} + ${JSON.stringify(sent)}`
    const before = await create(shop.caller, aBody(shop, made))
    const changed = await change(shop.caller, before.id, sent)
    for (const [field, value] of Object.entries(answered)) {
      assert.deepEqual(changed[field as keyof WebhookBody], value, `${field}: ${what}`)
    }
    assert.deepEqual({ ...(await read(shop.caller, before.id)), secret_key: changed.secret_key }, changed, what)
  }

  async function checkRefusal(made: Fields, sent: Fields, fields: string[]): Promise<void> {
    const before = await create(shop.caller, aBody(shop, made))
    const shown = await read(shop.caller, before.id)
    const answer = await shop.caller.patch(`/webhooks/${before.id}`, sent)
    assert.deepEqual(faultyFields(answer, JSON.stringify(sent)), fields, JSON.stringify(sent))
    assert.deepEqual(await read(shop.caller, before.id), shown)
  }

  it("changes what is named and keeps the rest, under a new version and with an audit entry", async () => {
    const before = await create(shop.caller, aBody(shop, { ...key, prefix_filters: ["DH"], skip_if_no_code: 1 }))
    const changed = await change(shop.caller, before.id, { name: " New ", retry_conditions: [], long_tail: "1" })
    const expected = { ...before, name: "New", retry_conditions: { non_2xx_status_code: 0 as const }, long_tail: true }
    assert.deepEqual(changed, expected)
    assert.equal(await versionOf(site, before.id), 2)
    assert.equal(
      (await auditOf(site, before.id)).at(-1)?.details,
      '{"name":"New","changed":["name","retryNon2xx","longTail"]}',
    )
  })

  it("changes nothing for a body without a known field, or without anything new", async () => {
    const before = await create(shop.caller, aBody(shop, key))
    for (const body of [{}, { other: 1, id: 9, created_at: "x" }, { name: before.name, api_key: key.api_key }]) {
      assert.deepEqual(await change(shop.caller, before.id, body), before)
    }
    assert.equal((await shop.caller.send(`/webhooks/${before.id}`, { method: "PATCH" })).status, 200)
    assert.equal(await versionOf(site, before.id), 1)
    assert.equal((await auditOf(site, before.id)).length, 1)
  })

  it("sets an optional field to its default by null, and refuses null for a required one", async () => {
    const made = {
      skip_if_no_code: 1,
      active: 0,
      prefix_filters: ["A"],
      retry_conditions: [],
      request_content_type: "multipart_form-data",
      alert_threshold: 9,
      alert_event_types: [],
      retry_wrong_body: 1,
      disable_on_410: 0,
      long_tail: 1,
      only_va: 1,
    }
    const byDefault = await create(shop.caller, aBody(shop))
    const { id } = await create(shop.caller, aBody(shop, made))
    const nulls = Object.fromEntries(Object.keys(made).map((field) => [field, null]))
    assert.deepEqual(await change(shop.caller, id, nulls), { ...byDefault, id })
    const required = ["authen_type", "event_type", "is_verify_payment", "name", "webhook_url"]
    await checkRefusal({}, Object.fromEntries(required.map((field) => [field, null])), required)
  })

  it("names every bad field at once, after looking for the webhook itself", async () => {
    const sent = { name: "", webhook_url: "x", alert_threshold: 0, va_mode: "list" }
    await checkRefusal({}, sent, ["alert_threshold", "name", "va_mode", "webhook_url"])
    assert.equal((await shop.caller.patch("/webhooks/999999", sent)).status, 404)
  })

  it("switches on or off only when active is in the body, and forgets why it was off", async () => {
    const { db } = site.context
    const { id } = await create(shop.caller, aBody(shop))
    const off = { active: 0, off_reason: "gone" }
    await db.engine.transaction(async (tx) => {
      await tx.updateTable("webhooks").set(off).where("id", "=", id).execute()
    })
    const reasonOf = async () => {
      const query = db.selectFrom("webhooks").select("off_reason").where("id", "=", id)
      return (await query.executeTakeFirstOrThrow()).off_reason
    }
    assert.equal((await change(shop.caller, id, { name: "Still off" })).active, false)
    assert.equal((await change(shop.caller, id, { active: false })).active, false)
    assert.equal(await reasonOf(), "gone")
    assert.equal((await change(shop.caller, id, { active: "1" })).active, true)
    assert.equal(await reasonOf(), null)
  })

  it("asks the guard about a URL only when it is another one", async () => {
    const { id, webhook_url } = await create(shop.caller, aBody(shop, oauth))
    names = ["10.0.0.1"]
    try {
      await change(shop.caller, id, { webhook_url, ...oauth, active: 0 })
      const url = "https://elsewhere.example/"
      const answer = await shop.caller.patch(`/webhooks/${id}`, { webhook_url: url, oauth2_access_token_url: url })
      assert.deepEqual(faultyFields(answer), ["oauth2_access_token_url", "webhook_url"])
    } finally {
      names = ["93.184.216.34"]
    }
  })

  describe("accounts (the case table of contract/api.md §8)", () => {
    it("become single or multi by what is sent", async () => {
      const { first, second } = shop
      const multi = { bank_mode: "multi", bank_account_ids: [first, second] }
      const cases: [Fields, Fields, Answered][] = [
        [{}, { bank_account_id: second }, { bank_mode: "single", bank_account_id: second }],
        [{}, { bank_account_ids: [second] }, { bank_mode: "multi", bank_account_ids: [second] }],
        [multi, { bank_account_id: second }, { bank_mode: "single", bank_account_ids: [second] }],
        [
          multi,
          { bank_account_id: second, bank_account_ids: [first] },
          { bank_mode: "single", bank_account_id: second },
        ],
        [multi, { bank_account_ids: [second] }, { bank_mode: "multi", bank_account_ids: [second] }],
        [multi, { bank_mode: "single" }, { bank_mode: "single", bank_account_ids: [first] }],
        [multi, { bank_mode: null }, { bank_mode: "single", bank_account_ids: [first] }],
        [multi, { bank_mode: null, bank_account_ids: [second] }, { bank_mode: "multi", bank_account_ids: [second] }],
        [multi, { bank_mode: "all" }, { bank_mode: "all", bank_account_id: 0, bank_account_ids: [] }],
        [{}, { bank_mode: "multi" }, { bank_mode: "multi", bank_account_ids: [first] }],
        [{ bank_mode: "all" }, { bank_account_id: second }, { bank_mode: "single", bank_account_id: second }],
      ]
      for (const [made, sent, answered] of cases) await checkChange(made, sent, answered)
      await checkRefusal({ bank_mode: "all" }, { bank_mode: "single" }, ["bank_account_id"])
      await checkRefusal({ bank_mode: "all" }, { bank_mode: "multi" }, ["bank_account_ids"])
      await checkRefusal({ bank_mode: "all" }, { bank_account_id: 0 }, ["bank_account_id"])
      await checkRefusal({}, { bank_account_id: null }, ["bank_account_id"])
      await checkRefusal(multi, { bank_account_ids: null }, ["bank_account_ids"])
      await checkRefusal(multi, { bank_account_ids: [first, 999_999] }, ["bank_account_ids"])
    })

    it("that go take their sub-accounts and entries along", async () => {
      const { first, second, subsOfFirst, subOfSecond } = shop
      const [sub = 0] = subsOfFirst
      const listed = { bank_sub_account_ids: [sub] }
      const entries = [
        { bank_account_id: first, only_va: false, va_mode: "list" as const, bank_sub_account_ids: [sub] },
        { bank_account_id: second, only_va: true, va_mode: "all" as const, bank_sub_account_ids: [] },
      ]
      const multi = { bank_mode: "multi", bank_account_ids: [first, second], bank_sub_account_ids: [sub, subOfSecond] }
      const none: Answered = { va_mode: "all", bank_sub_account_ids: [] }
      const cases: [Fields, Fields, Answered][] = [
        [listed, { bank_account_id: second }, none],
        [listed, { bank_account_id: first }, { va_mode: "list", bank_sub_account_ids: [sub] }],
        [listed, { bank_mode: "all" }, { va_mode: "list", bank_sub_account_ids: [sub] }],
        [listed, { bank_account_id: second, bank_sub_account_ids: [subOfSecond] }, { va_mode: "list" }],
        [multi, { bank_account_ids: [second] }, { va_mode: "list", bank_sub_account_ids: [subOfSecond] }],
        [{ ...multi, accounts: entries }, { bank_account_ids: [second] }, { accounts: entries.slice(1) }],
        [{ ...multi, accounts: entries }, { bank_account_id: second }, { accounts: [] }],
        [{ ...multi, accounts: entries }, { name: "Same" }, { accounts: entries }],
        [{ ...multi, accounts: entries }, { accounts: null }, { accounts: [] }],
        [listed, { va_mode: "none" }, { va_mode: "none", bank_sub_account_ids: [sub] }],
        [{ ...listed, va_mode: "none" }, { bank_account_id: second }, { va_mode: "none", bank_sub_account_ids: [] }],
      ]
      for (const [made, sent, answered] of cases) await checkChange(made, sent, answered)
      await checkRefusal(listed, { bank_account_id: second, ...listed }, ["bank_sub_account_ids"])
      await checkRefusal(listed, { bank_account_id: second, va_mode: "list" }, ["va_mode"])
      const gone = { bank_account_ids: [second], accounts: entries }
      await checkRefusal(multi, gone, ["accounts.0.bank_account_id"])
    })

    it("have a va_mode by the default rule when sub-accounts are sent without one", async () => {
      const { subsOfFirst } = shop
      const listed = { bank_sub_account_ids: subsOfFirst }
      await checkChange({}, listed, { va_mode: "list" })
      await checkChange({ va_mode: "none" }, listed, { va_mode: "list" })
      await checkChange(listed, { bank_sub_account_ids: [] }, { va_mode: "all" })
      await checkChange(listed, { bank_sub_account_ids: null }, { va_mode: "all" })
      await checkChange({ ...listed, va_mode: "none" }, { va_mode: null }, { va_mode: "list" })
      await checkChange(listed, { va_mode: "all" }, { va_mode: "all", bank_sub_account_ids: [...subsOfFirst] })
      await checkRefusal(listed, { bank_sub_account_ids: [], va_mode: "list" }, ["va_mode"])
      await checkRefusal({ va_mode: "none" }, { only_va: 1 }, ["va_mode"])
    })
  })

  describe("credentials", () => {
    it("of the old type are erased, those of the new one must be there", async () => {
      const { id } = await create(shop.caller, aBody(shop, key))
      const missing = async (authen_type: string, fields: string[], more: Fields = {}) => {
        const answer = await shop.caller.patch(`/webhooks/${id}`, { authen_type, ...more })
        assert.deepEqual(faultyFields(answer), fields)
      }
      await missing("OAuth2.0", ["oauth2_access_token_url", "oauth2_client_id", "oauth2_client_secret"])
      await missing("OAuth2.0", ["oauth2_client_secret"], { ...oauth, oauth2_client_secret: null })
      const token = await change(shop.caller, id, oauth)
      assert.deepEqual(token, { ...token, ...noAuthentication, ...oauth, oauth2_client_secret: "****ient" })
      await missing("Api_Key", ["api_key"])
      const signed = await change(shop.caller, id, { authen_type: "HMAC_SHA256" })
      assert.match(signed.secret_key ?? "", /^whsec_/)
      assert.deepEqual({ ...signed, secret_key: null }, { ...signed, ...noAuthentication })
      assert.deepEqual(await change(shop.caller, id, { authen_type: "No_Authen" }), {
        ...signed,
        ...noAuthentication,
        authen_type: "No_Authen",
      })
      const row = await site.context.db
        .selectFrom("webhooks")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirstOrThrow()
      assert.deepEqual(
        [row.sealed_api_key, row.api_key_hash, row.sealed_secret, row.sealed_oauth2_client_secret],
        [null, null, null, null],
      )
    })

    it("are kept when they are not sent, sent as null, masked or sent for another type", async () => {
      for (const [made, sent] of [
        [key, { api_key: null }],
        [key, { api_key: "****cdef" }],
        [key, { api_key: "****zzzz", secret_key: "some-other-secret" }],
        [hmac, { secret_key: "****shop", api_key: "x" }],
        [hmac, { authen_type: "HMAC_SHA256", secret_key: null }],
        [oauth, { oauth2_client_secret: "****ient", oauth2_client_id: null }],
        [oauth, { oauth2_client_secret: "****" }],
      ] as const) {
        const { id } = await create(shop.caller, aBody(shop, made))
        const before = await read(shop.caller, id)
        assert.deepEqual(await change(shop.caller, id, { ...sent, name: "Other" }), { ...before, name: "Other" })
      }
    })

    it("are shown in clear or masked by who asks and what was set", async () => {
      const { companyId, first, caller: reader } = await aShop(site)
      const writer = await aCaller(site, { companyId, scopes: ["webhook:write"] })
      const written = await create(writer, aBody({ first }, key))
      assert.equal(written.api_key, key.api_key)
      assert.equal((await read(reader, written.id)).api_key, key.api_key)
      assert.equal((await change(writer, written.id, { name: "A" })).api_key, "****cdef")
      assert.equal((await change(writer, written.id, { api_key: "****cdef" })).api_key, "****cdef")
      assert.equal((await change(writer, written.id, { api_key: key.api_key })).api_key, key.api_key)
      assert.equal((await change(reader, written.id, { name: "B" })).api_key, key.api_key)

      const secret = await create(writer, aBody({ first }, hmac))
      assert.equal(secret.secret_key, hmac.secret_key)
      assert.equal((await read(reader, secret.id)).secret_key, "****shop")
      assert.equal((await change(reader, secret.id, { name: "A" })).secret_key, "****shop")
      assert.equal((await change(reader, secret.id, { secret_key: "another-secret" })).secret_key, "another-secret")

      const token = await create(reader, aBody({ first }, oauth))
      assert.equal(token.oauth2_client_secret, "****ient")
      const short = await change(reader, token.id, { oauth2_client_secret: "1234" })
      assert.equal(short.oauth2_client_secret, "****", "four characters are the whole secret")
    })

    it("are stored sealed, each for its own purpose", async () => {
      for (const [made, secret] of [
        [key, key.api_key],
        [hmac, hmac.secret_key],
        [oauth, oauth.oauth2_client_secret],
      ] as const) {
        const { id } = await create(shop.caller, aBody(shop, made))
        const query = site.context.db.selectFrom("webhooks").selectAll().where("id", "=", id)
        assert.equal(JSON.stringify(await query.executeTakeFirstOrThrow()).includes(secret), false)
      }
    })
  })

  it("takes back a whole object that was read, and changes nothing by it", async () => {
    const { caller, first, second, subsOfFirst, subOfSecond } = shop
    const accounts = fc.oneof(
      fc.record({ bank_account_id: fc.constantFrom(first, second) }),
      fc.record({ bank_mode: fc.constant("all"), bank_sub_account_ids: fc.subarray([...subsOfFirst, subOfSecond]) }),
      fc.record({
        bank_mode: fc.constant("multi"),
        bank_account_ids: fc.subarray([first, second], { minLength: 1 }),
        accounts: fc.constantFrom([], null),
      }),
      fc.record({
        bank_mode: fc.constant("multi"),
        bank_account_ids: fc.constant([second, first]),
        accounts: fc.tuple(fc.record({ bank_account_id: fc.constant(first), only_va: fc.boolean() })),
      }),
    )
    const options = fc.record({
      name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).map((text) => `x${text}`),
      event_type: fc.constantFrom("All", "In_only", "Out_only"),
      active: fc.boolean(),
      skip_if_no_code: fc.boolean(),
      prefix_filters: fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 3 }),
      retry_conditions: fc.constantFrom({}, [], null, ["non_2xx_status_code"]),
      alert_threshold: fc.integer({ min: 1, max: 20 }),
      alert_event_types: fc.subarray(["failure", "recovery"]),
      va_mode: fc.constantFrom("all", null),
    })
    const authentication = fc.constantFrom({}, key, hmac, oauth)
    await fc.assert(
      fc.asyncProperty(accounts, options, authentication, async (one, other, third) => {
        const { id } = await create(caller, aBody(shop, { ...one, ...other, ...third }))
        const shown = await read(caller, id)
        assert.deepEqual(await change(caller, id, shown), shown)
        assert.equal(await versionOf(site, id), 1)
      }),
      { numRuns: 60 },
    )
  })

  it("loses no change when several are made at once", async () => {
    const { id } = await create(shop.caller, aBody(shop))
    const fields = ["skip_if_no_code", "only_va", "retry_wrong_body", "long_tail", "is_verify_payment"]
    await Promise.all(fields.map((field) => change(shop.caller, id, { [field]: 1 })))
    const after = (await read(shop.caller, id)) as Record<string, unknown>
    assert.deepEqual(
      fields.map((field) => after[field]),
      fields.map(() => true),
    )
    assert.equal(await versionOf(site, id), 1 + fields.length)
  })
})
