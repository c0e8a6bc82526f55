import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { ClientId } from "../ids.ts"
import type { ClientState } from "./protocol.ts"

/** An app as the operator's list shows it. */
export interface ReviewedApp {
  readonly rowId: number
  readonly clientId: ClientId
  readonly name: string
  readonly company: string
  readonly ownerEmail: string
  readonly state: ClientState
  readonly reviewSince: Instant | null
  readonly createdAt: Instant
}

/** Which apps of the list. */
export interface ReviewFilter {
  /** `review`: those that wait for a decision. */
  readonly state: ClientState | "review" | "all"
  readonly search: { readonly nameKey: string; readonly exact: string; readonly emailKey: string } | undefined
  /** The last one of the page before. */
  readonly after: { readonly rowId: number; readonly reviewSince: number } | undefined
  readonly limit: number
}

/** Apps by a filter: those that wait, longest waiting first; others, newest first. */
export async function listReviewedApps(db: Queries, filter: ReviewFilter): Promise<readonly ReviewedApp[]> {
  const { state, search, after, limit } = filter
  const isQueue = state === "review"
  const rows = await selectApps(db)
    .$if(isQueue, (query) =>
      query.where("clients.review_since", "is not", null).where("clients.state", "!=", "suspended"),
    )
    .$if(state !== "review" && state !== "all", (query) => query.where("clients.state", "=", state))
    .$if(search !== undefined, (query) =>
      query.where((where) =>
        where.or([
          sql<boolean>`clients.name_key like ${likePattern(search?.nameKey ?? "")} escape '\\'`,
          where("clients.client_id", "=", search?.exact ?? ""),
          where("users.email_key", "=", search?.emailKey ?? ""),
        ]),
      ),
    )
    .$if(after !== undefined && isQueue, (query) =>
      query.where((where) =>
        where.or([
          where("clients.review_since", ">", after?.reviewSince ?? 0),
          where.and([
            where("clients.review_since", "=", after?.reviewSince ?? 0),
            where("clients.id", ">", after?.rowId ?? 0),
          ]),
        ]),
      ),
    )
    .$if(after !== undefined && !isQueue, (query) => query.where("clients.id", "<", after?.rowId ?? 0))
    .$if(isQueue, (query) => query.orderBy("clients.review_since").orderBy("clients.id"))
    .$if(!isQueue, (query) => query.orderBy("clients.id", "desc"))
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...row,
    clientId: row.clientId as ClientId,
    state: row.state as ClientState,
    reviewSince: row.reviewSince as Instant | null,
    createdAt: row.createdAt as Instant,
  }))
}

function selectApps(db: Queries) {
  return db
    .selectFrom("clients")
    .innerJoin("companies", "companies.id", "clients.company_id")
    .innerJoin("users", "users.id", "clients.owner_user_id")
    .select([
      "clients.id as rowId",
      "clients.client_id as clientId",
      "clients.name",
      "companies.full_name as company",
      "users.email as ownerEmail",
      "clients.state",
      "clients.review_since as reviewSince",
      "clients.created_at as createdAt",
    ])
    .where("clients.deleted_at", "is", null)
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`
}

/** How many apps there are in each state, and how many wait for a decision. */
export async function countApps(
  db: Queries,
): Promise<{ readonly byState: ReadonlyMap<ClientState, number>; readonly waiting: number }> {
  const rows = await db
    .selectFrom("clients")
    .select(["state", sql<number>`count(*)`.as("count"), sql<number>`count(review_since)`.as("waiting")])
    .where("deleted_at", "is", null)
    .groupBy("state")
    .execute()
  const counts = rows.map((row) => ({
    state: row.state as ClientState,
    count: Number(row.count),
    waiting: Number(row.waiting),
  }))
  return {
    byState: new Map(counts.map(({ state, count }) => [state, count])),
    waiting: counts.filter(({ state }) => state !== "suspended").reduce((sum, { waiting }) => sum + waiting, 0),
  }
}

/** The company and the owner of an app, as the operator sees them. */
export interface AppOwner {
  readonly companyId: number
  readonly company: string
  readonly userId: number
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}

export async function findAppOwner(db: Queries, clientRowId: number): Promise<AppOwner> {
  return db
    .selectFrom("clients")
    .innerJoin("companies", "companies.id", "clients.company_id")
    .innerJoin("users", "users.id", "clients.owner_user_id")
    .select([
      "companies.id as companyId",
      "companies.full_name as company",
      "users.id as userId",
      "users.first_name as firstName",
      "users.last_name as lastName",
      "users.email",
    ])
    .where("clients.id", "=", clientRowId)
    .executeTakeFirstOrThrow()
}

/** Somebody to write to about an app. */
export interface AppContact {
  readonly email: string
  readonly language: string | null
}

/** Who is written to about an app: its owner, or the company's SuperAdmins once the owner is gone. */
export async function listAppContacts(db: Queries, clientRowId: number): Promise<readonly AppContact[]> {
  const owner = await db
    .selectFrom("clients")
    .innerJoin("users", "users.id", "clients.owner_user_id")
    .select(["users.email", "users.language"])
    .where("clients.id", "=", clientRowId)
    .where("users.status", "=", "active")
    .execute()
  if (owner.length > 0) return owner
  return db
    .selectFrom("clients")
    .innerJoin("users", "users.company_id", "clients.company_id")
    .select(["users.email", "users.language"])
    .where("clients.id", "=", clientRowId)
    .where("users.status", "=", "active")
    .where("users.role", "=", "SuperAdmin")
    .orderBy("users.id")
    .limit(5)
    .execute()
}
