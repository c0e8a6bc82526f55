import type { Client } from "./clients.store.ts"
import { type ExactReason, exactly } from "./exact-reason.ts"
import type { AuthorizationProblem } from "./oauth-error.ts"
import { isCodeChallenge } from "./pkce.ts"
import { profileRules } from "./profile.ts"
import type { AuthorizationErrorCode, Scope } from "./protocol.ts"
import { onlyValue, type RawParameters } from "./raw-parameters.ts"
import { parseScope, unknownScopeWord } from "./scope.ts"

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

const longestShown = 100

/** The longest `state` that is taken, bytes. */
export const maximumStateBytes = 4096

/** What is asked for: scopes, or why the parameter cannot be used. */
export type RequestedScope = readonly Scope[] | ExactReason

/** Reads the scope parameter of an authorization request (contract/oauth.md §5). */
export function requestedScope(client: Client, parameters: RawParameters): RequestedScope {
  const registered = client.scopes.map(({ scope }) => scope)
  const text = onlyValue(parameters.get("scope"))
  // A scope of separators alone asks for nothing in particular, like none.
  const wanted = text === undefined ? [] : parseScope(text)
  if (wanted === undefined) return exactly("scope_unknown", { word: unknownScopeWord(text ?? "") })
  if (wanted.length === 0) return registered
  const foreign = wanted.find((scope) => !registered.includes(scope))
  return foreign === undefined ? wanted : exactly("scope_not_registered", { word: foreign })
}

/** Whether the scope parameter could be read. */
export function isScopeList(scope: RequestedScope): scope is readonly Scope[] {
  return Array.isArray(scope)
}

/** The first problem that goes back to the app (contract/oauth.md §5, the redirect error table). */
export function requestProblem(
  client: Client,
  parameters: RawParameters,
  scope: RequestedScope,
): AuthorizationProblem | undefined {
  const repeated = knownParameters.find((name) => (parameters.get(name)?.length ?? 0) > 1)
  if (repeated !== undefined) {
    const exact = exactly("parameter_repeated", { parameter: repeated })
    return problem("invalid_request", `${repeated} was sent more than once`, exact)
  }
  const responseType = onlyValue(parameters.get("response_type"))
  if (responseType === undefined) {
    const exact = exactly("parameter_missing", { parameter: "response_type" })
    return problem("invalid_request", "response_type is required", exact)
  }
  if (responseType !== "code") {
    const exact = exactly("response_type_wrong", { sent: responseType.slice(0, longestShown) })
    return problem("unsupported_response_type", "response_type takes code", exact)
  }
  if (parameters.has("request")) {
    return problem("request_not_supported", "request is not supported", exactly("request_object_unsupported"))
  }
  const responseMode = onlyValue(parameters.get("response_mode"))
  if (responseMode !== undefined && responseMode !== "query") {
    const exact = exactly("response_mode_wrong", { sent: responseMode.slice(0, longestShown) })
    return problem("invalid_request", "response_mode takes query", exact)
  }
  if (!client.codeFlowOn) {
    return problem("unauthorized_client", "The code flow is switched off for this app", exactly("code_flow_off"))
  }
  return stateProblem(parameters) ?? scopeProblem(scope) ?? proofProblem(client, parameters)
}

function stateProblem(parameters: RawParameters): AuthorizationProblem | undefined {
  const bytes = Buffer.byteLength(onlyValue(parameters.get("state")) ?? "")
  if (bytes <= maximumStateBytes) return undefined
  const exact = exactly("state_too_long", { bytes, most: maximumStateBytes })
  return problem("invalid_request", `state is longer than ${maximumStateBytes} bytes`, exact)
}

function scopeProblem(scope: RequestedScope): AuthorizationProblem | undefined {
  if (isScopeList(scope)) return undefined
  return problem("invalid_scope", "scope is unknown or not registered for this app", scope)
}

// RFC 7636 §4.3; a method that is absent means plain, which nobody may use.
function proofProblem(client: Client, parameters: RawParameters): AuthorizationProblem | undefined {
  const challenge = onlyValue(parameters.get("code_challenge"))
  const method = onlyValue(parameters.get("code_challenge_method"))
  if (challenge === undefined) {
    if (method !== undefined) {
      return problem("invalid_request", "code_challenge is missing", exactly("challenge_missing"))
    }
    if (!profileRules(client.profile).pkceRequired) return dpopProblem(client, parameters)
    const exact = exactly("challenge_required", { profile: client.profile })
    return problem("invalid_request", "code_challenge is required", exact)
  }
  if (method !== "S256") {
    const exact = exactly("challenge_method", { sent: (method ?? "").slice(0, longestShown) })
    return problem("invalid_request", "code_challenge_method must be S256", exact)
  }
  if (!isCodeChallenge(challenge)) {
    const exact = exactly("challenge_malformed", { length: challenge.length })
    return problem("invalid_request", "code_challenge must be 43 base64url characters", exact)
  }
  return dpopProblem(client, parameters)
}

// Taking a key and then not binding the code to it would promise what is not kept.
function dpopProblem(client: Client, parameters: RawParameters): AuthorizationProblem | undefined {
  if (client.profile === "sepay" || !parameters.has("dpop_jkt")) return undefined
  return problem("invalid_request", "dpop_jkt is not supported", exactly("dpop_unsupported"))
}

function problem(code: AuthorizationErrorCode, description: string, exact: ExactReason): AuthorizationProblem {
  return { code, description, exact }
}
