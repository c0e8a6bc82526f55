import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { safeNextPath } from "../../src/identity/next-path.ts"

const site = "https://my.sepay.vn"

describe("the path to go on to after a sign-in", () => {
  it("is kept when it stays on this site", () => {
    for (const path of [
      "/",
      "/connected-apps",
      "/oauth/consent?request=a.b&x=%2F%2Fevil",
      "/a/../b",
      "/x?u=https://evil",
    ]) {
      assert.equal(safeNextPath(path), path)
    }
  })

  it("is the home page when it leads anywhere else", () => {
    const foreign = [
      undefined,
      "",
      "dashboard",
      "https://evil.example/",
      "//evil.example",
      "///evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      "\t//evil.example",
      " //evil.example",
      "/ /evil.example",
      "/..//evil.example",
      "/.//evil.example",
      "/x/..//evil.example",
      "/%2e%2e//evil.example",
      "javascript:alert(1)",
      "/\u0000",
      "/\u007f",
      "/đường",
      "/\u2028",
      `/${"a".repeat(4096)}`,
    ]
    for (const path of foreign) assert.equal(safeNextPath(path), "/", JSON.stringify(path))
  })

  it("never leaves the site, and never changes, whatever is asked for", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "//",
      "evil.example",
      "@",
      ":",
      "\t",
      "\n",
      "%2f",
      "%5c",
      "?",
      "#",
      "a",
      "https:",
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
      fc.string(),
    )
    fc.assert(
      fc.property(text, (path) => {
        const next = safeNextPath(path)
        const url = new URL(next, `${site}/login`)
        assert.equal(url.origin, site)
        // A second reading, by whoever repeats the parsed path, stays too.
        assert.equal(new URL(url.pathname + url.search, site).origin, site)
        assert.ok(next === "/" || next === path)
      }),
      { numRuns: 2000 },
    )
  })
})
