import { isAdministrator, isPermitted, type Permission } from "../identity/permission.ts"
import type { Session } from "../identity/session.ts"
import type { Language } from "../messages/catalogue.ts"
import { personName } from "../messages/person-name.ts"
import type { ConsentAccount, ConsentCase, DecisionProblem } from "./consent.ts"
import type { ConsentChoices } from "./kept-choices.ts"
import { accountScopes, type Scope } from "./protocol.ts"

/** A scope as a line of the page. */
export interface ConsentScope {
  readonly scope: Scope
  readonly required: boolean
  readonly ticked: boolean
  /** The user's role can use it now. */
  readonly usable: boolean
  /** It changes data. */
  readonly writes: boolean
}

/** An account as a line of the page. */
export interface ConsentPageAccount {
  readonly id: number
  readonly mode: "live" | "test"
  readonly bankName: string
  readonly bankIcon: string
  readonly label: string | null
  readonly holderName: string
  readonly maskedNumber: string
  readonly ticked: boolean
}

/** Why the page is shown again. */
export type ConsentProblem = DecisionProblem | "form_expired" | "signed_out"

/** All that the consent page shows. */
export interface ConsentPageData {
  readonly language: Language
  readonly handle: string
  readonly csrfToken: string
  readonly app: {
    readonly name: string
    readonly logoUrl: string | null
    readonly developer: string
    readonly websiteHost: string | undefined
    readonly redirectHost: string
    readonly reviewed: boolean
  }
  readonly user: { readonly name: string; readonly email: string; readonly companyName: string }
  readonly scopes: readonly ConsentScope[]
  /** Whether an account scope is asked for, so that accounts are chosen. */
  readonly asksAccounts: boolean
  readonly accounts: readonly ConsentPageAccount[]
  /** Shown only when the company has test accounts. */
  readonly offersModes: boolean
  readonly mode: "live" | "test"
  readonly accountChoice: "all" | "chosen"
  readonly problem?: ConsentProblem | undefined
}

/** A question to the user, before or after a decision that could not be taken. */
export interface ConsentQuestion {
  readonly consentCase: ConsentCase
  readonly developer: string
  readonly session: Session & { readonly csrfToken: string }
  readonly handle: string
  readonly accounts: readonly ConsentAccount[]
  /** What was sent and decided nothing. Without a problem neither button was pressed; without choices they are another's. */
  readonly refused?:
    | { readonly problem?: ConsentProblem | undefined; readonly choices?: ConsentChoices | undefined }
    | undefined
}

/** What the consent page shows of it. Pure. */
export function toConsentPage(question: ConsentQuestion, language: Language): ConsentPageData {
  const { consentCase, session, accounts, refused } = question
  const { client, stored } = consentCase
  const { scope: requested, redirectUri } = stored.request
  const choices = refused?.choices
  return {
    language,
    handle: question.handle,
    csrfToken: session.csrfToken,
    app: {
      name: client.name,
      logoUrl: client.logoUrl,
      developer: question.developer,
      websiteHost: client.website === null ? undefined : hostOf(client.website),
      redirectHost: hostOf(redirectUri),
      reviewed: client.state === "approved",
    },
    user: {
      name: personName(session, language),
      email: session.email,
      companyName: session.companyName,
    },
    scopes: requested.map((scope) =>
      toPageScope(session, scope, {
        required: client.scopes.some((registered) => registered.scope === scope && registered.required),
        ticked: choices === undefined || choices.scopes.includes(scope),
      }),
    ),
    asksAccounts: requested.some((scope) => accountScopes.includes(scope)),
    accounts: accounts.map((account) => toPageAccount(account, choices?.bankAccountIds.includes(account.id) ?? false)),
    offersModes: accounts.some((account) => account.mode === "test"),
    mode: choices?.mode ?? "live",
    accountChoice: choices?.accounts ?? "all",
    problem: refused?.problem,
  }
}

/** A scope as a line to tick. Pure. */
export function toPageScope(
  session: Session,
  scope: Scope,
  box: { readonly required: boolean; readonly ticked: boolean },
): ConsentScope {
  const writes = scope === "webhook:write" || scope === "webhook:delete" || scope === "company"
  return { scope, ...box, usable: canUse(session, scope), writes }
}

/** An account as a line to tick, its number masked. Pure. */
export function toPageAccount({ accountNumber, ...account }: ConsentAccount, ticked: boolean): ConsentPageAccount {
  return { ...account, maskedNumber: `•••${accountNumber.slice(-4)}`, ticked }
}

// A custom scheme has no host: the scheme itself is what the user can recognise.
function hostOf(address: string): string {
  const url = new URL(address)
  return url.host === "" ? url.protocol : url.host
}

const permissionOf: Readonly<Partial<Record<Scope, Permission>>> = {
  "bank-account:read": "bank_account.list",
  "transaction:read": "transaction.list",
  "webhook:read": "webhook.list",
  "webhook:write": "webhook.create",
  "webhook:delete": "webhook.delete",
}

function canUse(session: Session, scope: Scope): boolean {
  if (scope === "company") return isAdministrator(session)
  const permission = permissionOf[scope]
  return permission === undefined || isPermitted(session, permission)
}
