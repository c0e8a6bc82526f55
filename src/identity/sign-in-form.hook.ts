import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { formOf, sendPage } from "../http/page-answer.ts"
import { openCarriedForm } from "./carried-form.ts"
import { type SignInPageData, signInPage } from "./sign-in.page.ts"
import { visitorFormToken } from "./visitor-form.hook.ts"

/** What a sign-in page is to show, beside what every one has. */
export interface SignInAnswer
  extends Pick<SignInPageData, "next" | "email" | "problem" | "carried" | "interrupted" | "done"> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly status?: number
}

/** Sends the sign-in page, with a form token of this browser. */
export function sendSignInPage(context: Context, answer: SignInAnswer): FastifyReply {
  const { request, reply, status = 200, ...shown } = answer
  const { host } = new URL(context.config.url)
  const csrfToken = visitorFormToken(context, request, reply)
  const offersSignUp = context.config.signUp === "open"
  const page = signInPage({ ...shown, language: request.language, csrfToken, host, offersSignUp })
  return sendPage(reply, page, status)
}

/** The sealed form that waits for the sign-in, if it is one that still may be sent. */
export function readCarried({ config, clock }: Context, request: FastifyRequest): string | undefined {
  const sealed = formValue(formOf(request), "carried")
  return openCarriedForm(config.keyring, sealed, clock.now()) === undefined ? undefined : sealed
}
