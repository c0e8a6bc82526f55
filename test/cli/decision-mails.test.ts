import assert from "node:assert/strict"
import { join } from "node:path"
import { before, describe, it } from "node:test"
import { listMails, type StoredMail } from "../../src/mail-files.ts"
import { onEachEngine } from "../support/engines.ts"
import { type CommandResult, runCli } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

onEachEngine((engine) => {
  const directory = makeTemporaryDirectory()
  const owner = "an@shop.example"
  let clientId: string
  // Where nobody listens.
  const noServer = { SMTP_URL: "smtp://127.0.0.1:1" }

  const cli = (args: readonly string[], env = {}): Promise<CommandResult> =>
    runCli(args, { directory, env: { DATABASE_URL: engine.databaseUrl(), ...env }, input: "correct horse battery\n" })

  before(async () => {
    await cli(["user", "create", "--email", owner, "--company", "Cửa hàng An", "--json"])
    const app = ["app", "create", "--name", "Shop", "--owner-email", owner, "--json"]
    const made = await cli([...app, "--redirect-uri", "http://localhost:4000/callback", "--scope", "profile"])
    clientId = made.json<{ client_id: string }>().client_id
  })

  async function mailsOf(): Promise<readonly StoredMail[]> {
    const url = engine.databaseUrl()
    const folder = url.startsWith("sqlite:") ? join(url.slice("sqlite:".length), "..") : join(directory, "data")
    return (await listMails(folder)).filter(({ to }) => to === owner)
  }

  describe("a decision at the command line", () => {
    it("is told to the app's owner by the mail that the operator's pages send, before the command ends", async () => {
      const done = await cli(["app", "approve", clientId])
      assert.equal(done.code, 0, done.stderr)
      assert.equal(done.stdout, `${clientId} is approved. Its owner was told by mail.\n`)
      const [approved, ...others] = await mailsOf()
      assert.equal(approved?.subject, "Shop đã được duyệt")
      assert.deepEqual(others, [])

      const suspended = await cli(["app", "suspend", clientId, "--reason", "Có khiếu nại", "--json"])
      assert.deepEqual(suspended.json(), { client_id: clientId, state: "suspended", mails_sent: 1 })
      const [told] = await mailsOf()
      assert.equal(told?.subject, "Shop đã bị tạm ngưng")
      assert.match(told?.text ?? "", /Lý do:\n\nCó khiếu nại\n/)

      assert.match((await cli(["app", "approve", clientId])).stdout, /is no longer suspended\. Its owner was told/)
      assert.equal((await mailsOf())[0]?.subject, "Shop hoạt động trở lại")
      const nothing = await cli(["app", "approve", clientId, "--json"])
      assert.deepEqual(nothing.json(), {
        client_id: clientId,
        state: "approved",
        approved: "nothing",
        mails_sent: 0,
      })
      assert.equal((await mailsOf()).length, 3)
    })

    it("holds when its mail cannot be sent, and says so on standard error", async () => {
      const done = await cli(["app", "suspend", clientId, "--reason", "spam", "--json"], noServer)
      assert.equal(done.code, 0, done.stderr)
      assert.deepEqual(done.json(), { client_id: clientId, state: "suspended", mails_sent: 0 })
      assert.match(done.stderr, /^The mail to an@shop\.example could not be sent \(.*ECONNREFUSED.*\): tell them/m)
      const apps = (await cli(["app", "list", "--json"])).json<{ apps: { state: string }[] }>().apps
      assert.deepEqual(
        apps.map(({ state }) => state),
        ["suspended"],
      )
    })
  })
})
