import assert from "node:assert/strict"
import { once } from "node:events"
import { mkdirSync, writeFileSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, it } from "node:test"
import { readConfig } from "../../src/config.ts"
import { migrateToLatest } from "../../src/database/migrate.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { findFreePort } from "../support/free-port.ts"
import { startPostgres } from "../support/postgres.ts"
import { type CommandResult, runCli, startProgram, startServer } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

function assertOneLine({ code, stderr }: CommandResult, line: RegExp): void {
  assert.equal(code, 1, stderr)
  assert.match(stderr, line)
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr)
}

/** Sends the beginning of a POST whose body stays out, so that the request runs until we finish it. */
async function beginRequest(port: number): Promise<{ socket: Socket; answer: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, "127.0.0.1")
  let answer = ""
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text
  })
  socket.on("error", () => {})
  const ended = new Promise((resolve) => socket.once("close", resolve))
  await once(socket, "connect")
  const head = [
    "POST /oauth/token HTTP/1.1",
    "Host: localhost",
    "Content-Length: 21",
    "Content-Type: application/x-www-form-urlencoded",
  ]
  socket.write(`${head.join("\r\n")}\r\n\r\ngrant_type`)
  return { socket, answer: () => answer, ended }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "it did not come to pass in time")
    await new Promise((wake) => setTimeout(wake, 10))
  }
}

