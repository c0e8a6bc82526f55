import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { speak } from "../messages/catalogue.ts"
import { linkMessages, signUpMessages } from "../messages/sign-up.ts"
import { Refusal } from "../refusal.ts"
import { isFormKey, newFormKey } from "./form-once.ts"
import { deadLinkPage, messagePage } from "./link.page.ts"
import { sendLinkButton } from "./link-button.hook.ts"
import { mailPlaceOf } from "./mail-place.ts"
import { readVisitorForm, sendFormPage, tokenOfLink } from "./refused-form.hook.ts"
import { expiredForm, type RefusedForm, toRefusedForm } from "./refused-form.ts"
import { loadSession } from "./require-session.hook.ts"
import { readSignInCookie, setSignInCookie, visitorOf } from "./sign-in-cookies.hook.ts"
import { type SignUpPageData, signUpPage, signUpPasswordField, signUpSentPage } from "./sign-up.page.ts"
import { getSignUp, type SignUpContext, sendSignUpAgain, signUp } from "./sign-up.ts"
import { answerSignedIn } from "./signed-in.hook.ts"
import { readSignUpLink, signUpCookie, verifySignUp } from "./verify-sign-up.ts"
import { isVisitorForm, visitorFormToken } from "./visitor-form.hook.ts"

const wrongPassword: RefusedForm = {
  status: 400,
  problems: { password: "wrong_password" },
  trouble: { kind: "fields" },
}

/** `/signup`, `/signup/sent`, `/signup/send-again` and `/verify-email`, within a page scope. */
export function signUpRoutes(scope: FastifyInstance, context: Context & SignUpContext): void {
  if (context.config.signUp === "open") openRoutes(scope, context)
  else closedRoutes(scope, context)
}

// Links in mails from before are closed with the rest: whoever closes the door wants no company that is made after it.
function closedRoutes(scope: FastifyInstance, context: Context): void {
  const get = { onRequest: loadSession(context) }
  scope.get("/signup", get, (request, reply) => {
    return request.session === undefined ? sendClosed(request, reply) : redirectTo(reply, "/")
  })
  for (const path of ["/signup/sent", "/verify-email"]) scope.get(path, sendClosed)
  for (const path of ["/signup", "/signup/send-again", "/verify-email"]) scope.post(path, sendClosed)
}

function openRoutes(scope: FastifyInstance, context: Context & SignUpContext): void {
  scope.get("/signup", { onRequest: loadSession(context) }, (request, reply) => {
    if (request.session !== undefined) return redirectTo(reply, "/")
    return sendForm(context, request, reply, { typed: {}, formKey: newFormKey() })
  })

  scope.post("/signup", (request, reply) => answerSignUp(context, request, reply))

  scope.get("/signup/sent", async (request, reply) => {
    const { sign_up: formKey, done } = request.query as Readonly<Record<string, unknown>>
    return sendSent(context, request, reply, { formKey, isAgain: done === "again" })
  })

  scope.post("/signup/send-again", async (request, reply) => {
    const formKey = readVisitorForm(request)("sign_up")
    if (!isVisitorForm(context, request)) {
      return sendSent(context, request, reply, { formKey, isAgain: false, refused: expiredForm })
    }
    try {
      await sendSignUpAgain(context, formKey, request.ip)
    } catch (error) {
      if (error instanceof Refusal && error.reason === "not_found") return sendGone(request, reply)
      return sendSent(context, request, reply, { formKey, isAgain: false, refused: toRefusedForm(error) })
    }
    return redirectTo(reply, `/signup/sent?sign_up=${formKey}&done=again`)
  })

  verifyRoutes(scope, context)
}

function verifyRoutes(scope: FastifyInstance, context: Context & SignUpContext): void {
  scope.get("/verify-email", async (request, reply) => {
    const token = tokenOfLink(request)
    const link = await readSignUpLink(context, token, cookieOf(context, request))
    if (link.kind !== "open") return sendDead(request, reply, link.kind)
    return sendVerify(context, request, reply, { token, needsPassword: link.needsPassword })
  })

  scope.post("/verify-email", async (request, reply) => {
    const text = readVisitorForm(request)
    const [token, password] = [text("token"), text("password")]
    const cookie = cookieOf(context, request)
    if (!isVisitorForm(context, request)) {
      const { needsPassword } = await readSignUpLink(context, token, cookie)
      return sendVerify(context, request, reply, { token, needsPassword, refused: expiredForm })
    }
    const visitor = visitorOf(context, request)
    const ended = await verifySignUp(context, token, { cookie, password, visitor })
    switch (ended.kind) {
      case "wrong_password":
        return sendVerify(context, request, reply, { token, needsPassword: true, refused: wrongPassword })
      case "verified": {
        setSignInCookie(context, reply, "sepay_sign_up", null)
        const { signedIn } = ended
        return answerSignedIn(context, request, reply, { signedIn, visitor, next: "/", carried: undefined })
      }
      case "known":
        return redirectTo(reply, "/login?done=verified")
      case "dead":
        return sendDead(request, reply, "dead")
      case "taken": {
        const words = speak(signUpMessages, request.language)
        return sendMessage(request, reply, { status: 409, title: words.takenTitle, text: words.takenText })
      }
    }
  })
}

