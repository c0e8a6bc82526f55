// pg-boss at the work of a delivery worker, with the settings that suit it best here: batches of which a full one is
// followed by the next at once.
import { PgBoss } from "pg-boss"
import { createLoopbackPoster, type PeerStart, type StoredPost } from "./signed-post.ts"

const pgBossQueue = "deliveries"
const batchSize = 10

process.on("message", async ({ databaseUrl, url, secret, atOnce }: PeerStart) => {
  const post = createLoopbackPoster(url, secret)
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false })
  boss.on("error", (error) => process.stderr.write(`${error.message}\n`))
  await boss.start()
  await boss.createQueue(pgBossQueue)
  const options = {
    ...{ batchSize, localConcurrency: atOnce / batchSize },
    ...{ burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
  }
  await boss.work<StoredPost>(pgBossQueue, options, async (jobs) => {
    await Promise.all(jobs.map(({ data }) => post(data)))
  })
  process.send?.({ ready: true })
})
process.on("disconnect", () => process.exit())
