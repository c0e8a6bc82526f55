import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** When a company made such calls after an instant, oldest first. */
export async function selectCalls(
  tx: Queries,
  of: { readonly companyId: number; readonly kind: string; readonly after: Instant },
): Promise<Instant[]> {
  const rows = await tx
    .selectFrom("webhook_calls")
    .select("called_at")
    .where("company_id", "=", of.companyId)
    .where("kind", "=", of.kind)
    .where("called_at", ">", of.after)
    .orderBy("called_at")
    .execute()
  return rows.map((row) => row.called_at as Instant)
}

/** Notes a call; those that count no more are forgotten with it. */
export async function insertCall(
  tx: Queries,
  call: { readonly companyId: number; readonly kind: string; readonly now: Instant },
): Promise<void> {
  const { companyId, kind, now } = call
  await tx
    .deleteFrom("webhook_calls")
    .where("company_id", "=", companyId)
    .where("kind", "=", kind)
    .where("called_at", "<", now - 3_600_000)
    .execute()
  await tx.insertInto("webhook_calls").values({ company_id: companyId, kind, called_at: now }).execute()
}