describe("./sepay serve", () => {
  it("answers, says so in the log with its URL, and ends with 0 on SIGTERM", async (t) => {
    const server = await startServer()
    t.after(server.kill9)
    const health = await fetch(`http://127.0.0.1:${server.port}/healthz`)
    assert.equal(health.status, 200)
    assert.deepEqual(await health.json(), { status: "ok" })
    assert.ok(health.headers.get("x-request-id"))
    assert.equal(await server.stop(), 0)
    const lines = server
      .stdout()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const ready = lines.find((line) => line["msg"] === "ready")
    assert.equal(ready?.["url"], `http://localhost:${server.port}`)
    assert.equal(server.stderr(), "")
  })

  it("finds a free port for PORT=0 and names it", async (t) => {
    const program = startProgram(["serve"], { env: { PORT: "0" } })
    t.after(program.kill9)
    await until(() => program.stdout().includes('"msg":"ready"'))
    const url = /"url":"(http:\/\/localhost:\d+)"/.exec(program.stdout())?.[1]
    assert.equal((await fetch(`${url}/readyz`)).status, 200)
    await program.stop()
  })

  it("serves a SQLite file once: a second start names the first, and a kill -9 leaves no lock behind", async (t) => {
    const first = await startServer()
    t.after(first.kill9)
    const env = { PORT: String(await findFreePort()) }
    const second = await runCli(["serve"], { directory: first.directory, env })
    assertOneLine(second, new RegExp(`being served already by process ${first.pid} on port ${first.port}`))

    assert.equal((await runCli(["company", "list"], { directory: first.directory })).code, 0)
    await first.kill9()
    const third = await startServer({ directory: first.directory })
    t.after(third.kill9)
    assert.equal(await third.stop(), 0)
  })

  it("says in one line why it cannot start", async () => {
    const blocker = createServer().listen(0, "127.0.0.1")
    await once(blocker, "listening")
    const { port } = blocker.address() as { port: number }
    for (const workers of ["1", "2"]) {
      const env = { PORT: String(port), WORKERS: workers }
      assertOneLine(await runCli(["serve"], { env }), new RegExp(`^sepay: Port ${port} of 127.0.0.1 is in use: .*PORT`))
    }
    blocker.close()

    assertOneLine(await runCli(["serve"], { env: { WORKERS: "many" } }), /^sepay: WORKERS must be a whole number/)
    assertOneLine(await runCli(["serve"], { env: { HOST: "192.0.2.1", PORT: "0" } }), /HOST must be an address of this/)

    const directory = makeTemporaryDirectory()
    writeFileSync(join(directory, "data"), "a file where the folder should be")
    assertOneLine(await runCli(["serve"], { directory }), /^sepay: The folder of \.\/data\/sepay\.db cannot be made/)
  })

  it("refuses a setting that it cannot use, by its name", () => {
    const directory = makeTemporaryDirectory()
    mkdirSync(join(directory, "secret.key"))
    const postgres = { DATABASE_URL: "postgres://u:pw@localhost/x", SEPAY_SECRET: "s".repeat(32) }
    const refused: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ SEPAY_URL: "https://pay.example/path" }, /^SEPAY_URL must be scheme, host and port alone/],
      [{ SEPAY_URL: "https://pay.example?" }, /^SEPAY_URL must be scheme, host and port alone/],
      [{ SEPAY_URL: "https://:pw@pay.example" }, /^SEPAY_URL must be scheme, host and port alone/],
      [{ SEPAY_URL: "http://pay.example" }, /^SEPAY_URL must be https/],
      [{ DATABASE_URL: "sqlite::memory:" }, /^DATABASE_URL must be/],
      [{ ...postgres, DATABASE_URL: "postgres://u:pw@localhost:99999/x" }, /^DATABASE_URL must be/],
      [{ DATABASE_URL: `sqlite:${directory}/x.db`, SEPAY_SECRET: "" }, /^The secret file .* cannot be read/],
      [{ METRICS_TOKEN: "two words" }, /^METRICS_TOKEN must be/],
      // A slash without a number must not mean the whole Internet.
      [{ TRUSTED_PROXIES: "10.0.0.0/" }, /^TRUSTED_PROXIES must be .* not "10.0.0.0\/"/],
      [{ TRUSTED_PROXIES: "10.0.0.0/8/9" }, /^TRUSTED_PROXIES must be/],
      [{ TRUSTED_PROXIES: "10.0.0.0/33" }, /^TRUSTED_PROXIES must be/],
      [{ OUTBOUND_ALLOW: "10.0.0.0/8,localhost" }, /^OUTBOUND_ALLOW must be .* not "localhost"/],
      [{ OUTBOUND_DENY: "fe80::1%eth0" }, /^OUTBOUND_DENY must be/],
      [{ OUTBOUND_ALLOW_HTTP: "yes" }, /^OUTBOUND_ALLOW_HTTP must be one of on, off, not "yes"/],
      [{ OUTBOUND_NAT64: "1" }, /^OUTBOUND_NAT64 must be one of on, off/],
      [{ EGRESS_ADDRESSES: "192.0.2.7;192.0.2.8" }, /^EGRESS_ADDRESSES must be/],
      [{ WEBHOOK_LIMIT: "0" }, /^WEBHOOK_LIMIT must be a whole number/],
      [{ DELIVERY_FAST_SLOTS: "many" }, /^DELIVERY_FAST_SLOTS must be a whole number/],
    ]
    for (const [environment, message] of refused) {
      assert.throws(() => readConfig({ SEPAY_SECRET: "s".repeat(32), ...environment }), {
        name: "ConfigError",
        message,
      })
    }
    assert.equal(readConfig({ ...postgres, DATABASE_URL: "postgres://u:pw@/x" }).databaseUrl, "postgres://u:pw@/x")
    const { trustedProxies } = readConfig({ SEPAY_SECRET: "s".repeat(32), TRUSTED_PROXIES: "10.0.0.0/8, ::1" })
    assert.deepEqual(
      ["10.9.9.9", "11.0.0.1"].map((address) => trustedProxies?.check(address)),
      [true, false],
    )
  })

  it("leaves a database of a newer version alone", async () => {
    const directory = makeTemporaryDirectory()
    assert.equal((await runCli(["migrate"], { directory })).code, 0)
    const db = new DatabaseSync(join(directory, "data/sepay.db"))
    db.exec("insert into schema_migrations values ('9999-future')")
    db.close()
    for (const command of ["serve", "migrate"]) {
      assertOneLine(await runCli([command], { directory }), /newer version \(9999-future\)/)
    }
  })
})

