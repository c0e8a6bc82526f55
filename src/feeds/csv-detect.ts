import { momentReader, numberReader, unwrapCell } from "./csv-cell.ts"
import { type CsvColumn, type CsvProfile, csvProfileSchema, foldWords } from "./csv-profile.ts"
import { newCsvSplitter, splitRecords } from "./csv-records.ts"

type Role = "date" | "time" | "value_date" | "debit" | "credit" | "amount" | "sign" | "balance" | "reference" | "memo"
type PartyRole = "party_name" | "party_account" | "currency"

/** Header words of Vietnamese bank exports, folded; the longest match decides. */
const WORDS: Readonly<Record<Role | PartyRole, string>> = {
  date: "ngay|ngay gd|ngay giao dich|ngay hach toan|ngay phat sinh|thoi gian giao dich|thoi gian gd|date|transaction date|trans date|tnx date|posting date|booking date",
  time: "gio|gio gd|gio giao dich|time|transaction time",
  value_date: "ngay hieu luc|ngay gia tri|value date|effective date",
  debit:
    "no|ghi no|phat sinh no|ps no|so tien ghi no|so tien rut|rut ra|tien ra|chi|debit|debit amount|withdrawal|money out",
  credit:
    "co|ghi co|phat sinh co|ps co|so tien ghi co|so tien gui|gui vao|tien vao|thu|credit|credit amount|deposit|money in",
  amount: "so tien|so tien gd|so tien giao dich|gia tri giao dich|amount|transaction amount",
  sign: "loai gd|loai giao dich|loai|no/co|+/-|d/c|dr/cr|type|transaction type",
  balance: "so du|so du cuoi|so du sau gd|so du sau giao dich|so du luy ke|balance|running balance|available balance",
  reference:
    "so but toan|but toan|so tham chieu|ma tham chieu|ma giao dich|ma gd|so gd|so giao dich|so chung tu|so ct|reference|reference no|ref|ref no|doc no|transaction id|transaction no|ft no",
  memo: "dien giai|noi dung|noi dung gd|noi dung giao dich|noi dung chi tiet|mo ta|mo ta giao dich|chi tiet|description|details|transaction detail|transaction details|remark|remarks|narrative",
  party_name:
    "ten tai khoan doi ung|ten tk doi ung|ten doi tac|ten nguoi chuyen|don vi thu huong|don vi chuyen|ten don vi thu huong|beneficiary name|counterparty name|remitter name",
  party_account:
    "tai khoan doi ung|so tai khoan doi ung|tk doi ung|so tk doi ung|counterparty account|beneficiary account",
  currency: "loai tien|loai tien te|tien te|currency|ccy",
}
const SIGN_IN = ["c", "co", "cr", "credit", "+", "in", "ghi co", "thu", "tien vao"]
const SIGN_OUT = ["d", "no", "dr", "debit", "-", "out", "ghi no", "chi", "tien ra"]
const FOOTERS = ["tong cong", "tong so", "tong", "cong phat sinh", "so du cuoi", "total", "closing balance"]
const OPENINGS = ["so du dau", "so du truoc", "opening balance"]
const DAYS = "dd/MM/yyyy dd-MM-yyyy dd.MM.yyyy yyyy-MM-dd yyyy/MM/dd d/M/yyyy dd/MM/yy dd-MM-yy MM/dd/yyyy".split(" ")
const TIMES = ["", " HH:mm:ss", " HH:mm"]
const NUMBERS: readonly CsvProfile["number"][] = [
  { thousand: ",", decimal: "." },
  { thousand: ".", decimal: "," },
  { thousand: " ", decimal: "," },
  { thousand: "", decimal: "." },
  { thousand: "", decimal: "," },
]
const HEADER_ROWS_MAX = 60
// A wider header, or a longer name in it, is nobody's; looking through it would hold up everybody else.
const HEADER_CELLS_MAX = 100
const HEADER_CELL_MAX = 100
/** The CSV reader looks some bytes ahead before it gives out a row. */
const FLUSH = "\n".repeat(16)

interface Header {
  readonly delimiter: CsvProfile["delimiter"]
  readonly rows: readonly (readonly string[])[]
  readonly index: number
  readonly roles: ReadonlyMap<string, number>
}

/**
 * Proposes a profile for an export with a header in the words of Vietnamese banks, with or without accents; undefined
 * when no row looks like one. `text` is the start of the file, at best some hundred rows.
 *
 * Only a proposal: a person applies it, and the importer never does by itself (contract/feeds.md §5.5 preview).
 */
