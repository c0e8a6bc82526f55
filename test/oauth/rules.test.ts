import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { isCodeChallenge, isCodeVerifier, matchesChallenge } from "../../src/oauth/pkce.ts"
import { formDecode, parseRawParameters, queryText } from "../../src/oauth/raw-parameters.ts"
import { findRedirectUriFault, isRegisteredRedirectUri, withAnswer } from "../../src/oauth/redirect-uri.ts"
import { parseScope } from "../../src/oauth/scope.ts"

describe("PKCE (RFC 7636)", () => {
  it("accepts the RFC's own vector and nothing near it", () => {
    const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert.ok(matchesChallenge(verifier, challenge))
    assert.ok(!matchesChallenge(verifier.replace("d", "e"), challenge))
    assert.ok(!matchesChallenge(challenge, challenge), "plain is not S256")
    assert.ok(isCodeChallenge(challenge) && isCodeVerifier(verifier))
    for (const text of ["", challenge.slice(1), `${challenge}=`, challenge.replace("-", "+")]) {
      assert.ok(!isCodeChallenge(text), text)
    }
    assert.ok(!isCodeVerifier("a".repeat(42)) && isCodeVerifier("a".repeat(128)) && !isCodeVerifier("a".repeat(129)))
  })
})

describe("scope parameter (contract/oauth.md §5)", () => {
  for (const [text, expected] of [
    ["profile", ["profile"]],
    [" profile,  company ,profile", ["profile", "company"]],
    ["company profile", ["company", "profile"]],
    ["", []],
    ["bank_account:read", undefined],
    ["Profile", undefined],
    ["profile openid", undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseScope(text), expected))
  }
})

describe("redirect URIs", () => {
  it("match character by character but for a loopback port (RFC 8252 §7.3)", () => {
    const registered = [
      "https://shop.example/cb?a=1",
      "http://127.0.0.1:8000/cb",
      "http://localhost/cb",
      "http://[::1]/cb",
    ]
    const cases: readonly (readonly [string, boolean])[] = [
      ["https://shop.example/cb?a=1", true],
      ["https://shop.example/cb", false],
      ["https://shop.example/cb?a=1&", false],
      ["https://SHOP.example/cb?a=1", false],
      ["https://shop.example:443/cb?a=1", false],
      ["http://127.0.0.1:9/cb", true],
      ["http://127.0.0.1/cb", true],
      ["http://127.0.0.1:99999/cb", false],
      ["http://127.0.0.1:8000/cb/", false],
      ["http://127.0.0.2:8000/cb", false],
      ["http://127.0.0.1:8000@evil.example/cb", false],
      ["http://localhost:1234/cb", true],
      ["http://localhost.evil.example/cb", false],
      ["http://[::1]:5/cb", true],
      ["https://127.0.0.1:8000/cb", false],
    ]
    for (const [sent, matches] of cases) assert.equal(isRegisteredRedirectUri(registered, sent), matches, sent)
  })

  it("are refused at registration by the rules of contract/oauth.md §15", () => {
    for (const uri of [
      "shop.example/cb",
      "https://shop.example/cb#x",
      "https://u:p@shop.example/cb",
      "https://*.example/cb",
      "https://shop.example/cb?code=1",
      "https://shop.example/cb?iss=1",
      "http://shop.example/cb",
      "com.example.app:/cb",
      "javascript:alert(1)",
      "https://shop.example/c b",
      `https://shop.example/${"x".repeat(2000)}`,
    ]) {
      assert.notEqual(findRedirectUriFault(uri, "sepay"), undefined, uri)
    }
    assert.equal(findRedirectUriFault("com.example.app:/cb", "oauth21"), undefined)
    assert.notEqual(findRedirectUriFault("myapp:/cb", "oauth21"), undefined)
    assert.equal(findRedirectUriFault("http://localhost:3000/cb", "sepay"), undefined)
    assert.equal(findRedirectUriFault("https://shop.example/?page=sepay", "sepay"), undefined)
  })

  it("keep their query when the answer is appended", () => {
    assert.equal(withAnswer("https://a.example/?page=sepay", [["code", "x"]]), "https://a.example/?page=sepay&code=x")
    assert.equal(withAnswer("https://a.example/", [["code", "x"]]), "https://a.example/?code=x")
  })
})

describe("raw parameters", () => {
  it("keep the text of each value, so that state returns byte for byte", () => {
    const parameters = parseRawParameters("state=k9%3A8f.2a&empty=&a=1&a=2&=x&b")
    assert.deepEqual(parameters.get("state"), [{ raw: "k9%3A8f.2a", value: "k9:8f.2a" }])
    assert.equal(parameters.get("a")?.length, 2)
    assert.deepEqual([...parameters.keys()], ["state", "a"])
  })

  it("decode whatever any form encoder writes, and never throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = value.toWellFormed()
        const encoded = new URLSearchParams([["v", text]]).toString().slice(2)
        assert.equal(formDecode(encoded), text)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => void parseRawParameters(text)))
  })

  it("let only characters of a query back into a redirect (RFC 3986 §3.4)", () => {
    assert.equal(queryText("k9%3A8f.2a+x"), "k9%3A8f.2a+x")
    assert.equal(queryText('a"<>\\^`{|} é%'), "a%22%3C%3E%5C%5E%60%7B%7C%7D%20%C3%A9%25")
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const safe = queryText(text)
        assert.match(safe, /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/)
        assert.equal(queryText(safe), safe)
      }),
    )
  })
})
