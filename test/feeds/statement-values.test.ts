import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { addDecimals, compareDecimals, negateDecimal, toDecimal, wholeDong } from "../../src/feeds/decimal.ts"
import { detectFormat, parseStatement } from "../../src/feeds/detect-format.ts"
import { collectStatements } from "../../src/feeds/read-statement.ts"
import { isSameAccount } from "../../src/feeds/statement-account.ts"
import { inChunks, wrapCamt, writeMt940 } from "./statement-files.ts"

test("decimals add and compare exactly, whatever their length", () => {
  const scaled = fc.record({ units: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), scale: fc.nat(5) })
  const write = ({ units, scale }: { units: bigint; scale: number }) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0")
    const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)]
    return toDecimal(units < 0n, whole, fraction) ?? ""
  }
  fc.assert(
    fc.property(scaled, scaled, (a, b) => {
      const exact = a.units * 10n ** BigInt(5 - a.scale) + b.units * 10n ** BigInt(5 - b.scale)
      assert.equal(compareDecimals(addDecimals(write(a), write(b)), write({ units: exact, scale: 5 })), 0)
      assert.equal(compareDecimals(addDecimals(write(a), negateDecimal(write(a))), "0"), 0)
    }),
  )
  assert.deepEqual(
    [toDecimal(true, "000", "00"), toDecimal(true, "007", "50"), toDecimal(false, "1".repeat(31), "")],
    ["0.00", "-7.50", undefined],
  )
  assert.deepEqual([negateDecimal("0.00"), negateDecimal("-1"), negateDecimal("1")], ["0.00", "1", "-1"])
  assert.deepEqual([compareDecimals("1", "1.00"), compareDecimals("-2", "1"), compareDecimals("1.01", "1")], [0, -1, 1])
})

test("whole đồng: fractions and amounts beyond 2^53−1 are refused (§1 money)", () => {
  assert.deepEqual(wholeDong("349000.00"), { kind: "whole", amountVnd: 349000 })
  assert.deepEqual(wholeDong("-9007199254740991"), { kind: "whole", amountVnd: -9007199254740991 })
  assert.deepEqual(wholeDong("-0"), { kind: "whole", amountVnd: 0 })
  assert.deepEqual(wholeDong("349000.50"), { kind: "refused", reason: "fractional_amount" })
  assert.deepEqual(wholeDong("9007199254740992"), { kind: "refused", reason: "bad_amount" })
  assert.deepEqual(wholeDong("abc"), { kind: "refused", reason: "bad_amount" })
})

test("accounts compare as strings without spaces, dots, dashes, bank and currency (§1, §5.1 accounts)", () => {
  for (const stated of [
    "0099001234567",
    "0099 0012-345.67",
    "ABCDVNVX/0099001234567",
    "0099001234567VND",
    "ABCDVNVXXXX0099001234567",
    "ABCDVNVX0099001234567VND",
  ]) {
    assert.equal(isSameAccount(stated, "0099-001.234 567"), true, stated)
  }
  for (const stated of ["99001234567", "00099001234567", "0099001234568", ""]) {
    assert.equal(isSameAccount(stated, "0099001234567"), false, stated)
  }
  assert.equal(isSameAccount("", ""), false)
})

test("the format is recognised by the start of the file (§5.1 --format auto, §5.5 spreadsheet)", async () => {
  for (const [start, format] of [
    [writeMt940([]), "mt940"],
    [`\ufeff${writeMt940([], { framed: true })}`, "mt940"],
    [":20:A\r\n:25:1\r\n:34F:VND0,\r\n:13D:2512111200+0700\r\n", "mt942"],
    [wrapCamt(""), "camt"],
    ["<html><table>", "unknown"],
    ["Ngay,So tien\n1,2\n", "csv"],
    ["hello", "unknown"],
    ["PK\u0003\u0004abc", "xlsx"],
  ] as const) {
    assert.equal(detectFormat(Buffer.from(start)), format)
  }
  assert.equal(detectFormat(Buffer.from(`\ufeff${wrapCamt("")}`, "utf16le")), "camt")
})

test("a PDF, and a picture of a statement, are no table although they hold commas", () => {
  const bytes = (start: string) => Buffer.from(`${start}1,2;3\t4\n5,6;7\t8\n`, "latin1")
  assert.equal(detectFormat(bytes("%PDF-1.7\n")), "pdf")
  for (const start of ["\u0089PNG\r\n\u001a\n", "\u00ff\u00d8\u00ff\u00e0", "GIF89a", "RIFF\u0001\u0002WEBP"]) {
    assert.equal(detectFormat(bytes(start)), "unknown", start)
  }
})

test("a file of any format is parsed by what it is, or refused with advice", async () => {
  const readAuto = (file: string) => collectStatements(parseStatement(inChunks(file, 7), { format: "auto" }))
  assert.equal((await readAuto(writeMt940([]))).statements[0]?.format, "mt940")
  assert.equal((await readAuto(wrapCamt(""))).statements[0]?.format, "camt.053")
  const sheet = await readAuto("PK\u0003\u0004abc")
  assert.match(sheet.errors[0]?.message ?? "", /A workbook needs a profile that says which column is what/)
  assert.equal((await readAuto("a,b\n")).errors[0]?.reason, "unknown_format")
})
