import type { NamedSubAccounts } from "../../../banking/sub-account.ts"
import type { StoredWebhook } from "../../../webhooks/list-webhooks.ts"
import type { TypedWebhook } from "./typed-webhook.ts"

/** The virtual accounts that a webhook names. Pure. */
export function vasOfWebhook(webhook: StoredWebhook): NamedSubAccounts {
  const filters = [webhook, ...webhook.accounts]
  return { ids: filters.flatMap(({ bankSubAccountIds }) => bankSubAccountIds), numbers: [] }
}

/** The virtual accounts that a form names, and the webhook that it changes. Pure. */
export function vasOfForm({ vas }: TypedWebhook, before?: StoredWebhook): NamedSubAccounts {
  const typed = [...vas.values()]
  const kept = before === undefined ? [] : vasOfWebhook(before).ids
  return {
    ids: [...kept, ...typed.flatMap(({ ids }) => ids)],
    numbers: typed.flatMap(({ numbers }) => numbersIn(numbers)),
  }
}

/** The numbers in a field that takes many. Pure. */
export function numbersIn(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((number) => number !== "")
}
