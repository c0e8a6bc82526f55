import { BlockList, isIP } from "node:net"

/** What the operator decided about addresses (contract/webhooks.md §8). */
export interface AddressSettings {
  /** Addresses inside count as public. */
  readonly allow: BlockList | undefined
  /** Addresses inside are refused, also when they are allowed. */
  readonly deny: BlockList | undefined
  /** 64:ff9b::/96 takes the verdict of the IPv4 address inside. */
  readonly nat64: boolean
}

const refusedIpv4 = listOf("ipv4", [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // Answers on every machine of a large cloud, though the range around it is public.
  ["168.63.129.16", 32],
])

const globalIpv6 = listOf("ipv6", [["2000::", 3]])

const refusedIpv6 = listOf("ipv6", [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
])

const nat64Prefix = listOf("ipv6", [["64:ff9b::", 96]])

function listOf(family: "ipv4" | "ipv6", networks: readonly (readonly [network: string, bits: number])[]): BlockList {
  const list = new BlockList()
  for (const [network, bits] of networks) list.addSubnet(network, bits, family)
  return list
}

/** Whether an address, in any spelling that connects, may be called: the tables of contract/webhooks.md §8. */
export function isPublicAddress(address: string, settings: AddressSettings): boolean {
  const family = familyOf(address)
  if (family === undefined || isIn(settings.deny, address)) return false
  if (isIn(settings.allow, address)) return true
  if (family === "ipv4") return !refusedIpv4.check(address, family)
  if (settings.nat64 && nat64Prefix.check(address, family)) return isPublicAddress(embeddedIpv4(address), settings)
  return globalIpv6.check(address, family) && !refusedIpv6.check(address, family)
}

/** Whether the operator's allow list has the address, and the deny list has not (contract/webhooks.md §8). */
export function isAllowedAddress(address: string, settings: AddressSettings): boolean {
  return isIn(settings.allow, address) && !isIn(settings.deny, address)
}

// A mapped IPv6 address is found under the rules of its IPv4 address too.
function isIn(list: BlockList | undefined, address: string): boolean {
  const family = familyOf(address)
  return list !== undefined && family !== undefined && list.check(address, family)
}

// With a zone id, an address means an interface of this machine: isIP takes that for an address, BlockList does not.
function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  if (address.includes("%")) return undefined
  const version = isIP(address)
  return version === 4 ? "ipv4" : version === 6 ? "ipv6" : undefined
}

// The URL parser writes IPv6 in one form, with the last 32 bits as two groups of digits, or fewer behind "::".
function embeddedIpv4(address: string): string {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(":")
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group === "" ? "0" : group, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join(".")
}
