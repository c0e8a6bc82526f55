/** Whether a pattern of a profile is found in a text. */
export type RowPattern = (text: string) => boolean

/** A part of an alternative: a place, or a character that may be left out or come many times. */
type Item =
  | { readonly kind: "start" | "end" }
  | {
      readonly kind: "character"
      readonly fits: (character: string) => boolean
      readonly isOptional: boolean
      readonly isRepeated: boolean
    }

// An escape or a character, with what repeats it; a second `?` only makes it lazy, which finds the same texts.
const ITEM = /(\\.|.)([*+?]?)\??/gsu
const ALTERNATIVES = /(?:\\.|[^\\|])*/gsu

/**
 * Makes a pattern ready to be looked for in many texts, without case: what `csvProfileSchema` lets through, a regular
 * expression without groups.
 *
 * Patterns and texts are both a customer's. All that may match is followed at once, so the time grows with the length of
 * the text times that of the pattern, and never with a power of it, as it does where an engine tries one way after another.
 */
export function compileRowPattern(source: string): RowPattern {
  const alternatives = splitAlternatives(source).map(toItems)
  return (text) => {
    const characters = [...text]
    return alternatives.some((items) => isFound(items, characters))
  }
}

function splitAlternatives(source: string): readonly string[] {
  const alternatives: string[] = []
  for (let at = 0; at <= source.length; ) {
    ALTERNATIVES.lastIndex = at
    const [alternative = ""] = ALTERNATIVES.exec(source) ?? []
    alternatives.push(alternative)
    at += alternative.length + 1
  }
  return alternatives
}

function toItems(source: string): readonly Item[] {
  return [...source.matchAll(ITEM)].map(([, atom = "", repetition = ""]): Item => {
    if (atom === "^") return { kind: "start" }
    if (atom === "$") return { kind: "end" }
    const one = new RegExp(`^${atom}$`, "iu")
    return {
      kind: "character",
      fits: (character) => one.test(character),
      isOptional: repetition === "*" || repetition === "?",
      isRepeated: repetition === "*" || repetition === "+",
    }
  })
}

function isFound(items: readonly Item[], characters: readonly string[]): boolean {
  let reached = new Set<number>()
  for (let at = 0; at <= characters.length; at += 1) {
    // It may begin anywhere.
    reached.add(0)
    for (const place of reached) {
      if (place === items.length) return true
      const item = items[place]
      const isPassed =
        item?.kind === "character" ? item.isOptional : item?.kind === "start" ? at === 0 : at === characters.length
      // A set is walked in the order of its growth, what is added on the way included.
      if (isPassed) reached.add(place + 1)
    }
    reached = step(items, reached, characters[at] ?? "")
  }
  return false
}

function step(items: readonly Item[], reached: ReadonlySet<number>, character: string): Set<number> {
  const next = new Set<number>()
  for (const place of reached) {
    const item = items[place]
    if (item?.kind !== "character" || !item.fits(character)) continue
    next.add(place + 1)
    if (item.isRepeated) next.add(place)
  }
  return next
}
