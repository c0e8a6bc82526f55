import type { Generated } from "kysely"

/** Row types of the tables of migrations/0005-webhooks.ts and 0011-webhook-pages.ts, as both engines return them. */
export interface WebhooksSchema {
  audit_entries: AuditEntriesTable
  webhooks: WebhooksTable
  webhook_versions: WebhookVersionsTable
  webhook_calls: WebhookCallsTable
  webhook_replays: WebhookReplaysTable
  deliveries: DeliveriesTable
  delivery_due: DeliveryDueTable
  attempts: AttemptsTable
}

interface AuditEntriesTable {
  id: Generated<number>
  company_id: number
  actor_kind: string
  actor_id: number | null
  action: string
  subject_id: number | null
  details: string
  recorded_at: number
  subject: string
  actor_name: string | null
  ip: string | null
}

interface WebhooksTable {
  id: Generated<number>
  company_id: number
  mode: string
  name: string
  webhook_url: string
  event_type: string
  is_verify_payment: number
  bank_mode: string
  bank_account_ids: string
  accounts: string
  only_va: number
  va_mode: string
  bank_sub_account_ids: string
  skip_if_no_code: number
  prefix_filters: string
  request_content_type: string
  retry_non_2xx: number
  retry_wrong_body: number
  disable_on_410: number
  long_tail: number
  authen_type: string
  sealed_api_key: string | null
  api_key_hash: string | null
  sealed_secret: string | null
  sealed_new_secret: string | null
  new_secret_active: number
  roll_ends_at: number | null
  oauth2_access_token_url: string | null
  oauth2_client_id: string | null
  sealed_oauth2_client_secret: string | null
  oauth2_dialect: string | null
  alert_threshold: number
  alert_event_types: string
  alert_channel_ids: string
  active: number
  off_reason: string | null
  config_version: number
  created_at: number
  deleted_at: number | null
  creator_kind: string | null
  creator_id: number | null
}

interface WebhookVersionsTable {
  webhook_id: number
  config_version: number
  filter: string
}

interface WebhookCallsTable {
  id: Generated<number>
  company_id: number
  kind: string
  called_at: number
}

interface WebhookReplaysTable {
  id: Generated<number>
  company_id: number
  mode: string
  webhook_id: number
  user_id: number
  states: string
  from_at: number
  before_at: number
  after_id: number
  before_id: number
  replayed: number
  state: string
  has_more: number
  started_at: number
  finished_at: number | null
}

interface DeliveriesTable {
  id: Generated<number>
  uuid: string
  event_id: number | null
  payload: string | null
  webhook_id: number
  company_id: number
  mode: string
  transaction_id: number | null
  kind: string
  state: string
  reason: string | null
  attempts: number
  replay_of: number | null
  created_at: number
  finished_at: number | null
}

interface DeliveryDueTable {
  delivery_id: number
  webhook_id: number
  lane: number
  due_at: number
  lease_until: number | null
  claim_id: string | null
  attempts_started: number
  retry_index: number
  interruptions: number
  other_secret: number
}

interface AttemptsTable {
  n: Generated<number>
  started_at: number
  delivery_id: number
  delivery_uuid: string
  kind: string
  attempt_number: number
  webhook_id: number
  config_version: number
  company_id: number
  mode: string
  transaction_id: number | null
  replay_of: number | null
  class: string
  http_status: number | null
  error_code: number
  message: string | null
  response_time_ms: number
  dns_ms: number | null
  connect_ms: number | null
  tls_ms: number | null
  first_byte_ms: number | null
  request_url: string
  request_headers: string | null
  body_sha256: string | null
  response_headers: string | null
  response_body: Uint8Array | null
  ended_at: number
  next_retry_at: number | null
}
