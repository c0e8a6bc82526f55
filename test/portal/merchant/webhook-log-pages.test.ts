import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../../support/engines.ts"
import type { FormFields } from "../../support/http.ts"
import { answerSuccess, answerWith } from "../../support/receiver.ts"
import { addFailedDeliveries, addLogRows } from "./webhook-rows.ts"
import { keysOf, startWebhookSite, textOf, type WebhookSite } from "./webhook-site.ts"

onEachEngine((engine) => {
  let web: WebhookSite
  before(async () => {
    web = await startWebhookSite(engine.databaseUrl())
  })
  after(() => web.stop())

  const post = async (path: string, from: string, fields: FormFields = {}) => {
    const { text } = await web.merchant.get(from)
    return web.merchant.postForm(path, { ...keysOf(text), ...fields })
  }
  const numbersIn = (text: string) => [...text.matchAll(/\/log\/(\d+)"/g)].map(([, n]) => Number(n))

  async function sendingsInAudit(id: number): Promise<readonly (readonly [string, Record<string, unknown>])[]> {
    const rows = await web.site.app.context.db
      .selectFrom("audit_entries")
      .select(["action", "details"])
      .where("subject_id", "=", id)
      .where("actor_kind", "=", "user")
      .where("action", "in", ["webhook.replay", "webhook.test"])
      .orderBy("id")
      .execute()
    return rows.map(({ action, details }) => [action, JSON.parse(details)])
  }

  describe("the test send", () => {
    it("goes to the receiver once however often it is clicked, and shows status, headers, body and timings", async () => {
      web.nextMinute()
      const id = await web.create()
      const begun = web.receiver.received.length
      web.receiver.answer(
        answerWith(500, "<script>alert(1)</script>", { "x-note": "<img src=x>", "set-cookie": "a=secret" }),
      )
      const { text } = await web.merchant.get(`/webhooks/${id}/test`)
      const sent = await Promise.all([1, 2].map(() => web.merchant.postForm(`/webhooks/${id}/test`, keysOf(text))))
      web.receiver.answer(answerSuccess)
      assert.equal(sent[0]?.location?.href, sent[1]?.location?.href)
      assert.equal(web.receiver.received.length - begun, 1)
      assert.deepEqual(await sendingsInAudit(id), [["webhook.test", {}]])
      const page = await web.page(`${sent[0]?.location?.pathname}${sent[0]?.location?.search}`)
      const shown = textOf(page)
      for (const words of [
        /HTTP 500/,
        /x-note: <img src=x>/,
        /<script>alert\(1\)<\/script>/,
        /only 200 or 201 counts/,
        /Total \d+ ms/,
      ]) {
        assert.match(shown, words)
      }
      assert.ok(!page.includes("<script>alert") && !page.includes("<img src=x") && !page.includes("a=secret"))
    })

    it("is answered ten times a minute, and says when to try again", async () => {
      web.nextMinute()
      const id = await web.create()
      const statuses: number[] = []
      for (let count = 0; count < 11; count += 1) {
        const answer = await post(`/webhooks/${id}/test`, `/webhooks/${id}/test`)
        statuses.push(answer.status)
        if (answer.status === 429) assert.ok(Number(answer.headers.get("retry-after")) > 0)
      }
      assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 303), 429])
    })

    it("waits on its page while the receiver has not answered yet", async () => {
      web.nextMinute()
      const id = await web.create()
      const page = await web.page(`/webhooks/${id}/test?sent=0192f0c4-a7e8-7c3d-9b1e-5a6f7c8d9e0f`)
      assert.match(textOf(page), /Waiting for your server/)
      assert.match(page, /reload\.[0-9a-f]+\.js/)
    })
  })

  describe("a call in detail", () => {
    it("shows exactly what was sent, credentials masked, and a binary answer in hex", async () => {
      web.nextMinute()
      const id = await web.create({ authen_type: "Api_Key", api_key: "verysecretkey9876" })
      web.receiver.answer(
        (_received, response) => void response.writeHead(202).end(Buffer.from([0, 1, 255, 0x3c, 0x62])),
      )
      await web.push([{ content: "DH100245 <b>tra</b> tien" }])
      const [n] = await web.log(id, 1)
      web.receiver.answer(answerSuccess)
      const page = await web.page(`/webhooks/${id}/log/${n}`)
      const shown = textOf(page)
      assert.ok(shown.includes(web.receiver.received.at(-1)?.body.toString() ?? "nothing arrived"))
      assert.match(shown, /000000 00 01 ff 3c 62 /)
      assert.match(shown, /Authorization: Apikey \*\*\*\*9876/)
      assert.match(shown, /Apikey YOUR_API_KEY/)
      assert.ok(!page.includes("verysecretkey") && !page.includes("<b>tra"))
    })

    it("is replayed once however often it is clicked, and leads to what it repeats", async () => {
      web.nextMinute()
      const id = await web.create()
      await web.push([{}])
      const [n] = await web.log(id, 1)
      const { text } = await web.merchant.get(`/webhooks/${id}/log/${n}`)
      const form = { ...keysOf(text), n: String(n) }
      const answers = [
        await web.merchant.postForm(`/webhooks/${id}/log/replay`, form),
        await web.merchant.postForm(`/webhooks/${id}/log/replay`, form),
      ]
      assert.deepEqual(
        answers.map((answer) => answer.location?.search),
        ["?done=replayed&count=1", "?done=again"],
      )
      assert.match(textOf(await web.page(`/webhooks/${id}/log?done=again`)), /it was done once/)
      const [newest] = await web.log(id, 2)
      assert.equal((await web.log(id, 2)).length, 2)
      assert.match(textOf(await web.page(`/webhooks/${id}/log/${newest}`)), new RegExp(`Replayed from #${n}`))
      assert.deepEqual(await sendingsInAudit(id), [["webhook.replay", { deliveries: 1, log_rows: [n] }]])
    })
  })

  describe("the log", () => {
    it("replays up to 20 chosen rows, and says so when none or too many are chosen", async () => {
      web.nextMinute()
      const id = await web.create()
      await web.push([{}, {}, {}])
      const rows = await web.log(id, 3)
      const answer = await post(`/webhooks/${id}/log/replay`, `/webhooks/${id}/log`, { n: rows.map(String) })
      assert.equal(answer.location?.search, "?done=replayed&count=3")
      await web.log(id, 6)
      assert.deepEqual(await sendingsInAudit(id), [["webhook.replay", { deliveries: 3, log_rows: rows }]])
      const audit = textOf(await web.page("/audit?group=webhook"))
      assert.match(audit, /sent transactions again to the webhook/)
      assert.match(audit, /Deliveries: 3/)
      for (const n of [[], Array.from({ length: 21 }, (_, index) => String(index + 1))]) {
        const refused = await post(`/webhooks/${id}/log/replay`, `/webhooks/${id}/log`, { n })
        assert.equal(refused.location?.search, "?done=none")
      }
    })

    it("is narrowed by outcome, kind, status, transaction and time, and says what it could not read", async () => {
      web.nextMinute()
      const id = await web.create()
      const [good] = await web.push([{}])
      await web.log(id, 1)
      web.receiver.answer(answerWith(503))
      const [bad] = await web.push([{}])
      await web.log(id, 2)
      web.receiver.answer(answerSuccess)
      const found = async (query: string) => {
        // By its link: a bare number may as well be a time in milliseconds.
        const html = await web.page(`/webhooks/${id}/log?${query}`)
        return [good, bad].filter((one) => html.includes(`href="/transactions/${one}"`))
      }
      assert.deepEqual(await found("outcome=delivered"), [good])
      assert.deepEqual(await found("outcome=failed"), [bad])
      assert.deepEqual(await found("outcome=http_error&status=503"), [bad])
      assert.deepEqual(await found("status=200"), [good])
      assert.deepEqual(await found(`transaction=${bad}`), [bad])
      assert.deepEqual(await found(`transaction=${bad}&status=200`), [])
      assert.deepEqual(await found("kind=replay"), [])
      assert.deepEqual(await found("from=2026-01-01T00:00&to=2036-01-01T00:00"), [good, bad])
      assert.deepEqual(await found("to=2026-01-01T00:00"), [])
      assert.deepEqual(await found("from=2036-01-01T00:00"), [])
      assert.match(textOf(await web.page(`/webhooks/${id}/log?from=yesterday`)), /could not be read/)
      const [, fromOverview = ""] = new RegExp(`href="/webhooks/${id}/log\\?([^"]+)"`).exec(await web.page("/")) ?? []
      assert.deepEqual(await found(fromOverview), [bad], "as the overview leads to it")
    })

    it("reaches every row once by its pages, and a filter that matches little goes on where it stopped", async () => {
      const id = await web.create({ name: "Long log", active: undefined })
      const made = await addLogRows(web, id, { good: 9000, failedEvery: 4100 })
      const pagesOf = async (query: string) => {
        const seen: number[] = []
        const searched: string[] = []
        for (let path: string | undefined = `/webhooks/${id}/log?${query}`; path !== undefined; ) {
          const text: string = await web.page(path)
          seen.push(...numbersIn(text))
          if (/Searched back to/.test(textOf(text))) searched.push(path)
          path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll("&amp;", "&")
        }
        return { seen, searched }
      }
      const failed = await pagesOf("outcome=failed")
      assert.deepEqual(failed.seen, made.failed.toReversed())
      // Class and status match few of the delivered ones: the page stops, says how far it came, and goes on.
      const rare = await pagesOf("status=201")
      assert.deepEqual(rare.seen, made.created.toReversed())
      assert.ok(rare.searched.length >= 2, `${rare.searched.length} pages stopped early`)
      const newest = await web.page(`/webhooks/${id}/log`)
      const second = await web.page(/rel="next" href="([^"]+)"/.exec(newest)?.[1] ?? "")
      assert.equal(new Set([...numbersIn(newest), ...numbersIn(second)]).size, 40)
      // By time: from the middle of the log on, without reading what came before.
      const middle = made.all[4500]
      assert.ok(middle !== undefined)
      const early = numbersIn(await web.page(`/webhooks/${id}/log?to=${middle.local}`))
      assert.ok(early.length === 20 && early.every((n) => n < middle.n && n > middle.n - 200), early.join())
    })
  })

  describe("many replays", () => {
    it("previews what it will send, sends it once, and goes on behind the page until all of it is sent", async () => {
      web.nextMinute()
      const id = await web.create({ name: "Many", active: undefined })
      const transactions = await addFailedDeliveries(web, id, 450)
      const page = await web.page(`/webhooks/${id}/replay?${transactions.window}&states=failed`)
      assert.match(textOf(page), /450 transactions will be sent again/)
      const form = { ...keysOf(page), from: transactions.from, before: transactions.before, states: "failed" }
      const answers = await Promise.all([1, 2].map(() => web.merchant.postForm(`/webhooks/${id}/replay`, form)))
      const paths = new Set(answers.map((answer) => answer.location?.pathname))
      assert.equal(paths.size, 1)
      assert.ok(answers.some((answer) => answer.location?.search === "?again=1"))
      const [path = ""] = paths
      assert.match(textOf(await web.page(path)), /200 transactions are queued/)
      await web.site.app.runLoop("webhook replays")
      const done = await web.page(path)
      assert.match(textOf(done), /Queued again 450 transactions are queued/)
      assert.ok(!done.includes("data-reload-after"))
      const { db } = web.site.app.context
      const replays = await db
        .selectFrom("deliveries")
        .select("id")
        .where("webhook_id", "=", id)
        .where("kind", "=", "replay")
        .execute()
      assert.equal(replays.length, 450)
      const again = await web.page(`/webhooks/${id}/replay?${transactions.window}&states=failed`)
      assert.match(textOf(again), /nothing to be sent again/)
      const [[action, details] = [], ...more] = await sendingsInAudit(id)
      assert.deepEqual([action, details?.["states"], more], ["webhook.replay", ["failed"], []])
      assert.match(String(details?.["made_from"]), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    })

    it("by several processes at once makes each delivery once", async () => {
      web.nextMinute()
      const id = await web.create({ name: "Several", active: undefined })
      const { from, before, window } = await addFailedDeliveries(web, id, 300)
      const page = await web.page(`/webhooks/${id}/replay?${window}&states=failed`)
      await web.merchant.postForm(`/webhooks/${id}/replay`, { ...keysOf(page), from, before, states: "failed" })
      await Promise.all([1, 2, 3, 4].map(() => web.site.app.runLoop("webhook replays")))
      const { db } = web.site.app.context
      const rows = await db
        .selectFrom("deliveries")
        .select("event_id")
        .where("webhook_id", "=", id)
        .where("kind", "=", "replay")
        .execute()
      assert.equal(rows.length, 300)
      assert.equal(new Set(rows.map(({ event_id }) => event_id)).size, 300)
    })

    it("stops when the webhook is deleted meanwhile, and is another company's nobody's", async () => {
      web.nextMinute()
      const id = await web.create({ name: "Stops", active: undefined })
      const { from, before, window } = await addFailedDeliveries(web, id, 250)
      const page = await web.page(`/webhooks/${id}/replay?${window}&states=failed`)
      const { location } = await web.merchant.postForm(`/webhooks/${id}/replay`, {
        ...keysOf(page),
        from,
        before,
        states: "failed",
      })
      await post(`/webhooks/${id}/delete`, `/webhooks/${id}/delete`)
      await web.site.app.runLoop("webhook replays")
      assert.match(textOf(await web.page(location?.pathname ?? "")), /the replay ended here/)
      const other = await web.create()
      await web.page(`/webhooks/${other}/replays/${location?.pathname.split("/").at(-1)}`, 404)
    })

    it("marks what is wrong with a window, and keeps what was typed", async () => {
      const id = await web.create()
      const bad = await web.page(`/webhooks/${id}/replay?from=2026-01-02T00:00&before=2026-01-01T00:00`, 400)
      assert.match(textOf(bad), /Must be after the start.*Choose at least one/)
      assert.ok(bad.includes('value="2026-01-02T00:00"'))
    })
  })

  describe("why a transaction was not sent", () => {
    it("shows each condition as it was judged then and as it would be now, and sends it all the same", async () => {
      web.nextMinute()
      const id = await web.create({ event_type: "Out_only", name: "Out" })
      const [transactionId] = await web.push([{}])
      const path = `/webhooks/${id}/explain?transaction=${transactionId}`
      const shown = textOf(await web.page(path))
      assert.match(shown, /did not pass the condition “In or out”/)
      assert.match(
        shown,
        /In or out The webhook wants: money out The transaction has: money in Not passed money out money in/,
      )
      assert.match(shown, /There are none/)
      const page = await web.merchant.get(path)
      const form = { ...keysOf(page.text), transaction: String(transactionId) }
      const answers = [
        await web.merchant.postForm(`/webhooks/${id}/explain`, form),
        await web.merchant.postForm(`/webhooks/${id}/explain`, form),
      ]
      assert.deepEqual(
        answers.map((answer) => answer.location?.searchParams.get("done")),
        ["sent", "again"],
      )
      await web.log(id, 1)
      const after = textOf(await web.page(path))
      assert.match(after, /Replay Delivered 1 #\d+/)
      assert.deepEqual(await sendingsInAudit(id), [
        ["webhook.replay", { deliveries: 1, transaction_id: transactionId }],
      ])
    })

    it("says when the webhook is younger, when the id is none, and when there is no such transaction", async () => {
      const [transactionId] = await web.push([{}])
      const id = await web.create()
      assert.match(
        textOf(await web.page(`/webhooks/${id}/explain?transaction=${transactionId}`)),
        /younger than the transaction/,
      )
      assert.match(
        textOf(await web.page(`/webhooks/${id}/explain?transaction=abc`, 400)),
        /A transaction id is a number/,
      )
      await web.page(`/webhooks/${id}/explain?transaction=987654321`, 404)
    })
  })

  it("pages tell of deliveries that wait and of the next one", async () => {
    web.nextMinute()
    const id = await web.create({ name: "Waits" })
    web.receiver.answer(answerWith(500))
    await web.push([{}])
    await web.log(id, 1)
    web.receiver.answer(answerSuccess)
    const shown = textOf(await web.page(`/webhooks/${id}`))
    assert.match(shown, /1 delivery is waiting. The next one: /)
    assert.match(shown, /1 failed delivery in the last 24 hours/)
    assert.match(await web.page("/"), /href="\/webhooks\/\d+\/log\?outcome=failed"/, "and the overview leads there")
    assert.match(textOf(await web.page("/webhooks?q=waits")), /Failed .* Failures in 24 h 1 Waiting 1 $/)
    const reader = await web.clerk(["webhook.list"])
    assert.match(
      textOf((await reader.get(`/webhooks/${id}/log`, { "accept-language": "vi" })).text),
      /1 lượt gửi đang chờ/,
    )
  })
})
