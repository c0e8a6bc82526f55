import type { Grant } from "./grants.store.ts"

/** What a grant reaches, as the audit log keeps it. */
export interface Reach {
  readonly scopes?: readonly string[]
  /** The ids of the accounts, or all of the mode. */
  readonly accounts?: readonly number[] | "all"
}

type Reaching = Pick<Grant, "scopes" | "bankAccountIds">

/** The whole reach of a grant. Pure. */
export function reachOf({ scopes, bankAccountIds }: Reaching): Reach {
  return { scopes, accounts: bankAccountIds ?? "all" }
}

/** What of a grant's reach differs before and after a change, and nothing else. Pure. */
export function changedReach(before: Reaching, after: Reaching): { readonly before: Reach; readonly after: Reach } {
  const [old, now] = [reachOf(before), reachOf(after)]
  const changed = (["scopes", "accounts"] as const).filter((key) => !isSame(old[key], now[key]))
  const pick = (reach: Reach) => Object.fromEntries(changed.map((key) => [key, reach[key]]))
  return { before: pick(old), after: pick(now) }
}

function isSame(one: Reach["scopes"] | Reach["accounts"], other: Reach["scopes"] | Reach["accounts"]): boolean {
  const sorted = (value: typeof one) => (Array.isArray(value) ? [...value].sort().join(" ") : value)
  return sorted(one) === sorted(other)
}
