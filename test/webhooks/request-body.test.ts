import assert from "node:assert/strict"
import { suite, test } from "node:test"
import fc from "fast-check"
import { toVnd } from "../../src/money.ts"
import { type PayloadFields, renderPayload } from "../../src/webhooks/payload.ts"
import { renderBody } from "../../src/webhooks/request-body.ts"
import { contentTypes } from "../../src/webhooks/webhook.ts"
import { f1, f2, j1, j2 } from "./signature-vectors.ts"

const uuid = "019b0d3f-5c2a-7e41-8a6b-3f0c9d1e2b47"
const boundary = "sepay-019b0d3f5c2a7e418a6b3f0c9d1e2b47"

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

/** What a receiver should read from a form: texts, and no key for a null. */
function expectedPairs(fields: PayloadFields): [string, string][] {
  const stored = JSON.parse(renderPayload(fields)) as Record<string, string | number | null>
  return Object.entries(stored).flatMap(([key, value]) =>
    value === null ? [] : [[key, String(value).toWellFormed()] as [string, string]],
  )
}

suite("webhook body as JSON (contract/webhooks.md §1.1)", () => {
  test("is the stored text, untouched and unread", () => {
    for (const payload of [j1, j2, "not even JSON"]) {
      const body = renderBody("Json", payload, uuid)
      assert.equal(body.contentType, "application/json")
      assert.equal(body.bytes.toString(), payload)
      assert.equal(body.signedBytes, body.bytes)
    }
  })
})

suite("webhook body as urlencoded form (contract/webhooks.md §1.1)", () => {
  for (const [name, payload, form] of [
    ["F1", j1, f1],
    ["F2", j2, f2],
  ] as const) {
    test(`vector ${name} is rendered byte for byte, and is what the signature covers`, () => {
      const body = renderBody("application_x-www-form-urlencoded", payload, uuid)
      assert.equal(body.contentType, "application/x-www-form-urlencoded")
      assert.equal(body.bytes.toString("latin1"), form)
      assert.deepEqual(body.signedBytes, body.bytes)
    })
  }

  test("every ASCII character but letters, digits, - _ . and space is percent-encoded in upper case", () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    for (const character of ascii) {
      const body = renderBody("application_x-www-form-urlencoded", JSON.stringify({ content: character }), uuid)
      const hex = character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")
      const encoded = /[A-Za-z0-9\-_.]/.test(character) ? character : character === " " ? "+" : `%${hex}`
      assert.equal(body.bytes.toString(), `content=${encoded}`)
    }
  })

  test("an independent parser reads the same values in the same order", () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const { bytes } = renderBody("application_x-www-form-urlencoded", renderPayload(fields), uuid)
        assert.deepEqual([...new URLSearchParams(bytes.toString())], expectedPairs(fields))
      }),
      { numRuns: 500 },
    )
  })
})

suite("webhook body as multipart form (contract/webhooks.md §1.1)", () => {
  test("is rendered byte for byte, without null, with values in raw UTF-8", () => {
    const body = renderBody("multipart_form-data", j2, uuid)
    assert.equal(body.contentType, `multipart/form-data; boundary=${boundary}`)
    const values = {
      ...{ id: "5013", gateway: "TPBank", transactionDate: "2025-12-11 13:05:00", accountNumber: "0012345678" },
      ...{ subAccount: "TKP001", content: "Trả nợ 12/2025 ~*+&", transferType: "out", description: "" },
      ...{ transferAmount: "1200000", accumulated: "0", referenceCode: "" },
    }
    const parts = Object.entries(values).flatMap(([key, value]) => [
      ...[`--${boundary}`, `Content-Disposition: form-data; name="${key}"`, "", value],
    ])
    assert.equal(body.bytes.toString(), [...parts, `--${boundary}--`, ""].join("\r\n"))
  })

  test("is signed over the urlencoded rendering", () => {
    assert.equal(renderBody("multipart_form-data", j1, uuid).signedBytes.toString(), f1)
    assert.equal(renderBody("multipart_form-data", j2, uuid).signedBytes.toString(), f2)
  })

  test("an independent parser reads the same values in the same order", async () => {
    await fc.assert(
      fc.asyncProperty(anyFields, async (fields) => {
        const { bytes, contentType } = renderBody("multipart_form-data", renderPayload(fields), uuid)
        const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData()
        assert.deepEqual([...form], expectedPairs(fields))
      }),
      { numRuns: 500 },
    )
  })
})

suite("webhook body of a retry (contract/webhooks.md §1.1)", () => {
  test("has the bytes of the first attempt in every content type", () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom(...contentTypes), fc.uuid(), (fields, contentType, anyUuid) => {
        const first = renderBody(contentType, renderPayload(fields), anyUuid)
        assert.deepEqual(renderBody(contentType, renderPayload(fields), anyUuid), first)
      }),
    )
  })
})
