import { sql } from "kysely"
import type { Instant } from "../src/clock.ts"
import { type Queries, transaction } from "../src/database/engine.ts"
import { registerClient } from "../src/oauth/client.ts"
import { dayBounds, vietnamDay } from "../src/vietnam-time.ts"
import { beside, numbers } from "./numbers.ts"
import type { PeopleGround } from "./people-rows.ts"
import type { BenchDatabase } from "./platform.ts"

const dayMs = 24 * 3600 * 1000

/** An app that very many use, and what of it has a page of its own. */
export interface AppGround {
  readonly clientId: string
  /** A call in the middle of its request log. */
  readonly requestId: number
  readonly requestAt: number
  /** A grant of the company. */
  readonly grantId: number
}

/** Gives the owner an app with grants and a request log, and the platform thousands of others. */
export async function fillApps(database: BenchDatabase, ground: PeopleGround, ownerEmail: string): Promise<AppGround> {
  const { db, keyring } = database
  const { clientId } = await registerClient(db, keyring, ground.now, {
    name: "Kho hàng",
    ownerEmail,
    redirectUris: ["https://shop.example/callback"],
    scope: "transaction:read bank-account:read profile",
    approve: true,
  })
  return transaction(db, async (tx) => {
    await insertClients(tx, ground)
    await insertGrants(tx, ground)
    await insertUsage(tx, ground)
    return { clientId, ...(await insertRequests(tx, ground)) }
  })
}

/** Every twentieth waits for the operator; thirty belong to the company. */
async function insertClients(tx: Queries, { companyId, ownerId, rows, now }: PeopleGround): Promise<void> {
  const waits = sql`n % 20 = 0`
  const companies = beside(rows, 20_000)
  await sql`
    insert into clients (client_id, company_id, owner_user_id, name, name_key, description, profile, client_type, state,
      redirect_uris, scopes, code_flow_on, legacy_token_errors, created_at, review_since)
    ${numbers(1, beside(rows, 5000, 100))}
    select 'client_000000000000' || cast(10000000 + n as text),
      case when n <= 30 then ${sql.lit(companyId)} else 3 + n % ${sql.lit(companies)} end, ${sql.lit(ownerId)},
      'Bán hàng ' || cast(n as text), 'ban hang ' || cast(n as text), 'Đối soát đơn hàng với giao dịch.', 'sepay',
      'confidential', case when ${waits} then 'pending_review' else 'approved' end,
      '["https://shop.example/callback"]', '[{"scope":"transaction:read","required":true}]', 1, 0,
      ${sql.lit(now - 600 * dayMs)} + n, case when ${waits} then ${sql.lit(now - 9 * dayMs)} + n else null end
    from numbers`.execute(tx)
}

/** The owner connected forty apps; a user of each company connected the app. Each grant has one family alive. */
async function insertGrants(tx: Queries, { companyId, ownerId, now }: PeopleGround): Promise<void> {
  const insertion = sql`insert into grants (client_row_id, user_id, company_id, mode, scopes, granted_at, last_used_at)`
  const values = sql`'live', '["transaction:read","profile"]', ${sql.lit(now - 90 * dayMs)}, ${sql.lit(now - 3000)}`
  await sql`${insertion} select id, ${sql.lit(ownerId)}, ${sql.lit(companyId)}, ${values} from clients
    where id <= 40 order by id`.execute(tx)
  await sql`${insertion} select 1, id, company_id, ${values} from users
    where company_id <> ${sql.lit(companyId)} order by id`.execute(tx)
  await sql`
    insert into token_families (grant_id, client_row_id, scope, created_at, generation, refresh_expires_at,
      refresh_expires_day, rotated_at, access_kid, access_issued_at, access_expires_at, access_scope)
    select id, client_row_id, '["transaction:read"]', granted_at, 9, ${sql.lit(now + 20 * dayMs)},
      ${sql.lit(Math.floor((now + 20 * dayMs) / dayMs))}, ${sql.lit(now - dayMs)}, 'kid', ${sql.lit(now - dayMs)},
      ${sql.lit(now - dayMs + 3_600_000)}, '["transaction:read"]'
    from grants order by id`.execute(tx)
}

/** A week of calls; of fifty, one fails. */
async function insertRequests(
  tx: Queries,
  { rows, now }: PeopleGround,
): Promise<{ readonly requestId: number; readonly requestAt: number; readonly grantId: number }> {
  const count = beside(rows, 100_000, 2000)
  const stepMs = Math.floor((7 * dayMs) / count)
  const failed = sql`n % 50 = 0`
  await sql`
    insert into client_requests (client_row_id, at, last_at, repeats, proven, endpoint, method, status, failed, error,
      request_id, ip, user_agent, mode, duration_us)
    ${numbers(1, count)}
    select 1, ${sql.lit(now - 7 * dayMs)} + n * ${sql.lit(stepMs)}, ${sql.lit(now - 7 * dayMs)} + n * ${sql.lit(stepMs)},
      1, 1, case when ${failed} then '/oauth/token' else '/api/v1/transactions' end,
      case when ${failed} then 'POST' else 'GET' end, case when ${failed} then 400 else 200 end,
      case when ${failed} then 1 else 0 end, case when ${failed} then 'invalid_grant' else null end,
      'req-' || cast(n as text), '203.0.113.7', 'shop/1.0', 'live', 900 + n % 700
    from numbers`.execute(tx)
  const middle = Math.floor(count / 2)
  const grant = await tx.selectFrom("grants").select("id").orderBy("id").limit(1).executeTakeFirstOrThrow()
  return { requestId: middle, requestAt: now - 7 * dayMs + middle * stepMs, grantId: grant.id }
}

async function insertUsage(tx: Queries, { now }: PeopleGround): Promise<void> {
  const endpoints = ["/api/v1/transactions", "/api/v1/bank-accounts", "/api/v1/me", "/oauth/token"]
  const days = Array.from({ length: 120 }, (_, index) => vietnamDay((now - index * dayMs) as Instant))
  const counts = days.flatMap((day) =>
    endpoints.flatMap((endpoint) =>
      (["ok", "refused", "limited"] as const).map((outcome) => ({
        client_row_id: 1,
        day,
        endpoint,
        outcome,
        calls: 100 + (Math.floor(dayBounds(day).startAt / dayMs) % 97),
      })),
    ),
  )
  await tx.insertInto("client_usage").values(counts).execute()
}
