import { Refusal } from "../refusal.ts"

/** What is wrong with a field, as words that follow its name. */
export interface FieldFault {
  /** As the surface calls it: `accounts.0.va_mode`. */
  readonly path: string
  readonly problem: string
}

/** Whether a field, or one inside it, has a fault. */
export function hasFault(faults: readonly FieldFault[], field: string): boolean {
  return faults.some((fault) => isWithin(fault, field))
}

/** The faults that are left when some fields do not count. */
export function withoutFields(faults: readonly FieldFault[], fields: readonly string[]): FieldFault[] {
  return faults.filter((fault) => !fields.some((field) => isWithin(fault, field)))
}

/**
 * Refuses if anything is wrong, naming every field.
 *
 * @throws Refusal invalid
 */
export function refuseFaults(faults: readonly FieldFault[]): void {
  const [first] = faults
  if (first === undefined) return
  const errors: Record<string, string[]> = {}
  for (const { path, problem } of faults) errors[path] = [...(errors[path] ?? []), `${path} ${problem}`]
  throw new Refusal("invalid", `${first.path} ${first.problem}`, { errors })
}

function isWithin({ path }: FieldFault, field: string): boolean {
  return path === field || path.startsWith(`${field}.`)
}
