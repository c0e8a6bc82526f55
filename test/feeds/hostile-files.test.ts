import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { parseCamt } from "../../src/feeds/camt.ts"
import { parseCsv } from "../../src/feeds/csv.ts"
import { detectCsvProfile } from "../../src/feeds/csv-detect.ts"
import { csvProfileSchema } from "../../src/feeds/csv-profile.ts"
import { parseMt940 } from "../../src/feeds/mt940.ts"
import { collectStatements } from "../../src/feeds/read-statement.ts"
import { compileRowPattern } from "../../src/feeds/row-pattern.ts"
import { createSheetLine } from "../../src/feeds/sheet-line.ts"
import { createExcerptReader } from "../../src/feeds/statement-excerpt.ts"
import { plainNumber } from "../../src/feeds/xlsx-cell.ts"
import { Refusal } from "../../src/refusal.ts"
import { inChunks } from "./statement-files.ts"

// One process serves everybody: a file that takes it for seconds takes it from all. What stands here took a small machine
// from ten seconds to hours before it was mended, and takes milliseconds.
const mostMs = 3000

const profile = {
  header: false,
  date: { col: 1, format: "dd/MM/yyyy" },
  amount: 2,
  number: { thousand: ",", decimal: "." },
} as const

const csv = (text: string, more: Readonly<Record<string, unknown>> = {}) =>
  collectStatements(parseCsv(inChunks(Buffer.from(text)), { profile: csvProfileSchema.parse({ ...profile, ...more }) }))

const camt = (inside: string) =>
  collectStatements(
    parseCamt(
      inChunks(
        Buffer.from(
          `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id><Ntry><Amt Ccy="VND">5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2025-01-01</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>${inside}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`,
        ),
      ),
    ),
  )

const mt940 = (memo: string) =>
  collectStatements(
    parseMt940(
      inChunks(
        Buffer.from(
          `:20:X\n:25:0071000988888\n:28C:1/1\n:60F:C250101VND0,\n:61:2501010101C5,NTRFNONREF\n:86:${memo}\n:62F:C250101VND5,\n-\n`,
        ),
      ),
    ),
  )

function excerpt(text: string) {
  const reader = createExcerptReader(1)
  reader.take(text)
  return reader.finish()
}

const bombs: readonly (readonly [name: string, read: () => unknown])[] = [
  ["a CSV amount with spaces in its middle", () => csv(`01/01/2025,1${" ".repeat(80_000)}1\n`)],
  ["a pattern with three repetitions", () => csv(`${"a".repeat(200)},5\n`.repeat(20), { stop_at: ".*.*.*!" })],
  ["a cell that grows when it is folded", () => csv(`${"\ufdfa".repeat(40)},5\n`, { ignore: ".*.*.*\\$!" })],
  ["a camt text with line breaks in its middle", () => camt(`a${"\n".repeat(80_000)}b`)],
  ["a camt file of open elements", () => camt("<a>".repeat(1_000_000))],
  ["an MT940 name of slashes", () => mt940(`/REMI/a/NAME/${"/".repeat(60_000)}x`)],
  ["an excerpt of spaces", () => excerpt(`${" ".repeat(80_000)}x\ny`)],
  ["a number cell of zeros", () => plainNumber(`1.${"0".repeat(80_000)}1`)],
  ["a table of one row with 300,000 columns", () => detectCsvProfile(",".repeat(300_000))],
]

for (const [name, read] of bombs) {
  test(`${name} does not hold up the process`, async () => {
    const startedAt = performance.now()
    await read()
    const took = performance.now() - startedAt
    assert.ok(took < mostMs, `it took ${Math.round(took)} ms`)
  })
}

test("elements nested deeper than in any statement are refused once, where the depth begins", async () => {
  const { errors } = await camt("<a>".repeat(1000))
  assert.deepEqual(
    errors.map(({ reason, message }) => [reason, message]),
    [["unreadable_line", "Elements are nested too deeply."]],
  )
})

test("what is cut off the end of a name, a text and a number is what always was", async () => {
  assert.equal((await mt940("/REMI/a/NAME/B/C//")).statements[0]?.entries[0]?.counterparty?.name, "B/C")
  const memoOf = async (text: string) => (await camt(text)).statements[0]?.entries[0]?.memo
  assert.equal(await memoOf("\n   DH100245  \n  "), "DH100245  ")
  assert.equal(await memoOf("a\n\nb"), "a\n\nb")
  assert.equal(plainNumber("1.2500"), "1.25")
  const amountOf = async (cell: string) => (await csv(`01/01/2025,"${cell}"\n`)).statements[0]?.entries[0]?.amount
  for (const cell of ["1,250 VND", "VND 1,250", "đ1,250", "1,250 ₫", "1,250"]) {
    assert.deepEqual(await amountOf(cell), await amountOf("1250"), cell)
  }
})

test("a pattern finds what a regular expression of the same text finds (property)", () => {
  const atom = fc.constantFrom(
    "a",
    "b",
    "Đ",
    " ",
    ".",
    "\\d",
    "\\D",
    "\\s",
    "\\S",
    "\\.",
    "\\*",
    "\\|",
    "\\$",
    "\\^",
    "7",
  )
  const item = fc.tuple(atom, fc.constantFrom("", "", "", "*", "+", "?", "*?", "+?")).map((parts) => parts.join(""))
  const alternative = fc
    .tuple(fc.boolean(), fc.array(item, { maxLength: 5 }), fc.boolean())
    .map(([start, items, end]) => `${start ? "^" : ""}${items.join("")}${end ? "$" : ""}`)
  const pattern = fc.array(alternative, { minLength: 1, maxLength: 3 }).map((alternatives) => alternatives.join("|"))
  const text = fc.array(fc.constantFrom("a", "B", "đ", " ", "7", ".", "*", "|", "$", "\n", "😀"), { maxLength: 8 })
  fc.assert(
    fc.property(
      pattern,
      text.map((characters) => characters.join("")),
      (source, tried) => compileRowPattern(source)(tried) === new RegExp(source, "iu").test(tried),
    ),
    { numRuns: 3000 },
  )
})

test("workbooks are read one at a time, and of one company only a few wait", async () => {
  const line = createSheetLine()
  const [gate, open] = [Promise.withResolvers<void>(), { now: 0, most: 0 }]
  const read = async () => {
    open.now += 1
    open.most = Math.max(open.most, open.now)
    await gate.promise
    open.now -= 1
  }
  const ours = Array.from({ length: 5 }, () => line.run(1, read))
  const others = [line.run(2, read), line.run(undefined, read)]
  const settled = Promise.allSettled([...ours, ...others])
  gate.resolve()
  const refused = (await settled).flatMap((one) => (one.status === "rejected" ? [one.reason] : []))
  assert.equal(open.most, 1)
  assert.deepEqual(
    refused.map((error) => error instanceof Refusal && error.reason),
    ["too_many", "too_many"],
  )
  await line.run(1, async () => undefined)
})
