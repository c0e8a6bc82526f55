import { z } from "zod"
import {
  amountParameter,
  amountValue,
  dayParameter,
  idParameter,
  idValue,
  listAnswer,
  oneAnswer,
  pageQuery,
  timeValue,
} from "../http/api-values.wire.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { TransactionFilter } from "./list-transactions.ts"
import type { Transaction } from "./transaction.ts"

/** Query of GET /transactions (contract/api.md §7). */
export const transactionsQuery = z.object({
  bank_account_id: idParameter.optional(),
  account_number: z.string().meta({ description: "Number of the main account, exactly." }).optional(),
  reference_number: z.string().meta({ description: "Exactly." }).optional(),
  from_date: dayParameter.optional(),
  to_date: dayParameter.optional(),
  amount_in: amountParameter.optional(),
  amount_out: amountParameter.optional(),
  ...pageQuery.shape,
})

const transactionBody = z.strictObject({
  id: idValue,
  bank_account_id: idValue,
  bank_brand_name: z.string(),
  account_number: z.string(),
  transaction_date: timeValue,
  amount_out: amountValue,
  amount_in: amountValue,
  accumulated: z.int().meta({ description: "Balance after it; 0 when not reported." }),
  transaction_content: z.string(),
  reference_number: z.string().nullable(),
  code: z.string().nullable().meta({ description: "Payment code with its prefix." }),
  sub_account: z.string().nullable().meta({ description: "Virtual account number or memo code." }),
})

/** Answers of contract/api.md §7. */
export const transactionsAnswer = listAnswer(transactionBody)
export const transactionAnswer = oneAnswer(
  z.strictObject({
    ...transactionBody.shape,
    removed: z.boolean().meta({ description: "Withdrawn by its feed, hence in no list." }),
  }),
)

export function toTransactionFilter(query: z.output<typeof transactionsQuery>): TransactionFilter {
  return {
    bankAccountId: query.bank_account_id,
    accountNumber: query.account_number,
    reference: query.reference_number,
    fromDay: query.from_date,
    toDay: query.to_date,
    amountIn: query.amount_in,
    amountOut: query.amount_out,
  }
}

export function toTransactionBody(transaction: Transaction): z.infer<typeof transactionBody> {
  const { amount } = transaction
  return {
    id: transaction.id,
    bank_account_id: transaction.bankAccountId,
    bank_brand_name: transaction.brandName ?? transaction.bank,
    account_number: transaction.accountNumber,
    transaction_date: formatVietnamTime(transaction.bookedAt),
    amount_out: amount < 0 ? -amount : 0,
    amount_in: amount > 0 ? amount : 0,
    accumulated: transaction.balanceAfter ?? 0,
    transaction_content: withoutControls(transaction.memo),
    reference_number: transaction.reference,
    code: transaction.code,
    sub_account: transaction.subAccountNumber,
  }
}

// Categories cost a look-up a character; nearly all text is plain, which a range tells at once.
const plain = /^[ -~]*$/
const controls = /\p{Cc}/gu

function withoutControls(text: string): string {
  return plain.test(text) ? text : text.replace(controls, " ")
}
