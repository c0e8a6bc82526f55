/** What a person is called: the family first, as names stand in Vietnamese; the e-mail where there is no name. Pure. */
export function personName(person: {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}): string {
  return `${person.lastName} ${person.firstName}`.trim() || person.email
}
