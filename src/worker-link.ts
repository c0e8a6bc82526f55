import { createWriteTurns, type WriteTurns } from "./database/write-turns.ts"
import { createInstanceBus, type InstanceBus } from "./instance-bus.ts"
import type { MetricValues, PrimaryMessage, WorkerMessage } from "./worker-messages.ts"

/** A worker's connection to its primary, and what rests on it. */
export interface WorkerLink {
  readonly turns: WriteTurns
  readonly bus: InstanceBus
  /** The metrics of every process of the instance that answers within a second, this one among them. */
  gatherMetrics(): Promise<readonly (readonly MetricValues[])[]>
  send(message: WorkerMessage): void
}

const patienceMs = 1500

/** Links this worker to its primary; without a primary the process must end, since nobody hands out turns any more. */
export function createWorkerLink(ownMetrics: () => Promise<readonly MetricValues[]>): WorkerLink {
  // When the primary has just died the message is lost, and the end of the connection ends this process in its own way.
  const send = (message: WorkerMessage) => {
    if (process.connected) process.send?.(message, undefined, {}, () => {})
  }
  const turns = createWriteTurns(send)
  const bus = createInstanceBus(send)
  const waiting = new Map<number, (processes: readonly (readonly MetricValues[])[]) => void>()
  let lastId = 0

  process.on("message", (message: PrimaryMessage) => {
    if (message.kind === "turn") turns.granted()
    else if (message.kind === "metrics") waiting.get(message.id)?.(message.processes)
    else if (message.kind === "give-metrics") {
      const { id } = message
      ownMetrics().then(
        (metrics) => send({ kind: "metrics-given", id, metrics }),
        () => {},
      )
    } else if (message.kind !== "turn-wanted" && message.kind !== "turn-done") bus.receive(message)
  })
  process.on("disconnect", () => process.exit(1))
  send({ kind: "joined" })

  return {
    turns,
    bus,
    gatherMetrics: () => {
      lastId++
      const id = lastId
      const answer = Promise.withResolvers<readonly (readonly MetricValues[])[]>()
      waiting.set(id, answer.resolve)
      const timer = setTimeout(() => answer.resolve([]), patienceMs)
      send({ kind: "metrics-wanted", id })
      return answer.promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(id)
      })
    },
    send,
  }
}
