import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { isOwnPost } from "../http/csrf.ts"
import { type Form, formValue, parseForm } from "../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { pageBodyLimit } from "../http/page-surface.ts"
import { Refusal } from "../refusal.ts"
import { resendPage, staleFormPage } from "./carried-form.page.ts"
import { type CarriedForm, fitsCarrying, pickFields, sealCarriedForm, typedFields } from "./carried-form.ts"
import { toResend } from "./carried-form-view.ts"
import { readFormOrigin } from "./form-token.hook.ts"
import { loginPath } from "./login-path.ts"
import type { RequestSession } from "./request-session.hook.ts"
import { sendSignInPage } from "./sign-in-form.hook.ts"

const formType = /^application\/x-www-form-urlencoded\s*(;.*)?$/i
const fileFormType = /^multipart\/form-data\s*(;.*)?$/i

/**
 * Answers whoever is not signed in. A post of one of our own forms, whose session ended meanwhile, goes through the sign-in
 * with what was typed; a form is ours if its token names the user it was made for, so nobody can plant one for another.
 */
export async function answerSignedOut(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (request.method !== "POST") return redirectTo(reply, loginPath({ next: request.url }))
  const next = pageOf(request)
  const isOwn = isOwnPost(request.headers, context.config.url)
  const page = { request, reply, next, email: "", status: 403 } as const
  if (isOwn && fileFormType.test(request.headers["content-type"] ?? "")) {
    return sendSignInPage(context, { ...page, interrupted: "file" })
  }
  const form = isOwn ? await readUnparsedForm(request) : undefined
  const carried = form && toCarried(context, request, form)
  if (carried === undefined || typedFields(carried.fields).length === 0) return redirectTo(reply, loginPath({ next }))
  if (!fitsCarrying(carried.fields)) return sendSignInPage(context, { ...page, interrupted: "long" })
  const sealed = sealCarriedForm(context.config.keyring, carried, context.clock.now())
  return sendSignInPage(context, { ...page, interrupted: "kept", carried: sealed })
}

/**
 * Answers a form of this site that carries another session's token: older than the sign-in, or of another user in the same
 * browser. What its own user typed is shown, to be sent again.
 *
 * @throws Refusal forbidden, when it is no form of ours
 */
export function answerStaleForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  session: RequestSession,
): FastifyReply {
  const form = formOf(request)
  const carried = isOwnPost(request.headers, context.config.url) ? toCarried(context, request, form) : undefined
  if (carried === undefined) {
    throw new Refusal("forbidden", "The form is out of date: reload the page it was on and try again.")
  }
  const frame = { language: request.language, user: session }
  if (carried.userId !== session.userId || typedFields(carried.fields).length === 0) {
    const isOthers = carried.userId !== session.userId
    return sendPage(reply, staleFormPage({ ...frame, page: carried.page, isOthers }), 403)
  }
  return sendPage(reply, resendPage({ ...frame, form: toResend(carried), reason: "older" }), 403)
}

function toCarried({ config }: Context, request: FastifyRequest, form: Form): CarriedForm | undefined {
  const origin = readFormOrigin(config.keyring, formValue(form, "csrf_token"))
  if (origin === undefined) return undefined
  return { userId: origin.userId, path: request.url, page: pageOf(request), ...pickFields(form) }
}

// Nothing has read the body yet when a request is turned away; a browser always says how long its form is.
async function readUnparsedForm({ headers, raw }: FastifyRequest): Promise<Form | undefined> {
  const length = Number(headers["content-length"] ?? Number.NaN)
  if (!formType.test(headers["content-type"] ?? "") || !(length <= pageBodyLimit)) return undefined
  const chunks: Buffer[] = []
  for await (const chunk of raw) chunks.push(chunk as Buffer)
  return parseForm(Buffer.concat(chunks).toString("utf8"))
}

/** The page of a form: the closest address above the one it is sent to, itself included, that can be opened. */
function pageOf(request: FastifyRequest): string {
  const patterns = (request.routeOptions.url ?? "/").split("/")
  const segments = (request.url.split("?")[0] ?? "/").split("/")
  for (let length = patterns.length; length > 1; length--) {
    const isPage = request.server.pagePatterns.has(patterns.slice(0, length).join("/"))
    if (isPage) return segments.slice(0, length).join("/")
  }
  return "/"
}
