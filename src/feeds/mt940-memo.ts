import type { Counterparty } from "./statement.ts"
import { toCounterparty } from "./statement.ts"

/** What a `:86:` field says of its entry. */
export interface Mt940Memo {
  readonly memo: string
  readonly description: string
  readonly counterparty: Counterparty | undefined
}

const FULL_LINE = 65
const STRUCTURED = /^(?:[0-9]{3})?\?[0-9]{2}/
const STARTS_WITH_CODE = /^\/([A-Z]{2,4})\//

const CODES = (
  "ABBR ADDR BENM BIC BO BUSP CHGS CNTP CSID EREF EXCH IBAN ID INST IREF ISDT KREF MARF NAME NRTX OCMT " +
  "ORDP PREF PURP REMI RTRN SVCL SVWZ TRCD TRTP TYPE ULTB ULTC ULTD"
).split(" ")
const CODE = new RegExp(`/(${CODES.join("|")})/`, "g")

/**
 * Reads the lines of a `:86:` field in its three forms: `?NN` subfields, `/CODE/` words, plain lines
 * (contract/feeds.md §5.2 memo). `description` is the whole field.
 */
export function readMemo(lines: readonly string[]): Mt940Memo {
  const glued = lines.join("").trim()
  if (STRUCTURED.test(glued)) return readSubfields(glued)
  const text = joinLines(lines)
  const code = STARTS_WITH_CODE.exec(text)?.[1]
  if (code !== undefined && CODES.includes(code)) return readCodes(text)
  return { memo: text, description: text, counterparty: undefined }
}

/** A line of the full 65 characters was cut by the bank's printer, any other one ended by itself. */
function joinLines(lines: readonly string[]): string {
  let text = ""
  let glue = ""
  for (const line of lines) {
    if (line.trim() === "") continue
    text += glue + (line.length === FULL_LINE ? line : line.trimEnd())
    glue = line.length === FULL_LINE ? "" : " "
  }
  return text.trim()
}

function readSubfields(text: string): Mt940Memo {
  const parts = text.split(/\?([0-9]{2})/)
  let memo = ""
  let purpose = ""
  let name = ""
  const single = new Map<string, string>()
  for (let index = 1; index < parts.length; index += 2) {
    const tag = Number(parts[index])
    const value = parts[index + 1] ?? ""
    if (tag >= 20 && tag <= 29) memo += value
    else if (tag >= 60 && tag <= 63) purpose += value
    else if (tag === 32 || tag === 33) name += value
    else single.set(String(tag), value)
  }
  return {
    memo: (memo + purpose).trim(),
    description: text,
    counterparty: toCounterparty(name, single.get("31"), single.get("30")),
  }
}

// Not by an expression: one for the end costs the square of a run of slashes anywhere else.
function withoutSlashes(name: string | undefined): string | undefined {
  let end = name?.length ?? 0
  while (name?.charAt(end - 1) === "/") end -= 1
  return name?.slice(0, end)
}

function readCodes(text: string): Mt940Memo {
  const values = new Map<string, string>()
  const marks = [...text.matchAll(CODE)]
  // The first of each code counts: banks print theirs before the memo, where the payer could write one too.
  for (const [index, mark] of marks.entries()) {
    const code = mark[1] ?? ""
    const value = text.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? text.length)
    if (!values.has(code)) values.set(code, value)
  }
  const [account, bank, name] = (values.get("CNTP") ?? "").split("/")
  return {
    memo: (values.get("REMI") ?? "").replace(/^(?:USTD\/\/|STRD\/)/, "").trim(),
    description: text,
    counterparty: toCounterparty(
      withoutSlashes(values.get("NAME") ?? name),
      values.get("IBAN") ?? account,
      values.get("BIC") ?? bank,
    ),
  }
}