describe("./sepay serve on PostgreSQL", () => {
  it("waits for a database that is still away, and refuses one that is not migrated or does not let it in", async (t) => {
    const postgres = await startPostgres()
    try {
      const env = { DATABASE_URL: postgres.url, WORKERS: "1" }
      assertOneLine(await runCli(["serve"], { env: { ...env, PORT: "0" } }), /run \.\/sepay migrate first/)
      const wrong = new URL(postgres.url)
      wrong.pathname = "/nowhere"
      assertOneLine(
        await runCli(["serve"], { env: { ...env, PORT: "0", DATABASE_URL: wrong.href } }),
        /"nowhere" does not exist/,
      )

      const db = await openDatabase({ url: postgres.url })
      await migrateToLatest(db)
      await closeDatabase(db)
      await postgres.crash()
      const program = startProgram(["serve"], { env: { ...env, PORT: "0" } })
      t.after(program.kill9)
      await until(() => program.stdout().includes("waiting for the database"))
      await postgres.start()
      await until(() => program.stdout().includes('"msg":"ready"'))
      const url = /"url":"(http:\/\/localhost:\d+)"/.exec(program.stdout())?.[1]

      await postgres.crash()
      await until(async () => (await fetch(`${url}/readyz`)).status === 503)
      assert.equal((await fetch(`${url}/healthz`)).status, 200)
      await postgres.start()
      await until(async () => (await fetch(`${url}/readyz`)).status === 200)
      assert.equal(await program.stop(), 0)
    } finally {
      await postgres.stop()
    }
  })
})

describe("a drain", () => {
  it("answers the request that is running, hangs up on idle connections and lets nobody else in", async (t) => {
    const server = await startServer()
    t.after(server.kill9)
    const idle = connect(server.port, "127.0.0.1")
    idle.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await once(idle, "data")
    const running = await beginRequest(server.port)
    const otherCaller = async () => (await fetch(`http://127.0.0.1:${server.port}/healthz`)).status
    assert.equal(await otherCaller(), 200)

    const idleClosed = once(idle, "close")
    const startedAt = performance.now()
    process.kill(server.pid, "SIGTERM")
    await idleClosed
    await assert.rejects(otherCaller)
    assert.equal(running.answer(), "")
    running.socket.write("=nonsense!!")
    await running.ended
    assert.match(running.answer(), /^HTTP\/1\.1 4\d\d /)
    assert.equal(await server.waitForExit(), 0)
    assert.ok(performance.now() - startedAt < 5000)
  })

  it("does not wait for ever for a client that never finishes its request", async (t) => {
    const server = await startServer()
    t.after(server.kill9)
    const stuck = await beginRequest(server.port)
    await fetch(`http://127.0.0.1:${server.port}/healthz`) // Answered after the server has read what came before.
    const startedAt = performance.now()
    process.kill(server.pid, "SIGTERM")
    await server.waitForExit()
    const tookMs = performance.now() - startedAt
    assert.ok(tookMs > 5000 && tookMs < 10_000, `it took ${tookMs} ms`)
    stuck.socket.destroy()
  })
})

describe("GET /metrics", () => {
  it("is for this machine, unless a proxy stands before it", async (t) => {
    const server = await startServer()
    t.after(server.kill9)
    const metrics = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${server.port}/metrics`, { headers })
    const open = await metrics({})
    assert.equal(open.status, 200)
    assert.match(await open.text(), /^sepay_http_requests_total\{.*\} \d+$/m)
    for (const name of ["x-forwarded-for", "x-forwarded-proto", "forwarded", "x-real-ip"]) {
      assert.equal((await metrics({ [name]: "127.0.0.1" })).status, 404, name)
    }
    await server.stop()
  })

  it("is for whoever has METRICS_TOKEN, from anywhere", async (t) => {
    const server = await startServer({ env: { METRICS_TOKEN: "a-long-metrics-token" } })
    t.after(server.kill9)
    const far = (authorization?: string) =>
      fetch(`http://127.0.0.1:${server.port}/metrics`, {
        headers: { "x-forwarded-for": "203.0.113.7", ...(authorization !== undefined && { authorization }) },
      })
    assert.equal((await far("Bearer a-long-metrics-token")).status, 200)
    for (const authorization of [undefined, "Bearer wrong", "Basic a-long-metrics-token", "Bearer "]) {
      const answer = await far(authorization)
      assert.equal(answer.status, 401)
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/)
    }
    await server.stop()
  })
})
