import type { Generated } from "kysely"

/** Row types of the tables of migrations/0001-identity.ts, 0006-forms-sent.ts, 0012-audit-and-grant-history.ts and 0015-loop-runs.ts, as both engines return them. */
export interface IdentitySchema {
  companies: CompaniesTable
  users: UsersTable
  sessions: SessionsTable
  sign_in_throttles: SignInThrottlesTable
  forms_sent: FormsSentTable
  loop_runs: LoopRunsTable
}

interface CompaniesTable {
  id: Generated<number>
  full_name: string
  short_name: string
  subscription: string
  begin_day: string | null
  end_day: string | null
  status: string
  sub_accounts_on: number
  payment_codes_on: number
  separator_tolerant: number
  data_storage_days: number
  created_at: number
  suspended_at: Generated<number | null>
  suspended_reason: Generated<string | null>
}

interface UsersTable {
  id: Generated<number>
  company_id: number
  email: string
  email_key: string
  password_hash: string
  first_name: string
  last_name: string
  phone: string
  role: string
  permissions: string
  is_operator: number
  language: string | null
  status: string
  created_at: number
  first_sign_in_at: number | null
  suspended_at: Generated<number | null>
  suspended_reason: Generated<string | null>
}

interface SessionsTable {
  id_hash: string
  public_id: string
  user_id: number
  created_at: number
  last_used_at: number
  expires_at: number
  ip: string
  user_agent: string
}

interface SignInThrottlesTable {
  key: string
  failures: number
  blocked_until: number
  updated_at: number
}

interface FormsSentTable {
  form_key: string
  user_id: number
  led_to: string
  sent_at: number
}

interface LoopRunsTable {
  name: string
  ended_at: number
  rows_done: number
}
