import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import type { Mode } from "../ids.ts"
import { issueAuthorizationCode } from "./authorization-code.ts"
import type { AuthorizationRequest } from "./authorization-request.ts"
import { markRequestDecided, type StoredRequest } from "./authorization-requests.store.ts"
import type { Client } from "./clients.store.ts"
import { changedReach, reachOf } from "./grant-reach.ts"
import { type Grant, insertGrant, listAliveGrants, updateGrant } from "./grants.store.ts"
import type { ConsentChoices } from "./kept-choices.ts"
import { accountScopes, type Scope } from "./protocol.ts"
import { isUnverifiableRedirect } from "./redirect-uri.ts"
import { inListedOrder } from "./scope.ts"

export type { Grant } from "./grants.store.ts"

/** A bank account as consent needs it; banking hands the list over (the seam of docs/architecture.md). */
export interface ConsentAccount {
  readonly id: number
  readonly mode: Mode
  readonly bankName: string
  readonly bankIcon: string
  readonly label: string | null
  readonly holderName: string
  readonly accountNumber: string
}

/** The bank accounts of a company, live and test. */
export type ListConsentAccounts = (db: Queries, companyId: number) => Promise<readonly ConsentAccount[]>

/** What the user submitted. */
export interface Decision extends ConsentChoices {
  readonly approve: boolean
}

/** Why a decision cannot be taken as it is: the page is shown again. */
export type DecisionProblem = "required_scope_missing" | "unknown_account" | "no_account_chosen"

/** What a decision amounts to (contract/oauth.md §5.1). */
export type CheckedDecision =
  | { readonly kind: "denied" }
  | { readonly kind: "problem"; readonly problem: DecisionProblem }
  | { readonly kind: "granted"; readonly choice: Choice }

export interface Choice {
  readonly mode: Mode
  /** In the order of the request. */
  readonly scopes: readonly Scope[]
  /** The accounts chosen; undefined: all of the mode; "unasked": no account scope is among the ticked. */
  readonly bankAccountIds: readonly number[] | undefined | "unasked"
}

/** Reads a decision against what was asked and what the company has (contract/oauth.md §5.1). Pure. */
export function checkDecision(
  request: AuthorizationRequest,
  client: Client,
  accounts: readonly ConsentAccount[],
  decision: Decision,
): CheckedDecision {
  const scopes = request.scope.filter((scope) => decision.scopes.includes(scope))
  if (!decision.approve || scopes.length === 0) return { kind: "denied" }
  const required = client.scopes.filter((registered) => registered.required).map(({ scope }) => scope)
  if (request.scope.some((scope) => required.includes(scope) && !scopes.includes(scope))) {
    return { kind: "problem", problem: "required_scope_missing" }
  }
  const hasTestAccounts = accounts.some((account) => account.mode === "test")
  const mode = decision.mode === "test" && hasTestAccounts ? "test" : "live"
  const asksAccounts = scopes.some((scope) => accountScopes.includes(scope))
  if (!asksAccounts) return { kind: "granted", choice: { mode, scopes, bankAccountIds: "unasked" } }
  if (decision.accounts === "all") return { kind: "granted", choice: { mode, scopes, bankAccountIds: undefined } }
  const modeOf = new Map(accounts.map((account) => [account.id, account.mode]))
  if (decision.bankAccountIds.some((id) => !modeOf.has(id))) return { kind: "problem", problem: "unknown_account" }
  const bankAccountIds = [...new Set(decision.bankAccountIds)].filter((id) => modeOf.get(id) === mode)
  if (bankAccountIds.length === 0) return { kind: "problem", problem: "no_account_chosen" }
  return { kind: "granted", choice: { mode, scopes, bankAccountIds } }
}

/** Who decides about what. */
export interface ConsentCase {
  readonly stored: StoredRequest
  readonly client: Client
  readonly userId: number
  readonly companyId: number
}

/**
 * Whether the user is not asked again: one grant is alive and it holds all that is requested (contract/oauth.md §5.1,
 * "skip").
 */
export async function findKnownConsent(
  db: Queries,
  { stored: { request }, client, userId }: Pick<ConsentCase, "stored" | "client" | "userId">,
): Promise<Grant | undefined> {
  if (request.promptConsent) return undefined
  if (client.clientType === "public" && isUnverifiableRedirect(request.redirectUri)) return undefined
  const [grant, ...others] = await listAliveGrants(db, client.rowId, userId, "read")
  if (grant === undefined || others.length > 0) return undefined
  return request.scope.every((scope) => grant.scopes.includes(scope)) ? grant : undefined
}

