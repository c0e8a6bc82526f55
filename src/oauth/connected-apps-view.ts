import type { Instant } from "../clock.ts"
import type { AuditRecord } from "../identity/audit-log.ts"
import type { Language } from "../messages/catalogue.ts"
import { personName } from "../messages/person-name.ts"
import type { ConsentAccount } from "./consent.ts"
import type { ListedGrant } from "./grant.ts"
import { accountScopes, scopes as allScopes, type Scope } from "./protocol.ts"

/** A grant as the pages show it. */
export interface ConnectedApp {
  readonly grantId: number
  readonly name: string
  readonly logoUrl: string | null
  readonly developer: string
  readonly website: string | undefined
  /** Nobody's token for it works until it is approved again. */
  readonly suspended: boolean
  /** Who granted it may use the platform no more, so nobody's token for it works. */
  readonly userInactive: boolean
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
  readonly ended: { readonly at: Instant; readonly reason: string | null } | undefined
  /** It is the viewer's own, and alive. */
  readonly canNarrow: boolean
}

/** A grant as the pages show it to that user. Pure. */
export function toConnectedApp(
  grant: ListedGrant,
  accounts: readonly ConsentAccount[],
  viewer: { readonly userId: number; readonly language: Language },
): ConnectedApp {
  const chosen = grant.bankAccountIds
  const named = accounts.filter(({ id }) => chosen?.includes(id) === true)
  const isOwn = grant.userId === viewer.userId
  return {
    grantId: grant.id,
    name: grant.clientName,
    logoUrl: grant.logoUrl,
    developer: grant.developer,
    website: grant.website ?? undefined,
    suspended: grant.clientState === "suspended",
    userInactive: !grant.userIsActive,
    grantedBy: isOwn ? undefined : granterName(grant, viewer.language),
    mode: grant.mode,
    scopes: grant.scopes,
    accounts: chosen === undefined ? undefined : named.map(accountText),
    asksAccounts: grant.scopes.some((scope) => accountScopes.includes(scope)),
    grantedAt: grant.grantedAt,
    lastUsedAt: grant.lastUsedAt,
    aliveFamilies: grant.aliveFamilies,
    ended: grant.endedAt === null ? undefined : { at: grant.endedAt, reason: grant.endReason },
    canNarrow: isOwn && grant.endedAt === null,
  }
}

/** Something that was done to a grant, as its history shows it. */
export interface GrantEvent {
  readonly kind: "given" | "renewed" | "narrowed" | "revoked"
  readonly at: Instant
  /** Who did it; undefined when that is no longer known. */
  readonly by: string | undefined
  readonly scopes: Difference<Scope> | undefined
  readonly accounts: Difference<AccountName> | undefined
}

/** What was there from then on, when it is all there is to say; else what went and what came. */
export interface Difference<Item> {
  readonly now?: readonly Item[] | "all"
  readonly gone?: readonly Item[] | "all"
  readonly came?: readonly Item[] | "all"
}

/** An account in words, or by its id when it is no longer linked. */
export type AccountName = string | number

const kinds: Readonly<Record<string, GrantEvent["kind"]>> = {
  "grant.give": "given",
  "grant.renew": "renewed",
  "grant.narrow": "narrowed",
  "grant.revoke": "revoked",
}

/** The history of a grant; one older than the audit log at least knows when it was given. Pure. */
export function toGrantEvents(
  grant: ListedGrant,
  history: readonly AuditRecord[],
  { accounts, language }: { readonly accounts: readonly ConsentAccount[]; readonly language: Language },
): readonly GrantEvent[] {
  const known = history.flatMap((record) => {
    const kind = kinds[record.action]
    return kind === undefined ? [] : [toEvent(kind, record, accounts)]
  })
  if (known.some(({ kind }) => kind === "given")) return known
  const by = granterName(grant, language)
  return [...known, { kind: "given", at: grant.grantedAt, by, scopes: undefined, accounts: undefined }]
}

function granterName({ firstName, lastName, userEmail: email }: ListedGrant, language: Language): string {
  return personName({ firstName, lastName, email }, language)
}

function toEvent(
  kind: GrantEvent["kind"],
  { recordedAt, actorName, details }: AuditRecord,
  accounts: readonly ConsentAccount[],
): GrantEvent {
  const [before, after] = [reachIn(details["before"]), reachIn(details["after"])]
  const name = (id: number): AccountName => {
    const account = accounts.find((one) => one.id === id)
    return account === undefined ? id : accountText(account)
  }
  const named = mapAll(difference(before.accounts, after.accounts), name)
  return { kind, at: recordedAt, by: actorName, scopes: difference(before.scopes, after.scopes), accounts: named }
}

interface ReadReach {
  readonly scopes: readonly Scope[] | undefined
  readonly accounts: readonly number[] | "all" | undefined
}

function reachIn(value: unknown): ReadReach {
  const { scopes, accounts } = (value ?? {}) as { readonly scopes?: unknown; readonly accounts?: unknown }
  return {
    scopes: Array.isArray(scopes) ? allScopes.filter((scope) => scopes.includes(scope)) : undefined,
    accounts: accounts === "all" ? "all" : Array.isArray(accounts) ? accounts.map(Number) : undefined,
  }
}

function difference<Item>(
  before: readonly Item[] | "all" | undefined,
  after: readonly Item[] | "all" | undefined,
): Difference<Item> | undefined {
  if (after === undefined) return undefined
  if (before === undefined) return { now: after }
  if (before === "all" || after === "all") return { gone: before, came: after }
  return {
    gone: before.filter((item) => !after.includes(item)),
    came: after.filter((item) => !before.includes(item)),
  }
}

function mapAll<From, To>(of: Difference<From> | undefined, map: (item: From) => To): Difference<To> | undefined {
  if (of === undefined) return undefined
  const each = (list: readonly From[] | "all" | undefined) => (Array.isArray(list) ? list.map(map) : undefined)
  const kept = (list: readonly From[] | "all" | undefined) => (list === "all" ? ("all" as const) : each(list))
  const { now, gone, came } = of
  return {
    ...(now !== undefined && { now: kept(now) ?? [] }),
    ...(gone !== undefined && { gone: kept(gone) ?? [] }),
    ...(came !== undefined && { came: kept(came) ?? [] }),
  }
}

function accountText({ bankName, accountNumber, label }: ConsentAccount): string {
  const number = `${bankName} •••${accountNumber.slice(-4)}`
  return label === null ? number : `${label} (${number})`
}
