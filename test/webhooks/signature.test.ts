import assert from "node:assert/strict"
import { suite, test } from "node:test"
import fc from "fast-check"
import { Webhook as StandardWebhook } from "standardwebhooks"
import { Webhook as SvixWebhook } from "svix"
import { systemClock, unixSeconds } from "../../src/clock.ts"
import { renderBody } from "../../src/webhooks/request-body.ts"
import {
  hmacHeaders,
  isRawSecret,
  newApiKey,
  newWebhookSecret,
  sepaySignature,
  standardSignature,
} from "../../src/webhooks/signature.ts"
import { contentTypes, type RequestContentType } from "../../src/webhooks/webhook.ts"
import { demoMessageId, demoSecret, demoTimestamp, f1, f2, j1, j2 } from "./signature-vectors.ts"

const s3Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

suite("SePay's signature (contract/webhooks.md §2.1)", () => {
  for (const [name, secret, text, signature] of [
    ["J1", demoSecret, j1, "28f06e8a0b93a1e3368e27f6eac31e83fe775e3e11a046db0b02d5d6e56e329d"],
    ["J2", demoSecret, j2, "0e25b73da99695f99fe10e8037a19a6bcac022cb9d955460bc82290d409791ba"],
    ["F1", demoSecret, f1, "fdf4dad17939cce2d89550e343525bf9205fb074ab7590b73b6ec9dcbaa9b1b1"],
    ["F2", demoSecret, f2, "dcfe24fb62cce617bb963cb6800c71a5e42def27a82e66b3e0f3c2d86fd85127"],
    ["S3", s3Secret, j1, "5b588822567547251eaceca5f4429182b9018f2a4fb8ca1ab7a40114b4374d13"],
  ] as const) {
    test(`vector ${name} comes out`, () => {
      assert.equal(sepaySignature(secret, demoTimestamp, Buffer.from(text)), `sha256=${signature}`)
    })
  }
})

