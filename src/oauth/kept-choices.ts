import type { Mode } from "../ids.ts"

/** What the consent page lets its reader choose (contract/oauth.md §5.1). */
export interface ConsentChoices {
  readonly scopes: readonly string[]
  readonly mode: Mode
  readonly accounts: "all" | "chosen"
  readonly bankAccountIds: readonly number[]
}

/** Choices that were sent and could not be taken: they wait beside their request for whoever made them, and decide nothing. */
export interface KeptChoices {
  /** Nobody else gets to see them. */
  readonly userId: number
  /** Why they could not be taken: the session had ended, or the request was too old. */
  readonly reason: "signed_out" | "form_expired"
  readonly choices: ConsentChoices
}

/** The choices with nothing in them that the page could not have sent. Pure. */
export function toKeptChoices(requested: readonly string[], { userId, reason, choices }: KeptChoices): KeptChoices {
  const { scopes, mode, accounts, bankAccountIds } = choices
  return {
    userId,
    reason,
    choices: {
      scopes: requested.filter((scope) => scopes.includes(scope)),
      mode,
      accounts,
      bankAccountIds: [...new Set(bankAccountIds)].filter((id) => Number.isSafeInteger(id) && id > 0),
    },
  }
}
