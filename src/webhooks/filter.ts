import type { VaFilter, WebhookFilter } from "./webhook.ts"

/** What a filter looks at (contract/webhooks.md §6). */
export interface TransactionFacts {
  readonly bankAccountId: number
  /** The VA it was paid into, or null. */
  readonly subAccountId: number | null
  readonly direction: "in" | "out"
  readonly code: string | null
}

/** Why a webhook does not hear of a transaction, or that it does. The names are stored with events. */
export type Verdict = "sent" | "inactive" | "import_silent" | "account" | "va" | "direction" | "no_code" | "prefix"

/** What a filter decides about: a webhook's configuration at one moment. */
export type JudgedWebhook = WebhookFilter & { readonly active: boolean }

/** One check, with what it compared, for `explain`. */
export interface Check {
  readonly check: "active" | "notified" | "account" | "va" | "direction" | "code" | "prefix"
  readonly passed: boolean
  /** What the webhook wants. */
  readonly wanted: string
  /** What the transaction has. */
  readonly found: string
  /** The verdict when it fails. */
  readonly verdict: Verdict
}

/**
 * Decides whether a webhook hears of a transaction: the first check that fails gives the verdict (contract/webhooks.md §6).
 *
 * @param silent the import tells nobody
 */
export function judge(webhook: JudgedWebhook, facts: TransactionFacts, silent: boolean): Verdict {
  if (!webhook.active) return "inactive"
  if (silent) return "import_silent"
  if (!coversAccount(webhook, facts.bankAccountId)) return "account"
  if (!passesVa(vaFilterOf(webhook, facts.bankAccountId), facts.subAccountId)) return "va"
  if (!passesDirection(webhook, facts)) return "direction"
  if (webhook.skipIfNoCode && facts.code === null) return "no_code"
  if (!passesPrefix(webhook, facts.code)) return "prefix"
  return "sent"
}

/** Every check with the values it compared, in the order they are made, the ones after a failure too. */
export function listChecks(webhook: JudgedWebhook, facts: TransactionFacts, silent: boolean): readonly Check[] {
  const va = vaFilterOf(webhook, facts.bankAccountId)
  return [
    check("active", webhook.active, ["active", webhook.active ? "active" : "inactive"], "inactive"),
    check("notified", !silent, ["an import that tells", silent ? "a silent import" : "told"], "import_silent"),
    check(
      "account",
      coversAccount(webhook, facts.bankAccountId),
      [describeAccounts(webhook), `account ${facts.bankAccountId}`],
      "account",
    ),
    check(
      "va",
      passesVa(va, facts.subAccountId),
      [describeVa(va), facts.subAccountId === null ? "no VA" : `VA ${facts.subAccountId}`],
      "va",
    ),
    check("direction", passesDirection(webhook, facts), [webhook.eventType, facts.direction], "direction"),
    check(
      "code",
      !(webhook.skipIfNoCode && facts.code === null),
      [webhook.skipIfNoCode ? "a payment code" : "anything", facts.code ?? "no payment code"],
      "no_code",
    ),
    check(
      "prefix",
      passesPrefix(webhook, facts.code),
      [
        webhook.prefixFilters.length === 0 ? "anything" : `a code that starts with ${webhook.prefixFilters.join(", ")}`,
        facts.code ?? "no payment code",
      ],
      "prefix",
    ),
  ]
}

function check(
  name: Check["check"],
  passed: boolean,
  [wanted, found]: readonly [wanted: string, found: string],
  verdict: Verdict,
): Check {
  return { check: name, passed, wanted, found, verdict }
}

function coversAccount({ bankMode, bankAccountIds }: WebhookFilter, bankAccountId: number): boolean {
  return bankMode === "all" || bankAccountIds.includes(bankAccountId)
}

// With `multi` an account may have a VA filter of its own.
function vaFilterOf(webhook: WebhookFilter, bankAccountId: number): VaFilter {
  if (webhook.bankMode !== "multi") return webhook
  return webhook.accounts.find((account) => account.bankAccountId === bankAccountId) ?? webhook
}

function passesVa({ onlyVa, vaMode, bankSubAccountIds }: VaFilter, subAccountId: number | null): boolean {
  if (subAccountId === null) return !onlyVa
  if (vaMode === "list") return bankSubAccountIds.includes(subAccountId)
  return vaMode === "all"
}

function passesDirection({ eventType }: WebhookFilter, { direction }: TransactionFacts): boolean {
  return eventType === "All" || eventType === (direction === "in" ? "In_only" : "Out_only")
}

function passesPrefix({ prefixFilters }: WebhookFilter, code: string | null): boolean {
  if (prefixFilters.length === 0) return true
  return code !== null && prefixFilters.some((prefix) => code.startsWith(prefix))
}

function describeAccounts({ bankMode, bankAccountIds }: WebhookFilter): string {
  return bankMode === "all" ? "all accounts" : `account ${bankAccountIds.join(", ")}`
}

function describeVa({ onlyVa, vaMode, bankSubAccountIds }: VaFilter): string {
  const vas = { all: "any VA", none: "no VA", list: `VA ${bankSubAccountIds.join(", ")}` }[vaMode]
  return onlyVa ? `${vas} only` : `${vas}, or the account itself`
}
