import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import type { Clock } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { unseal } from "../crypto/seal.ts"
import type { Queries } from "../database/engine.ts"
import { publishedAfterRetiringMs, sealPurpose } from "./signing-key.ts"
import { listSigningKeyRows, type PublicJwk, type SigningKeyRecord } from "./signing-keys.store.ts"

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

/** The signing keys as this process knows them. */
export interface KeySet {
  /** The key that signs now. @throws Error when there is none */
  active(): SigningKey
  /** Whether there is one. */
  canSign(): boolean
  /** The private key of that kid, retired ones too, while it is kept: for answers that must not change. */
  signing(kid: string): SigningKey | undefined
  /** The public key of that kid while it is published. */
  verifying(kid: string): KeyObject | undefined
  /** What `/oauth/jwks.json` shows. */
  published(): readonly PublicJwk[]
  /** Grows with every change, so that what was verified under older keys can be told. */
  version(): number
  reload(): Promise<void>
}

interface Loaded {
  readonly record: SigningKeyRecord
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject | undefined
}

/** Reads the keys; call `reload` first and on every change. */
export function createKeySet(db: Queries, keyring: Keyring, clock: Clock): KeySet {
  let keys: ReadonlyMap<string, Loaded> = new Map()
  let activeKey: SigningKey | undefined
  let version = 0

  function isPublished({ record }: Loaded): boolean {
    if (record.state === "burned") return false
    return record.retiredAt === null || clock.now() < record.retiredAt + publishedAfterRetiringMs
  }

  return {
    active: () => {
      if (activeKey === undefined) throw new Error("There is no active signing key.")
      return activeKey
    },
    canSign: () => activeKey !== undefined,
    signing: (kid) => {
      const key = keys.get(kid)
      return key?.privateKey === undefined ? undefined : { kid, privateKey: key.privateKey }
    },
    verifying: (kid) => {
      const key = keys.get(kid)
      return key !== undefined && isPublished(key) ? key.publicKey : undefined
    },
    published: () => [...keys.values()].filter(isPublished).map(({ record }) => record.publicJwk),
    version: () => version,
    reload: async () => {
      const records = await listSigningKeyRows(db)
      keys = new Map(records.map((record) => [record.kid, load(record, keyring)]))
      const active = records.find((record) => record.state === "active")
      const privateKey = active === undefined ? undefined : keys.get(active.kid)?.privateKey
      activeKey = active === undefined || privateKey === undefined ? undefined : { kid: active.kid, privateKey }
      version++
    },
  }
}

function load(record: SigningKeyRecord, keyring: Keyring): Loaded {
  const publicKey = createPublicKey({ key: { ...record.publicJwk }, format: "jwk" })
  if (record.sealedPrivateKey === null) return { record, publicKey, privateKey: undefined }
  const privateKey = createPrivateKey(unseal(keyring, sealPurpose(record.kid), record.sealedPrivateKey))
  return { record, publicKey, privateKey }
}
