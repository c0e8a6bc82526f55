import assert from "node:assert/strict"
import { test } from "node:test"
import { parseMt940 } from "../../src/feeds/mt940.ts"
import { collectStatements } from "../../src/feeds/read-statement.ts"
import type { StatementEntry, StatementOptions } from "../../src/feeds/statement.ts"
import { addEntryToSum, isConsistent } from "../../src/feeds/statement-sum.ts"
import { inChunks } from "./statement-files.ts"

const read = (file: string, options?: StatementOptions) => collectStatements(parseMt940(inChunks(file), options))

const around = (lines: string, closing = ":62F:C251212VND7500000,") =>
  `:20:A\n:25:0099001234567\n:28C:1\n:60F:C251210VND7500000,\n${lines}\n${closing}\n-\n`

async function readEntry(lines: string): Promise<StatementEntry> {
  const { statements, errors } = await read(around(lines))
  assert.deepEqual(errors, [])
  assert.equal(statements[0]?.entries.length, 1)
  const entry = statements[0]?.entries[0]
  assert.ok(entry)
  return entry
}

const DIALECTS: Readonly<Record<string, string>> = {
  "SWIFT blocks with a trailer":
    "{1:F01ABCDVNVXAXXX0000000000}{2:I940ABCDVNVXXXXXN}{3:{108:X}}{4:\n" +
    ":20:A\n:25:ABCDVNVX/0099001234567VND\n:28C:5/1\n:60F:C251210VND10,\n:61:2512111211C5,NTRFX//FT1\n:86:memo\n" +
    ":62F:C251211VND15,\n:64:C251211VND15,\n-}{5:{CHK:0123456789AB}}\n",
  "no blocks, no end line":
    ":20:A\n:25:0099001234567\n:60F:C251210VND10,\n:61:251211C5,NTRFX//FT1\n:86:memo\n:62F:C251211VND15,",
  "three header lines before the first tag":
    "ABCDVNVX\n940\nABCDVNVX\n:20:A\n:25:0099001234567\n:60F:C251210VND10,\n:61:2512111211CD5,00NTRFX//FT1\n:86:memo\n" +
    ":62F:C251211VND15,00\n-\n",
  "blank entry date and empty lines":
    "\n:20:A\n\n:25:0099001234567\n:60F:C251210VND10,\n:61:251211    C5,NTRFX//FT1\n:86:memo\n\n:62F:C251211VND15,\n-\n\n",
  "tags on the line of the block":
    "{1:F01X}{4::20:A\n:25:0099001234567\n:60F:C251210VND10,\n:61:251211C5,NTRFX//FT1\n:86:memo\n:62F:C251211VND15,\n-}",
  "framed in transfer marks":
    "\u0001{1:F01X}{4:\n:20:A\n:25:0099001234567\n:60F:C251210VND10,\n:61:251211C5,NTRFX//FT1\n:86:memo\n:62F:C251211VND15,\n-}\u0003\n\u001a",
}

for (const [name, file] of Object.entries(DIALECTS)) {
  for (const [breakName, lineBreak] of Object.entries({ LF: "\n", "CR LF": "\r\n", CR: "\r" })) {
    test(`MT940 dialect "${name}" with ${breakName} reads as one consistent statement (§5.2 frame)`, async () => {
      const { statements, errors } = await read(file.replaceAll("\n", lineBreak))
      assert.deepEqual(errors, [])
      const [statement] = statements
      assert.equal(statements.length, 1)
      assert.equal(statement?.account, "0099001234567")
      const entries = statement?.entries.map(({ amount, day, memo, references }) => ({ amount, day, memo, references }))
      assert.deepEqual(
        entries?.map((entry) => [Number(entry.amount), entry.day, entry.memo]),
        [[5, "2025-12-11", "memo"]],
      )
      assert.deepEqual(entries?.[0]?.references, [
        { kind: "bank_reference", value: "FT1", strong: true },
        { kind: "customer_reference", value: "X", strong: false },
      ])
      const sum = statement?.entries.reduce(addEntryToSum, "0") ?? ""
      assert.equal(isConsistent(statement?.opening, statement?.end?.closing, sum), true)
    })
  }
}

