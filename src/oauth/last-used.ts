import type { Instant } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { updateSecretUse } from "./client-secrets.store.ts"
import { updateGrantUse } from "./grants.store.ts"

/** When grants and secrets were last used: kept in memory and written now and then, so that a request writes nothing. */
export interface LastUsed {
  grant(grantId: number, at: Instant): void
  secret(secretId: number, at: Instant, ip: string): void
  /**
   * Writes what came since the last time; to be called more often than once a minute (contract/oauth.md §15, §16). What
   * the database could not take is kept for the next time.
   *
   * @throws DatabaseUnavailable
   */
  flush(): Promise<void>
}

export function createLastUsed(db: Database): LastUsed {
  let grants = new Map<number, Instant>()
  let secrets = new Map<number, { at: Instant; ip: string }>()
  return {
    grant: (grantId, at) => {
      grants.set(grantId, at)
    },
    secret: (secretId, at, ip) => {
      secrets.set(secretId, { at, ip })
    },
    flush: async () => {
      if (grants.size === 0 && secrets.size === 0) return
      // In the order of their ids: two processes that write the same rows must not wait for each other crosswise.
      const usedGrants = [...grants].sort(([left], [right]) => left - right)
      const usedSecrets = [...secrets].sort(([left], [right]) => left - right)
      grants = new Map()
      secrets = new Map()
      try {
        await transaction(db, async (tx) => {
          for (const [grantId, at] of usedGrants) await updateGrantUse(tx, grantId, at)
          for (const [secretId, { at, ip }] of usedSecrets) await updateSecretUse(tx, secretId, at, ip)
        })
      } catch (error) {
        // What came meanwhile is newer, and goes over what is put back.
        grants = new Map([...usedGrants, ...grants])
        secrets = new Map([...usedSecrets, ...secrets])
        throw error
      }
    },
  }
}
