import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, Mode } from "../ids.ts"
import { accountKey } from "./account-of-observation.ts"
import { type CompiledTemplates, compileTemplates, findPaymentCode, foldText } from "./payment-code.ts"
import { type MatchableVirtualAccount, selectTemplates, selectVirtualAccounts } from "./recording.store.ts"
import { type CompiledVirtualAccounts, compileVirtualAccounts, findVirtualAccount } from "./virtual-account.ts"

/** What of an account decides how its transactions are marked. */
export interface MarkingAccount {
  readonly id: BankAccountId
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly accountNumber: string
  readonly subAccountsOn: number
  readonly paymentCodesOn: number
  readonly separatorTolerant: number
}

/** What is searched. */
export interface MarkingInput {
  readonly account: string
  readonly vaNumber?: string | undefined
  readonly memo: string
  readonly description: string
}

/** Payment code and VA of a transaction (contract/feeds.md §8, §9). */
export interface TransactionMarks {
  readonly code: string | null
  readonly virtualAccount: MatchableVirtualAccount | undefined
}

/** Finds the marks of one transaction. Templates and VAs are read as they are in this database transaction. */
export async function findMarks(tx: Queries, account: MarkingAccount, input: MarkingInput): Promise<TransactionMarks> {
  const { companyId, mode } = account
  const templates = account.paymentCodesOn === 0 ? [] : await selectTemplates(tx, { companyId, mode })
  const virtualAccount = account.subAccountsOn === 0 ? undefined : await findVirtual(tx, account, input)
  return { code: codeOf(compileRows(templates), account, input), virtualAccount }
}

/** All templates and VAs of an account, for marking many transactions of a file. */
export interface Marker {
  readonly account: MarkingAccount
  readonly templates: CompiledTemplates
  readonly virtualAccounts: CompiledVirtualAccounts<MatchableVirtualAccount>
}

/** Reads what a file's lines are marked by. */
export async function loadMarker(db: Queries, account: MarkingAccount): Promise<Marker> {
  const { id, companyId, mode } = account
  const templates = account.paymentCodesOn === 0 ? [] : await selectTemplates(db, { companyId, mode })
  const virtual = account.subAccountsOn === 0 ? [] : await selectVirtualAccounts(db, { bankAccountId: id, ...allKeys })
  return { account, templates: compileRows(templates), virtualAccounts: compileVirtualAccounts(virtual) }
}

/** Marks one transaction without asking the database. */
export function markWith(marker: Marker, input: MarkingInput): TransactionMarks {
  return {
    code: codeOf(marker.templates, marker.account, input),
    virtualAccount: findVirtualAccount(marker.virtualAccounts, input),
  }
}

type TemplateRow = Awaited<ReturnType<typeof selectTemplates>>[number]

function compileRows(rows: readonly TemplateRow[]): CompiledTemplates {
  return compileTemplates(
    rows.map((row) => ({
      prefix: row.prefix,
      suffixFrom: row.suffixFrom,
      suffixTo: row.suffixTo,
      characterType: row.characterType === "NumberAndLetter" ? "NumberAndLetter" : "NumberOnly",
      isActive: row.isActive === 1,
    })),
  )
}

function codeOf(templates: CompiledTemplates, account: MarkingAccount, input: MarkingInput): string | null {
  if (templates.length === 0) return null
  const options = { separatorTolerant: account.separatorTolerant === 1 }
  return findPaymentCode(templates, input.memo, input.description, options)?.code ?? null
}

const allKeys = { fromKey: "", toKey: "~" }
// Keys of memo VAs; none of their characters sorts after Z.
const memoKeys = { fromKey: "TKP", toKey: "TKPZZZZZZZZZZ" }

// Most transactions are paid into no VA, and cost no query.
async function findVirtual(
  tx: Queries,
  { id: bankAccountId, accountNumber }: MarkingAccount,
  input: MarkingInput,
): Promise<MatchableVirtualAccount | undefined> {
  for (const number of [input.vaNumber, input.account]) {
    if (number === undefined || number === accountNumber) continue
    const key = accountKey(number)
    const [official] = await selectVirtualAccounts(tx, { bankAccountId, fromKey: key, toKey: key })
    if (official !== undefined) return official
  }
  if (!foldText(input.memo).includes("TKP")) return undefined
  const memo = await selectVirtualAccounts(tx, { bankAccountId, ...memoKeys })
  return findVirtualAccount(compileVirtualAccounts(memo), { account: "", memo: input.memo })
}