test("several statements of a file are read one by one, each with its own account and line", async () => {
  const one = (account: string) =>
    `:20:A\n:25:${account}\n:28C:1\n:60F:C251210VND1,\n:61:251211C1,NTRFX\n:62F:C251211VND2,\n`
  const { statements, errors } = await read(`${one("111")}-\n${one("222")}${one("333")}`)
  assert.deepEqual(errors, [])
  const found = statements.map(({ account, line, entries }) => [account, line, entries[0]?.line])
  assert.deepEqual(found, [
    ["111", 1, 5],
    ["222", 8, 12],
    ["333", 14, 18],
  ])
})

test("a page keeps its number and its intermediate balances (:60M:, :62M:)", async () => {
  const { statements, errors } = await read(
    ":20:A\n:25:1\n:28C:9/2\n:60M:D251210VND5,\n:62M:C251210VND0,\n:65:C251212VND0,\n",
  )
  assert.deepEqual(errors, [])
  assert.equal(statements[0]?.number, "9/2")
  assert.deepEqual(statements[0]?.opening, { amount: "-5", day: "2025-12-10", kind: "intermediate" })
  assert.equal(statements[0]?.end?.closing?.kind, "intermediate")
  assert.deepEqual(statements[0]?.end?.otherBalances, [{ amount: "0", day: "2025-12-12", kind: "forward_available" }])
})

test("balances that do not add up are read as they stand and reported as inconsistent (§5.2 balances)", async () => {
  const { statements, errors } = await read(around(":61:251211C1,NTRFX"))
  assert.deepEqual(errors, [])
  const [statement] = statements
  const sum = statement?.entries.reduce(addEntryToSum, "0") ?? ""
  assert.equal(isConsistent(statement?.opening, statement?.end?.closing, sum), false)
})

test("the entry date takes the year nearest to the value date; empty, blank or impossible means absent (§5.2 :61:)", async () => {
  const days: readonly (readonly [string, string])[] = [
    ["2512111212", "2025-12-12"],
    ["2512310102", "2026-01-02"],
    ["2601011231", "2025-12-31"],
    ["251211", "2025-12-11"],
    ["251211    ", "2025-12-11"],
    ["2512110000", "2025-12-11"],
    ["2512111345", "2025-12-11"],
    ["2503010229", "2025-03-01"],
    ["2403010229", "2024-02-29"],
    ["991231", "1999-12-31"],
  ]
  for (const [dates, day] of days) assert.equal((await readEntry(`:61:${dates}C1,NTRFX`)).day, day, dates)
})

test("marks give sign, kind and status: RC takes money back out, RD brings it in, EC and ED are pending (§5.2 sign)", async () => {
  const marks: readonly (readonly [string, string, string, string])[] = [
    ["C", "12.50", "normal", "booked"],
    ["D", "-12.50", "normal", "booked"],
    ["RC", "-12.50", "reversal", "booked"],
    ["RD", "12.50", "reversal", "booked"],
    ["CD", "12.50", "normal", "booked"],
    ["RDN", "12.50", "reversal", "booked"],
    ["EC", "12.50", "normal", "pending"],
    ["ED", "-12.50", "normal", "pending"],
  ]
  for (const [mark, amount, kind, status] of marks) {
    const entry = await readEntry(`:61:251211${mark}12,50NTRFX`)
    assert.deepEqual([entry.amount, entry.kind, entry.status], [amount, kind, status], mark)
  }
})

test("an amount wrapped over lines is joined before it is read (§5.2 :61:)", async () => {
  for (const lines of [
    "C34\n9000,00NTRFX//F1",
    "C349000,\n00NTRFX//F1",
    "C349000\n,00NTRFX//F1",
    "C349000,00N\nTRFX//F1",
  ]) {
    const entry = await readEntry(`:61:251211${lines}\nsupplement`)
    assert.deepEqual([entry.amount, entry.references[0]?.value, entry.memo], ["349000.00", "F1", "supplement"], lines)
  }
})

