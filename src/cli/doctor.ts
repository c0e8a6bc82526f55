import { statfsSync, statSync } from "node:fs"
import { type Clock, systemClock } from "../clock.ts"
import { type Config, loadEnvironmentFile, readConfig } from "../config.ts"
import type { Database } from "../database/engine.ts"
import type { Command } from "./command.ts"
import { describeFailure } from "./failure.ts"

interface Finding {
  readonly check: string
  readonly state: "ok" | "warn" | "fail"
  readonly message: string
}

type Judgement = Omit<Finding, "check">

/** `./sepay doctor`. */
export const doctor: Command = {
  name: "doctor",
  summary: "Checks configuration, database, disk, clock and keys",
  options: {},
  run: async () => {
    const findings = await examine()
    const failed = findings.some((finding) => finding.state === "fail")
    return {
      json: { ok: !failed, checks: findings },
      text: findings
        .map(({ check, state, message }) => `${state.padEnd(4)}  ${check.padEnd(13)}  ${message}`)
        .join("\n"),
      ...(failed && { failed: true as const }),
    }
  },
}

async function examine(): Promise<readonly Finding[]> {
  let config: Config
  try {
    loadEnvironmentFile()
    config = readConfig()
  } catch (error) {
    return [{ check: "configuration", state: "fail", message: describeFailure(error).message }]
  }
  return [
    { check: "configuration", state: "ok", message: `${config.url}, ${config.workers} process(es)` },
    { check: "secret", ...judgeSecretFile(config) },
    { check: "disk", ...judgeDisk(config) },
    ...(await examineDatabase(config, systemClock)),
  ]
}

function judgeSecretFile({ dataDirectory }: Config): Judgement {
  if ((process.env["SEPAY_SECRET"] ?? "") !== "") return ok("SEPAY_SECRET is set")
  const file = `${dataDirectory}/secret.key`
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) === 0) return ok(`${file} is for this user only`)
  return fail(`${file} can be read by others (mode ${mode.toString(8)}): chmod 600 ${file}`)
}

const enoughBytes = 1024 ** 3
const leastBytes = 100 * 1024 ** 2

function judgeDisk({ dataDirectory, databaseUrl }: Config): Judgement {
  const folder = databaseUrl.startsWith("sqlite:") ? dataDirectory : "."
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const text = `${Math.floor(free / 1024 ** 2)} MiB free at ${folder}`
  if (free < leastBytes) return fail(`${text}: make room, or writes will be refused soon`)
  return free < enoughBytes ? warn(`${text}: make room`) : ok(text)
}

async function examineDatabase(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const { closeDatabase, openDatabase } = await import("../database/open-database.ts")
  let db: Database | undefined
  try {
    db = await openDatabase({ url: config.databaseUrl, poolSize: 1 })
    const pending = await (await import("../database/migrate.ts")).pendingMigrations(db)
    if (pending.length > 0) {
      const message = `${db.engine.name} lacks ${pending.length} migrations: run ./sepay migrate`
      return [{ check: "database", state: "fail", message }]
    }
    return [
      { check: "database", ...(await judgeDatabase(db)) },
      { check: "clock", ...(await judgeClock(db, clock)) },
      { check: "signing keys", ...(await judgeKeys(db, config)) },
    ]
  } catch (error) {
    return [{ check: "database", state: "fail", message: describeFailure(error).message }]
  } finally {
    if (db !== undefined) await closeDatabase(db)
  }
}

async function judgeDatabase(db: Database): Promise<Judgement> {
  const { findDatabaseProblem } = await import("../database/check-database.ts")
  const problem = await findDatabaseProblem(db)
  return problem === undefined ? ok(`${db.engine.name} reads and writes, and is of this version`) : fail(problem)
}

const earliestPlausible = Date.UTC(2026, 0, 1)
const toleranceMs = 60_000

async function judgeClock(db: Database, clock: Clock): Promise<Judgement> {
  const { findNewestInstant } = await import("../database/check-database.ts")
  const now = clock.now()
  const newest = (await findNewestInstant(db)) ?? 0
  const text = new Date(now).toISOString()
  if (now < earliestPlausible) return fail(`${text} is before this program was written: set the clock`)
  if (now < newest - toleranceMs) {
    return fail(`${text} is before the newest row (${new Date(newest).toISOString()}): set the clock`)
  }
  return ok(text)
}

async function judgeKeys(db: Database, config: Config): Promise<Judgement> {
  const { listSigningKeys, sealPurpose } = await import("../oauth/signing-key.ts")
  const { unseal } = await import("../crypto/seal.ts")
  const keys = await listSigningKeys(db)
  for (const { kid, sealedPrivateKey } of keys) {
    try {
      if (sealedPrivateKey !== null) unseal(config.keyring, sealPurpose(kid), sealedPrivateKey)
    } catch (error) {
      return fail(`The key ${kid} does not open: ${(error as Error).message} Set the secret it was made with.`)
    }
  }
  if (!keys.some((key) => key.state === "active")) return warn("none yet: the first ./sepay serve makes one")
  if (!keys.some((key) => key.state === "next"))
    return warn("one is active, none is next: ./sepay keys rotate makes one")
  return ok("one is active, one is next")
}

function ok(message: string): Judgement {
  return { state: "ok", message }
}

function warn(message: string): Judgement {
  return { state: "warn", message }
}

function fail(message: string): Judgement {
  return { state: "fail", message }
}
