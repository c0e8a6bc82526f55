/** What two statements are compared by (contract/feeds.md §3.1). */
export interface ComparableStatement {
  readonly id: number
  readonly importId: number
  readonly number: string | null
  readonly fromDay: number | null
  readonly toDay: number | null
  readonly fromAt: number | null
  readonly toAt: number | null
  readonly opening: number | null
  readonly closing: number | null
}

/**
 * Which known statements share no movement with a new one, so that equal lines of both are true twins (contract/feeds.md
 * §3.1). `others` are those that share a day with it; all others cannot have equal lines.
 *
 * @param saidDisjoint the user said that the file overlaps nothing imported before
 */
export function findDisjoint(
  statement: ComparableStatement,
  others: readonly ComparableStatement[],
  saidDisjoint: boolean,
): readonly number[] {
  const neighbours = chained(statement, others)
  return others
    .filter((other) => !isSameStatement(statement, other))
    .filter(
      (other) =>
        neighbours.has(other.id) ||
        (saidDisjoint && other.importId !== statement.importId) ||
        areOtherPagesOfOneDay(statement, other) ||
        areApartInTime(statement, other),
    )
    .map((other) => other.id)
}

function isSameStatement(a: ComparableStatement, b: ComparableStatement): boolean {
  return a.opening !== null && a.opening === b.opening && a.closing === b.closing && a.number === b.number
}

function areOtherPagesOfOneDay(a: ComparableStatement, b: ComparableStatement): boolean {
  const oneDay = a.fromDay !== null && a.fromDay === a.toDay && b.fromDay === a.fromDay && b.toDay === a.fromDay
  return oneDay && a.number !== null && b.number !== null && a.number !== b.number
}

function areApartInTime(a: ComparableStatement, b: ComparableStatement): boolean {
  if (a.fromAt === null || a.toAt === null || b.fromAt === null || b.toAt === null) return false
  return a.toAt <= b.fromAt || b.toAt <= a.fromAt
}

/** Statements reached from one by closing = opening, all forward or all backward. */
function chained(start: ComparableStatement, others: readonly ComparableStatement[]): ReadonlySet<number> {
  return new Set([...reach(start, others, "closing", "opening"), ...reach(start, others, "opening", "closing")])
}

function reach(
  start: ComparableStatement,
  others: readonly ComparableStatement[],
  leaving: "opening" | "closing",
  entering: "opening" | "closing",
): ReadonlySet<number> {
  const reached = new Set<number>()
  let ends = [start]
  while (ends.length > 0) {
    const balances = new Set(ends.map((statement) => statement[leaving]).filter((balance) => balance !== null))
    ends = others.filter((other) => {
      const balance = other[entering]
      const follows = !reached.has(other.id) && balance !== null && balances.has(balance)
      return follows && !isSameStatement(start, other)
    })
    for (const end of ends) reached.add(end.id)
  }
  return reached
}
