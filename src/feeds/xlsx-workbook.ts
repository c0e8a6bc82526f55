import { packWorkbook, unpackWorkbook, WorkbookRefused } from "./xlsx-archive.ts"
import { cellAddress, plainNumber, type Sheet, type WorkbookCell } from "./xlsx-cell.ts"

/** What to read of which workbook. */
export interface WorkbookRequest {
  readonly bytes: Uint8Array
  /** The name of the sheet; the first that has rows, if left out. */
  readonly sheet?: string | undefined
  /** At most so many rows; all, if left out. */
  readonly rowsMax?: number | undefined
}

/** A workbook as it was read. */
export type WorkbookReading =
  | { readonly kind: "read"; readonly sheetNames: readonly string[]; readonly sheet: Sheet }
  | {
      readonly kind: "refused"
      readonly reason: "too_large" | "damaged" | "bad_cell" | "unknown_sheet"
      readonly message: string
      readonly row?: number | undefined
      readonly column?: number | undefined
    }

// The format's own limits, and ours on how much text a sheet may hold: shared texts are written once and meant often.
const rowsOfFormat = 1_048_576
const columnsMax = 500
const cellsMax = 5_000_000
const textMax = 64 * 1024 * 1024

/** Reads a sheet of a workbook. Never throws on content; bound its time and memory from outside (`xlsx.ts`). */
export async function readWorkbook({ bytes, sheet, rowsMax }: WorkbookRequest): Promise<WorkbookReading> {
  try {
    const parts = unpackWorkbook(bytes)
    const problem = findBadAddress(parts)
    if (problem !== undefined) return problem
    const archive = packWorkbook(markErrors(parts))
    const { default: readSheets } = await import("read-excel-file/universal")
    const read = await readSheets<NumberCell>(toArrayBuffer(archive), { trim: false, parseNumber: toNumberCell })
    // Its types call a date `typeof Date`; it is one.
    const sheets = read as unknown as readonly {
      readonly sheet: string
      readonly data: readonly (readonly Value[])[]
    }[]
    const sheetNames = sheets.map((one) => one.sheet)
    const chosen =
      sheet === undefined
        ? (sheets.find(({ data }) => data.length > 0) ?? sheets[0])
        : sheets.find((one) => one.sheet === sheet)
    if (chosen === undefined) {
      return { kind: "refused", reason: "unknown_sheet", message: `The workbook has no sheet "${sheet ?? ""}".` }
    }
    return toReading(sheetNames, chosen, rowsMax)
  } catch (error) {
    if (error instanceof WorkbookRefused) return { kind: "refused", reason: error.reason, message: error.message }
    return refuseDamaged(error as Error)
  }
}

function toArrayBuffer(buffer: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(buffer.byteLength)
  new Uint8Array(copy).set(buffer)
  return copy
}

const CELL_PLACE = /<c\/> at row (\d+), col (\d+)/

// The reader throws plain sentences; the place of a cell is in those about cells.
function refuseDamaged({ message }: Error): WorkbookReading {
  const match = CELL_PLACE.exec(message)
  if (match === null) return { kind: "refused", reason: "damaged", message: "It is not whole, or no workbook." }
  const [row, column] = [Number(match[1]), Number(match[2])]
  const text = `Cell ${cellAddress(column, row)} cannot be read.`
  return { kind: "refused", reason: "bad_cell", message: text, row, column }
}

