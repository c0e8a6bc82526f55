import { sql } from "kysely"
import type { Instant } from "../src/clock.ts"
import { type Queries, transaction } from "../src/database/engine.ts"
import { beside, numbers } from "./numbers.ts"
import type { BenchDatabase } from "./platform.ts"

const dayMs = 24 * 3600 * 1000

/** Whom the rows are about. */
export interface PeopleGround {
  readonly companyId: number
  readonly ownerId: number
  readonly operatorId: number
  /** How many transactions there are: all else is in proportion. */
  readonly rows: number
  readonly now: Instant
}

/** Fills the platform with companies, their people and sessions, and with what all of them did. */
export async function fillPeople({ db }: BenchDatabase, ground: PeopleGround): Promise<void> {
  await transaction(db, async (tx) => {
    const { id } = await tx
      .selectFrom("companies")
      .select(({ fn }) => fn.max("id").as("id"))
      .executeTakeFirstOrThrow()
    await insertCompanies(tx, ground)
    await insertUsers(tx, ground, id)
    await insertColleagues(tx, ground)
    await insertSessions(tx, ground)
    await insertInvitations(tx, ground)
    await insertAuditEntries(tx, ground)
  })
}

async function insertCompanies(tx: Queries, { rows, now }: PeopleGround): Promise<void> {
  await sql`
    insert into companies (full_name, short_name, subscription, status, sub_accounts_on, payment_codes_on,
      separator_tolerant, data_storage_days, created_at)
    ${numbers(1, beside(rows, 20_000))}
    select 'Công ty TNHH Thương mại và Dịch vụ Minh Phát ' || cast(n as text), 'Minh Phat ' || cast(n as text), 'Free',
      case when n % 200 = 0 then 'suspended' else 'active' end, 1, 1, 0, 90, ${sql.lit(now - 700 * dayMs)}
    from numbers`.execute(tx)
}

async function insertUsers(tx: Queries, { now }: PeopleGround, lastBefore: number): Promise<void> {
  await sql`
    insert into users (company_id, email, email_key, password_hash, first_name, last_name, phone, role, permissions,
      is_operator, status, created_at)
    select id, 'nguoi' || cast(id as text) || '@minhphat.example', 'nguoi' || cast(id as text) || '@minhphat.example', '',
      'Nguyễn Thị', 'Hồng ' || cast(id as text), '0901234567', 'SuperAdmin', '[]', 0, 'active',
      ${sql.lit(now - 700 * dayMs)}
    from companies where id > ${sql.lit(lastBefore)} order by id`.execute(tx)
}

async function insertColleagues(tx: Queries, { companyId, rows, now }: PeopleGround): Promise<void> {
  await sql`
    insert into users (company_id, email, email_key, password_hash, first_name, last_name, phone, role, permissions,
      is_operator, status, created_at)
    ${numbers(1, beside(rows, 300, 60))}
    select ${sql.lit(companyId)}, 'nhanvien' || cast(n as text) || '@bench.example',
      'nhanvien' || cast(n as text) || '@bench.example', '', 'Trần Văn', 'Bình ' || cast(n as text), '', 'User',
      '["transaction.list","bank_account.list"]', 0, 'active', ${sql.lit(now - 100 * dayMs)}
    from numbers`.execute(tx)
}

async function insertSessions(tx: Queries, { ownerId, now }: PeopleGround): Promise<void> {
  const insertion = sql`insert into sessions (id_hash, public_id, user_id, created_at, last_used_at, expires_at, ip, user_agent)`
  const values = sql`${sql.lit(now - dayMs)}, ${sql.lit(now)}, ${sql.lit(now + 20 * dayMs)}, '203.0.113.7',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'`
  await sql`${insertion} select 'of user ' || cast(id as text), 'user' || cast(id as text), id, ${values}
    from users where id % 4 = 0`.execute(tx)
  await sql`${insertion} ${numbers(1, 30)}
    select 'of owner ' || cast(n as text), 'owner' || cast(n as text), ${sql.lit(ownerId)}, ${values} from numbers`.execute(
    tx,
  )
}

async function insertInvitations(tx: Queries, { companyId, ownerId, now }: PeopleGround): Promise<void> {
  await sql`
    insert into invitations (company_id, email, email_key, role, permissions, language, invited_by, invited_at, expires_at,
      state)
    ${numbers(1, 20)}
    select ${sql.lit(companyId)}, 'moi' || cast(n as text) || '@bench.example', 'moi' || cast(n as text) || '@bench.example',
      'User', '[]', 'vi', ${sql.lit(ownerId)}, ${sql.lit(now - dayMs)}, ${sql.lit(now + 6 * dayMs)}, 'open'
    from numbers`.execute(tx)
}

/** Half of them of the company, the rest of all others; over two years, by five kinds of things and three kinds of actors. */
async function insertAuditEntries(tx: Queries, ground: PeopleGround): Promise<void> {
  const { companyId, ownerId, operatorId, rows, now } = ground
  const count = beside(rows, 200_000, 2000)
  const stepMs = Math.floor((700 * dayMs) / count)
  const companies = beside(rows, 20_000)
  const subject = sql`(case n % 10 when 0 then 'webhook' when 1 then 'bank_account' when 2 then 'grant'
    when 3 then 'payment_code' else 'transaction' end)`
  await sql`
    insert into audit_entries (company_id, actor_kind, actor_id, action, subject_id, details, recorded_at, subject,
      actor_name, ip)
    ${numbers(1, count)}
    select case when n % 2 = 0 then ${sql.lit(companyId)} else 3 + n % ${sql.lit(companies)} end,
      case n % 20 when 7 then 'operator' when 8 then 'client' else 'user' end,
      case n % 20 when 7 then ${sql.lit(operatorId)} when 8 then 1 else ${sql.lit(ownerId)} end,
      ${subject} || '.update', 1 + n % 40, '{"name":"Kho hàng","before":{"label":"Cũ"},"after":{"label":"Mới"}}',
      ${sql.lit(now - 700 * dayMs)} + n * ${sql.lit(stepMs)}, ${subject}, 'Nguyễn Thị Hồng', '203.0.113.7'
    from numbers`.execute(tx)
}
