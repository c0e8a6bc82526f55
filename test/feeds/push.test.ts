import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { after, afterEach, before, describe, it } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import fc from "fast-check"
import { transaction } from "../../src/database/engine.ts"
import { listFeeds, rollFeedSecret, setFeedActive } from "../../src/feeds/feed.ts"
import { type IngestedItem, ingestItems } from "../../src/feeds/ingest.ts"
import { readRawBody } from "../../src/feeds/raw-json.ts"
import type { BankAccountId, CompanyId, FeedId } from "../../src/ids.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  aCompany,
  aFeed,
  anAccount,
  anItem,
  aVirtualAccount,
  checkInvariants,
  dumpRecords,
  type FeedGround,
  openGround,
  post,
  rowsOf,
  type TestFeed,
} from "./feed-ground.ts"

describe("a raw body", () => {
  it("is cut into its items exactly as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 })), fc.nat(3), (items, indent) => {
        const body = readRawBody(Buffer.from(JSON.stringify({ x: [1], items, "items ": 2 }, null, indent)), "items")
        assert.ok(body.kind === "read" && body.items !== undefined)
        assert.deepEqual(
          body.items.map((item) => JSON.parse(item.text)),
          JSON.parse(JSON.stringify(items)),
        )
        assert.deepEqual(
          body.items.map((item) => item.value),
          JSON.parse(JSON.stringify(items)),
        )
      }),
    )
  })

  it("keeps spaces, escapes and the order of members of an item", () => {
    const item = '{ "b" : "\\u00e9\\"}]," ,"a":[ {} , [ ] ] ,"n": 1.0 }'
    const body = readRawBody(Buffer.from(`{"items": [ ${item} , 5 ]}`), "items")
    assert.ok(body.kind === "read")
    assert.deepEqual(
      body.items?.map((one) => one.text),
      [item, "5"],
    )
    assert.deepEqual([...(body.items?.[0]?.unwholeNumbers ?? [])], ["n"])
  })

  const bad: readonly (readonly [string, string | Uint8Array])[] = [
    ["nothing", ""],
    ["a torn object", '{"items":['],
    ["a member named twice", '{"items":[{"amount":1,"amount":2}]}'],
    ["a member named twice, once escaped", '{"items":[{"amount":1,"\\u0061mount":2}]}'],
    ["items named twice", '{"items":[],"items":[]}'],
    ["a byte order mark", "\ufeff{}"],
    ["a byte that is no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["seventeen levels", "[".repeat(17) + "]".repeat(17)],
    ["a hundred thousand levels", `{"items":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ]
  for (const [name, text] of bad) {
    it(`is refused with ${name}`, () => {
      assert.equal(readRawBody(Buffer.from(text), "items").kind, "invalid")
    })
  }
})

onEachEngine((engine) => {
  describe("POST /feeds/v1/transactions", () => {
    let ground: FeedGround
    let companyId: CompanyId
    let account: { readonly id: BankAccountId; readonly number: string }
    let feed: TestFeed
    before(async () => {
      ground = await openGround(engine.databaseUrl())
      companyId = await aCompany(ground.db)
      account = await anAccount(ground.db, companyId)
      feed = await aFeed(ground, companyId)
    })
    afterEach(() => checkInvariants(ground.db))
    after(() => ground.stop())

    it("records an item with its event, whose payload is the contract's J1 (webhooks.md §1)", async () => {
      const acb = await anAccount(ground.db, companyId, { number: "8812345678" })
      const item = anItem(acb, { description: "LE THI HOA chuyen khoan", balance_after: 7_849_000 })
      const { status, body } = await post(ground, feed, { items: [item] })
      assert.equal(status, 200)
      const [result] = body.data.results
      assert.deepEqual(body, {
        status: "success",
        data: {
          results: [
            {
              index: 0,
              source_id: item.source_id,
              result: "created",
              transaction_id: result.transaction_id,
              transaction_uuid: result.transaction_uuid,
            },
          ],
          counts: { created: 1 },
        },
      })
      const event = (await rowsOf(ground.db, "events")).find((row) => row["transaction_id"] === result.transaction_id)
      assert.equal(
        event?.["payload"],
        `{"id":${result.transaction_id},"gateway":"ACB","transactionDate":"2025-12-11 12:48:20","accountNumber":"8812345678","subAccount":"","code":"DH100245","content":"DH100245 tra tien hang","transferType":"in","description":"LE THI HOA chuyen khoan","transferAmount":349000,"accumulated":7849000,"referenceCode":"FT25345778812"}`,
      )
      assert.equal(event["silent"], 0)
      const raw = (await rowsOf(ground.db, "raw_items")).at(-1)
      assert.equal(Buffer.from(raw?.["content"] as Uint8Array).toString(), JSON.stringify(item))
    })

    it("signs as the contract's vector says (feeds.md §4)", () => {
      const body =
        '{"items":[{"source_id":"P-1","account_number":"8812345678","transfer_type":"in","amount":349000,"booked_at":"2025-12-11T12:48:20+07:00","content":"DH100245 tra tien hang","reference":"FT25345778812","balance_after":7849000}]}'
      const hex = createHmac("sha256", "fs_demo_5b2c7d90").update(`1765432100.${body}`).digest("hex")
      assert.equal(hex, "a10682babd02fe8e276fd4c70bc7d29921cb1ec935ee16b2ac72b1e2b78dda9d")
    })

    const now = () => Math.floor(ground.clock.now() / 1000)
    const wrongCalls: readonly (readonly [string, () => Parameters<typeof post>[3]])[] = [
      ["no feed id", () => ({ headers: { "x-feed-id": undefined } })],
      ["an unknown feed", () => ({ headers: { "x-feed-id": "999999" } })],
      ["a feed id that is no number", () => ({ headers: { "x-feed-id": "1 or 1=1" } })],
      ["no timestamp", () => ({ headers: { "x-feed-timestamp": undefined } })],
      ["no signature", () => ({ headers: { "x-feed-signature": undefined } })],
      ["a signature of another secret", () => ({ secret: "fs_other" })],
      ["a signature in capitals", () => ({ headers: { "x-feed-signature": `sha256=${"A".repeat(64)}` } })],
      ["a time 301 s ago", () => ({ timestamp: now() - 301 })],
      ["a time 301 s ahead", () => ({ timestamp: now() + 301 })],
      ["a time that was not signed", () => ({ headers: { "x-feed-timestamp": String(now() + 1) } })],
    ]
    it("answers every wrong signature alike, and changes nothing", async () => {
      const before = await dumpRecords(ground.db)
      const answers = []
      for (const [name, options] of wrongCalls) {
        const { status, text } = await post(ground, feed, { items: [anItem(account)] }, options())
        assert.equal(status, 401, name)
        answers.push(text)
      }
      assert.equal(new Set(answers).size, 1)
      assert.equal(JSON.parse(answers[0] ?? "").error, "unauthorized")
      assert.equal(await dumpRecords(ground.db), before)
    })

    it("takes a time up to 300 s off", async () => {
      for (const timestamp of [now() - 300, now() + 300]) {
        const { status } = await post(ground, feed, { items: [anItem(account)] }, { timestamp })
        assert.equal(status, 200)
      }
    })

    it("takes both secrets during a roll, and only the new one after it", async () => {
      const rolled = await aFeed(ground, companyId)
      const { keyring } = ground.context.config
      const roll = { companyId, actor: { kind: "operator" as const }, feedId: rolled.id as FeedId }
      const { secret } = await rollFeedSecret(ground.db, ground.clock.now(), keyring, roll)
      const call = (given: string) => post(ground, rolled, { items: [anItem(account)] }, { secret: given })
      assert.deepEqual([(await call(rolled.secret)).status, (await call(secret)).status], [200, 200])
      await assert.rejects(rollFeedSecret(ground.db, ground.clock.now(), keyring, roll), { reason: "conflict" })
      const foreign = { ...roll, companyId: (companyId + 1_000_000) as CompanyId }
      await assert.rejects(rollFeedSecret(ground.db, ground.clock.now(), keyring, foreign), { reason: "not_found" })
      ground.clock.advance({ hours: 24 })
      assert.deepEqual([(await call(rolled.secret)).status, (await call(secret)).status], [401, 200])
      ground.clock.advance({ hours: -24 })
      const sealed = (await rowsOf(ground.db, "feed_secrets")).map((row) => String(row["sealed_secret"]))
      assert.ok(sealed.every((text) => !text.includes("fs_")))
    })

    it("answers 403 to a feed that is switched off, 401 to one that is not of its kind", async () => {
      const off = await aFeed(ground, companyId)
      const feedId = off.id as FeedId
      const actor = { kind: "operator" } as const
      await setFeedActive(ground.db, ground.clock.now(), { companyId, actor, feedId, active: false })
      const answer = await post(ground, off, { items: [anItem(account)] })
      assert.deepEqual([answer.status, answer.body.error], [403, "feed_inactive"])
      const simulator = await aFeed(ground, companyId, { kind: "simulator", test: true })
      assert.equal((await post(ground, simulator, { items: [anItem(account)] })).status, 401)
    })

    const wrongBodies: readonly (readonly [string, unknown, number, string])[] = [
      ["no JSON", "{", 400, "invalid_json"],
      ["a repeated member", '{"items":[{"amount":1,"amount":2}]}', 400, "invalid_json"],
      ["no items", {}, 422, "invalid_batch"],
      ["an array", [], 422, "invalid_batch"],
      ["0 items", { items: [] }, 422, "invalid_batch"],
      ["501 items", { items: Array.from({ length: 501 }, () => 0) }, 422, "invalid_batch"],
      ["over 1 MiB", `{"items":["${"x".repeat(1024 * 1024)}"]}`, 413, "too_large"],
    ]
    for (const [name, body, status, error] of wrongBodies) {
      it(`refuses a body with ${name} as a whole`, async () => {
        const before = await dumpRecords(ground.db)
        const answer = await post(ground, feed, body)
        assert.deepEqual([answer.status, answer.body.status, answer.body.error], [status, "error", error])
        assert.deepEqual(answer.body.messages, { error: answer.body.message })
        assert.equal(await dumpRecords(ground.db), before)
      })
    }

    it("limits a feed's calls", async () => {
      const limited = await openGround(engine.databaseUrl(), { RATE_LIMIT_FEED: "1/s,2" })
      try {
        const statuses = []
        for (let call = 0; call < 3; call++) statuses.push((await post(limited, feed, {})).status)
        assert.deepEqual(statuses, [422, 422, 429])
        assert.equal((await post(limited, feed, {})).headers["retry-after"], "1")
        assert.equal((await post(limited, feed, {}, { secret: "wrong" })).status, 401)
      } finally {
        await limited.stop()
      }
    })

    it("takes 500 items in the order of the array", async () => {
      const busy = await anAccount(ground.db, companyId)
      const items = Array.from({ length: 500 }, (_, index) => anItem(busy, { amount: index + 1 }))
      const { body } = await post(ground, feed, { items })
      assert.deepEqual(body.data.counts, { created: 500 })
      const ids: number[] = body.data.results.map((result: { transaction_id: number }) => result.transaction_id)
      assert.deepEqual(
        ids,
        ids.toSorted((a, b) => a - b),
      )
    })

    it("answers the same batch with the same ids, twenty times at once", async () => {
      const parallel = await anAccount(ground.db, companyId)
      const items = Array.from({ length: 10 }, () => anItem(parallel, { content: "twins are two" }))
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(ground, feed, { items })))
      const idsOf = (answer: (typeof answers)[number]) =>
        answer.body.data.results.map((result: { transaction_id: number }) => result.transaction_id)
      for (const answer of answers) assert.deepEqual(idsOf(answer), idsOf(answers[0] as (typeof answers)[number]))
      const results = answers.flatMap((answer) => answer.body.data.results.map((one: { result: string }) => one.result))
      assert.equal(results.filter((result) => result === "created").length, 10)
      assert.equal(results.filter((result) => result === "duplicate").length, 190)
    })

    it("records one of two items that name one identity and different accounts at once", async () => {
      const accounts = await Promise.all(Array.from({ length: 8 }, () => anAccount(ground.db, companyId)))
      const source_id = "the-same"
      const answers = await Promise.all(
        accounts.map((one) => post(ground, feed, { items: [anItem(one, { source_id })] })),
      )
      const results = answers.map((answer) => answer.body.data.results[0].result).sort()
      assert.deepEqual(results, [...Array.from({ length: 7 }, () => "conflict"), "created"])
    })

    it("books a pending item once, though it is booked for different accounts at once", async () => {
      const accounts = await Promise.all(Array.from({ length: 8 }, () => anAccount(ground.db, companyId)))
      const pending = anItem(accounts[0] ?? account, { status: "pending" })
      await post(ground, feed, { items: [pending] })
      const answers = await Promise.all(
        accounts.map(({ number }) =>
          post(ground, feed, { items: [{ ...pending, account_number: number, status: "booked" }] }),
        ),
      )
      const results = answers.map((answer) => answer.body.data.results[0].result).sort()
      assert.deepEqual(results, [...Array.from({ length: 7 }, () => "conflict"), "created"])
      await checkInvariants(ground.db)
    })

    const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
      ["no source_id", { source_id: undefined }, "invalid_source_id"],
      ["a source_id with a space", { source_id: "a b" }, "invalid_source_id"],
      ["a source_id of 129 characters", { source_id: "x".repeat(129) }, "invalid_source_id"],
      ["an account number that is a number", { account_number: 8812345678 }, "invalid_account_number"],
      ["an unknown account", { account_number: "000" }, "unknown_account"],
      ["another bank's account", { bank: "MBBank" }, "unknown_account"],
      ["no direction", { transfer_type: "IN" }, "invalid_transfer_type"],
      ["a text as amount", { amount: "349000" }, "invalid_amount"],
      ["a fraction", { amount: 349000.5 }, "invalid_amount"],
      ["a negative amount", { amount: -1 }, "invalid_amount"],
      ["2^53", { amount: 2 ** 53 }, "invalid_amount"],
      ["no time", { booked_at: undefined }, "invalid_time"],
      ["a day that is none", { booked_at: "2025-02-29" }, "invalid_time"],
      ["a time over 24 h ahead", { booked_at: "2025-12-12T06:00:01Z" }, "invalid_time"],
      ["a content of 1001 characters", { content: "x".repeat(1001) }, "invalid_text"],
      ["half a character", { content: "\ud800" }, "invalid_text"],
      ["U+0000", { content: "a\0b" }, "invalid_text"],
      ["a reference of 129 characters", { reference: "x".repeat(129) }, "invalid_text"],
      ["a balance as text", { balance_after: "1" }, "invalid_balance"],
      ["another currency", { currency: "USD" }, "currency_mismatch"],
      ["an unknown status", { status: "done" }, "invalid_status"],
      ["an unknown kind", { kind: "joke" }, "invalid_kind"],
      ["a correction of nothing", { kind: "correction" }, "invalid_refers_to"],
      ["a removal of an unknown item", { kind: "removal", refers_to: "never" }, "unknown_original"],
    ]
    it("refuses wrong items one by one, each with its reason, and keeps their bytes once", async () => {
      const before = await dumpRecords(ground.db)
      const items = refused.map(([, fields]) => anItem(account, fields))
      const { status, body } = await post(ground, feed, { items })
      assert.equal(status, 200)
      for (const [index, [name, , reason]] of refused.entries()) {
        const result = body.data.results[index]
        assert.deepEqual([result.result, result.reason, typeof result.message], ["refused", reason, "string"], name)
      }
      assert.equal(await dumpRecords(ground.db), before)
      const raw = (await rowsOf(ground.db, "raw_items")).length
      assert.deepEqual((await post(ground, feed, { items })).body, body)
      assert.equal((await rowsOf(ground.db, "raw_items")).length, raw)
    })

    it("refuses a number written as a fraction, however whole", async () => {
      const text = JSON.stringify({ items: [anItem(account), anItem(account)] })
      const { body } = await post(ground, feed, text.replace('"amount":349000', '"amount":349000.0'))
      assert.deepEqual(
        body.data.results.map((result: { reason?: string }) => result.reason),
        ["invalid_amount", undefined],
      )
    })

    it("ignores an amount of 0, and items that are no objects stand alone", async () => {
      const { body } = await post(ground, feed, {
        items: [anItem(account, { amount: 0 }), 5, null, [], anItem(account)],
      })
      assert.deepEqual(
        body.data.results.map((one: { result: string; reason?: string }) => [one.result, one.reason]),
        [
          ["ignored", "zero_amount"],
          ["refused", "invalid_item"],
          ["refused", "invalid_item"],
          ["refused", "invalid_item"],
          ["created", undefined],
        ],
      )
    })

    it("finds accounts by bare number, by bank, by VA, and never beyond mode, list or activity", async () => {
      const zeros = await anAccount(ground.db, companyId, { number: "0011002233445" })
      const [acb, vietcombank] = [
        await anAccount(ground.db, companyId, { number: "777000111", bank: "ACB" }),
        await anAccount(ground.db, companyId, { number: "777000111", bank: "Vietcombank" }),
      ]
      const official = await anAccount(ground.db, companyId)
      await aVirtualAccount(ground.db, official.id, { number: "VCB0011MAU001" })
      await aVirtualAccount(ground.db, official.id, { number: "TKP001" })
      const off = await anAccount(ground.db, companyId, { active: 0 })
      const test = await anAccount(ground.db, companyId, { mode: "test" })
      const { body } = await post(ground, feed, {
        items: [
          anItem({ number: "00110-0223 3445" }),
          anItem({ number: "11002233445" }),
          anItem(acb),
          anItem(acb, { bank: "970436" }),
          anItem({ number: "vcb0011mau001" }),
          anItem(official, { va_number: "VCB0011MAU001" }),
          anItem(official, { content: "TKP001DH100245 chuyen" }),
          anItem(off),
          anItem(test),
        ],
      })
      const results = body.data.results as { reason?: string; transaction_id?: number }[]
      const transactions = await rowsOf(ground.db, "transactions")
      const found = results.map(({ reason, transaction_id }) => {
        const row = transactions.find(({ id }) => id === transaction_id)
        return reason ?? [row?.["bank_account_id"], row?.["sub_account_number"], row?.["code"]]
      })
      assert.deepEqual(found, [
        [zeros.id, null, "DH100245"],
        "unknown_account",
        "ambiguous_account",
        [vietcombank.id, null, "DH100245"],
        [official.id, "VCB0011MAU001", "DH100245"],
        [official.id, "VCB0011MAU001", "DH100245"],
        [official.id, "TKP001", "DH100245"],
        "account_inactive",
        "unknown_account",
      ])
      const narrow = await aFeed(ground, companyId, { accounts: [zeros.id] })
      const answer = await post(ground, narrow, { items: [anItem(zeros), anItem(official)] })
      assert.deepEqual(
        answer.body.data.results.map((result: { reason?: string }) => result.reason),
        [undefined, "account_not_allowed"],
      )
    })

    it("answers busy, and stores nothing, while an import holds the account", async () => {
      const held = await anAccount(ground.db, companyId)
      const item = anItem(held)
      const body = readRawBody(Buffer.from(JSON.stringify({ items: [item, anItem(held)] })), "items")
      const source = (await listFeeds(ground.db, companyId)).find(({ id }) => id === feed.id)
      assert.ok(body.kind === "read" && body.items !== undefined && source !== undefined)
      let ingested: Promise<readonly IngestedItem[]> | undefined
      await transaction(ground.db, async (tx) => {
        await tx.selectFrom("bank_accounts").select("id").where("id", "=", held.id).forUpdate().execute()
        ingested = ingestItems(ground.db, ground.clock.now(), source, body.items ?? [], 50)
        await sleep(200)
      })
      assert.deepEqual(
        (await ingested)?.map(({ result }) => result.kind),
        ["busy", "busy"],
      )
      assert.equal((await post(ground, feed, { items: [item] })).body.data.results[0].result, "created")
    })

    it("notes once a minute that the feed was seen", async () => {
      const seen = async () => (await rowsOf(ground.db, "feeds")).find(({ id }) => id === feed.id)?.["last_seen_at"]
      ground.clock.advance({ minutes: 2 })
      await post(ground, feed, {})
      const first = await seen()
      ground.clock.advance({ seconds: 59 })
      await post(ground, feed, {})
      assert.equal(await seen(), first)
      ground.clock.advance({ seconds: 2 })
      await post(ground, feed, {})
      assert.equal(await seen(), (first as number) + 61_000)
    })

    it("answers other methods and paths in its own form", async () => {
      const get = await ground.app.inject({ method: "GET", url: "/feeds/v1/transactions" })
      assert.deepEqual([get.statusCode, get.json().error, get.headers["allow"]], [405, "method_not_allowed", "POST"])
      const unknown = await ground.app.inject({ method: "POST", url: "/feeds/v1/nothing" })
      assert.deepEqual([unknown.statusCode, unknown.json().error], [404, "not_found"])
    })
  })
})
