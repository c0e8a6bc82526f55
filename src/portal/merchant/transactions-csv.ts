import type { Transaction } from "../../banking/transaction.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { csvMessages } from "../../messages/transactions.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import { csvHeader, csvRow, csvText } from "../csv-text.ts"

/** The first line. Pure. */
export function csvHead(language: Language): string {
  const words = speak(csvMessages, language)
  const { id, time, bank, account, subAccount, amountIn, amountOut, balance, memo, code, reference } = words
  return csvHeader([id, time, bank, account, subAccount, amountIn, amountOut, balance, memo, code, reference])
}

/** A transaction as a line. Amounts are plain digits. Pure. */
export function csvLine(transaction: Transaction): string {
  const { amount, balanceAfter } = transaction
  return csvRow([
    String(transaction.id),
    formatVietnamTime(transaction.bookedAt),
    csvText(transaction.brandName ?? transaction.bank),
    csvText(transaction.accountNumber),
    csvText(transaction.subAccountNumber ?? ""),
    amount > 0 ? String(amount) : "",
    amount < 0 ? String(-amount) : "",
    balanceAfter === null ? "" : String(balanceAfter),
    csvText(transaction.memo),
    csvText(transaction.code ?? ""),
    csvText(transaction.reference ?? ""),
  ])
}
