/**
 * Answers that stay true as long as a company's change number stands still. Software that waits for money asks for the
 * same page again and again: what has not changed is not read, mapped and written out again.
 */
export interface PageCache {
  /** The answer kept under the key, if it was made at this very change number. */
  find(key: string, changeNumber: number): string | undefined
  keep(key: string, changeNumber: number, answer: string): void
}

const maximumCharacters = 16 * 1024 * 1024
const longestKey = 300

/** Makes a cache that holds some 16 million characters and then forgets what was kept longest ago. */
export function createPageCache(capacity = maximumCharacters): PageCache {
  const pages = new Map<string, { readonly changeNumber: number; readonly answer: string }>()
  let characters = 0

  function forget(key: string): void {
    const page = pages.get(key)
    if (page === undefined) return
    characters -= page.answer.length
    pages.delete(key)
  }

  return {
    find: (key, changeNumber) => {
      const page = pages.get(key)
      return page?.changeNumber === changeNumber ? page.answer : undefined
    },
    keep: (key, changeNumber, answer) => {
      if (key.length > longestKey) return
      forget(key)
      pages.set(key, { changeNumber, answer })
      characters += answer.length
      while (characters > capacity) {
        const oldest = pages.keys().next().value
        if (oldest === undefined) return
        forget(oldest)
      }
    },
  }
}
