import { type DeliveryGround, startDeliveryGround, webhookSecret } from "./delivery-ground.ts"
import { startAssistant } from "./pinned-process.ts"
import type { EngineName } from "./platform.ts"
import { checkArrivals, type Receiver } from "./receiver-job.ts"
import { compareRates, type Report, targetOn } from "./result.ts"
import { alternate, type Contestant, type Round } from "./rounds.ts"
import type { PostJob } from "./signed-post.ts"

const rounds = 3
const queued = 10_000
export const inFlight = 50
const roundWithinMs = 60_000

/** 10,000 queued deliveries of one signed webhook, 50 in flight, against a loop that posts as many without a queue. */
export async function benchDelivery(engine: EngineName, report: Report): Promise<void> {
  const ground = await startDeliveryGround(engine, { DELIVERY_ENDPOINT_SLOTS: String(inFlight) })
  const loop = startAssistant<PostJob, { done: number }>("measured", "post-loop")
  try {
    await ground.addWebhook("/ours")
    const url = `${ground.receiverUrl}/ceiling`
    const ceiling: Contestant = {
      pid: loop.pid,
      run: queueRoundOf({
        ...{ receiver: ground.receiver, path: "/ceiling", count: queued },
        queue: async (references) => {
          await loop.ask({ url, secret: webhookSecret, references, atOnce: inFlight })
        },
      }),
    }
    const rates = await alternate(rounds, { ours: queueContestant(ground, "/ours"), ceiling })
    const shown = { name: "delivery", unit: "deliveries/s", engine, target: targetOn(engine, 0.8) }
    report(compareRates({ ...shown, against: "POST loop, same client and signing" }, rates.ours, rates.ceiling))
  } finally {
    await loop.stop()
    await ground.stop()
  }
}

/** Delivers what was queued in one commit, from the first arrival to the last. */
export function queueContestant(ground: DeliveryGround, path: string, count: number = queued): Contestant {
  const run = queueRoundOf({ receiver: ground.receiver, path, count, queue: ground.queue })
  let delivered = 0
  return {
    pid: ground.platform.pid,
    run: async () => {
      const round = await run()
      delivered += round.done
      // The last results are part of the work, and of the processor time.
      await ground.checkDelivered(delivered)
      return round
    },
  }
}

interface QueueRound {
  readonly receiver: Receiver
  readonly path: string
  readonly count: number
  /** Puts all of them in, or posts them itself. */
  queue(references: readonly string[]): Promise<void>
}

/** Rounds of a queue: whoever works on it delivers what is put in to that path. */
export function queueRoundOf({ receiver, path, count, queue }: QueueRound): () => Promise<Round> {
  let round = 0
  return async () => {
    const references = referencesOf(path, round++, count)
    const arrived = collectRound(receiver, path, references)
    await queue(references)
    return arrived
  }
}

function referencesOf(path: string, round: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${path.slice(1, 3).toUpperCase()}${round}${100_000 + index}`)
}

async function collectRound(receiver: Receiver, path: string, references: readonly string[]): Promise<Round> {
  const { arrivals } = await receiver.ask({ kind: "collect", count: references.length, withinMs: roundWithinMs })
  checkArrivals(arrivals, [path], references)
  return { done: arrivals.length, elapsedMs: (arrivals.at(-1)?.at ?? 0) - (arrivals[0]?.at ?? 0) }
}
