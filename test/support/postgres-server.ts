// Runs one PostgreSQL server for as long as its standard input stays open. A process of its own, so that the server
// goes when the tests go, however they end.
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { Client } from "pg"
import { findFreePort } from "./free-port.ts"
import { findPostgresBinaries } from "./postgres-binaries.ts"

type Account = { uid?: number; gid?: number }
type Cluster = { binaries: string; data: string; port: number; account: Account; log: string[] }

const READY_WITHIN_MS = 60_000
const password = randomBytes(16).toString("hex")

/** PostgreSQL refuses to run as root; `nobody` exists on every Linux and owns nothing. */
function findAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  const read = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }))
  return { uid: read("-u"), gid: read("-g") }
}

async function createCluster(root: string, account: Account): Promise<Cluster> {
  const binaries = await findPostgresBinaries()
  const data = join(root, "data")
  const passwordFile = join(root, "password")
  await mkdir(data, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [root, data, passwordFile]) await chown(path, account.uid, account.gid)
  }
  // A Vietnamese collation, as an operator may have: a query that leans on the order of bytes fails here.
  const settings = ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=vi-VN", "--no-sync"]
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`]
  const initdb = spawn(join(binaries, "bin", "initdb"), ["-D", data, ...settings, ...access], {
    ...account,
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const log = captureLines(initdb)
  const [code] = await once(initdb, "close")
  if (code !== 0) throw new Error(`initdb failed:\n${log.join("")}`)
  return { binaries, data, port: await findFreePort(), account, log: [] }
}

function captureLines(child: ChildProcess): string[] {
  const log: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log.push(chunk.toString())
      if (log.length > 200) log.shift()
    })
  }
  return log
}

/** Durable settings, as in production: the kill tests mean nothing without fsync. */
async function startServer(cluster: Cluster): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: cluster.port,
    unix_socket_directories: "",
    max_connections: 300,
    fsync: "on",
    synchronous_commit: "on",
    log_min_messages: "fatal",
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const server = spawn(join(cluster.binaries, "bin", "postgres"), ["-D", cluster.data, ...flags], {
    ...cluster.account,
    cwd: cluster.data,
    stdio: ["ignore", "pipe", "pipe"],
  })
  cluster.log = captureLines(server)
  await waitUntilReady(cluster, server)
  return server
}

async function waitUntilReady(cluster: Cluster, server: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    if (server.exitCode !== null) break
    if (await runAsSuperuser(cluster.port, "select 1")) return
    await new Promise((wake) => setTimeout(wake, 20))
  }
  throw new Error(`PostgreSQL did not start:\n${cluster.log.join("")}`)
}

async function runAsSuperuser(port: number, statement: string): Promise<boolean> {
  const client = new Client({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres" })
  try {
    await client.connect()
    await client.query(statement)
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function stopServer(server: ChildProcess, signal: "SIGINT" | "SIGQUIT"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const closed = once(server, "close")
  server.kill(signal)
  await closed
}

async function serve(root: string): Promise<void> {
  const cluster = await createCluster(root, findAccount())
  let server = await startServer(cluster)
  // The tests get an ordinary role: a superuser would hide a missing right.
  await runAsSuperuser(cluster.port, `create role sepay login createdb password '${password}'`)
  await runAsSuperuser(cluster.port, "create database sepay owner sepay")
  const answer = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`)
  answer({ url: `postgres://sepay:${password}@127.0.0.1:${cluster.port}/sepay` })

  try {
    for await (const command of createInterface({ input: process.stdin })) {
      if (command === "crash") await stopServer(server, "SIGQUIT")
      if (command === "start") server = await startServer(cluster)
      answer({ done: command })
    }
  } finally {
    await stopServer(server, "SIGQUIT") // Its data is thrown away, so no orderly end.
  }
}

const root = await mkdtemp(join(tmpdir(), "sepay-test-postgres-data-"))
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.stdin.destroy())
process.stdout.on("error", () => process.stdin.destroy())
try {
  await serve(root)
} finally {
  await rm(root, { recursive: true, force: true })
}
