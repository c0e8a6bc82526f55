import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { Webhook as StandardWebhook } from "standardwebhooks"
import { onEachEngine } from "../support/engines.ts"
import { answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

onEachEngine((engine) => {
  let ground: DeliveryGround
  const receivers: Receiver[] = []
  const aReceiver = async () => {
    const receiver = await startReceiver()
    receivers.push(receiver)
    return receiver
  }
  before(async () => {
    ground = await startDeliveryGround(engine.databaseUrl())
    ground.app.worker.start()
  })
  after(async () => {
    await ground.stop()
    for (const receiver of receivers) await receiver.close()
  })

  describe("a recorded transaction", () => {
    it("reaches the webhook's URL with the exact bytes and headers (contract/webhooks.md §1, §3)", async () => {
      const receiver = await aReceiver()
      const id = await ground.webhook({ webhook_url: `${receiver.url}/hook?shop=9`, event_type: "In_only" })
      const [transactionId] = await ground.push([
        { content: "DH100245 tra tien/hàng", reference: "FT1", balance_after: 7 },
      ])
      const [received] = await receiver.waitFor(1)
      assert.equal(received?.path, "/hook?shop=9")
      assert.equal(
        received?.body.toString(),
        `{"id":${transactionId},"gateway":"ACB","transactionDate":"2025-12-11 12:48:20","accountNumber":` +
          `"${ground.accountNumber}","subAccount":"","code":"DH100245","content":"DH100245 tra tien\\/h\\u00e0ng",` +
          `"transferType":"in","description":"","transferAmount":349000,"accumulated":7,"referenceCode":"FT1"}`,
      )
      const { headers } = received ?? assert.fail()
      assert.equal(headers["content-type"], "application/json")
      assert.equal(headers["content-length"], String(received?.body.length))
      assert.equal(headers["accept"], "application/json")
      assert.equal(headers["accept-encoding"], "identity")
      assert.equal(headers["user-agent"], "SePayOAuth2-Webhooks/1")
      assert.equal(headers["x-delivery-attempt"], "1")
      assert.match(String(headers["x-delivery-id"]), /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
      assert.match(String(headers["x-delivery-event-time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/)
      assert.match(String(headers["x-transaction-uuid"]), /^[0-9a-f-]{36}$/)
      assert.equal(headers["authorization"], undefined)
      const [row] = await ground.log(id, 1)
      assert.deepEqual(
        [row?.class, row?.status, row?.http_status, row?.attempt, row?.transaction_id, row?.kind],
        ["ok", "success", 200, 1, transactionId, "auto"],
      )
      const detail = (await ground.caller.get(`/webhook-logs/${row?.n}`)).json<{
        data: { request: { body: string }; response: { body: string }; curl: string }
      }>()
      assert.equal(detail.data.request.body, received?.body.toString())
      assert.equal(detail.data.response.body, '{"success":true}')
      assert.match(detail.data.curl, /^curl -X POST 'http/)
    })

    it("carries signatures that a published library verifies (contract/webhooks.md §2.2)", async () => {
      const receiver = await aReceiver()
      const secret_key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      await ground.webhook({ webhook_url: receiver.url, authen_type: "HMAC_SHA256", secret_key })
      await ground.push([{}])
      const [received] = await receiver.waitFor(1)
      const { headers, body } = received ?? assert.fail()
      const verified = new StandardWebhook(secret_key).verify(body.toString(), headers as Record<string, string>)
      assert.equal((verified as { transferAmount: number }).transferAmount, 349_000)
      assert.match(String(headers["x-sepay-signature"]), /^sha256=[0-9a-f]{64}$/)
    })

    it("is tried again when the receiver fails, and not when it answers 200 without success (contract/webhooks.md §4)", async () => {
      const [failing, wrong] = [await aReceiver(), await aReceiver()]
      failing.answer(answerWith(500, "no"))
      wrong.answer(answerWith(200, "ok"))
      const failingId = await ground.webhook({ webhook_url: failing.url })
      const wrongId = await ground.webhook({ webhook_url: wrong.url })
      await ground.push([{}])
      const [failed] = await ground.log(failingId, 1)
      assert.deepEqual([failed?.class, failed?.http_status], ["http_error", 500])
      assert.notEqual(failed?.next_retry_at, null)
      const [unwanted] = await ground.log(wrongId, 1)
      assert.deepEqual([unwanted?.class, unwanted?.next_retry_at], ["wrong_body", null])
    })

    it("goes out again by a replay, to the URL as it is now (contract/webhooks.md §9)", async () => {
      const [old, fresh] = [await aReceiver(), await aReceiver()]
      const id = await ground.webhook({ webhook_url: old.url })
      await ground.push([{}])
      const [first] = await old.waitFor(1)
      const [row] = await ground.log(id, 1)
      await ground.caller.patch(`/webhooks/${id}`, { webhook_url: fresh.url })
      const answer = await ground.caller.post("/webhook-logs/replay", { ids: [row?.n] })
      assert.equal(answer.status, 200, answer.text)
      const [again] = await fresh.waitFor(1)
      assert.deepEqual(again?.body, first?.body)
      assert.notEqual(again?.headers["x-delivery-id"], first?.headers["x-delivery-id"])
      const [, replayed] = await ground.log(id, 2)
      assert.deepEqual([replayed?.kind, replayed?.replay_of, replayed?.class], ["replay", row?.n, "ok"])
    })

    it("is explained as it happened (contract/webhooks.md §6)", async () => {
      const receiver = await aReceiver()
      const id = await ground.webhook({ webhook_url: receiver.url, event_type: "Out_only" })
      const [transactionId] = await ground.push([{}])
      const answer = await ground.caller.get(`/webhooks/${id}/explain?transaction_id=${transactionId}`)
      const { data } = answer.json<{
        data: { decided: { verdict: string; checks: { check: string; passed: boolean }[] } }
      }>()
      assert.equal(data.decided.verdict, "direction")
      assert.deepEqual(
        data.decided.checks.filter(({ passed }) => !passed).map(({ check }) => check),
        ["direction"],
      )
    })
  })

  it("a test send reaches the receiver at once, with id 0 (contract/webhooks.md §9)", async () => {
    const receiver = await aReceiver()
    const id = await ground.webhook({ webhook_url: receiver.url, authen_type: "Api_Key", api_key: "k7s8d9f0a1b2c3d4" })
    const answer = await ground.caller.post(`/webhooks/${id}/test`, {})
    assert.equal(answer.status, 200, answer.text)
    const { data } = answer.json<{ data: { status: string; response_body: string } }>()
    assert.deepEqual([data.status, data.response_body], ["success", '{"success":true}'])
    const [received] = await receiver.waitFor(1)
    assert.equal(received?.headers["authorization"], "Apikey k7s8d9f0a1b2c3d4")
    assert.equal(JSON.parse(received?.body.toString() ?? "").id, 0)
    const [row] = await ground.log(id, 1)
    assert.equal(row?.kind, "test")
  })
})
