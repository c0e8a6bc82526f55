import type { Context } from "../context.ts"
import type { DeliveryTools } from "./deliver.ts"
import { createDeliveryWorker, type DeliveryWorker } from "./delivery-worker.ts"
import { createReceiverTokens } from "./receiver-token.ts"
import { readWake } from "./wake.ts"
import { learnLesson } from "./webhook-lessons.ts"

/** What attempts are made with in this process. */
export function createDeliveryTools({ clock, outbound }: Pick<Context, "clock" | "outbound">): DeliveryTools {
  return { clock, outbound, tokens: createReceiverTokens({ outbound, clock }), random: Math.random }
}

/** What delivery needs of a process; one that nobody asks for metrics has none. */
export type DeliveryContext = Omit<Context, "metrics" | "mail"> & { readonly metrics?: Context["metrics"] }

/** The worker of this process, woken by whatever makes deliveries due on this node or another (contract/webhooks.md §7). */
export function createDelivery(context: DeliveryContext): {
  readonly worker: DeliveryWorker
  readonly tools: DeliveryTools
} {
  const { db, clock, log, config, metrics, bus } = context
  const tools = createDeliveryTools(context)
  const { fastSlots: fast, slowSlots: slow, endpointSlots: endpoint } = config.delivery
  const worker = createDeliveryWorker({
    ...{ db, clock, log, tools },
    keyring: config.keyring,
    limits: { fast, slow, endpoint },
    learn: learnLesson,
    onAttempt: ({ attempt }) => {
      metrics?.webhookAttempts.inc({ class: attempt.class })
      metrics?.webhookDuration.observe(attempt.responseTimeMs / 1000)
    },
  })
  let telling = false
  db.engine.listen("deliveries", (message) => {
    worker.wake(readWake(message))
    if (db.engine.hearsOthers || telling) return
    // The other processes of the instance help when this one has no room left.
    telling = true
    void bus.announce("deliveries-due").finally(() => {
      telling = false
    })
  })
  bus.listen("deliveries-due", async () => worker.wake(undefined))
  return { worker, tools }
}
