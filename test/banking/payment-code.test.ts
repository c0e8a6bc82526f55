import assert from "node:assert/strict"
import { suite, test } from "node:test"
import fc from "fast-check"
import {
  type CompiledTemplates,
  compileTemplates,
  DEFAULT_PAYMENT_CODE_TEMPLATE,
  type FoundPaymentCode,
  findPaymentCode,
  type PaymentCodeTemplate,
} from "../../src/banking/payment-code.ts"

/** Reads the contract's notation: `DH 6–8 N, SP 4–4 A`. */
function templatesOf(notation: string): PaymentCodeTemplate[] {
  return notation.split(", ").map((text) => {
    const [prefix = "", range = "", kind] = text.split(" ")
    const [suffixFrom = 0, suffixTo = 0] = range.split("–").map(Number)
    const characterType = kind === "N" ? "NumberOnly" : "NumberAndLetter"
    return { prefix, suffixFrom, suffixTo, characterType, isActive: true }
  })
}

function compiled(notation: string): CompiledTemplates {
  return compileTemplates(templatesOf(notation))
}

function codeOf(notation: string, memo: string): string | null {
  return findPaymentCode(compiled(notation), memo, "")?.code ?? null
}

const table: readonly [templates: string, memos: readonly string[], code: string | null][] = [
  [
    "DH 6–8 N",
    [
      "DH100245 tra tien",
      "dh100245 tra tien",
      "ĐH100245 trả tiền",
      "MBVCB.123.DH100245.CT tu 0011",
      "TKP001DH100245",
      "CKDH100245",
      "DH100245CHUYEN KHOAN",
    ],
    "DH100245",
  ],
  ["DH 6–8 N", ["DH12 tra tien", "DH100 245", "DH  100245", "aDH 100245", "DH 100245123456"], null],
  ["DH 6–8 N", ["DH-100245", "DH 100245 tra tien", "DH.100245"], "DH100245"],
  ["DH 6–8 N", ["DH123456789012"], "DH12345678"],
  ["DH 6–6 N", ["DH1002459", "DH100245 DH200300"], "DH100245"],
  ["DH 6–8 N", ["ABDH100245 DH200300", "DH1234567890 DH200300", "DH 100245 DH200300"], "DH200300"],
  ["HD 4–6 A", ["HD9KA2 ck"], "HD9KA2"],
  ["HD 4–6 A", ["HD12ABchuyen"], "HD12ABCH"],
  ["HD 4–6 A", ["HDABCD ck"], "HDABCD"],
  ["HD 4–6 A", ["THDABCDE", "HDONG chuyen tien", "HD ABCD"], null],
  ["DH 1–10 A", ["THANH TOAN DH100245"], "DH100245"],
  ["DH 4–6 N, DHX 4–6 N", ["DHX12345"], "DHX12345"],
  ["DH 6–8 N, SP 4–4 N", ["SP7788 DH100245"], "DH100245"],
  ["SP 4–4 N, DH 6–8 N", ["SP 7788 DH100245"], "DH100245"],
  ["DD 6–8 N", ["DDD123456"], "DD123456"],
]

