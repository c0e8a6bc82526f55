import type { Generated } from "kysely"

/** Row types of the tables of migrations/0007-accounts.ts, as both engines return them. */
export interface AccountsSchema {
  sign_ups: SignUpsTable
  invitations: InvitationsTable
  one_time_links: OneTimeLinksTable
}

interface SignUpsTable {
  id: Generated<number>
  form_key: string
  email: string
  email_key: string
  password_hash: string
  first_name: string
  last_name: string
  company_name: string
  language: string
  expires_at: number
}

interface InvitationsTable {
  id: Generated<number>
  company_id: number
  email: string
  email_key: string
  role: string
  permissions: string
  language: string
  invited_by: number
  invited_at: number
  expires_at: number
  state: string
}

interface OneTimeLinksTable {
  link_hash: string
  purpose: string
  subject_id: number
  email: string | null
  expires_at: number
  used_at: number | null
}
