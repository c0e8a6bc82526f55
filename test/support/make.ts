import { randomUUID } from "node:crypto"
import { recordChange } from "../../src/banking/changes.store.ts"
import type { Instant } from "../../src/clock.ts"
import { type Database, type Queries, transaction } from "../../src/database/engine.ts"
import type { Permission, Role } from "../../src/identity/permission.ts"
import { type BankAccountId, type CompanyId, type Mode, newClientId, type TransactionId } from "../../src/ids.ts"
import { scopes as allScopes, type Scope } from "../../src/oauth/protocol.ts"
import { vietnamDay } from "../../src/vietnam-time.ts"

// Rows as the operations leave them, put straight into the database: for tests of what reads them.

const madeAt = Date.parse("2026-06-01T08:15:00+07:00")
let serial = 0

type Table =
  | "companies"
  | "users"
  | "clients"
  | "grants"
  | "token_families"
  | "bank_accounts"
  | "sub_accounts"
  | "payment_code_formats"

function insert(db: Database, table: Table, row: Readonly<Record<string, unknown>>): Promise<number> {
  return transaction(db, async (tx) => {
    const { id } = await tx
      .insertInto(table as "companies")
      .values(row as never)
      .returning("id")
      .executeTakeFirstOrThrow()
    return id
  })
}

/** Makes a company and returns its id; `row` overrides columns. */
export function aCompany(db: Database, row: Readonly<Record<string, unknown>> = {}): Promise<number> {
  return insert(db, "companies", {
    full_name: "Công ty TNHH Mẫu",
    short_name: "Mau Co",
    subscription: "Free",
    begin_day: null,
    end_day: null,
    status: "active",
    sub_accounts_on: 1,
    payment_codes_on: 1,
    separator_tolerant: 0,
    data_storage_days: 90,
    created_at: madeAt,
    ...row,
  })
}

/** Makes a user who cannot sign in (no password fits) and returns the id. */
export function aUser(
  db: Database,
  user: { companyId: number; role?: Role; permissions?: readonly Permission[] } & Readonly<Record<string, unknown>>,
): Promise<number> {
  const { companyId, role = "SuperAdmin", permissions = [], ...row } = user
  serial += 1
  const email = `user${serial}@example.com`
  return insert(db, "users", {
    company_id: companyId,
    email,
    email_key: email,
    password_hash: "",
    first_name: "Trần",
    last_name: "Thị Mẫu",
    phone: "",
    role,
    permissions: JSON.stringify(permissions),
    is_operator: 0,
    language: null,
    status: "active",
    created_at: madeAt,
    ...row,
  })
}

/** Makes an approved app with all scopes and returns its row id and `client_id`. */
export async function aClient(
  db: Database,
  client: { companyId: number; userId: number } & Readonly<Record<string, unknown>>,
): Promise<{ id: number; clientId: string }> {
  const { companyId, userId, ...row } = client
  const clientId = newClientId()
  const id = await insert(db, "clients", {
    client_id: clientId,
    company_id: companyId,
    owner_user_id: userId,
    name: "Shop",
    description: "",
    website: null,
    logo_url: null,
    profile: "sepay",
    client_type: "confidential",
    state: "approved",
    state_reason: null,
    redirect_uris: '["https://shop.example/callback"]',
    scopes: JSON.stringify(allScopes.map((scope) => ({ scope, required: false }))),
    code_flow_on: 1,
    legacy_token_errors: 0,
    created_at: madeAt,
    deleted_at: null,
    ...row,
  })
  return { id, clientId }
}

/** Makes a grant with one token family. */
export async function aGrant(
  db: Database,
  grant: {
    clientRowId: number
    userId: number
    companyId: number
    mode?: Mode
    scopes?: readonly Scope[]
    bankAccountIds?: readonly number[]
  },
): Promise<{ grantId: number; familyId: number }> {
  const { clientRowId, userId, companyId, mode = "live", scopes = allScopes, bankAccountIds } = grant
  const grantId = await insert(db, "grants", {
    client_row_id: clientRowId,
    user_id: userId,
    company_id: companyId,
    mode,
    scopes: JSON.stringify(scopes),
    bank_account_ids: bankAccountIds === undefined ? null : JSON.stringify(bankAccountIds),
    granted_at: madeAt,
    last_used_at: null,
    ended_at: null,
    end_reason: null,
  })
  const familyId = await insert(db, "token_families", {
    grant_id: grantId,
    client_row_id: clientRowId,
    scope: JSON.stringify(scopes),
    created_at: madeAt,
    ends_at: null,
    ended_at: null,
    end_reason: null,
    generation: 1,
    refresh_expires_at: madeAt + 30 * 86_400_000,
    refresh_expires_day: Math.floor(madeAt / 86_400_000) + 30,
    rotated_at: madeAt,
    rotation_key_id: null,
    rotation_scope_parameter: null,
    access_kid: "",
    access_issued_at: madeAt,
    access_expires_at: madeAt + 3_600_000,
    access_scope: JSON.stringify(scopes),
  })
  return { grantId, familyId }
}

