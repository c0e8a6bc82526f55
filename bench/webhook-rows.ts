import { sql } from "kysely"
import { type Queries, transaction } from "../src/database/engine.ts"
import type { BenchDatabase } from "./platform.ts"

/** Of so many deliveries one has failed for good; their calls are spread over the whole log. */
const failedEvery = 1000

/** Gives the company a live webhook that was called for every transaction in the database; returns its id. */
export async function fillWebhook({ db }: BenchDatabase, companyId: number): Promise<number> {
  return transaction(db, async (tx) => {
    const id = await insertWebhook(tx, companyId)
    await sql`insert into deliveries (uuid, event_id, webhook_id, company_id, mode, transaction_id, kind, state, attempts,
        created_at, finished_at)
      select uuid, id, ${sql.lit(id)}, company_id, mode, id, 'auto',
        case when id % ${sql.lit(failedEvery)} = 0 then 'failed' else 'delivered' end, 1, recorded_at, recorded_at
      from transactions order by id`.execute(tx)
    await sql`insert into attempts (started_at, delivery_id, delivery_uuid, kind, attempt_number, webhook_id, config_version,
        company_id, mode, transaction_id, class, http_status, error_code, response_time_ms, request_url, ended_at,
        response_headers, response_body)
      select d.created_at, d.id, d.uuid, 'auto', 1, d.webhook_id, 1, d.company_id, d.mode, d.transaction_id,
        case when d.state = 'failed' then 'http_error' else 'ok' end,
        case when d.state = 'failed' then 500 else 200 end, 0, 12, 'https://shop.example/hook', d.created_at, '[]', null
      from deliveries d order by d.id`.execute(tx)
    await insertEvents(tx)
    return id
  })
}

/** What a thousandth of the transactions said, the middle one among them: a page shows one at a time. */
async function insertEvents(tx: Queries): Promise<void> {
  await sql`
    insert into events (id, uuid, company_id, mode, transaction_id, payload, silent, created_at)
    select id, uuid, company_id, mode, id, '{"code":null,"subAccount":"","content":"thanh toan don hang"}', 0, recorded_at
    from transactions where id % ${sql.lit(failedEvery)} = 0 order by id`.execute(tx)
}

/** Gives a company a live webhook of its own; returns its id. */
export async function insertWebhook(tx: Queries, companyId: number): Promise<number> {
  const { id } = await tx
    .insertInto("webhooks")
    .values({
      company_id: companyId,
      mode: "live",
      name: "Shop",
      webhook_url: "https://shop.example/hook",
      event_type: "All",
      is_verify_payment: 0,
      bank_mode: "all",
      bank_account_ids: "[]",
      accounts: "[]",
      only_va: 0,
      va_mode: "all",
      bank_sub_account_ids: "[]",
      skip_if_no_code: 0,
      prefix_filters: "[]",
      request_content_type: "Json",
      retry_non_2xx: 1,
      retry_wrong_body: 0,
      disable_on_410: 1,
      long_tail: 0,
      authen_type: "No_Authen",
      new_secret_active: 0,
      alert_threshold: 3,
      alert_event_types: "[]",
      alert_channel_ids: "[]",
      active: 1,
      config_version: 1,
      created_at: 0,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id
}
