import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { Language } from "../messages/catalogue.ts"

/** What becomes a company and its first user once the address is verified. */
export interface SignUp {
  readonly id: number
  /** Names the sign-up to the browser that made it. */
  readonly formKey: string
  readonly email: string
  readonly emailKey: string
  readonly passwordHash: string
  readonly firstName: string
  readonly lastName: string
  readonly companyName: string
  readonly language: Language
  readonly expiresAt: Instant
}

/** Inserts the sign-up and returns its id, or undefined when one of that form key exists. */
export async function insertSignUp(tx: Queries, signUp: Omit<SignUp, "id">): Promise<number | undefined> {
  const row = await tx
    .insertInto("sign_ups")
    .values({
      form_key: signUp.formKey,
      email: signUp.email,
      email_key: signUp.emailKey,
      password_hash: signUp.passwordHash,
      first_name: signUp.firstName,
      last_name: signUp.lastName,
      company_name: signUp.companyName,
      language: signUp.language,
      expires_at: signUp.expiresAt,
    })
    .onConflict((conflict) => conflict.column("form_key").doNothing())
    .returning("id")
    .executeTakeFirst()
  return row?.id
}

export async function findSignUpByFormKey(db: Queries, formKey: string): Promise<SignUp | undefined> {
  return toSignUp(await db.selectFrom("sign_ups").selectAll().where("form_key", "=", formKey).executeTakeFirst())
}

export async function findSignUp(db: Queries, id: number): Promise<SignUp | undefined> {
  return toSignUp(await db.selectFrom("sign_ups").selectAll().where("id", "=", id).executeTakeFirst())
}

/** The newest one of an address. */
export async function findSignUpByEmailKey(db: Queries, emailKey: string): Promise<SignUp | undefined> {
  const row = await db
    .selectFrom("sign_ups")
    .selectAll()
    .where("email_key", "=", emailKey)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst()
  return toSignUp(row)
}

export async function lockSignUp(tx: Queries, id: number): Promise<SignUp | undefined> {
  return toSignUp(await tx.selectFrom("sign_ups").selectAll().where("id", "=", id).forUpdate().executeTakeFirst())
}

export async function updateSignUpExpiry(tx: Queries, id: number, expiresAt: Instant): Promise<void> {
  await tx.updateTable("sign_ups").set({ expires_at: expiresAt }).where("id", "=", id).execute()
}

export async function deleteSignUp(tx: Queries, id: number): Promise<void> {
  await tx.deleteFrom("sign_ups").where("id", "=", id).execute()
}

/** Deletes at most `limit` sign-ups that nobody verified in time, and says how many. */
export async function deleteExpiredSignUps(tx: Queries, now: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("sign_ups")
    .where("id", "in", (query) =>
      query.selectFrom("sign_ups").select("id").where("expires_at", "<=", now).orderBy("expires_at").limit(limit),
    )
    .returning("id")
    .execute()
  return rows.length
}

function toSignUp(row: Selectable<Schema["sign_ups"]> | undefined): SignUp | undefined {
  if (row === undefined) return undefined
  return {
    id: row.id,
    formKey: row.form_key,
    email: row.email,
    emailKey: row.email_key,
    passwordHash: row.password_hash,
    firstName: row.first_name,
    lastName: row.last_name,
    companyName: row.company_name,
    language: row.language === "en" ? "en" : "vi",
    expiresAt: row.expires_at as Instant,
  }
}
