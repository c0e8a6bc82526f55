/** What the processes of one instance tell each other. */
export type Topic = "access-changed" | "deliveries-due"

/** Word among the processes of one instance (those that one `serve` starts). */
export interface InstanceBus {
  /**
   * Runs the topic's listeners in every process of the instance and resolves when all have finished, or after one
   * second: from then on a process that did not answer distrusts its own view (contract/oauth.md §9).
   */
  announce(topic: Topic): Promise<void>
  listen(topic: Topic, listener: () => Promise<void>): void
  /** Whether this is the process that does what only one of the instance should; it changes when one dies. */
  isFirst(): boolean
}

export type BusMessage =
  | { readonly kind: "announce"; readonly id: number; readonly topic: Topic }
  | { readonly kind: "announced"; readonly id: number }
  | { readonly kind: "heard"; readonly id: number }
  | { readonly kind: "first"; readonly isFirst: boolean }

const patienceMs = 1000

/**
 * The bus of one process. `send` reaches the primary, which passes an announcement to the other workers and says
 * `announced` when each of them said `heard`; without `send` the process is alone.
 */
export function createInstanceBus(send?: (message: BusMessage) => void): InstanceBus & {
  receive(message: BusMessage): void
} {
  const listeners = new Map<Topic, (() => Promise<void>)[]>()
  const waiting = new Map<number, () => void>()
  let lastId = 0
  let isFirst = send === undefined

  async function runListeners(topic: Topic): Promise<void> {
    await Promise.all((listeners.get(topic) ?? []).map((listener) => listener()))
  }

  function tellSiblings(topic: Topic): Promise<void> {
    if (send === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      lastId++
      const id = lastId
      const done = () => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve()
      }
      const timer = setTimeout(done, patienceMs)
      waiting.set(id, done)
      send({ kind: "announce", id, topic })
    })
  }

  return {
    announce: async (topic) => {
      await Promise.all([runListeners(topic), tellSiblings(topic)])
    },
    listen: (topic, listener) => {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener])
    },
    isFirst: () => isFirst,
    receive: (message) => {
      if (message.kind === "first") isFirst = message.isFirst
      if (message.kind === "announced") waiting.get(message.id)?.()
      if (message.kind !== "announce" || send === undefined) return
      const heard = () => send({ kind: "heard", id: message.id })
      // A listener that failed leaves a stale view, which its owner notices by its age.
      runListeners(message.topic).then(heard, () => {})
    },
  }
}
