import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import type { TokenServices } from "./authorization-code.ts"
import { readParameters } from "./json-endpoint.hook.ts"
import { revokeToken } from "./revoke.ts"
import type { TokenRouteParts } from "./token.routes.ts"

const revokeNames = ["client_id", "client_secret", "client_assertion", "token", "token_type_hint"] as const

/** POST /oauth/revoke (RFC 7009). */
export function revokeRoutes(scope: FastifyInstance, context: Context, { keys, authenticate }: TokenRouteParts): void {
  const services: TokenServices = { db: context.db, config: context.config, keys }
  scope.post("/oauth/revoke", { schema: { hide: true } }, async (request, reply) => {
    const parameters = readParameters(request, revokeNames)
    const client = await authenticate(request, reply, parameters)
    const ended = await revokeToken(services, client, parameters.require("token"), context.clock.now())
    if (ended) await context.bus.announce("access-changed")
    return "{}"
  })
}
