import assert from "node:assert/strict"
import { test } from "node:test"
import { parseCsv } from "../../src/feeds/csv.ts"
import { detectCsvProfile } from "../../src/feeds/csv-detect.ts"
import { type CsvProfile, csvProfileSchema } from "../../src/feeds/csv-profile.ts"
import { collectStatements } from "../../src/feeds/read-statement.ts"
import { inChunks } from "./statement-files.ts"

type ProfileInput = Record<string, unknown>

const PAIR: ProfileInput = {
  delimiter: ";",
  date: { col: "Ngay GD", format: "dd/MM/yyyy" },
  debit: "Ghi no",
  credit: "Ghi co",
  balance: "So du",
  reference: "So but toan",
  memo: "Dien giai",
  number: { thousand: ",", decimal: "." },
}
const HEADER = "Ngay GD;Ghi no;Ghi co;So du;So but toan;Dien giai\n"
const SIGNED: ProfileInput = {
  date: { col: 1, format: "yyyy-MM-dd" },
  amount: 2,
  memo: 3,
  number: { thousand: "", decimal: "." },
}

const profileOf = (input: ProfileInput): CsvProfile => csvProfileSchema.parse(input)
const read = (file: string | Uint8Array, input: ProfileInput) =>
  collectStatements(parseCsv(inChunks(file), { profile: profileOf(input) }))

async function readEntries(file: string | Uint8Array, input: ProfileInput) {
  const { statements, errors } = await read(file, input)
  assert.deepEqual(errors, [])
  return statements[0]?.entries ?? []
}

test("the contract's own profile reads its columns, skips its rows and stops at its footer (§5.5 profile)", async () => {
  const contract = JSON.parse(
    `{"skip":5,"header":true,"delimiter":";","encoding":"utf-8","date":{"col":"Ngay GD","format":"dd/MM/yyyy"},"time":{"col":"Gio","format":"HH:mm:ss"},"debit":"Ghi no","credit":"Ghi co","balance":"So du","reference":"So but toan","memo":"Dien giai","number":{"thousand":",","decimal":"."},"stop_at":"^Tong cong"}`,
  )
  const entries = await readEntries(
    "SAO KE\nTai khoan;0099001234567\n\nTu ngay\n\nNgay GD;Gio;Ghi no;Ghi co;So du;So but toan;Dien giai\n" +
      '11/12/2025;12:48:20;;349,000.00;7,849,000;="0011FT1";"DH100245; tra\n""tien"""\n\n' +
      "11/12/2025;13:00:00;25,000;;7,824,000;FT2;Tong cong phi\nTổng cộng;;25,000\nanything",
    contract,
  )
  assert.deepEqual(
    entries.map((entry) => [
      entry.line,
      entry.amount,
      entry.day,
      entry.time,
      entry.precision,
      entry.reportedBalance,
      entry.memo,
    ]),
    [
      [7, "349000.00", "2025-12-11", "12:48:20", "second", "7849000", 'DH100245; tra\n"tien"'],
      [10, "-25000", "2025-12-11", "13:00:00", "second", "7824000", "Tong cong phi"],
    ],
  )
  assert.deepEqual(entries[0]?.references, [{ kind: "reference", value: "0011FT1", strong: true }])
})

test("columns are found by header, also without case and accents, or by number from 1 (§5.5 profile)", async () => {
  const file = "NGÀY GD;ghi nợ;Ghi có;SỐ DƯ;Số bút toán;Diễn giải\n11/12/2025;;1;2;R;m\n"
  const byNumber = {
    ...PAIR,
    header: false,
    date: { col: 1, format: "dd/MM/yyyy" },
    debit: 2,
    credit: 3,
    balance: 4,
    reference: 5,
    memo: 6,
  }
  const byName = await readEntries(file, PAIR)
  assert.deepEqual(await readEntries(file.slice(file.indexOf("\n") + 1), byNumber), [{ ...byName[0], line: 1 }])
  const missing = await read("Ngay GD;Ghi no\n", PAIR)
  assert.deepEqual(
    missing.errors.map(({ line, reason }) => [line, reason]),
    [[1, "unreadable_line"]],
  )
  const twice = await read("Ngay GD;Ghi no;Ghi co;So du;So but toan;Dien giai;Dien giai\n", PAIR)
  assert.match(twice.errors[0]?.message ?? "", /twice/)
})

