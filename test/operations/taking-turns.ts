// Four processes write to one SQLite file for two seconds, the first with far more work than the others; then one tells
// the others a word on the bus, while one of them is dead. Prints what happened as one JSON object.
import cluster, { type Worker } from "node:cluster"
import { once } from "node:events"
import { sql } from "kysely"
import { transaction } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createWorkerExchange } from "../../src/worker-exchange.ts"
import { createWorkerLink } from "../../src/worker-link.ts"
import type { WorkerMessage } from "../../src/worker-messages.ts"

const url = process.argv[2] ?? ""
const processes = 4
const workMs = 2000

/** What the workers of this program tell beside the messages of the product. */
interface Report {
  readonly kind: "report"
  readonly commits?: number
  readonly heard?: true
  readonly announcedAfterMs?: number
}

async function runPrimary(): Promise<void> {
  const db = await openDatabase({ url })
  await transaction(db, (tx) => sql`create table commits (worker integer)`.execute(tx))
  await closeDatabase(db)

  const exchange = createWorkerExchange()
  const commits: number[] = []
  const announced = Promise.withResolvers<number>()
  const allWorked = Promise.withResolvers<void>()
  let heard = 0
  cluster.on("message", (worker, message: WorkerMessage | Report) => {
    if (message.kind !== "report") return exchange.receive(worker, message)
    if (message.heard) heard++
    if (message.announcedAfterMs !== undefined) announced.resolve(message.announcedAfterMs)
    if (message.commits === undefined) return
    commits.push(message.commits)
    if (commits.length === processes) allWorked.resolve()
  })
  cluster.on("exit", (worker) => exchange.gone(worker))
  const workers = Array.from({ length: processes }, (_, index) => cluster.fork({ LANES: index === 0 ? "50" : "1" }))
  await allWorked.promise

  const [asker, , , dead] = workers as [Worker, Worker, Worker, Worker]
  dead.process.kill("SIGKILL")
  await once(dead, "exit")
  asker.send({ kind: "announce-now" })
  const announcedAfterMs = await announced.promise
  process.stdout.write(JSON.stringify({ commits, heard, announcedAfterMs }))
  process.exit(0)
}

async function runWorker(): Promise<void> {
  const link = createWorkerLink(async () => [])
  const report = (what: Omit<Report, "kind">) => process.send?.({ kind: "report", ...what })
  link.bus.listen("access-changed", async () => {
    report({ heard: true })
  })
  process.on("message", async (message: { kind: string }) => {
    if (message.kind !== "announce-now") return
    const startedAt = performance.now()
    await link.bus.announce("access-changed")
    report({ announcedAfterMs: performance.now() - startedAt })
  })
  const db = await openDatabase({ url, turns: link.turns })
  const endsAt = performance.now() + workMs
  let commits = 0
  const lane = async () => {
    while (performance.now() < endsAt) {
      await transaction(db, (tx) => sql`insert into commits values (${process.pid})`.execute(tx))
      commits++
    }
  }
  await Promise.all(Array.from({ length: Number(process.env["LANES"]) }, lane))
  report({ commits })
}

await (cluster.isPrimary ? runPrimary() : runWorker())
