import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { createRateLimiter } from "../http/rate-limit.ts"
import { networkOf } from "../network.ts"
import type { Client } from "./client.ts"
import { authenticateClient } from "./client-authentication.ts"
import { exactly } from "./exact-reason.ts"
import { type Parameters, readParameters } from "./json-endpoint.hook.ts"
import type { LastUsed } from "./last-used.ts"
import { OAuthError } from "./oauth-error.ts"
import { profileRules } from "./profile.ts"
import { type GrantType, grantTypes } from "./protocol.ts"
import { noteCall } from "./request-log.hook.ts"
import { signTokens } from "./token-answer.ts"
import { type AskedGrant, checkMayUse, type GrantServices, redeemGrant, replayRefusal } from "./token-grant.ts"

const credentialNames = ["client_id", "client_secret", "client_assertion"] as const
const tokenNames = [
  ...credentialNames,
  "grant_type",
  "code",
  "redirect_uri",
  "code_verifier",
  "refresh_token",
  "scope",
  "device_code",
  "client_assertion_type",
] as const
type TokenParameters = Parameters<(typeof tokenNames)[number]>

/** Authenticates the caller of a JSON endpoint and takes a call from its bucket (contract/oauth.md §6.1, §14). */
export type ClientGate = (
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: Parameters<(typeof credentialNames)[number]>,
) => Promise<Client>

/** Makes the gate that all JSON endpoints share. */
export function createClientGate({ config, clock, db }: Context, lastUsed: LastUsed): ClientGate {
  const limiter = createRateLimiter(config.rateLimits.client, clock)
  return async (request, reply, parameters) => {
    const now = clock.now()
    const { client, secretId } = await authenticateClient(
      db,
      config.keyring,
      {
        authorization: request.headers.authorization,
        clientId: parameters.get("client_id"),
        clientSecret: parameters.get("client_secret"),
        clientAssertion: parameters.get("client_assertion"),
      },
      now,
    )
    noteCall(request, { client })
    const verdict = limiter?.take(
      client.clientType === "public" ? `${client.rowId} ${networkOf(request.ip)}` : client.rowId,
    )
    if (verdict !== undefined && !verdict.allowed) {
      throw new OAuthError("rate_limited", "Too many requests of this client.", {
        retryAfterSeconds: verdict.retryAfterSeconds,
        exact: exactly("rate_client"),
      })
    }
    if (secretId !== undefined) lastUsed.secret(secretId, now, request.ip)
    reply.header("content-type", "application/json; charset=utf-8")
    return client
  }
}

export interface TokenRouteParts extends Pick<GrantServices, "keys" | "ensureFresh"> {
  readonly authenticate: ClientGate
}

/** POST /oauth/token (RFC 6749 §3.2); the order of checks is the one of contract/oauth.md §6.2. */
export function tokenRoutes(scope: FastifyInstance, context: Context, parts: TokenRouteParts): void {
  const { keys, ensureFresh, authenticate } = parts
  const services: GrantServices = { db: context.db, config: context.config, keys, ensureFresh }
  scope.post("/oauth/token", { schema: { hide: true } }, async (request, reply) => {
    const parameters: TokenParameters = readParameters(request, tokenNames)
    const grantType = readGrantType(parameters.require("grant_type"))
    const client = await authenticate(request, reply, parameters)
    checkMayUse(client)
    const now = context.clock.now()
    const redemption = await redeemGrant(services, client, readGrant(grantType, client, parameters), now)
    if (redemption.kind === "replayed") {
      await context.bus.announce("access-changed")
      request.log.warn({ clientId: client.clientId, grantType }, "a replay ended a token family")
      throw replayRefusal(grantType, redemption.exact)
    }
    context.metrics.tokensIssued.inc({ grant_type: grantType })
    return JSON.stringify(signTokens(keys, context.config, redemption.tokens, context.clock.now()))
  })
}

function readGrantType(text: string): GrantType {
  if ((grantTypes as readonly string[]).includes(text)) return text as GrantType
  throw new OAuthError("unsupported_grant_type", `grant_type takes ${grantTypes.join(" or ")}`, {
    hint: "grant_type",
    exact: exactly("grant_type_unsupported", { sent: text.slice(0, 100) }),
  })
}

function readGrant(grantType: GrantType, client: Client, parameters: TokenParameters): AskedGrant {
  switch (grantType) {
    case "authorization_code": {
      const code = parameters.require("code")
      const mustSendUri = profileRules(client.profile).redirectUriRequiredAtToken
      const redirectUri = mustSendUri ? parameters.require("redirect_uri") : parameters.get("redirect_uri")
      return { grantType, code, redirectUri, codeVerifier: parameters.get("code_verifier") }
    }
    case "refresh_token":
      return { grantType, refreshToken: parameters.require("refresh_token"), scope: parameters.get("scope") }
  }
}
