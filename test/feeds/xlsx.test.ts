import assert from "node:assert/strict"
import { test } from "node:test"
import { deflateRawSync } from "node:zlib"
import fc from "fast-check"
import { type CsvProfile, csvProfileSchema } from "../../src/feeds/csv-profile.ts"
import { collectStatements } from "../../src/feeds/read-statement.ts"
import { readEntry } from "../../src/feeds/statement-line.ts"
import { parseXlsx, readSheet } from "../../src/feeds/xlsx.ts"
import { packWorkbook, unpackedMax, unpackWorkbook } from "../../src/feeds/xlsx-archive.ts"
import { cellAddress, plainNumber } from "../../src/feeds/xlsx-cell.ts"
import { readWorkbook } from "../../src/feeds/xlsx-workbook.ts"
import { workbook } from "../browser/bank-ground.ts"
import { inChunks } from "./statement-files.ts"

const profile = csvProfileSchema.parse({
  date: { col: "Ngay", format: "yyyy-MM-dd HH:mm:ss" },
  amount: "So tien",
  reference: "Ma",
  memo: "Noi dung",
  number: { thousand: ".", decimal: "," },
})

const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
const workbookXml = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`
const relations = `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
const styles = `<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>`

/** A workbook of one sheet whose rows are given as XML. */
function made(rows: string): Buffer {
  const sheet = `<worksheet><sheetData>${rows}</sheetData></worksheet>`
  const parts = { "xl/workbook.xml": workbookXml, "xl/_rels/workbook.xml.rels": relations, "xl/styles.xml": styles }
  const all = Object.entries({ ...parts, "xl/worksheets/sheet1.xml": sheet })
  return packWorkbook(new Map(all.map(([name, text]) => [name, Buffer.from(text)])))
}

const header = row(
  1,
  ["Ngay", "Ma", "So tien", "Noi dung"].map((name) => text(name)),
)

function row(number: number, cells: readonly string[]): string {
  const placed = cells.map((cell, index) => cell.replace("<c", `<c r="${cellAddress(index + 1, number)}"`))
  return `<row r="${number}">${placed.join("")}</row>`
}
function text(value: string): string {
  return `<c t="inlineStr"><is><t>${value}</t></is></c>`
}
const number = (value: string) => `<c><v>${value}</v></c>`
const date = (serial: string) => `<c s="1"><v>${serial}</v></c>`

const read = (bytes: Uint8Array, of: CsvProfile = profile) =>
  collectStatements(parseXlsx(inChunks(bytes), { profile: of }))

test("dates, times, numbers and texts of a workbook arrive exactly, in whatever style the texts are (§5.5)", async () => {
  // 46001.53356481481 is what a spreadsheet keeps of 12:48:20: read as it stands it would be a second less.
  const bytes = made(
    header +
      row(2, [date("46001.53356481481"), text("0011FT"), number("349000"), text("DH100245; tra")]) +
      row(3, [date("46002"), number("1234567890123"), number("-1.25E+6"), text("ra")]) +
      row(5, [date("46003.5"), text("R"), text("1.250.000,00"), text("chu")]),
  )
  const { statements, errors } = await read(bytes)
  assert.deepEqual(errors, [])
  assert.deepEqual(
    statements[0]?.entries.map(({ line, day, time, amount, memo, references }) => {
      return [line, day, time, amount, memo, references[0]?.value]
    }),
    [
      [2, "2025-12-10", "12:48:20", "349000", "DH100245; tra", "0011FT"],
      [3, "2025-12-11", "00:00:00", "-1250000", "ra", "1234567890123"],
      [5, "2025-12-12", "12:00:00", "1250000.00", "chu", "R"],
    ],
  )
})

test("a formula counts with the value it was saved with; one that failed is refused with its cell's place", async () => {
  const formula = `<c><f>1+1</f><v>349000</v></c>`
  const failed = `<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`
  const bytes = made(header + row(2, [date("46001"), text("A"), formula, text("x")]))
  const withTime = csvProfileSchema.parse({ ...profile, date: { col: "Ngay", format: "yyyy-MM-dd" } })
  assert.deepEqual((await read(bytes, withTime)).statements[0]?.entries[0]?.amount, "349000")
  const broken = await read(made(header + row(2, [date("46001"), text("A"), failed, text("x")])), withTime)
  assert.deepEqual(
    broken.errors.map(({ line, column, reason }) => [line, column, reason]),
    [[2, 3, "bad_amount"]],
  )
})

