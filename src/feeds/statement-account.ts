/** Removes spaces, dots and dashes from an account number; letters become upper-case (contract/feeds.md §1). */
export function plainAccount(account: string): string {
  return account.replace(/[\s\u00a0.-]/g, "").toUpperCase()
}

const BIC = /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?=[0-9])/
const CURRENCY_SUFFIX = /(?<=[0-9])[A-Z]{3}$/

/**
 * Whether the account a statement names is the chosen one: spaces, dots, dashes, a BIC or bank code before it and a
 * currency after it do not count (contract/feeds.md §5.1). Numbers are compared as strings, leading zeros included.
 */
export function isSameAccount(stated: string, chosen: string): boolean {
  const wanted = plainAccount(chosen)
  if (wanted === "") return false
  return statedForms(stated).includes(wanted)
}

function statedForms(stated: string): string[] {
  const plain = plainAccount(stated)
  const number = plain.slice(plain.lastIndexOf("/") + 1)
  const withoutCurrency = number.replace(CURRENCY_SUFFIX, "")
  // A BIC of 11 characters may look like one of 8 before digits, so both lengths are tried.
  const withoutBic = [8, 11]
    .filter((length) => BIC.test(withoutCurrency) && /^[0-9]+$/.test(withoutCurrency.slice(length)))
    .map((length) => withoutCurrency.slice(length))
  return [plain, number, withoutCurrency, ...withoutBic]
}
