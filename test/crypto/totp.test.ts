import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { findTotpStep, foldTotpCode, isTotpShape, newTotpSecret, totpAddress } from "../../src/crypto/totp.ts"
import { codeAt, codeOfStep } from "../support/authenticator.ts"

// RFC 6238 appendix B (SHA-1) under its secret "12345678901234567890"; the last six of its eight digits.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
const rfcCodes: readonly (readonly [seconds: number, code: string])[] = [
  [59, "287082"],
  [1111111109, "081804"],
  [1111111111, "050471"],
  [1234567890, "005924"],
  [2000000000, "279037"],
  [20000000000, "353130"],
]

describe("a code that changes with the time (RFC 6238)", () => {
  for (const [seconds, code] of rfcCodes) {
    it(`is the RFC's own at ${seconds} s`, async () => {
      assert.equal(await findTotpStep(rfcSecret, code, seconds * 1000), Math.floor(seconds / 30))
      assert.equal(codeAt(rfcSecret, seconds * 1000), code, "and the other implementation agrees")
    })
  }

  it("is taken from the step before to the step after, and from no further", async () => {
    const now = 1_800_000_015_000
    const step = Math.floor(now / 30_000)
    for (const distance of [-3, -2, -1, 0, 1, 2, 3]) {
      const found = await findTotpStep(rfcSecret, codeOfStep(rfcSecret, step + distance), now)
      assert.equal(found, Math.abs(distance) <= 1 ? step + distance : undefined, `${distance} steps away`)
    }
  })

  it("is what another implementation makes, for any secret and time", async () => {
    const times = fc.integer({ min: 0, max: 4_000_000_000_000 })
    await fc.assert(
      fc.asyncProperty(times, async (at) => {
        const secret = newTotpSecret()
        assert.equal(await findTotpStep(secret, codeAt(secret, at), at), Math.floor(at / 30_000))
      }),
    )
  })

  it("is nothing but six digits, with the spaces that apps show", async () => {
    assert.equal(foldTotpCode(" 287 082 "), "287082")
    for (const text of ["28708", "2870820", "28708a", "", "２８７０８２"]) {
      assert.equal(isTotpShape(text), false)
      assert.equal(await findTotpStep(rfcSecret, text, 59_000), undefined)
    }
  })
})

describe("a secret for an app", () => {
  it("has 160 bits in base32, never the same twice", () => {
    const secrets = Array.from({ length: 200 }, newTotpSecret)
    for (const secret of secrets) assert.match(secret, /^[A-Z2-7]{32}$/)
    assert.equal(new Set(secrets).size, 200)
  })

  it("stands in an otpauth address with all that an app needs", async () => {
    const address = new URL(await totpAddress(rfcSecret, "SePay my.sepay.vn", "an+1@shop.example"))
    assert.equal(address.protocol, "otpauth:")
    assert.equal(address.host, "totp")
    assert.equal(decodeURIComponent(address.pathname), "/SePay my.sepay.vn:an+1@shop.example")
    assert.deepEqual(Object.fromEntries(address.searchParams), {
      issuer: "SePay my.sepay.vn",
      secret: rfcSecret,
      algorithm: "SHA1",
      digits: "6",
      period: "30",
    })
  })
})
