import { isIPv6 } from "node:net"

/**
 * The network that limits count for a caller's address: the address itself for IPv4, the /64 for IPv6, whose subscriber
 * may take a new address for each try.
 */
export function networkOf(ip: string): string {
  if (ip.indexOf(":") < 0) return ip
  const plain = ip.startsWith("::ffff:") ? ip.slice("::ffff:".length) : ip
  if (!isIPv6(plain)) return plain
  const [head = "", tail] = plain.split("::")
  const start = head === "" ? [] : head.split(":")
  const end = tail === undefined || tail === "" ? [] : tail.split(":")
  const zeros = tail === undefined ? 0 : 8 - start.length - end.length
  return [...start, ...Array<string>(Math.max(0, zeros)).fill("0"), ...end]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")
}

/**
 * About which provider a caller comes from: the first half of an IPv4 address, the first 32 bits of an IPv6 one. A phone
 * keeps it from day to day, although its address changes.
 */
export function coarseNetworkOf(ip: string): string {
  const network = networkOf(ip)
  return network.includes(":") ? network.split(":").slice(0, 2).join(":") : network.split(".").slice(0, 2).join(".")
}
