import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import type { WebhookBody } from "../../src/webhooks/webhooks.wire.ts"
import { type ApiSite, startApiSite } from "../banking/api-site.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBody, aShop, create, faultyFields, type Shop } from "./webhooks-ground.ts"

const key = { authen_type: "Api_Key", api_key: "key" }
const hmac = { authen_type: "HMAC_SHA256" }
const oauth = {
  authen_type: "OAuth2.0",
  oauth2_access_token_url: "https://auth.example/token",
  oauth2_client_id: "id",
  oauth2_client_secret: "secret-of-the-shop",
}
const flags = [
  [0, false],
  [1, true],
  ["0", false],
  ["1", true],
  [true, true],
  [false, false],
] as const
const flagFields = [
  "is_verify_payment",
  "skip_if_no_code",
  "active",
  "only_va",
  "retry_wrong_body",
  "disable_on_410",
  "long_tail",
] as const
const many = (length: number, item: unknown = 1) => Array.from({ length }, () => item)

/** Fields that are sent, and what the answer then has. */
type Good = [sent: Record<string, unknown>, answered: Partial<WebhookBody>]
const goodValues: Good[] = [
  ...flagFields.flatMap((field) => flags.map(([sent, answered]): Good => [{ [field]: sent }, { [field]: answered }])),
  [{ name: "  Cửa hàng\u00a0 " }, { name: "Cửa hàng" }],
  [{ name: "𝒳".repeat(300) }, { name: "𝒳".repeat(300) }],
  [{ event_type: "In_only" }, { event_type: "In_only" }],
  [{ event_type: "Out_only" }, { event_type: "Out_only" }],
  [{ webhook_url: "https://shop.example" }, { webhook_url: "https://shop.example" }],
  [
    { webhook_url: "HTTPS://shop.example:8443/a%2Fb?x=1&&y" },
    { webhook_url: "HTTPS://shop.example:8443/a%2Fb?x=1&&y" },
  ],
  [{ webhook_url: `https://a.example/${"x".repeat(282)}` }, { webhook_url: `https://a.example/${"x".repeat(282)}` }],
  [{ prefix_filters: ["DH", "dh", "x".repeat(20)] }, { prefix_filters: ["DH", "dh", "x".repeat(20)] }],
  [{ prefix_filters: many(50, "A") as string[] }, { prefix_filters: many(50, "A") as string[] }],
  [{ retry_conditions: { non_2xx_status_code: 0 } }, { retry_conditions: { non_2xx_status_code: 0 } }],
  [{ retry_conditions: { non_2xx_status_code: "1" } }, { retry_conditions: { non_2xx_status_code: 1 } }],
  [{ retry_conditions: { other: "x" } }, { retry_conditions: { non_2xx_status_code: 0 } }],
  [{ retry_conditions: {} }, { retry_conditions: { non_2xx_status_code: 0 } }],
  [{ retry_conditions: [] }, { retry_conditions: { non_2xx_status_code: 0 } }],
  [{ retry_conditions: ["other"] }, { retry_conditions: { non_2xx_status_code: 0 } }],
  [{ retry_conditions: ["other", "non_2xx_status_code"] }, { retry_conditions: { non_2xx_status_code: 1 } }],
  [{ request_content_type: "multipart_form-data" }, { request_content_type: "multipart_form-data" }],
  [
    { request_content_type: "application_x-www-form-urlencoded" },
    { request_content_type: "application_x-www-form-urlencoded" },
  ],
  [{ alert_threshold: "20" }, { alert_threshold: 20 }],
  [{ alert_threshold: 1 }, { alert_threshold: 1 }],
  [{ alert_event_types: [] }, { alert_event_types: [] }],
  [{ alert_event_types: ["recovery", "recovery"] }, { alert_event_types: ["recovery"] }],
  [{ alert_channel_ids: [] }, { alert_channel_ids: [] }],
  [{ ...key, api_key: "x" }, { api_key: "x" }],
  [{ ...key, api_key: "~!".repeat(127) }, { api_key: "~!".repeat(127) }],
  [{ ...hmac, secret_key: "12345678" }, { secret_key: "12345678" }],
  [{ ...hmac, secret_key: "s".repeat(255) }, { secret_key: "s".repeat(255) }],
  [oauth, { ...oauth, oauth2_client_secret: "****shop" } as Partial<WebhookBody>],
  [{ ...oauth, oauth2_client_secret: "bé" }, { oauth2_client_secret: "****" }],
  // Ignored with this type, however wrong.
  [
    { api_key: "", secret_key: 7, oauth2_client_id: [], oauth2_access_token_url: "x" },
    { api_key: null, secret_key: null },
  ],
  [
    { ...key, secret_key: "short", oauth2_access_token_url: "ftp://x" },
    { secret_key: null, oauth2_access_token_url: null },
  ],
  [{ unknown: 1, id: 5, created_at: "x" }, {}],
]

