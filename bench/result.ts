import type { EngineName } from "./platform.ts"
import type { Spread } from "./rounds.ts"

/** One line of the benchmark's table. `ratio` is value ÷ againstValue; a target is a least ratio, or a most when `most`. */
export interface Result {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly against: string
  readonly againstValue: number | null
  readonly ratio: number | null
  readonly target: number | null
  readonly engine: EngineName
  /** Whether the target is the most (a time, a size) or the least (a rate). */
  readonly bound: "least" | "most"
  /** What the rounds were, for a person. */
  readonly noise: string
}

/** A benchmark prints results as they come. */
export type Report = (result: Result) => void

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
