import type { ClientValues, PendingChanges } from "./client-values.ts"
import type { RegisteredScope } from "./clients.store.ts"
import { inListedOrder } from "./scope.ts"

/** What of a change holds at once, and what waits. */
export interface SplitChanges {
  readonly now: ClientValues
  /** Undefined: nothing has to wait. */
  readonly pending: PendingChanges | undefined
}

/**
 * Parts what an approved app is to become (contract/oauth.md §15): removals, description and switches hold at once; a new name,
 * website, logo, profile, redirect URI or scope waits, as does an optional scope that is to be required. Pure.
 */
export function splitChanges(live: ClientValues, wanted: ClientValues): SplitChanges {
  const pending: PendingChanges = {
    ...(wanted.name !== live.name && { name: wanted.name }),
    ...(wanted.website !== null && wanted.website !== live.website && { website: wanted.website }),
    ...(wanted.logo !== null && wanted.logo.hash !== live.logo?.hash && { logo: wanted.logo }),
    ...(wanted.profile !== live.profile && { profile: wanted.profile }),
    ...(wanted.clientType !== live.clientType && { clientType: wanted.clientType }),
    ...listed("redirectUris", addedUris(live, wanted)),
    ...listed("scopes", addedScopes(live, wanted)),
  }
  const now: ClientValues = {
    ...live,
    description: wanted.description,
    legacyTokenErrors: wanted.legacyTokenErrors,
    website: wanted.website === null ? null : live.website,
    // The same picture at another address needs no look.
    logo: wanted.logo === null || wanted.logo.hash === live.logo?.hash ? wanted.logo : live.logo,
    redirectUris: live.redirectUris.filter((uri) => wanted.redirectUris.includes(uri)),
    scopes: live.scopes.flatMap((scope) => keptScope(scope, wanted)),
  }
  return { now, pending: Object.keys(pending).length === 0 ? undefined : pending }
}

/** What an app becomes once its pending changes are approved. Pure. */
export function withPending(live: ClientValues, pending: PendingChanges | undefined): ClientValues {
  if (pending === undefined) return live
  const { redirectUris = [], scopes = [], ...replaced } = pending
  const merged = [...live.scopes.filter(({ scope }) => !scopes.some((one) => one.scope === scope)), ...scopes]
  return {
    ...live,
    ...replaced,
    redirectUris: [...live.redirectUris, ...redirectUris.filter((uri) => !live.redirectUris.includes(uri))],
    scopes: inListedOrder(merged.map(({ scope }) => scope)).flatMap((scope) =>
      merged.filter((registered) => registered.scope === scope),
    ),
  }
}

/** Whether the tokens of an app end with a change (contract/oauth.md §9). Pure. */
export function endsTokens(before: ClientValues, after: ClientValues): boolean {
  return before.profile !== after.profile || before.clientType !== after.clientType
}

/** The fields that two states differ in, by their names in the contract: what an audit row says. Pure. */
export function changedFields(before: ClientValues, after: ClientValues): readonly string[] {
  const fields: readonly (readonly [string, keyof ClientValues])[] = [
    ["name", "name"],
    ["description", "description"],
    ["website", "website"],
    ["logo_url", "logo"],
    ["profile", "profile"],
    ["client_type", "clientType"],
    ["redirect_uris", "redirectUris"],
    ["scopes", "scopes"],
    ["legacy_token_errors", "legacyTokenErrors"],
  ]
  return fields.filter(([, key]) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map(([field]) => field)
}

function listed<Name extends string, Item>(name: Name, items: readonly Item[]): { [key in Name]?: readonly Item[] } {
  return items.length === 0 ? {} : ({ [name]: items } as { [key in Name]?: readonly Item[] })
}

function addedUris(live: ClientValues, wanted: ClientValues): readonly string[] {
  return wanted.redirectUris.filter((uri) => !live.redirectUris.includes(uri))
}

function addedScopes(live: ClientValues, wanted: ClientValues): readonly RegisteredScope[] {
  return wanted.scopes.filter((scope) => {
    const known = live.scopes.find((one) => one.scope === scope.scope)
    return known === undefined || (scope.required && !known.required)
  })
}

// Kept as it is, or made optional at once; one that is to be required waits as it is.
function keptScope(scope: RegisteredScope, wanted: ClientValues): readonly RegisteredScope[] {
  const wish = wanted.scopes.find((one) => one.scope === scope.scope)
  if (wish === undefined) return []
  return [{ scope: scope.scope, required: scope.required && wish.required }]
}
