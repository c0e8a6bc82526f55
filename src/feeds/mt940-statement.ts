import { readBalance, readStatementLine, type StatementLine } from "./mt940-field-61.ts"
import { readMemo } from "./mt940-memo.ts"
import type { Damage, StatementBalance, StatementEntry, StatementEvent } from "./statement.ts"

/** A field of MT940 with all its lines; `isCut` when the file ends in it without a line end. */
export interface Mt940Field {
  readonly tag: string
  readonly line: number
  readonly lines: readonly string[]
  readonly isCut: boolean
}

interface OpenEntry {
  readonly line: number
  readonly content: StatementLine
  readonly memoLines: string[]
}

interface OpenStatement {
  readonly line: number
  account: string
  number: string | undefined
  opening: StatementBalance | undefined
  closing: StatementBalance | undefined
  readonly otherBalances: StatementBalance[]
  currency: string | undefined
  isAnnounced: boolean
  /** The last `:61:`, still waiting for its `:86:`. */
  entry: OpenEntry | undefined
  entryCount: number
  lastTag: string
  /** A closing balance was there but could not be read. */
  hasBadClosing: boolean
}

/** What is known in the middle of an MT940 file. */
export interface Mt940State {
  readonly skipUnreadable: boolean
  readonly events: StatementEvent[]
  blockLine: number | undefined
  statement: OpenStatement | undefined
  statementCount: number
}

/** The state at the start of a file. */
export function newMt940State(skipUnreadable: boolean): Mt940State {
  return {
    skipUnreadable,
    events: [],
    blockLine: undefined,
    statement: undefined,
    statementCount: 0,
  }
}

/** Reports a finding that does not stop the reading. */
export function report(state: Mt940State, line: number, damage: Damage): void {
  state.events.push({ kind: "error", error: { line, ...damage }, fatal: false })
}

/** Opens a SWIFT block at a `{1:…}{4:` line and returns the text that follows `{4:` on the line. */
export function openFrame(state: Mt940State, line: number, text: string): string | undefined {
  closeFrame(state, line, false)
  const body = text.indexOf("{4:")
  const isNewMessage = text.startsWith("{1:") || body !== -1
  if (isNewMessage && state.blockLine !== undefined) {
    report(state, line, {
      reason: "truncated",
      message: `The SWIFT block opened in line ${state.blockLine} has no end.`,
    })
    state.blockLine = undefined
  }
  if (body === -1) return undefined
  state.blockLine = line
  return text.slice(body + 3) || undefined
}

/** Ends the statement at `-`, `-}`, a new block or the end of the file; without a closing balance it is truncated. */
export function closeFrame(state: Mt940State, line: number, endsBlock: boolean): void {
  if (endsBlock) state.blockLine = undefined
  const statement = state.statement
  if (statement === undefined) return
  endEntry(state, statement)
  state.statement = undefined
  if (statement.closing === undefined && !statement.hasBadClosing) {
    report(state, line, { reason: "truncated", message: "The statement has no closing balance (:62F: or :62M:)." })
  }
  announce(state, statement)
  state.events.push({
    kind: "statementEnd",
    end: {
      line,
      opening: statement.opening,
      closing: statement.closing,
      otherBalances: statement.otherBalances,
      entryCount: statement.entryCount,
      from: statement.opening?.day,
      to: statement.closing?.day,
    },
  })
}

/** Takes the next field of the file (contract/feeds.md §5.2 tags). */
export function takeField(state: Mt940State, field: Mt940Field): void {
  if (MT942_TAGS.includes(field.tag)) {
    takeMt942Tag(state, field)
    return
  }
  const statement = statementOf(state, field)
  if (statement === undefined) {
    if (field.tag !== "86") warn(state, field.line, `The tag :${field.tag}: outside of a statement was skipped.`)
    return
  }
  const text = field.lines.join("").trim()
  if (field.tag === "25" || field.tag === "25P") statement.account = (field.lines[0] ?? "").trim()
  else if (field.tag === "28C" || field.tag === "28") statement.number = text
  else if (field.tag === "61") takeEntry(state, statement, field)
  else if (field.tag === "86") takeMemo(state, statement, field)
  else if (isBalanceTag(field.tag)) takeBalance(state, statement, field, text)
  else if (field.tag !== "20" && field.tag !== "21") {
    warn(state, field.line, `The unknown tag :${field.tag}: was skipped.`)
  }
  statement.lastTag = field.tag
}

const MT942_TAGS = ["34F", "13", "13D", "90C", "90D"]

/** With a balance before them these tags are a bank's addition; without one the file is another message altogether. */
function takeMt942Tag(state: Mt940State, field: Mt940Field): void {
  if (state.statement?.opening !== undefined) {
    warn(state, field.line, `The tag :${field.tag}: belongs to MT942 and was skipped.`)
    return
  }
  const message = "The file is MT942 (movements of the running day); only MT940 statements are read."
  state.events.push({ kind: "error", error: { line: field.line, reason: "unknown_format", message }, fatal: true })
}

const BALANCE_KINDS: Readonly<Record<string, string>> = {
  "60F": "final",
  "60M": "intermediate",
  "62F": "final",
  "62M": "intermediate",
  "64": "closing_available",
  "65": "forward_available",
}

function isBalanceTag(tag: string): boolean {
  return BALANCE_KINDS[tag] !== undefined
}

