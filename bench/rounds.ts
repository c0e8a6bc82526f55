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

/**
 * Runs the contestants in turn, `count` rounds of each, so that what disturbs the machine disturbs all of them. The
 * round before the first is not counted: nothing is compiled yet.
 */
export async function alternate<Name extends string>(
  count: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, readonly number[]>> {
  const names = Object.keys(contestants) as Name[]
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<Name, number[]>
  for (let round = 0; round <= count; round++) {
    for (const name of names) {
      const value = await contestants[name]()
      if (round > 0) values[name].push(value)
    }
  }
  return values
}
