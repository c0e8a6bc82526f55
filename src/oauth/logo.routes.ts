import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { findClientLogo } from "./client-logo.ts"

/** Our copies of the apps' logos (contract/oauth.md §15), by the hash of their bytes, outside the limit of pages. */
export function logoRoutes(pages: FastifyInstance, { db }: Context): void {
  pages.get<{ Params: { hash: string } }>(
    "/app-logos/:hash",
    { config: { surface: "assets" } },
    async (request, reply) => {
      const logo = await findClientLogo(db, request.params.hash)
      if (logo === undefined) return reply.callNotFound()
      reply.headers({
        // Whatever a stranger's bytes may be besides a picture, nothing in them runs.
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
        "content-disposition": "inline",
        "cache-control": "public, max-age=31536000, immutable",
      })
      return reply.type(logo.mediaType).send(Buffer.from(logo.body))
    },
  )
}
