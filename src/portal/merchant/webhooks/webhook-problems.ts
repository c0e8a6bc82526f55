import { type Language, speak } from "../../../messages/catalogue.ts"
import { webhookProblemMessages } from "../../../messages/webhook-form.ts"
import type { Refusal } from "../../../refusal.ts"
import type { AccountProblem } from "./account-draft.ts"

/** What is wrong with the form: a sentence by field name; `vas_N` is the virtual accounts of account N, `form` the whole. */
export type FormProblems = Readonly<Record<string, string>>

type Words = ReturnType<typeof speak<typeof webhookProblemMessages>>

/**
 * Says in the reader's language what an operation refused: by field, since the operation's own words are for programs.
 * Pure.
 */
export function toFormProblems(
  refusal: Refusal,
  accountProblems: readonly AccountProblem[],
  language: Language,
): FormProblems {
  const words = speak(webhookProblemMessages, language)
  if (refusal.reason === "quota_exceeded") return { form: words.quota }
  const problems: Record<string, string> = {}
  for (const [path, [text = ""] = []] of Object.entries(refusal.details.errors ?? {})) {
    const [field = path] = path.split(".")
    if (accountFields.has(field)) continue
    problems[field] ??= textOf(field, text.slice(path.length + 1), words)
  }
  const hasAccountProblem = Object.keys(refusal.details.errors ?? {}).some((path) =>
    accountFields.has(path.split(".")[0] ?? ""),
  )
  for (const problem of accountProblems) Object.assign(problems, accountText(problem, words))
  if (hasAccountProblem && accountProblems.length === 0) problems["covers"] = words.accounts
  return problems
}

const accountFields = new Set([
  ...["covers", "bank_mode", "bank_account_id", "bank_account_ids", "accounts", "only_va", "va_mode"],
  "bank_sub_account_ids",
])

function accountText(problem: AccountProblem, words: Words): FormProblems {
  if (problem.kind === "none-chosen") return { covers: words.accounts }
  const text = problem.kind === "no-va" ? words.vas : words.vaUnknown(problem.number)
  return { [`vas_${problem.accountId}`]: text }
}

function textOf(field: string, problem: string, words: Words): string {
  if (problem === "is required") return words.required
  switch (field) {
    case "name":
      return words.name
    case "webhook_url":
    case "oauth2_access_token_url":
      return urlText(problem, words)
    case "prefix_filters":
      return words.prefixes
    case "api_key":
      return words.apiKey
    case "secret_key":
      return words.secretKey
    case "oauth2_client_id":
    case "oauth2_client_secret":
      return words.oauthText
    default:
      return words.choose
  }
}

// The words of outbound/target.ts and find-addresses.ts; a test walks through all of them.
const urlTexts: readonly (readonly [problem: RegExp, text: keyof Words & `url${string}`])[] = [
  [/^must be an absolute http or https URL/, "urlHttp"],
  [/^must be an absolute https URL/, "urlHttps"],
  [/spaces, control characters or backslashes/, "urlSpaces"],
  [/fragment/, "urlFragment"],
  [/user information/, "urlUser"],
  [/zone id/, "urlZone"],
  [/percent-encoded/, "urlEncode"],
  [/must have port/, "urlPort"],
  [/public host name/, "urlPublicName"],
  [/valid host name/, "urlHost"],
  [/not public/, "urlPrivate"],
  [/more than \d+ addresses/, "urlManyAddresses"],
  [/characters/, "urlLength"],
]

function urlText(problem: string, words: Words): string {
  const [, text] = urlTexts.find(([pattern]) => pattern.test(problem)) ?? []
  return words[text ?? "url"]
}
