import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, describe, it, type TestContext } from "node:test"
import { onSqlite } from "../support/engines.ts"
import { type ExampleReceiver, findOnPath, startExample } from "../support/example-receiver.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"
import { demoSecret, demoTimestamp, j1 } from "./signature-vectors.ts"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/webhooks.md"), "utf8")
const oldSecret = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xkIG9s"
const newSecret = "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5l"

interface Language {
  readonly name: string
  readonly file: string
  /** The program that runs it, and what that must have; undefined: the Node of the tests. */
  readonly program?: { readonly name: string; readonly check: readonly string[] }
  args(file: string, port: number): readonly string[]
}

const languages: readonly Language[] = [
  { name: "TypeScript", file: "receiver.ts", args: (file) => [file] },
  {
    name: "PHP",
    file: "receiver.php",
    program: { name: "php", check: ["-r", "exit(extension_loaded('pdo_sqlite') ? 0 : 1);"] },
    args: (file, port) => ["-S", `127.0.0.1:${port}`, file],
  },
  {
    name: "Python",
    file: "receiver.py",
    program: { name: "python3", check: ["-c", "import sqlite3"] },
    args: (file) => [file],
  },
]

function checkPage(file: string): void {
  const fence = file.slice(file.lastIndexOf(".") + 1)
  assert.ok(page.includes(`\`\`\`${fence}\n${readFileSync(file, "utf8")}\`\`\`\n`), `${file} and its copy differ`)
}

interface LoggedCall {
  readonly request: {
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly body: string
  }
}

onSqlite((engine) => {
  let ground: DeliveryGround
  before(async () => {
    ground = await startDeliveryGround(engine.databaseUrl())
    ground.app.worker.start()
  })
  after(() => ground.stop())

  /** What the log has of a call, to send it again by hand. */
  async function sentCall(n: number): Promise<{ body: string; headers: Record<string, string> }> {
    const answer = await ground.caller.get(`/webhook-logs/${n}`)
    const { request } = answer.json<{ data: LoggedCall }>().data
    return { body: request.body, headers: Object.fromEntries(request.headers.map(({ name, value }) => [name, value])) }
  }

  async function checkDeliveries(receiver: ExampleReceiver): Promise<void> {
    const hook = { webhook_url: receiver.url, authen_type: "HMAC_SHA256", secret_key: newSecret }
    const id = await ground.webhook(hook)
    const [payment] = await ground.push([{ amount: 349_000 }])
    await receiver.waitForLine(`payment ${payment}: in 349000 DH100245`)
    const [row] = await ground.log(id, 1)
    assert.deepEqual([row?.class, row?.http_status], ["ok", 200])

    await ground.caller.post("/webhook-logs/replay", { ids: [row?.n] })
    const [, replay] = await ground.log(id, 2)
    assert.deepEqual([replay?.kind, replay?.class], ["replay", "ok"])
    const trial = await ground.caller.post(`/webhooks/${id}/test`, {})
    assert.equal(trial.json<{ data: { class: string } }>().data.class, "ok", trial.text)
    const [withoutCode] = await ground.push([{ amount: 5000, content: "tien mat", transfer_type: "out" }])
    await receiver.waitForLine(`payment ${withoutCode}: out 5000 without code`)
    const worked = receiver.output().match(/payment \d+: .*/g)
    assert.deepEqual(worked?.length, 2, "each payment was worked once, and the test send not at all")

    await ground.caller.patch(`/webhooks/${id}`, { secret_key: "a-secret-that-nobody-knows" })
    const [unknown] = await ground.push([{}])
    // The answer to the call before may be recorded after this one's.
    const refused = (await ground.log(id, 5)).find((logged) => logged.transaction_id === unknown)
    assert.deepEqual([refused?.class, refused?.http_status], ["http_error", 401])
    await ground.caller.delete(`/webhooks/${id}`)
  }

  async function checkForgeries(receiver: ExampleReceiver): Promise<void> {
    const hook = { webhook_url: receiver.url, authen_type: "HMAC_SHA256", secret_key: oldSecret }
    const id = await ground.webhook(hook)
    await ground.push([{ amount: 120_000 }])
    const [row] = await ground.log(id, 1)
    const { body, headers } = await sentCall(row?.n ?? 0)
    const send = async (changed: string, changes: Readonly<Record<string, string>>) =>
      (await fetch(receiver.url, { method: "POST", headers: { ...headers, ...changes }, body: changed })).status
    const sign = (timestamp: number) => ({
      "X-SePay-Timestamp": String(timestamp),
      "X-SePay-Signature": `sha256=${createHmac("sha256", oldSecret).update(`${timestamp}.${body}`).digest("hex")}`,
    })
    const now = Math.floor(ground.app.context.clock.now() / 1000)
    assert.equal(await send(body, {}), 200, "the very call is taken again")
    assert.equal(await send(body, sign(now - 200)), 200)
    assert.equal(await send(body.replace("120000", "920000"), {}), 401)
    for (const timestamp of [now - 400, now + 400]) assert.equal(await send(body, sign(timestamp)), 401)
    assert.equal(await send(body, { "X-SePay-Timestamp": "soon" }), 401)
    assert.equal(await send(body, { "X-SePay-Signature": "sha256=" }), 401)
    await ground.caller.delete(`/webhooks/${id}`)
  }

  for (const language of languages) {
    describe(`the receiver in ${language.name}`, () => {
      const file = join(root, "examples/receivers", language.file)

      it("stands in docs/webhooks.md as it is", () => checkPage(file))

      it("takes what is genuine once, and nothing else", async (t: TestContext) => {
        const { program } = language
        const runner = program === undefined ? process.execPath : findOnPath(program.name, program.check)
        if (runner === undefined) {
          checkPage(file)
          t.diagnostic(`${program?.name} is not here: only the page's copy of ${language.file} was checked`)
          return
        }
        const directory = makeTemporaryDirectory()
        const env = { WEBHOOK_SECRET: `${newSecret} ${oldSecret}`, DATABASE: join(directory, "payments.db") }
        const receiver = await startExample(runner, (port) => language.args(file, port), { directory, env })
        try {
          await checkDeliveries(receiver)
          await checkForgeries(receiver)
        } finally {
          await receiver.stop()
        }
      })
    })
  }

  it("docs/webhooks.md has a signature to try one's code with", () => {
    const digest = createHmac("sha256", demoSecret).update(`${demoTimestamp}.${j1}`).digest("hex")
    for (const text of [demoSecret, String(demoTimestamp), j1, digest]) assert.ok(page.includes(text), text)
  })
})
