import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import { changedFields, withPending } from "./client-changes.ts"
import { deleteLogosExcept } from "./client-logos.store.ts"
import { endTokensIfNeeded, hashesOf } from "./edit-client.ts"
import type { ClientManager } from "./manage-client.ts"
import {
  type ClientUpdate,
  findManagedClient,
  type ManagedClient,
  updateManagedClient,
} from "./managed-clients.store.ts"
import { nameKey } from "./name-key.ts"

/** What an operator decides about an app; reasons have 1–500 characters and are shown to its owner. */
export type Decision =
  | { readonly kind: "approve" | "reinstate" }
  | { readonly kind: "reject" | "suspend"; readonly reason: string }

export type DecisionKind = Decision["kind"]

/** A decision that holds. */
export interface DecisionTaken {
  readonly kind: "decided"
  /** The app before it. */
  readonly client: ManagedClient
  /** The app itself, or the pending changes of an approved one. */
  readonly what: "app" | "changes"
  /** As it is stored. */
  readonly decision: Decision
}

/** How a decision ended. */
export type Decided =
  | DecisionTaken
  /** The app is not as the operator saw it; nothing was decided. */
  | { readonly kind: "changed_meanwhile" }
  /** The state of the app has no such step. */
  | { readonly kind: "not_possible" }

/** Which decisions the state of an app is open to (contract/oauth.md §15). Pure. */
export function possibleDecisions(client: ManagedClient): readonly DecisionKind[] {
  switch (client.state) {
    case "pending_review":
      return ["approve", "reject"]
    case "approved":
      return client.reviewSince === null ? ["suspend"] : ["approve", "reject", "suspend"]
    case "suspended":
      return ["reinstate"]
    case "draft":
    case "rejected":
      return []
  }
}

/**
 * Takes an operator's decision about what he saw (contract/oauth.md §15). The caller announces the change.
 *
 * @param about `version` of the app that the operator saw; `tell` writes to the owner, in the transaction of the decision
 * @throws Refusal not_found, invalid (reason)
 */
export function decideOnClient(
  db: Database,
  operator: ClientManager,
  about: {
    readonly clientId: string
    readonly version: number | undefined
    readonly decision: Decision
    readonly tell?: (tx: Queries, decided: DecisionTaken) => Promise<void>
  },
  now: Instant,
): Promise<Decided> {
  const decision = checkDecision(about.decision)
  return transaction(db, async (tx): Promise<Decided> => {
    const client = await findManagedClient(tx, about.clientId, undefined, "lock")
    if (client === undefined) throw new Refusal("not_found", `There is no app ${about.clientId}.`)
    if (client.version !== about.version) return { kind: "changed_meanwhile" }
    if (!possibleDecisions(client).includes(decision.kind)) return { kind: "not_possible" }
    await carryOut(tx, client, decision, operator, now)
    const isChange = client.state === "approved" && decision.kind !== "suspend"
    const decided = { kind: "decided", client, what: isChange ? "changes" : "app", decision } as const
    await about.tell?.(tx, decided)
    return decided
  })
}

/**
 * A decision whose reason, if it has one, is right.
 *
 * @throws Refusal invalid
 */
export function checkDecision(decision: Decision): Decision {
  if (!("reason" in decision)) return decision
  if (isReason(decision.reason)) return { ...decision, reason: plainReason(decision.reason) }
  const problem = "reason takes 1 to 500 characters"
  throw new Refusal("invalid", problem, { errors: { reason: [problem] } })
}

/** Whether a text can be the reason of a decision: 1–500 characters. */
export function isReason(text: string): boolean {
  const reason = plainReason(text)
  const { length } = [...reason]
  return length >= 1 && length <= 500 && !/[^\P{Cc}\n]/u.test(reason)
}

function plainReason(text: string): string {
  return text.toWellFormed().normalize("NFC").replace(/\r\n?/g, "\n").trim()
}

/** Carries out a checked decision about a locked app; `operator` is undefined at the command line. */
export async function carryOut(
  tx: Queries,
  client: ManagedClient,
  decision: Decision,
  operator: ClientManager | undefined,
  now: Instant,
): Promise<void> {
  const { rowId, values, pending } = client
  const approved = withPending(values, decision.kind === "approve" ? pending : undefined)
  await updateManagedClient(tx, rowId, updateOf(client, decision), now)
  if (decision.kind === "approve") {
    await endTokensIfNeeded(tx, client, approved, now)
    await deleteLogosExcept(tx, rowId, hashesOf(approved.logo))
  }
  await recordDecision(tx, now, client, decision, operator, changedFields(values, approved))
  await recordAccessChange(tx, "client", rowId, now)
}

function updateOf({ state, values, pending }: ManagedClient, decision: Decision): ClientUpdate {
  switch (decision.kind) {
    case "approve": {
      const approved = withPending(values, pending)
      const after = { values: approved, nameKey: nameKey(approved.name), pending: undefined }
      return { ...after, state: "approved", stateReason: null, reviewSince: null }
    }
    case "reject": {
      // Pending changes stay in the owner's form, so that he can mend them.
      const after = { stateReason: decision.reason, reviewSince: null }
      return state === "approved" ? after : { ...after, state: "rejected" }
    }
    case "suspend":
      return { state: "suspended", stateReason: decision.reason }
    case "reinstate":
      return { state: "approved", stateReason: null }
  }
}

async function recordDecision(
  tx: Queries,
  now: Instant,
  client: ManagedClient,
  decision: Decision,
  operator: ClientManager | undefined,
  fields: readonly string[],
): Promise<void> {
  const details = {
    client_id: client.clientId,
    name: client.values.name,
    ...("reason" in decision && { reason: decision.reason }),
    ...(fields.length > 0 && { fields }),
  }
  const actor = { kind: "operator", id: operator?.userId } as const
  const { companyId, rowId: subjectId } = client
  await recordAudit(tx, now, { companyId, actor, action: `client.${decision.kind}`, subjectId, details })
}
