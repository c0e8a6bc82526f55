import { type Language, speak } from "../messages/catalogue.ts"
import { columnNameMessages, fieldFamilyMessages, fieldNameMessages } from "../messages/field-names.ts"

type Words = Readonly<Record<string, string>>

/**
 * What a field is called where it is shown apart from its form; undefined for one that no form of this site has.
 *
 * @param path where the form is sent to: on some pages a name means something else
 */
export function fieldName(name: string, path: string, language: Language): string | undefined {
  const words: Words = speak(fieldNameMessages, language)
  const columns: Words = /\/import\/\d+\/columns(\/|$)/.test(path) ? speak(columnNameMessages, language) : {}
  for (const known of [columns, words]) if (Object.hasOwn(known, name)) return known[name]
  const family = Object.entries(speak(fieldFamilyMessages, language)).find(([start]) => name.startsWith(start))
  return family?.[1](name.slice(family[0].length))
}
