import type { Language } from "./catalogue.ts"

/** What a person is called: in Vietnamese the family comes first, in English last; the e-mail where there is no name. */
export function personName(
  person: { readonly firstName: string; readonly lastName: string; readonly email: string },
  language: Language,
): string {
  const { firstName, lastName, email } = person
  const names = language === "vi" ? [lastName, firstName] : [firstName, lastName]
  return names.join(" ").trim() || email
}
