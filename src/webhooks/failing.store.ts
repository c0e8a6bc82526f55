import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"

/** What of a webhook does not arrive; each number goes up to a bound. */
export interface FailingRow {
  readonly webhookId: number
  readonly failed: number
  readonly latestFailedAt: Instant | null
  /** Failed at least once and will be tried again. */
  readonly waiting: number
}

// SQLite joins at most 500 questions into one.
const webhooksAtOnce = 100

/**
 * Counts the failed deliveries since an instant and those that wait for another try. It reads at most `most` rows of each
 * from their indexes, however much has failed over the years.
 */
export async function selectFailing(
  db: Queries,
  ids: readonly WebhookId[],
  { since, most }: { readonly since: Instant; readonly most: number },
): Promise<FailingRow[]> {
  if (ids.length === 0) return []
  const further = await selectFailing(db, ids.slice(webhooksAtOnce), { since, most })
  // One question for all webhooks, each of which jumps into the index by itself.
  const ofEach = ids.slice(0, webhooksAtOnce).map(
    (id) => sql`
    select cast(${id} as bigint) as "webhookId",
      -- Both conditions on the state: by the first the index is found.
      (select count(*) from (select finished_at from deliveries where webhook_id = ${id}
        and state in ('failed', 'cancelled') and state = 'failed' order by id desc limit ${most}) as newest
        where finished_at >= ${since}) as failed,
      (select max(finished_at) from (select finished_at from deliveries where webhook_id = ${id}
        and state in ('failed', 'cancelled') and state = 'failed' order by id desc limit ${most}) as newest
        where finished_at >= ${since}) as "latestFailedAt",
      (select count(*) from (select 1 as one from delivery_due where webhook_id = ${id} and lane = 1
        and lease_until is null limit ${most}) as due) as waiting`,
  )
  const { rows } = await sql<FailingRow>`${sql.join(ofEach, sql` union all `)}`.execute(db)
  return [...rows, ...further]
}
