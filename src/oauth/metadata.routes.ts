import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { allowAllOrigins } from "./json-endpoint.hook.ts"
import type { KeySet } from "./key-set.ts"
import { clientAuthenticationMethods, grantTypes, scopes } from "./protocol.ts"

/** GET the server's metadata (RFC 8414; only what is there is listed) and its public keys (RFC 7517). */
export function metadataRoutes(scope: FastifyInstance, { config }: Context, keys: KeySet): void {
  const metadata = JSON.stringify({
    issuer: config.url,
    authorization_endpoint: `${config.url}/oauth/authorize`,
    token_endpoint: `${config.url}/oauth/token`,
    revocation_endpoint: `${config.url}/oauth/revoke`,
    jwks_uri: `${config.url}/oauth/jwks.json`,
    scopes_supported: scopes,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: grantTypes,
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    token_endpoint_auth_methods_supported: clientAuthenticationMethods,
    revocation_endpoint_auth_methods_supported: clientAuthenticationMethods,
    ui_locales_supported: ["vi", "en"],
  })
  scope.addHook("onSend", async (_request, reply) => {
    if (reply.statusCode === 200) {
      reply.header("cache-control", "public, max-age=3600").removeHeader("pragma")
      allowAllOrigins(reply)
      reply.header("content-type", "application/json; charset=utf-8")
    }
  })
  scope.get("/.well-known/oauth-authorization-server", { schema: { hide: true } }, async () => metadata)
  scope.get("/oauth/jwks.json", { schema: { hide: true } }, async () => JSON.stringify({ keys: keys.published() }))
}
