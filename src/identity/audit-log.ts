import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { insertAuditEntry } from "./audit-log.store.ts"

/** Who did something: a person, an app for a person, somebody at the command line, or the platform by itself. */
export type AuditActor =
  | { readonly kind: "user"; readonly userId: number }
  | { readonly kind: "client"; readonly clientRowId: number; readonly userId: number }
  | { readonly kind: "operator" }
  | { readonly kind: "system" }

/** What was done, and to what. */
export interface AuditEntry {
  readonly companyId: number
  readonly actor: AuditActor
  /** Such as `webhook.updated`. */
  readonly action: string
  readonly subjectId: number | null
  /** What a person needs to understand it; never a secret. */
  readonly details: Readonly<Record<string, unknown>>
}

/** Notes who did what, in the database transaction that did it: neither is there without the other. */
export async function recordAudit(tx: Queries, now: Instant, entry: AuditEntry): Promise<void> {
  const { companyId, actor, action, subjectId, details } = entry
  const byUser = actor.kind === "client" ? { user_id: actor.userId } : {}
  await insertAuditEntry(tx, {
    ...{ companyId, action, subjectId, now },
    actorKind: actor.kind,
    actorId: actor.kind === "user" ? actor.userId : actor.kind === "client" ? actor.clientRowId : null,
    details: JSON.stringify({ ...details, ...byUser }),
  })
}
