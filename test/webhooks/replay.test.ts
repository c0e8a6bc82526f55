import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { instantAfter } from "../../src/clock.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { answerSuccess, answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

interface Replayed {
  readonly data: { readonly results: readonly { id: number; delivery_id: string | null; error: string | null }[] }
}

onEachEngine((engine) => {
  let ground: DeliveryGround
  let clock: FakeClock
  let receiver: Receiver
  before(async () => {
    clock = makeFakeClock()
    ground = await startDeliveryGround(engine.databaseUrl(), { clock })
    receiver = await startReceiver()
    ground.app.worker.start()
  })
  after(async () => {
    await ground.stop()
    await receiver.close()
  })
  // The limits count a minute back.
  const nextMinute = () => clock.set(instantAfter(clock.now(), 61_000))
  const replay = (ids: readonly unknown[]) => ground.caller.post("/webhook-logs/replay", { ids })

  async function sendingsInAudit(id: number) {
    const { db } = ground.app.context
    const rows = await db
      .selectFrom("audit_entries")
      .select(["action", "actor_kind as by", "details"])
      .where("subject_id", "=", id)
      .where("action", "in", ["webhook.replay", "webhook.test"])
      .orderBy("id")
      .execute()
    return rows.map(({ action, by, details }) => [action, by, JSON.parse(details)])
  }

  describe("POST /webhook-logs/replay", () => {
    it("is in the audit log once for each webhook, and not at all when it makes nothing", async () => {
      nextMinute()
      const ids = [
        await ground.webhook({ webhook_url: receiver.url }),
        await ground.webhook({ webhook_url: receiver.url }),
      ]
      await ground.push([{}, {}])
      const [first = [], second = []] = await Promise.all(
        ids.map(async (id) => (await ground.log(id, 2)).map(({ n }) => n)),
      )
      await replay([...first, 999_999_999, second[0]])
      await replay([999_999_999])
      assert.equal((await replay([])).status, 400)
      const [one = 0, other = 0] = ids
      assert.deepEqual(await sendingsInAudit(one), [["webhook.replay", "client", { deliveries: 2, log_rows: first }]])
      assert.deepEqual(await sendingsInAudit(other), [
        ["webhook.replay", "client", { deliveries: 1, log_rows: [second[0]] }],
      ])
    })

    it("takes 20 rows of a call and refuses 21, none, and one twice (contract/webhooks.md §9)", async () => {
      nextMinute()
      const id = await ground.webhook({ webhook_url: receiver.url })
      await ground.push(Array.from({ length: 21 }, () => ({})))
      const numbers = (await ground.log(id, 21)).map(({ n }) => n)
      assert.equal((await replay(numbers)).status, 400)
      assert.equal((await replay([])).status, 400)
      assert.equal((await replay([numbers[0], numbers[0]])).status, 400)
      assert.equal((await replay(["x"])).status, 400)
      const answer = await replay(numbers.slice(0, 20))
      assert.equal(answer.status, 200, answer.text)
      assert.equal(answer.json<Replayed>().data.results.filter(({ error }) => error === null).length, 20)
      const rows = await ground.log(id, 41)
      assert.equal(rows.filter(({ kind }) => kind === "replay").length, 20)
    })

    it("is answered ten times a minute, twenty calls at once included (contract/webhooks.md §9)", async () => {
      nextMinute()
      const id = await ground.webhook({ webhook_url: receiver.url })
      await ground.push([{}])
      const [row] = await ground.log(id, 1)
      const answers = await Promise.all(Array.from({ length: 20 }, () => replay([row?.n])))
      assert.equal(answers.filter(({ status }) => status === 200).length, 10)
      const refused = answers.filter(({ status }) => status === 429)
      assert.equal(refused.length, 10)
      assert.ok(Number(refused[0]?.headers.get("retry-after")) >= 1)
      nextMinute()
      assert.equal((await replay([row?.n])).status, 200)
    })

    it("sends to a webhook that is off, and not to one that is deleted (contract/webhooks.md §9)", async () => {
      nextMinute()
      const id = await ground.webhook({ webhook_url: receiver.url })
      await ground.push([{}])
      const [row] = await ground.log(id, 1)
      await ground.caller.patch(`/webhooks/${id}`, { active: 0 })
      await replay([row?.n])
      const [, again] = await ground.log(id, 2)
      assert.deepEqual([again?.kind, again?.class], ["replay", "ok"])
      await ground.caller.delete(`/webhooks/${id}`)
      const gone = (await replay([row?.n])).json<Replayed>().data.results[0]
      assert.equal(gone?.delivery_id, null)
      assert.match(gone?.error ?? "", /does not exist/)
      // The log of a deleted webhook stays.
      assert.equal((await ground.caller.get(`/webhooks/${id}/logs`)).status, 200)
    })

    it("makes one attempt, even if that fails (contract/webhooks.md §5)", async () => {
      nextMinute()
      const failing = await startReceiver()
      try {
        const id = await ground.webhook({ webhook_url: failing.url })
        await ground.push([{}])
        const [row] = await ground.log(id, 1)
        failing.answer(answerWith(500))
        await replay([row?.n])
        const [, failed] = await ground.log(id, 2)
        assert.deepEqual([failed?.class, failed?.next_retry_at], ["http_error", null])
      } finally {
        await failing.close()
      }
    })

    it("knows nothing of another company's rows, nor of accounts outside the consent", async () => {
      nextMinute()
      const id = await ground.webhook({ webhook_url: receiver.url })
      await ground.push([{}])
      const [row] = await ground.log(id, 1)
      const narrow = await ground.anotherCaller({ bankAccountIds: [ground.accountId] })
      const answer = await narrow.post("/webhook-logs/replay", { ids: [row?.n] })
      assert.notEqual(answer.json<Replayed>().data.results[0]?.error, null)
      assert.equal((await narrow.get(`/webhook-logs/${row?.n}`)).status, 404)
      assert.equal((await narrow.get(`/webhooks/${id}/logs`)).status, 404)
      assert.equal((await ground.caller.get(`/webhook-logs/${Number(row?.n) + 1_000_000}`)).status, 404)
    })
  })

  it("a log is narrowed by result, class, kind, time and transaction (contract/webhooks.md §9)", async () => {
    nextMinute()
    const id = await ground.webhook({ webhook_url: receiver.url })
    const [first] = await ground.push([{}])
    await ground.log(id, 1)
    receiver.answer(answerWith(202))
    await ground.push([{}])
    const rows = await ground.log(id, 2)
    receiver.answer(answerSuccess)
    const count = async (query: string) => {
      const answer = await ground.caller.get(`/webhooks/${id}/logs?${query}`)
      assert.equal(answer.status, 200, answer.text)
      return answer.json<{ meta: { pagination: { total: number } } }>().meta.pagination.total
    }
    assert.equal(await count("result=success"), 1)
    assert.equal(await count("result=failed"), 1)
    assert.equal(await count("result=success&class=wrong_body"), 0)
    assert.equal(await count("class=wrong_body"), 1)
    assert.equal(await count("kind=replay"), 0)
    assert.equal(await count(`transaction_id=${first}`), 1)
    assert.equal(await count("from=2000-01-01&to=2000-01-02"), 0)
    assert.equal(await count("from=2000-01-01"), rows.length)
    for (const query of ["class=nothing", "result=maybe", "kind=x", "from=yesterday", "page=0"]) {
      assert.equal((await ground.caller.get(`/webhooks/${id}/logs?${query}`)).status, 400, query)
    }
  })

  it("an explanation says when the webhook is younger than the transaction (contract/webhooks.md §6)", async () => {
    const [transactionId] = await ground.push([{}])
    const id = await ground.webhook({ webhook_url: receiver.url })
    const path = `/webhooks/${id}/explain`
    const { data } = (await ground.caller.get(`${path}?transaction_id=${transactionId}`)).json<{
      data: { created_later: boolean; decided: unknown; now: { verdict: string }; deliveries: unknown[] }
    }>()
    assert.deepEqual([data.created_later, data.decided, data.now.verdict, data.deliveries], [true, null, "sent", []])
    assert.equal((await ground.caller.get(path)).status, 400)
    assert.equal((await ground.caller.get(`${path}?transaction_id=999999`)).status, 404)
  })

  it("test sends are counted, ten a minute, and leave no work behind (contract/webhooks.md §9)", async () => {
    nextMinute()
    const id = await ground.webhook({ webhook_url: receiver.url, event_type: "Out_only" })
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => ground.caller.post(`/webhooks/${id}/test`, undefined)),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array<number>(10).fill(200), 429, 429])
    const body = JSON.parse(receiver.received.at(-1)?.body.toString() ?? "")
    assert.deepEqual([body.id, body.transferType, body.referenceCode, body.transferAmount], [0, "out", "TEST0", 10_000])
    const { db } = ground.app.context
    const due = await db.selectFrom("delivery_due").selectAll().where("webhook_id", "=", id).execute()
    assert.deepEqual(due, [])
    assert.deepEqual(await sendingsInAudit(id), Array(10).fill(["webhook.test", "client", {}]), "refused ones are none")
  })
})
