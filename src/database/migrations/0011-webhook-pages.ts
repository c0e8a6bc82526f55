import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await addCreator(tx, columns)
  await createReplayRuns(tx, columns)
  // What went wrong is looked for among millions of calls that went well; a call that went well writes nothing here.
  await tx.schema
    .createIndex("attempts_troubled")
    .on("attempts")
    .columns(["webhook_id", "n", "kind", "class", "started_at"])
    .where(sql.ref("class"), "<>", sql.lit("ok"))
    .execute()
}

// Who made a webhook: user or client (an app); null where nobody knows any more.
async function addCreator(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  await tx.schema.alterTable("webhooks").addColumn("creator_kind", text).execute()
  await tx.schema.alterTable("webhooks").addColumn("creator_id", integer).execute()
  const made = (column: string) => sql`(select ${sql.ref(column)} from audit_entries
    where audit_entries.company_id = webhooks.company_id and audit_entries.subject_id = webhooks.id
      and audit_entries.action in ('webhook.create', 'webhook.clone')
    order by audit_entries.id limit 1)`
  await sql`update webhooks set creator_kind = ${made("actor_kind")}, creator_id = ${made("actor_id")}`.execute(tx)
}

async function createReplayRuns(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  // A replay by filter that somebody asked for at a page: it goes on in small steps, after a restart too.
  await tx.schema
    .createTable("webhook_replays")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("webhook_id", integer, (c) => c.notNull())
    .addColumn("user_id", integer, (c) => c.notNull())
    // JSON list: failed, cancelled.
    .addColumn("states", text, (c) => c.notNull())
    .addColumn("from_at", integer, (c) => c.notNull())
    .addColumn("before_at", integer, (c) => c.notNull())
    // Deliveries between these are looked at; the first grows with every step.
    .addColumn("after_id", integer, (c) => c.notNull())
    .addColumn("before_id", integer, (c) => c.notNull())
    .addColumn("replayed", integer, (c) => c.notNull())
    // running → done, or stopped when the webhook is deleted meanwhile.
    .addColumn("state", text, (c) => c.notNull())
    // There was more than one replay may make.
    .addColumn("has_more", flag, (c) => c.notNull())
    .addColumn("started_at", integer, (c) => c.notNull())
    .addColumn("finished_at", integer)
    .execute()
  await tx.schema
    .createIndex("webhook_replays_running")
    .on("webhook_replays")
    .column("id")
    .where(sql.ref("state"), "=", sql.lit("running"))
    .execute()
}
