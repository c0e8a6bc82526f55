import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Client } from "pg"

/** A running PostgreSQL server of the tests' own. `url` names an empty database of an ordinary role that may create more. */
export type PostgresServer = {
  readonly url: string
  /** Ends it as a crash would: connections drop, memory is lost, what was committed stays. */
  crash(): Promise<void>
  /** Starts it again after a crash, on the same port and data. */
  start(): Promise<void>
  /** Ends it and removes its data. It also goes by itself with the process that started it. */
  stop(): Promise<void>
}

/** Starts a server with its own data, in about a second and a half. */
export async function startPostgres(): Promise<PostgresServer> {
  const script = fileURLToPath(new URL("postgres-server.ts", import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"], detached: true })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const readAnswer = async (): Promise<{ url?: string }> => {
    const { value, done } = await lines.next()
    if (done) throw new Error("The PostgreSQL server of the tests ended early; its reason is above.")
    return JSON.parse(value)
  }
  const command = async (word: string): Promise<void> => {
    child.ref() // Waiting for an answer keeps us alive; owning a server does not.
    child.stdin.write(`${word}\n`)
    await readAnswer()
    child.unref()
  }

  const { url } = await readAnswer()
  if (url === undefined) throw new Error("The PostgreSQL server of the tests named no URL.")
  child.unref() // A test file that is done must be able to exit: the server sees its pipe close.
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref()
  return {
    url,
    crash: () => command("crash"),
    start: () => command("start"),
    stop: async () => {
      const ended = once(child, "exit")
      child.ref()
      child.stdin.end()
      await ended
    },
  }
}

let lazy: Promise<string> | undefined

/** Returns the URL of the server of this run: the one `npm test` started, or, for a file run alone, one of its own. */
export async function findPostgresUrl(): Promise<string> {
  const given = process.env["TEST_POSTGRES_URL"]
  if (given !== undefined) return given
  lazy ??= startPostgres().then((server) => server.url)
  return lazy
}

/** Creates a database on the server of this run, empty or as a copy of `template`, and returns its URL. */
export async function createPostgresDatabase(template = "template0"): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`
  await runStatement(`create database ${name} template ${template}`)
  const url = new URL(await findPostgresUrl())
  url.pathname = `/${name}`
  return url.href
}

/** Drops a database that `createPostgresDatabase` made, and ends whoever is still connected. */
export async function dropPostgresDatabase(url: string): Promise<void> {
  const drop = `drop database if exists ${new URL(url).pathname.slice(1)}`
  try {
    await runStatement(`${drop} with (force)`)
  } catch (error) {
    // An autovacuum at work belongs to the server: only a drop without force ends it, by itself.
    if ((error as { readonly code?: string }).code !== insufficientPrivilege) throw error
    await runStatement(drop)
  }
}

const insufficientPrivilege = "42501"

async function runStatement(statement: string): Promise<void> {
  const client = new Client({ connectionString: await findPostgresUrl() })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
