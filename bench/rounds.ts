import { processorSeconds } from "./pinned-process.ts"

/** The middle of a list of numbers, and its bounds: what shows how quiet the machine was. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** The spread of one or more numbers. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const median = Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
  return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN }
}

/** What one round did. */
export interface Round {
  readonly done: number
  readonly elapsedMs: number
}

/** One that takes part: the process that does the work, and a round of it. */
export interface Contestant {
  readonly pid: number
  /** Prepares a round, outside its time. */
  prepare?(): Promise<void>
  run(): Promise<Round>
}

/** Rates of the rounds: by the clock, and by the processor time of the process, which others on the machine disturb less. */
export interface Rates {
  readonly perSecond: Spread
  readonly perProcessorSecond: Spread
}

/**
 * Runs the contestants in turn, `count` rounds of each, so that what disturbs the machine disturbs all of them. The
 * round before the first is not counted: nothing is compiled yet.
 */
export async function alternate<Name extends string>(
  count: number,
  contestants: Readonly<Record<Name, Contestant>>,
): Promise<Readonly<Record<Name, Rates>>> {
  const entries = Object.entries<Contestant>(contestants).map(([name, contestant]) => ({
    name,
    contestant,
    byClock: [] as number[],
    byProcessor: [] as number[],
  }))
  for (let round = 0; round <= count; round++) {
    for (const { contestant, byClock, byProcessor } of entries) {
      await contestant.prepare?.()
      const before = processorSeconds(contestant.pid) ?? Number.NaN
      const { done, elapsedMs } = await contestant.run()
      if (round === 0) continue
      byClock.push((done / elapsedMs) * 1000)
      byProcessor.push(done / ((processorSeconds(contestant.pid) ?? Number.NaN) - before))
    }
  }
  const rates = entries.map(({ name, byClock, byProcessor }) => {
    return [name, { perSecond: spreadOf(byClock), perProcessorSecond: spreadOf(byProcessor) }]
  })
  return Object.fromEntries(rates) as Record<Name, Rates>
}