suite("payment codes (contract/feeds.md §8)", () => {
  for (const [templates, memos, code] of table) {
    for (const memo of memos) {
      test(`${templates} reads ${code} in "${memo}"`, () => assert.equal(codeOf(templates, memo), code))
    }
  }

  test("text that banks send in other Unicode forms gives the same code", () => {
    assert.equal(codeOf("DH 6–8 N", "Đơn hàng ĐH100245".normalize("NFD")), "DH100245")
    assert.equal(codeOf("DH 6–8 N", "ＤＨ１００２４５"), "DH100245")
    assert.equal(codeOf("DH 6–8 N", "D\u0323H\u0301100245"), "DH100245")
  })

  test("each of the seven separators is bridged once, and none inside the suffix", () => {
    for (const separator of "-_.:#/ ") {
      assert.equal(codeOf("DH 6–8 N", `ck DH${separator}100245`), "DH100245")
      assert.equal(codeOf("DH 6–8 N", `DH${separator}${separator}100245`), null)
      assert.equal(codeOf("DH 6–8 N", `DH100${separator}245`), null)
    }
    assert.equal(codeOf("DH 6–8 N", "DH,100245"), null)
  })

  test("the separator pass can be switched off", () => {
    assert.equal(findPaymentCode(compiled("DH 6–8 N"), "DH-100245", "", { separatorTolerant: false }), undefined)
    assert.equal(findPaymentCode(compiled("DH 6–8 N"), "DH-100245", "", { separatorTolerant: true })?.pass, "separator")
  })

  test("the description is read only when the memo is empty", () => {
    assert.equal(findPaymentCode(compiled("DH 6–8 N"), "", "DH100245")?.code, "DH100245")
    assert.equal(findPaymentCode(compiled("DH 6–8 N"), "tra tien", "DH100245"), undefined)
  })

  test("the tester's facts name template, rank and pass, inactive templates counted but not searched", () => {
    const [first, second] = templatesOf("DH 6–8 N, SP 4–6 A")
    assert(first !== undefined && second !== undefined)
    const templates = compileTemplates([{ ...first, isActive: false }, second])
    const facts = (memo: string) => findPaymentCode(templates, memo, "")
    assert.equal(facts("DH100245"), undefined)
    assert.deepEqual(facts("SP77A8"), { code: "SP77A8", templateIndex: 1, rank: 1, pass: "direct" })
    assert.deepEqual(facts("SP77A8CHUYEN"), { code: "SP77A8CH", templateIndex: 1, rank: 2, pass: "direct" })
    assert.deepEqual(facts("XSP77A8"), { code: "SP77A8", templateIndex: 1, rank: 3, pass: "direct" })
    assert.deepEqual(facts("SPABCD"), { code: "SPABCD", templateIndex: 1, rank: 4, pass: "direct" })
    assert.deepEqual(facts("SP 77A8"), { code: "SP77A8", templateIndex: 1, rank: 1, pass: "separator" })
  })

  test("without an active template there is no code", () => {
    assert.equal(findPaymentCode(compileTemplates([]), "DH100245", ""), undefined)
    assert.equal(findPaymentCode(compileTemplates([DEFAULT_PAYMENT_CODE_TEMPLATE]), "DH100245", "")?.code, "DH100245")
  })

  test("any memo gives what a second, naive reading of the contract gives", () => {
    fc.assert(
      fc.property(fc.array(anyTemplate, { maxLength: 3 }), anyMemo, fc.boolean(), (templates, memo, tolerant) => {
        const found = findPaymentCode(compileTemplates(templates), memo, "", { separatorTolerant: tolerant })
        assert.deepEqual(found, naiveFind(templates, memo, tolerant))
      }),
      { numRuns: 5_000 },
    )
  })
})

// Few letters, so that prefixes repeat, overlap and touch each other often.
const anyTemplate: fc.Arbitrary<PaymentCodeTemplate> = fc.record({
  prefix: fc.constantFrom("DH", "DD", "DHX", "D1", "DDH"),
  suffixFrom: fc.integer({ min: 1, max: 4 }),
  suffixTo: fc.integer({ min: 4, max: 6 }),
  characterType: fc.constantFrom("NumberOnly", "NumberAndLetter"),
  isActive: fc.boolean(),
})
const memoUnit = fc.constantFrom(..."DHX19dhđĐ-_.:#/ ,~Ạé\u0301", "DH", "DH12", "\u{1f4b0}", "Ｄ", "ﬃ")
const anyMemo = fc.array(memoUnit, { maxLength: 24 }).map((units) => units.join(""))

/** Written from the contract's five steps alone: every position, every length, one regular expression per candidate. */
function naiveFind(templates: readonly PaymentCodeTemplate[], memo: string, tolerant: boolean) {
  const folded = [...memo.normalize("NFKD")]
    .filter((character) => !/\p{M}/u.test(character))
    .map((character) => (character === "đ" || character === "Đ" ? "D" : character.toUpperCase()))
    .join("")
  for (const pass of tolerant ? (["direct", "separator"] as const) : (["direct"] as const)) {
    for (const [templateIndex, template] of templates.entries()) {
      const candidates = template.isActive ? naiveCandidates(template, folded, pass) : []
      const best = candidates.toSorted((a, b) => a.rank - b.rank || a.position - b.position)[0]
      if (best !== undefined) return { code: best.code, templateIndex, rank: best.rank, pass }
    }
  }
  return undefined
}

function naiveCandidates(template: PaymentCodeTemplate, text: string, pass: FoundPaymentCode["pass"]) {
  const allowed = template.characterType === "NumberOnly" ? "[0-9]" : "[0-9A-Z]"
  const suffix = `(${allowed}{${template.suffixFrom},${template.suffixTo}})`
  const pattern = new RegExp(`^${template.prefix}${pass === "separator" ? "[-_.:#/ ]" : ""}${suffix}`)
  const candidates: { code: string; rank: FoundPaymentCode["rank"]; position: number }[] = []
  for (let position = 0; position < text.length; position += 1) {
    const match = pattern.exec(text.slice(position))
    if (match === null) continue
    const left = position === 0 || /[^0-9A-Z]$/.test(text.slice(0, position))
    const right = /^(?:$|[^0-9A-Z])/.test(text.slice(position + match[0].length))
    const digit = /[0-9]/.test(match[1] ?? "")
    const rank = digit && left && right ? 1 : digit && left ? 2 : digit ? 3 : left && right ? 4 : undefined
    if (rank === undefined || (pass === "separator" && rank !== 1)) continue
    candidates.push({ code: `${template.prefix}${match[1]}`, rank, position })
  }
  return candidates
}
