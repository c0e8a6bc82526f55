import type { VaFilter, WebhookFilter } from "../../../webhooks/webhook.ts"

/** What of an account a webhook wants, as a person chooses it. */
export const vaChoices = ["everything", "account", "vas", "listed", "account-and-listed"] as const
export type VaChoice = (typeof vaChoices)[number]

/** Whether the text of a field is a choice. */
export function isVaChoice(text: string | undefined): text is VaChoice {
  return vaChoices.some((choice) => choice === text)
}

/** The choice behind a stored filter. Pure. */
export function toVaChoice({ onlyVa, vaMode }: VaFilter): VaChoice {
  if (vaMode === "list") return onlyVa ? "listed" : "account-and-listed"
  if (onlyVa) return "vas"
  return vaMode === "none" ? "account" : "everything"
}

/** The filter that a choice stands for. Pure. */
export function toVaFilter(choice: VaChoice, bankSubAccountIds: readonly number[]): VaFilter {
  switch (choice) {
    case "everything":
      return { onlyVa: false, vaMode: "all", bankSubAccountIds: [] }
    case "account":
      return { onlyVa: false, vaMode: "none", bankSubAccountIds: [] }
    case "vas":
      return { onlyVa: true, vaMode: "all", bankSubAccountIds: [] }
    case "listed":
      return { onlyVa: true, vaMode: "list", bankSubAccountIds }
    case "account-and-listed":
      return { onlyVa: false, vaMode: "list", bankSubAccountIds }
  }
}

/** What a webhook wants of one account: with several accounts each may have a filter of its own. Pure. */
export function filterOfAccount(webhook: WebhookFilter, bankAccountId: number): VaFilter {
  if (webhook.bankMode !== "multi") return webhook
  return webhook.accounts.find((entry) => entry.bankAccountId === bankAccountId) ?? webhook
}

/** Whether two filters let the same pass. Pure. */
export function isSameFilter(one: VaFilter, other: VaFilter): boolean {
  const listed = (filter: VaFilter) =>
    filter.vaMode === "list" ? filter.bankSubAccountIds.toSorted((a, b) => a - b) : []
  return one.onlyVa === other.onlyVa && one.vaMode === other.vaMode && listed(one).join() === listed(other).join()
}
