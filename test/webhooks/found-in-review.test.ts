import assert from "node:assert/strict"
import type { ServerResponse } from "node:http"
import { after, before, describe, it } from "node:test"
import { importStatement } from "../../src/feeds/import-statement.ts"
import type { BankAccountId } from "../../src/ids.ts"
import { sepaySignature } from "../../src/webhooks/signature.ts"
import { mt940, opened } from "../feeds/made-statement.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount } from "../support/make.ts"
import { answerSuccess, answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

onEachEngine((engine) => {
  let ground: DeliveryGround
  let clock: FakeClock
  const receivers: Receiver[] = []
  const aReceiver = async () => {
    const receiver = await startReceiver()
    receivers.push(receiver)
    return receiver
  }
  before(async () => {
    clock = makeFakeClock()
    ground = await startDeliveryGround(engine.databaseUrl(), { clock })
    ground.app.worker.start()
  })
  after(async () => {
    await ground.stop()
    for (const receiver of receivers) await receiver.close()
  })

  describe("a consent to chosen accounts", () => {
    it("shows and repeats no call about another account that its webhook once covered (contract/api.md §2)", async () => {
      const receiver = await aReceiver()
      const { db } = ground.app.context
      const other = await aBankAccount(db, { companyId: ground.companyId, mode: "live" })
      const both = { bank_mode: "multi", bank_account_ids: [ground.accountId, other] }
      const id = await ground.webhook({ webhook_url: receiver.url, ...both })
      const [transactionId] = await ground.push([{ content: "SECRET of the first account" }])
      const [row] = await ground.log(id, 1)
      await ground.caller.patch(`/webhooks/${id}`, { bank_mode: "single", bank_account_id: other })
      const narrow = await ground.anotherCaller({ bankAccountIds: [other] })
      assert.equal((await narrow.get(`/webhooks/${id}`)).status, 200)

      const list = (await narrow.get(`/webhooks/${id}/logs`)).json<{
        data: unknown[]
        meta: { pagination: { total: number } }
      }>()
      assert.deepEqual([list.data, list.meta.pagination.total], [[], 0])
      assert.equal((await narrow.get(`/webhook-logs/${row?.n}`)).status, 404)
      assert.equal((await narrow.get(`/webhooks/${id}/explain?transaction_id=${transactionId}`)).status, 404)
      const replay = await narrow.post("/webhook-logs/replay", { ids: [row?.n] })
      const { data } = replay.json<{ data: { results: { delivery_id: string | null; error: string | null }[] } }>()
      assert.deepEqual(data.results, [{ id: row?.n, delivery_id: null, error: "There is no such log row" }])
      // Whoever sees the account sees its calls.
      assert.equal((await ground.caller.get(`/webhook-logs/${row?.n}`)).status, 200)
    })
  })

  it("410 of an address that was given up meanwhile does not switch the webhook off (contract/webhooks.md §4)", async () => {
    const [old, fresh] = [await aReceiver(), await aReceiver()]
    const hanging = Promise.withResolvers<ServerResponse>()
    old.answer((_received, response) => hanging.resolve(response))
    const id = await ground.webhook({ webhook_url: old.url })
    await ground.push([{}])
    const response = await hanging.promise
    await ground.caller.patch(`/webhooks/${id}`, { webhook_url: fresh.url })
    response.writeHead(410).end()
    const [row] = await ground.log(id, 1)
    assert.equal(row?.class, "gone")
    const { data } = (await ground.caller.get(`/webhooks/${id}`)).json<{ data: { active: boolean } }>()
    assert.equal(data.active, true)
  })

  it("an API key of four characters does not stand in the log (contract/webhooks.md §9)", async () => {
    const receiver = await aReceiver()
    const id = await ground.webhook({ webhook_url: receiver.url, authen_type: "Api_Key", api_key: "k7s8" })
    await ground.push([{}])
    const [row] = await ground.log(id, 1)
    assert.equal(receiver.received[0]?.headers["authorization"], "Apikey k7s8")
    const { text } = await ground.caller.get(`/webhook-logs/${row?.n}`)
    assert.ok(!text.includes("k7s8"), text)
  })

  it("an import tells many webhooks of many lines (contract/webhooks.md §7)", async () => {
    const { db } = ground.app.context
    const number = "123456789012"
    const account = await aBankAccount(db, {
      companyId: ground.companyId,
      mode: "live",
      account_number: number,
      account_key: number,
    })
    const webhooks = 12
    const ids: number[] = []
    for (let made = 0; made < webhooks; made++) {
      const fields = { webhook_url: "http://127.0.0.1:80/", bank_mode: "single", bank_account_id: account }
      ids.push(await ground.webhook(fields))
    }
    const lines = Array.from({ length: 600 }, (_, index) => ({ amount: 1000 + index }))
    const result = await importStatement(db, clock, {
      open: opened(mt940(number, { lines }), 4096),
      fileName: "sao-ke.txt",
      account: { id: account as BankAccountId },
      importedBy: "test",
      notify: "all",
    })
    assert.equal(result.kind, "imported")
    const { count } = await db
      .selectFrom("deliveries")
      .select((e) => e.fn.countAll<number>().as("count"))
      .where("webhook_id", "in", ids)
      .executeTakeFirstOrThrow()
    assert.equal(count, webhooks * lines.length)
  })

  it("each delivery that a new secret's receiver refused is signed with it next, also when it became active meanwhile (contract/webhooks.md §2.3)", async () => {
    const receiver = await aReceiver()
    const secret_key = "whsec_the_old_one"
    const id = await ground.webhook({
      webhook_url: receiver.url,
      authen_type: "HMAC_SHA256",
      secret_key,
      bank_mode: "single",
      bank_account_id: ground.accountId,
    })
    const rolled = (await ground.caller.post(`/webhooks/${id}/roll-secret`, {})).json<{
      data: { secret_key: string }
    }>()
    receiver.answer((received, response) => {
      const timestamp = Number(received.headers["x-sepay-timestamp"])
      const expected = sepaySignature(rolled.data.secret_key, timestamp, received.body)
      const isGood = received.headers["x-sepay-signature"] === expected
      response.writeHead(isGood ? 200 : 401).end('{"success":true}')
    })
    await ground.push([{}])
    await ground.log(id, 1)
    clock.advance({ seconds: 30 })
    await ground.push([{}])
    await ground.log(id, 2)
    clock.advance({ seconds: 31 })
    await ground.log(id, 3)
    clock.advance({ seconds: 30 })
    const statuses = (await ground.log(id, 4)).map(({ http_status }) => http_status)
    assert.deepEqual(statuses, [401, 401, 200, 200])
  })

  // The last one: the tokens of the callers end with the clock.
  it("a retry that is only claimed after five hours is not made (contract/webhooks.md §5)", async () => {
    const receiver = await aReceiver()
    receiver.answer(answerWith(500))
    const { db } = ground.app.context
    const id = await ground.webhook({
      webhook_url: receiver.url,
      bank_mode: "single",
      bank_account_id: ground.accountId,
    })
    await ground.push([{}])
    const [row] = await ground.log(id, 1)
    assert.notEqual(row?.next_retry_at, null)
    receiver.answer(answerSuccess)
    clock.advance({ hours: 6 })
    const due = () => db.selectFrom("delivery_due").selectAll().where("webhook_id", "=", id).execute()
    const deadline = performance.now() + 20_000
    while ((await due()).length > 0) {
      assert.ok(performance.now() < deadline, "the delivery never ended")
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const ended = db.selectFrom("deliveries").select(["state", "reason", "attempts"]).where("webhook_id", "=", id)
    assert.deepEqual(await ended.execute(), [{ state: "failed", reason: "expired", attempts: 1 }])
    assert.equal(receiver.received.length, 1)
  })
})