test("a wrong cell is told by its row and column: no number, no date, fractions of a đồng, U+0000", async () => {
  const day = csvProfileSchema.parse({ ...profile, date: { col: "Ngay", format: "yyyy-MM-dd" } })
  const cases: readonly (readonly [string[], readonly unknown[]])[] = [
    [
      [text("mai"), text("A"), number("1000"), text("x")],
      [2, 1, "bad_date"],
    ],
    [
      [date("46001"), text("A"), text("nghin"), text("x")],
      [2, 3, "bad_amount"],
    ],
    [
      [date("46001"), text("A"), `<c><v>12x</v></c>`, text("x")],
      [2, 3, "bad_cell"],
    ],
    [
      [date("46001"), text("A"), number("1000"), text("a_x0000_b")],
      [2, 4, "bad_cell"],
    ],
    [
      [date("9e99"), text("A"), number("1000"), text("x")],
      [2, 1, "bad_cell"],
    ],
  ]
  for (const [cells, place] of cases) {
    const { errors } = await read(made(header + row(2, cells)), day)
    assert.deepEqual(
      errors.map(({ line, column, reason }) => [line, column, reason]),
      [place],
      cells.join(),
    )
  }
  const fraction = await read(made(header + row(2, [date("46001"), text("A"), number("1000.5"), text("x")])), day)
  const [entry] = fraction.statements[0]?.entries ?? []
  assert.ok(entry !== undefined)
  const taken = readEntry(entry)
  assert.ok(taken.kind === "refused")
  assert.deepEqual([taken.error.reason, taken.error.line, taken.error.column], ["fractional_amount", 2, 3])
})

test("numbers are written out exactly; a fraction beyond the 15 digits a person saw is none", () => {
  const known = { "349000": "349000", "3.49E5": "349000", "1E-2": "0.01", "-0.0": "0", "349000.00000000006": "349000" }
  for (const [given, wanted] of Object.entries(known)) assert.equal(plainNumber(given), wanted, given)
  for (const wrong of ["", ".", "1,5", "0x10", "Infinity", "NaN", "1E400", "1E999"])
    assert.equal(plainNumber(wrong), undefined)
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => plainNumber(String(value)) === String(value + 0)),
    { numRuns: 300 },
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999_999_999 }), fc.integer({ min: 0, max: 20 }), (digits, shift) => {
      return BigInt(plainNumber(`${digits}E${shift}`) ?? "0") === BigInt(digits) * 10n ** BigInt(shift)
    }),
    { numRuns: 300 },
  )
})

test("a workbook that becomes too large when unpacked is refused before it does, whatever it claims", async () => {
  const bomb = deflateRawSync(Buffer.alloc(unpackedMax + 1, 0x20))
  const packed = packWorkbook(new Map([["xl/worksheets/sheet1.xml", bomb]]))
  // As a deflated entry that claims to be small.
  const directory = packed.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
  packed.writeUInt16LE(8, 8)
  packed.writeUInt16LE(8, directory + 10)
  packed.writeUInt32LE(10, directory + 24)
  assert.ok(packed.length < 200_000)
  const reading = await readSheet({ bytes: packed })
  assert.deepEqual([reading.kind, "reason" in reading && reading.reason], ["refused", "too_large"])
})

test("cells far out, and one text meant a million times, are refused and hurt nobody", async () => {
  const far = await readSheet({ bytes: made(`<row r="1"><c r="ZZZ1"><v>1</v></c></row>`) })
  assert.deepEqual([far.kind, "reason" in far && far.reason], ["refused", "too_large"])
  const shared = `<sst><si><t>${"x".repeat(100_000)}</t></si></sst>`
  const rows = Array.from(
    { length: 2000 },
    (_, index) => `<row r="${index + 1}"><c r="A${index + 1}" t="s"><v>0</v></c></row>`,
  )
  const parts = new Map(unpackWorkbook(made(rows.join(""))))
  parts.set("xl/sharedStrings.xml", Buffer.from(shared))
  const many = await readSheet({ bytes: packWorkbook(parts) })
  assert.deepEqual([many.kind, "reason" in many && many.reason], ["refused", "too_large"])
})

test("whatever happens to a workbook's bytes, reading it ends in rows or in a refusal (fuzz)", async () => {
  const whole = await workbook([
    { at: new Date("2025-11-05T12:48:20Z"), amount: 349_000, memo: "DH100245" },
    { at: new Date("2025-11-06T00:00:00Z"), amount: -5, memo: "x" },
  ])
  const damage = fc.record({
    at: fc.nat({ max: whole.length - 1 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
    cut: fc.option(fc.nat({ max: whole.length })),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, bytes, cut }) => {
      const broken = Buffer.from(whole)
      broken.set(bytes.subarray(0, broken.length - at), at)
      const reading = await readWorkbook({ bytes: broken.subarray(0, cut ?? broken.length) })
      assert.ok(reading.kind === "read" || reading.message !== "")
    }),
    { numRuns: 300 },
  )
  const noise = fc.stringMatching(/^[<>/cvrtis="'A-C1-3 x&;.-]{0,80}$/)
  await fc.assert(
    fc.asyncProperty(noise, async (rows) => {
      const reading = await readWorkbook({ bytes: made(rows) })
      assert.ok(reading.kind === "read" || reading.message !== "")
    }),
    { numRuns: 300 },
  )
})
