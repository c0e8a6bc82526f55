import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, FeedId, Mode } from "../ids.ts"
import { findBank } from "./bank.ts"
import type { Observation, RefusedReason } from "./observation.ts"
import { type AccountToRecord, lockAccountsByKey, lockAccountsByVirtualKey } from "./recording.store.ts"
import { bareAccountNumber } from "./virtual-account.ts"

/** The feed an observation comes from, as far as recording asks. */
export interface RecordingFeed {
  readonly id: FeedId
  readonly companyId: CompanyId
  readonly mode: Mode
  /** Accounts it may speak of; undefined for all of its company and mode. */
  readonly bankAccountIds: readonly BankAccountId[] | undefined
}

/** A refusal, or the account with what is left to know: whether its number was a VA's. */
export type AccountFinding =
  | { readonly kind: "found"; readonly account: AccountToRecord }
  | { readonly kind: "refused"; readonly reason: RefusedReason; readonly message: string }

/** An account number in the form it is stored and compared in: bare and upper-case (contract/feeds.md §1). */
export function accountKey(number: string): string {
  return bareAccountNumber(number).toUpperCase()
}

/**
 * Finds and locks the account an observation speaks of: by its number, else by an official VA of it (contract/feeds.md
 * §2 steps 1 and 2, §4). The lock makes the writes of one account serial.
 */
export async function lockAccountOf(
  tx: Queries,
  feed: RecordingFeed,
  observation: Pick<Observation, "account" | "bank">,
): Promise<AccountFinding> {
  const { companyId, mode } = feed
  const key = accountKey(observation.account)
  const own = ofBank(await lockAccountsByKey(tx, { companyId, mode, key }), observation.bank)
  const found =
    own.length > 0 ? own : ofBank(await lockAccountsByVirtualKey(tx, { companyId, mode, key }), observation.bank)
  const [account] = found
  if (account === undefined) {
    return refuse("unknown_account", `No ${mode} account of the company has the number ${observation.account}.`)
  }
  if (found.length > 1) {
    return refuse("ambiguous_account", `Several banks have an account ${observation.account}: name the bank.`)
  }
  if (feed.bankAccountIds !== undefined && !feed.bankAccountIds.includes(account.id)) {
    return refuse("account_not_allowed", `The feed may not speak of account ${observation.account}.`)
  }
  if (account.active === 0) return refuse("account_inactive", `Account ${observation.account} is not active.`)
  return { kind: "found", account }
}

function ofBank(accounts: readonly AccountToRecord[], bank: string | undefined): readonly AccountToRecord[] {
  if (bank === undefined || accounts.length === 0) return accounts
  const shortName = findBank(bank)?.shortName ?? bank
  return accounts.filter((account) => account.bank === shortName)
}

function refuse(reason: RefusedReason, message: string): AccountFinding {
  return { kind: "refused", reason, message }
}
