import { setTimeout as sleep } from "node:timers/promises"
import type { WebhookId } from "../src/ids.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"
import { pushSteadily, quantile } from "./delivery-latency.ts"
import type { EngineName } from "./platform.ts"
import { formatSpread, type Report, targetOn } from "./result.ts"
import { type Spread, spreadOf } from "./rounds.ts"

const healthy = Array.from({ length: 9 }, (_, index) => `/healthy/${index}`)
const rounds = 5
const roundSeconds = 5
const perSecond = 20

/**
 * How long nine healthy webhooks wait while others of the same company answer nothing: every transaction is told to all.
 * With one that hangs, rounds with and without it take turns; ten and a hundred come after, and have no target.
 */
export async function benchDeliveryNeighbours(engine: EngineName, report: Report): Promise<void> {
  const ground = await startDeliveryGround(engine, {})
  try {
    for (const path of healthy) await ground.addWebhook(path)
    const hanging = [await ground.addWebhook("/hang/0")]
    await round(ground, hanging, "W")
    const without: number[] = []
    const withOne: number[] = []
    for (let index = 0; index < rounds; index++) {
      without.push(await round(ground, [], `N${index}`, hanging))
      withOne.push(await round(ground, hanging, `H${index}`))
    }
    const alone = spreadOf(without)
    reportRatio(report, engine, { hanging: 1, target: 1.5, with: spreadOf(withOne), alone })
    for (const count of [10, 100]) {
      while (hanging.length < count) hanging.push(await ground.addWebhook(`/hang/${hanging.length}`))
      const measured: number[] = []
      for (const index of [0, 1, 2]) measured.push(await round(ground, hanging, `H${count}R${index}`))
      reportRatio(report, engine, { hanging: count, target: null, with: spreadOf(measured), alone })
    }
  } finally {
    await ground.stop()
  }
}

/** The p99 of the healthy ones, ms, once those that hang are on and those at rest are off and let go of. */
async function round(
  ground: DeliveryGround,
  hanging: readonly WebhookId[],
  name: string,
  atRest: readonly WebhookId[] = [],
): Promise<number> {
  for (const id of atRest) await ground.switchWebhook(id, false)
  if (atRest.length > 0) await ground.receiver.ask({ kind: "hang-up" })
  for (const id of hanging) await ground.switchWebhook(id, true)
  await sleep(500)
  const stream = { paths: healthy, name, seconds: roundSeconds, perSecond }
  return quantile((await pushSteadily(ground, stream)).fromSending, 0.99)
}

function reportRatio(
  report: Report,
  engine: EngineName,
  measured: { hanging: number; target: number | null; with: Spread; alone: Spread },
): void {
  const { hanging, target, alone } = measured
  report({
    name: "delivery-neighbours",
    value: measured.with.median,
    unit: `ms, p99 of nine healthy webhooks beside ${hanging} that hang`,
    against: "without",
    againstValue: alone.median,
    ratio: measured.with.median / alone.median,
    target: target === null ? null : targetOn(engine, target),
    engine,
    bound: "most",
    noise: `${formatSpread(measured.with)} against ${formatSpread(alone)}`,
  })
}
