// graphile-worker at the work of a delivery worker, with the batching that its documentation recommends for throughput.
import { run } from "graphile-worker"
import { createLoopbackPoster, type PeerStart, type StoredPost } from "./signed-post.ts"

process.on("message", async ({ databaseUrl, url, secret, atOnce }: PeerStart) => {
  const post = createLoopbackPoster(url, secret)
  await run({
    taskList: { deliver: (stored) => post(stored as StoredPost) },
    preset: {
      worker: {
        connectionString: databaseUrl,
        concurrentJobs: atOnce,
        maxPoolSize: atOnce + 2,
        pollInterval: 500,
        localQueue: { size: 4 * atOnce },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  })
  process.send?.({ ready: true })
})
process.on("disconnect", () => process.exit())
