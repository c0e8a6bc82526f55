import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto"

/** The keys that stem from one server secret, each for one purpose (HKDF, RFC 5869). */
export interface ServerKeys {
  /** Names the secret in rows; tells nothing about it. */
  readonly id: string
  readonly hash: Buffer
  readonly seal: Buffer
  readonly rotation: Buffer
  readonly form: Buffer
}

/** The server's secrets, newest first: the first writes, all read (docs/operations.md). */
export interface Keyring {
  readonly current: ServerKeys
  readonly all: readonly ServerKeys[]
}

/** Derives the keys of each secret. `secrets` is not empty; each has 32 bytes or more. */
export function createKeyring(secrets: readonly string[]): Keyring {
  const all = secrets.map(deriveKeys)
  const current = all[0]
  if (current === undefined) throw new RangeError("A keyring needs a secret.")
  return { current, all }
}

function deriveKeys(secret: string): ServerKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "", `sepay ${purpose}`, 32))
  return {
    id: createHash("sha256").update(derive("id")).digest("hex").slice(0, 8),
    hash: derive("hash"),
    seal: derive("seal"),
    rotation: derive("rotation"),
    form: derive("form"),
  }
}

/**
 * The keyed hash under which a secret is stored: key id, a dot, HMAC-SHA-256 in base64url (contract/oauth.md §4). The
 * row thus names its key, so that keys can rotate.
 */
export function hashSecret(keys: ServerKeys, secret: string): string {
  return `${keys.id}.${createHmac("sha256", keys.hash).update(secret).digest("base64url")}`
}

/** The hash under every key of the ring, newest first: what to look a presented secret up by. */
export function hashCandidates(keyring: Keyring, secret: string): readonly string[] {
  return keyring.all.map((keys) => hashSecret(keys, secret))
}

/** The keys of that id, or undefined when their secret has left the ring. */
export function keysOfId(keyring: Keyring, id: string): ServerKeys | undefined {
  return keyring.all.find((keys) => keys.id === id)
}

/** Equality that takes the same time wherever the first difference is. */
export function constantTimeEqual(left: string, right: string): boolean {
  const a = createHash("sha256").update(left).digest()
  const b = createHash("sha256").update(right).digest()
  return timingSafeEqual(a, b)
}
