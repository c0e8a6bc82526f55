// The ceiling of the token endpoint: RSA-2048 signatures of node:crypto, over bytes as long as our tokens.
import { generateKeyPairSync, sign } from "node:crypto"

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
const data = Buffer.alloc(420, "a")

process.on("message", ({ seconds }: { seconds: number }) => {
  const startedAt = performance.now()
  let signatures = 0
  let elapsedMs = 0
  while (elapsedMs < seconds * 1000) {
    for (let count = 0; count < 10; count++) sign("sha256", data, privateKey)
    signatures += 10
    elapsedMs = performance.now() - startedAt
  }
  process.send?.({ done: signatures, elapsedMs })
})
process.on("disconnect", () => process.exit())
