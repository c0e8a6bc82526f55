import { type Scope, scopes } from "./protocol.ts"

const known: ReadonlySet<string> = new Set(scopes)

/**
 * Reads a scope parameter: split on runs of spaces and commas, repeats dropped, order kept (contract/oauth.md §5).
 *
 * @returns undefined when a word in it is no scope
 */
export function parseScope(text: string): readonly Scope[] | undefined {
  const words = new Set(text.split(/[ ,]+/).filter((word) => word !== ""))
  for (const word of words) if (!known.has(word)) return undefined
  return [...words] as Scope[]
}

/** The first word of a scope parameter that is no scope, as far as it may be shown. */
export function unknownScopeWord(text: string): string {
  const word = text.split(/[ ,]+/).find((one) => one !== "" && !known.has(one)) ?? ""
  return word.slice(0, 100)
}

/** The scopes in the order of contract/oauth.md §3. */
export function inListedOrder(chosen: Iterable<Scope>): readonly Scope[] {
  const set = new Set(chosen)
  return scopes.filter((scope) => set.has(scope))
}

/** Those of `wanted` that every set holds, in the order wanted. */
export function intersectScopes(wanted: readonly Scope[], ...sets: readonly (readonly Scope[])[]): readonly Scope[] {
  return wanted.filter((scope) => sets.every((set) => set.includes(scope)))
}
