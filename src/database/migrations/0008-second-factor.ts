import { randomBytes } from "node:crypto"
import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await nameSessions(tx as Kysely<SessionsBefore>, columns)
  await addSecondFactors(tx, columns)
  await addSignInsBegun(tx, columns)
  await addKnownPlaces(tx, columns)
}

interface SessionsBefore {
  sessions: { id_hash: string; public_id: string }
}

async function nameSessions(tx: Kysely<SessionsBefore>, { text }: Columns): Promise<void> {
  // Names a session in pages and forms. Chosen at random, so that it says nothing about the cookie or its hash.
  await tx.schema
    .alterTable("sessions")
    .addColumn("public_id", text, (c) => c.notNull().defaultTo(""))
    .execute()
  for (const { id_hash } of await tx.selectFrom("sessions").select("id_hash").execute()) {
    const publicId = randomBytes(16).toString("base64url")
    await tx.updateTable("sessions").set({ public_id: publicId }).where("id_hash", "=", id_hash).execute()
  }
  await tx.schema.createIndex("sessions_by_public_id").on("sessions").column("public_id").unique().execute()
}

async function addSecondFactors(tx: Kysely<unknown>, { integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("second_factors")
    .addColumn("user_id", integer, (c) => c.primaryKey().references("users.id"))
    .addColumn("sealed_secret", text, (c) => c.notNull())
    // 0 while it is being set up: then it belongs to one session, for a short while.
    .addColumn("is_on", flag, (c) => c.notNull())
    .addColumn("begun_by", text, (c) => c.notNull())
    .addColumn("begun_at", integer, (c) => c.notNull())
    .addColumn("switched_on_at", integer)
    // The last 30-second step whose code was taken: no code of it or of an earlier step is taken again.
    .addColumn("last_step", integer, (c) => c.notNull())
    // Which form made the recovery codes, and when: sent twice, it shows the same ones.
    .addColumn("codes_form_hash", text)
    .addColumn("codes_made_at", integer)
    .execute()
  await tx.schema
    .createTable("recovery_codes")
    .addColumn("code_hash", text, (c) => c.primaryKey())
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    .addColumn("used_at", integer)
    .execute()
  await tx.schema.createIndex("recovery_codes_by_user").on("recovery_codes").column("user_id").execute()
}

async function addSignInsBegun(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  // A right password that waits for its second factor: no session, and good for nothing but to become one.
  await tx.schema
    .createTable("sign_ins_begun")
    .addColumn("id_hash", text, (c) => c.primaryKey())
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    // Tells whether the password is still the one that was given.
    .addColumn("password_mark", text, (c) => c.notNull())
    .addColumn("begun_at", integer, (c) => c.notNull())
    .addColumn("expires_at", integer, (c) => c.notNull())
    // When and with which code it became a session: a double click gets that same session.
    .addColumn("finished_at", integer)
    .addColumn("finished_code_hash", text)
    .execute()
  await tx.schema.createIndex("sign_ins_begun_by_expiry").on("sign_ins_begun").column("expires_at").execute()
}

async function addKnownPlaces(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  // Null: nobody has signed in yet, so there is nobody to warn.
  await tx.schema.alterTable("users").addColumn("first_sign_in_at", integer).execute()
  // Browsers and networks that a user signed in from, as hashes.
  await tx.schema
    .createTable("known_places")
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    .addColumn("place_hash", text, (c) => c.notNull())
    .addColumn("seen_at", integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("known_places_key", ["user_id", "place_hash"] as never)
    .execute()
  await tx.schema.createIndex("known_places_by_time").on("known_places").column("seen_at").execute()
}
