import type { Queries } from "../database/engine.ts"
import { isScopeList, maximumStateBytes, requestedScope, requestProblem } from "./authorization-problem.ts"
import { type Client, findClient } from "./clients.store.ts"
import { type ExactReason, exactly, nearestText, textDifference } from "./exact-reason.ts"
import { type AuthorizationError, AuthorizationPageError } from "./oauth-error.ts"
import type { Scope } from "./protocol.ts"
import { onlyValue, type RawParameter, type RawParameters } from "./raw-parameters.ts"
import { isRegisteredRedirectUri } from "./redirect-uri.ts"
import type { TrialDoor } from "./trial-door.ts"

const maximumLoginHint = 254
const maximumUiLocales = 254

/** An authorization request whose client and redirect URI are known to be right; only `checkAuthorizationRequest` makes one. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  /** As sent, percent-encoded: it goes back byte for byte. */
  readonly stateText: string | null
  readonly scope: readonly Scope[]
  readonly codeChallenge: string | null
  readonly promptConsent: boolean
  readonly promptLogin: boolean
  readonly uiLocales: string | null
  readonly loginHint: string | null
  /** What is wrong with the rest: told to the app once the user has signed in (contract/oauth.md §5, step 4). */
  readonly error: AuthorizationError | null
  /** Made by the portal's Try it page: only the session that began this trial may decide it. */
  readonly trialId?: number
}

/** A request that was checked, and what it came to so far. */
export interface CheckedRequest {
  readonly request: AuthorizationRequest
  readonly client: Client
  /** For the request log of the app's developer. */
  readonly exact: ExactReason
}

/**
 * Checks an authorization request in the order of contract/oauth.md §5, steps 1 to 4 (RFC 6749 §4.1.1).
 *
 * @param trials lets the portal's own redirect URI in, for its own requests alone; without it that URI is like any other
 * @throws AuthorizationPageError for steps 1 to 3; what fails in step 4 is in `error`
 */
export async function checkAuthorizationRequest(
  db: Queries,
  parameters: RawParameters,
  trials?: TrialDoor,
): Promise<CheckedRequest> {
  const client = await findRequestedClient(db, parameters)
  const { clientId } = client
  if (parameters.has("request_uri")) {
    throw new AuthorizationPageError("unknown_request_uri", { clientId, exact: exactly("request_uri_unsupported") })
  }
  const { redirectUri, trialId } = await requireRedirectUri(db, client, parameters, trials)
  const scope = requestedScope(client, parameters)
  const error = requestProblem(client, parameters, scope)
  const stateText = usableState(parameters.get("state"))
  const prompts = (onlyValue(parameters.get("prompt")) ?? "").split(" ")
  const request = {
    clientId,
    redirectUri,
    stateText,
    scope: isScopeList(scope) ? scope : [],
    // What is kept of a request is bounded: anybody may send one.
    codeChallenge: error === undefined ? (onlyValue(parameters.get("code_challenge")) ?? null) : null,
    promptConsent: prompts.includes("consent"),
    promptLogin: prompts.includes("login"),
    uiLocales: onlyValue(parameters.get("ui_locales"))?.slice(0, maximumUiLocales) ?? null,
    loginHint: onlyValue(parameters.get("login_hint"))?.slice(0, maximumLoginHint) ?? null,
    error: error === undefined ? null : { code: error.code, description: error.description },
    ...(trialId !== undefined && { trialId }),
  }
  return { request, client, exact: error?.exact ?? exactly("authorization_started") }
}

async function requireRedirectUri(
  db: Queries,
  client: Client,
  parameters: RawParameters,
  trials: TrialDoor | undefined,
): Promise<{ readonly redirectUri: string; readonly trialId?: number }> {
  const redirectUri = onlyValue(parameters.get("redirect_uri"))
  const refuse = (exact: ExactReason): never => {
    const { clientId, name: appName } = client
    throw new AuthorizationPageError("unregistered_redirect_uri", { appName, redirectUri, clientId, exact })
  }
  if (redirectUri === undefined) {
    return refuse(exactly(parameters.has("redirect_uri") ? "redirect_uri_repeated" : "redirect_uri_missing"))
  }
  // Before the registered ones: an app that registers the portal's own address gains nothing by it.
  if (redirectUri === trials?.redirectUri) {
    const trialId = await trials.findTrial(db, client, parameters)
    return trialId === undefined ? refuse(exactly("try_not_yours")) : { redirectUri, trialId }
  }
  if (isRegisteredRedirectUri(client.redirectUris, redirectUri)) return { redirectUri }
  const nearest = nearestText(redirectUri, client.redirectUris) ?? ""
  return refuse(exactly("redirect_uri_differs", textDifference(redirectUri, nearest)))
}

/**
 * Step 1, which is looked at again whenever a stored request goes on.
 *
 * @throws AuthorizationPageError
 */
export async function requireUsableClient(db: Queries, clientId: string): Promise<Client> {
  const client = await findClient(db, clientId)
  if (client === undefined) throw new AuthorizationPageError("unknown_client")
  if (client.state === "suspended") {
    const exact = exactly("app_suspended")
    throw new AuthorizationPageError("client_suspended", { appName: client.name, clientId: client.clientId, exact })
  }
  return client
}

async function findRequestedClient(db: Queries, parameters: RawParameters): Promise<Client> {
  const clientId = onlyValue(parameters.get("client_id"))
  if (clientId === undefined) throw new AuthorizationPageError("unknown_client")
  return requireUsableClient(db, clientId)
}

function usableState(values: readonly RawParameter[] | undefined): string | null {
  const [state] = values ?? []
  if (state === undefined || values?.length !== 1) return null
  return Buffer.byteLength(state.value) > maximumStateBytes ? null : state.raw
}
