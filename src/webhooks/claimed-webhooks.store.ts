import type { Selectable } from "kysely"
import { prepared, type Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"

/** A webhook as it is stored, credentials sealed, deleted ones too. */
export type StoredWebhook = Selectable<Schema["webhooks"]>

const byId = prepared<{ id: number }, StoredWebhook>((db, parameter) =>
  db.selectFrom("webhooks").selectAll().where("id", "=", parameter("id")),
)

/** Reads a webhook for an attempt: nothing about it is kept longer (contract/webhooks.md §2.3). */
export async function selectStoredWebhook(tx: Queries, id: number): Promise<StoredWebhook | undefined> {
  const [row] = await byId(tx, { id })
  return row
}
