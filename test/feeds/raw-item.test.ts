import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { prettyJson } from "../../src/feeds/pretty-json.ts"
import { createExcerptReader } from "../../src/feeds/statement-excerpt.ts"

describe("a JSON item laid out in lines", () => {
  it("keeps every character that is not white space between marks", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const pretty = prettyJson(text)
        const bare = (json: string) => [...json.matchAll(/"(?:[^"\\]|\\.)*"|\S/gs)].map(([token]) => token).join("")
        assert.equal(bare(pretty), bare(text))
        assert.deepEqual(JSON.parse(pretty), JSON.parse(text))
      }),
    )
  })

  it("leaves numbers, escapes and repeated names as they were written", () => {
    const text = '{"a":1.0,"a":1e2,"b":"\\u0041 , : {","c":[],"d":{}}'
    const lines = ["{", '  "a": 1.0,', '  "a": 1e2,', '  "b": "\\u0041 , : {",', '  "c": [],', '  "d": {}', "}"]
    assert.equal(prettyJson(text), lines.join("\n"))
    assert.equal(prettyJson('{"a":'), '{"a":')
  })
})

describe("the entry of a file that begins on a line", () => {
  const excerpt = (text: string, line: number, size: number) => {
    const reader = createExcerptReader(line)
    for (let at = 0; at < text.length; at += size) if (!reader.take(text.slice(at, at + size))) break
    return reader.finish().text
  }
  const cases: readonly (readonly [name: string, text: string, line: number, entry: string])[] = [
    [
      "a :61: with its :86:, to the next tag of an entry",
      ":20:X\r\n:61:2607\r\nmore\r\n:86:memo\r\n:61:2608\r\n:62F:C",
      2,
      ":61:2607\r\nmore\r\n:86:memo",
    ],
    [
      "an XML element to its end",
      "<Doc>\n <Ntry>\n  <Amt>1</Amt>\n </Ntry><Ntry>\n</Doc>",
      2,
      " <Ntry>\n  <Amt>1</Amt>\n </Ntry>",
    ],
    ["a row", "a;b\n1;2\n3;4\n", 2, "1;2"],
    ["a row whose quotes hold a line break", 'a;b\n1;"x\ny""z"\n3;4\n', 2, '1;"x\ny""z"'],
    ["the last row without its line break", "a;b\n1;2", 2, "1;2"],
    ["nothing behind the end", "a;b\n", 9, ""],
  ]
  for (const [name, text, line, entry] of cases) {
    it(`is ${name}, however the file is cut`, () => {
      for (let size = 1; size <= text.length; size++) assert.equal(excerpt(text, line, size), entry, `${size}`)
    })
  }

  it("is cut when it is too long to show", () => {
    const reader = createExcerptReader(1)
    reader.take(`"${"x".repeat(50_000)}`)
    const { text, isCut } = reader.finish()
    assert.deepEqual([text.length, isCut], [20_000, true])
  })
})
