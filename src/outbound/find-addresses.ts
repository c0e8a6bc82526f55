import { Resolver } from "node:dns/promises"
import { isIP } from "node:net"
import { type AddressSettings, isAllowedAddress, isPublicAddress } from "./address-guard.ts"
import { maximumAddresses } from "./limits.ts"
import type { Target } from "./target.ts"

/** All addresses of a name, in the name server's order; none if it has none. Ends early when the signal is aborted. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>

/** Addresses that may all be called, or why there are none. */
export type FoundAddresses =
  | { readonly kind: "found"; readonly addresses: readonly string[] }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly problem: string }

/** What a lookup needs beside the name. */
export interface Lookup {
  readonly settings: AddressSettings
  readonly resolve: Resolve
  readonly dnsMs: number
}

const privateProblem = "leads to an address that is not public"

/**
 * Looks a target's name up once and checks every address (contract/webhooks.md §8): one that is not public refuses all,
 * since the owner of the name decides which is called first. Never rejects.
 */
export async function findAddresses(target: Target, lookup: Lookup): Promise<FoundAddresses> {
  const { hostname, isPrivateName } = target
  const { settings } = lookup
  if (isPrivateName && settings.allow === undefined) return { kind: "refused", problem: "must have a public host name" }
  const addresses = await resolveWithin(hostname, lookup)
  // What answers for such a name is this network's own: without an answer the name itself is what is wrong.
  if (isPrivateName && !(addresses.length > 0 && addresses.every((address) => isAllowedAddress(address, settings)))) {
    return { kind: "refused", problem: "must have a public host name" }
  }
  if (addresses.length === 0) return { kind: "none" }
  if (addresses.length > maximumAddresses) {
    return { kind: "refused", problem: `must not have more than ${maximumAddresses} addresses` }
  }
  if (!addresses.every((address) => isPublicAddress(address, settings))) {
    return { kind: "refused", problem: privateProblem }
  }
  return { kind: "found", addresses }
}

async function resolveWithin(hostname: string, { resolve, dnsMs }: Lookup): Promise<readonly string[]> {
  if (isIP(hostname) !== 0) return [hostname]
  // RFC 6761 §6.3: this name is never asked of a name server.
  if (/(^|\.)localhost$/.test(hostname)) return ["127.0.0.1", "::1"]
  const controller = new AbortController()
  const tooLate = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(() => {
    controller.abort()
    // The cancelled query has its turn first: it may know the addresses of one family.
    setImmediate(() => tooLate.resolve([]))
  }, dnsMs)
  try {
    return await Promise.race([resolve(hostname, controller.signal), tooLate.promise])
  } catch {
    return []
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks name servers for A and AAAA, by c-ares: unlike `dns.lookup` it needs no thread, so a name server that hangs holds
 * nobody else up (docs/decisions/0012-outbound-guard.md). Without `servers`, those of this machine are asked.
 */
export function resolveByNameServers(servers?: readonly string[]): Resolve {
  return async (hostname, signal) => {
    const resolver = new Resolver({ timeout: 2000, tries: 2 })
    if (servers !== undefined) resolver.setServers(servers)
    const cancel = () => resolver.cancel()
    signal.addEventListener("abort", cancel, { once: true })
    try {
      const families = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
      return families.flatMap((family) => (family.status === "fulfilled" ? family.value : []))
    } finally {
      signal.removeEventListener("abort", cancel)
    }
  }
}
