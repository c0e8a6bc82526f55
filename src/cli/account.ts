import type { BankAccount } from "../banking/bank-account.ts"
import type { Command } from "./command.ts"
import { listAll } from "./list-all.ts"
import { formatTable } from "./table.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay account create`. */
export const accountCreate: Command = {
  name: "account create",
  summary: "Links a bank account to a company",
  options: {
    "company-id": { kind: "number", value: "N", help: "Whose account", required: true, least: 1, most: mostId },
    bank: { kind: "text", value: "BANK", help: "Short name, code or BIN, such as Vietcombank", required: true },
    number: { kind: "text", value: "NUMBER", help: "Account number, with its leading zeros", required: true },
    holder: { kind: "text", value: "NAME", help: "Account holder", required: true },
    label: { kind: "text", value: "LABEL", help: "What the company calls it" },
    test: { kind: "flag", help: "A test account, which takes simulated transactions" },
  },
  examples: [
    './sepay account create --company-id 1 --bank Vietcombank --number 0071000888888 --holder "NGUYEN VAN AN"',
  ],
  run: async (input) => {
    const { createBankAccount } = await import("../banking/bank-account.ts")
    const id = await withDatabase(({ db, clock }) =>
      createBankAccount(db, clock.now(), {
        companyId: input.requiredNumber("company-id"),
        bank: input.requiredText("bank"),
        accountNumber: input.requiredText("number"),
        holderName: input.requiredText("holder"),
        label: input.text("label"),
        mode: input.flag("test") ? "test" : "live",
      }),
    )
    return { json: { id }, text: `Linked bank account ${id}.` }
  },
}

/** `./sepay account list`. */
export const accountList: Command = {
  name: "account list",
  summary: "Lists bank accounts",
  options: {
    "company-id": { kind: "number", value: "N", help: "Only of this company", least: 1, most: mostId },
  },
  run: async (input) => {
    const { listAllBankAccounts, listCompanyAccounts } = await import("../banking/bank-account.ts")
    const companyId = input.number("company-id")
    const accounts = await withDatabase(({ db }) =>
      companyId === undefined ? listAll((after) => listAllBankAccounts(db, after)) : listCompanyAccounts(db, companyId),
    )
    const rows = accounts.map(toRow)
    const text = formatTable(
      ["ID", "COMPANY", "MODE", "BANK", "NUMBER", "HOLDER", "LABEL", "TRANSACTIONS", "STATUS"],
      rows.map((row) => {
        const { id, company_id, mode, bank, number, holder, label, transactions } = row
        return [id, company_id, mode, bank, number, holder, label, transactions, row.active ? "active" : "closed"]
      }),
      "No bank accounts yet: ./sepay account create --help",
    )
    return { json: { accounts: rows }, text }
  },
}

function toRow(account: BankAccount) {
  return {
    id: account.id,
    company_id: account.companyId,
    mode: account.mode,
    bank: account.bank,
    number: account.accountNumber,
    holder: account.holderName,
    label: account.label,
    balance: account.balance,
    transactions: account.transactionCount,
    active: account.isActive,
  }
}

/** `./sepay sub-account create`. */
export const subAccountCreate: Command = {
  name: "sub-account create",
  summary: "Adds a virtual account to a bank account",
  options: {
    "account-id": { kind: "number", value: "N", help: "The bank account", required: true, least: 1, most: mostId },
    number: { kind: "text", value: "NUMBER", help: "The bank's number, or a memo code TKP…", required: true },
    holder: { kind: "text", value: "NAME", help: "Account holder" },
    label: { kind: "text", value: "LABEL", help: "What the company calls it" },
  },
  run: async (input) => {
    const { createSubAccount } = await import("../banking/sub-account.ts")
    const id = await withDatabase(({ db, clock }) =>
      createSubAccount(db, clock.now(), {
        accountId: input.requiredNumber("account-id"),
        accountNumber: input.requiredText("number"),
        holderName: input.text("holder"),
        label: input.text("label"),
      }),
    )
    return { json: { id }, text: `Added virtual account ${id}.` }
  },
}
