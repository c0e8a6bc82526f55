import { type ClientUsage, callsOf, errorRate, mostCounted, type OutcomeCounts } from "../../oauth/client-usage.ts"
import { formatDay } from "../../vietnam-time.ts"

/** One line of figures. */
export interface UsageFigures {
  readonly calls: number
  /** 0 to 1. */
  readonly errorRate: number
  readonly counts: OutcomeCounts
}

/** A number that may be the end of counting. */
export interface CappedCount {
  readonly count: number
  readonly more: boolean
}

/** Usage as the page shows it. */
export interface UsageView {
  readonly total: UsageFigures
  readonly days: readonly (UsageFigures & { readonly label: string })[]
  readonly endpoints: readonly (UsageFigures & { readonly label: string })[]
  readonly aliveGrants: CappedCount
  readonly aliveFamilies: CappedCount
}

/** Puts usage into the form of the page. Pure. */
export function toUsageView(usage: ClientUsage): UsageView {
  return {
    total: toFigures(usage.total),
    days: usage.days.map(({ day, counts }) => ({ label: formatDay(day), ...toFigures(counts) })),
    endpoints: usage.endpoints.map(({ endpoint, counts }) => ({ label: endpoint, ...toFigures(counts) })),
    aliveGrants: capped(usage.aliveGrants),
    aliveFamilies: capped(usage.aliveFamilies),
  }
}

function toFigures(counts: OutcomeCounts): UsageFigures {
  return { calls: callsOf(counts), errorRate: errorRate(counts), counts }
}

function capped(count: number): CappedCount {
  return { count, more: count >= mostCounted }
}
