import { Refusal } from "../../../refusal.ts"
import type { StoredWebhook } from "../../../webhooks/list-webhooks.ts"
import type { VaFilter } from "../../../webhooks/webhook.ts"
import type { AccountDraft } from "../../../webhooks/webhook-draft.ts"
import { numbersIn } from "./named-vas.ts"
import type { SelectableAccount } from "./selectable-accounts.ts"
import type { TypedVas, TypedWebhook } from "./typed-webhook.ts"
import { filterOfAccount, isSameFilter, toVaFilter } from "./va-choice.ts"

/** What is wrong with a choice of accounts. */
export type AccountProblem =
  | { readonly kind: "none-chosen" }
  | { readonly kind: "no-va"; readonly accountId: number }
  | { readonly kind: "unknown-va"; readonly accountId: number; readonly number: string }

/** A choice of accounts as a draft, and what is wrong with it. */
export interface DraftedAccounts {
  readonly draft: AccountDraft
  readonly problems: readonly AccountProblem[]
}

const mostAccounts = 100

/**
 * Turns the chosen accounts into a draft; a choice that says what the webhook says already is an empty draft, so that a
 * form that was only looked at changes nothing. Pure.
 *
 * @param accounts undefined: the user sees none, and can only take all or leave what is
 * @throws Refusal not_found for an account or virtual account that is not among them
 */
export function draftAccounts(
  typed: TypedWebhook,
  accounts: readonly SelectableAccount[] | undefined,
  before: StoredWebhook | undefined,
): DraftedAccounts {
  if (typed.covers === "all") return { draft: draftAll(typed, before), problems: [] }
  if (accounts === undefined) {
    return before === undefined || before.bankMode === "all" || typed.covers !== "keep"
      ? { draft: {}, problems: [{ kind: "none-chosen" }] }
      : { draft: {}, problems: [] }
  }
  const chosen = typed.accountIds.map((text) => findAccount(accounts, text))
  if (typed.covers !== "chosen" || chosen.length === 0 || chosen.length > mostAccounts) {
    return { draft: {}, problems: [{ kind: "none-chosen" }] }
  }
  const filters = chosen.map((account) => readFilter(account, typed.vas.get(account.id), before))
  const problems = filters.flatMap(({ problem }) => problem ?? [])
  const draft = draftChosen(
    filters.map(({ account, filter }) => ({ bankAccountId: account.id, ...filter })),
    before,
  )
  return { draft: problems.length > 0 ? {} : draft, problems }
}

function draftAll({ allVas }: TypedWebhook, before: StoredWebhook | undefined): AccountDraft {
  if (allVas === "keep") return { bankMode: "all" }
  const filter = toVaFilter(allVas, [])
  if (before?.bankMode === "all" && isSameFilter(before, filter)) return {}
  return { bankMode: "all", ...filter }
}

function findAccount(accounts: readonly SelectableAccount[], text: string): SelectableAccount {
  const account = accounts.find(({ id }) => String(id) === text)
  if (account === undefined) throw new Refusal("not_found", "There is no such bank account")
  return account
}

interface ReadFilter {
  readonly account: SelectableAccount
  readonly filter: VaFilter
  readonly problem?: AccountProblem
}

function readFilter(
  account: SelectableAccount,
  { choice, ids, numbers }: TypedVas = { choice: "everything", ids: [], numbers: "" },
  before: StoredWebhook | undefined,
): ReadFilter {
  if (choice !== "listed" && choice !== "account-and-listed") return { account, filter: toVaFilter(choice, []) }
  const stranger = ids.find((id) => !account.vas.some((va) => va.id === id))
  if (stranger !== undefined) throw new Refusal("not_found", "There is no such virtual account")
  const typed = numbersIn(numbers)
  const byNumber = new Map(account.vas.map((va) => [va.number.toUpperCase(), va.id]))
  const unknown = typed.find((number) => !byNumber.has(number.toUpperCase()))
  const all = [...new Set([...ids, ...typed.flatMap((number) => byNumber.get(number.toUpperCase()) ?? [])])]
  const filter = toVaFilter(choice, all)
  if (unknown !== undefined) {
    return { account, filter, problem: { kind: "unknown-va", accountId: account.id, number: unknown } }
  }
  // One that lets nothing pass may have been made through the API; whoever leaves it alone is not stopped by it.
  const isKept = before !== undefined && isSameFilter(ownFilter(before, account), filter)
  return all.length > 0 || isKept
    ? { account, filter }
    : { account, filter, problem: { kind: "no-va", accountId: account.id } }
}

// A list of the webhook's own may name virtual accounts of other accounts too.
function ownFilter(webhook: StoredWebhook, account: Pick<SelectableAccount, "id" | "vas">): VaFilter {
  const filter = filterOfAccount(webhook, account.id)
  return {
    ...filter,
    bankSubAccountIds: filter.bankSubAccountIds.filter((id) => account.vas.some((va) => va.id === id)),
  }
}

type Entry = VaFilter & { readonly bankAccountId: number }

function draftChosen(entries: readonly Entry[], before: StoredWebhook | undefined): AccountDraft {
  if (before !== undefined && isSameChoice(entries, before)) return {}
  const [first] = entries
  if (first === undefined) return {}
  const { bankAccountId, ...filter } = first
  if (entries.length === 1) return { bankMode: "single", bankAccountId, ...filter }
  const isUniform = filter.vaMode !== "list" && entries.every((entry) => isSameFilter(entry, first))
  return {
    bankMode: "multi",
    bankAccountIds: entries.map((entry) => entry.bankAccountId),
    accounts: isUniform ? [] : entries,
    ...(isUniform ? filter : toVaFilter("everything", [])),
  }
}

function isSameChoice(entries: readonly Entry[], before: StoredWebhook): boolean {
  if (before.bankMode === "all" || before.bankAccountIds.length !== entries.length) return false
  return entries.every((entry) => {
    if (!before.bankAccountIds.includes(entry.bankAccountId)) return false
    const own = filterOfAccount(before, entry.bankAccountId)
    const isShared = own === before && before.bankMode === "multi" && own.vaMode === "list"
    const mine = isShared
      ? { ...own, bankSubAccountIds: own.bankSubAccountIds.filter((id) => entry.bankSubAccountIds.includes(id)) }
      : own
    return isSameFilter(mine, entry)
  })
}
