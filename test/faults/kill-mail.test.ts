import assert from "node:assert/strict"
import { join } from "node:path"
import { describe, it } from "node:test"
import { transaction } from "../../src/database/engine.ts"
import { listMails } from "../../src/mail-files.ts"
import { mailLeaseMs } from "../../src/mail-outbox.ts"
import { onEachEngine } from "../support/engines.ts"
import { startMailServer } from "../support/mail-server.ts"
import { signIn } from "../support/oauth-pages.ts"
import { startOAuthServer, withGround } from "../support/oauth-processes.ts"
import type { TestUser } from "../support/oauth-site.ts"

const subject = "Mật khẩu SePay đã được đổi"

onEachEngine((engine) => {
  describe("kill -9 between what happened and the mail that tells of it", () => {
    it("loses no warning: the next start sends it", async () => {
      const databaseUrl = engine.databaseUrl()
      // Takes the mail and never answers: the process is killed with the mail on its way.
      const silent = await startMailServer()
      silent.refusals.push(...Array.from({ length: 20 }, () => "never" as const))
      const killed = await startOAuthServer(databaseUrl, { SMTP_URL: silent.url })
      let owner: TestUser | undefined
      try {
        await withGround(databaseUrl, killed.url, async (ground) => {
          owner = ground.merchant
          const visitor = await signIn(killed.url, owner)
          const fresh = "mot mat khau khac han 2026"
          const form = { current_password: owner.password, new_password: fresh, new_password_again: fresh }
          const path = "/account/password"
          assert.equal((await visitor.submit(path, path, form)).location?.search, "?done=changed")
        })
      } finally {
        await killed.kill9()
        await silent.close()
      }
      await withGround(
        databaseUrl,
        killed.url,
        async ({ app }) => {
          const { db, clock } = app.context
          const rows = await db.selectFrom("mails_waiting").select("due_at").execute()
          assert.ok(rows.length > 0, "the warning outlived the process")
          assert.ok(rows.every(({ due_at }) => due_at <= clock.now() + mailLeaseMs))
          // As if the lease of the dead process had ended.
          await transaction(db, (tx) => tx.updateTable("mails_waiting").set({ due_at: clock.now() }).execute())
        },
        owner,
      )
      const next = await startOAuthServer(databaseUrl)
      try {
        const folder = databaseUrl.startsWith("sqlite:")
          ? join(databaseUrl.slice("sqlite:".length), "..")
          : join(next.directory, "data")
        const told = async () => (await listMails(folder)).filter((mail) => mail.to === owner?.email)
        const deadline = performance.now() + 30_000
        while (!(await told()).some((mail) => mail.subject === subject)) {
          assert.ok(performance.now() < deadline, "the warning never came")
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
        assert.equal((await told()).filter((mail) => mail.subject === subject).length, 1)
      } finally {
        await next.stop()
      }
    })
  })
})
