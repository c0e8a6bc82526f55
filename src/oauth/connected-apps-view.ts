import type { ConnectedApp } from "./connected-apps.page.ts"
import type { ConsentAccount } from "./consent.ts"
import type { ListedGrant } from "./grant.ts"
import { accountScopes } from "./protocol.ts"

/** A grant as the page shows it to that user. Pure. */
export function toConnectedApp(
  grant: ListedGrant,
  accounts: readonly ConsentAccount[],
  viewerId: number,
): ConnectedApp {
  const chosen = grant.bankAccountIds
  const named = accounts.filter(({ id }) => chosen?.includes(id) === true)
  return {
    grantId: grant.id,
    name: grant.clientName,
    logoUrl: grant.logoUrl,
    developer: grant.developer,
    grantedBy: grant.userId === viewerId ? undefined : grant.userName || grant.userEmail,
    mode: grant.mode,
    scopes: grant.scopes,
    accounts: chosen === undefined ? undefined : named.map(accountText),
    asksAccounts: grant.scopes.some((scope) => accountScopes.includes(scope)),
    grantedAt: grant.grantedAt,
    lastUsedAt: grant.lastUsedAt,
    aliveFamilies: grant.aliveFamilies,
  }
}

function accountText({ bankName, accountNumber, label }: ConsentAccount): string {
  const number = `${bankName} •••${accountNumber.slice(-4)}`
  return label === null ? number : `${label} (${number})`
}
