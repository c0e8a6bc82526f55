import { type Instant, instantAfter } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { seal, unseal } from "../crypto/seal.ts"
import { newSecret } from "../crypto/secrets.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import {
  insertClientSecret,
  type ListedSecret,
  listActiveSecrets,
  lockUnseenSecret,
  markSecretSeen,
  updateSecretExpiry,
} from "./client-secrets.store.ts"
import { type ClientManager, getManagedClient, recordStep } from "./manage-client.ts"
import { findManagedClient, type ManagedClient } from "./managed-clients.store.ts"

export type { ListedSecret } from "./client-secrets.store.ts"

const maximumActive = 2
const dayMs = 86_400_000
const longestOverlapSeconds = 90 * 86_400

/** How long a new secret can be looked at, once. */
export const unseenSecretMs = 10 * 60_000

const unseenPurpose = "client secret until seen"

/**
 * Makes a secret for a client and stores its keyed hash. The secret itself is returned this once.
 *
 * @param shownTo the user who may also see it once by `revealSecret`
 */
export async function issueClientSecret(
  tx: Queries,
  keyring: Keyring,
  clientRowId: number,
  now: Instant,
  shownTo?: number,
): Promise<string> {
  const secret = newSecret("sepay_cs_")
  await insertClientSecret(tx, {
    clientRowId,
    secretHash: hashSecret(keyring.current, secret),
    lastCharacters: secret.slice(-4),
    createdAt: now,
    unseen: shownTo === undefined ? undefined : { sealed: seal(keyring, unseenPurpose, secret), userId: shownTo },
  })
  return secret
}

/**
 * Gives a client a new secret and its old one an end (contract/oauth.md §15, "Secrets"), as an operator does at the command line.
 *
 * @param oldExpiresInSeconds how long the old secret still works: 0 (ends now), or 1 h to 90 days
 * @throws Refusal not_found, invalid, conflict (two secrets are active already)
 */
export async function rotateClientSecret(
  db: Database,
  keyring: Keyring,
  clientId: string,
  oldExpiresInSeconds: number,
  now: Instant,
): Promise<string> {
  checkOverlap(oldExpiresInSeconds)
  return transaction(db, async (tx) => {
    const client = await findManagedClient(tx, clientId, undefined, "lock")
    if (client === undefined) throw new Refusal("not_found", `No app has the client_id ${clientId}.`)
    await makeRoom(tx, client, oldExpiresInSeconds, now)
    await recordAudit(tx, now, {
      companyId: client.companyId,
      actor: { kind: "operator" },
      action: "client.secret_make",
      subjectId: client.rowId,
      details: { client_id: client.clientId, name: client.values.name, old_expires_in: oldExpiresInSeconds },
    })
    return issueClientSecret(tx, keyring, client.rowId, now)
  })
}

/** What stands in the way of a new secret. */
export type RotationProblem = "public_client" | "two_active" | "overlap" | "made_meanwhile"

/** No secret was made; thrown, so that the form which asked for it counts as not sent. */
export class RotationRefused extends Error {
  override readonly name = "RotationRefused"
  readonly problem: RotationProblem

  constructor(problem: RotationProblem) {
    super(`No secret was made: ${problem}`)
    this.problem = problem
  }
}

export interface Rotation {
  readonly clientId: string
  readonly oldExpiresInSeconds: number
  /** Id of the newest secret that the form knew, 0 for none; undefined: it did not say. */
  readonly newestKnown: number | undefined
}

/**
 * Gives an app of the manager's company a new secret, within the transaction of the form that asks for it; whoever made it may see
 * it once (`revealSecret`).
 *
 * @throws Refusal not_found
 * @throws RotationRefused
 */
export async function makeManagedSecret(
  tx: Queries,
  keyring: Keyring,
  manager: ClientManager,
  { clientId, oldExpiresInSeconds, newestKnown }: Rotation,
  now: Instant,
): Promise<void> {
  if (!isOverlap(oldExpiresInSeconds)) throw new RotationRefused("overlap")
  const client = await getManagedClient(tx, manager, clientId, "lock")
  if (client.values.clientType === "public") throw new RotationRefused("public_client")
  const active = await listActiveSecrets(tx, client.rowId, now)
  const newest = active.at(-1)?.id ?? 0
  // Ending "the old secret" now must not end one that was made a moment ago in another tab.
  if (newestKnown !== undefined && newestKnown < newest) throw new RotationRefused("made_meanwhile")
  if (active.length >= maximumActive && oldExpiresInSeconds !== 0) throw new RotationRefused("two_active")
  await endOthers(tx, active, oldExpiresInSeconds, now)
  await issueClientSecret(tx, keyring, client.rowId, now, manager.userId)
  await recordStep(tx, now, manager, client, "client.secret_make", { old_expires_in: oldExpiresInSeconds })
}

