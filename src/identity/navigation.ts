import type { NavigationPage } from "../messages/frame.ts"
import { type Actor, isAdministrator, isPermitted, type Permission } from "./permission.ts"

const forEveryone: readonly NavigationPage[] = ["overview", "connected-apps", "api-reference", "account"]
const forAdministrators: readonly NavigationPage[] = ["payment-codes", "company", "users", "audit"]
const byPermission: readonly (readonly [NavigationPage, Permission])[] = [
  ["transactions", "transaction.list"],
  ["bank-accounts", "bank_account.list"],
  ["webhooks", "webhook.list"],
  ["apps", "application.manage"],
]
const forOperators: readonly NavigationPage[] = [
  "operator-apps",
  "operator-companies",
  "operator-users",
  "operator-feeds",
  "operator-deliveries",
  "operator-keys",
  "operator-system",
  "operator-audit",
]

/** The pages that a user may open: the rest is neither shown nor, when asked for by its address, answered. */
export function navigationOf(user: Actor & { readonly isOperator: boolean }): readonly NavigationPage[] {
  return [
    ...forEveryone,
    ...(isAdministrator(user) ? forAdministrators : []),
    ...byPermission.filter(([, permission]) => isPermitted(user, permission)).map(([page]) => page),
    ...(user.isOperator ? forOperators : []),
  ]
}
