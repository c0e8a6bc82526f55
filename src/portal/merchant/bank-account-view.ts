import { bankImages, findBank } from "../../banking/bank.ts"
import type { BankAccount } from "../../banking/bank-account.ts"
import type { Instant } from "../../clock.ts"
import type { Mode } from "../../ids.ts"
import type { Vnd } from "../../money.ts"

/** An account as the pages of a company show it. */
export interface AccountView {
  readonly id: number
  /** The label, or the bank's name. */
  readonly title: string
  readonly label: string | null
  readonly bankName: string
  readonly bankFullName: string
  /** A path; empty when the bank has no picture. */
  readonly bankIcon: string
  readonly accountNumber: string
  readonly holderName: string
  /** Undefined: not known. */
  readonly balance: Vnd | undefined
  readonly transactions: number
  readonly mode: Mode
  readonly isActive: boolean
  readonly createdAt: Instant
}

/** Makes of an account what pages show. */
export function toAccountView(account: BankAccount): AccountView {
  const bank = findBank(account.bank)
  const bankName = account.brandName ?? account.bank
  return {
    id: account.id,
    title: account.label ?? bankName,
    label: account.label,
    bankName,
    bankFullName: bank?.fullName ?? bankName,
    bankIcon: bank === undefined ? "" : `/assets/images/banklogo/${bankImages(bank).icon}`,
    accountNumber: account.accountNumber,
    holderName: account.holderName,
    balance: account.balance ?? undefined,
    transactions: account.transactionCount,
    mode: account.mode,
    isActive: account.isActive,
    createdAt: account.createdAt,
  }
}
