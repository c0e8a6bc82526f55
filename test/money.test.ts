import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { formatVnd, parseTypedVnd, parseVnd, toVnd } from "../src/money.ts"

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

  it("takes what a person types: separators before groups of three, the currency, and no fraction", () => {
    for (const typed of [
      "1250000",
      "1.250.000",
      "1,250,000",
      " 1 250 000 ",
      "1.250.000 ₫",
      "1,250,000 VND",
      "1250000đ",
    ]) {
      assert.equal(parseTypedVnd(typed), 1_250_000, typed)
    }
    for (const typed of ["", "1.5", "350000.00", "1.250,000", "12,50", "-1", "1e3", "9007199254740992"]) {
      assert.equal(parseTypedVnd(typed), undefined, typed)
    }
    for (const language of ["vi", "en"] as const) {
      fc.assert(fc.property(fc.maxSafeNat(), (n) => assert.equal(parseTypedVnd(formatVnd(toVnd(n), language)), n)))
    }
  })

  it("reads back every amount it writes as digits", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (amount) => assert.equal(parseVnd(String(amount)), amount)))
  })
})
