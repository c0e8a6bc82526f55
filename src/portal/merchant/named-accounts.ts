import { bankImages, findBank } from "../../banking/bank.ts"
import type { BankAccount } from "../../banking/bank-account.ts"

/** An account as rows and selects name it. */
export interface NamedAccount {
  readonly id: number
  readonly bankName: string
  readonly bankIcon: string
  readonly label: string | null
  readonly accountNumber: string
}

/** An account as pages name it; the icon is a path, empty for a bank that is not known any more. */
export function toNamedAccount({ id, bank, brandName, label, accountNumber }: BankAccount): NamedAccount {
  return { id, bankName: brandName ?? bank, bankIcon: iconOf(bank), label, accountNumber }
}

function iconOf(shortName: string): string {
  const bank = findBank(shortName)
  return bank === undefined ? "" : `/assets/images/banklogo/${bankImages(bank).icon}`
}
