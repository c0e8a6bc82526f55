import type { FindBankAccounts } from "./bank-account-seam.ts"
import { type FieldFault, hasFault, withoutFields } from "./field-faults.ts"
import type { AccountFilter, BankMode, VaFilter, VaMode } from "./webhook.ts"
import type { AccountChoice, AccountDraft } from "./webhook-draft.ts"

type Find = (wanted: Parameters<FindBankAccounts>[2]) => ReturnType<FindBankAccounts>

/** What a draft makes of a choice, and what is wrong with it: the faults given, those of ignored fields left out. */
export interface MergedChoice {
  readonly choice: AccountChoice
  readonly faults: readonly FieldFault[]
}

/**
 * Merges which accounts a webhook covers, by the case table of contract/api.md §8 (PATCH), and checks the result as a
 * whole: every account is one that `find` sees, every sub-account belongs to a covered one.
 */
export async function mergeAccountChoice(
  before: AccountChoice,
  draft: AccountDraft,
  given: readonly FieldFault[],
  find: Find,
): Promise<MergedChoice> {
  // Which of the other fields count cannot be told.
  if (hasFault(given, "bank_mode")) return { choice: before, faults: given }
  const bankMode = mergeBankMode(before, draft, given)
  const faults = withoutFields(given, ignoredFields[bankMode])
  const bankAccountIds = unique(mergeAccountIds(before, draft, bankMode))
  const accounts = bankMode === "multi" ? mergeEntries(before, draft, bankAccountIds) : []
  const subAccountIds = unique(draft.bankSubAccountIds ?? before.bankSubAccountIds)
  const found = await find({
    bankAccountIds,
    bankSubAccountIds: unique([...subAccountIds, ...accounts.flatMap((entry) => entry.bankSubAccountIds)]),
  })

  const visible = new Set(found.bankAccountIds)
  const owners = new Map(found.subAccounts.map(({ id, bankAccountId }) => [id, bankAccountId]))
  const isCovered = (id: number) => {
    const owner = owners.get(id)
    return owner !== undefined && (bankMode === "all" || bankAccountIds.includes(owner))
  }
  const bankSubAccountIds = draft.bankSubAccountIds === undefined ? subAccountIds.filter(isCovered) : subAccountIds
  const vaMode = mergeVaMode(before, draft, bankSubAccountIds)
  const choice = {
    bankMode,
    bankAccountIds,
    accounts,
    onlyVa: draft.onlyVa ?? before.onlyVa,
    vaMode,
    bankSubAccountIds,
  }
  return {
    choice,
    faults: [
      ...faults,
      ...accountFaults(choice, faults, visible),
      ...vaFaults(choice, faults),
      ...subAccountFaults(
        "bank_sub_account_ids",
        bankSubAccountIds.filter((id) => !isCovered(id)),
      ),
      ...accounts.flatMap((entry, index) => entryFaults(entry, { index, accounts, bankAccountIds, owners })),
    ],
  }
}

const ignoredFields: Readonly<Record<BankMode, readonly string[]>> = {
  single: ["bank_account_ids", "accounts"],
  multi: ["bank_account_id"],
  all: ["bank_account_id", "bank_account_ids", "accounts"],
}

function mergeBankMode(before: AccountChoice, draft: AccountDraft, faults: readonly FieldFault[]): BankMode {
  if (draft.bankMode !== undefined && draft.bankMode !== null) return draft.bankMode
  if (typeof draft.bankAccountId === "number" || hasFault(faults, "bank_account_id")) return "single"
  if ((draft.bankAccountIds ?? undefined) !== undefined || hasFault(faults, "bank_account_ids")) return "multi"
  return draft.bankMode === null ? "single" : before.bankMode
}

