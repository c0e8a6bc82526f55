import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { suite, test } from "node:test"
import fc from "fast-check"
import { toVnd } from "../../src/money.ts"
import { PAYLOAD_START, type PayloadFields, payloadAfterId, renderPayload } from "../../src/webhooks/payload.ts"

const j1: PayloadFields = {
  id: 5012,
  gateway: "ACB",
  transactionDate: "2025-12-11 12:48:20",
  accountNumber: "8812345678",
  subAccount: "",
  code: "DH100245",
  content: "DH100245 tra tien hang",
  transferType: "in",
  description: "LE THI HOA chuyen khoan",
  transferAmount: toVnd(349_000),
  accumulated: toVnd(7_849_000),
  referenceCode: "FT25345778812",
}

const j2: PayloadFields = {
  id: 5013,
  gateway: "TPBank",
  transactionDate: "2025-12-11 13:05:00",
  accountNumber: "0012345678",
  subAccount: "TKP001",
  code: null,
  content: "Trả nợ 12/2025 ~*+&",
  transferType: "out",
  description: "",
  transferAmount: toVnd(1_200_000),
  accumulated: toVnd(0),
  referenceCode: "",
}

/** The header of contract/webhooks.md §2.1 for its secret and timestamp. */
function signatureOf(body: string): string {
  return `sha256=${createHmac("sha256", "whsec_demo_7f3a91c2").update(`1765432100.${body}`).digest("hex")}`
}

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string())
const anyFields: fc.Arbitrary<PayloadFields> = fc.record({
  id: fc.maxSafeNat(),
  gateway: anyText,
  transactionDate: anyText,
  accountNumber: anyText,
  subAccount: anyText,
  code: fc.option(anyText),
  content: anyText,
  transferType: fc.constantFrom("in", "out"),
  description: anyText,
  transferAmount: fc.maxSafeNat().map(toVnd),
  accumulated: fc.maxSafeInteger().map(toVnd),
  referenceCode: anyText,
})

suite("webhook payload (contract/webhooks.md §1)", () => {
  test("vector J1 is rendered byte for byte and signs as the contract says", () => {
    const body = renderPayload(j1)
    assert.equal(
      body,
      '{"id":5012,"gateway":"ACB","transactionDate":"2025-12-11 12:48:20","accountNumber":"8812345678","subAccount":"","code":"DH100245","content":"DH100245 tra tien hang","transferType":"in","description":"LE THI HOA chuyen khoan","transferAmount":349000,"accumulated":7849000,"referenceCode":"FT25345778812"}',
    )
    assert.equal(signatureOf(body), "sha256=28f06e8a0b93a1e3368e27f6eac31e83fe775e3e11a046db0b02d5d6e56e329d")
  })

  test("vector J2, with accents, slash, null and empty values, likewise", () => {
    const body = renderPayload(j2)
    assert.equal(
      body,
      String.raw`{"id":5013,"gateway":"TPBank","transactionDate":"2025-12-11 13:05:00","accountNumber":"0012345678","subAccount":"TKP001","code":null,"content":"Tr\u1ea3 n\u1ee3 12\/2025 ~*+&","transferType":"out","description":"","transferAmount":1200000,"accumulated":0,"referenceCode":""}`,
    )
    assert.equal(signatureOf(body), "sha256=0e25b73da99695f99fe10e8037a19a6bcac022cb9d955460bc82290d409791ba")
  })

  const escapes: readonly [text: string, json: string][] = [
    ['\b\f\n\r\t"\\/', String.raw`\b\f\n\r\t\"\\\/`],
    ["\0\x01\x1f\x7f", `${String.raw`\u0000\u0001\u001f`}\x7f`],
    ["\x80éẠ\u2028\uffff", String.raw`\u0080\u00e9\u1ea0\u2028\uffff`],
    ["\u{1f4b0}", String.raw`\ud83d\udcb0`],
    ["<>&'", "<>&'"],
    ["12/2025", String.raw`12\/2025`],
    ['"', String.raw`\"`],
    ["\\", String.raw`\\`],
    ["\n", String.raw`\n`],
    ["ợ", String.raw`\u1ee3`],
  ]
  for (const [text, json] of escapes) {
    test(`${JSON.stringify(text)} is written ${json}`, () => {
      assert(renderPayload({ ...j1, content: text }).includes(`"content":"${json}","transferType"`))
    })
  }

  test("a negative balance and the largest amounts stay plain integers", () => {
    const body = renderPayload({ ...j1, transferAmount: toVnd(2 ** 53 - 1), accumulated: toVnd(-(2 ** 53 - 1)) })
    assert(body.includes('"transferAmount":9007199254740991,"accumulated":-9007199254740991,'))
  })

  test("any values come back from JSON.parse, in the order of the contract, and the body is ASCII", () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const body = renderPayload(fields)
        const parsed: unknown = JSON.parse(body)
        assert.deepEqual(parsed, { ...fields })
        assert.deepEqual(Object.keys(parsed as object), Object.keys(j1))
        assert.match(body, /^[\x20-\x7f]*$/)
      }),
      { numRuns: 1_000 },
    )
  })

  test("the pieces around id and balance make the same bytes", () => {
    fc.assert(
      fc.property(anyFields, ({ id, accumulated, ...rest }) => {
        const { middle, end } = payloadAfterId(rest)
        assert.equal(`${PAYLOAD_START}${id}${middle}${accumulated}${end}`, renderPayload({ id, accumulated, ...rest }))
      }),
    )
  })
})