const badValues: [sent: Record<string, unknown>, fields: string[]][] = [
  ...flagFields.flatMap((field): [Record<string, unknown>, string[]][] =>
    [2, -1, "", "yes", "true", [], {}].map((sent) => [{ [field]: sent }, [field]]),
  ),
  ...["name", "event_type", "webhook_url", "authen_type", "is_verify_payment"].map(
    (field): [Record<string, unknown>, string[]] => [{ [field]: null }, [field]],
  ),
  ...["", "  ", 12, [], {}, "x".repeat(301), "a\nb", "a\u0000b", "\ud800"].map(
    (name): [Record<string, unknown>, string[]] => [{ name }, ["name"]],
  ),
  ...["", "all", "In", 1, ["All"]].map((event_type): [Record<string, unknown>, string[]] => [
    { event_type },
    ["event_type"],
  ]),
  ...["", "Secret_Key", "OAuth2", "api_key", 0].map((authen_type): [Record<string, unknown>, string[]] => [
    { authen_type },
    ["authen_type"],
  ]),
  ...[
    "",
    "shop.example",
    "/hook",
    "http://shop.example/hook",
    "ftp://shop.example",
    "https://",
    "https://user@shop.example/",
    "https://shop.example/#top",
    "https://shop.example/a b",
    "https://shop.example/\u0000",
    "https://shop.example:22/",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://2130706434/",
    "https://[::1]/",
    "https://intranet/",
    "https://inside.example/hook",
    `https://a.example/${"x".repeat(283)}`,
    7,
    {},
  ].map((webhook_url): [Record<string, unknown>, string[]] => [{ webhook_url }, ["webhook_url"]]),
  [{ bank_mode: "both" }, ["bank_mode"]],
  [{ bank_account_id: "x" }, ["bank_account_id"]],
  [{ bank_account_id: 0 }, ["bank_account_id"]],
  [{ bank_account_id: 1.5 }, ["bank_account_id"]],
  [{ bank_account_id: null }, ["bank_account_id"]],
  [{ bank_account_id: "9007199254740992" }, ["bank_account_id"]],
  [{ bank_account_id: [], bank_account_ids: [1] }, ["bank_account_id"]],
  [{ bank_mode: "multi" }, ["bank_account_ids"]],
  [{ bank_mode: "multi", bank_account_ids: null }, ["bank_account_ids"]],
  [{ bank_mode: "multi", bank_account_ids: [] }, ["bank_account_ids"]],
  [{ bank_mode: "multi", bank_account_ids: "1" }, ["bank_account_ids"]],
  [{ bank_mode: "multi", bank_account_ids: many(101) }, ["bank_account_ids"]],
  [{ bank_mode: "multi", bank_account_ids: [1, "x", 1.5] }, ["bank_account_ids.1", "bank_account_ids.2"]],
  [{ only_va: 1, va_mode: "none" }, ["va_mode"]],
  [{ va_mode: "list" }, ["va_mode"]],
  [{ va_mode: "some" }, ["va_mode"]],
  [{ bank_sub_account_ids: "3" }, ["bank_sub_account_ids"]],
  [{ bank_sub_account_ids: [999_999] }, ["bank_sub_account_ids"]],
  [{ bank_sub_account_ids: many(1001) }, ["bank_sub_account_ids"]],
  // Ten say enough.
  [{ bank_sub_account_ids: many(1000, "x") }, [...Array(10).keys()].map((index) => `bank_sub_account_ids.${index}`)],
  [{ prefix_filters: "DH" }, ["prefix_filters"]],
  [{ prefix_filters: ["", "x".repeat(21), 5] }, ["prefix_filters.0", "prefix_filters.1", "prefix_filters.2"]],
  [{ prefix_filters: many(51, "A") }, ["prefix_filters"]],
  [{ retry_conditions: "non_2xx_status_code" }, ["retry_conditions"]],
  [{ retry_conditions: { non_2xx_status_code: 2 } }, ["retry_conditions"]],
  [{ retry_conditions: [1] }, ["retry_conditions"]],
  [{ request_content_type: "json" }, ["request_content_type"]],
  [{ authen_type: "Api_Key" }, ["api_key"]],
  [{ ...key, api_key: null }, ["api_key"]],
  [{ ...key, api_key: "" }, ["api_key"]],
  [{ ...key, api_key: "a b" }, ["api_key"]],
  [{ ...key, api_key: "é" }, ["api_key"]],
  [{ ...key, api_key: "k\n" }, ["api_key"]],
  [{ ...key, api_key: "k".repeat(256) }, ["api_key"]],
  [{ ...key, api_key: 12_345 }, ["api_key"]],
  [{ ...hmac, secret_key: "1234567" }, ["secret_key"]],
  [{ ...hmac, secret_key: "s".repeat(256) }, ["secret_key"]],
  [{ ...hmac, secret_key: "1234567 8" }, ["secret_key"]],
  [{ authen_type: "OAuth2.0" }, ["oauth2_access_token_url", "oauth2_client_id", "oauth2_client_secret"]],
  [{ ...oauth, oauth2_access_token_url: "https://10.1.1.1/" }, ["oauth2_access_token_url"]],
  [{ ...oauth, oauth2_access_token_url: "http://auth.example/" }, ["oauth2_access_token_url"]],
  [{ ...oauth, oauth2_client_id: "" }, ["oauth2_client_id"]],
  [{ ...oauth, oauth2_client_secret: "s".repeat(256) }, ["oauth2_client_secret"]],
  [{ alert_threshold: 0 }, ["alert_threshold"]],
  [{ alert_threshold: 21 }, ["alert_threshold"]],
  [{ alert_threshold: "3.0" }, ["alert_threshold"]],
  [{ alert_event_types: ["success"] }, ["alert_event_types.0"]],
  [{ alert_event_types: "failure" }, ["alert_event_types"]],
  [{ alert_channel_ids: [1] }, ["alert_channel_ids"]],
  [{ alert_channel_ids: "1" }, ["alert_channel_ids"]],
  // All at once, of fields and of the whole.
  [
    { name: "", webhook_url: "http://x.example", ...key, api_key: null, va_mode: "list", alert_threshold: 99 },
    ["alert_threshold", "api_key", "name", "va_mode", "webhook_url"],
  ],
  // Which credentials count is not known, so what is wrong with any of them is said.
  [{ authen_type: "?", api_key: "" }, ["api_key", "authen_type"]],
]

