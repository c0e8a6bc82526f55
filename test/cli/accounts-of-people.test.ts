import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import { runCli } from "../support/processes.ts"

const password = "correct horse battery"

describe("the commands for users, companies, apps and keys", () => {
  onEachEngine((engine) => {
    const cli = (args: readonly string[], input?: string) =>
      runCli(args, { env: { DATABASE_URL: engine.databaseUrl() }, ...(input !== undefined && { input }) })

    it("take an operator from an empty database to an approved app", async () => {
      assert.match((await cli(["user", "list"])).stdout, /^No users yet/)
      const made = await cli(
        ["user", "create", "--email", "an@shop.example", "--company", "Cửa hàng An", "--json"],
        `${password}\n`,
      )
      assert.equal(made.code, 0, made.stderr)
      const { id, company_id } = made.json<{ id: number; company_id: number }>()
      assert.ok(Number.isInteger(id) && Number.isInteger(company_id))

      const { users } = (await cli(["user", "list", "--json"])).json<{ users: object[] }>()
      assert.deepEqual(users, [
        {
          id,
          company_id,
          email: "an@shop.example",
          name: "",
          role: "SuperAdmin",
          permissions: [],
          operator: false,
          status: "active",
        },
      ])
      assert.match((await cli(["company", "list"])).stdout, /^ID +NAME .*\n\d+ +Cửa hàng An +/)

      const app = ["app", "create", "--name", "Shop", "--owner-email", "an@shop.example", "--json"]
      const flags = ["--redirect-uri", "http://localhost:4000/callback", "--scope", "profile transaction:read"]
      const client = (await cli([...app, ...flags])).json<{ client_id: string; client_secret: string }>()
      assert.match(client.client_id, /^client_[0-9A-Za-z]{20}$/)
      assert.match(client.client_secret, /^sepay_cs_[0-9A-Za-z]{49}$/)

      const stateOf = async () => {
        const { apps } = (await cli(["app", "list", "--json"])).json<{ apps: { client_id: string; state: string }[] }>()
        return apps.find((entry) => entry.client_id === client.client_id)?.state
      }
      assert.equal(await stateOf(), "draft")
      assert.equal((await cli(["app", "approve", client.client_id])).code, 0)
      assert.equal(await stateOf(), "approved")
      assert.equal((await cli(["app", "suspend", client.client_id, "--reason", "spam"])).code, 0)
      assert.equal(await stateOf(), "suspended")

      const rotated = (await cli(["app", "secret", "rotate", client.client_id, "--json"])).json<{
        client_secret: string
      }>()
      assert.notEqual(rotated.client_secret, client.client_secret)
    })

    it("tell a public client that it has no secret", async () => {
      const flags = [
        "--redirect-uri",
        "http://127.0.0.1/callback",
        "--scope",
        "profile",
        "--profile",
        "oauth21",
        "--public",
      ]
      const app = await cli([
        "app",
        "create",
        "--name",
        "Phone",
        "--owner-email",
        "an@shop.example",
        ...flags,
        "--json",
      ])
      assert.equal(app.json<{ client_secret: null }>().client_secret, null, app.stderr)
    })

    it("refuse with one line, exit code 1 and, for programs, the reason", async () => {
      const again = await cli([
        "user",
        "create",
        "--email",
        "AN@shop.example",
        "--company-id",
        "1",
        "--password",
        password,
        "--json",
      ])
      assert.equal(again.code, 1)
      assert.equal(again.json<{ error: string }>().error, "conflict")
      assert.equal(again.stderr.trimEnd().split("\n").length, 1)

      const unknown = await cli(["app", "approve", "client_00000000000000000000"])
      assert.equal(unknown.code, 1)
      assert.equal(unknown.stdout, "")
      assert.match(unknown.stderr, /^sepay: No app has the client_id client_0+\.\n$/)
    })

    it("change a password, taken from a pipe", async () => {
      assert.equal((await cli(["user", "password", "--email", "an@shop.example"], "a much better one\n")).code, 0)
      const short = await cli(["user", "password", "--email", "an@shop.example"], "short\n")
      assert.equal(short.code, 1)
      assert.match(short.stderr, /10 characters/)
    })

    it("publish the next signing key, and not before its time let it sign", async () => {
      const published = (await cli(["keys", "rotate", "--json"])).json<{ result: string; kid: string }>()
      assert.equal(published.result, "published")
      const early = await cli(["keys", "rotate"])
      assert.equal(early.code, 1)
      assert.match(early.stderr, /may sign only from/)
      assert.equal((await cli(["keys", "burn", published.kid])).code, 0)
      const { keys } = (await cli(["keys", "list", "--json"])).json<{ keys: { kid: string; state: string }[] }>()
      assert.equal(keys.find((key) => key.kid === published.kid)?.state, "burned")
    })

    it(
      engine.name === "sqlite" ? "migrate a fresh database by themselves" : "leave the migration to ./sepay migrate",
      async () => {
        const env = { DATABASE_URL: await engine.createDatabase("empty") }
        const first = await runCli(["company", "list", "--json"], { env })
        if (engine.name === "sqlite") assert.deepEqual(first.json(), { companies: [] })
        else {
          assert.equal(first.code, 1)
          assert.match(first.stderr, /run \.\/sepay migrate first/)
          assert.ok((await runCli(["migrate", "--json"], { env })).json<{ applied: string[] }>().applied.length > 0)
        }
        assert.deepEqual((await runCli(["migrate", "--json"], { env })).json(), { applied: [] })
      },
    )
  })
})
