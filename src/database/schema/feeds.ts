import type { Generated } from "kysely"

/** Row types of the tables of migrations/0004-feeds.ts and 0010-statement-uploads.ts, as both engines return them. */
export interface FeedsSchema {
  feeds: FeedsTable
  feed_secrets: FeedSecretsTable
  simulation_counts: SimulationCountsTable
  raw_items: RawItemsTable
  raw_item_pieces: RawItemPiecesTable
  observations: ObservationsTable
  statement_imports: StatementImportsTable
  csv_profiles: CsvProfilesTable
  statements: StatementsTable
  staged_lines: StagedLinesTable
  gaps: GapsTable
  statement_uploads: StatementUploadsTable
  statement_upload_pieces: StatementUploadPiecesTable
}

interface FeedsTable {
  id: Generated<number>
  company_id: number
  kind: string
  name: string
  mode: string
  bank_account_ids: string | null
  active: number
  created_at: number
  last_seen_at: number | null
}

interface FeedSecretsTable {
  id: Generated<number>
  feed_id: number
  sealed_secret: string
  created_at: number
  expires_at: number | null
}

interface SimulationCountsTable {
  company_id: number
  day: number
  count: number
}

interface RawItemsTable {
  id: Generated<number>
  feed_id: number
  company_id: number
  content: Uint8Array | null
  size: number
  sha256: string
  parser_version: number
  outcome: string
  reason: string | null
  received_at: number
}

interface RawItemPiecesTable {
  raw_item_id: number
  piece: number
  content: Uint8Array
}

interface ObservationsTable {
  id: Generated<number>
  feed_id: number
  identity: string
  raw_item_id: number
  line: number
  bank_account_id: number
  transaction_id: number | null
  fingerprint: string
  content: string
  status: string
  observed_at: number
  statement_id: number | null
}

interface StatementImportsTable {
  id: Generated<number>
  company_id: number
  feed_id: number
  raw_item_id: number
  file_name: string
  sha256: string
  format: string
  notify: string
  state: string
  bytes_read: number
  lines_read: number
  inserted: number
  duplicates: number
  pending: number
  ignored: number
  errors: string | null
  skipped: string | null
  imported_by: string
  created_at: number
  progress_at: number
  finished_at: number | null
  sheet: string | null
}

interface CsvProfilesTable {
  id: Generated<number>
  company_id: number
  name: string
  profile: string
  created_at: number
}

interface StatementsTable {
  id: Generated<number>
  import_id: number
  feed_id: number
  bank_account_id: number
  number: string | null
  from_day: number | null
  to_day: number | null
  from_at: number | null
  to_at: number | null
  opening: number | null
  closing: number | null
}

interface StagedLinesTable {
  import_id: number
  ordinal: number
  line: number
  statement_index: number
  bank_account_id: number
  feed_id: number
  identity: string
  fingerprint: string
  content: string
  status: string
  kind: string
  transaction_uuid: string
  event_uuid: string
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
  payload_middle: string
  payload_end: string
  transaction_id: number | null
}

interface GapsTable {
  id: Generated<number>
  company_id: number
  bank_account_id: number
  kind: string
  statement_id: number | null
  from_balance: number
  to_balance: number
  missing_amount: number
  from_at: number | null
  to_at: number | null
  opened_at: number
  closed_at: number | null
  closed_by: string | null
  note: string | null
}

interface StatementUploadsTable {
  id: Generated<number>
  company_id: number
  bank_account_id: number
  user_id: number
  file_name: string
  size: number
  format: string
  state: string
  choices: string
  outcome: string | null
  import_id: number | null
  job: string | null
  stage: string
  bytes_read: number
  lines_read: number
  row_count: number
  progress_at: number
  created_at: number
}

interface StatementUploadPiecesTable {
  upload_id: number
  piece: number
  content: Uint8Array
}
