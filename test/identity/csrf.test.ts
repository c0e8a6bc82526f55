import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { createKeyring } from "../../src/crypto/keyring.ts"
import { cookieName, formatCookie, readCookie } from "../../src/http/cookies.ts"
import { formToken, isFormToken, isOwnPost } from "../../src/http/csrf.ts"

const [old, fresh] = ["o".repeat(32), "n".repeat(32)]

describe("a form token", () => {
  it("is good for its binding alone, also after the key rotated, until the key is gone", () => {
    const token = formToken(createKeyring([old]), "session a")
    assert.equal(isFormToken(createKeyring([old]), "session a", token), true)
    assert.equal(isFormToken(createKeyring([fresh, old]), "session a", token), true)
    assert.equal(isFormToken(createKeyring([fresh]), "session a", token), false)
    assert.equal(isFormToken(createKeyring([old]), "session b", token), false)
    for (const wrong of [undefined, "", ".", token.slice(0, -1), `${token}x`, token.split(".")[0]]) {
      assert.equal(isFormToken(createKeyring([old]), "session a", wrong), false)
    }
  })
})

describe("a post is our own page's", () => {
  const site = "https://my.sepay.vn"
  const table: readonly [Record<string, string>, string, boolean][] = [
    [{}, site, true],
    [{ origin: site }, site, true],
    [{ origin: "null" }, site, true],
    [{ origin: "null", "sec-fetch-site": "same-origin" }, site, true],
    [{ "sec-fetch-site": "none" }, site, true],
    [{ origin: "null", "sec-fetch-site": "cross-site" }, site, false],
    [{ origin: site, "sec-fetch-site": "same-site" }, site, false],
    [{ origin: "https://sepay.vn" }, site, false],
    [{ origin: "http://my.sepay.vn" }, site, false],
    [{ origin: "https://my.sepay.vn.evil.example" }, site, false],
    [{ origin: "https://evil.example", host: "evil.example" }, site, false],
    [{ origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, "http://localhost:3000", true],
    [{ origin: "http://127.0.0.1:4000", host: "localhost:3000" }, "http://localhost:3000", false],
    [{ origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, site, false],
  ]
  for (const [headers, url, own] of table) {
    it(`${own ? "by" : "not by"} ${JSON.stringify(headers)} at ${url}`, () => {
      assert.equal(isOwnPost(headers, url), own)
    })
  }
})

describe("a cookie", () => {
  it("has the __Host- prefix and Secure on https, and neither on http", () => {
    assert.equal(
      formatCookie({ name: "a", value: "v", secure: true, maxAgeSeconds: 60 }),
      "__Host-a=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
    )
    assert.equal(formatCookie({ name: "a", value: "v", secure: false }), "a=v; Path=/; HttpOnly; SameSite=Lax")
    assert.equal(cookieName("a", true), "__Host-a")
  })

  it("is read by its exact name", () => {
    assert.equal(readCookie("xa=1; a=2=3; a=4", "a"), "2=3")
    assert.equal(readCookie("A=1;b", "a"), undefined)
    assert.equal(readCookie(undefined, "a"), undefined)
  })
})
