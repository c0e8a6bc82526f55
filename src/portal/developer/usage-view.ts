import type { Language } from "../../messages/catalogue.ts"
import { type ClientUsage, callsOf, errorRate, type OutcomeCounts } from "../../oauth/client-usage.ts"
import { formatDay } from "../../vietnam-time.ts"
import { toAccessCounts } from "./access-counts.ts"

/** One line of figures. */
export interface UsageFigures {
  readonly calls: number
  /** 0 to 1. */
  readonly errorRate: number
  readonly counts: OutcomeCounts
}

/** Usage as the page shows it. */
export interface UsageView {
  readonly total: UsageFigures
  readonly days: readonly (UsageFigures & { readonly label: string })[]
  readonly endpoints: readonly (UsageFigures & { readonly label: string })[]
  /** In words, since counting stops somewhere. */
  readonly aliveGrants: string
  readonly aliveFamilies: string
}

/** Puts usage into the form of the page. Pure. */
export function toUsageView(usage: ClientUsage, language: Language): UsageView {
  const access = toAccessCounts({ grants: usage.aliveGrants, families: usage.aliveFamilies }, language)
  return {
    total: toFigures(usage.total),
    days: usage.days.map(({ day, counts }) => ({ label: formatDay(day), ...toFigures(counts) })),
    endpoints: usage.endpoints.map(({ endpoint, counts }) => ({ label: endpoint, ...toFigures(counts) })),
    aliveGrants: access.grants,
    aliveFamilies: access.families,
  }
}

function toFigures(counts: OutcomeCounts): UsageFigures {
  return { calls: callsOf(counts), errorRate: errorRate(counts), counts }
}
