import { foldText } from "./payment-code.ts"

const MEMO_NUMBER = /^TKP[A-Z0-9]{3,10}$/
const MEMO_PREFIX = "TKP"
const LONGEST_CODE = 10
const SHORTEST_CODE = 3

/** Whether a number is a memo VA: the payer writes it, the bank doesn't know it (contract/feeds.md §9). */
export function isMemoVirtualAccount(number: string): boolean {
  return MEMO_NUMBER.test(number)
}

const NUMBER_SEPARATORS = /[\s.\p{Pd}]+/gu

/** An account number as it is compared: without spaces, dots and dashes, still text (contract/feeds.md §1). */
export function bareAccountNumber(number: string): string {
  return number.replace(NUMBER_SEPARATORS, "")
}

/** The active VAs of one bank account, ready for many look-ups. */
export interface CompiledVirtualAccounts<VirtualAccount> {
  readonly byNumber: ReadonlyMap<string, VirtualAccount>
  /** Memo VAs by their code, the number without `TKP`. */
  readonly byMemoCode: ReadonlyMap<string, VirtualAccount>
}

/** Prepares the active VAs of one bank account; leave the inactive out, they do not match. */
export function compileVirtualAccounts<VirtualAccount extends { readonly accountNumber: string }>(
  active: readonly VirtualAccount[],
): CompiledVirtualAccounts<VirtualAccount> {
  const memo = active.filter(({ accountNumber }) => isMemoVirtualAccount(accountNumber))
  return {
    byNumber: new Map(active.map((account) => [bareAccountNumber(account.accountNumber), account])),
    byMemoCode: new Map(memo.map((account) => [account.accountNumber.slice(MEMO_PREFIX.length), account])),
  }
}

/**
 * Finds the VA a transfer was paid into (contract/feeds.md §9): the number the feed names, then the memo.
 *
 * The company's `bank_sub_account` switch is the caller's to ask.
 */
export function findVirtualAccount<VirtualAccount>(
  accounts: CompiledVirtualAccounts<VirtualAccount>,
  paid: { readonly vaNumber?: string | undefined; readonly account: string; readonly memo: string },
): VirtualAccount | undefined {
  if (accounts.byNumber.size === 0) return undefined
  return (
    findOfficial(accounts, paid.vaNumber) ?? findOfficial(accounts, paid.account) ?? findByMemo(accounts, paid.memo)
  )
}

function findOfficial<VirtualAccount>(
  accounts: CompiledVirtualAccounts<VirtualAccount>,
  number: string | undefined,
): VirtualAccount | undefined {
  return number === undefined ? undefined : accounts.byNumber.get(bareAccountNumber(number))
}

/** `TKP` anywhere, at most one space or dash, then the longest registered code; the leftmost hit. Banks glue memos. */
function findByMemo<VirtualAccount>(
  accounts: CompiledVirtualAccounts<VirtualAccount>,
  memo: string,
): VirtualAccount | undefined {
  if (accounts.byMemoCode.size === 0) return undefined
  const text = foldText(memo)
  for (let at = text.indexOf(MEMO_PREFIX); at !== -1; at = text.indexOf(MEMO_PREFIX, at + 1)) {
    const afterPrefix = at + MEMO_PREFIX.length
    const start = text[afterPrefix] === " " || text[afterPrefix] === "-" ? afterPrefix + 1 : afterPrefix
    for (let length = LONGEST_CODE; length >= SHORTEST_CODE; length -= 1) {
      const found = accounts.byMemoCode.get(text.slice(start, start + length))
      if (found !== undefined) return found
    }
  }
  return undefined
}
