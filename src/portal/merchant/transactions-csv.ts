import type { Transaction } from "../../banking/transaction.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { csvMessages } from "../../messages/transactions.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"

/** What a spreadsheet takes for the start of a formula; text behind an apostrophe stays text. */
const formulaStart = /^[=+\-@\t\r]/
const needsQuotes = /[",\r\n]/

/** The first line, behind the mark by which a spreadsheet knows UTF-8. Pure. */
export function csvHead(language: Language): string {
  const words = speak(csvMessages, language)
  const { id, time, bank, account, subAccount, amountIn, amountOut, balance, memo, code, reference } = words
  const titles = [id, time, bank, account, subAccount, amountIn, amountOut, balance, memo, code, reference]
  return `\u{feff}${titles.map(csvText).join(",")}\r\n`
}

/** A transaction as a line. Amounts are plain digits, texts never begin a formula (OWASP CSV injection). Pure. */
export function csvLine(transaction: Transaction): string {
  const { amount, balanceAfter } = transaction
  const cells = [
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
  ]
  return `${cells.join(",")}\r\n`
}

/** A text cell. */
export function csvText(text: string): string {
  // A cell may also begin a formula behind blanks, which some programs cut off.
  const safe = formulaStart.test(text) || formulaStart.test(text.trimStart()) ? `'${text}` : text
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
