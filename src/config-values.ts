import { BlockList, isIP } from "node:net"

/** A token bucket: `perSecond` refilled, at most `burst` at once. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

/** At most `count` within any window of `windowSeconds`. */
export interface FailureBudget {
  readonly count: number
  readonly windowSeconds: number
}

/** A setting that cannot be used; the message is one line that says what and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError"
}

/** The environment, without the variables that are set to nothing. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A token that can be sent in a header and ends where it should (RFC 6750 §2.1). */
export function bearerToken(env: Environment, name: string): string | undefined {
  const token = env[name]
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token
  throw new ConfigError(`${name} must be visible ASCII characters without spaces: openssl rand -hex 24`)
}

/** A whole number within bounds. */
export function wholeNumber(env: Environment, name: string, fallback: number, least: number, most: number): number {
  const text = env[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`)
}

/** One of a few words. */
export function oneOf<Value extends string>(
  env: Environment,
  name: string,
  fallback: Value,
  allowed: readonly Value[],
): Value {
  const value = env[name] ?? fallback
  const known = allowed.find((one) => one === value)
  if (known !== undefined) return known
  throw new ConfigError(`${name} must be one of ${allowed.join(", ")}, not "${value}".`)
}

/** `RATE/s,BURST`, or `off`. */
export function rateLimit(env: Environment, name: string, fallback: string): RateLimit | undefined {
  const text = env[name] ?? fallback
  if (text === "off") return undefined
  const match = /^(\d{1,6})\/s,(\d{1,7})$/.exec(text)
  const limit = { perSecond: Number(match?.[1]), burst: Number(match?.[2]) }
  if (limit.perSecond > 0 && limit.burst > 0) return limit
  throw new ConfigError(`${name} must be RATE/s,BURST such as ${fallback}, or off, not "${text}".`)
}

/** `COUNT/SECONDSs`, or `off`. */
export function failureBudget(env: Environment, name: string, fallback: string): FailureBudget | undefined {
  const text = env[name] ?? fallback
  if (text === "off") return undefined
  const match = /^(\d{1,7})\/(\d{1,5})s$/.exec(text)
  const budget = { count: Number(match?.[1]), windowSeconds: Number(match?.[2]) }
  if (budget.count > 0 && budget.windowSeconds > 0) return budget
  throw new ConfigError(`${name} must be COUNT/SECONDSs such as ${fallback}, or off, not "${text}".`)
}

/** `on` or `off`. */
export function isOn(env: Environment, name: string, fallback: "on" | "off"): boolean {
  return oneOf(env, name, fallback, ["on", "off"]) === "on"
}

/** Networks, separated by commas; an address counts as a network of one. */
export function addressList(env: Environment, name: string): BlockList | undefined {
  const networks = networkList(env, name)
  if (networks.length === 0) return undefined
  const list = new BlockList()
  for (const { address, bits } of networks) list.addSubnet(address, bits, isIP(address) === 6 ? "ipv6" : "ipv4")
  return list
}

/** Addresses and networks as they are written, separated by commas. */
export function networkTexts(env: Environment, name: string): readonly string[] {
  return Object.freeze(networkList(env, name).map(({ text }) => text))
}

function networkList(env: Environment, name: string): readonly { text: string; address: string; bits: number }[] {
  return (env[name]?.split(",") ?? []).map((part) => {
    const text = part.trim()
    const [, address = "", prefix] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
    const family = isIP(address)
    const most = family === 6 ? 128 : 32
    const bits = prefix === undefined ? most : Number(prefix)
    if (family !== 0 && bits <= most) return { text, address, bits }
    throw new ConfigError(`${name} must be a comma-separated list of networks such as 10.0.0.0/8, not "${text}".`)
  })
}
