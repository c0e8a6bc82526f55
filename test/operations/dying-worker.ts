// A primary with real workers that sends word to one that has just died: it must live on. Run by cluster.test.ts.
import cluster, { type Worker } from "node:cluster"
import { once } from "node:events"
import { createWorkerExchange } from "../../src/worker-exchange.ts"
import type { WorkerMessage } from "../../src/worker-messages.ts"

const stillUnknownMs = 200

async function startWorker(): Promise<Worker> {
  const worker = cluster.fork()
  await once(worker, "message")
  return worker
}

if (cluster.isPrimary) {
  const exchange = createWorkerExchange()
  const [first, second] = [await startWorker(), await startWorker()]
  exchange.receive(first, { kind: "joined" })
  process.kill(first.process.pid as number, "SIGKILL")
  // The death is in the kernel, and this process has not heard of it yet.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stillUnknownMs)
  if (!first.isConnected()) throw new Error("The death is known already: nothing is tried.")
  exchange.receive(second, { kind: "joined" })
  await once(first, "exit")
  exchange.gone(first)
  await new Promise((resolve) => setTimeout(resolve, stillUnknownMs))
  process.stdout.write("lives on\n")
  second.process.kill("SIGKILL")
} else {
  process.send?.({ kind: "joined" } satisfies WorkerMessage)
  setInterval(() => {}, 1000)
}
