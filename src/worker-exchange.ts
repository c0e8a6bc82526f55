import type { Worker } from "node:cluster"
import { createTurnKeeper } from "./database/write-turns.ts"
import { createGather } from "./worker-gather.ts"
import type { MetricValues, PrimaryMessage, WorkerMessage } from "./worker-messages.ts"

/** The primary's part in what workers tell each other: turns at writing, word of the bus, metrics, who is first. */
export interface WorkerExchange {
  receive(worker: Worker, message: WorkerMessage): void
  /** A worker that died gives its turn back and is waited for no longer. */
  gone(worker: Worker): void
}

const busPatienceMs = 2000
const metricsPatienceMs = 1000

/** Makes the exchange; workers belong to it from their `joined` on. */
export function createWorkerExchange(): WorkerExchange {
  const joined = new Set<Worker>()
  // A worker that has just died still counts as connected. Without somebody to hear that the message did not arrive, it
  // would be an error that ends this process, and all workers with it.
  const send = (worker: Worker, message: PrimaryMessage) => {
    if (worker.isConnected()) worker.send(message, () => {})
  }
  const turns = createTurnKeeper<Worker>((worker) => send(worker, { kind: "turn" }))
  const announcements = createGather<Worker, true>()
  const metrics = createGather<Worker, readonly MetricValues[]>()

  function tellFirst(): void {
    const lowest = Math.min(...[...joined].map((worker) => worker.id))
    for (const worker of joined) send(worker, { kind: "first", isFirst: worker.id === lowest })
  }

  function passOn(asker: Worker, message: Extract<WorkerMessage, { kind: "announce" }>): void {
    announcements.ask({
      workers: [...joined].filter((other) => other !== asker),
      patienceMs: busPatienceMs,
      ask: (worker, id) => send(worker, { kind: "announce", id, topic: message.topic }),
      done: (_, complete) => {
        if (complete) send(asker, { kind: "announced", id: message.id })
      },
    })
  }

  function collectMetrics(asker: Worker, askerId: number): void {
    metrics.ask({
      workers: joined,
      patienceMs: metricsPatienceMs,
      ask: (worker, id) => send(worker, { kind: "give-metrics", id }),
      done: (processes) => send(asker, { kind: "metrics", id: askerId, processes }),
    })
  }

  return {
    receive: (worker, message) => {
      if (message.kind === "turn-wanted") turns.wanted(worker)
      else if (message.kind === "turn-done") turns.done(worker)
      else if (message.kind === "announce") passOn(worker, message)
      else if (message.kind === "heard") announcements.answered(worker, message.id, true)
      else if (message.kind === "metrics-wanted") collectMetrics(worker, message.id)
      else if (message.kind === "metrics-given") metrics.answered(worker, message.id, message.metrics)
      else if (message.kind === "joined") {
        joined.add(worker)
        tellFirst()
      }
    },
    gone: (worker) => {
      joined.delete(worker)
      turns.gone(worker)
      announcements.gone(worker)
      metrics.gone(worker)
      tellFirst()
    },
  }
}