/** The statement a field belongs to: `:20:` begins one, and so do its other first tags after a closing balance. */
function statementOf(state: Mt940State, field: Mt940Field): OpenStatement | undefined {
  const current = state.statement
  const isFirstTag = ["25", "25P", "28", "28C", "60F", "60M"].includes(field.tag)
  const begins = field.tag === "20" || (isFirstTag && (current === undefined || current.closing !== undefined))
  if (!begins) return current
  closeFrame(state, field.line, false)
  state.statementCount += 1
  state.statement = {
    line: field.line,
    account: "",
    number: undefined,
    opening: undefined,
    closing: undefined,
    otherBalances: [],
    currency: undefined,
    isAnnounced: false,
    entry: undefined,
    entryCount: 0,
    lastTag: field.tag,
    hasBadClosing: false,
  }
  return state.statement
}

function takeBalance(state: Mt940State, statement: OpenStatement, field: Mt940Field, text: string): void {
  if (field.tag.startsWith("6")) endEntry(state, statement)
  const isClosing = field.tag.startsWith("62")
  const reading = readBalance(text, BALANCE_KINDS[field.tag] ?? "")
  if ("reason" in reading) {
    report(state, field.line, field.isCut ? { reason: "truncated", message: CUT_BALANCE } : reading)
    // The file is refused for the balance already: a second error, for having none, would mislead.
    if (isClosing) statement.hasBadClosing = true
    else if (field.tag.startsWith("60")) announce(state, statement)
    return
  }
  if (field.isCut && !text.includes(",")) report(state, field.line, { reason: "truncated", message: CUT_BALANCE })
  checkCurrency(state, statement, field, reading.currency)
  if (field.tag.startsWith("60")) statement.opening = reading.balance
  else if (isClosing) takeClosing(state, statement, field, reading.balance)
  else statement.otherBalances.push(reading.balance)
}

const CUT_BALANCE = "The file ends inside a balance."

function takeClosing(state: Mt940State, statement: OpenStatement, field: Mt940Field, closing: StatementBalance): void {
  if (statement.closing !== undefined) {
    const message = "The statement has a second closing balance."
    report(state, field.line, { reason: "unreadable_line", message })
  }
  statement.closing = closing
  requireOpening(state, statement, field.line)
}

function checkCurrency(state: Mt940State, statement: OpenStatement, field: Mt940Field, currency: string): void {
  statement.currency ??= currency
  if (statement.currency === currency) return
  const message = `The balance is in ${currency}, the statement in ${statement.currency}.`
  report(state, field.line, { reason: "currency_mismatch", message })
}

function takeEntry(state: Mt940State, statement: OpenStatement, field: Mt940Field): void {
  endEntry(state, statement)
  requireOpening(state, statement, field.line)
  if (statement.closing !== undefined) {
    const message = "A :61: line follows the closing balance of its statement."
    report(state, field.line, { reason: "unreadable_line", message })
  }
  const content = readStatementLine(field.lines)
  if (!("reason" in content)) {
    statement.entry = { line: field.line, content, memoLines: [] }
  } else if (content.reason === "unreadable_line" && state.skipUnreadable) {
    state.events.push({ kind: "skipped", error: { line: field.line, ...content } })
  } else {
    report(state, field.line, content)
  }
}

function takeMemo(state: Mt940State, statement: OpenStatement, field: Mt940Field): void {
  const entry = statement.entry
  if (entry === undefined) return // Of the whole statement, or of a :61: line reported already.
  const follows = statement.lastTag === "61" || statement.lastTag === "86" || entry.memoLines.length === 0
  if (follows) entry.memoLines.push(...field.lines)
  else warn(state, field.line, "A second :86: of one entry was skipped.")
}

function endEntry(state: Mt940State, statement: OpenStatement): void {
  const open = statement.entry
  if (open === undefined) return
  statement.entry = undefined
  const { supplementary, ...content } = open.content
  const memo = readMemo(open.memoLines.length > 0 ? open.memoLines : [supplementary])
  const entry: StatementEntry = {
    ...content,
    ...memo,
    line: open.line,
    currency: statement.currency,
    time: undefined,
    precision: "day",
    reportedBalance: undefined,
  }
  statement.entryCount += 1
  state.events.push({ kind: "entry", entry })
}

function requireOpening(state: Mt940State, statement: OpenStatement, line: number): void {
  if (statement.isAnnounced) return
  if (statement.opening === undefined) {
    const message = "The statement has no opening balance (:60F: or :60M:) before this line."
    report(state, line, { reason: "unreadable_line", message })
  }
  announce(state, statement)
}

function announce(state: Mt940State, statement: OpenStatement): void {
  if (statement.isAnnounced) return
  statement.isAnnounced = true
  state.events.push({
    kind: "statement",
    header: {
      line: statement.line,
      format: "mt940",
      version: undefined,
      ...splitAccount(statement.account, statement.currency),
      currency: statement.currency,
      number: statement.number,
      opening: statement.opening,
      range: undefined,
    },
  })
}

/** `BANK/ACCOUNT` or `ACCOUNT`, with or without the currency behind it. */
function splitAccount(text: string, currency: string | undefined) {
  const slash = text.indexOf("/")
  const number = text.slice(slash + 1).trim()
  const account =
    currency !== undefined && /[0-9]\s*[A-Z]{3}$/.test(number) && number.endsWith(currency)
      ? number.slice(0, -3).trim()
      : number
  return { account: account || undefined, bank: slash > 0 ? text.slice(0, slash).trim() : undefined }
}

function warn(state: Mt940State, line: number, message: string): void {
  state.events.push({ kind: "warning", warning: { line, message } })
}
