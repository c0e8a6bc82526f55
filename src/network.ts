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
