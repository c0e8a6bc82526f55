import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { requireForm, requireOperator, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { toKeyOverviews } from "../../oauth/key-overview.ts"
import { burnSigningKey, listSigningKeys, rotateSigningKeys, type SigningKeyRecord } from "../../oauth/signing-key.ts"
import { Refusal } from "../../refusal.ts"
import { burnKeyPage, keyCodes, rotateKeysPage, signingKeysPage } from "./signing-keys.page.ts"

/** The operator's signing keys (contract/oauth.md §11); for anybody else these pages do not exist. */
export function signingKeyRoutes(pages: FastifyInstance, context: Context): void {
  const { db } = context
  const seen = { onRequest: requireSession(context), preHandler: requireOperator() }
  const sent = { onRequest: requireSession(context), preHandler: [requireOperator(), requireForm(context)] }

  pages.get("/operator/keys", seen, (request, reply) => {
    const { done } = request.query as { readonly done?: unknown }
    return sendKeys(context, request, reply, { done: keyCodes.find((code) => code === done), problem: false })
  })

  pages.get("/operator/keys/rotate", seen, async (request, reply) => {
    const next = (await listSigningKeys(db)).find((key) => key.state === "next")
    const { language } = request
    return sendPage(reply, rotateKeysPage({ language, user: sessionOf(request), nextKid: next?.kid }))
  })

  pages.post("/operator/keys/rotate", sent, (request, reply) => rotate(context, request, reply))

  pages.get("/operator/keys/:kid/burn", seen, async (request, reply) => {
    const key = await getKey(context, request)
    return sendPage(reply, burnPage(request, key, { typed: "", problem: false }))
  })

  pages.post("/operator/keys/:kid/burn", sent, (request, reply) => burn(context, request, reply))
}

async function rotate(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { bus, clock, config, db } = context
  const nextKid = formValue(formOf(request), "next_kid")
  const seen = { operator: sessionOf(request), nextKid: nextKid === "" ? undefined : nextKid }
  try {
    const result = await rotateSigningKeys(db, config.keyring, clock.now(), seen)
    await bus.announce("access-changed")
    request.log.warn({ kid: result.kid, step: result.kind }, "signing keys rotated")
    return redirectTo(reply, `/operator/keys?done=${result.kind}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return sendKeys(context, request, reply, { done: undefined, problem: true })
  }
}

async function burn(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { bus, clock, config, db } = context
  const key = await getKey(context, request)
  const typed = (formValue(formOf(request), "typed_kid") ?? "").trim()
  if (typed !== key.kid) return sendPage(reply, burnPage(request, key, { typed, problem: true }), 400)
  try {
    const fresh = await burnSigningKey(db, config.keyring, key.kid, clock.now(), sessionOf(request))
    await bus.announce("access-changed")
    request.log.warn({ kid: key.kid, freshKid: fresh ?? null }, "signing key burned")
    return redirectTo(reply, `/operator/keys?done=${fresh === undefined ? "burned" : "burned-fresh"}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return sendKeys(context, request, reply, { done: undefined, problem: true })
  }
}

/** @throws Refusal not_found (also for a burned key: there is nothing to do with it) */
async function getKey({ db }: Context, request: FastifyRequest): Promise<SigningKeyRecord> {
  const { kid } = request.params as { readonly kid: string }
  const key = (await listSigningKeys(db)).find((one) => one.kid === kid && one.state !== "burned")
  if (key === undefined) throw new Refusal("not_found", "There is no such signing key.")
  return key
}

function burnPage(
  request: FastifyRequest,
  key: SigningKeyRecord,
  form: { readonly typed: string; readonly problem: boolean },
) {
  const { language } = request
  const isActive = key.state === "active"
  return burnKeyPage({ language, user: sessionOf(request), kid: key.kid, isActive, ...form })
}

async function sendKeys(
  { clock, config, db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: { readonly done: (typeof keyCodes)[number] | undefined; readonly problem: boolean },
): Promise<FastifyReply> {
  const keys = toKeyOverviews(await listSigningKeys(db), config.accessTokenLifetimeSeconds, clock.now())
  const { language } = request
  const page = signingKeysPage({ language, user: sessionOf(request), keys, ...shown })
  return sendPage(reply, page, shown.problem ? 409 : 200)
}
