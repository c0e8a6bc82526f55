import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { glob } from "node:fs/promises"
import { before, describe, it } from "node:test"
import ts from "typescript"
import { vietnameseDetail } from "../../src/messages/finding-details.ts"

// Sentences that are no findings: they end an upload or tell of a bug.
const noFindings = new Set(["A statement began without its account's marker."])
const parsers = "{mt940,camt,csv,xlsx,text-decoding,detect-format,statement-line,stage-statement}*.ts"

/** The sentences that the parsers can say, `F1`, `F2` … for each fact in them. */
async function findSentences(): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for await (const file of glob(`src/feeds/${parsers}`)) {
    const visit = (node: ts.Node): void => {
      const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? sampleOf(node) : ""
      if (/^(?:[A-Z"]|F1 is ).* .*[.?]$|^Not well-formed: /s.test(text)) found.add(text)
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true))
  }
  return found
}

function sampleOf({ head, templateSpans }: ts.TemplateExpression): string {
  return head.text + templateSpans.map(({ literal }, index) => `F${index + 1}${literal.text}`).join("")
}

describe("what the parsers say of a statement", () => {
  let sentences: ReadonlySet<string>
  before(async () => {
    sentences = await findSentences()
  })

  it("has Vietnamese words for every sentence, with the same facts", () => {
    assert.ok(sentences.size > 60, `only ${sentences.size} sentences were found`)
    // What stands in these places is a word of our own, not a fact.
    const wordPlaces: Readonly<Record<string, readonly string[]>> = {
      'The F1 "F2" is not readable by the profile.': ["debit", "credit", "amount", "balance"],
      "The F1 names no currency.": ["entry", "balance"],
      "The F1 is in F2, the statement in F3.": ["entry", "balance"],
      "It reaches to F1, further than is read.": ["row 7", "cell XFE7"],
      "The statement is of account F1, F2.": ["not 0071", "which none or several of the accounts are"],
    }
    const without: string[] = []
    for (const sentence of sentences) {
      if (noFindings.has(sentence)) continue
      const words = wordPlaces[sentence]
      const place = sentence.endsWith("F1, F2.") ? "F2" : "F1"
      for (const said of words?.map((word) => sentence.replace(place, word)) ?? [sentence]) {
        const spoken = vietnameseDetail(said)
        const facts = said.match(/F\d/g) ?? []
        if (spoken === undefined || facts.some((fact) => !spoken.includes(fact))) without.push(`${said} → ${spoken}`)
        else assert.doesNotMatch(spoken, /\b(?:the|is|not|row|cell)\b/i)
      }
    }
    assert.deepEqual(without, [])
  })

  it("is told apart where one sentence could be taken for another", () => {
    for (const [en, vi] of [
      ["The amount 1,5x is not readable.", "Không đọc được số tiền 1,5x."],
      ["The amount of the entry is not readable.", "Không đọc được số tiền của giao dịch."],
      ["The amount of the balance CLBD is not readable.", "Không đọc được số tiền của số dư CLBD."],
      [
        "The workbook cannot be read. It is protected by a password.",
        "Không đọc được bảng tính. Tệp được bảo vệ bằng mật khẩu.",
      ],
      ['The header "Ngày" is missing. The header "Có" is missing.', "Thiếu cột “Ngày”. Thiếu cột “Có”."],
      ["The statement is of account (none), not 0071.", "Sao kê không ghi số tài khoản, không phải của 0071."],
    ] as const) {
      assert.equal(vietnameseDetail(en), vi)
    }
  })

  it("stays as it is where nothing is known of it", () => {
    for (const said of ["", "Something new.", "The amount", "x".repeat(100_000)]) {
      assert.equal(vietnameseDetail(said), undefined)
    }
  })
})
