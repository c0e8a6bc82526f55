import type { Generated } from "kysely"

/** Row types of the tables of migrations/0014-request-log.ts, as both engines return them. */
export interface RequestLogSchema {
  client_requests: ClientRequestsTable
  client_usage: ClientUsageTable
  client_trials: ClientTrialsTable
}

interface ClientRequestsTable {
  id: Generated<number>
  client_row_id: number
  at: number
  last_at: number
  repeats: number
  proven: number
  endpoint: string
  method: string
  status: number
  failed: number
  error: string | null
  reason: string | null
  facts: string | null
  request_id: string
  ip: string | null
  user_agent: string
  mode: string | null
  duration_us: number
}

interface ClientUsageTable {
  client_row_id: number
  day: number
  endpoint: string
  outcome: string
  calls: number
}

interface ClientTrialsTable {
  id: Generated<number>
  client_row_id: number
  session_id: string
  company_id: number
  state_hash: string
  code_challenge: string
  turn: number
  sealed: string
  family_id: number | null
  expires_at: number
}
