import { randomBytes } from "node:crypto"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { BlockList, isIP } from "node:net"
import { availableParallelism } from "node:os"
import { dirname } from "node:path"
import { loadEnvFile } from "node:process"
import { createKeyring, type Keyring } from "./crypto/keyring.ts"

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

export interface Config {
  /** Public base URL and issuer, without a trailing slash. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  readonly dataDirectory: string
  readonly keyring: Keyring
  readonly workers: number
  readonly rateLimits: {
    readonly grant: RateLimit | undefined
    readonly client: RateLimit | undefined
    readonly ip: RateLimit | undefined
    readonly pages: RateLimit | undefined
    readonly feed: RateLimit | undefined
    readonly failures: FailureBudget | undefined
  }
  /** Whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: BlockList | undefined
  readonly accessTokenLifetimeSeconds: number
  readonly refreshTokenLifetimeSeconds: number
  readonly metricsToken: string | undefined
  readonly logLevel: string
  readonly simulatorDailyLimit: number | undefined
}

/** A setting that cannot be used; the message is one line that says what and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError"
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads `.env` of the working directory, if there is one; the environment proper wins.
 *
 * @throws ConfigError when it cannot be read
 */
export function loadEnvironmentFile(): void {
  if (!existsSync(".env")) return
  try {
    loadEnvFile(".env")
  } catch (cause) {
    throw new ConfigError(
      "The file .env cannot be read: make it a text file of NAME=VALUE lines, readable by this user.",
      {
        cause,
      },
    )
  }
}

/**
 * The environment, parsed once (docs/operations.md).
 *
 * @throws ConfigError naming the variable and what it takes
 */
export function readConfig(environment: Environment = process.env): Config {
  const env: Environment = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""))
  const host = env["HOST"] ?? "127.0.0.1"
  const port = wholeNumber(env, "PORT", 3000, 0, 65_535)
  const databaseUrl = readDatabaseUrl(env)
  const onSqlite = databaseUrl.startsWith("sqlite:")
  const dataDirectory = onSqlite ? dirname(databaseUrl.slice("sqlite:".length)) : "./data"
  return Object.freeze({
    url: readUrl(env, port),
    host,
    port,
    databaseUrl,
    dataDirectory,
    keyring: createKeyring(readSecrets(env, onSqlite, dataDirectory)),
    workers: wholeNumber(env, "WORKERS", onSqlite ? 1 : availableParallelism(), 1, 256),
    rateLimits: Object.freeze({
      grant: rateLimit(env, "RATE_LIMIT_GRANT", "10/s,50"),
      client: rateLimit(env, "RATE_LIMIT_CLIENT", "20/s,100"),
      ip: rateLimit(env, "RATE_LIMIT_IP", "100/s,300"),
      pages: rateLimit(env, "RATE_LIMIT_PAGES", "20/s,60"),
      feed: rateLimit(env, "RATE_LIMIT_FEED", "50/s,100"),
      failures: failureBudget(env, "RATE_LIMIT_FAILURES", "100/60s"),
    }),
    trustedProxies: addressList(env, "TRUSTED_PROXIES"),
    accessTokenLifetimeSeconds: wholeNumber(env, "ACCESS_TOKEN_LIFETIME", 3600, 600, 86_400),
    refreshTokenLifetimeSeconds: wholeNumber(env, "REFRESH_TOKEN_LIFETIME", 2_592_000, 3600, 31_536_000),
    metricsToken: bearerToken(env, "METRICS_TOKEN"),
    logLevel: oneOf(env, "LOG_LEVEL", "info", ["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    simulatorDailyLimit: env["SIMULATOR_DAILY_LIMIT"] === "off" ? undefined : dailyLimit(env),
  })
}

function dailyLimit(env: Environment): number {
  return wholeNumber(env, "SIMULATOR_DAILY_LIMIT", 500, 1, 1_000_000_000)
}

function readDatabaseUrl(env: Environment): string {
  const value = env["DATABASE_URL"] ?? "sqlite:./data/sepay.db"
  // A database in memory would be another one in every process, and gone after the last.
  if (/^sqlite:(?!\/\/|:memory:).+$/.test(value) && !value.endsWith("/")) return value
  // pg takes a URL without a host too: then its default one is meant.
  const isPostgres = /^postgres(ql)?:\/\/.+/.test(value)
  if (isPostgres && (URL.canParse(value) || URL.canParse(value.replace("@/", "@localhost/")))) return value
  throw new ConfigError("DATABASE_URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME.")
}

function readUrl(env: Environment, port: number): string {
  const text = env["SEPAY_URL"] ?? `http://localhost:${port}`
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw new ConfigError(`SEPAY_URL must be a URL such as https://pay.example.com, not "${text}".`, { cause })
  }
  const bare = url.pathname === "/" && url.username === "" && url.password === ""
  if (!bare || /[/?#]$/.test(text) || url.search !== "" || url.hash !== "") {
    throw new ConfigError("SEPAY_URL must be scheme, host and port alone: no path, query or trailing slash.")
  }
  const secure = url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname))
  if (!secure) throw new ConfigError("SEPAY_URL must be https unless its host is localhost or a loopback address.")
  return url.origin
}

