import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { createKeyring, hashCandidates, hashSecret } from "../../src/crypto/keyring.ts"
import { hashPassword, verifyPassword } from "../../src/crypto/passwords.ts"
import { SealBroken, seal, unseal } from "../../src/crypto/seal.ts"
import { encodeSecret, isWellFormedSecret, newSecret, successorToken } from "../../src/crypto/secrets.ts"

const oldSecret = "the first secret of this server, long enough"
const newerSecret = "the second secret of this server, long enough"

describe("secrets (contract/oauth.md §4)", () => {
  it("writes the contract's vectors", () => {
    const token = encodeSecret(
      "sepay_rt_",
      Uint8Array.from({ length: 32 }, (_, index) => index),
    )
    assert.equal(token, "sepay_rt_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0anU7N")
    const successor = "sepay_rt_dKs8KMdzpQcsHyk0F0E1pL3MxrLqlqaYES44hPVb1od4TT3WS"
    assert.equal(successorToken(Buffer.alloc(32, 0x0b), token), successor)
  })

  it("takes 32 bytes of any value to 58 characters that check, and refuses each changed character", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(48), fc.nat(60), (bytes, at, step) => {
        const token = encodeSecret("sepay_ac_", bytes)
        assert.match(token, /^sepay_ac_[0-9A-Za-z]{49}$/)
        assert.ok(isWellFormedSecret("sepay_ac_", token))
        assert.ok(!isWellFormedSecret("sepay_rt_", token))
        const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        const index = 9 + at
        const other = alphabet[(alphabet.indexOf(token[index] ?? "") + 1 + step) % 62] ?? ""
        assert.ok(!isWellFormedSecret("sepay_ac_", token.slice(0, index) + other + token.slice(index + 1)))
      }),
    )
  })

  it("never makes the same secret twice", () => {
    assert.equal(new Set(Array.from({ length: 1000 }, () => newSecret("sepay_cs_"))).size, 1000)
  })
})

describe("server keys", () => {
  it("finds what an older secret hashed and sealed once a newer one is in front", () => {
    const before = createKeyring([oldSecret])
    const after = createKeyring([newerSecret, oldSecret])
    assert.ok(hashCandidates(after, "token").includes(hashSecret(before.current, "token")))
    assert.equal(unseal(after, "purpose", seal(before, "purpose", "text")), "text")
    assert.throws(() => unseal(createKeyring([newerSecret]), "purpose", seal(before, "purpose", "text")), SealBroken)
  })

  it("opens a sealed value only for its purpose and only unchanged", () => {
    const keyring = createKeyring([oldSecret])
    const sealed = seal(keyring, "feed 1", "fs_secret")
    assert.throws(() => unseal(keyring, "feed 2", sealed), SealBroken)
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (at) => {
        const other = sealed[at] === "A" ? "B" : "A"
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
        // The spare bits of a last base64url character are the one change that changes nothing.
        const same = Buffer.from(changed.split(".")[2] ?? "", "base64url")
        if (same.equals(Buffer.from(sealed.split(".")[2] ?? "", "base64url")) && at > sealed.lastIndexOf(".")) return
        assert.throws(() => unseal(keyring, "feed 1", changed), SealBroken)
      }),
    )
  })
})

describe("passwords", () => {
  it("are kept as argon2id and recognised, in whichever Unicode form they are typed", async () => {
    const hash = await hashPassword("mật khẩu của tôi")
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.ok(await verifyPassword("mật khẩu của tôi".normalize("NFD"), hash))
    assert.ok(!(await verifyPassword("mật khẩu của tôi ", hash)))
    assert.ok(!(await verifyPassword("mật khẩu của tôi", "not a hash")))
  })
})
