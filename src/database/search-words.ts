const longestWord = 60
const mostWords = 500
const mostQueryWords = 8
const ascii = /^[\0-\x7f]*$/
const marks = /\p{M}/gu
const wordsOfText = /[\p{L}\p{N}]+/gu

/**
 * The words of a text as they are compared: lower case, without accents and with `đ` as `d`, each word once. What stands
 * between letters and digits parts words. Pure; both engines keep and find exactly these.
 */
export function wordsOf(...texts: readonly (string | null)[]): readonly string[] {
  const words = new Set<string>()
  for (const text of texts) {
    for (const [word] of (text === null ? "" : folded(text)).matchAll(wordsOfText)) {
      words.add(shortened(word))
      if (words.size >= mostWords) return [...words]
    }
  }
  return [...words]
}

/** The words of what somebody searches for; each stands for all words that begin with it. */
export function wordsOfQuery(text: string): readonly string[] {
  const words = wordsOf(text)
  // "thanh" says nothing that "thanhtoan" does not say.
  const telling = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
  return telling.slice(0, mostQueryWords)
}

/** A code or number as it is compared: its letters and digits in one piece. */
export function exactly(kind: "code" | "account", text: string): string {
  const folding = [...folded(text).matchAll(wordsOfText)].map(([word]) => word).join("")
  return `${marksOf[kind]}${shortened(folding)}`
}

// No word has these characters, and SQLite's tokenizer takes them for letters.
const marksOf = { code: "¶", account: "§" } as const

function folded(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  const plain = text.toLowerCase().normalize("NFKD").replace(marks, "").replaceAll("đ", "d")
  return plain.toLowerCase()
}

function shortened(word: string): string {
  return word.length <= longestWord ? word : [...word].slice(0, longestWord).join("")
}