/** Whether a URL's host name is this machine itself: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."))
}

function readSecrets(env: Environment, onSqlite: boolean, dataDirectory: string): readonly string[] {
  const given = env["SEPAY_SECRET"]
  if (given !== undefined) {
    const secrets = given.split(",").map((secret) => secret.trim())
    if (secrets.every((secret) => Buffer.byteLength(secret) >= 32)) return secrets
    throw new ConfigError("SEPAY_SECRET must be 32 bytes or more; several, newest first, are separated by commas.")
  }
  if (!onSqlite) {
    throw new ConfigError("SEPAY_SECRET must be set with PostgreSQL, the same on every node: openssl rand -base64 48")
  }
  return [readOrMakeSecretFile(`${dataDirectory}/secret.key`)]
}

function readOrMakeSecretFile(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // "wx": of two first starts at once, one makes the file and the other reads it.
    writeFileSync(file, `${randomBytes(48).toString("base64url")}\n`, { flag: "wx", mode: 0o600 })
    chmodSync(file, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new ConfigError(`The secret file ${file} cannot be made: ${(error as Error).message}.`, { cause: error })
    }
  }
  const secret = readSecretFile(file)
  if (Buffer.byteLength(secret) < 32) {
    throw new ConfigError(`The secret file ${file} is damaged (under 32 bytes): restore it from your backup.`)
  }
  return secret
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, "utf8").trim()
  } catch (cause) {
    throw new ConfigError(`The secret file ${file} cannot be read: ${(cause as Error).message}.`, { cause })
  }
}

// Other characters could not be sent in a header, or would end the token there (RFC 6750 §2.1).
function bearerToken(env: Environment, name: string): string | undefined {
  const token = env[name]
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token
  throw new ConfigError(`${name} must be visible ASCII characters without spaces: openssl rand -hex 24`)
}

function wholeNumber(env: Environment, name: string, fallback: number, least: number, most: number): number {
  const text = env[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`)
}

function oneOf(env: Environment, name: string, fallback: string, allowed: readonly string[]): string {
  const value = env[name] ?? fallback
  if (allowed.includes(value)) return value
  throw new ConfigError(`${name} must be one of ${allowed.join(", ")}, not "${value}".`)
}

function rateLimit(env: Environment, name: string, fallback: string): RateLimit | undefined {
  const text = env[name] ?? fallback
  if (text === "off") return undefined
  const match = /^(\d{1,6})\/s,(\d{1,7})$/.exec(text)
  const limit = { perSecond: Number(match?.[1]), burst: Number(match?.[2]) }
  if (limit.perSecond > 0 && limit.burst > 0) return limit
  throw new ConfigError(`${name} must be RATE/s,BURST such as ${fallback}, or off, not "${text}".`)
}

function failureBudget(env: Environment, name: string, fallback: string): FailureBudget | undefined {
  const text = env[name] ?? fallback
  if (text === "off") return undefined
  const match = /^(\d{1,7})\/(\d{1,5})s$/.exec(text)
  const budget = { count: Number(match?.[1]), windowSeconds: Number(match?.[2]) }
  if (budget.count > 0 && budget.windowSeconds > 0) return budget
  throw new ConfigError(`${name} must be COUNT/SECONDSs such as ${fallback}, or off, not "${text}".`)
}

function addressList(env: Environment, name: string): BlockList | undefined {
  const text = env[name]
  if (text === undefined) return undefined
  const list = new BlockList()
  for (const entry of text.split(",").map((part) => part.trim())) {
    const [, address = "", prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
    const family = isIP(address)
    const most = family === 6 ? 128 : 32
    const bits = prefix === undefined ? most : Number(prefix)
    if (family === 0 || bits > most) {
      throw new ConfigError(`${name} must be a comma-separated list of networks such as 10.0.0.0/8, not "${entry}".`)
    }
    list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4")
  }
  return list
}
