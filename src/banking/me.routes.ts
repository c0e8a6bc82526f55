import { createHash } from "node:crypto"
import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { meExample } from "./api-examples.wire.ts"
import { getCurrentUser } from "./company-profile.ts"
import { meAnswer, toMeBody } from "./me.wire.ts"

/** GET /me (contract/api.md §9). */
export function meRoutes(v1: FastifyInstance, { db }: Context): void {
  const schema = { summary: "The user who granted access", response: { 200: meAnswer }, examples: { 200: meExample } }
  v1.get("/me", { config: gates("profile"), schema }, async (request) => {
    const user = await getCurrentUser(db, request.access)
    const emailDigest = createHash("md5").update(user.email.trim().toLowerCase()).digest("hex")
    return { status: "success", data: toMeBody(user, emailDigest) }
  })
}
