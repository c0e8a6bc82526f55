import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { changedFields, splitChanges, withPending } from "../../src/oauth/client-changes.ts"
import { checkClientDraft } from "../../src/oauth/client-draft.ts"
import { clientFaultText, redirectUriFaultText } from "../../src/oauth/client-fault-text.ts"
import type { ClientValues } from "../../src/oauth/client-values.ts"
import { readImageKind } from "../../src/oauth/image-kind.ts"
import { nameKey } from "../../src/oauth/name-key.ts"
import { scopes } from "../../src/oauth/protocol.ts"
import { findRedirectUriFault } from "../../src/oauth/redirect-uri.ts"
import { aPng } from "../portal/app-ground.ts"

const values: fc.Arbitrary<ClientValues> = fc.record(
  {
    name: fc.constantFrom("Kho", "Shop", "Cửa hàng"),
    description: fc.constantFrom("", "Mô tả"),
    website: fc.constantFrom(null, "https://a.example", "https://b.example"),
    logo: fc.constantFrom(
      null,
      { url: "https://a.example/1.png", hash: "aa" },
      { url: "https://a.example/2.png", hash: "bb" },
    ),
    profile: fc.constantFrom("sepay" as const, "oauth21" as const),
    clientType: fc.constantFrom("confidential" as const, "public" as const),
    redirectUris: fc.uniqueArray(fc.constantFrom("https://a.example/1", "https://a.example/2", "https://a.example/3")),
    scopes: fc
      .uniqueArray(
        fc.record({ scope: fc.constantFrom(...scopes), required: fc.boolean() }, { noNullPrototype: true }),
        {
          selector: ({ scope }) => scope,
        },
      )
      .map((list) => scopes.flatMap((scope) => list.filter((one) => one.scope === scope))),
    legacyTokenErrors: fc.boolean(),
  },
  { noNullPrototype: true },
)

/** The order of redirect URIs means nothing. */
const sorted = (one: ClientValues): ClientValues => ({ ...one, redirectUris: one.redirectUris.toSorted() })

describe("the changes of an approved app (contract/oauth.md §15)", () => {
  it("are whole: what holds now and what waits make up what was wanted", () => {
    fc.assert(
      fc.property(values, values, (live, wanted) => {
        const { now, pending } = splitChanges(live, wanted)
        assert.deepEqual(sorted(withPending(now, pending)), sorted(wanted))
      }),
    )
  })

  it("let nothing hold that was not live before, but for description and switches", () => {
    fc.assert(
      fc.property(values, values, (live, wanted) => {
        const { now } = splitChanges(live, wanted)
        assert.ok(now.redirectUris.every((uri) => live.redirectUris.includes(uri)))
        for (const { scope, required } of now.scopes) {
          const before = live.scopes.find((one) => one.scope === scope)
          assert.ok(before !== undefined && (before.required || !required))
        }
        assert.equal(now.name, live.name)
        assert.equal(now.profile, live.profile)
        assert.ok(now.website === null || now.website === live.website)
        assert.ok(now.logo === null || now.logo.hash === live.logo?.hash)
      }),
    )
  })

  it("are none when nothing changes, and are split the same when split again", () => {
    fc.assert(
      fc.property(values, values, (live, wanted) => {
        assert.deepEqual(splitChanges(live, live), { now: live, pending: undefined })
        assert.deepEqual(changedFields(live, live), [])
        const once = splitChanges(live, wanted)
        assert.deepEqual(splitChanges(once.now, wanted), once)
      }),
    )
  })
})

describe("the draft of an app", () => {
  it("never throws, and every fault has a sentence in both languages", () => {
    const text = fc.string({ unit: "binary" })
    const draft = fc.record({
      name: text,
      description: text,
      website: text,
      logoUrl: text,
      profile: text,
      clientType: text,
      redirectUris: fc.array(fc.oneof(text, fc.webUrl({ withFragments: true, withQueryParameters: true }))),
      scopes: fc.array(fc.record({ scope: fc.constantFrom(...scopes), required: fc.boolean() })),
      legacyTokenErrors: fc.boolean(),
    })
    fc.assert(
      fc.property(draft, (one) => {
        const result = checkClientDraft(one)
        for (const fault of "faults" in result ? result.faults : []) {
          for (const language of ["vi", "en"] as const) assert.ok(clientFaultText(fault, language).length > 10)
        }
      }),
    )
  })

  it("names the character of a redirect URI, counted as people count", () => {
    fc.assert(
      fc.property(fc.webPath(), fc.constantFrom(" ", "\\", "é", "／", "\u200b"), (path, wrong) => {
        const uri = `https://shop.example${path}${wrong}x`
        const fault = findRedirectUriFault(uri, "sepay")
        assert.ok(fault?.kind === "character")
        assert.equal(uri.slice(fault.at, fault.at + fault.character.length), wrong)
        assert.ok(redirectUriFaultText(fault, "en").startsWith(`Character ${fault.at + 1}`))
      }),
    )
  })

  it("takes no redirect URI that a browser reads as another one", () => {
    for (const uri of [
      "https:shop.example/cb",
      "https:///shop.example",
      "https:\\\\shop.example",
      "HTTP://shop.example/",
    ]) {
      assert.notEqual(findRedirectUriFault(uri, "oauth21"), undefined, uri)
    }
  })

  it("is searched without case and marks", () => {
    assert.equal(nameKey("Cửa Hàng ĐỘC"), "cua hang doc")
  })
})

describe("the kind of a picture (contract/oauth.md §15)", () => {
  // The smallest there are, of 3 × 2 pixels and as their specifications draw them.
  const jpeg = Buffer.from("ffd8ffe000104a46494600010100000100010000ffc0000b080002000301011100ffd9", "hex")
  const lossy = Buffer.from("524946461a000000574542505650382010000000300100", "hex")
  const vp8 = Buffer.concat([lossy, Buffer.from("9d012a03000200", "hex")])
  const vp8l = Buffer.concat([
    Buffer.from("52494646160000005745425056503 84c0a0000002f".replaceAll(" ", ""), "hex"),
    Buffer.from([2, 0x40, 0, 0]),
    Buffer.alloc(8),
  ])
  const vp8x = Buffer.concat([
    Buffer.from("524946461e00000057454250565038580a000000", "hex"),
    Buffer.alloc(4),
    Buffer.from("020000010000", "hex"),
  ])

  it("is read from its own bytes, with its size", () => {
    const size = { width: 3, height: 2 }
    assert.deepEqual(readImageKind(aPng(3, 2)), { mediaType: "image/png", ...size })
    assert.deepEqual(readImageKind(jpeg), { mediaType: "image/jpeg", ...size })
    for (const webp of [vp8, vp8l, vp8x]) assert.deepEqual(readImageKind(webp), { mediaType: "image/webp", ...size })
  })

  it("is none for anything else, however it begins or breaks off, and reading never throws", () => {
    for (const text of ["<svg xmlns='http://www.w3.org/2000/svg'/>", "GIF89a", "", "BM", "<!doctype html>"]) {
      assert.equal(readImageKind(Buffer.from(text.padEnd(64))), undefined)
    }
    const wholes = [aPng(3, 2), jpeg, vp8, vp8l, vp8x]
    fc.assert(
      fc.property(fc.constantFrom(...wholes), fc.nat(64), fc.uint8Array({ maxLength: 40 }), (whole, length, tail) => {
        readImageKind(Buffer.concat([whole.subarray(0, length), tail]))
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const kind = readImageKind(Buffer.from(bytes))
        assert.ok(kind === undefined || kind.width > 0)
      }),
    )
  })
})
