import assert from "node:assert/strict"
import { once } from "node:events"
import { type IncomingMessage, request } from "node:http"
import { text } from "node:stream/consumers"
import { systemClock } from "../../src/clock.ts"
import { readConfig } from "../../src/config.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { encodeForm, type FormFields, makeVisitor } from "./http.ts"
import { addUser, type OAuthGround, type TestUser } from "./oauth-site.ts"
import { type RunningServer, startServer, TEST_SECRET } from "./processes.ts"

const noLimits = Object.fromEntries(
  ["GRANT", "CLIENT", "IP", "PAGES", "FEED", "FAILURES"].map((name) => [`RATE_LIMIT_${name}`, "off"]),
)

/** Starts `./sepay serve` on a database, without limits. */
export function startOAuthServer(
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  return startServer({ env: { DATABASE_URL: databaseUrl, SEPAY_SECRET: TEST_SECRET, ...noLimits, ...env } })
}

/**
 * Opens the database of a running server beside it, as a command would, to make users, apps and codes there, and to look
 * into its rows.
 */
export async function withGround<T>(
  databaseUrl: string,
  url: string,
  use: (ground: OAuthGround) => Promise<T>,
  merchant?: TestUser,
): Promise<T> {
  const config = readConfig({ DATABASE_URL: databaseUrl, SEPAY_SECRET: TEST_SECRET, SEPAY_URL: url })
  const db = await openDatabase({ url: databaseUrl })
  try {
    const app = { context: { config, db, clock: systemClock } }
    const owner = merchant ?? (await addUser(app))
    return await use({ app, url, merchant: owner, caller: makeVisitor(url), secrets: new Set() })
  } finally {
    await closeDatabase(db)
  }
}

/** An answer read whole, or undefined when the connection broke before its end. */
export interface RawAnswer {
  readonly status: number
  readonly text: string
}

/** Posts a form on a connection of its own, so that several processes on one port take turns. */
export async function postAlone(url: string, fields: FormFields): Promise<RawAnswer | undefined> {
  return sendAlone(url, "POST", { "content-type": "application/x-www-form-urlencoded" }, encodeForm(fields).toString())
}

/** Calls a resource with a token on a connection of its own, and returns the status. */
export async function callAlone(url: string, accessToken: string): Promise<number | undefined> {
  return (await sendAlone(`${url}/api/v1/me`, "GET", { authorization: `Bearer ${accessToken}` }))?.status
}

/** Sends a request on a connection of its own. Undefined: the connection broke before the answer was whole. */
export async function sendAlone(
  url: string,
  method: string,
  headers: Record<string, string>,
  body = "",
): Promise<RawAnswer | undefined> {
  try {
    const sent = request(url, {
      method,
      agent: false,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
    })
    sent.end(body)
    const [response] = (await once(sent, "response")) as [IncomingMessage]
    const whole = await text(response)
    return response.complete ? { status: response.statusCode ?? 0, text: whole } : undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ECONNRESET" || code === "ECONNREFUSED" || code === "EPIPE") return undefined
    throw error
  }
}

/** How many requests each process of the server has answered, by its log. */
export function answersByProcess(server: RunningServer): Map<number, number> {
  const counts = new Map<number, number>()
  for (const line of server.stdout().split("\n")) {
    if (!line.includes('"route":"/oauth/token"')) continue
    const { pid } = JSON.parse(line) as { pid: number }
    counts.set(pid, (counts.get(pid) ?? 0) + 1)
  }
  return counts
}

/** Fails when the server logged an answer with 5xx. */
export function assertNoFailure(server: RunningServer): void {
  const failed = server
    .stdout()
    .split("\n")
    .filter((line) => /"status":5\d\d/.test(line))
  assert.deepEqual(failed, [])
}
