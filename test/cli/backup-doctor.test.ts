import assert from "node:assert/strict"
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { after, before, describe, it } from "node:test"
import { createPostgresDatabase, dropPostgresDatabase } from "../support/postgres.ts"
import { type RunningServer, runCli, startServer } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

interface Report {
  readonly ok: boolean
  readonly checks: readonly { readonly check: string; readonly state: string; readonly message: string }[]
}

describe("./sepay backup", () => {
  let server: RunningServer
  before(async () => {
    server = await startServer()
  })
  after(async () => {
    await server.stop()
  })

  it("copies a database that is being served and written to, whole, and for this user only", async () => {
    const directory = server.directory
    let writing = true
    let written = 0
    const writer = (async () => {
      while (writing) {
        const email = `user${written}@shop.example`
        const args = ["user", "create", "--email", email, "--company", "A", "--password", "correct horse battery"]
        const { code, stderr } = await runCli(args, { directory })
        assert.equal(code, 0, stderr)
        written++
      }
    })()
    const file = join(directory, "copy.db")
    const answer = (await runCli(["backup", "copy.db", "--json"], { directory })).json<{
      bytes: number
      integrity: string
    }>()
    writing = false
    await writer
    assert.equal(answer.integrity, "ok")
    assert.equal(statSync(file).size, answer.bytes)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.ok(!existsSync(`${file}.part`) && !existsSync(`${file}-wal`))

    const copy = new DatabaseSync(file, { readOnly: true })
    assert.equal(copy.prepare("pragma integrity_check").get()?.["integrity_check"], "ok")
    assert.ok(Number(copy.prepare("select count(*) as count from signing_keys").get()?.["count"]) > 0)
    copy.close()
    assert.ok(written > 0)
  })

  it("never replaces a file unasked", async () => {
    const { directory } = server
    writeFileSync(join(directory, "precious"), "mine")
    const refused = await runCli(["backup", "precious"], { directory })
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /precious is there already.*--force/)
    assert.equal((await runCli(["backup", "precious", "--force"], { directory })).code, 0)
  })

  it("makes no backup of a database that is not there", async () => {
    const { code, stderr } = await runCli(["backup", "copy.db"])
    assert.equal(code, 1)
    assert.match(stderr, /There is no database/)
  })

  it("names the command for PostgreSQL, without the password", async () => {
    const url = await createPostgresDatabase()
    const { stdout } = await runCli(["backup", "copy.dump"], { env: { DATABASE_URL: url } })
    assert.match(stdout, /^pg_dump .*copy\.dump.*"\$DATABASE_URL"\n$/)
    await dropPostgresDatabase(url)
  })
})

describe("./sepay doctor", () => {
  it("finds a new installation sound, and reads the same while it is served", async (t) => {
    const server = await startServer()
    t.after(server.kill9)
    const { code, ...result } = await runCli(["doctor", "--json"], { directory: server.directory })
    const { ok, checks } = result.json<Report>()
    assert.equal(code, 0, result.stdout)
    assert.equal(ok, true)
    assert.deepEqual(
      checks.filter(({ state }) => state === "fail"),
      [],
    )
    assert.deepEqual(
      checks.map(({ check }) => check),
      ["configuration", "secret", "disk", "database", "clock", "signing keys"],
    )
    await server.stop()
  })

  it("finds a bad setting, an open key file, a lost secret and a wrong clock, with exit code 1", async (t) => {
    const bad = await runCli(["doctor"], { env: { PORT: "many" } })
    assert.equal(bad.code, 1)
    assert.match(bad.stdout, /^fail +configuration +PORT must be /)

    const server = await startServer()

    t.after(server.kill9)
    await server.stop()
    const { directory } = server
    const lost = await runCli(["doctor"], { directory, env: { SEPAY_SECRET: "x".repeat(40) } })
    assert.equal(lost.code, 1)
    assert.match(lost.stdout, /^fail +signing keys +The key .* does not open/m)

    writeFileSync(join(directory, "data/secret.key"), "y".repeat(40))
    chmodSync(join(directory, "data/secret.key"), 0o644)
    const open = await runCli(["doctor"], { directory, env: { SEPAY_SECRET: "" } })
    assert.match(open.stdout, /^fail +secret +.*chmod 600/m)

    const db = new DatabaseSync(join(directory, "data/sepay.db"))
    db.exec("insert into access_changes values (1000000, 'user', '1', 9000000000000)")
    db.close()
    assert.match((await runCli(["doctor"], { directory })).stdout, /^fail +clock +.*before the newest row/m)
  })

  it("finds a database that is none", async () => {
    const directory = makeTemporaryDirectory()
    mkdirSync(join(directory, "data"))
    writeFileSync(join(directory, "data/sepay.db"), "This is a letter to my grandmother, not a database.".repeat(20))
    const { code, stdout } = await runCli(["doctor"], { directory })
    assert.equal(code, 1)
    assert.match(stdout, /^fail +database +.*not a database/m)
  })
})
