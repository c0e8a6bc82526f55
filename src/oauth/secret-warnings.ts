import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { Mail } from "../mail.ts"
import { writeSecretWarnings } from "./app-mails.ts"
import { lockEndingSecrets, updateSecretWarnings } from "./client-secrets.store.ts"

const dayMs = 86_400_000
const batch = 100

/**
 * Warns the owners of apps whose secret ends in three days or in one and was used in the last 24 hours: each warning once, noted
 * before it is sent (contract/oauth.md §15, "Secrets").
 *
 * @returns how many secrets were warned of
 */
export async function warnOfEndingSecrets(
  parts: { readonly db: Database; readonly siteUrl: string; readonly send: (mail: Mail) => void },
  now: Instant,
): Promise<number> {
  const { db, siteUrl, send } = parts
  const due = await transaction(db, async (tx) => {
    const ending = await lockEndingSecrets(tx, {
      now,
      endsBefore: instantAfter(now, 3 * dayMs),
      lastBefore: instantAfter(now, dayMs),
      usedAfter: instantAfter(now, -dayMs),
      limit: batch,
    })
    for (const secret of ending) await updateSecretWarnings(tx, secret.id, warningsDue(secret.expiresAt, now))
    return ending
  })
  for (const secret of due) {
    const { clientRowId: rowId, clientId, name } = secret
    for (const mail of await writeSecretWarnings(db, siteUrl, { rowId, clientId, name }, secret)) send(mail)
  }
  return due.length
}

function warningsDue(expiresAt: Instant, now: Instant): number {
  return expiresAt - now <= dayMs ? 2 : 1
}
