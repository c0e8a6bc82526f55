import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

export interface SentForm {
  readonly userId: number
  readonly formKey: string
  readonly ledTo: string
}

/** Notes that a form was sent; false if it was before. Whoever sends it at the same time waits here for the first. */
export async function insertSentForm(tx: Queries, form: Omit<SentForm, "ledTo">, now: Instant): Promise<boolean> {
  const rows = await tx
    .insertInto("forms_sent")
    .values({ form_key: form.formKey, user_id: form.userId, led_to: "", sent_at: now })
    .onConflict((conflict) => conflict.column("form_key").doNothing())
    .returning("form_key")
    .execute()
  return rows.length === 1
}

export async function updateSentForm(tx: Queries, { formKey, ledTo }: SentForm): Promise<void> {
  await tx.updateTable("forms_sent").set({ led_to: ledTo }).where("form_key", "=", formKey).execute()
}

/** Where that user's form led when it was first sent, and when that was. */
export async function findSentForm(
  tx: Queries,
  form: Omit<SentForm, "ledTo">,
): Promise<{ readonly ledTo: string; readonly sentAt: Instant } | undefined> {
  const row = await tx
    .selectFrom("forms_sent")
    .select(["led_to as ledTo", "sent_at as sentAt"])
    .where("form_key", "=", form.formKey)
    .where("user_id", "=", form.userId)
    .executeTakeFirst()
  return row && { ledTo: row.ledTo, sentAt: row.sentAt as Instant }
}

/** Forgets at most `limit` forms sent before that, and says how many. */
export async function deleteSentForms(tx: Queries, before: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("forms_sent")
    .where("form_key", "in", (query) =>
      query.selectFrom("forms_sent").select("form_key").where("sent_at", "<", before).orderBy("sent_at").limit(limit),
    )
    .returning("form_key")
    .execute()
  return rows.length
}
