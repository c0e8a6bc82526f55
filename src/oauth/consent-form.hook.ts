import type { FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { isOwnPost } from "../http/csrf.ts"
import { type Form, formValue } from "../http/form-body.ts"
import { formOf } from "../http/page-answer.ts"
import { readFormOrigin } from "../identity/form-token.hook.ts"
import type { Decision } from "./consent.ts"
import type { KeptChoices } from "./kept-choices.ts"

/** The decision that the form of the consent page brings (contract/oauth.md §5.1). */
export function readDecision(form: Form): Decision {
  const accounts = formValue(form, "accounts")
  const bankAccountIds = (form.get("bank_account_id") ?? []).map(Number)
  return {
    approve: formValue(form, "decision") === "approve",
    scopes: form.get("scope") ?? [],
    mode: formValue(form, "mode") === "test" ? "test" : "live",
    // All only if it says so, or says nothing about accounts: what is unclear must not give more.
    accounts: accounts === "all" || (accounts === undefined && bankAccountIds.length === 0) ? "all" : "chosen",
    bankAccountIds,
  }
}

/**
 * What was chosen in a form that this site made, with whose it is, whether or not that session still lives; undefined when
 * another site sent it, or when it bears no token of ours: nobody plants choices for another.
 */
export function readOwnChoices(
  { config }: Context,
  request: FastifyRequest,
): Pick<KeptChoices, "userId" | "choices"> | undefined {
  if (request.method !== "POST" || !isOwnPost(request.headers, config.url)) return undefined
  const form = formOf(request)
  const origin = readFormOrigin(config.keyring, formValue(form, "csrf_token"))
  return origin && { userId: origin.userId, choices: readDecision(form) }
}
