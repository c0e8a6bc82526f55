import { readFileSync } from "node:fs"
import { statfs } from "node:fs/promises"
import { join } from "node:path"
import type { Instant } from "../../clock.ts"
import type { Context } from "../../context.ts"
import { type LoopRun, listLoopRuns } from "../../database/loop-runs.ts"
import { type DatabaseMeasure, measureDatabase } from "../../database/measure-database.ts"
import { countDeliveriesDue } from "../../webhooks/delivery-health.ts"

/** What the operator sees of the process that answered, and of what all nodes share. */
export interface SystemReport {
  readonly version: string
  readonly node: string
  readonly url: string
  readonly processes: number
  readonly uptimeSeconds: number
  /** Of the process that answered. */
  readonly memoryBytes: number
  readonly database: DatabaseMeasure
  /** Where the database file or, on PostgreSQL, the data directory of this node lies. */
  readonly disk: { readonly folder: string; readonly freeBytes: number; readonly totalBytes: number }
  /** Counted up to `countedAtMost`. */
  readonly deliveriesDue: number
  readonly loops: readonly LoopRun[]
  readonly now: Instant
}

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
  readonly version: string
}

/** Looks at the system as it is now. */
export async function reportSystem({ config, clock, db }: Context): Promise<SystemReport> {
  const [database, deliveriesDue, loops, disk] = await Promise.all([
    measureDatabase(db),
    countDeliveriesDue(db),
    listLoopRuns(db),
    measureDisk(config.databaseUrl.startsWith("sqlite:") ? config.dataDirectory : "."),
  ])
  return {
    version,
    node: process.version,
    url: config.url,
    processes: config.workers,
    uptimeSeconds: Math.floor(process.uptime()),
    memoryBytes: process.memoryUsage.rss(),
    database,
    disk,
    deliveriesDue,
    loops,
    now: clock.now(),
  }
}

async function measureDisk(folder: string): Promise<SystemReport["disk"]> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