test("line breaks, delimiters and a first line sep= are read as they are (§5.5 dialect)", async () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    for (const lineBreak of ["\n", "\r\n", "\r"]) {
      for (const sep of ["", `sep=${delimiter}${lineBreak}`]) {
        const rows = [
          ["2025-12-11", "5", "a"],
          ["2025-12-12", "-6", "b"],
          ["2025-12-13", "7", "c"],
        ]
        const file = `\ufeff${sep}${rows.map((row) => row.join(delimiter)).join(lineBreak)}${lineBreak}`
        const entries = await readEntries(file, { ...SIGNED, header: false, delimiter: sep === "" ? delimiter : "," })
        const first = sep === "" ? 1 : 2
        assert.deepEqual(
          entries.map((entry) => [entry.line, entry.amount, entry.memo]),
          [
            [first, "5", "a"],
            [first + 1, "-6", "b"],
            [first + 2, "7", "c"],
          ],
        )
      }
    }
  }
})

test("a signed amount, or an amount with a sign column, gives the direction (§5.5 amount)", async () => {
  const signed = { ...SIGNED, header: false, sign: { col: 4, in: ["C", "Có"], out: ["D", "Nợ"] } }
  const entries = await readEntries(
    "2025-12-11,5,a,C\n2025-12-11,6,b,nợ\n2025-12-11,-7,c,D\n2025-12-11,8,d,co\n",
    signed,
  )
  assert.deepEqual(
    entries.map((entry) => entry.amount),
    ["5", "-6", "-7", "8"],
  )
  const { errors } = await read("2025-12-11,5,a,X\n2025-12-11,-5,a,C\n2025-12-11,,a,C\n", signed)
  assert.deepEqual(
    errors.map(({ line, reason }) => [line, reason]),
    [
      [1, "bad_cell"],
      [2, "bad_amount"],
      [3, "bad_amount"],
    ],
  )
})

test("debit and credit: a minus in debit is ignored, in credit it is an error, as are both and neither (§5.5 amount)", async () => {
  for (const [cells, amount] of [
    ["-25,000;", "-25000"],
    ["25,000;0", "-25000"],
    ["-;1", "1"],
    ["0;0.00", "0"],
    ["25.50;", "-25.50"],
  ] as const) {
    assert.equal((await readEntries(`${HEADER}11/12/2025;${cells};;;m\n`, PAIR))[0]?.amount, amount, cells)
  }
  for (const cells of [";-1", "1;1", ";", "x;", ";1e5"]) {
    const { errors } = await read(`${HEADER}11/12/2025;${cells};;;m\n`, PAIR)
    assert.deepEqual(
      errors.map(({ line, reason }) => [line, reason]),
      [[2, "bad_amount"]],
      cells,
    )
  }
})

test("separators come from the profile; NBSP and currency words are stripped, anything else is bad_amount (§5.5 amount)", async () => {
  const dot = { thousand: ".", decimal: "," }
  const comma = { thousand: ",", decimal: "." }
  const space = { thousand: " ", decimal: "," }
  for (const [number, cell, amount] of [
    [comma, "1,234,567", "1234567"],
    [comma, "1234567.00", "1234567.00"],
    [dot, "1.234.567,50 VND", "1234567.50"],
    [dot, "349.000 đ", "349000"],
    [dot, "₫349.000", "349000"],
    [space, "1\u00a0234\u00a0567", "1234567"],
    [comma, "+\u00a01,234\u00a0VNĐ", "1234"],
    [comma, "−5", "-5"],
    [comma, "1.234.567", undefined],
    [comma, "349.000", undefined],
    [dot, "1,234,567", undefined],
    [comma, "1,23", undefined],
    [comma, "(5)", undefined],
    [comma, "1.5E+6", undefined],
    [comma, "5 USD", undefined],
    [comma, "9".repeat(31), undefined],
  ] as const) {
    const profile = { ...SIGNED, header: false, delimiter: "|", number }
    const { statements, errors } = await read(`2025-12-11|${cell}|m\n`, profile)
    assert.equal(statements[0]?.entries[0]?.amount, amount, cell)
    assert.equal(errors[0]?.reason, amount === undefined ? "bad_amount" : undefined, cell)
  }
})