// No `<` stands in a tag: without it none of these looks through the same text again for each.
const ADDRESS = /<(?:\w+:)?c\b[^<>]*?\sr=["']([A-Za-z]*)([0-9]*)["']/g
const ROW = /<(?:\w+:)?row\b[^<>]*?\sr=["']([0-9]+)["']/g
const ERROR_CELL = /(<(?:\w+:)?c\b[^<>]*?\s)t=["']e["']/g

/** An address far out would make the reader fill millions of cells on the way to it. */
function findBadAddress(parts: ReadonlyMap<string, Buffer>): WorkbookReading | undefined {
  // In every part: which of them are sheets is for the workbook to say.
  for (const content of parts.values()) {
    const text = content.toString("utf8")
    for (const [, row = ""] of text.matchAll(ROW)) if (Number(row) > rowsOfFormat) return tooWide(`row ${row}`)
    let cells = 0
    for (const [, letters = "", row = ""] of text.matchAll(ADDRESS)) {
      cells += 1
      const isFar = letters.length > 3 || columnOf(letters) > columnsMax || Number(row) > rowsOfFormat
      if (isFar || cells > cellsMax) return tooWide(`cell ${letters}${row}`)
    }
  }
  return undefined
}

function tooWide(what: string): WorkbookReading {
  return { kind: "refused", reason: "too_large", message: `It reaches to ${what}, further than is read.` }
}

function columnOf(letters: string): number {
  return [...letters.toUpperCase()].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0)
}

/**
 * A formula that failed (`#REF!`) would be read as an empty cell, and an amount could turn into none: as text it is
 * refused where it matters, with its address.
 */
function markErrors(parts: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const marked = new Map<string, Buffer>()
  for (const [name, content] of parts) {
    const text = content.toString("utf8")
    const changed = text.replace(ERROR_CELL, '$1t="str"')
    marked.set(name, changed === text ? content : Buffer.from(changed, "utf8"))
  }
  return marked
}

function toReading(sheetNames: readonly string[], { sheet, data }: ReadSheet, rowsMax = data.length): WorkbookReading {
  let length = 0
  const rows: WorkbookCell[][] = []
  for (const [rowIndex, row] of data.slice(0, rowsMax).entries()) {
    const cells: WorkbookCell[] = []
    for (const [columnIndex, value] of row.entries()) {
      const cell = toCell(value)
      if (cell === undefined) return refuseCell(columnIndex + 1, rowIndex + 1)
      length += typeof cell === "string" ? cell.length : 8
      cells.push(cell)
    }
    if (length > textMax) return { kind: "refused", reason: "too_large", message: "Its texts are too long together." }
    rows.push(cells)
  }
  return { kind: "read", sheetNames, sheet: { name: sheet, rows, timedColumns: findTimedColumns(data) } }
}

const msADay = 86_400_000
// What rounding to seconds takes away is no time of day.
const msOfRounding = 500

function findTimedColumns(data: ReadSheet["data"]): readonly number[] {
  const timed = new Set<number>()
  for (const row of data) {
    for (const [index, value] of row.entries()) {
      if (!(value instanceof Date)) continue
      const rest = (((value.getTime() + msOfRounding) % msADay) + msADay) % msADay
      if (rest >= 2 * msOfRounding) timed.add(index)
    }
  }
  return [...timed]
}

function refuseCell(column: number, row: number): WorkbookReading {
  const message = `Cell ${cellAddress(column, row)} cannot be read.`
  return { kind: "refused", reason: "bad_cell", message, row, column }
}

/** A number with its own digits; without when it is none. */
interface NumberCell {
  readonly number: string | undefined
}

function toNumberCell(text: string): NumberCell {
  return { number: plainNumber(text) }
}

interface ReadSheet {
  readonly sheet: string
  readonly data: readonly (readonly Value[])[]
}

type Value = string | NumberCell | boolean | Date | null

function toCell(value: Value): WorkbookCell | undefined {
  if (value === null) return null
  if (value instanceof Date) {
    const at = Math.round(value.getTime() / 1000)
    const isInRange = at >= firstSecond && at <= lastSecond
    return isInRange ? { at } : undefined
  }
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE"
  // Text as no database takes it (contract/feeds.md §1).
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? undefined : value
  return value.number === undefined ? undefined : { number: value.number }
}

const firstSecond = Date.UTC(1900, 0, 1) / 1000
const lastSecond = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000
