// A webhook receiver on Node.js 24 or newer, without dependencies: verifies, stores once, answers, and works afterwards.
// WEBHOOK_SECRET=whsec_… node receiver.ts     While a secret is rolled: both, separated by a space.
import { createHmac, timingSafeEqual } from "node:crypto"
import { createServer, type IncomingMessage } from "node:http"
import { DatabaseSync } from "node:sqlite"

const { WEBHOOK_SECRET = "", PORT = "8080", DATABASE = "payments.db" } = process.env
const secrets = WEBHOOK_SECRET.split(" ").filter((secret) => secret !== "")
if (secrets.length === 0) throw new Error("WEBHOOK_SECRET is not set.")

const database = new DatabaseSync(DATABASE)
database.exec(
  "create table if not exists payments (id integer primary key, body text not null, done integer default 0)",
)
const insert = database.prepare("insert into payments (id, body) values (?, ?) on conflict do nothing")
const selectUndone = database.prepare("select id, body from payments where done = 0 order by id")
const markDone = database.prepare("update payments set done = 1 where id = ?")

createServer(async (request, response) => {
  const answer = (status: number, success: boolean): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ success }))
  }
  try {
    const body = await readBody(request)
    if (!isGenuine(request, body)) {
      answer(401, false)
      return
    }
    const { id } = JSON.parse(body.toString()) as { id: number }
    // A test send has id 0 and is no payment. An id that is known changes nothing, and is a success all the same.
    if (id !== 0) insert.run(id, body.toString())
    answer(200, true)
    setImmediate(workOff)
  } catch (error) {
    console.error(error)
    answer(500, false) // It is sent again.
  }
}).listen(Number(PORT), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${PORT}`))

workOff() // What a crash left undone.

async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > 1_000_000) throw new Error("The body is too large.")
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The signature is over the bytes as they came, so the body is not parsed before. */
function isGenuine({ headers }: IncomingMessage, body: Buffer): boolean {
  const timestamp = String(headers["x-sepay-timestamp"])
  const signature = Buffer.from(String(headers["x-sepay-signature"]))
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false
  return secrets.some((secret) => {
    const digest = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")
    const expected = Buffer.from(`sha256=${digest}`)
    return expected.length === signature.length && timingSafeEqual(expected, signature)
  })
}

/** Your own work: mark the order as paid, send the mail. */
function workOff(): void {
  for (const { id, body } of selectUndone.all() as { id: number; body: string }[]) {
    const { transferType, transferAmount, code } = JSON.parse(body)
    console.log(`payment ${id}: ${transferType} ${transferAmount} ${code ?? "without code"}`)
    markDone.run(id)
  }
}
