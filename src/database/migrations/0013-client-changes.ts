import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await widenClients(tx, columns)
  await widenSecrets(tx, columns)
  await createLogos(tx, columns)
}

async function widenClients(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  const table = () => tx.schema.alterTable("clients")
  // Counts the changes of owner and operator, so that nobody decides on what he has not seen.
  await table()
    .addColumn("version", integer, (c) => c.notNull().defaultTo(1))
    .execute()
  await table().addColumn("changed_at", integer).execute()
  // The name without case and marks, to be searched.
  await table()
    .addColumn("name_key", text, (c) => c.notNull().defaultTo(""))
    .execute()
  // Names the row of client_logos.
  await table().addColumn("logo_hash", text).execute()
  // What waits for the operator, as JSON; null: nothing.
  await table().addColumn("pending", text).execute()
  // Since when the operator is asked; null: he is not.
  await table().addColumn("review_since", integer).execute()
  await sql`update clients set review_since = created_at where state = 'pending_review'`.execute(tx)
  await fillNameKeys(tx)
  await tx.schema
    .createIndex("clients_in_review")
    .on("clients")
    .columns(["review_since", "id"])
    .where(sql.ref("review_since"), "is not", null)
    .execute()
}

async function fillNameKeys(tx: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: number; name: string }>`select id, name from clients`.execute(tx)
  for (const { id, name } of rows) {
    const key = name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase()
    await sql`update clients set name_key = ${key} where id = ${id}`.execute(tx)
  }
}

async function widenSecrets(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  const table = () => tx.schema.alterTable("client_secrets")
  // Sealed, until its maker has seen it once, or a few minutes have passed.
  await table().addColumn("unseen_secret", text).execute()
  await table().addColumn("unseen_by", integer).execute()
  // Which warnings of its end are behind it: 0 none, 1 that of three days, 2 that of one day too.
  await table()
    .addColumn("expiry_warnings", integer, (c) => c.notNull().defaultTo(0))
    .execute()
  await tx.schema
    .createIndex("client_secrets_ending")
    .on("client_secrets")
    .column("expires_at")
    .where(sql.ref("expires_at"), "is not", null)
    .execute()
  await tx.schema
    .createIndex("client_secrets_unseen")
    .on("client_secrets")
    .column("created_at")
    .where(sql.ref("unseen_secret"), "is not", null)
    .execute()
}

async function createLogos(tx: Kysely<unknown>, { integer, text, bytes }: Columns): Promise<void> {
  await tx.schema
    .createTable("client_logos")
    .addColumn("client_row_id", integer, (c) => c.notNull().references("clients.id"))
    // SHA-256 of the bytes, hex.
    .addColumn("hash", text, (c) => c.notNull())
    .addColumn("media_type", text, (c) => c.notNull())
    .addColumn("body", bytes, (c) => c.notNull())
    .addColumn("fetched_at", integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("client_logos_key", ["client_row_id", "hash"])
    .execute()
  await tx.schema.createIndex("client_logos_by_hash").on("client_logos").column("hash").execute()
}
