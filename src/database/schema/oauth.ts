import type { Generated } from "kysely"

/** Row types of the tables of migrations/0002-oauth.ts and 0013-client-changes.ts, as both engines return them. */
export interface OauthSchema {
  clients: ClientsTable
  client_secrets: ClientSecretsTable
  client_logos: ClientLogosTable
  authorization_requests: AuthorizationRequestsTable
  grants: GrantsTable
  authorization_codes: AuthorizationCodesTable
  token_families: TokenFamiliesTable
  refresh_tokens: RefreshTokensTable
  revoked_access_tokens: RevokedAccessTokensTable
  signing_keys: SigningKeysTable
  access_change_head: AccessChangeHeadTable
  access_changes: AccessChangesTable
}

interface ClientsTable {
  id: Generated<number>
  client_id: string
  company_id: number
  owner_user_id: number
  name: string
  description: string
  website: string | null
  logo_url: string | null
  profile: string
  client_type: string
  state: string
  state_reason: string | null
  redirect_uris: string
  scopes: string
  code_flow_on: number
  legacy_token_errors: number
  created_at: number
  deleted_at: number | null
  version: Generated<number>
  changed_at: number | null
  name_key: Generated<string>
  logo_hash: string | null
  pending: string | null
  review_since: number | null
}

interface ClientSecretsTable {
  id: Generated<number>
  client_row_id: number
  secret_hash: string
  last_characters: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  last_used_ip: string | null
  unseen_secret: string | null
  unseen_by: number | null
  expiry_warnings: Generated<number>
}

interface ClientLogosTable {
  client_row_id: number
  hash: string
  media_type: string
  body: Uint8Array
  fetched_at: number
}

interface AuthorizationRequestsTable {
  handle_hash: string
  parameters: string
  created_at: number
  decided_at: number | null
  choices: string | null
}

interface GrantsTable {
  id: Generated<number>
  client_row_id: number
  user_id: number
  company_id: number
  mode: string
  scopes: string
  bank_account_ids: string | null
  granted_at: number
  last_used_at: number | null
  ended_at: number | null
  end_reason: string | null
}

interface AuthorizationCodesTable {
  code_hash: string
  client_row_id: number
  grant_id: number
  redirect_uri: string
  code_challenge: string | null
  scope: string
  expires_at: number
  family_id: number | null
}

interface TokenFamiliesTable {
  id: Generated<number>
  grant_id: number
  client_row_id: number
  scope: string
  created_at: number
  ends_at: number | null
  ended_at: number | null
  end_reason: string | null
  generation: number
  refresh_expires_at: number
  refresh_expires_day: number
  rotated_at: number
  rotation_key_id: string | null
  rotation_scope_parameter: string | null
  access_kid: string
  access_issued_at: number
  access_expires_at: number
  access_scope: string
}

interface RefreshTokensTable {
  token_hash: string
  family_id: number
  generation: number
}

interface RevokedAccessTokensTable {
  jti: string
  family_id: number
  expires_at: number
  /** Null in rows from before it was kept. */
  revoked_at: number | null
}

interface SigningKeysTable {
  kid: string
  algorithm: string
  state: string
  public_jwk: string
  sealed_private_key: string | null
  created_at: number
  activated_at: number | null
  retired_at: number | null
  burned_at: number | null
}

interface AccessChangeHeadTable {
  id: number
  last: number
}

interface AccessChangesTable {
  id: number
  subject: string
  subject_id: string
  changed_at: number
}
