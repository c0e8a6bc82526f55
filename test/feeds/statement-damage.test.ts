import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { parseCamt } from "../../src/feeds/camt.ts"
import { parseCsv } from "../../src/feeds/csv.ts"
import { csvProfileSchema } from "../../src/feeds/csv-profile.ts"
import { parseMt940 } from "../../src/feeds/mt940.ts"
import type { StatementEvent } from "../../src/feeds/statement.ts"
import { addEntryToSum, isConsistent } from "../../src/feeds/statement-sum.ts"
import { inChunks, listEvents, type PlainEntry, writeCamt, writeCsv, writeMt940 } from "./statement-files.ts"

const profile = csvProfileSchema.parse({
  delimiter: ";",
  date: { col: "Ngay GD", format: "dd/MM/yyyy" },
  debit: "Ghi no",
  credit: "Ghi co",
  reference: "So but toan",
  memo: "Dien giai",
  number: { thousand: ",", decimal: "." },
})

interface Format {
  readonly name: string
  readonly write: (entries: readonly PlainEntry[]) => string
  readonly parse: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<StatementEvent>
}

const FORMATS: readonly Format[] = [
  { name: "MT940", write: writeMt940, parse: parseMt940 },
  {
    name: "framed MT940 with CR LF",
    write: (entries) => writeMt940(entries, { framed: true, lineBreak: "\r\n" }),
    parse: parseMt940,
  },
  { name: "camt.053", write: writeCamt, parse: parseCamt },
  { name: "camt.053 on one line", write: (entries) => writeCamt(entries, "").replaceAll("\n", ""), parse: parseCamt },
  { name: "CSV", write: writeCsv, parse: (chunks) => parseCsv(chunks, { profile }) },
  {
    name: "CSV with CR LF",
    write: (entries) => writeCsv(entries).replaceAll("\n", "\r\n"),
    parse: (chunks) => parseCsv(chunks, { profile }),
  },
]

