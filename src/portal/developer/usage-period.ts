/** The lengths of time that usage is shown for, days. */
export const periods = [7, 30, 90] as const

/** Reads the period of a query; anything else is a month. */
export function readPeriod(value: unknown): (typeof periods)[number] {
  return periods.find((days) => String(days) === value) ?? 30
}
