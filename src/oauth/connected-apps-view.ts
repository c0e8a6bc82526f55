import type { Instant } from "../clock.ts"
import type { ConsentAccount } from "./consent.ts"
import type { ListedGrant } from "./grant.ts"
import { accountScopes, type Scope } from "./protocol.ts"

/** A grant as the page shows it. */
export interface ConnectedApp {
  readonly grantId: number
  readonly name: string
  readonly logoUrl: string | null
  readonly developer: string
  /** Who granted it, when that is not the viewer. */
  readonly grantedBy: string | undefined
  readonly mode: "live" | "test"
  readonly scopes: readonly Scope[]
  /** Accounts in words; undefined: all of the mode. */
  readonly accounts: readonly string[] | undefined
  readonly asksAccounts: boolean
  readonly grantedAt: Instant
  readonly lastUsedAt: Instant | null
  readonly aliveFamilies: number
}

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
