import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { formatVnd, parseVnd, toVnd } from "../src/money.ts"

describe("money", () => {
  it("takes whole đồng, as integers or digits with an optional .0 or .00 (contract/api.md §1)", () => {
    for (const [given, amount] of [
      [350000, 350000],
      ["350000", 350000],
      ["350000.0", 350000],
      ["350000.00", 350000],
      ["0", 0],
      ["9007199254740991", 9007199254740991],
    ] as const) {
      assert.equal(parseVnd(given), amount, String(given))
    }
    for (const given of [
      "350000.5",
      "350000.000",
      "-1",
      "1e3",
      "",
      " 1",
      "9007199254740992",
      1.5,
      -1,
      null,
      true,
      [1],
    ]) {
      assert.equal(parseVnd(given), undefined, JSON.stringify(given))
    }
  })

  it("shows amounts as each language writes them", () => {
    assert.equal(formatVnd(toVnd(1_250_000), "vi"), "1.250.000 ₫")
    assert.equal(formatVnd(toVnd(1_250_000), "en"), "₫1,250,000")
    assert.equal(formatVnd(toVnd(0), "vi"), "0 ₫")
  })

  it("reads back every amount it writes as digits", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (amount) => assert.equal(parseVnd(String(amount)), amount)))
  })
})
