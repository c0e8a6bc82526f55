import type { Queries } from "../database/engine.ts"
import { type Client, findClient } from "./clients.store.ts"
import { type AuthorizationError, AuthorizationPageError } from "./oauth-error.ts"
import { isCodeChallenge } from "./pkce.ts"
import { profileRules } from "./profile.ts"
import type { AuthorizationErrorCode, Scope } from "./protocol.ts"
import type { RawParameter, RawParameters } from "./raw-parameters.ts"
import { isRegisteredRedirectUri } from "./redirect-uri.ts"
import { parseScope } from "./scope.ts"

const knownParameters = [
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
  "response_mode",
  "prompt",
  "ui_locales",
  "login_hint",
  "request_uri",
  "dpop_jkt",
  "request",
] as const

const maximumStateBytes = 4096
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
}

/**
 * Checks an authorization request in the order of contract/oauth.md §5, steps 1 to 4 (RFC 6749 §4.1.1).
 *
 * @throws AuthorizationPageError for steps 1 to 3; what fails in step 4 is in `error`
 */
export async function checkAuthorizationRequest(
  db: Queries,
  parameters: RawParameters,
): Promise<{ readonly request: AuthorizationRequest; readonly client: Client }> {
  const client = await findRequestedClient(db, parameters)
  if (parameters.has("request_uri")) throw new AuthorizationPageError("unknown_request_uri")
  const redirectUri = onlyValue(parameters.get("redirect_uri"))
  if (redirectUri === undefined || !isRegisteredRedirectUri(client.redirectUris, redirectUri)) {
    throw new AuthorizationPageError("unregistered_redirect_uri", { appName: client.name, redirectUri })
  }
  const scope = requestedScope(client, parameters)
  const error = requestProblem(client, parameters, scope)
  const stateText = usableState(parameters.get("state"))
  const prompts = (onlyValue(parameters.get("prompt")) ?? "").split(" ")
  const request = {
    clientId: client.clientId,
    redirectUri,
    stateText,
    scope: scope ?? [],
    // What is kept of a request is bounded: anybody may send one.
    codeChallenge: error === undefined ? (onlyValue(parameters.get("code_challenge")) ?? null) : null,
    promptConsent: prompts.includes("consent"),
    promptLogin: prompts.includes("login"),
    uiLocales: onlyValue(parameters.get("ui_locales"))?.slice(0, maximumUiLocales) ?? null,
    loginHint: onlyValue(parameters.get("login_hint"))?.slice(0, maximumLoginHint) ?? null,
    error: error ?? null,
  }
  return { request, client }
}

/**
 * Step 1, which is looked at again whenever a stored request goes on.
 *
 * @throws AuthorizationPageError
 */
export async function requireUsableClient(db: Queries, clientId: string): Promise<Client> {
  const client = await findClient(db, clientId)
  if (client === undefined) throw new AuthorizationPageError("unknown_client")
  if (client.state === "suspended") throw new AuthorizationPageError("client_suspended", { appName: client.name })
  return client
}

async function findRequestedClient(db: Queries, parameters: RawParameters): Promise<Client> {
  const clientId = onlyValue(parameters.get("client_id"))
  if (clientId === undefined) throw new AuthorizationPageError("unknown_client")
  return requireUsableClient(db, clientId)
}

function onlyValue(values: readonly RawParameter[] | undefined): string | undefined {
  return values?.length === 1 ? values[0]?.value : undefined
}

function usableState(values: readonly RawParameter[] | undefined): string | null {
  const [state] = values ?? []
  if (state === undefined || values?.length !== 1) return null
  return Buffer.byteLength(state.value) > maximumStateBytes ? null : state.raw
}

function requestedScope(client: Client, parameters: RawParameters): readonly Scope[] | undefined {
  const registered = client.scopes.map(({ scope }) => scope)
  const text = onlyValue(parameters.get("scope"))
  // A scope of separators alone asks for nothing in particular, like none.
  const wanted = text === undefined ? [] : parseScope(text)
  if (wanted === undefined) return undefined
  if (wanted.length === 0) return registered
  return wanted.every((scope) => registered.includes(scope)) ? wanted : undefined
}

function requestProblem(
  client: Client,
  parameters: RawParameters,
  scope: readonly Scope[] | undefined,
): AuthorizationError | undefined {
  const repeated = knownParameters.find((name) => (parameters.get(name)?.length ?? 0) > 1)
  if (repeated !== undefined) return problem("invalid_request", `${repeated} was sent more than once`)
  const responseType = onlyValue(parameters.get("response_type"))
  if (responseType === undefined) return problem("invalid_request", "response_type is required")
  if (responseType !== "code") return problem("unsupported_response_type", "response_type takes code")
  if (parameters.has("request")) return problem("request_not_supported", "request is not supported")
  const responseMode = onlyValue(parameters.get("response_mode"))
  if (responseMode !== undefined && responseMode !== "query") {
    return problem("invalid_request", "response_mode takes query")
  }
  if (!client.codeFlowOn) return problem("unauthorized_client", "The code flow is switched off for this app")
  const state = onlyValue(parameters.get("state"))
  if (state !== undefined && Buffer.byteLength(state) > maximumStateBytes) {
    return problem("invalid_request", `state is longer than ${maximumStateBytes} bytes`)
  }
  if (scope === undefined) return problem("invalid_scope", "scope is unknown or not registered for this app")
  return proofProblem(client, parameters)
}

// RFC 7636 §4.3; a method that is absent means plain, which nobody may use.
function proofProblem(client: Client, parameters: RawParameters): AuthorizationError | undefined {
  const challenge = onlyValue(parameters.get("code_challenge"))
  const method = onlyValue(parameters.get("code_challenge_method"))
  if (challenge === undefined) {
    if (method !== undefined) return problem("invalid_request", "code_challenge is missing")
    const required = profileRules(client.profile).pkceRequired
    return required ? problem("invalid_request", "code_challenge is required") : dpopProblem(client, parameters)
  }
  if (method !== "S256") return problem("invalid_request", "code_challenge_method must be S256")
  if (!isCodeChallenge(challenge)) return problem("invalid_request", "code_challenge must be 43 base64url characters")
  return dpopProblem(client, parameters)
}

// Taking a key and then not binding the code to it would promise what is not kept.
function dpopProblem(client: Client, parameters: RawParameters): AuthorizationError | undefined {
  if (client.profile === "sepay" || !parameters.has("dpop_jkt")) return undefined
  return problem("invalid_request", "dpop_jkt is not supported")
}

function problem(code: AuthorizationErrorCode, description: string): AuthorizationError {
  return { code, description }
}