test("dates and times follow the format exactly; what does not exist is bad_date", async () => {
  for (const [format, cell, day, time, precision] of [
    ["dd/MM/yyyy", "29/02/2024", "2024-02-29", undefined, "day"],
    ["d-M-yy", "1-2-25", "2025-02-01", undefined, "day"],
    ["dd.MM.yyyy HH:mm", "01.02.2025\n13:05", "2025-02-01", "13:05:00", "minute"],
    ["yyyyMMdd HH:mm:ss", "20250201 13:05:06", "2025-02-01", "13:05:06", "second"],
    ["dd/MM/yyyy", "29/02/2025", undefined, undefined, undefined],
    ["dd/MM/yyyy", "1/2/2025", undefined, undefined, undefined],
    ["dd/MM/yyyy HH:mm", "01/02/2025 25:00", undefined, undefined, undefined],
    ["dd/MM/yyyy", "", undefined, undefined, undefined],
  ] as const) {
    const { statements, errors } = await read(`"${cell}",5,m\n`, { ...SIGNED, header: false, date: { col: 1, format } })
    const [entry] = statements[0]?.entries ?? []
    assert.deepEqual([entry?.day, entry?.time, entry?.precision], [day, time, precision], cell)
    assert.equal(errors[0]?.reason, day === undefined ? "bad_date" : undefined, cell)
  }
  for (const format of ["foo", "dd/MM", "HH", "dd/dd/yyyy"]) {
    assert.equal(
      (await read("x,5,m\n", { ...SIGNED, header: false, date: { col: 1, format } })).errors[0]?.reason,
      "bad_date",
    )
  }
})

test("an account or reference in scientific notation is bad_cell; text cells are unwrapped (§5.5 damage, dialect)", async () => {
  const profile = { ...PAIR, account: "TK", counterparty: { account: "TK doi ung" } }
  const header = `${HEADER.trim()};TK;TK doi ung\n`
  for (const cells of ["1.9E+13;m;;", "R;m;1,9E+13;", "R;m;;1E+15"]) {
    const { errors } = await read(`${header}11/12/2025;;1;;${cells}\n`, profile)
    assert.deepEqual(
      errors.map(({ line, reason }) => [line, reason]),
      [[2, "bad_cell"]],
      cells,
    )
  }
  const { statements } = await read(`${header}11/12/2025;;1;;1234E5678;m;="0099001234567";"=""0011"""\n`, profile)
  assert.equal(statements[0]?.account, "0099001234567")
  assert.deepEqual(statements[0]?.entries[0]?.counterparty, { account: "0011" })
  assert.equal(statements[0]?.entries[0]?.references[0]?.value, "1234E5678")
})

test("rows of another account or currency than the first are errors", async () => {
  const profile = { ...SIGNED, header: false, account: 3, currency: 4, memo: undefined }
  const { errors } = await read("2025-12-11,1,A,VND\n2025-12-11,1,B,VND\n2025-12-11,1,A,USD\n", profile)
  assert.deepEqual(
    errors.map(({ line, reason }) => [line, reason]),
    [
      [2, "account_mismatch"],
      [3, "currency_mismatch"],
    ],
  )
})

test("a wrong column count is unreadable_line, in the last row truncated; empty cells at the end do not count (§5.5 damage)", async () => {
  const profile = { ...SIGNED, header: false }
  const { statements, errors } = await read(
    "2025-12-11,1,a,,\n2025-12-11,1,b,,x,y\n2025-12-11,1\n,,,,\n2025-12-11,1,c,,\n2025-12",
    profile,
  )
  assert.deepEqual(
    errors.map(({ line, reason }) => [line, reason]),
    [
      [2, "unreadable_line"],
      [3, "unreadable_line"],
      [6, "truncated"],
    ],
  )
  assert.deepEqual(
    statements[0]?.entries.map((entry) => entry.memo),
    ["a", "c"],
  )
  assert.equal((await read('2025-12-11,1,"a\n', profile)).errors[0]?.reason, "truncated")
  assert.equal(
    (await read('2025-12-11,1,"a\n2025-12-12,2,"b"\n2025-12-12,2,c\n', profile)).errors[0]?.reason,
    "unreadable_line",
  )
  assert.equal((await read("", profile)).errors[0]?.reason, "unknown_format")
  assert.equal((await read("2025-12-11,1,a", profile)).warnings.length, 1)
})

test("descending rows give the same entries in the file's order", async () => {
  const rows = ["13/12/2025;;3;6;C;c", "12/12/2025;;2;3;B;b", "11/12/2025;;1;1;A;a"]
  const [down, up] = [
    await readEntries(`${HEADER}${rows.join("\n")}\n`, PAIR),
    await readEntries(`${HEADER}${rows.toReversed().join("\n")}\n`, PAIR),
  ]
  assert.deepEqual(
    down.toReversed().map(({ line, ...rest }) => rest),
    up.map(({ line, ...rest }) => rest),
  )
})

