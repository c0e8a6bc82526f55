import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { requireForm, requirePermission, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import {
  expireSecret,
  getSecret,
  listSecrets,
  makeManagedSecret,
  type RotationProblem,
  RotationRefused,
  revealSecret,
} from "../../oauth/client-secret.ts"
import { getManagedClient } from "../../oauth/manage-client.ts"
import { Refusal } from "../../refusal.ts"
import { appSecretsPage, expireSecretPage } from "./app-secrets.page.ts"
import { readClientId } from "./send-overview.routes.ts"

const weekSeconds = "604800"

/** The secrets of an app: seen, made and ended (contract/oauth.md §15, "Secrets"). */
export function appSecretsRoutes(pages: FastifyInstance, context: Context): void {
  const { clock, config, db } = context
  const onRequest = requireSession(context)
  const permitted = requirePermission("application.manage")
  const post = { onRequest, preHandler: [permitted, requireForm(context)] }

  // Without HEAD: it would take the secret away unseen.
  pages.get(
    "/developer/apps/:clientId/secrets",
    { onRequest, preHandler: permitted, exposeHeadRoute: false },
    async (request, reply) => {
      const user = sessionOf(request)
      const client = await getManagedClient(db, user, readClientId(request))
      const revealed = await revealSecret(db, config.keyring, user, client, clock.now())
      return sendSecrets(context, request, reply, { revealed })
    },
  )

  pages.post("/developer/apps/:clientId/secrets", post, async (request, reply) => {
    const user = sessionOf(request)
    const form = formOf(request)
    const oldExpiresIn = formValue(form, "old_expires_in") ?? weekSeconds
    const now = clock.now()
    const rotation = {
      clientId: readClientId(request),
      oldExpiresInSeconds: /^[0-9]{1,8}$/.test(oldExpiresIn) ? Number(oldExpiresIn) : Number.NaN,
      newestKnown: readNumber(formValue(form, "newest")),
    }
    const once = { userId: user.userId, formKey: formValue(form, "form_key"), now }
    try {
      const { ledTo } = await onceOnly(db, once, async (tx) => {
        await makeManagedSecret(tx, config.keyring, user, rotation, now)
        return `/developer/apps/${rotation.clientId}/secrets?done=made`
      })
      request.log.info({ clientId: rotation.clientId }, "client secret made")
      return redirectTo(reply, ledTo)
    } catch (error) {
      if (!(error instanceof RotationRefused)) throw error
      return sendSecrets(context, request, reply, { problem: error.problem, oldExpiresIn })
    }
  })

  pages.get(
    "/developer/apps/:clientId/secrets/:secretId/expire",
    { onRequest, preHandler: permitted },
    async (request, reply) => {
      const user = sessionOf(request)
      const now = clock.now()
      const client = await getManagedClient(db, user, readClientId(request))
      const secret = await getSecret(db, client, readSecretId(request), now)
      const isLast = (await listSecrets(db, client, now)).length === 1
      return sendPage(reply, expireSecretPage({ language: request.language, user, client, secret, isLast }))
    },
  )

  pages.post("/developer/apps/:clientId/secrets/:secretId/expire", post, async (request, reply) => {
    const clientId = readClientId(request)
    const secretId = readSecretId(request)
    await expireSecret(db, sessionOf(request), { clientId, secretId }, clock.now())
    request.log.info({ clientId, secretId }, "client secret ended")
    return redirectTo(reply, `/developer/apps/${clientId}/secrets?done=expired`)
  })
}

interface SecretsAnswer {
  readonly revealed?: string | undefined
  readonly problem?: RotationProblem
  readonly oldExpiresIn?: string
}

async function sendSecrets(
  { clock, db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: SecretsAnswer,
): Promise<FastifyReply> {
  const { revealed, problem, oldExpiresIn = weekSeconds } = answer
  const user = sessionOf(request)
  const client = await getManagedClient(db, user, readClientId(request))
  const secrets = await listSecrets(db, client, clock.now())
  const { done } = request.query as { readonly done?: unknown }
  const page = appSecretsPage({
    language: request.language,
    user,
    client,
    secrets,
    revealed,
    formKey: newFormKey(),
    done: done === "made" || done === "expired" ? done : undefined,
    problem,
    oldExpiresIn,
  })
  return sendPage(reply, page, problem === undefined ? 200 : 400)
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined
}

function readSecretId(request: FastifyRequest): number {
  const { secretId } = request.params as { readonly secretId: string }
  if (/^[1-9][0-9]{0,15}$/.test(secretId)) return Number(secretId)
  throw new Refusal("not_found", "There is no such secret.")
}
