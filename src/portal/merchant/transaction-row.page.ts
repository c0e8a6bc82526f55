import type { Transaction } from "../../banking/transaction.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { bookedText } from "../../http/moment.page.ts"
import { badge } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { transactionsMessages } from "../../messages/transactions.ts"
import { formatVnd, toVnd, type Vnd } from "../../money.ts"
import type { NamedAccount } from "./named-accounts.ts"

/** A transaction as a row of a list; the whole row leads to its page. */
export function transactionRow(
  transaction: Transaction,
  { language, account }: { readonly language: Language; readonly account: NamedAccount | undefined },
): Html {
  const words = speak(transactionsMessages, language)
  const { id, amount, bookedAt, memo, code, subAccountNumber } = transaction
  const bank = transaction.brandName ?? transaction.bank
  return html`<li class="money-row linked" data-id="${id}"><span class="money-when soft">${bookedText(bookedAt, language)}</span><div class="money-what"><p class="money-memo"><a href="${`/transactions/${id}`}">${memo === "" ? words.noMemo : memo}</a></p><p class="soft small">${
    account?.label === null || account === undefined ? bank : account.label
  } · <span class="number">${transaction.accountNumber}</span></p>${
    code === null && subAccountNumber === null
      ? noHtml
      : html`<p class="tags">${code === null ? noHtml : badge(code, "good")}${subAccountNumber === null ? noHtml : badge(subAccountNumber)}</p>`
  }</div>${signedAmount(amount, language)}</li>`
}

/** An amount with its sign, in words for whoever listens; the colour only repeats it. */
export function signedAmount(amount: Vnd, language: Language): Html {
  const words = speak(transactionsMessages, language)
  const size = formatVnd(toVnd(Math.abs(amount)), language)
  return amount > 0
    ? html`<p class="money-amount money-in"><span class="unseen">${words.moneyIn} </span>+${size}</p>`
    : html`<p class="money-amount"><span class="unseen">${words.moneyOut} </span>−${size}</p>`
}
