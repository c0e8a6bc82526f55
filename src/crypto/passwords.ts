import { argon2, randomBytes, timingSafeEqual } from "node:crypto"
import { promisify } from "node:util"

// OWASP's second argon2id choice: 19 MiB, two passes; its password storage cheat sheet counts it equal to the first.
const memoryKib = 19_456
const passes = 2
const parallelism = 1

const argon2id = promisify(
  (
    parameters: { message: string; nonce: Buffer; memory: number; passes: number; parallelism: number },
    done: (error: Error | null, key: Buffer) => void,
  ) => argon2("argon2id", { ...parameters, tagLength: 32 }, done),
)

/** Hashes a password with argon2id (RFC 9106) in the PHC string form. Takes some 20 ms on the thread pool. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await argon2id({ message: password.normalize("NFKC"), nonce, memory: memoryKib, passes, parallelism })
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

/** Whether the password is the one hashed; reads the cost from the hash, so older hashes keep working. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash)
  if (match === null) return false
  const [, memory, time, lanes, nonce = "", expected = ""] = match
  const tag = await argon2id({
    message: password.normalize("NFKC"),
    nonce: Buffer.from(nonce, "base64"),
    memory: Number(memory),
    passes: Number(time),
    parallelism: Number(lanes),
  })
  const wanted = Buffer.from(expected, "base64")
  return wanted.length === tag.length && timingSafeEqual(wanted, tag)
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "")
}
