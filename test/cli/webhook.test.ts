import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { testSecret } from "../support/app.ts"
import { onEachEngine } from "../support/engines.ts"
import { runCli } from "../support/processes.ts"
import { answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "../webhooks/delivery-ground.ts"

const wrong: readonly (readonly [args: readonly string[], line: RegExp])[] = [
  [["log"], /Give either --webhook N for a list or --log N for one row/],
  [["log", "--webhook", "1", "--log", "2"], /Give either --webhook N for a list or --log N/],
  [["log", "--log", "2", "--kind", "auto"], /--kind narrows a list: give --webhook N/],
  [["log", "--webhook", "1", "--from", "yesterday"], /--from must be a time: YYYY-MM-DD .* not "yesterday"/],
  [["log", "--webhook", "1", "--from", "2026-07-05", "--to", "2026-07-05"], /--from must be before --to/],
  [["log", "--webhook", "1", "--class", "slow"], /--class must be one of ok, wrong_body, /],
  [["log", "--webhook", "1", "--result", "bad"], /--result must be one of success, failed/],
  [["log", "--webhook", "0"], /--webhook must be a whole number from 1/],
  [["replay"], /Give either --log N, .* or --webhook N with --from/],
  [["replay", "--log", "1", "--webhook", "2"], /Give either --log N/],
  [["replay", "--log", "one"], /--log must be the number of a log row, not "one"/],
  [["replay", "--log", "1", "--log", "1"], /--log names a row twice/],
  [["replay", ...Array.from({ length: 21 }, (_, n) => ["--log", String(n + 1)]).flat()], /at most 20 times/],
  [["replay", "--log", "1", "--dry-run"], /--dry-run goes with --webhook/],
  [["replay", "--webhook", "1"], /--from is required with --webhook/],
  [["replay", "--webhook", "1", "--from", "2026-02-30"], /--from must be a time/],
  [["replay", "--webhook", "1", "--from", "2026-07-05", "--state", "late"], /--state must be one of failed, cancelled/],
  [["test"], /--webhook is required/],
  [["explain", "--webhook", "1"], /--transaction is required/],
  [["lst"], /did you mean \.\/sepay webhook list\?/],
]

describe("./sepay webhook", () => {
  for (const [args, line] of wrong) {
    it(`refuses wrong usage with one line and exit code 2: ${args.slice(0, 7).join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCli(["webhook", ...args])
      assert.equal(code, 2, stderr)
      assert.equal(stdout, "")
      assert.match(stderr, line)
      assert.equal(stderr.trimEnd().split("\n").length, 1)
    })
  }

  onEachEngine((engine) => {
    let ground: DeliveryGround
    let receiver: Receiver
    let webhookId: number
    let transactionIds: readonly number[]
    const sepay = (...args: string[]) =>
      runCli(["webhook", ...args], {
        env: {
          DATABASE_URL: engine.databaseUrl(),
          SEPAY_SECRET: testSecret,
          OUTBOUND_ALLOW: "127.0.0.0/8",
          OUTBOUND_ALLOW_HTTP: "on",
        },
      })

    async function operatorEntries(action: string): Promise<readonly Record<string, unknown>[]> {
      const { db } = ground.app.context
      const rows = await db
        .selectFrom("audit_entries")
        .select("details")
        .where("action", "=", action)
        .where("actor_kind", "=", "operator")
        .where("subject_id", "=", webhookId)
        .orderBy("id")
        .execute()
      return rows.map(({ details }) => JSON.parse(details))
    }

    before(async () => {
      ground = await startDeliveryGround(engine.databaseUrl())
      ground.app.worker.start()
      receiver = await startReceiver()
      receiver.answer(answerWith(500, "out of \u001b[31morder"))
      const fields = { authen_type: "Api_Key", api_key: "k7s8d9f0a1b2c3d4", event_type: "In_only" }
      const retry_conditions = { non_2xx_status_code: 0 }
      webhookId = await ground.webhook({ webhook_url: `${receiver.url}/hook`, retry_conditions, ...fields })
      transactionIds = await ground.push([{ content: "DH100245" }, { content: "DH100246" }, { content: "DH100247" }])
      await ground.log(webhookId, 3)
    })
    after(async () => {
      await ground.stop()
      await receiver.close()
    })

    it("list shows the webhooks of every company, without their keys", async () => {
      const listed = (await sepay("list", "--json")).json<{ webhooks: Record<string, unknown>[] }>()
      const [row] = listed.webhooks
      assert.deepEqual(
        [row?.["id"], row?.["company_id"], row?.["mode"], row?.["active"], row?.["webhook_url"]],
        [webhookId, ground.companyId, "live", true, `${receiver.url}/hook`],
      )
      const { stdout } = await sepay("list", "--company-id", String(ground.companyId))
      assert.match(stdout, /^ID +COMPANY +MODE +STATUS +AUTH +NAME +URL\n/)
      assert.doesNotMatch(stdout, /k7s8d9f0/)
      assert.match((await sepay("list", "--company-id", "999999")).stdout, /No webhooks yet/)
    })

    it("log lists calls, narrowed by what the flags say", async () => {
      const list = async (...flags: string[]) =>
        (await sepay("log", "--webhook", String(webhookId), "--json", ...flags)).json<{
          total: number
          logs: { n: number; class: string; transaction_id: number }[]
        }>()
      const all = await list()
      assert.deepEqual([all.total, all.logs.map((row) => row.class)], [3, Array(3).fill("http_error")])
      assert.equal((await list("--limit", "1")).logs.length, 1)
      assert.equal((await list("--result", "success")).total, 0)
      assert.equal((await list("--class", "http_error", "--kind", "auto")).total, 3)
      assert.equal((await list("--from", "2999-01-01")).total, 0)
      assert.equal((await list("--to", "2999-01-01")).total, 3)
      const [first] = transactionIds
      const [only, ...others] = (await list("--transaction", String(first))).logs
      assert.deepEqual([only?.transaction_id, others.length], [first, 0])
      const { stdout } = await sepay("log", "--webhook", String(webhookId), "--limit", "2")
      assert.match(stdout, /^LOG +BEGUN +KIND/)
      assert.match(stdout, /\n1 more: narrow it, or raise --limit\.\n$/)
    })

    it("log --log shows one call in full: request, response, hint and curl, with the key masked", async () => {
      const [row] = await ground.log(webhookId, 3)
      const { stdout } = await sepay("log", "--log", String(row?.n))
      assert.match(stdout, /\nPOST http:.*\/hook\n/)
      assert.match(stdout, /\nAuthorization: Apikey \*\*\*\*c3d4\n/)
      assert.match(stdout, /"transferAmount":349000/)
      assert.match(stdout, /\nHTTP 500\n/)
      assert.match(stdout, /\nout of \?\[31morder\n/, "what a receiver answers does not steer the terminal")
      assert.match(stdout, /\ncurl -X POST /)
      assert.doesNotMatch(stdout, /k7s8d9f0/)
      const detail = (await sepay("log", "--log", String(row?.n), "--json")).json<{ n: number; hint: string }>()
      assert.equal(detail.n, row?.n)
      assert.ok(detail.hint.length > 0)
    })

    it("explain tells the checks then and now, and what came of it", async () => {
      const pair = ["--transaction", String(transactionIds[0]), "--webhook", String(webhookId)]
      const explained = (await sepay("explain", ...pair, "--json")).json<{
        decided: { verdict: string }
        deliveries: { state: string }[]
      }>()
      assert.equal(explained.decided.verdict, "sent")
      assert.deepEqual(
        explained.deliveries.map(({ state }) => state),
        ["failed"],
      )
      const { stdout } = await sepay("explain", ...pair)
      assert.match(stdout, /^then {2}sent\nnow {3}sent\n/)
      assert.match(stdout, /\ndirection +yes +yes /)
    })

    it("test sends from this machine and answers 1 when it is not delivered", async () => {
      const failed = await sepay("test", "--webhook", String(webhookId))
      assert.equal(failed.code, 1)
      assert.match(failed.stdout, /^Failed \(http_error\): HTTP 500 after \d+ ms\.\n/)
      receiver.answer(answerWith(200, '{"success":true}'))
      const sent = receiver.received.length
      const result = await sepay("test", "--webhook", String(webhookId), "--json")
      assert.equal(result.code, 0, result.stderr)
      assert.equal(result.json<{ class: string }>().class, "ok")
      const received = (await receiver.waitFor(sent + 1)).at(-1)
      assert.equal(received?.headers["authorization"], "Apikey k7s8d9f0a1b2c3d4")
      assert.equal(JSON.parse(String(received?.body)).id, 0)
      assert.deepEqual(await operatorEntries("webhook.test"), [{}, {}])
    })

    it("replay --log makes rows again, and tells of each one that it cannot", async () => {
      const rows = (await ground.log(webhookId, 3)).filter((row) => row.kind === "auto")
      const sent = receiver.received.length
      const result = await sepay("replay", "--log", String(rows[0]?.n), "--log", "999999999", "--json")
      assert.equal(result.code, 1, "not all of it was done")
      const { results } = result.json<{ results: { id: number; delivery_id: string | null; error: string | null }[] }>()
      assert.deepEqual(
        results.map(({ id, error }) => [id, error]),
        [
          [rows[0]?.n, null],
          [999_999_999, "There is no such log row"],
        ],
      )
      const received = (await receiver.waitFor(sent + 1)).at(-1)
      assert.equal(received?.headers["x-delivery-id"], results[0]?.delivery_id)
      assert.deepEqual(await operatorEntries("webhook.replay"), [{ deliveries: 1, log_rows: [rows[0]?.n] }])
    })

    it("replay by time window makes what did not arrive again, once however often it is run", async () => {
      const window = ["--webhook", String(webhookId), "--from", "2020-01-01"]
      const replayed = async (id: number) => {
        const answer = await ground.caller.get(`/webhooks/${id}/logs?kind=replay&result=success`)
        return answer.json<{ data: unknown[] }>().data.length
      }
      await until(async () => (await replayed(webhookId)) === 1)
      assert.match((await sepay("replay", ...window, "--dry-run")).stdout, /^2 deliveries would be made again\.\n$/)
      assert.match((await sepay("replay", ...window, "--state", "cancelled")).stdout, /^Queued 0 deliveries again\.\n$/)
      const sent = receiver.received.length
      const { stdout, stderr } = await sepay("replay", ...window, "--state", "all")
      assert.equal(stdout, "Queued 2 deliveries again.\n")
      assert.match(stderr, /^2 deliveries did not arrive\n2 of 2 queued\n$/)
      await receiver.waitFor(sent + 2)
      await until(async () => (await replayed(webhookId)) === 3)
      const again = (await sepay("replay", ...window, "--json")).json<{ found: number; replayed: number }>()
      assert.deepEqual([again.found, again.replayed], [0, 0])
      const windows = (await operatorEntries("webhook.replay")).filter((details) => "made_from" in details)
      assert.deepEqual(
        windows.map(({ found, made_from, states }) => [found, made_from, states]),
        [
          [0, "2020-01-01 00:00:00", ["cancelled"]],
          [2, "2020-01-01 00:00:00", ["failed", "cancelled"]],
          [0, "2020-01-01 00:00:00", ["failed"]],
        ],
        "a dry run is none",
      )
    })

    it("refuse what is not there, with one line and exit code 1", async () => {
      const refused: readonly (readonly [string[], RegExp])[] = [
        [["log", "--webhook", "999999"], /There is no webhook 999999/],
        [["log", "--log", "999999999"], /There is no log row 999999999/],
        [["test", "--webhook", "999999"], /There is no webhook 999999/],
        [["replay", "--webhook", "999999", "--from", "2020-01-01"], /There is no webhook 999999/],
        [["explain", "--webhook", String(webhookId), "--transaction", "999999"], /There is no such transaction/],
      ]
      for (const [args, line] of refused) {
        const { code, stderr } = await sepay(...args)
        assert.equal(code, 1, stderr)
        assert.match(stderr, line)
        assert.equal(stderr.trimEnd().split("\n").length, 1)
      }
    })
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "it did not come to pass in time")
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
