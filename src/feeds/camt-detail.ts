import { type CamtNode, findNode, findText, listNodes } from "./camt-node.ts"
import { readCamtAmount } from "./camt-value.ts"
import { type Counterparty, type StatementReference, toCounterparty } from "./statement.ts"

/** What one `TxDtls` says, reduced at once so that a batch of thousands stays small. */
export interface CamtDetail {
  readonly line: number
  readonly amount: string | undefined
  readonly currency: string | undefined
  readonly indicator: string | undefined
  readonly memo: string
  readonly additional: string | undefined
  readonly account: readonly StatementReference[]
  readonly references: readonly StatementReference[]
  readonly debtor: Counterparty | undefined
  readonly creditor: Counterparty | undefined
}

/** Reduces a `TxDtls` element (contract/feeds.md §5.3 references, memo). */
export function readCamtDetail(node: CamtNode): CamtDetail {
  const own = findNode(node, "Amt") ?? findNode(node, "AmtDtls", "TxAmt", "Amt")
  return {
    line: node.line,
    amount: readCamtAmount(own?.text.trim()),
    currency: own?.currency,
    indicator: findText(node, "CdtDbtInd"),
    memo: readRemittance(node),
    additional: findText(node, "AddtlTxInf"),
    account: referenceOf(node, "AcctSvcrRef", "account_servicer", true),
    references: [
      ...referenceOf(node, "UETR", "uetr", true),
      ...referenceOf(node, "TxId", "transaction_id", true),
      ...referenceOf(node, "EndToEndId", "end_to_end_id", false),
      ...referenceOf(node, "InstrId", "instruction_id", false),
    ],
    debtor: readParty(node, "Dbtr"),
    creditor: readParty(node, "Cdtr"),
  }
}

function referenceOf(
  node: CamtNode,
  name: string,
  kind: StatementReference["kind"],
  strong: boolean,
): StatementReference[] {
  const value = findText(node, "Refs", name)
  return value === undefined ? [] : [{ kind, value, strong }]
}

function readRemittance(node: CamtNode): string {
  const remittance = findNode(node, "RmtInf")
  const plain = listNodes(remittance, "Ustrd").map((line) => withoutLayout(line.text))
  const text = plain.filter((line) => line.trim() !== "").join(" ")
  if (text !== "") return text
  const structured = listNodes(remittance, "Strd").map((block) => findText(block, "CdtrRefInf", "Ref"))
  return structured.filter((reference) => reference !== undefined).join(" ")
}

/** The parties of older versions stand directly in `Dbtr`, of newer ones in `Dbtr/Pty`; accounts are IBANs or not. */
function readParty(node: CamtNode, role: "Dbtr" | "Cdtr"): Counterparty | undefined {
  const parties = findNode(node, "RltdPties")
  const agent = findNode(node, "RltdAgts", `${role}Agt`, "FinInstnId")
  const name = parties && (findText(parties, role, "Nm") ?? findText(parties, role, "Pty", "Nm"))
  const account =
    parties && (findText(parties, `${role}Acct`, "Id", "IBAN") ?? findText(parties, `${role}Acct`, "Id", "Othr", "Id"))
  const bank =
    agent &&
    (findText(agent, "BICFI") ??
      findText(agent, "BIC") ??
      findText(agent, "ClrSysMmbId", "MmbId") ??
      findText(agent, "Nm"))
  return toCounterparty(name, account, bank)
}

// Line breaks around the text come from indented XML; spaces are the bank's own and stay (contract/feeds.md §1, Text).
function withoutLayout(text: string): string {
  const end = text.trimEnd().length
  const lineBreak = text.slice(end).search(/[\r\n]/)
  return text.slice(0, lineBreak === -1 ? text.length : end + lineBreak).replace(/^[ \t]*[\r\n]\s*/, "")
}