function mergeAccountIds(before: AccountChoice, draft: AccountDraft, bankMode: BankMode): readonly number[] {
  if (bankMode === "all") return []
  if (bankMode === "multi")
    return draft.bankAccountIds === undefined ? before.bankAccountIds : (draft.bankAccountIds ?? [])
  // What an answer shows as bank_account_id of the mode before.
  if (draft.bankAccountId === undefined) return before.bankAccountIds.slice(0, 1)
  return draft.bankAccountId === null ? [] : [draft.bankAccountId]
}

function mergeEntries(
  before: AccountChoice,
  draft: AccountDraft,
  bankAccountIds: readonly number[],
): readonly AccountFilter[] {
  if (draft.accounts === undefined) {
    return before.accounts.filter(({ bankAccountId }) => bankAccountIds.includes(bankAccountId))
  }
  return draft.accounts.map((entry) => {
    const bankSubAccountIds = unique(entry.bankSubAccountIds)
    return { ...entry, bankSubAccountIds, vaMode: entry.vaMode ?? usualVaMode(bankSubAccountIds) }
  })
}

function mergeVaMode(before: AccountChoice, draft: AccountDraft, bankSubAccountIds: readonly number[]): VaMode {
  if (draft.vaMode !== undefined && draft.vaMode !== null) return draft.vaMode
  if (draft.vaMode === null || draft.bankSubAccountIds !== undefined) return usualVaMode(bankSubAccountIds)
  const lostAll = before.vaMode === "list" && bankSubAccountIds.length === 0
  return lostAll ? "all" : before.vaMode
}

function usualVaMode(bankSubAccountIds: readonly number[]): VaMode {
  return bankSubAccountIds.length > 0 ? "list" : "all"
}

function accountFaults(
  { bankMode, bankAccountIds }: AccountChoice,
  faults: readonly FieldFault[],
  visible: ReadonlySet<number>,
): FieldFault[] {
  const path = bankMode === "single" ? "bank_account_id" : "bank_account_ids"
  if (bankMode === "all" || hasFault(faults, path)) return []
  if (bankAccountIds.length === 0) return [{ path, problem: "is required" }]
  const unknown = bankAccountIds.find((id) => !visible.has(id))
  return unknown === undefined ? [] : [{ path, problem: `names no visible bank account: ${unknown}` }]
}

function vaFaults(filter: VaFilter, faults: readonly FieldFault[], prefix = ""): FieldFault[] {
  const path = `${prefix}va_mode`
  if (hasFault(faults, path)) return []
  if (filter.vaMode === "none" && filter.onlyVa) return [{ path, problem: "none lets nothing pass with only_va 1" }]
  const listed = filter.bankSubAccountIds.length > 0 || hasFault(faults, `${prefix}bank_sub_account_ids`)
  return filter.vaMode === "list" && !listed ? [{ path, problem: "list needs bank_sub_account_ids" }] : []
}

function subAccountFaults(path: string, strangers: readonly number[]): FieldFault[] {
  const [first] = strangers
  return first === undefined ? [] : [{ path, problem: `names no sub-account of the covered accounts: ${first}` }]
}

interface EntryPlace {
  readonly index: number
  readonly accounts: readonly AccountFilter[]
  readonly bankAccountIds: readonly number[]
  /** Account of each sub-account that there is. */
  readonly owners: ReadonlyMap<number, number>
}

function entryFaults(entry: AccountFilter, { index, accounts, bankAccountIds, owners }: EntryPlace): FieldFault[] {
  const prefix = `accounts.${index}.`
  const { bankAccountId } = entry
  const path = `${prefix}bank_account_id`
  const isFirst = accounts.findIndex((other) => other.bankAccountId === bankAccountId) === index
  const strangers = entry.bankSubAccountIds.filter((id) => owners.get(id) !== bankAccountId)
  return [
    ...(bankAccountIds.includes(bankAccountId) ? [] : [{ path, problem: "must be one of bank_account_ids" }]),
    ...(isFirst ? [] : [{ path, problem: "names an account that has an entry already" }]),
    ...vaFaults(entry, [], prefix),
    ...subAccountFaults(`${prefix}bank_sub_account_ids`, strangers),
  ]
}

function unique(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)]
}
