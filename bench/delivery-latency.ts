import { setTimeout as sleep } from "node:timers/promises"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"
import { wireRequest } from "./load-job.ts"
import type { EngineName } from "./platform.ts"
import { type Arrival, checkArrivals, type Timed } from "./receiver-job.ts"
import { formatNumber, type Report, targetOn } from "./result.ts"

const perSecond = 50
const warmUpSeconds = 5
const seconds = 60

/**
 * From the push of a transaction to its webhook at the receiver, 50 a second for a minute. It begins when the push is
 * sent: the commit, which nobody outside can see, comes later, so no figure is better than that from the commit.
 */
export async function benchDeliveryLatency(engine: EngineName, report: Report): Promise<void> {
  const ground = await startDeliveryGround(engine, {})
  try {
    await ground.addWebhook("/ours")
    await pushSteadily(ground, { paths: ["/ours"], name: "W", seconds: warmUpSeconds, perSecond })
    const times = await pushSteadily(ground, { paths: ["/ours"], name: "M", seconds, perSecond })
    await ground.checkDelivered((warmUpSeconds + seconds) * perSecond)
    for (const [share, target] of [
      [0.5, 10],
      [0.99, 50],
    ] as const) {
      const at = (values: readonly number[]) => formatNumber(quantile(values, share))
      report({
        name: "delivery-latency",
        value: quantile(times.fromSending, share),
        unit: `ms, p${share * 100} from the push`,
        ...{ against: "nothing", againstValue: null, ratio: null, bound: "most" },
        target: targetOn(engine, target),
        engine,
        noise: `from the answer to the push, which follows the commit: ${at(times.fromAnswer)} ms; /healthz: ${at(times.probes)} ms`,
      })
    }
  } finally {
    await ground.stop()
  }
}

/** A steady stream of single pushes, each told to webhooks of these paths. */
export interface SteadyPushes {
  readonly paths: readonly string[]
  /** Begins the references: no two streams of a ground have the same. */
  readonly name: string
  readonly seconds: number
  readonly perSecond: number
}

/** How long deliveries took, ms. */
export interface DeliveryTimes {
  readonly fromSending: readonly number[]
  readonly fromAnswer: readonly number[]
  /** What an answer took that is no work at all: how quiet the machine was. */
  readonly probes: readonly number[]
}

/** Pushes at fixed times, and checks that everything arrived once on each path. */
export async function pushSteadily(
  { receiver, platform, pushOf }: DeliveryGround,
  { paths, name, seconds, perSecond }: SteadyPushes,
): Promise<DeliveryTimes> {
  const references = Array.from({ length: seconds * perSecond }, (_, index) => `${name}${100_000 + index}`)
  const requests = references.map(pushOf)
  const { port } = platform
  const probe = wireRequest("/healthz", {})
  const { pushes, probes } = await receiver.ask({ kind: "push", port, requests, everyMs: 1000 / perSecond, probe })
  const count = paths.length * references.length
  const { arrivals } = await receiver.ask({ kind: "collect", count, withinMs: 10_000 })
  await sleep(200)
  const { arrivals: later } = await receiver.ask({ kind: "collect", count: 0, withinMs: 0 })
  checkArrivals([...arrivals, ...later], paths, references)
  return {
    ...timesOf(arrivals, references, pushes),
    probes: probes.map(({ sentAt, answeredAt }) => answeredAt - sentAt),
  }
}

function timesOf(
  arrivals: readonly Arrival[],
  references: readonly string[],
  pushes: readonly Timed[],
): Omit<DeliveryTimes, "probes"> {
  const pushOf = new Map(references.map((reference, index) => [reference, pushes[index]]))
  const since = (moment: "sentAt" | "answeredAt") =>
    arrivals.map(({ reference, at }) => at - (pushOf.get(reference)?.[moment] ?? Number.NaN))
  return { fromSending: since("sentAt"), fromAnswer: since("answeredAt") }
}

/** The value that `share` of the numbers do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