suite("the Standard Webhooks signature (contract/webhooks.md §2.2)", () => {
  for (const [name, secret, id, timestamp, text, signature] of [
    [
      ...["S1", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"],
      ...[1_614_265_330, '{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    ],
    ["S2", demoSecret, demoMessageId, demoTimestamp, j1, "v1,K+TDU54yJlSWASitsOzKJbK2juNr4XLcInxocCWkhpA="],
    ["S3", s3Secret, demoMessageId, demoTimestamp, j1, "v1,DeodlHWnsrNyEBc9q3SkZlGtGbYxNIuXpg54OKTgpzE="],
  ] as [string, string, string, number, string, string][]) {
    test(`vector ${name} comes out`, () => {
      assert.equal(standardSignature(secret, id, timestamp, Buffer.from(text)), signature)
    })
  }

  test("a secret without its padding signs as the one with it", () => {
    const sign = (secret: string) => standardSignature(secret, demoMessageId, demoTimestamp, Buffer.from(j1))
    assert.equal(sign(s3Secret.replace("=", "")), sign(s3Secret))
  })

  for (const [secret, raw, why] of [
    [`whsec_${Buffer.alloc(23).toString("base64")}`, true, "23 bytes"],
    [`whsec_${Buffer.alloc(24).toString("base64")}`, false, "24 bytes"],
    [`whsec_${Buffer.alloc(64).toString("base64")}`, false, "64 bytes"],
    [`whsec_${Buffer.alloc(64).toString("base64").replaceAll("=", "")}`, false, "64 bytes without padding"],
    [`whsec_${Buffer.alloc(65).toString("base64")}`, true, "65 bytes"],
    [`whsec_${Buffer.alloc(32).toString("base64")}=`, true, "too much padding"],
    [`whsec_${"A".repeat(42)}=`, true, "too little padding"],
    [`whsec_${"A".repeat(41)}`, true, "a length that no base64 has"],
    [`whsec_${"-_".repeat(16)}`, true, "the URL alphabet"],
    [`WHSEC_${"A".repeat(32)}`, true, "another prefix"],
    ["A".repeat(32), true, "no prefix"],
    ["whsec_", true, "nothing after the prefix"],
    [demoSecret, true, "text"],
  ] as const) {
    test(`a secret with ${why} is ${raw ? "raw" : "decoded"}`, () => assert.equal(isRawSecret(secret), raw))
  }
})

suite("new credentials (contract/webhooks.md §2, §2.2)", () => {
  test("a secret is whsec_ and 32 bytes in base64, an API key 32 letters and digits, and each is new", () => {
    const secrets = new Set(Array.from({ length: 50 }, newWebhookSecret))
    const keys = new Set(Array.from({ length: 50 }, newApiKey))
    assert.equal(secrets.size + keys.size, 100)
    for (const secret of secrets) {
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
      assert(!isRawSecret(secret))
    }
    for (const key of keys) assert.match(key, /^[A-Za-z0-9]{32}$/)
  })
})

suite("the headers of HMAC_SHA256 (contract/webhooks.md §2, §2.2, §2.3)", () => {
  const body = renderBody("Json", j1, "019b0d3f-5c2a-7e41-8a6b-3f0c9d1e2b47")
  const common = { messageId: demoMessageId, timestamp: demoTimestamp, body }

  test("are SePay's two and the three of Standard Webhooks", () => {
    assert.deepEqual(hmacHeaders({ active: s3Secret, ...common }), [
      ["X-SePay-Timestamp", "1765432100"],
      ["X-SePay-Signature", "sha256=5b588822567547251eaceca5f4429182b9018f2a4fb8ca1ab7a40114b4374d13"],
      ["webhook-id", demoMessageId],
      ["webhook-timestamp", "1765432100"],
      ["webhook-signature", "v1,DeodlHWnsrNyEBc9q3SkZlGtGbYxNIuXpg54OKTgpzE="],
    ])
  })

  test("carry both Standard Webhooks values while a secret rolls, and SePay's of the active secret", () => {
    const headers = new Map(hmacHeaders({ active: demoSecret, other: s3Secret, ...common }))
    assert.equal(
      headers.get("webhook-signature"),
      "v1,K+TDU54yJlSWASitsOzKJbK2juNr4XLcInxocCWkhpA= v1,DeodlHWnsrNyEBc9q3SkZlGtGbYxNIuXpg54OKTgpzE=",
    )
    assert.equal(
      headers.get("X-SePay-Signature"),
      "sha256=28f06e8a0b93a1e3368e27f6eac31e83fe775e3e11a046db0b02d5d6e56e329d",
    )
  })

  test("cover the bytes on the wire in every content type, SePay's the urlencoded rendering of multipart", () => {
    for (const contentType of contentTypes) {
      const rendered = renderBody(contentType, j2, "019b0d3f-5c2a-7e41-8a6b-3f0c9d1e2b47")
      const headers = new Map(hmacHeaders({ active: demoSecret, ...common, body: rendered }))
      const standard = standardSignature(demoSecret, demoMessageId, demoTimestamp, rendered.bytes)
      assert.equal(headers.get("webhook-signature"), standard)
      const signed = Buffer.from(contentType === "Json" ? j2 : f2)
      assert.equal(headers.get("X-SePay-Signature"), sepaySignature(demoSecret, demoTimestamp, signed))
    }
  })
})

suite("receivers with the published libraries (contract/webhooks.md §2.2, §12 row 1)", () => {
  type Verify = (secret: string, text: string, headers: Record<string, string>, format?: "raw") => void
  const libraries: Record<string, Verify> = {
    standardwebhooks: (secret, text, headers, format) => {
      new StandardWebhook(secret, { ...(format && { format }) }).verify(text, headers, { jsonParse: false })
    },
    svix: (secret, text, headers, format) => {
      new SvixWebhook(secret, { ...(format && { format }) }).verify(text, headers)
    },
  }

  /** A delivery made now: the libraries read the machine's clock. */
  const deliver = (active: string, other?: string, contentType: RequestContentType = "Json") => {
    const body = renderBody(contentType, j2, "019b0d3f-5c2a-7e41-8a6b-3f0c9d1e2b47")
    const timestamp = unixSeconds(systemClock.now())
    const headers = hmacHeaders({ active, other, messageId: demoMessageId, timestamp, body })
    return [body.bytes.toString(), Object.fromEntries(headers)] as const
  }

  for (const [name, verify] of Object.entries(libraries)) {
    test(`${name} verifies under secrets of every length, with and without padding`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.boolean(), (bytes, padded) => {
          const encoded = Buffer.from(bytes).toString("base64")
          const secret = `whsec_${padded ? encoded : encoded.replaceAll("=", "")}`
          verify(secret, ...deliver(secret))
        }),
      )
    })

    test(`${name} verifies with either secret of a roll, and with no third one`, () => {
      const [active, other] = [newWebhookSecret(), newWebhookSecret()]
      const delivery = deliver(active, other)
      verify(active, ...delivery)
      verify(other, ...delivery)
      assert.throws(() => verify(newWebhookSecret(), ...delivery), /signature/i)
    })

    test(`${name} verifies a text secret in its raw format`, () => verify(demoSecret, ...deliver(demoSecret), "raw"))

    test(`${name} verifies form bodies as they are on the wire, and no other bytes`, () => {
      const secret = newWebhookSecret()
      for (const contentType of contentTypes) {
        const [text, headers] = deliver(secret, undefined, contentType)
        verify(secret, text, headers)
        assert.throws(() => verify(secret, `${text} `, headers), /signature/i)
      }
    })
  }
})