/**
 * Issues a code under a grant that is known already.
 *
 * @returns the code, or undefined when the request was decided meanwhile or the grant ended
 */
export function issueUnderKnownConsent(
  db: Database,
  keyring: Keyring,
  consentCase: ConsentCase,
  grant: Grant,
  now: Instant,
): Promise<string | undefined> {
  const { stored, client, userId } = consentCase
  return transaction(db, async (tx) => {
    const alive = await listAliveGrants(tx, client.rowId, userId, "lock")
    if (!alive.some(({ id }) => id === grant.id)) return undefined
    if (!(await markRequestDecided(tx, stored.handleHash, now))) return undefined
    return issueAuthorizationCode(tx, keyring, bindingOf(consentCase, grant, stored.request.scope), now)
  })
}

/**
 * Records what the user allowed and issues the code, in one database transaction (contract/oauth.md §5.1, "result").
 *
 * @returns the code, or undefined when the request was decided meanwhile: then nothing changed
 */
export function recordConsent(
  db: Database,
  keyring: Keyring,
  consentCase: ConsentCase,
  choice: Choice,
  now: Instant,
): Promise<string | undefined> {
  return transaction(db, async (tx) => {
    if (!(await markRequestDecided(tx, consentCase.stored.handleHash, now))) return undefined
    const { grant, before } = await upsertGrant(tx, consentCase, choice, now)
    await recordDecision(tx, consentCase, { grant, before }, now)
    const code = await issueAuthorizationCode(tx, keyring, bindingOf(consentCase, grant, choice.scopes), now)
    if (before !== undefined) await recordAccessChange(tx, "grant", grant.id, now)
    return code
  })
}

/** Notes that the user refused. @returns whether this decided the request; an existing grant stays as it was */
export function recordRefusal(db: Database, stored: StoredRequest, now: Instant): Promise<boolean> {
  return transaction(db, (tx) => markRequestDecided(tx, stored.handleHash, now))
}

function bindingOf({ stored: { request }, client }: ConsentCase, grant: Grant, scope: readonly Scope[]) {
  const { redirectUri, codeChallenge } = request
  return { client, grantId: grant.id, redirectUri, codeChallenge, scope }
}

interface Decided {
  readonly grant: Grant
  /** What the grant was before, if it was there. */
  readonly before: Grant | undefined
}

async function recordDecision(
  tx: Queries,
  { client, userId, companyId }: ConsentCase,
  { grant, before }: Decided,
  now: Instant,
): Promise<void> {
  const reach = before === undefined ? { after: reachOf(grant) } : changedReach(before, grant)
  await recordAudit(tx, now, {
    companyId,
    actor: { kind: "user", id: userId },
    action: before === undefined ? "grant.give" : "grant.renew",
    subjectId: grant.id,
    details: { name: client.name, mode: grant.mode, ...reach },
  })
}

async function upsertGrant(tx: Queries, consentCase: ConsentCase, choice: Choice, now: Instant): Promise<Decided> {
  const { client, userId, companyId } = consentCase
  const { mode } = choice
  // Nothing asked is nothing reached: a later request with account scopes asks anew.
  const chosen = choice.bankAccountIds === "unasked" ? [] : choice.bankAccountIds
  const fresh = { mode, scopes: inListedOrder(choice.scopes), bankAccountIds: chosen }
  // The grant that stood in the way may be revoked before it is locked; then the way is free.
  for (let attempt = 0; attempt < 5; attempt++) {
    const id = await insertGrant(tx, { ...fresh, clientRowId: client.rowId, userId, companyId, grantedAt: now })
    if (id !== undefined) return { grant: { id, ...fresh }, before: undefined }
    const known = (await listAliveGrants(tx, client.rowId, userId, "lock")).find((grant) => grant.mode === mode)
    if (known !== undefined) return { grant: await changeGrant(tx, known, consentCase, choice), before: known }
  }
  throw new Error("A grant was made and revoked five times in a row.")
}

// Scopes = (old − requested) ∪ ticked; the account set is replaced by the new choice (contract/oauth.md §5.1).
async function changeGrant(tx: Queries, known: Grant, { stored }: ConsentCase, choice: Choice): Promise<Grant> {
  const kept = known.scopes.filter((scope) => !stored.request.scope.includes(scope))
  const grant = {
    ...known,
    scopes: inListedOrder([...kept, ...choice.scopes]),
    bankAccountIds: choice.bankAccountIds === "unasked" ? known.bankAccountIds : choice.bankAccountIds,
  }
  await updateGrant(tx, grant)
  return grant
}
