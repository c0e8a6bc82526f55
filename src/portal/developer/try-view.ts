import type { Client } from "../../oauth/client.ts"
import { challengeOf } from "../../oauth/pkce.ts"
import type { Trial, TrialStep } from "../../oauth/trial.ts"
import { trialCallbackPath } from "../../oauth/trial-door.ts"

/** The calls of the API that a trial can make. */
export const triedCalls = ["/api/v1/me", "/api/v1/bank-accounts", "/api/v1/transactions"] as const

/** A trial as the page shows it: nothing in it is secret. */
export interface TrialView {
  readonly turn: number
  readonly expiresAt: Trial["expiresAt"]
  readonly authorizeUrl: string
  readonly hasCode: boolean
  readonly hasTokens: boolean
  readonly token: DecodedToken | undefined
  readonly steps: readonly TrialStep[]
}

/** What a JWT says, by name. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, string | number>>
  readonly claims: Readonly<Record<string, string | number>>
}

/** Where the app would send its user, for this trial. */
export function trialAuthorizeUrl(baseUrl: string, client: Client, { held }: Trial): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: `${baseUrl}${trialCallbackPath}`,
    scope: held.scope.join(" "),
    state: held.state,
    code_challenge: challengeOf(held.verifier),
    code_challenge_method: "S256",
    prompt: "consent",
  })
  return `${baseUrl}/oauth/authorize?${query}`
}

/** Puts a trial into the form of the page. Pure. */
export function toTrialView(baseUrl: string, client: Client, trial: Trial): TrialView {
  const { code, tokens, steps } = trial.held
  return {
    turn: trial.turn,
    expiresAt: trial.expiresAt,
    authorizeUrl: trialAuthorizeUrl(baseUrl, client, trial),
    hasCode: code !== null,
    hasTokens: tokens !== null,
    token: tokens === null ? undefined : decode(tokens.access_token),
    steps,
  }
}

function decode(token: string): DecodedToken {
  const [header = "", claims = ""] = token.split(".")
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
  return { header: read(header), claims: read(claims) }
}
