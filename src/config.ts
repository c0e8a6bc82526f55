import { randomBytes } from "node:crypto"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { type BlockList, isIP } from "node:net"
import { availableParallelism } from "node:os"
import { dirname } from "node:path"
import { loadEnvFile } from "node:process"
import {
  addressList,
  bearerToken,
  ConfigError,
  type Environment,
  type FailureBudget,
  failureBudget,
  isOn,
  networkTexts,
  oneOf,
  type RateLimit,
  rateLimit,
  wholeNumber,
} from "./config-values.ts"
import { createKeyring, type Keyring } from "./crypto/keyring.ts"
import type { OutboundSettings } from "./outbound/guarded-request.ts"

/** Outgoing mail. */
export interface MailSettings {
  /** Absent: mails become files in the data directory. */
  readonly smtpUrl: string | undefined
  /** `no-reply@pay.example.com` or `SePay <no-reply@pay.example.com>`. */
  readonly from: string
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
  readonly outbound: OutboundSettings
  readonly mail: MailSettings
  /** Who may make a company of their own: anybody, or nobody; invitations into companies are open either way. */
  readonly signUp: "open" | "invitation"
  /** Whether this is the demo: the mailbox page shows everybody's mail. */
  readonly demo: boolean
  /** Addresses and networks that requests of this installation come from, as its operator says. */
  readonly egressAddresses: readonly string[]
  /** Webhooks a company may have in live mode. */
  readonly webhookLimit: number
  /** Requests of a process that may be on their way at once (contract/webhooks.md §7.1). */
  readonly delivery: {
    readonly fastSlots: number
    readonly slowSlots: number
    /** To one webhook. */
    readonly endpointSlots: number
  }
}

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
  const url = readUrl(env, port)
  return Object.freeze({
    url,
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
    outbound: readOutbound(env),
    mail: readMail(env, new URL(url).hostname),
    signUp: oneOf(env, "SIGN_UP", "open", ["open", "invitation"]),
    demo: readDemo(env, new URL(url).hostname),
    egressAddresses: networkTexts(env, "EGRESS_ADDRESSES"),
    webhookLimit: wholeNumber(env, "WEBHOOK_LIMIT", 100, 1, 1_000_000),
    delivery: Object.freeze({
      fastSlots: wholeNumber(env, "DELIVERY_FAST_SLOTS", 256, 1, 65_536),
      slowSlots: wholeNumber(env, "DELIVERY_SLOW_SLOTS", 1024, 1, 65_536),
      endpointSlots: wholeNumber(env, "DELIVERY_ENDPOINT_SLOTS", 64, 1, 65_536),
    }),
  })
}

function readOutbound(env: Environment): OutboundSettings {
  return Object.freeze({
    allow: addressList(env, "OUTBOUND_ALLOW"),
    deny: addressList(env, "OUTBOUND_DENY"),
    allowHttp: isOn(env, "OUTBOUND_ALLOW_HTTP", "off"),
    nat64: isOn(env, "OUTBOUND_NAT64", "off"),
  })
}

function readMail(env: Environment, host: string): MailSettings {
  // Loopback has no mail domain of its own, and an address in brackets is none that mail programs take.
  const from = env["MAIL_FROM"] ?? `no-reply@${isLoopbackHost(host) ? "localhost" : host}`
  if (!/^(?:[^<>\r\n]* )?<[^<>\s@,]+@[^<>\s@,]+>$|^[^<>\s@,]+@[^<>\s@,]+$/.test(from)) {
    throw new ConfigError("MAIL_FROM must be an address such as no-reply@pay.example.com, or NAME <ADDRESS>.")
  }
  const smtpUrl = env["SMTP_URL"]
  // The URL may hold a password, so the line does not repeat it.
  const protocol = smtpUrl === undefined ? "smtp:" : URL.parse(smtpUrl)?.protocol
  if (protocol !== "smtp:" && protocol !== "smtps:") {
    throw new ConfigError("SMTP_URL must be smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465.")
  }
  return Object.freeze({ smtpUrl, from })
}

function readDemo(env: Environment, host: string): boolean {
  const demo = isOn(env, "SEPAY_DEMO", "off")
  if (!demo || isLoopbackHost(host)) return demo
  throw new ConfigError("SEPAY_DEMO shows all mail to everybody: it needs a SEPAY_URL whose host is localhost.")
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
