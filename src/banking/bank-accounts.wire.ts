import { z } from "zod"
import { idValue, listAnswer, oneAnswer, pageQuery, timeValue } from "../http/api-values.wire.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { Bank } from "./bank.ts"
import type { BankAccount } from "./bank-account.ts"
import type { SubAccount } from "./sub-account.ts"

export const bankAccountsQuery = pageQuery

const bankBody = z.strictObject({
  short_name: z.string(),
  full_name: z.string(),
  brand_name: z.string(),
  code: z.string(),
  bin: z.string().regex(/^[0-9]{6}$/),
  icon_url: z.url(),
  logo_url: z.url(),
})

const bankAccountBody = z.strictObject({
  id: idValue,
  label: z.string().nullable(),
  account_holder_name: z.string(),
  account_number: z.string().meta({ description: "Leading zeros kept." }),
  accumulated: z.int().meta({ description: "Balance in dong; 0 when the bank reports none." }),
  active: z.boolean(),
  created_at: timeValue,
  bank: bankBody,
})

const subAccountBody = z.strictObject({
  id: idValue,
  bank_account_id: idValue,
  account_number: z.string().meta({ description: "Number of the virtual account, or memo code." }),
  account_holder_name: z.string().nullable(),
  label: z.string().nullable(),
  active: z.boolean(),
  created_at: timeValue,
})

/** Answers of contract/api.md §6. */
export const bankAccountsAnswer = listAnswer(bankAccountBody)
export const bankAccountAnswer = oneAnswer(bankAccountBody)
export const subAccountsAnswer = listAnswer(subAccountBody)

/** A bank with its image addresses, as in every account's body. */
export type BankBody = z.infer<typeof bankBody>

/** `images` are file names below `url`, the public base URL. */
export function toBankBody(
  bank: Bank,
  images: { readonly icon: string; readonly logo: string },
  url: string,
): BankBody {
  const folder = `${url}/assets/images/banklogo`
  return {
    short_name: bank.shortName,
    full_name: bank.fullName,
    brand_name: bank.shortName,
    code: bank.code,
    bin: bank.bin,
    icon_url: `${folder}/${images.icon}`,
    logo_url: `${folder}/${images.logo}`,
  }
}

export function toBankAccountBody(account: BankAccount, bank: BankBody): z.infer<typeof bankAccountBody> {
  return {
    id: account.id,
    label: account.label,
    account_holder_name: account.holderName,
    account_number: account.accountNumber,
    accumulated: account.balance ?? 0,
    active: account.isActive,
    created_at: formatVietnamTime(account.createdAt),
    bank: account.brandName === null ? bank : { ...bank, brand_name: account.brandName },
  }
}

export function toSubAccountBody(sub: SubAccount): z.infer<typeof subAccountBody> {
  return {
    id: sub.id,
    bank_account_id: sub.bankAccountId,
    account_number: sub.accountNumber,
    account_holder_name: sub.holderName,
    label: sub.label,
    active: sub.isActive,
    created_at: formatVietnamTime(sub.createdAt),
  }
}
