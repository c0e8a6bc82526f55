import type { CamtDetail } from "./camt-detail.ts"
import { type CamtNode, findNode, findText } from "./camt-node.ts"
import { readCamtAmount, readCamtTime, signByIndicator } from "./camt-value.ts"
import { addDecimals, compareDecimals } from "./decimal.ts"
import {
  type Counterparty,
  type Damage,
  listReferences,
  type StatementEntry,
  type StatementReference,
} from "./statement.ts"

/** The fields all transactions of one `Ntry` share. */
type CamtEntryBase = Omit<StatementEntry, "memo" | "description" | "references" | "counterparty">

/**
 * Turns an `Ntry` with its reduced details into transactions: one, or one per detail when these add up to it; none for
 * status `INFO` (contract/feeds.md §5.3).
 */
export function readCamtEntry(node: CamtNode, details: readonly CamtDetail[]): StatementEntry[] | Damage {
  const base = readBase(node)
  if (base === undefined) return []
  if ("reason" in base) return base
  const own = ownReference(node)
  const additional = findText(node, "AddtlNtryInf") ?? ""
  const amounts = splitAmounts(base, details)
  if (amounts !== undefined) {
    return details.map((detail, index) => ({
      ...base,
      ...describe(detail.memo || detail.additional || additional, additional),
      line: detail.line,
      amount: amounts[index] ?? base.amount,
      // The entry's own reference is the same for all of them, so it can't tell them apart.
      references: listReferences([...detail.account, ...detail.references, ...weaken(own), ...entryReference(node)]),
      counterparty: otherSide(amounts[index] ?? base.amount, base.kind, detail),
    }))
  }
  const memos = details.map((detail) => detail.memo || detail.additional || "").filter((memo) => memo !== "")
  const single = details.length === 1 ? details[0] : undefined
  return [
    {
      ...base,
      ...describe(memos.join(" ") || additional, additional),
      references: listReferences([
        ...(single?.account ?? []),
        ...own,
        ...(single?.references ?? []),
        ...entryReference(node),
      ]),
      counterparty: single && otherSide(base.amount, base.kind, single),
    },
  ]
}

function readBase(node: CamtNode): CamtEntryBase | Damage | undefined {
  const status = findText(node, "Sts", "Cd") ?? findText(node, "Sts") ?? "BOOK"
  if (status === "INFO") return undefined
  if (!["BOOK", "PDNG", "FUTR"].includes(status)) {
    return { reason: "unreadable_line", message: `The entry status ${status.slice(0, 40)} is unknown.` }
  }
  const unsigned = readCamtAmount(findText(node, "Amt"))
  if (unsigned === undefined) return { reason: "bad_amount", message: "The amount of the entry is not readable." }
  const amount = signByIndicator(unsigned, findText(node, "CdtDbtInd"))
  if (amount === undefined) return { reason: "unreadable_line", message: "The entry says neither CRDT nor DBIT." }

  const [booking, value] = [findNode(node, "BookgDt"), findNode(node, "ValDt")]
  const valueTime = readCamtTime(value)
  const at = booking === undefined ? valueTime : readCamtTime(booking)
  if (at === undefined || (value !== undefined && valueTime === undefined)) {
    return { reason: "bad_date", message: "The entry has no readable booking or value date." }
  }
  return {
    line: node.line,
    amount,
    currency: findNode(node, "Amt")?.currency,
    day: at.day,
    time: at.time,
    precision: at.time === undefined ? "day" : "second",
    valueDate: valueTime?.day,
    status: status === "BOOK" ? "booked" : "pending",
    kind: isReversal(node) ? "reversal" : "normal",
    reportedBalance: undefined,
  }
}

function isReversal(node: CamtNode): boolean {
  const indicator = findText(node, "RvslInd")
  return indicator === "true" || indicator === "1"
}

/** The signed amounts of the details when there are two or more and they add up to the entry. */
function splitAmounts(entry: CamtEntryBase, details: readonly CamtDetail[]): string[] | undefined {
  if (details.length < 2) return undefined
  const sign = entry.amount.startsWith("-") ? "DBIT" : "CRDT"
  const amounts: string[] = []
  let sum = "0"
  for (const detail of details) {
    const isForeign =
      detail.currency !== undefined && entry.currency !== undefined && detail.currency !== entry.currency
    if (detail.amount === undefined || isForeign) return undefined
    const amount = signByIndicator(detail.amount, detail.indicator ?? sign)
    if (amount === undefined) return undefined
    amounts.push(amount)
    sum = addDecimals(sum, amount)
  }
  return compareDecimals(sum, entry.amount) === 0 ? amounts : undefined
}

/** Parties keep their roles in a reversal, so money that comes back comes from the creditor. */
function otherSide(amount: string, kind: StatementEntry["kind"], detail: CamtDetail): Counterparty | undefined {
  const isFromDebtor = amount.startsWith("-") === (kind === "reversal")
  return isFromDebtor ? detail.debtor : detail.creditor
}

function describe(memo: string, additional: string): { memo: string; description: string } {
  return { memo, description: additional || memo }
}

function ownReference(node: CamtNode): StatementReference[] {
  const value = findText(node, "AcctSvcrRef")
  return value === undefined ? [] : [{ kind: "account_servicer", value, strong: true }]
}

function weaken(references: readonly StatementReference[]): StatementReference[] {
  return references.map((reference) => ({ ...reference, strong: false }))
}

function entryReference(node: CamtNode): StatementReference[] {
  const value = findText(node, "NtryRef")
  return value === undefined ? [] : [{ kind: "entry_reference", value, strong: false }]
}
