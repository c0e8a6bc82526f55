import type { Instant } from "../clock.ts"
import { transaction } from "../database/engine.ts"
import type { TokenServices } from "./authorization-code.ts"
import type { Client } from "./clients.store.ts"
import type { ExactReason } from "./exact-reason.ts"
import { OAuthError } from "./oauth-error.ts"
import { revokeToken } from "./revoke.ts"
import { signTokens, type TokenAnswer } from "./token-answer.ts"
import { type AskedGrant, checkMayUse, type GrantServices, redeemGrant, replayRefusal } from "./token-grant.ts"
import { sealState, type Trial, type TrialState, type TrialStep } from "./trial.ts"
import { trialCallbackPath } from "./trial-door.ts"
import { takeTurn, updateTrial } from "./trials.store.ts"

/** What a step came to; `again`: the form was sent before, and nothing was done. */
export type StepOutcome =
  | { readonly kind: "again" }
  | { readonly kind: "done"; readonly refusal: OAuthError | undefined; readonly accessEnded: boolean }

interface Change {
  readonly held: TrialState
  readonly familyId?: Trial["familyId"]
  readonly refusal?: OAuthError
  readonly accessEnded?: boolean
}

/** As much of a secret as may be shown, to recognise it by. */
export function shortened(secret: string): string {
  return `${secret.slice(0, 13)}…`
}

async function step(
  { db, config }: TokenServices,
  trial: Trial,
  turn: number,
  act: () => Change | Promise<Change>,
): Promise<StepOutcome> {
  if (!(await transaction(db, (tx) => takeTurn(tx, trial.id, turn)))) return { kind: "again" }
  const { held, familyId = trial.familyId, refusal, accessEnded = false } = await act()
  const sealed = sealState(config.keyring, trial.stateHash, held)
  await transaction(db, (tx) => updateTrial(tx, trial.id, { sealed, familyId }))
  return { kind: "done", refusal, accessEnded }
}

/** Keeps what came back in the authorization response. */
export function takeAnswer(
  services: TokenServices,
  trial: Trial,
  answer: { readonly code: string | undefined; readonly shown: string },
): Promise<StepOutcome> {
  return step(services, trial, trial.turn, () => ({
    held: withStep(
      { ...trial.held, code: answer.code ?? null },
      { kind: "callback", request: answer.shown, status: null, answer: "" },
    ),
  }))
}

/** Keeps a call of the API with its answer. */
export function keepCall(
  services: TokenServices,
  trial: Trial,
  turn: number,
  call: () => Promise<TrialStep>,
): Promise<StepOutcome> {
  return step(services, trial, turn, async () => ({ held: withStep(trial.held, await call()) }))
}

/**
 * Redeems the trial's code as the token endpoint does for an authenticated client. What stands in for the client's secret is
 * the session: its user may make a new secret at any time. The code is bound to the trial's verifier and redirect URI, and
 * only an answer to this session's own request brought it here.
 */
export function exchangeCode(
  services: GrantServices,
  client: Client,
  trial: Trial,
  turn: number,
  now: Instant,
): Promise<StepOutcome> {
  const { code, verifier } = trial.held
  const redirectUri = `${services.config.url}${trialCallbackPath}`
  return step(services, trial, turn, () => {
    const asked = { grantType: "authorization_code", code: code ?? "", redirectUri, codeVerifier: verifier } as const
    const shown = tokenRequest(client, {
      grant_type: "authorization_code",
      code: shortened(code ?? ""),
      redirect_uri: redirectUri,
      code_verifier: shortened(verifier),
    })
    return grant(services, client, trial, { kind: "exchange", asked, shown }, now)
  })
}

/** Refreshes the trial's tokens as the token endpoint does. */
export function refreshTokens(
  services: GrantServices,
  client: Client,
  trial: Trial,
  turn: number,
  now: Instant,
): Promise<StepOutcome> {
  const refreshToken = trial.held.tokens?.refresh_token ?? ""
  return step(services, trial, turn, () => {
    const asked = { grantType: "refresh_token", refreshToken, scope: undefined } as const
    const shown = tokenRequest(client, { grant_type: "refresh_token", refresh_token: shortened(refreshToken) })
    return grant(services, client, trial, { kind: "refresh", asked, shown }, now)
  })
}

/** Ends the trial's chain of tokens as `/oauth/revoke` does. */
export function revokeTokens(
  services: TokenServices,
  client: Client,
  trial: Trial,
  turn: number,
  now: Instant,
): Promise<StepOutcome> {
  const token = trial.held.tokens?.refresh_token ?? ""
  return step(services, trial, turn, async () => {
    const accessEnded = await revokeToken(services, client, token, now)
    const request = formRequest("/oauth/revoke", client, { token: shortened(token) })
    return { held: withStep(trial.held, { kind: "revoke", request, status: 200, answer: "{}" }), accessEnded }
  })
}

interface GrantStep {
  readonly kind: "exchange" | "refresh"
  readonly asked: AskedGrant
  readonly shown: string
}

async function grant(
  services: GrantServices,
  client: Client,
  trial: Trial,
  { kind, asked, shown }: GrantStep,
  now: Instant,
): Promise<Change> {
  const { config, keys } = services
  try {
    checkMayUse(client)
    const redemption = await redeemGrant(services, client, asked, now)
    if (redemption.kind === "replayed") throw replayRefusal(asked.grantType, redemption.exact)
    const tokens = signTokens(keys, config, redemption.tokens, now)
    const answer = JSON.stringify(shownTokens(tokens), null, 2)
    const held = { ...trial.held, code: null, tokens }
    return {
      held: withStep(held, { kind, request: shown, status: 200, answer }),
      familyId: redemption.tokens.familyId,
    }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const { code, message, details } = error
    const body = { error: code, error_description: message, message, ...(details.hint && { hint: details.hint }) }
    const answer = JSON.stringify(body, null, 2)
    // A replay has ended the chain; the others are told by whoever called us.
    return {
      held: withStep(trial.held, { kind, request: shown, status: 400, answer }),
      refusal: error,
      accessEnded: true,
    }
  }
}

function shownTokens(tokens: TokenAnswer): TokenAnswer {
  return {
    ...tokens,
    access_token: shortened(tokens.access_token),
    refresh_token: shortened(tokens.refresh_token),
  }
}

function tokenRequest(client: Client, fields: Readonly<Record<string, string>>): string {
  return formRequest("/oauth/token", client, fields)
}

function formRequest(path: string, client: Client, fields: Readonly<Record<string, string>>): string {
  const secret = client.clientType === "public" ? {} : { client_secret: "••••" }
  const all = { ...fields, client_id: client.clientId, ...secret }
  const body = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  return [`POST ${path}`, "Content-Type: application/x-www-form-urlencoded", "", body.join("\n&")].join("\n")
}

const mostSteps = 12

function withStep(held: TrialState, added: TrialStep): TrialState {
  return { ...held, steps: [...held.steps, added].slice(-mostSteps) }
}

/** What a refusal of a step is logged with. */
export function refusalNote(refusal: OAuthError | undefined): { error?: string; exact?: ExactReason } {
  if (refusal === undefined) return {}
  const { exact } = refusal.details
  return { error: refusal.code, ...(exact !== undefined && { exact }) }
}