async function answerSignUp(
  context: Context & SignUpContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const text = readVisitorForm(request)
  const password = text("password")
  const typed = {
    company: text("company"),
    firstName: text("first_name"),
    lastName: text("last_name"),
    email: text("email"),
  }
  const given = text("form_key")
  const formKey = isFormKey(given) ? given : newFormKey()
  const again = { typed, formKey }
  if (!isVisitorForm(context, request)) return sendForm(context, request, reply, { ...again, refused: expiredForm })
  try {
    const { company: companyName, ...person } = typed
    const draft = { ...person, companyName, password, formKey, language: request.language }
    const ownKey = await signUp(context, draft, request.ip)
    setSignInCookie(context, reply, "sepay_sign_up", signUpCookie(context.config.keyring, ownKey))
    return redirectTo(reply, `/signup/sent?sign_up=${ownKey}`)
  } catch (error) {
    const refused = toRefusedForm(error, { password, email: typed.email })
    return sendForm(context, request, reply, { ...again, refused })
  }
}

function sendForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  page: Pick<SignUpPageData, "typed" | "formKey" | "refused">,
): FastifyReply {
  const csrfToken = visitorFormToken(context, request, reply)
  return sendFormPage(reply, signUpPage({ ...page, language: request.language, csrfToken }), page.refused)
}

async function sendSent(
  context: Context & SignUpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  page: { readonly formKey: unknown; readonly isAgain: boolean; readonly refused?: RefusedForm },
): Promise<FastifyReply> {
  const formKey = typeof page.formKey === "string" ? page.formKey : ""
  try {
    const { email } = await getSignUp(context, formKey)
    const csrfToken = visitorFormToken(context, request, reply)
    const { isAgain, refused } = page
    const mailPlace = mailPlaceOf(context.config)
    const shown = { language: request.language, csrfToken, email, formKey, isAgain, mailPlace, refused }
    return sendFormPage(reply, signUpSentPage(shown), refused)
  } catch (error) {
    if (error instanceof Refusal && error.reason === "not_found") return sendGone(request, reply)
    throw error
  }
}

function sendVerify(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  page: { readonly token: string; readonly needsPassword: boolean; readonly refused?: RefusedForm },
): FastifyReply {
  const { token, needsPassword, refused } = page
  const { verifyTitle, verifyLead, verifyElsewhere, verifySubmit } = speak(signUpMessages, request.language)
  const words = { title: verifyTitle, lead: needsPassword ? verifyElsewhere : verifyLead, submit: verifySubmit }
  const fields = needsPassword ? signUpPasswordField(request.language, refused) : undefined
  return sendLinkButton(context, request, reply, { token, action: "/verify-email", words, refused, fields })
}

function cookieOf(context: Context, request: FastifyRequest): string | undefined {
  return readSignInCookie(context, request, "sepay_sign_up")
}

function sendGone(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const words = speak(signUpMessages, request.language)
  return sendMessage(request, reply, { status: 404, title: words.goneTitle, text: words.goneText })
}

function sendClosed(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { language } = request
  const words = speak(signUpMessages, language)
  const actions = [{ href: "/login", text: speak(linkMessages, language).signIn }]
  return sendPage(reply, messagePage({ language, title: words.closedTitle, text: words.closedText, actions }), 403)
}

function sendMessage(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, title, text }: { readonly status: number; readonly title: string; readonly text: string },
): FastifyReply {
  const { language } = request
  const links = speak(linkMessages, language)
  const actions = [
    { href: "/login", text: links.signIn },
    { href: "/signup", text: links.signUpAgain },
  ]
  return sendPage(reply, messagePage({ language, title, text, actions }), status)
}

function sendDead(request: FastifyRequest, reply: FastifyReply, kind: "used" | "dead"): FastifyReply {
  const { language } = request
  const again = { href: "/signup", text: speak(linkMessages, language).signUpAgain }
  return sendPage(reply, deadLinkPage({ language, kind, again }), 410)
}
