import type { Actor } from "../identity/permission.ts"
import type { FamilyId, GrantId, Mode } from "../ids.ts"
import type { Scope } from "./protocol.ts"

/** What a valid access token lets its bearer do right now: token ∩ grant ∩ client, and the user behind it. */
export interface Access extends Actor {
  readonly clientRowId: number
  readonly clientId: string
  readonly grantId: GrantId
  readonly familyId: FamilyId
  readonly userId: number
  readonly companyId: number
  readonly mode: Mode
  /** Effective scope (contract/oauth.md §1). */
  readonly scopes: ReadonlySet<Scope>
  /** The accounts the consent names, or undefined: all of the mode, future ones too. */
  readonly bankAccountIds: readonly number[] | undefined
}
