import assert from "node:assert/strict"
import { test } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { parseCamt } from "../../src/feeds/camt.ts"
import { wholeDong } from "../../src/feeds/decimal.ts"
import { collectStatements } from "../../src/feeds/read-statement.ts"
import { type StatementEntry, strongReference } from "../../src/feeds/statement.ts"
import { addEntryToSum, isConsistent } from "../../src/feeds/statement-sum.ts"
import { inChunks, wrapCamt } from "./statement-files.ts"

const read = (file: string) => collectStatements(parseCamt(inChunks(file)))

const balance = (code: string, amount: string, day: string, indicator = "CRDT", subtype = "") =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry>${subtype}</Tp><Amt Ccy="VND">${amount}</Amt>` +
  `<CdtDbtInd>${indicator}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`

const entry = (inner: string, options: { amount?: string; indicator?: string; status?: string; dates?: string } = {}) =>
  `<Ntry><Amt Ccy="VND">${options.amount ?? "30"}</Amt><CdtDbtInd>${options.indicator ?? "CRDT"}</CdtDbtInd>` +
  `${options.status ?? "<Sts>BOOK</Sts>"}${options.dates ?? "<BookgDt><Dt>2025-12-11</Dt></BookgDt>"}${inner}</Ntry>`

const details = (...inner: string[]) =>
  `<NtryDtls>${inner.map((text) => `<TxDtls>${text}</TxDtls>`).join("")}</NtryDtls>`

async function readEntries(body: string): Promise<readonly StatementEntry[]> {
  const { statements, errors } = await read(wrapCamt(body))
  assert.deepEqual(errors, [])
  return statements[0]?.entries ?? []
}

async function readEntry(body: string): Promise<StatementEntry> {
  const [first, ...others] = await readEntries(body)
  assert.ok(first)
  assert.equal(others.length, 0)
  return first
}

test("messages 052, 053 and 054 of versions 02 to 13, with and without prefix, read alike (§5.3 XML)", async () => {
  for (const [message, statement, number] of [
    ["BkToCstmrAcctRpt", "Rpt", "052"],
    ["BkToCstmrStmt", "Stmt", "053"],
    ["BkToCstmrDbtCdtNtfctn", "Ntfctn", "054"],
  ] as const) {
    for (const version of ["02", "04", "08", "13"]) {
      const plain = wrapCamt(entry(""), { version: `${number}.001.${version}`, message, statement })
      const prefixed = plain.replace(/<(\/?)([A-Z])/g, "<$1n:$2").replace("xmlns=", "xmlns:n=")
      for (const file of [plain, prefixed]) {
        const { statements, errors } = await read(file)
        assert.deepEqual(errors, [])
        const [found] = statements
        assert.deepEqual(
          [found?.format, found?.version, found?.account, found?.currency, found?.number, found?.entries.length],
          [`camt.${number}`, `001.${version}`, "0099001234567", "VND", "12", 1],
        )
      }
    }
  }
})

test("OPBD or PRCD opens, CLBD or ITBD closes, others are kept, INTM marks a page (§5.3 balances)", async () => {
  const body =
    balance("PRCD", "5", "2025-12-10") +
    balance("CLBD", "65.00", "2025-12-11") +
    balance("CLAV", "1", "2025-12-11", "DBIT")
  const { statements, errors } = await read(wrapCamt(body + entry("") + entry("")))
  assert.deepEqual(errors, [])
  const [statement] = statements
  assert.deepEqual(statement?.opening, { amount: "5", day: "2025-12-10", kind: "final" })
  assert.deepEqual(statement?.end?.closing, { amount: "65.00", day: "2025-12-11", kind: "final" })
  assert.deepEqual(statement?.end?.otherBalances, [{ amount: "-1", day: "2025-12-11", kind: "CLAV" }])
  const sum = statement?.entries.reduce(addEntryToSum, "0") ?? ""
  assert.equal(isConsistent(statement?.opening, statement?.end?.closing, sum), true)

  const interim = "<SubTp><Cd>INTM</Cd></SubTp>"
  const report = wrapCamt(balance("OPBD", "5", "2025-12-10", "CRDT", interim) + balance("ITBD", "5", "2025-12-11"))
  const [second] = (await read(report)).statements
  assert.equal(second?.opening?.kind, "intermediate")
  assert.equal(second?.end?.closing?.amount, "5")
})

test("a notification without balances is neither consistent nor inconsistent (§5.3 balances)", async () => {
  const file = wrapCamt(entry(""), { message: "BkToCstmrDbtCdtNtfctn", statement: "Ntfctn" })
  const [statement] = (await read(file)).statements
  assert.equal(isConsistent(statement?.opening, statement?.end?.closing, "30"), undefined)
  assert.deepEqual([statement?.end?.from, statement?.end?.to], ["2025-12-11", "2025-12-11"])
})

test("the sign is CdtDbtInd as it stands; RvslInd only makes the kind a reversal (§5.3 entries)", async () => {
  for (const [indicator, reversal, amount, kind] of [
    ["CRDT", "", "30", "normal"],
    ["DBIT", "", "-30", "normal"],
    ["CRDT", "<RvslInd>true</RvslInd>", "30", "reversal"],
    ["DBIT", "<RvslInd>1</RvslInd>", "-30", "reversal"],
    ["DBIT", "<RvslInd>false</RvslInd>", "-30", "normal"],
  ] as const) {
    const found = await readEntry(entry(reversal, { indicator }))
    assert.deepEqual([found.amount, found.kind], [amount, kind])
  }
})

test("status BOOK or none is booked, PDNG and FUTR pending, INFO ignored with a warning (§5.3 entries)", async () => {
  for (const [status, expected] of [
    ["", "booked"],
    ["<Sts>BOOK</Sts>", "booked"],
    ["<Sts><Cd>BOOK</Cd></Sts>", "booked"],
    ["<Sts>PDNG</Sts>", "pending"],
    ["<Sts><Cd>FUTR</Cd></Sts>", "pending"],
  ] as const) {
    assert.equal((await readEntry(entry("", { status }))).status, expected)
  }
  const { statements, warnings } = await read(wrapCamt(entry("", { status: "<Sts>INFO</Sts>" })))
  assert.equal(statements[0]?.entries.length, 0)
  assert.equal(warnings.length, 1)
  assert.equal((await read(wrapCamt(entry("", { status: "<Sts>BOOX</Sts>" })))).errors[0]?.reason, "unreadable_line")
})

test("BookgDt wins over ValDt; an instant moves to Vietnam time, even over midnight (§5.3 day/time, §1 time)", async () => {
  for (const [dates, day, time, precision, valueDate] of [
    [
      "<BookgDt><Dt>2025-12-11</Dt></BookgDt><ValDt><Dt>2025-12-12</Dt></ValDt>",
      "2025-12-11",
      undefined,
      "day",
      "2025-12-12",
    ],
    ["<ValDt><Dt>2025-12-12+07:00</Dt></ValDt>", "2025-12-12", undefined, "day", "2025-12-12"],
    ["<BookgDt><DtTm>2025-12-11T20:30:05Z</DtTm></BookgDt>", "2025-12-12", "03:30:05", "second", undefined],
    ["<BookgDt><DtTm>2025-12-11T20:30:05.123</DtTm></BookgDt>", "2025-12-11", "20:30:05", "second", undefined],
    ["<BookgDt><DtTm>2025-12-11T20:30:05+07:00</DtTm></BookgDt>", "2025-12-11", "20:30:05", "second", undefined],
  ] as const) {
    const found = await readEntry(entry("", { dates }))
    assert.deepEqual(
      [found.day, found.time, found.precision, found.valueDate],
      [day, time, precision, valueDate],
      dates,
    )
  }
})

test("details that add up become transactions; the entry's own reference is then weak (§5.3 batches, references)", async () => {
  const found = await readEntries(
    entry(
      "<AcctSvcrRef>BATCH</AcctSvcrRef>" +
        details(
          "<Refs><AcctSvcrRef>D1</AcctSvcrRef></Refs><Amt Ccy='VND'>10</Amt><RmtInf><Ustrd>mot</Ustrd></RmtInf>",
          "<AmtDtls><TxAmt><Amt Ccy='VND'>20.00</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>hai</Ustrd></RmtInf>",
        ),
    ),
  )
  assert.deepEqual(
    found.map((one) => [one.amount, one.memo, strongReference(one)]),
    [
      ["10", "mot", "D1"],
      ["20.00", "hai", undefined],
    ],
  )
  assert.deepEqual(found[1]?.references, [{ kind: "account_servicer", value: "BATCH", strong: false }])
})

test("details that do not add up, or have no amounts, stay one transaction with the memos joined (§5.3 batches)", async () => {
  for (const amounts of [
    ["10", "19"],
    ["10", undefined],
  ]) {
    const inner = amounts.map((amount, index) => {
      const own = amount === undefined ? "" : `<Amt Ccy="VND">${amount}</Amt>`
      return `${own}<RmtInf><Ustrd>memo ${index}</Ustrd></RmtInf>`
    })
    const found = await readEntry(entry(`<AcctSvcrRef>E1</AcctSvcrRef>${details(...inner)}`))
    assert.deepEqual([found.amount, found.memo, strongReference(found)], ["30", "memo 0 memo 1", "E1"])
  }
})

test("references: the detail's own before the entry's, then UETR and TxId; EndToEndId is never strong (§5.3)", async () => {
  const found = await readEntry(
    entry(
      "<NtryRef>N1</NtryRef><AcctSvcrRef>E1</AcctSvcrRef>" +
        details(
          "<Refs><AcctSvcrRef>D1</AcctSvcrRef><InstrId>I1</InstrId><EndToEndId>EE</EndToEndId><TxId>T1</TxId><UETR>U1</UETR></Refs>",
        ),
    ),
  )
  assert.deepEqual(
    found.references.map(({ value, strong }) => `${value}${strong ? "!" : ""}`),
    ["D1!", "E1!", "U1!", "T1!", "EE", "I1", "N1"],
  )
  const weak = await readEntry(entry(details("<Refs><EndToEndId>NOTPROVIDED</EndToEndId><TxId>0000</TxId></Refs>")))
  assert.deepEqual(weak.references, [])
})

test("memo: Ustrd lines, else the structured reference, else AddtlTxInf, else AddtlNtryInf (§5.3 memo)", async () => {
  const extra = "<AddtlNtryInf>entry info</AddtlNtryInf>"
  const structured = "<Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd>"
  for (const [inner, memo] of [
    [
      `<RmtInf><Ustrd>DH100245 &amp; tra</Ustrd><Ustrd><![CDATA[tien <hang>]]></Ustrd>${structured}</RmtInf>`,
      "DH100245 & tra tien <hang>",
    ],
    [`<RmtInf>${structured}</RmtInf><AddtlTxInf>tx info</AddtlTxInf>`, "RF18"],
    ["<AddtlTxInf>tx info</AddtlTxInf>", "tx info"],
    ["", "entry info"],
  ] as const) {
    const found = await readEntry(entry(details(inner) + extra))
    assert.deepEqual([found.memo, found.description], [memo, "entry info"])
  }
  const plain = await readEntry(entry(details("<AddtlTxInf>tx info</AddtlTxInf>")))
  assert.equal(plain.description, "tx info")
})

test("the counterparty is the debtor of money in and the creditor of money out, in old and new versions", async () => {
  const old =
    "<RltdPties><Dbtr><Nm>A</Nm></Dbtr><DbtrAcct><Id><IBAN>I1</IBAN></Id></DbtrAcct><Cdtr><Nm>B</Nm></Cdtr></RltdPties>" +
    "<RltdAgts><DbtrAgt><FinInstnId><BIC>ABCDVNVX</BIC></FinInstnId></DbtrAgt></RltdAgts>"
  const recent = "<RltdPties><Dbtr><Pty><Nm>A</Nm></Pty></Dbtr><Cdtr><Pty><Nm>B</Nm></Pty></Cdtr></RltdPties>"
  assert.deepEqual((await readEntry(entry(details(old)))).counterparty, { name: "A", account: "I1", bank: "ABCDVNVX" })
  assert.deepEqual((await readEntry(entry(details(old), { indicator: "DBIT" }))).counterparty, { name: "B" })
  assert.deepEqual((await readEntry(entry(details(recent)))).counterparty, { name: "A" })
})

test("zero amounts and five decimals pass the parser; five decimals are no whole đồng (§1 money)", async () => {
  assert.equal((await readEntry(entry("", { amount: "0.00", indicator: "DBIT" }))).amount, "0.00")
  const five = (await readEntry(entry("", { amount: "1.00001" }))).amount
  assert.equal(five, "1.00001")
  assert.deepEqual(wholeDong(five), { kind: "refused", reason: "fractional_amount" })
})

test("the stated range is in Vietnam time (§3.1 disjoint statements)", async () => {
  const range = "<FrToDt><FrDtTm>2025-12-10T17:00:00Z</FrDtTm><ToDtTm>2025-12-11T16:59:59Z</ToDtTm></FrToDt>"
  const [statement] = (await read(wrapCamt(range + entry("")))).statements
  assert.deepEqual(statement?.range, { from: "2025-12-11 00:00:00", to: "2025-12-11 23:59:59" })
})

const DAMAGED: readonly (readonly [string, string, number, string])[] = [
  ["DOCTYPE", '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "y">]>\n<a>&x;</a>', 2, "doctype_refused"],
  ["unknown entity", wrapCamt(entry("<AddtlNtryInf>&x;</AddtlNtryInf>")), 4, "unreadable_line"],
  ["crossed tags", wrapCamt(entry("").replace("</Sts>", "</Amt>")), 4, "unreadable_line"],
  ["cut", wrapCamt(entry("")).slice(0, -30), 5, "truncated"],
  ["other XML", "<a>\n<b/></a>", 1, "unknown_format"],
  ["empty", "", 1, "truncated"],
  ["minus amount", wrapCamt(entry("", { amount: "-30" })), 4, "bad_amount"],
  ["comma amount", wrapCamt(entry("", { amount: "30,00" })), 4, "bad_amount"],
  ["no indicator", wrapCamt(entry("", { indicator: "CRDX" })), 4, "unreadable_line"],
  ["impossible day", wrapCamt(entry("", { dates: "<BookgDt><Dt>2025-02-29</Dt></BookgDt>" })), 4, "bad_date"],
  ["no day", wrapCamt(entry("", { dates: "" })), 4, "bad_date"],
  ["other currency", wrapCamt(entry("").replace('"VND"', '"USD"')), 4, "currency_mismatch"],
  ["endless element", wrapCamt(entry(`<AddtlNtryInf>${"x".repeat(5_000_000)}</AddtlNtryInf>`)), 4, "unreadable_line"],
]

test("a space before the XML declaration is refused, however the file is cut into chunks", async () => {
  for (const size of [1, 65_536]) {
    const { errors } = await collectStatements(parseCamt(inChunks(` ${wrapCamt(entry(""))}`, size)))
    assert.deepEqual(errors[0] && [errors[0].line, errors[0].reason], [1, "unreadable_line"])
  }
})

for (const [name, file, line, reason] of DAMAGED) {
  test(`damaged camt, ${name}: ${reason} in line ${line}`, async () => {
    const { errors } = await read(file)
    assert.deepEqual(errors[0] && [errors[0].line, errors[0].reason], [line, reason])
  })
}

test("memory stays flat over 100 MiB of entries (§5.1 progress, §12 test 6)", { timeout: 60_000 }, async () => {
  const [head = "", tail = ""] = wrapCamt("|").split("|")
  const block = Buffer.from(entry(details("<RmtInf><Ustrd>DH100245 tra tien</Ustrd></RmtInf>")).repeat(200))
  const blocks = Math.ceil((100 * 1024 * 1024) / block.length)
  async function* file() {
    yield Buffer.from(head)
    for (let index = 0; index < blocks; index++) yield block
    yield Buffer.from(tail)
  }
  let entries = 0
  const heldBytes: number[] = []
  for await (const event of parseCamt(file())) {
    assert.notEqual(event.kind, "error")
    if (event.kind !== "entry") continue
    entries += 1
    if (entries % (blocks * 40) === 0) heldBytes.push(bytesInUse())
  }
  assert.equal(entries, blocks * 200)
  assert.equal(heldBytes.length, 5)
  const growth = Math.max(...heldBytes) - (heldBytes[0] ?? 0)
  assert.ok(growth < 4 * 1024 * 1024, `${growth} bytes more than after the first fifth`)
})

/** Bytes that survive a garbage collection: unlike the resident size, they do not depend on when one happens. */
function bytesInUse(): number {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