export function detectCsvProfile(text: string): CsvProfile | undefined {
  const header = findHeader(text)
  if (header === undefined) return undefined
  const { roles, rows, index } = header
  const names = rows[index] ?? []
  const columnOf = (role: string): CsvColumn | undefined => {
    const place = roles.get(role)
    const name = place === undefined ? "" : (names[place] ?? "").trim()
    if (place === undefined) return undefined
    return name !== "" && names.filter((other) => foldWords(other) === foldWords(name)).length === 1 ? name : place + 1
  }
  const data = rows.slice(index + 1).map((row) => row.map(unwrapCell))
  const cellsOf = (role: string): string[] => {
    const place = roles.get(role)
    return place === undefined ? [] : data.map((row) => (row[place] ?? "").trim()).filter((cell) => cell !== "")
  }
  const timed = (role: string, formats: readonly string[]) => {
    const col = columnOf(role)
    const format = bestFormat(cellsOf(role), formats)
    return col === undefined || format === undefined ? undefined : { col, format }
  }
  const dayFormats = TIMES.flatMap((time) => DAYS.map((day) => day + time))
  const hasPair = roles.has("debit") && roles.has("credit")
  const proposal = {
    skip: index,
    header: true,
    delimiter: header.delimiter,
    date: timed("date", dayFormats) ?? { col: columnOf("date") ?? 1, format: "dd/MM/yyyy" },
    time: timed("time", ["HH:mm:ss", "HH:mm"]),
    value_date: timed("value_date", dayFormats),
    ...(hasPair ? { debit: columnOf("debit"), credit: columnOf("credit") } : { amount: columnOf("amount") }),
    sign: hasPair ? undefined : signOf(columnOf("sign"), cellsOf("sign")),
    balance: columnOf("balance"),
    reference: columnOf("reference"),
    memo: columnOf("memo"),
    currency: columnOf("currency"),
    counterparty: partyOf(columnOf("party_name"), columnOf("party_account")),
    number: bestNumber(["debit", "credit", "amount", "balance"].flatMap(cellsOf)),
    stop_at: patternOf(data, FOOTERS),
    ignore: patternOf(data, OPENINGS),
  }
  const checked = csvProfileSchema.safeParse(proposal)
  return checked.success ? checked.data : undefined
}

function findHeader(text: string): Header | undefined {
  const stated = /^"?sep=([,;\t|])"?[\r\n]/i.exec(text)?.[1]
  let best: Header | undefined
  for (const delimiter of [",", ";", "\t", "|"] as const) {
    if (stated !== undefined && stated !== delimiter) continue
    const rows: (readonly string[])[] = []
    const splitter = newCsvSplitter(delimiter, (record) => rows.push(record.cells))
    splitRecords(splitter, text + FLUSH)
    for (const [index, row] of rows.slice(0, HEADER_ROWS_MAX).entries()) {
      const roles = assignRoles(row)
      const isHeader = roles.has("date") && (roles.has("amount") || (roles.has("debit") && roles.has("credit")))
      if (isHeader && roles.size > (best?.roles.size ?? 2)) best = { delimiter, rows, index, roles }
    }
  }
  return best
}

/** Gives each role the column whose header fits it best; a header may be bilingual, on two lines or with a slash. */
function assignRoles(row: readonly string[]): Map<string, number> {
  const cells = row.slice(0, HEADER_CELLS_MAX).map((cell) => (cell.length > HEADER_CELL_MAX ? "" : cell))
  const parts = cells.map((cell) => [cell, ...cell.split(/[\n\r/|()]+/)].map((part) => foldWords(part)))
  // "No" alone is also English for a running number.
  const hasCredit = parts.some((cell) => cell.includes("co"))
  const candidates: { role: string; place: number; score: number }[] = []
  for (const [role, words] of Object.entries(WORDS)) {
    for (const word of words.split("|")) {
      if (word === "no" && !hasCredit) continue
      for (const [place, cell] of parts.entries()) {
        const score = cell.includes(word) ? 100 + word.length : 0
        const loose = word.length > 3 && cell.some((part) => ` ${part} `.includes(` ${word} `)) ? word.length : 0
        if (score + loose > 0) candidates.push({ role, place, score: Math.max(score, loose) })
      }
    }
  }
  const roles = new Map<string, number>()
  const taken = new Set<number>()
  for (const { role, place } of candidates.sort((a, b) => b.score - a.score)) {
    if (roles.has(role) || taken.has(place)) continue
    roles.set(role, place)
    taken.add(place)
  }
  return roles
}

function bestFormat(cells: readonly string[], formats: readonly string[]): string | undefined {
  let best: string | undefined
  let bestCount = 0
  for (const format of formats) {
    const reader = momentReader(format)
    const count = reader === undefined ? 0 : cells.filter((cell) => reader(cell) !== undefined).length
    if (count > bestCount) [best, bestCount] = [format, count]
  }
  return best
}

/** The separators that read the most cells. */
function bestNumber(cells: readonly string[]): CsvProfile["number"] | undefined {
  const counts = NUMBERS.map((number) => {
    const reader = numberReader(number)
    return cells.filter((cell) => reader(cell) !== "bad").length
  })
  return NUMBERS[counts.indexOf(Math.max(...counts))]
}

function signOf(col: CsvColumn | undefined, cells: readonly string[]): CsvProfile["sign"] | undefined {
  const words = [...new Set(cells.map(foldWords))]
  const [into, out] = [SIGN_IN, SIGN_OUT].map((known) => words.filter((word) => known.includes(word)))
  if (col === undefined || into === undefined || out === undefined || into.length + out.length === 0) return undefined
  return { col, in: into.length > 0 ? into : SIGN_IN, out: out.length > 0 ? out : SIGN_OUT }
}

function partyOf(name: CsvColumn | undefined, account: CsvColumn | undefined): CsvProfile["counterparty"] | undefined {
  if (name === undefined && account === undefined) return undefined
  return { ...(name === undefined ? {} : { name }), ...(account === undefined ? {} : { account }) }
}

function patternOf(rows: readonly (readonly string[])[], starts: readonly string[]): string | undefined {
  for (const row of rows) {
    const first = foldWords(row.find((cell) => cell.trim() !== "") ?? "")
    const start = starts.find((word) => first.startsWith(word))
    if (start !== undefined) return `^${start}`
  }
  return undefined
}
