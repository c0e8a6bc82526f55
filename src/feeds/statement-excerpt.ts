const mostLines = 200
const mostCharacters = 20_000

/** Lines of a file from one on, as they stand there. */
export interface Excerpt {
  readonly firstLine: number
  readonly text: string
  /** It goes on, and what is left out was too long to show. */
  readonly isCut: boolean
}

/** Takes the text of a file, chunk by chunk, until it has the entry that begins on a line. */
export interface ExcerptReader {
  /** False: it has seen enough. */
  take(chunk: string): boolean
  finish(): Excerpt
}

/**
 * Reads the entry that begins on `line` (from 1): a `:61:` with what belongs to it, an XML element, or a row whose quotes may
 * hold line breaks. Lines before it are passed over without being kept.
 */
export function createExcerptReader(line: number): ExcerptReader {
  let skipping = Math.max(line, 1) - 1
  let kept = ""
  const isComplete = () => kept.length > mostCharacters || endOfEntry(kept) !== undefined
  return {
    take: (chunk) => {
      let rest = chunk
      while (skipping > 0) {
        const end = rest.indexOf("\n")
        if (end === -1) return true
        rest = rest.slice(end + 1)
        skipping -= 1
      }
      kept += rest
      return !isComplete()
    },
    finish: () => {
      const whole = kept.slice(0, endOfEntry(kept) ?? kept.length).trimEnd()
      return { firstLine: line, text: whole.slice(0, mostCharacters), isCut: whole.length > mostCharacters }
    },
  }
}

// Where the entry ends for certain; undefined as long as more of it may follow.
function endOfEntry(text: string): number | undefined {
  const lines = text.split("\n", mostLines + 1)
  const [first = ""] = lines
  if (first.startsWith(":61:")) return endBefore(lines, (one) => /^(:6[0-9][A-Z]?:|-\}?|\{)/.test(one))
  const element = /<(?:\w+:)?(Ntry|TxDtls)\b/.exec(first)?.[1]
  if (element !== undefined) {
    const end = new RegExp(`</(?:\\w+:)?${element}>`).exec(text)
    return end === null ? tooMany(lines) : end.index + end[0].length
  }
  let quotes = 0
  let length = 0
  for (const [index, one] of lines.entries()) {
    if (index === lines.length - 1) return tooMany(lines)
    quotes += one.split('"').length - 1
    length += one.length + 1
    if (quotes % 2 === 0) return length
  }
  return undefined
}

function endBefore(lines: readonly string[], isNext: (line: string) => boolean): number | undefined {
  let length = 0
  for (const [index, one] of lines.entries()) {
    if (index > 0 && isNext(one)) return length
    length += one.length + 1
  }
  return tooMany(lines)
}

function tooMany(lines: readonly string[]): number | undefined {
  return lines.length > mostLines ? lines.slice(0, mostLines).join("\n").length : undefined
}
