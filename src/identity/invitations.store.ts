import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { Language } from "../messages/catalogue.ts"
import type { Actor, Permission, Role } from "./permission.ts"

/** Somebody a company asks to join it, and what they will be able to do there. */
export interface Invitation extends Actor {
  readonly id: number
  readonly companyId: number
  readonly email: string
  readonly emailKey: string
  readonly language: Language
  readonly invitedBy: number
  readonly invitedAt: Instant
  readonly expiresAt: Instant
  readonly state: "open" | "accepted" | "withdrawn"
}

export async function insertInvitation(tx: Queries, invitation: Omit<Invitation, "id" | "state">): Promise<number> {
  const { id } = await tx
    .insertInto("invitations")
    .values({
      company_id: invitation.companyId,
      email: invitation.email,
      email_key: invitation.emailKey,
      role: invitation.role,
      permissions: JSON.stringify(invitation.permissions),
      language: invitation.language,
      invited_by: invitation.invitedBy,
      invited_at: invitation.invitedAt,
      expires_at: invitation.expiresAt,
      state: "open",
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id
}

/** The open invitation of an address into a company, if there is one. Decide by it only behind a lock of the company. */
export async function findOpenInvitation(
  tx: Queries,
  { companyId, emailKey }: { readonly companyId: number; readonly emailKey: string },
): Promise<Invitation | undefined> {
  const row = await tx
    .selectFrom("invitations")
    .selectAll()
    .where("company_id", "=", companyId)
    .where("email_key", "=", emailKey)
    .where("state", "=", "open")
    .executeTakeFirst()
  return row && toInvitation(row)
}

export async function findInvitation(db: Queries, id: number): Promise<Invitation | undefined> {
  const row = await db.selectFrom("invitations").selectAll().where("id", "=", id).executeTakeFirst()
  return row && toInvitation(row)
}

export async function lockInvitation(tx: Queries, id: number): Promise<Invitation | undefined> {
  const row = await tx.selectFrom("invitations").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
  return row && toInvitation(row)
}

/** The open invitations of a company, newest first, expired ones too. */
export async function listOpenInvitations(
  db: Queries,
  companyId: number,
  limit: number,
): Promise<readonly Invitation[]> {
  const rows = await db
    .selectFrom("invitations")
    .selectAll()
    .where("company_id", "=", companyId)
    .where("state", "=", "open")
    .orderBy("id", "desc")
    .limit(limit)
    .execute()
  return rows.map(toInvitation)
}

export async function updateInvitation(
  tx: Queries,
  id: number,
  change: { readonly state?: "accepted" | "withdrawn"; readonly expiresAt?: Instant },
): Promise<void> {
  const { state, expiresAt } = change
  const values = { ...(state !== undefined && { state }), ...(expiresAt !== undefined && { expires_at: expiresAt }) }
  await tx.updateTable("invitations").set(values).where("id", "=", id).execute()
}

/** Deletes at most `limit` invitations that expired before that, and says how many. */
export async function deleteExpiredInvitations(tx: Queries, before: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("invitations")
    .where("id", "in", (query) =>
      query.selectFrom("invitations").select("id").where("expires_at", "<", before).orderBy("expires_at").limit(limit),
    )
    .returning("id")
    .execute()
  return rows.length
}

function toInvitation(row: Selectable<Schema["invitations"]>): Invitation {
  return {
    id: row.id,
    companyId: row.company_id,
    email: row.email,
    emailKey: row.email_key,
    role: row.role as Role,
    permissions: JSON.parse(row.permissions) as Permission[],
    language: row.language === "en" ? "en" : "vi",
    invitedBy: row.invited_by,
    invitedAt: row.invited_at as Instant,
    expiresAt: row.expires_at as Instant,
    state: row.state as Invitation["state"],
  }
}