const word = fc.stringMatching(/^[A-Za-z0-9À-ỹ&<>"',.()-]{1,12}$/)
const plainEntry: fc.Arbitrary<PlainEntry> = fc.record({
  amount: fc
    .integer({ min: -999_999_999, max: 999_999_999 })
    .filter((amount) => amount !== 0)
    .map(String),
  day: fc
    .date({ min: new Date("2025-12-01"), max: new Date("2025-12-31"), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10)),
  memo: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `DH${words.join(" ")}`),
  reference: fc.integer({ min: 1, max: 10 ** 9 }).map((number) => `FT${number}`),
})
const plainEntries = fc.array(plainEntry, { minLength: 1, maxLength: 12 })

const SAMPLE: readonly PlainEntry[] = Array.from({ length: 9 }, (_, index) => ({
  amount: String((index % 3 === 0 ? -1 : 1) * (349_000 + index)),
  day: `2025-12-${String(11 + index)}`,
  memo: `DH10024${index} trả "tiền" hàng`,
  reference: `FT2534577881${index}`,
}))

function plainOf(events: readonly StatementEvent[]): PlainEntry[] {
  return events.flatMap((event) =>
    event.kind !== "entry"
      ? []
      : [
          {
            amount: event.entry.amount,
            day: event.entry.day,
            memo: event.entry.memo,
            reference: event.entry.references[0]?.value ?? "",
          },
        ],
  )
}

const hasError = (events: readonly StatementEvent[]) => events.some((event) => event.kind === "error")

/** An error must name a line of the file; without one every statement must be complete and keep its count. */
function checkSound(events: readonly StatementEvent[], lineCount: number): void {
  for (const event of events) {
    if (event.kind !== "error") continue
    assert.ok(event.error.line >= 1 && event.error.line <= lineCount + 1, JSON.stringify(event))
  }
  if (hasError(events)) return
  const count = (kind: string) => events.filter((event) => event.kind === kind).length
  assert.ok(count("statement") >= 1)
  assert.equal(count("statement"), count("statementEnd"))
  const stated = events.reduce((sum, event) => sum + (event.kind === "statementEnd" ? event.end.entryCount : 0), 0)
  assert.equal(count("entry"), stated)
}

for (const { name, write, parse } of FORMATS) {
  test(`${name}: what is written is read back, entry by entry`, async () => {
    await fc.assert(
      fc.asyncProperty(plainEntries, async (entries) => {
        const events = await listEvents(parse(inChunks(write(entries))))
        assert.equal(hasError(events), false)
        assert.deepEqual(
          plainOf(events),
          entries.map((entry) => ({ ...entry })),
        )
      }),
      { numRuns: 60 },
    )
  })

  test(`${name}: the way a file is cut into chunks changes nothing, damaged or not`, async () => {
    const damage = fc.option(fc.record({ at: fc.nat(), byte: fc.nat(255) }))
    await fc.assert(
      fc.asyncProperty(plainEntries, fc.integer({ min: 1, max: 40 }), damage, async (entries, size, wrong) => {
        const file = Buffer.from(write(entries))
        if (wrong !== null) file[wrong.at % file.length] = wrong.byte
        assert.deepEqual(await listEvents(parse(inChunks(file, size))), await listEvents(parse(inChunks(file))))
      }),
      { numRuns: 60 },
    )
  })

  test(`${name}: cut at any byte, it errs at a line or is the shorter file (§5.1 truncated, §12 test 7)`, async () => {
    const file = Buffer.from(write(SAMPLE))
    const whole = plainOf(await listEvents(parse(inChunks(file))))
    assert.equal(whole.length, SAMPLE.length)
    for (let length = 0; length < file.length; length++) {
      const cut = file.subarray(0, length)
      const events = await listEvents(parse(inChunks(cut)))
      checkSound(events, cut.toString().split("\n").length)
      const entries = plainOf(events)
      if (hasError(events)) continue
      const isMarked = events.some((event) => event.kind === "warning")
      const certain = isMarked ? entries.slice(0, -1) : entries
      assert.deepEqual(certain, whole.slice(0, certain.length))
      // Only CSV has no end mark: there the cut shows as a warning, or lies exactly between two rows.
      const isBetweenRows = cut.at(-1) === 0x0a || cut.at(-1) === 0x0d
      assert.ok(
        entries.length === whole.length || (name.startsWith("CSV") && (isMarked || isBetweenRows)),
        `cut at ${length}`,
      )
    }
  })

  test(`${name}: with one wrong byte it errs at a line or reads as a whole file (§12 test 7)`, async () => {
    const file = Buffer.from(write(SAMPLE))
    const lineCount = write(SAMPLE).split("\n").length + 1
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(255), async (at, byte) => {
        const wrong = Buffer.from(file)
        wrong[at] = byte
        checkSound(await listEvents(parse(inChunks(wrong))), lineCount)
      }),
      { numRuns: 400 },
    )
  })

  test(`${name}: a byte that is not UTF-8, or zero, is bad_encoding with its line and column (§5.1 encoding)`, async () => {
    const file = Buffer.from(write(SAMPLE))
    for (let tenth = 1; tenth < 10; tenth++) {
      const at = Math.floor((file.length * tenth) / 10)
      const isInCharacter = ((file[at] ?? 0) & 0xc0) === 0x80
      for (const byte of [0xff, 0x00]) {
        const wrong = Buffer.from(file)
        wrong[at] = byte
        const before = file
          .subarray(0, at)
          .toString()
          .split(/\r\n|\n|\r/)
        const events = await listEvents(parse(inChunks(wrong)))
        const last = events.at(-1)
        assert.ok(last?.kind === "error" && last.error.reason === "bad_encoding")
        assert.equal(last.error.line, before.length)
        if (!isInCharacter && file[at - 1] !== 0x0d) assert.equal(last.error.column, (before.at(-1)?.length ?? 0) + 1)
      }
    }
  })

  test(`${name}: UTF-16 with a byte order mark reads like UTF-8 (§5.1 encoding)`, async () => {
    const text = write(SAMPLE)
    const little = Buffer.from(`\ufeff${text}`, "utf16le")
    const expected = await listEvents(parse(inChunks(text)))
    assert.deepEqual(await listEvents(parse(inChunks(little, 7))), expected)
    assert.deepEqual(await listEvents(parse(inChunks(Buffer.from(little).swap16(), 5))), expected)
    const odd = await listEvents(parse(inChunks(little.subarray(0, little.length - 1))))
    assert.ok(hasError(odd))
  })
}

test("a lost :61: line shows in the sum even where no line is at fault", async () => {
  const events = await listEvents(parseMt940(inChunks(writeMt940(SAMPLE).replace("\n:61:251212", "\n;61:251212"))))
  const end = events.find((event) => event.kind === "statementEnd")?.end
  const sum = events.reduce((total, event) => (event.kind === "entry" ? addEntryToSum(total, event.entry) : total), "0")
  assert.equal(isConsistent(end?.opening, end?.closing, sum), false)
})

test("no more than 50 errors are reported (§5.1 errors)", async () => {
  const rows = "x;;1;R;m\n".repeat(80)
  const events = await listEvents(
    parseCsv(inChunks(`Ngay GD;Ghi no;Ghi co;So but toan;Dien giai\n${rows}`), { profile }),
  )
  assert.equal(events.filter((event) => event.kind === "error").length, 50)
})