/** Links an account at Vietcombank, unless `row` says otherwise, and returns its id. */
export function aBankAccount(
  db: Database,
  account: { companyId: number; mode?: Mode; number?: string } & Readonly<Record<string, unknown>>,
): Promise<number> {
  serial += 1
  const { companyId, mode = "live", number = `0011${String(serial).padStart(9, "0")}`, ...row } = account
  return insert(db, "bank_accounts", {
    company_id: companyId,
    mode,
    bank: "Vietcombank",
    brand_name: null,
    account_number: number,
    account_key: number.toUpperCase(),
    holder_name: "CONG TY TNHH MAU",
    label: null,
    balance: null,
    balance_at: null,
    active: 1,
    count_in: 0,
    count_out: 0,
    created_at: madeAt,
    ...row,
  })
}

/** Adds a virtual account and returns its id. */
export function aSubAccount(
  db: Database,
  sub: { bankAccountId: number; number: string } & Readonly<Record<string, unknown>>,
): Promise<number> {
  const { bankAccountId, number, ...row } = sub
  return insert(db, "sub_accounts", {
    bank_account_id: bankAccountId,
    kind: "official",
    account_number: number,
    account_key: number.toUpperCase(),
    holder_name: null,
    label: null,
    active: 1,
    created_at: madeAt,
    ...row,
  })
}

/** Gives a company's mode a payment-code template. */
export function aTemplate(
  db: Database,
  template: { companyId: number; mode?: Mode; prefix?: string; position?: number } & Readonly<Record<string, unknown>>,
): Promise<number> {
  const { companyId, mode = "live", prefix = "DH", position = 1, ...row } = template
  return insert(db, "payment_code_formats", {
    company_id: companyId,
    mode,
    position,
    prefix,
    suffix_from: 6,
    suffix_to: 8,
    character_type: "NumberOnly",
    is_active: 1,
    ...row,
  })
}

export interface TransactionRow {
  readonly bankAccountId: number
  readonly amountVnd: number
  readonly bookedAt: Instant
  /** False: withdrawn by its feed. */
  readonly listed?: boolean
  /** Further columns. */
  readonly row?: Readonly<Record<string, unknown>>
}

/** Records a transaction, counts and change number included, and returns its id. */
export async function aTransaction(db: Database, made: TransactionRow): Promise<number> {
  const [id] = await someTransactions(db, [made])
  if (id === undefined) throw new Error("No transaction was made.")
  return id
}

/** Records transactions in one database transaction, counts and change numbers included, and returns their ids. */
export function someTransactions(db: Database, made: readonly TransactionRow[]): Promise<number[]> {
  return transaction(db, async (tx) => {
    const ids: number[] = []
    for (const one of made) ids.push(await insertTransaction(tx, one))
    return ids
  })
}

async function insertTransaction(tx: Queries, made: TransactionRow): Promise<number> {
  const { bankAccountId, amountVnd, bookedAt, listed = true, row = {} } = made
  const account = await tx
    .selectFrom("bank_accounts")
    .select(["company_id", "mode"])
    .where("id", "=", bankAccountId)
    .executeTakeFirstOrThrow()
  const day = vietnamDay(bookedAt)
  const values = {
    uuid: randomUUID(),
    ...account,
    bank_account_id: bankAccountId,
    booked_at: bookedAt,
    booked_day: day,
    precision: "second",
    amount: amountVnd,
    balance_after: null,
    balance_source: null,
    memo: "chuyen tien",
    description: "",
    reference: null,
    code: null,
    sub_account_id: null,
    sub_account_number: null,
    kind: "normal",
    reverses_id: null,
    listed: Number(listed),
    recorded_at: bookedAt,
    ...row,
  }
  const { id } = await tx.insertInto("transactions").values(values).returning("id").executeTakeFirstOrThrow()
  if (listed) await countTransaction(tx, bankAccountId, day, amountVnd)
  // As recording does: what was listed before is told from what is listed now by this number.
  const change = { companyId: account.company_id as CompanyId, kind: "created", now: bookedAt } as const
  const [transactionId, accountId] = [id as TransactionId, bankAccountId as BankAccountId]
  await recordChange(tx, { ...change, transactionId, bankAccountId: accountId })
  return id
}

async function countTransaction(tx: Queries, bankAccountId: number, day: number, amountVnd: number): Promise<void> {
  const countIn = amountVnd > 0 ? 1 : 0
  const countOut = 1 - countIn
  await tx
    .updateTable("bank_accounts")
    .set((eb) => ({ count_in: eb("count_in", "+", countIn), count_out: eb("count_out", "+", countOut) }))
    .where("id", "=", bankAccountId)
    .execute()
  await tx
    .insertInto("transaction_day_counts")
    .values({
      bank_account_id: bankAccountId,
      day,
      count_in: countIn,
      count_out: countOut,
      sum_in: countIn * amountVnd,
      sum_out: countOut * -amountVnd,
    })
    .onConflict((conflict) =>
      conflict.columns(["bank_account_id", "day"]).doUpdateSet((eb) => ({
        count_in: eb("transaction_day_counts.count_in", "+", countIn),
        count_out: eb("transaction_day_counts.count_out", "+", countOut),
        sum_in: eb("transaction_day_counts.sum_in", "+", countIn * amountVnd),
        sum_out: eb("transaction_day_counts.sum_out", "+", countOut * -amountVnd),
      })),
    )
    .execute()
}
