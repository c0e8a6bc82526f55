import { formatVietnamTime, parseBookedAt, parseDay } from "../vietnam-time.ts"
import { type CamtNode, findNode, findText } from "./camt-node.ts"
import { negateDecimal, toDecimal } from "./decimal.ts"
import type { Damage, StatementBalance } from "./statement.ts"

const AMOUNT = /^\+?([0-9]*)(?:\.([0-9]*))?$/

/** Reads an unsigned XML decimal; undefined when it is none. */
export function readCamtAmount(text: string | undefined): string | undefined {
  const match = AMOUNT.exec(text ?? "")
  const [whole = "", fraction = ""] = match?.slice(1) ?? []
  if (whole === "" && fraction === "") return undefined
  return toDecimal(false, whole === "" ? "0" : whole, fraction)
}

/** Gives an unsigned amount the sign of `CdtDbtInd`; undefined when that is neither `CRDT` nor `DBIT`. */
export function signByIndicator(amount: string, indicator: string | undefined): string | undefined {
  if (indicator === "CRDT") return amount
  return indicator === "DBIT" ? negateDecimal(amount) : undefined
}

/** A day, and the time where the file states one, in Vietnam. */
export interface CamtTime {
  readonly day: string
  readonly time: string | undefined
}

/** Reads `Dt` or `DtTm` below a node; an instant with a zone is moved to UTC+7, one without is taken for UTC+7. */
export function readCamtTime(node: CamtNode | undefined): CamtTime | undefined {
  if (node === undefined) return undefined
  const moment = findText(node, "DtTm")
  if (moment !== undefined) return readMoment(moment)
  const day = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?$/.exec(findText(node, "Dt") ?? "")?.[1]
  return day === undefined || parseDay(day) === undefined ? undefined : { day, time: undefined }
}

/** Reads an xs:dateTime as `YYYY-MM-DD HH:mm:ss` in Vietnam. */
export function readCamtMoment(text: string | undefined): string | undefined {
  const moment = text === undefined ? undefined : readMoment(text)
  return moment === undefined ? undefined : `${moment.day} ${moment.time ?? "00:00:00"}`
}

function readMoment(text: string): CamtTime | undefined {
  const hasZone = /(?:Z|[+-][0-9]{2}:[0-9]{2})$/.test(text)
  const booked = parseBookedAt(hasZone ? text : `${text}+07:00`)
  if (booked === undefined) return undefined
  const local = formatVietnamTime(booked.at)
  return { day: local.slice(0, 10), time: local.slice(11) }
}

/** Reads a `Bal` element; the kind of an opening or closing balance is `final` or `intermediate`. */
export function readCamtBalance(
  node: CamtNode,
): { readonly code: string; readonly balance: StatementBalance; readonly currency: string | undefined } | Damage {
  const code = findText(node, "Tp", "CdOrPrtry", "Cd") ?? findText(node, "Tp", "CdOrPrtry", "Prtry") ?? "OTHR"
  const amount = readCamtAmount(findText(node, "Amt"))
  if (amount === undefined)
    return { reason: "bad_amount", message: `The amount of the balance ${code} is not readable.` }
  const signed = signByIndicator(amount, findText(node, "CdtDbtInd"))
  if (signed === undefined) {
    return { reason: "unreadable_line", message: `The balance ${code} says neither CRDT nor DBIT.` }
  }
  const at = readCamtTime(findNode(node, "Dt"))
  if (at === undefined) return { reason: "bad_date", message: `The date of the balance ${code} is not readable.` }
  const isIntermediate = findText(node, "Tp", "SubTp", "Cd") === "INTM"
  const kind = isOpening(code) || isClosing(code) ? (isIntermediate ? "intermediate" : "final") : code
  return { code, balance: { amount: signed, day: at.day, kind }, currency: findNode(node, "Amt")?.currency }
}

/** `OPBD`, or the closing balance of the statement before (contract/feeds.md §5.3). */
export function isOpening(code: string): boolean {
  return code === "OPBD" || code === "PRCD"
}

/** `CLBD`, or `ITBD` in camt.052 (contract/feeds.md §5.3). */
export function isClosing(code: string): boolean {
  return code === "CLBD" || code === "ITBD"
}