test("windows-1258 is read when the profile names it and refused otherwise (§5.1 encoding)", async () => {
  const file = Buffer.concat([Buffer.from("2025-12-11,5,tra ti"), Buffer.from([0xea, 0xcc]), Buffer.from("n\n")])
  const entries = await readEntries(file, { ...SIGNED, header: false, encoding: "windows-1258" })
  assert.equal(entries[0]?.memo.normalize("NFC"), "tra tiền")
  const { errors } = await read(file, { ...SIGNED, header: false })
  assert.deepEqual(
    errors.map(({ line, column, reason }) => [line, column, reason]),
    [[1, 20, "bad_encoding"]],
  )
})

test("a profile is refused when its parts contradict each other", () => {
  const contradictions: ProfileInput[] = [
    { ...SIGNED, debit: 4 },
    { ...SIGNED, debit: 4, credit: 5 },
    { ...SIGNED, amount: undefined },
    { ...PAIR, sign: { col: 1, in: ["C"], out: ["D"] } },
    { ...SIGNED, number: { thousand: ",", decimal: "," } },
    { ...PAIR, header: false },
    { ...SIGNED, stop_at: "(a+)+$" },
    { ...SIGNED, stop_at: "a*b*c*d*" },
    { ...SIGNED, delimiter: "x" },
    { ...SIGNED, typo: 1 },
  ]
  for (const input of contradictions)
    assert.equal(csvProfileSchema.safeParse(input).success, false, JSON.stringify(input))
})

const EXPORTS: Readonly<
  Record<string, { file: string; expected: readonly (readonly [string, string, string | undefined])[] }>
> = {
  "preamble, accents, opening row and footer": {
    file:
      "SAO KÊ TÀI KHOẢN,,,,,\nTừ ngày 01/12/2025,,,,,\n\nNgày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Mô tả\n" +
      'Số dư đầu kỳ,,,,"7,500,000",\n11/12/2025,FT1,,"349,000","7,849,000",DH100245\n' +
      '12/12/2025,FT2,"25,000",,"7,824,000",phi\nTổng cộng,,"25,000","349,000",,\n',
    expected: [
      ["349000", "2025-12-11", "7849000"],
      ["-25000", "2025-12-12", "7824000"],
    ],
  },
  "bilingual headers over two lines, dot grouping, times in the date": {
    file:
      '"STT\nNo.";"Ngày giao dịch\nTransaction date";"Nợ\nDebit";"Có\nCredit";"Số dư\nBalance";"Nội dung\nDescription"\n' +
      "1;11/12/2025 10:11:12;;349.000;7.849.000;DH100245\n2;12/12/2025 00:00:01;25.000;;7.824.000;phi\n",
    expected: [
      ["349000", "2025-12-11", "7849000"],
      ["-25000", "2025-12-12", "7824000"],
    ],
  },
  "words without accents, one amount and a sign column, tabs": {
    file: "NGAY GD\tSO TIEN\tLOAI GD\tDIEN GIAI\tSO CT\n11-12-2025\t349,000\tCo\tDH100245\tA1\n12-12-2025\t25,000\tNo\tphi\tA2\n",
    expected: [
      ["349000", "2025-12-11", undefined],
      ["-25000", "2025-12-12", undefined],
    ],
  },
  "English words and a signed amount after sep=": {
    file: 'sep=,\nDate,Reference,Amount,Balance,Remarks\n2025-12-11,R1,"349,000.00","7,849,000.00",DH100245\n2025-12-12,R2,"-25,000.00","7,824,000.00",fee\n',
    expected: [
      ["349000.00", "2025-12-11", "7849000.00"],
      ["-25000.00", "2025-12-12", "7824000.00"],
    ],
  },
}

for (const [name, { file, expected }] of Object.entries(EXPORTS)) {
  test(`the proposed profile reads an export with ${name} (§5.5 preview)`, async () => {
    const profile = detectCsvProfile(file)
    assert.ok(profile)
    const { statements, errors } = await collectStatements(parseCsv(inChunks(file), { profile }))
    assert.deepEqual(errors, [])
    assert.deepEqual(
      statements[0]?.entries.map((entry) => [entry.amount, entry.day, entry.reportedBalance]),
      expected,
    )
    assert.ok(statements[0]?.entries.every((entry) => entry.memo !== ""))
  })
}

test("a table without the words of a bank export gets no proposal", () => {
  assert.equal(detectCsvProfile("a,b,c\n1,2,3\n"), undefined)
  assert.equal(detectCsvProfile(""), undefined)
})