onEachEngine((engine) => {
  let site: ApiSite
  let shop: Shop
  before(async () => {
    site = await startApiSite(engine.databaseUrl(), {
      env: { WEBHOOK_LIMIT: "100000", OUTBOUND_ALLOW: "" },
      resolve: async (hostname) => [hostname === "inside.example" ? "192.168.1.10" : "93.184.216.34"],
    })
    shop = await aShop(site)
  })
  after(() => site.close())

  it("takes every good value in every spelling, and answers it in one", async () => {
    for (const [sent, answered] of goodValues) {
      const made = await create(shop.caller, aBody(shop, sent))
      for (const [field, value] of Object.entries(answered)) {
        assert.deepEqual(made[field as keyof WebhookBody], value, JSON.stringify(sent))
      }
    }
  })

  it("refuses every bad value by the name of its field, and no other", async () => {
    for (const [sent, fields] of badValues) {
      const answer = await shop.caller.post("/webhooks", aBody(shop, sent))
      const what = JSON.stringify(sent).slice(0, 200)
      assert.deepEqual(faultyFields(answer, what), fields.toSorted(), what)
    }
  })

  it("names all required fields at once for a body that has none", async () => {
    const required = ["authen_type", "bank_account_id", "event_type", "is_verify_payment", "name", "webhook_url"]
    const answer = await shop.caller.post("/webhooks", {})
    assert.deepEqual(faultyFields(answer), required)
    assert.match(answer.json<{ message: string }>().message, /^\w+ is required$/)
    assert.deepEqual(faultyFields(await shop.caller.send("/webhooks", { method: "POST" })), required)
  })

  it("counts a null as absent", async () => {
    const { caller } = shop
    const optional = ["skip_if_no_code", "active", "only_va", "bank_sub_account_ids", "va_mode", "prefix_filters"]
    const more = ["retry_conditions", "request_content_type", "alert_threshold", "alert_event_types", "bank_mode"]
    const others = ["alert_channel_ids", "retry_wrong_body", "disable_on_410", "long_tail", "accounts", "api_key"]
    const nulls = Object.fromEntries([...optional, ...more, ...others].map((field) => [field, null]))
    const [plain, withNulls] = [await create(caller, aBody(shop)), await create(caller, aBody(shop, nulls))]
    assert.deepEqual({ ...withNulls, id: plain.id }, plain)
    const generated = await create(caller, aBody(shop, { ...hmac, secret_key: null }))
    assert.match(generated.secret_key ?? "", /^whsec_[A-Za-z0-9+/]{43}=$/)
  })

  it("allows http in test mode, and private addresses in neither", async () => {
    const tester = await aShop(site, "test")
    await create(tester.caller, aBody(tester, { webhook_url: "http://shop.example/hook" }))
    for (const webhook_url of ["http://10.0.0.1/", "https://inside.example/"]) {
      assert.deepEqual(faultyFields(await tester.caller.post("/webhooks", aBody(tester, { webhook_url }))), [
        "webhook_url",
      ])
    }
  })

  describe("accounts and virtual accounts", () => {
    it("of each bank_mode are answered as the contract has them", async () => {
      const { caller, first, second, subsOfFirst, subOfSecond } = shop
      const modes: [Record<string, unknown>, Partial<WebhookBody>][] = [
        [
          { bank_account_id: String(first) },
          { bank_mode: "single", bank_account_id: first, bank_account_ids: [first] },
        ],
        [
          { bank_mode: "single", bank_account_ids: "ignored", accounts: 5 },
          { bank_account_ids: [first], accounts: [] },
        ],
        [
          { bank_account_id: undefined, bank_account_ids: [second, String(first), second] },
          { bank_mode: "multi", bank_account_id: second, bank_account_ids: [second, first] },
        ],
        [{ bank_account_ids: [second] }, { bank_mode: "single", bank_account_ids: [first] }],
        [
          { bank_mode: "multi", bank_account_id: "ignored", bank_account_ids: [first] },
          { bank_mode: "multi", bank_account_id: first },
        ],
        [
          { bank_mode: "all", bank_account_id: 0, bank_account_ids: [] },
          { bank_mode: "all", bank_account_id: 0, bank_account_ids: [] },
        ],
        [{ bank_sub_account_ids: subsOfFirst }, { va_mode: "list", bank_sub_account_ids: [...subsOfFirst] }],
        [{ bank_sub_account_ids: subsOfFirst, va_mode: "all" }, { va_mode: "all" }],
        [{ bank_sub_account_ids: [subsOfFirst[0], subsOfFirst[0]] }, { bank_sub_account_ids: [subsOfFirst[0] ?? 0] }],
        [{ va_mode: "none" }, { va_mode: "none", only_va: false }],
        [{ bank_mode: "all", bank_sub_account_ids: [subOfSecond] }, { va_mode: "list" }],
      ]
      for (const [sent, answered] of modes) {
        const made = await create(caller, aBody(shop, sent))
        for (const [field, value] of Object.entries(answered)) {
          assert.deepEqual(made[field as keyof WebhookBody], value, JSON.stringify(sent))
        }
      }
    })

    it("have filters of their own with multi, of which each is checked", async () => {
      const { caller, first, second, subsOfFirst, subOfSecond } = shop
      const multi = (accounts: unknown) =>
        aBody(shop, { bank_mode: "multi", bank_account_ids: [first, second], accounts })
      const entries = [
        { bank_account_id: String(second), bank_sub_account_ids: [subOfSecond], only_va: "1" },
        { bank_account_id: first, va_mode: "none", only_va: null, bank_sub_account_ids: null },
      ]
      assert.deepEqual((await create(caller, multi(entries))).accounts, [
        { bank_account_id: second, only_va: true, va_mode: "list", bank_sub_account_ids: [subOfSecond] },
        { bank_account_id: first, only_va: false, va_mode: "none", bank_sub_account_ids: [] },
      ])
      const one = { bank_account_id: first }
      for (const [accounts, fields] of [
        [{}, ["accounts"]],
        [[5], ["accounts.0"]],
        [[{}], ["accounts.0.bank_account_id"]],
        [[{ bank_account_id: 999_999 }], ["accounts.0.bank_account_id"]],
        [[one, one], ["accounts.1.bank_account_id"]],
        [[{ ...one, va_mode: "list" }], ["accounts.0.va_mode"]],
        [[{ ...one, va_mode: "none", only_va: true }], ["accounts.0.va_mode"]],
        [[{ ...one, bank_sub_account_ids: [subsOfFirst[0], subOfSecond] }], ["accounts.0.bank_sub_account_ids"]],
        [[one, { bank_account_id: second, only_va: 7 }], ["accounts.1.only_va"]],
        [many(101, one), ["accounts"]],
      ] as const) {
        const answer = await caller.post("/webhooks", multi(accounts))
        assert.deepEqual(faultyFields(answer, JSON.stringify(accounts).slice(0, 100)), fields)
      }
    })

    it("may be named in numbers beyond what a query has room for", async () => {
      const { caller, first } = shop
      const ids = Array.from({ length: 35 }, (_, entry) =>
        Array.from({ length: 1000 }, (_each, index) => 100_000 + entry * 1000 + index),
      )
      const accounts = ids.map((bank_sub_account_ids) => ({ bank_account_id: first, bank_sub_account_ids }))
      const answer = await caller.post(
        "/webhooks",
        aBody(shop, { bank_mode: "multi", bank_account_ids: [first], accounts }),
      )
      assert.equal(faultyFields(answer).filter((field) => field.endsWith("bank_sub_account_ids")).length, 35)
    })
  })

  it("never answers 5xx, whatever the JSON", async () => {
    const names = Object.keys(await create(shop.caller, aBody(shop)))
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom("single", "multi", "all", "list", "none", "Api_Key", "HMAC_SHA256", "OAuth2.0", shop.first, null),
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.array(fc.oneof(fc.integer(), fc.constant(shop.first)), { maxLength: 4 }),
    )
    const changes = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 8 })
    await fc.assert(
      fc.asyncProperty(changes, async (fields) => {
        const { status, text } = await shop.caller.post("/webhooks", aBody(shop, fields))
        assert(status === 201 || status === 400, `${status} ${text}`)
      }),
      { numRuns: 200 },
    )
  })
})
