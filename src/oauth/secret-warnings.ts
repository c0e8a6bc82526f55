import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { Mailer } from "../mail.ts"
import { writeSecretWarnings } from "./app-mails.ts"
import { lockEndingSecrets, updateSecretWarnings } from "./client-secrets.store.ts"

const dayMs = 86_400_000
const batch = 100

/**
 * Warns the owners of apps whose secret ends in three days or in one and was used in the last 24 hours: each warning once, kept
 * with the note of it (contract/oauth.md §15, "Secrets").
 *
 * @returns how many secrets were warned of
 */
export async function warnOfEndingSecrets(
  parts: { readonly db: Database; readonly siteUrl: string; readonly mail: Pick<Mailer, "keep" | "wake"> },
  now: Instant,
): Promise<number> {
  const { db, siteUrl, mail } = parts
  const due = await transaction(db, async (tx) => {
    const ending = await lockEndingSecrets(tx, {
      now,
      endsBefore: instantAfter(now, 3 * dayMs),
      lastBefore: instantAfter(now, dayMs),
      usedAfter: instantAfter(now, -dayMs),
      limit: batch,
    })
    for (const secret of ending) {
      const { clientRowId: rowId, clientId, name } = secret
      await updateSecretWarnings(tx, secret.id, warningsDue(secret.expiresAt, now))
      await mail.keep(tx, await writeSecretWarnings(tx, siteUrl, { rowId, clientId, name }, secret))
    }
    return ending.length
  })
  if (due > 0) mail.wake()
  return due
}

function warningsDue(expiresAt: Instant, now: Instant): number {
  return expiresAt - now <= dayMs ? 2 : 1
}
