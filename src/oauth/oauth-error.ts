import type { ExactReason } from "./exact-reason.ts"
import type { AuthorizationErrorCode, OAuthErrorCode } from "./protocol.ts"

export interface OAuthErrorDetails {
  /** What helps the caller's developer; for `invalid_request` the parameter's name. */
  readonly hint?: string
  /** The exact reason: for our log and the request log of the app's developer, never for the caller. */
  readonly exact?: ExactReason
  readonly retryAfterSeconds?: number
}

/** Refused by the protocol at a JSON endpoint (RFC 6749 §5.2): code and description go to the caller. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly details: OAuthErrorDetails

  constructor(code: OAuthErrorCode, description: string, details: OAuthErrorDetails = {}) {
    super(description)
    this.name = "OAuthError"
    this.code = code
    this.details = details
  }
}

/** An error that goes back to the app in the authorization response (RFC 6749 §4.1.2.1). */
export interface AuthorizationError {
  readonly code: AuthorizationErrorCode
  readonly description: string
}

/** An error of the authorization response with what the app's developer reads about it. */
export interface AuthorizationProblem extends AuthorizationError {
  readonly exact: ExactReason
}

/** Why an authorization request ends in a page and never in a redirect (contract/oauth.md §5, steps 1 to 3 and 6). */
export type PageErrorReason =
  | "unknown_client"
  | "client_suspended"
  | "unknown_request_uri"
  | "unregistered_redirect_uri"
  | "unknown_request"
  | "client_not_approved"

export interface PageErrorFacts {
  readonly appName?: string
  /** As sent; undefined when it was absent or sent twice. */
  readonly redirectUri?: string | undefined
  /** The app that was named, and the exact reason for its developer; nothing when no app is known. */
  readonly clientId?: string
  readonly exact?: ExactReason
}

/** The user is told on a page; the app's redirect URI is not trusted or not to be used. */
export class AuthorizationPageError extends Error {
  readonly reason: PageErrorReason
  readonly facts: PageErrorFacts

  constructor(reason: PageErrorReason, facts: PageErrorFacts = {}) {
    super(reason)
    this.name = "AuthorizationPageError"
    this.reason = reason
    this.facts = facts
  }
}
