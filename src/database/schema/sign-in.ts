/** Row types of the tables of migrations/0008-second-factor.ts, as both engines return them. */
export interface SignInSchema {
  second_factors: SecondFactorsTable
  recovery_codes: RecoveryCodesTable
  sign_ins_begun: SignInsBegunTable
  known_places: KnownPlacesTable
}

interface SecondFactorsTable {
  user_id: number
  sealed_secret: string
  is_on: number
  begun_by: string
  begun_at: number
  switched_on_at: number | null
  last_step: number
  codes_form_hash: string | null
  codes_made_at: number | null
}

interface RecoveryCodesTable {
  code_hash: string
  user_id: number
  used_at: number | null
}

interface SignInsBegunTable {
  id_hash: string
  user_id: number
  password_mark: string
  begun_at: number
  expires_at: number
  finished_at: number | null
  finished_code_hash: string | null
}

interface KnownPlacesTable {
  user_id: number
  place_hash: string
  seen_at: number
}