async function makeRoom(tx: Queries, client: ManagedClient, oldExpiresInSeconds: number, now: Instant): Promise<void> {
  if (client.values.clientType === "public") throw new Refusal("invalid", "A public client has no secret.")
  const active = await listActiveSecrets(tx, client.rowId, now)
  if (active.length >= maximumActive && oldExpiresInSeconds !== 0) {
    throw new Refusal("conflict", "Two secrets are active: wait for the older to expire, or end both now with 0.")
  }
  await endOthers(tx, active, oldExpiresInSeconds, now)
}

async function endOthers(tx: Queries, active: readonly ListedSecret[], inSeconds: number, now: Instant): Promise<void> {
  const expiresAt = instantAfter(now, inSeconds * 1000)
  for (const secret of active) {
    if (secret.expiresAt !== null && secret.expiresAt <= expiresAt) continue
    await updateSecretExpiry(tx, secret.id, { expiresAt, warnings: warningsBehind(inSeconds * 1000) })
  }
}

// Whoever chooses an end that is nearer than a warning knows of it already.
function warningsBehind(endsInMs: number): number {
  if (endsInMs <= dayMs) return 2
  return endsInMs <= 3 * dayMs ? 1 : 0
}

function isOverlap(seconds: number): boolean {
  return seconds === 0 || (Number.isSafeInteger(seconds) && seconds >= 3600 && seconds <= longestOverlapSeconds)
}

function checkOverlap(seconds: number): void {
  if (isOverlap(seconds)) return
  throw new Refusal("invalid", "old_expires_in takes 0, or 3600 (1 hour) to 7776000 (90 days) seconds")
}

/** The secrets of an app that work now, oldest first. */
export function listSecrets(db: Queries, client: ManagedClient, now: Instant): Promise<readonly ListedSecret[]> {
  return listActiveSecrets(db, client.rowId, now)
}

/**
 * One of the secrets that work now.
 *
 * @throws Refusal not_found
 */
export async function getSecret(
  db: Queries,
  client: ManagedClient,
  secretId: number,
  now: Instant,
): Promise<ListedSecret> {
  const secret = (await listActiveSecrets(db, client.rowId, now)).find(({ id }) => id === secretId)
  if (secret === undefined) throw new Refusal("not_found", `There is no secret ${secretId} that works.`)
  return secret
}

/**
 * Ends a secret now.
 *
 * @throws Refusal not_found (also when it has ended already)
 */
export function expireSecret(
  db: Database,
  manager: ClientManager,
  of: { readonly clientId: string; readonly secretId: number },
  now: Instant,
): Promise<void> {
  return transaction(db, async (tx) => {
    const client = await getManagedClient(tx, manager, of.clientId, "lock")
    const secret = await getSecret(tx, client, of.secretId, now)
    await updateSecretExpiry(tx, secret.id, { expiresAt: now, warnings: 2 })
    await markSecretSeen(tx, secret.id)
    await recordStep(tx, now, manager, client, "client.secret_end", { last_characters: secret.lastCharacters })
  })
}

/**
 * The secret that the manager has just made, this once: from then on nobody can see it (contract/oauth.md §15).
 *
 * @returns undefined when there is none, when it was seen, or after ten minutes
 */
export async function revealSecret(
  db: Database,
  keyring: Keyring,
  manager: ClientManager,
  client: ManagedClient,
  now: Instant,
): Promise<string | undefined> {
  const madeAfter = instantAfter(now, -unseenSecretMs)
  const sealed = await transaction(db, async (tx) => {
    const unseen = await lockUnseenSecret(tx, client.rowId, manager.userId, madeAfter)
    if (unseen !== undefined) await markSecretSeen(tx, unseen.id)
    return unseen?.sealed
  })
  return sealed === undefined ? undefined : unseal(keyring, unseenPurpose, sealed)
}
