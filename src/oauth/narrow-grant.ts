import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import type { Mode } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { type GrantViewer, lockVisibleGrant } from "./grant.ts"
import { changedReach } from "./grant-reach.ts"
import { type Grant, type OwnedGrant, updateGrant } from "./grants.store.ts"
import { accountScopes, type Scope } from "./protocol.ts"

/** What the owner of a grant submitted (contract/oauth.md §16). */
export interface Narrowing {
  /** The scopes kept; those the grant does not hold count for nothing. */
  readonly scopes: readonly string[]
  readonly accounts: "all" | "chosen"
  readonly bankAccountIds: readonly number[]
  /** What the form showed, by `reachMark`; undefined: it did not say. */
  readonly seen: string | undefined
}

/** Why a grant cannot be narrowed like that: the form is shown again. */
export type NarrowingProblem =
  | "required_scope_missing"
  | "no_scope_left"
  | "no_account_chosen"
  /** The grant is no longer what the form showed. */
  | "changed_meanwhile"

/** What narrowing came to; `ended`: somebody took the access back meanwhile. */
export type NarrowingResult =
  | { readonly kind: "narrowed" | "unchanged" | "ended" }
  | { readonly kind: "problem"; readonly problem: NarrowingProblem }

/** A bank account as narrowing must know it. */
type KnownAccount = { readonly id: number; readonly mode: Mode }

/** The parts of a grant that narrowing looks at. */
export type NarrowableGrant = Grant & { readonly requiredScopes: readonly Scope[] }

type Checked =
  | { readonly kind: "problem"; readonly problem: NarrowingProblem }
  | { readonly kind: "granted"; readonly grant: Grant }

/**
 * Reads a narrowing against the grant and the company's accounts: optional scopes can go and none come, accounts can go or
 * come (contract/oauth.md §16). Accounts of the other mode count for nothing. Pure.
 *
 * @throws Refusal not_found for an account that is not the company's
 */
export function checkNarrowing(
  grant: NarrowableGrant,
  accounts: readonly KnownAccount[],
  narrowing: Narrowing,
): Checked {
  const modeOf = new Map(accounts.map(({ id, mode }) => [id, mode]))
  if (narrowing.bankAccountIds.some((id) => !modeOf.has(id))) {
    throw new Refusal("not_found", "There is no such bank account.")
  }
  const scopes = grant.scopes.filter((scope) => narrowing.scopes.includes(scope))
  if (scopes.length === 0) return { kind: "problem", problem: "no_scope_left" }
  const missing = grant.scopes.some((scope) => grant.requiredScopes.includes(scope) && !scopes.includes(scope))
  if (missing) return { kind: "problem", problem: "required_scope_missing" }
  const { id, mode } = grant
  // Without an account scope nothing is reached, whatever the list says: it stays for the day one is given again.
  if (!scopes.some((scope) => accountScopes.includes(scope))) {
    return { kind: "granted", grant: { id, mode, scopes, bankAccountIds: grant.bankAccountIds } }
  }
  if (narrowing.accounts === "all") return { kind: "granted", grant: { id, mode, scopes, bankAccountIds: undefined } }
  const chosen = [...new Set(narrowing.bankAccountIds)].filter((account) => modeOf.get(account) === mode)
  if (chosen.length === 0) return { kind: "problem", problem: "no_account_chosen" }
  return { kind: "granted", grant: { id, mode, scopes, bankAccountIds: chosen } }
}

/**
 * Narrows a grant of the viewer's own: its tokens lose what went with their next request (contract/oauth.md §9, §16). The
 * caller announces it to the instance before it answers.
 *
 * @throws Refusal not_found, forbidden (an administrator sees and revokes the grants of others, and narrows none)
 */
export function narrowGrant(
  db: Database,
  viewer: GrantViewer,
  { grantId, accounts, narrowing }: NarrowingCase,
  now: Instant,
): Promise<NarrowingResult> {
  return transaction(db, async (tx) => {
    const before = await lockVisibleGrant(tx, viewer, grantId)
    checkOwn(before, viewer)
    if (before.endedAt !== null) return { kind: "ended" }
    const checked = checkNarrowing(before, accounts, narrowing)
    if (checked.kind === "granted" && isSameReach(before, checked.grant)) return { kind: "unchanged" }
    if (narrowing.seen !== undefined && narrowing.seen !== reachMark(before)) {
      return { kind: "problem", problem: "changed_meanwhile" }
    }
    if (checked.kind === "problem") return checked
    await updateGrant(tx, checked.grant)
    await recordAudit(tx, now, {
      companyId: before.companyId,
      actor: { kind: "user", id: viewer.userId },
      action: "grant.narrow",
      subjectId: before.id,
      details: { name: before.clientName, ...changedReach(before, checked.grant) },
    })
    await recordAccessChange(tx, "grant", before.id, now)
    return { kind: "narrowed" }
  })
}

export interface NarrowingCase {
  readonly grantId: number
  /** The accounts of the viewer's company, live and test. */
  readonly accounts: readonly KnownAccount[]
  readonly narrowing: Narrowing
}

/**
 * Whether the viewer may narrow it: it is the own one.
 *
 * @throws Refusal forbidden
 */
export function checkOwn({ userId }: Pick<OwnedGrant, "userId">, viewer: GrantViewer): void {
  if (userId !== viewer.userId) throw new Refusal("forbidden", "Only who allowed the app may change what it may do.")
}

/** A mark of what a grant reaches: it changes when that does. Pure. */
export function reachMark({ scopes, bankAccountIds }: Pick<Grant, "scopes" | "bankAccountIds">): string {
  return `${scopes.join(" ")}|${bankAccountIds === undefined ? "all" : [...bankAccountIds].sort((a, b) => a - b).join(" ")}`
}

function isSameReach(one: Grant, other: Grant): boolean {
  return reachMark(one) === reachMark(other)
}
