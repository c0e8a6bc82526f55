/** A person's name in the order in which Vietnam writes it, family name first; empty where there is none. Pure. */
export function personName({ firstName, lastName }: { readonly firstName: string; readonly lastName: string }): string {
  return `${lastName} ${firstName}`.trim()
}
