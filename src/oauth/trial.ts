import { randomBytes } from "node:crypto"
import { type Clock, type Instant, instantAfter } from "../clock.ts"
import type { Config } from "../config.ts"
import { constantTimeEqual, hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import { seal, unseal } from "../crypto/seal.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { AuthorizationRequest } from "./authorization-request.ts"
import type { Client } from "./clients.store.ts"
import { exactly } from "./exact-reason.ts"
import { findManagedClient } from "./managed-clients.store.ts"
import { AuthorizationPageError } from "./oauth-error.ts"
import { challengeOf } from "./pkce.ts"
import type { Scope } from "./protocol.ts"
import { onlyValue } from "./raw-parameters.ts"
import type { TokenAnswer } from "./token-answer.ts"
import { endFamily } from "./token-families.store.ts"
import { type TrialDoor, trialCallbackPath } from "./trial-door.ts"
import {
  deleteTrial,
  findTrialByState,
  findTrialOfSession,
  findTrialRow,
  insertTrial,
  listExpiredTrials,
  type TrialRow,
} from "./trials.store.ts"

/** How long a trial lives, and with it the tokens it got. */
export const trialLifetimeMs = 15 * 60_000

/** Who runs a trial: a session of the app's own company. */
export interface TrialSession {
  readonly publicId: string
  readonly companyId: number
}

/** One request of a trial and its answer, as the page shows them: without a secret, code or token in them. */
export interface TrialStep {
  readonly kind: "authorize" | "callback" | "exchange" | "refresh" | "call" | "revoke"
  readonly request: string
  readonly status: number | null
  readonly answer: string
}

/** What a trial holds while it lives; sealed in its row, never in a page. */
export interface TrialState {
  readonly state: string
  readonly verifier: string
  readonly scope: readonly Scope[]
  readonly code: string | null
  readonly tokens: TokenAnswer | null
  readonly steps: readonly TrialStep[]
}

/** A trial of the session, opened. */
export interface Trial {
  readonly id: number
  /** A form of the page carries it: sent twice, its step is done once. */
  readonly turn: number
  readonly expiresAt: Instant
  readonly familyId: TrialRow["familyId"]
  readonly stateHash: string
  readonly held: TrialState
}

/** The door of the authorization endpoint for requests of the Try it page (docs/decisions/0018-try-it.md). */
export function trialDoor({ url, keyring }: Config, clock: Clock): TrialDoor {
  return {
    redirectUri: `${url}${trialCallbackPath}`,
    findTrial: async (db, client, parameters) => {
      const state = onlyValue(parameters.get("state"))
      const challenge = onlyValue(parameters.get("code_challenge"))
      if (state === undefined || challenge === undefined) return undefined
      const trial = await findTrialByState(db, hashCandidates(keyring, state))
      if (trial === undefined || trial.expiresAt <= clock.now()) return undefined
      const matches = trial.clientRowId === client.rowId && constantTimeEqual(trial.codeChallenge, challenge)
      return matches ? trial.id : undefined
    },
  }
}

/**
 * Lets a request that the Try it page made go on in no session but the one it was made in.
 *
 * @throws AuthorizationPageError unregistered_redirect_uri
 */
export async function requireOwnTrial(
  db: Queries,
  { trialId, clientId, redirectUri }: AuthorizationRequest,
  session: TrialSession,
  now: Instant,
): Promise<void> {
  if (trialId === undefined) return
  const trial = await findTrialRow(db, trialId)
  if (trial !== undefined && isOwn(trial, session, now)) return
  throw new AuthorizationPageError("unregistered_redirect_uri", {
    redirectUri,
    clientId,
    exact: exactly("try_not_yours"),
  })
}

function isOwn(trial: TrialRow, session: TrialSession, now: Instant): boolean {
  return trial.sessionId === session.publicId && trial.companyId === session.companyId && now < trial.expiresAt
}

/** Begins a trial of an app of the session's company; one that was under way ends, with its tokens. */
export async function beginTrial(
  db: Database,
  keyring: Keyring,
  trial: { readonly client: Client; readonly session: TrialSession; readonly scope: readonly Scope[] },
  now: Instant,
): Promise<void> {
  const { client, session, scope } = trial
  if (client.companyId !== session.companyId) throw new Error("A trial is for an app of one's own company.")
  const state = randomBytes(24).toString("base64url")
  const verifier = randomBytes(32).toString("base64url")
  const stateHash = hashSecret(keyring.current, state)
  const held: TrialState = { state, verifier, scope, code: null, tokens: null, steps: [] }
  await transaction(db, async (tx) => {
    // Of a double click the second waits here, and then sees the trial of the first.
    await findManagedClient(tx, client.clientId, client.companyId, "lock")
    const old = await findTrialOfSession(tx, session.publicId, client.rowId)
    if (old !== undefined) await dropTrial(tx, old, now)
    await insertTrial(tx, {
      clientRowId: client.rowId,
      sessionId: session.publicId,
      companyId: session.companyId,
      stateHash,
      codeChallenge: challengeOf(verifier),
      sealed: sealState(keyring, stateHash, held),
      expiresAt: instantAfter(now, trialLifetimeMs),
    })
  })
}

/** The trial that the session has under way with the app. */
export async function findTrial(
  db: Queries,
  keyring: Keyring,
  { client, session }: { readonly client: Client; readonly session: TrialSession },
  now: Instant,
): Promise<Trial | undefined> {
  const row = await findTrialOfSession(db, session.publicId, client.rowId)
  return row === undefined || !isOwn(row, session, now) ? undefined : openTrial(keyring, row)
}

/** The trial of the session that waits for the answer with this state, and the row id of its app. */
export async function findTrialOfState(
  db: Queries,
  keyring: Keyring,
  { state, session }: { readonly state: string; readonly session: TrialSession },
  now: Instant,
): Promise<{ readonly trial: Trial; readonly clientRowId: number } | undefined> {
  const row = await findTrialByState(db, hashCandidates(keyring, state))
  if (row === undefined || !isOwn(row, session, now)) return undefined
  return { trial: openTrial(keyring, row), clientRowId: row.clientRowId }
}

function openTrial(keyring: Keyring, row: TrialRow): Trial {
  const { id, turn, expiresAt, familyId, stateHash } = row
  const held = JSON.parse(unseal(keyring, purposeOf(stateHash), row.sealed)) as TrialState
  return { id, turn, expiresAt, familyId, stateHash, held }
}

/** Seals what a trial holds; only its own row can be opened with it. */
export function sealState(keyring: Keyring, stateHash: string, held: TrialState): string {
  return seal(keyring, purposeOf(stateHash), JSON.stringify(held))
}

function purposeOf(stateHash: string): string {
  return `trial ${stateHash}`
}

/** Ends the session's trial with the app, with its tokens, if there is one. */
export async function endTrial(
  db: Database,
  { client, session }: { readonly client: Client; readonly session: TrialSession },
  now: Instant,
): Promise<void> {
  await transaction(db, async (tx) => {
    const trial = await findTrialOfSession(tx, session.publicId, client.rowId)
    if (trial !== undefined) await dropTrial(tx, trial, now)
  })
}

/** Ends trials whose time is over, with their tokens: a small batch. @returns how many */
export async function cleanTrials(tx: Queries, now: Instant, limit: number): Promise<number> {
  const over = await listExpiredTrials(tx, now, limit)
  for (const trial of over) await dropTrial(tx, trial, now)
  return over.length
}

async function dropTrial(tx: Queries, { id, familyId }: TrialRow, now: Instant): Promise<void> {
  await deleteTrial(tx, id)
  if (familyId === null || !(await endFamily(tx, familyId, "trial_over", now))) return
  await recordAccessChange(tx, "family", familyId, now)
}
