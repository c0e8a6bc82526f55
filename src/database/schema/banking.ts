import type { Generated } from "kysely"

/** Row types of the tables of migrations/0003-banking.ts and 0009-transaction-search.ts, as both engines return them. */
export interface BankingSchema {
  bank_accounts: BankAccountsTable
  sub_accounts: SubAccountsTable
  payment_code_formats: PaymentCodeFormatsTable
  transactions: TransactionsTable
  transaction_revisions: TransactionRevisionsTable
  transaction_day_counts: TransactionDayCountsTable
  change_heads: ChangeHeadsTable
  changes: ChangesTable
  events: EventsTable
  search_heads: SearchHeadsTable
}

interface BankAccountsTable {
  id: Generated<number>
  company_id: number
  mode: string
  bank: string
  brand_name: string | null
  account_number: string
  account_key: string
  holder_name: string
  label: string | null
  balance: number | null
  balance_at: number | null
  active: number
  count_in: number
  count_out: number
  created_at: number
}

interface SubAccountsTable {
  id: Generated<number>
  bank_account_id: number
  kind: string
  account_number: string
  account_key: string
  holder_name: string | null
  label: string | null
  active: number
  created_at: number
}

interface PaymentCodeFormatsTable {
  id: Generated<number>
  company_id: number
  mode: string
  position: number
  prefix: string
  suffix_from: number
  suffix_to: number
  character_type: string
  is_active: number
}

interface TransactionsTable {
  id: Generated<number>
  uuid: string
  company_id: number
  mode: string
  bank_account_id: number
  booked_at: number
  booked_day: number
  precision: string
  amount: number
  balance_after: number | null
  balance_source: string | null
  memo: string
  description: string
  reference: string | null
  code: string | null
  sub_account_id: number | null
  sub_account_number: string | null
  kind: string
  reverses_id: number | null
  listed: number
  recorded_at: number
}

interface TransactionRevisionsTable {
  id: Generated<number>
  transaction_id: number
  observation_id: number | null
  before_values: string
  after_values: string
  revised_at: number
}

interface TransactionDayCountsTable {
  bank_account_id: number
  day: number
  count_in: number
  count_out: number
  sum_in: Generated<number>
  sum_out: Generated<number>
}

interface ChangeHeadsTable {
  company_id: number
  last: number
}

interface ChangesTable {
  company_id: number
  sequence: number
  kind: string
  transaction_id: number | null
  bank_account_id: number | null
  changed_at: number
}

interface SearchHeadsTable {
  company_id: number
  upto: number
}

interface EventsTable {
  id: Generated<number>
  uuid: string
  company_id: number
  mode: string
  transaction_id: number
  payload: string
  silent: number
  verdicts: Generated<string>
  created_at: number
}