test("NONREF, NOTPROVIDED and zeros are no references (§3.1)", async () => {
  for (const [text, values] of [
    ["NONREF", []],
    ["NONREF//000000", []],
    ["NOTPROVIDED//FT9", ["FT9"]],
    ["AB/12//", ["AB/12"]],
  ] as const) {
    const entry = await readEntry(`:61:251211C1,NTRF${text}`)
    assert.deepEqual(
      entry.references.map((reference) => reference.value),
      values,
      text,
    )
  }
})

test("without :86: the supplementary details are the memo (§5.2 memo)", async () => {
  const entry = await readEntry(":61:251211C1,NTRFX//F1\nDH100245 tra tien")
  assert.deepEqual([entry.memo, entry.description], ["DH100245 tra tien", "DH100245 tra tien"])
})

test("structured :86: joins ?20–?29 and ?60–?63 without separator and reads name, account and bank (§5.2 memo)", async () => {
  const entry = await readEntry(
    ":61:251211C1,NTRFX\n:86:166?00CHUYEN TIEN?20DH100245 tra ti?21en hang?30ABCDVNVX?310011\n002233?32NGUYEN VAN?33 AN?60 thang 12?34000",
  )
  assert.equal(entry.memo, "DH100245 tra tien hang thang 12")
  assert.deepEqual(entry.counterparty, { name: "NGUYEN VAN AN", account: "0011002233", bank: "ABCDVNVX" })
  assert.ok(entry.description.startsWith("166?00CHUYEN TIEN"))
})

test("/CODE/ form takes the memo after /REMI/ up to the next known code (§5.2 memo)", async () => {
  const first = await readEntry(
    ":61:251211C1,NTRFX\n:86:/TRTP/SEPA/IBAN/VN99ABCD0011/BIC/ABCDVNVX/NAME/TRAN THI B/REMI/DH100245 a/b /XYZ/ c/EREF/E1",
  )
  assert.equal(first.memo, "DH100245 a/b /XYZ/ c")
  assert.deepEqual(first.counterparty, { name: "TRAN THI B", account: "VN99ABCD0011", bank: "ABCDVNVX" })
  const second = await readEntry(":61:251211C1,NTRFX\n:86:/EREF/E1//CNTP/0011/ABCDVNVX/LE VAN C///REMI/USTD//DH100245/")
  assert.equal(second.memo, "DH100245/")
  assert.deepEqual(second.counterparty, { name: "LE VAN C", account: "0011", bank: "ABCDVNVX" })
  assert.equal((await readEntry(":61:251211C1,NTRFX\n:86:/ABC/ plain")).memo, "/ABC/ plain")
})

test("a plain line of 65 characters is joined to the next without a space, any other with one (§5.2 memo)", async () => {
  const full = `${"a".repeat(60)} DH10`
  assert.equal(full.length, 65)
  assert.equal((await readEntry(`:61:251211C1,NTRFX\n:86:${full}\n0245 tra`)).memo, `${full}0245 tra`)
  assert.equal((await readEntry(":61:251211C1,NTRFX\n:86:DH100245\ntra tien")).memo, "DH100245 tra tien")
})

test("a bare or unreadable :61: is an error at its line, or listed when the caller skips it (§5.2)", async () => {
  const file = around(":61:\n:86:lost\n:61:garbage\n:61:251211C1,NTRFX\n:86:kept")
  const strict = await read(file)
  assert.deepEqual(
    strict.errors.map(({ line, reason }) => [line, reason]),
    [
      [5, "unreadable_line"],
      [7, "unreadable_line"],
    ],
  )
  const skipping = await read(file, { skipUnreadable: true })
  assert.deepEqual(skipping.errors, [])
  assert.deepEqual(
    skipping.skipped.map(({ line }) => line),
    [5, 7],
  )
  assert.deepEqual(
    skipping.statements[0]?.entries.map((entry) => entry.memo),
    ["kept"],
  )
})

