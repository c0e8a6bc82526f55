import type { CamtDetail } from "./camt-detail.ts"
import { readCamtEntry } from "./camt-entry.ts"
import { type CamtNode, findNode, findText } from "./camt-node.ts"
import { isClosing, isOpening, readCamtBalance, readCamtMoment } from "./camt-value.ts"
import type { Damage, StatementBalance, StatementEvent, StatementFormat, StatementHeader } from "./statement.ts"

/** A `Stmt`, `Rpt` or `Ntfctn` being read. */
export interface CamtStatement {
  readonly line: number
  readonly format: StatementFormat
  readonly version: string | undefined
  account: string | undefined
  bank: string | undefined
  currency: string | undefined
  id: string | undefined
  sequence: string | undefined
  page: string | undefined
  range: StatementHeader["range"]
  opening: StatementBalance | undefined
  closing: StatementBalance | undefined
  readonly otherBalances: StatementBalance[]
  isAnnounced: boolean
  entryCount: number
  firstDay: string | undefined
  lastDay: string | undefined
}

/** The statement at its start tag. */
export function newCamtStatement(line: number, format: StatementFormat, version: string | undefined): CamtStatement {
  return {
    line,
    format,
    version,
    account: undefined,
    bank: undefined,
    currency: undefined,
    id: undefined,
    sequence: undefined,
    page: undefined,
    range: undefined,
    opening: undefined,
    closing: undefined,
    otherBalances: [],
    isAnnounced: false,
    entryCount: 0,
    firstDay: undefined,
    lastDay: undefined,
  }
}

/** Takes the next finished child of the statement and returns the events it causes (contract/feeds.md §5.3). */
export function takeCamtChild(
  statement: CamtStatement,
  node: CamtNode,
  details: readonly CamtDetail[],
): StatementEvent[] {
  if (node.name === "Ntry") return takeEntry(statement, node, details)
  if (node.name === "Bal") return takeBalance(statement, node)
  if (node.name === "Acct") takeAccount(statement, node)
  else if (node.name === "Id") statement.id = node.text.trim() || undefined
  else if (node.name === "ElctrncSeqNb") statement.sequence = node.text.trim() || undefined
  else if (node.name === "LglSeqNb") statement.sequence ??= node.text.trim() || undefined
  else if (node.name === "StmtPgntn" || node.name === "RptPgntn" || node.name === "NtfctnPgntn") {
    statement.page = findText(node, "PgNb")
  } else if (node.name === "FrToDt") {
    const from = readCamtMoment(findText(node, "FrDtTm"))
    const to = readCamtMoment(findText(node, "ToDtTm"))
    statement.range = from === undefined || to === undefined ? undefined : { from, to }
  }
  return []
}

/** The events of the statement's end tag. */
export function endCamtStatement(statement: CamtStatement, line: number): StatementEvent[] {
  const { opening, closing, otherBalances, entryCount, range } = statement
  const from = range?.from ?? opening?.day ?? statement.firstDay
  const to = range?.to ?? closing?.day ?? statement.lastDay
  return [
    ...announce(statement),
    { kind: "statementEnd", end: { line, opening, closing, otherBalances, entryCount, from, to } },
  ]
}

function takeAccount(statement: CamtStatement, node: CamtNode): void {
  statement.account = findText(node, "Id", "IBAN") ?? findText(node, "Id", "Othr", "Id")
  statement.currency = findText(node, "Ccy")
  const servicer = findNode(node, "Svcr", "FinInstnId")
  statement.bank =
    servicer && (findText(servicer, "BICFI") ?? findText(servicer, "BIC") ?? findText(servicer, "ClrSysMmbId", "MmbId"))
}

function takeBalance(statement: CamtStatement, node: CamtNode): StatementEvent[] {
  const reading = readCamtBalance(node)
  if ("reason" in reading) return [failure(node.line, reading)]
  const { code, balance } = reading
  const mismatch = checkCurrency(statement, node.line, "balance", reading.currency)
  if (mismatch !== undefined) return [mismatch]
  // OPBD speaks of this statement itself; PRCD only repeats the closing balance of the one before.
  if (code === "OPBD" || (isOpening(code) && statement.opening === undefined)) statement.opening = balance
  else if (code === "CLBD" || (isClosing(code) && statement.closing === undefined)) statement.closing = balance
  else statement.otherBalances.push({ ...balance, kind: code })
  return []
}

function takeEntry(statement: CamtStatement, node: CamtNode, details: readonly CamtDetail[]): StatementEvent[] {
  const reading = readCamtEntry(node, details)
  if ("reason" in reading) return [...announce(statement), failure(node.line, reading)]
  if (reading.length === 0) {
    const message = "An entry of status INFO was ignored."
    return [...announce(statement), { kind: "warning", warning: { line: node.line, message } }]
  }
  const mismatch = checkCurrency(statement, node.line, "entry", reading[0]?.currency)
  const events = announce(statement)
  if (mismatch !== undefined) return [...events, mismatch]
  statement.entryCount += reading.length
  for (const entry of reading) {
    if (statement.firstDay === undefined || entry.day < statement.firstDay) statement.firstDay = entry.day
    if (statement.lastDay === undefined || entry.day > statement.lastDay) statement.lastDay = entry.day
    events.push({ kind: "entry", entry })
  }
  return events
}

function checkCurrency(
  statement: CamtStatement,
  line: number,
  what: string,
  currency: string | undefined,
): StatementEvent | undefined {
  if (currency === undefined) return failure(line, { reason: "bad_amount", message: `The ${what} names no currency.` })
  statement.currency ??= currency
  if (statement.currency === currency) return undefined
  const message = `The ${what} is in ${currency}, the statement in ${statement.currency}.`
  return failure(line, { reason: "currency_mismatch", message })
}

function failure(line: number, damage: Damage): StatementEvent {
  return { kind: "error", error: { line, ...damage }, fatal: false }
}

function announce(statement: CamtStatement): StatementEvent[] {
  if (statement.isAnnounced) return []
  statement.isAnnounced = true
  const { line, format, version, account, bank, currency, opening, range, page } = statement
  const number = statement.sequence ?? statement.id
  return [
    {
      kind: "statement",
      header: {
        line,
        format,
        version,
        account,
        bank,
        currency,
        number: page === undefined || number === undefined ? number : `${number}/${page}`,
        opening,
        range,
      },
    },
  ]
}
