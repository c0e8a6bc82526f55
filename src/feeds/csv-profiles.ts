import type { Queries } from "../database/engine.ts"
import type { CompanyId } from "../ids.ts"
import { type CsvProfile, csvProfileSchema } from "./csv-profile.ts"
import { selectProfiles } from "./imports.store.ts"

/** A profile that a company has kept under a name. */
export interface SavedProfile {
  readonly name: string
  readonly profile: CsvProfile
}

/** The saved profiles of a company, by name; one of an older form that cannot be read any more is left out. */
export async function listProfiles(db: Queries, companyId: number): Promise<readonly SavedProfile[]> {
  const rows = await selectProfiles(db, companyId as CompanyId)
  return rows.flatMap(({ name, profile }) => {
    const parsed = csvProfileSchema.safeParse(JSON.parse(profile))
    return parsed.success ? [{ name, profile: parsed.data }] : []
  })
}
