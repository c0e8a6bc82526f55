import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/**
 * Who did something: a user at a page, an app by its access token, an operator (at a page with the user's id, at the command
 * line without), or the platform.
 */
export type AuditActor =
  | { readonly kind: "user" | "client"; readonly id: number }
  | { readonly kind: "operator"; readonly id?: number | undefined }
  | { readonly kind: "system"; readonly id?: undefined }

/** One thing that was done to a company, or to the platform (`companyId` 0). */
export interface AuditEntry {
  readonly companyId: number
  readonly actor: AuditActor
  /** Subject and verb: `webhook.update`. */
  readonly action: string
  readonly subjectId: number
  /**
   * Becomes JSON and stays for good: never a secret, nor a URL that may hold one. `before` and `after` are objects of the
   * values that changed; `name` is what people call the thing.
   */
  readonly details: Readonly<Record<string, unknown>>
}

export async function insertAuditEntry(
  tx: Queries,
  now: Instant,
  entry: AuditEntry & { readonly actorName: string | undefined; readonly ip: string | undefined },
): Promise<void> {
  const { companyId, actor, action, subjectId, details, actorName, ip } = entry
  await tx
    .insertInto("audit_entries")
    .values({
      company_id: companyId,
      actor_kind: actor.kind,
      actor_id: actor.id ?? null,
      action,
      subject: action.split(".")[0] ?? "",
      subject_id: subjectId,
      details: JSON.stringify(details),
      recorded_at: now,
      actor_name: actorName ?? null,
      ip: ip ?? null,
    })
    .execute()
}

/** What a user is called: full name, or else the e-mail. */
export async function selectPersonName(db: Queries, userId: number): Promise<string | undefined> {
  const row = await db
    .selectFrom("users")
    .select(["first_name", "last_name", "email"])
    .where("id", "=", userId)
    .executeTakeFirst()
  // In the Vietnamese order: the log keeps one name, whatever language it is read in.
  return row === undefined ? undefined : `${row.last_name} ${row.first_name}`.trim() || row.email
}

/** An entry as it stands in the log. */
export interface AuditRecord {
  readonly id: number
  readonly companyId: number
  readonly actor: { readonly kind: AuditActor["kind"]; readonly id: number | undefined }
  /** The name of a person then; undefined for others. */
  readonly actorName: string | undefined
  readonly action: string
  readonly subject: string
  readonly subjectId: number | undefined
  readonly details: Readonly<Record<string, unknown>>
  readonly ip: string | undefined
  readonly recordedAt: Instant
}

/** Which entries; what is absent does not narrow. */
export interface AuditFilter {
  readonly companyId?: number | undefined
  readonly actor?: { readonly kind: AuditActor["kind"]; readonly id?: number | undefined } | undefined
  readonly subject?: string | undefined
  /** From this instant. */
  readonly fromAt?: Instant | undefined
  /** Before this instant. */
  readonly beforeAt?: Instant | undefined
}

/** The last entry that was seen. */
export interface AuditPosition {
  readonly at: Instant
  readonly id: number
}

export async function selectAuditEntries(
  db: Queries,
  filter: AuditFilter,
  { after, limit }: { readonly after: AuditPosition | undefined; readonly limit: number },
): Promise<readonly AuditRecord[]> {
  const { companyId, actor, subject, fromAt, beforeAt } = filter
  let query = db.selectFrom("audit_entries").select(entryColumns)
  if (companyId !== undefined) query = query.where("company_id", "=", companyId)
  if (actor !== undefined) query = query.where("actor_kind", "=", actor.kind)
  if (actor?.id !== undefined) query = query.where("actor_id", "=", actor.id)
  if (subject !== undefined) query = query.where("subject", "=", subject)
  if (fromAt !== undefined) query = query.where("recorded_at", ">=", fromAt)
  if (beforeAt !== undefined) query = query.where("recorded_at", "<", beforeAt)
  if (after !== undefined) {
    // The first bound says nothing new, but an index can be entered by it.
    query = query
      .where("recorded_at", "<=", after.at)
      .where((where) => where.or([where("recorded_at", "<", after.at), where("id", "<", after.id)]))
  }
  const rows = await query.orderBy("recorded_at", "desc").orderBy("id", "desc").limit(limit).execute()
  return rows.map(toRecord)
}

export async function selectHistory(
  db: Queries,
  thing: { readonly companyId: number; readonly subject: string; readonly subjectId: number },
  limit: number,
): Promise<readonly AuditRecord[]> {
  const rows = await db
    .selectFrom("audit_entries")
    .select(entryColumns)
    .where("subject", "=", thing.subject)
    .where("subject_id", "=", thing.subjectId)
    .where("company_id", "=", thing.companyId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute()
  return rows.map(toRecord)
}

const entryColumns = [
  "id",
  "company_id",
  "actor_kind",
  "actor_id",
  "actor_name",
  "action",
  "subject",
  "subject_id",
  "details",
  "ip",
  "recorded_at",
] as const

interface EntryRow {
  readonly id: number
  readonly company_id: number
  readonly actor_kind: string
  readonly actor_id: number | null
  readonly actor_name: string | null
  readonly action: string
  readonly subject: string
  readonly subject_id: number | null
  readonly details: string
  readonly ip: string | null
  readonly recorded_at: number
}

function toRecord(row: EntryRow): AuditRecord {
  return {
    id: row.id,
    companyId: row.company_id,
    actor: { kind: row.actor_kind as AuditActor["kind"], id: row.actor_id ?? undefined },
    actorName: row.actor_name ?? undefined,
    action: row.action,
    subject: row.subject,
    subjectId: row.subject_id ?? undefined,
    details: JSON.parse(row.details),
    ip: row.ip ?? undefined,
    recordedAt: row.recorded_at as Instant,
  }
}

/** Locks the company's row, so that two who look for the same entry do not both miss it. */
export async function lockAudited(tx: Queries, companyId: number): Promise<void> {
  await tx.selectFrom("companies").select("id").where("id", "=", companyId).forUpdate().execute()
}

/** Whether the actor has an entry of that action and subject since an instant. */
export async function hasAuditEntry(tx: Queries, entry: AuditEntry, since: Instant): Promise<boolean> {
  const { actor } = entry
  const row = await tx
    .selectFrom("audit_entries")
    .select("id")
    .where("company_id", "=", entry.companyId)
    .where("action", "=", entry.action)
    .where("subject_id", "=", entry.subjectId)
    .where("recorded_at", ">", since)
    .where("actor_kind", "=", actor.kind)
    .where("actor_id", "is not distinct from", actor.id ?? null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
