import type { EngineName } from "./platform.ts"
import type { Rates, Spread } from "./rounds.ts"

/** One line of the benchmark's table; `ratio` is value ÷ againstValue. */
export interface Result {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly against: string
  readonly againstValue: number | null
  readonly ratio: number | null
  /** For the ratio, or the value where there is none. */
  readonly target: number | null
  readonly engine: EngineName
  /** Whether the target is the least (a rate) or the most (a time, a size). */
  readonly bound: "least" | "most"
  /** What the rounds were, for a person. */
  readonly noise: string
}

/** Prints results as they come. */
export type Report = (result: Result) => void

/** Measures on one engine. */
export type Benchmark = (engine: EngineName, report: Report) => Promise<void>

/** "1,810 (1,790–1,840)": the median and between which bounds. */
export function formatSpread({ median, least, most }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(least)}–${formatNumber(most)})`
}

/** A number with as many digits as can matter. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString("en", { maximumFractionDigits: digits })
}

/** The target of an engine: the budgets bind SQLite alone. */
export function targetOn(engine: EngineName, target: number): number | null {
  return engine === "sqlite" ? target : null
}

/** A rate of ours beside the rate of a ceiling or peer. */
export function compareRates(
  shown: Pick<Result, "name" | "unit" | "against" | "target" | "engine">,
  ours: Rates,
  other: Rates,
): Result {
  const byProcessor = ours.perProcessorSecond.median / other.perProcessorSecond.median
  return {
    ...shown,
    value: ours.perSecond.median,
    againstValue: other.perSecond.median,
    ratio: ours.perSecond.median / other.perSecond.median,
    bound: "least",
    noise:
      `${formatSpread(ours.perSecond)} against ${formatSpread(other.perSecond)}; a processor second: ` +
      `${formatSpread(ours.perProcessorSecond)} against ${formatSpread(other.perProcessorSecond)}, ${formatNumber(byProcessor)} ×`,
  }
}