test("a :86: after the closing balance or of an unreadable line belongs to no entry", async () => {
  const { statements, errors } = await read(
    around(":61:251211C1,NTRFX\n:86:mine", ":62F:C251211VND7500001,\n:86:of the statement"),
  )
  assert.deepEqual(errors, [])
  assert.deepEqual(
    statements[0]?.entries.map((entry) => entry.memo),
    ["mine"],
  )
})

test("unknown tags are skipped with a warning that names the line (§5.2 tags)", async () => {
  const { statements, errors, warnings } = await read(around(":61:251211C1,NTRFX\n:99:what\n:86:memo"))
  assert.deepEqual(errors, [])
  assert.equal(statements[0]?.entries[0]?.memo, "memo")
  assert.deepEqual(
    warnings.map(({ line }) => line),
    [6],
  )
})

const DAMAGED: readonly (readonly [string, string, number, string])[] = [
  ["no closing balance at the end", ":20:A\n:25:1\n:60F:C251210VND1,\n:61:251211C1,NTRFX\n", 4, "truncated"],
  [
    "no closing balance before the next",
    ":20:A\n:25:1\n:60F:C251210VND1,\n:20:B\n:25:1\n:60F:C251210VND1,\n:62F:C251210VND1,\n",
    4,
    "truncated",
  ],
  ["no closing balance before -", ":20:A\n:25:1\n:60F:C251210VND1,\n-\n", 4, "truncated"],
  ["block left open", "{1:F01X}{4:\n:20:A\n:25:1\n:60F:C251210VND1,\n:62F:C251210VND1,\n", 5, "truncated"],
  ["cut inside the closing balance", ":20:A\n:25:1\n:60F:C251210VND1,\n:62F:C251210VND7849", 4, "truncated"],
  ["cut inside the word of the closing balance", ":20:A\n:25:1\n:60F:C251210VND1,\n:62F:C2512", 4, "truncated"],
  ["impossible value date", around(":61:251331C1,NTRFX"), 5, "bad_date"],
  ["impossible balance date", ":20:A\n:25:1\n:60F:C251310VND1,\n:62F:C251210VND1,\n", 3, "bad_date"],
  ["two commas", around(":61:251211C1,0,0NTRFX"), 5, "bad_amount"],
  ["dot grouping", around(":61:251211C1.000,00NTRFX"), 5, "bad_amount"],
  ["closing balance in another currency", around("", ":62F:C251212USD1,"), 6, "currency_mismatch"],
  ["no opening balance", ":20:A\n:25:1\n:61:251211C1,NTRFX\n:62F:C251210VND1,\n", 3, "unreadable_line"],
  ["entry after the closing balance", around(":62F:C251212VND7500000,\n:61:251211C1,NTRFX"), 6, "unreadable_line"],
  ["MT942", ":20:A\n:25:1\n:28C:1\n:34F:VND0,\n:13D:2512111200+0700\n", 4, "unknown_format"],
  ["not MT940", "hello\nworld\n", 1, "unknown_format"],
  ["empty file", "", 1, "unknown_format"],
]

for (const [name, file, line, reason] of DAMAGED) {
  test(`damaged MT940, ${name}: ${reason} in line ${line}`, async () => {
    const { errors } = await read(file)
    assert.deepEqual(errors[0] && [errors[0].line, errors[0].reason], [line, reason])
  })
}

test("a line of megabytes and a million block marks are refused or read without growing the stack", async () => {
  assert.equal((await read(`:20:${"x".repeat(200_000)}`)).errors[0]?.reason, "unreadable_line")
  assert.equal((await read(`:20:A\n${"x\n".repeat(100_000)}`)).errors[0]?.reason, "unreadable_line")
  assert.equal((await read("-}".repeat(30_000))).errors[0]?.reason, "unknown_format")
})
