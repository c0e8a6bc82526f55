const parsed = new Map<string, unknown>()
const maximumTexts = 2000

/**
 * Parses JSON text of a column whose few values come again and again: scopes, redirect URIs. The same text gives the very
 * same value, so nobody may change it.
 */
export function parseOnce<T>(text: string): T {
  const known = parsed.get(text)
  if (known !== undefined) return known as T
  const value = JSON.parse(text) as T
  if (parsed.size >= maximumTexts) parsed.clear()
  parsed.set(text, value)
  return value
}
