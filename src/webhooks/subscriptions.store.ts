import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { AccountFilter, BankMode, EventType, VaMode, WebhookFilter } from "./webhook.ts"

/** What matching asks of a webhook. */
export interface Subscription extends WebhookFilter {
  readonly id: WebhookId
  readonly active: boolean
  readonly configVersion: number
}

interface FilterRow {
  readonly id: number
  readonly active: number
  readonly configVersion: number
  readonly eventType: string
  readonly bankMode: string
  readonly bankAccountIds: string
  readonly accounts: string
  readonly onlyVa: number
  readonly vaMode: string
  readonly bankSubAccountIds: string
  readonly skipIfNoCode: number
  readonly prefixFilters: string
}

const ofCompany = prepared<{ companyId: number; mode: string }, FilterRow>((db, parameter) =>
  db
    .selectFrom("webhooks")
    .select([
      "id",
      "active",
      "config_version as configVersion",
      "event_type as eventType",
      "bank_mode as bankMode",
      "bank_account_ids as bankAccountIds",
      "accounts",
      "only_va as onlyVa",
      "va_mode as vaMode",
      "bank_sub_account_ids as bankSubAccountIds",
      "skip_if_no_code as skipIfNoCode",
      "prefix_filters as prefixFilters",
    ])
    .where("company_id", "=", parameter("companyId"))
    .where("mode", "=", parameter("mode"))
    .where("deleted_at", "is", null)
    .orderBy("id")
    .$castTo<FilterRow>(),
)

/** The webhooks of a company and mode, switched off ones too, in the order they were made. */
export async function selectSubscriptions(
  tx: Queries,
  owner: { readonly companyId: number; readonly mode: Mode },
): Promise<Subscription[]> {
  return (await ofCompany(tx, owner)).map((row) => ({
    id: row.id as WebhookId,
    active: row.active === 1,
    configVersion: row.configVersion,
    eventType: row.eventType as EventType,
    bankMode: row.bankMode as BankMode,
    bankAccountIds: parseOnce<readonly number[]>(row.bankAccountIds),
    accounts: parseOnce<readonly AccountFilter[]>(row.accounts),
    onlyVa: row.onlyVa === 1,
    vaMode: row.vaMode as VaMode,
    bankSubAccountIds: parseOnce<readonly number[]>(row.bankSubAccountIds),
    skipIfNoCode: row.skipIfNoCode === 1,
    prefixFilters: parseOnce<readonly string[]>(row.prefixFilters),
  }))
}
