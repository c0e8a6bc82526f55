import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { registerClient } from "../../src/oauth/client.ts"
import { mostClients } from "../../src/oauth/edit-client.ts"
import { onEachEngine } from "../support/engines.ts"
import { readForm } from "../support/http.ts"
import { startOAuthServer, withGround } from "../support/oauth-processes.ts"
import type { TestUser } from "../support/oauth-site.ts"
import type { RunningServer } from "../support/processes.ts"
import { type AppDesk, clientIdOf, openDesk } from "./app-ground.ts"

const left = 2
const path = "/developer/apps/new"

onEachEngine((engine) => {
  let server: RunningServer
  let desk: AppDesk
  let merchant: TestUser

  before(async () => {
    const databaseUrl = engine.databaseUrl()
    server = await startOAuthServer(databaseUrl, { WORKERS: "3" })
    await withGround(databaseUrl, server.url, async (ground) => {
      merchant = ground.merchant
      const { db, config, clock } = ground.app.context
      for (let count = 0; count < mostClients - left; count++) {
        await registerClient(db, config.keyring, clock.now(), {
          name: `App ${count}`,
          ownerEmail: merchant.email,
          redirectUris: ["https://shop.example/callback"],
          scope: "profile",
        })
      }
    })
    desk = await openDesk(server.url, merchant)
  })
  after(() => server.stop())

  describe(`a company's ${mostClients} apps`, () => {
    it("are not exceeded by forms sent at once to several processes, and then deleting one makes room", async () => {
      const forms = await Promise.all(Array.from({ length: 8 }, () => desk.visitor.get(path)))
      assert.doesNotMatch(forms[0]?.text ?? "", /số tối đa/)
      const answers = await Promise.all(
        forms.map(({ text }, index) =>
          desk.register({ form_key: readForm(text, path)["form_key"]?.[0], name: `Ứng dụng ${index}` }),
        ),
      )
      const made = answers.filter(({ status }) => status === 303)
      assert.equal(made.length, left)
      const refused = answers.filter((answer) => !made.includes(answer))
      assert.deepEqual([...new Set(refused.map(({ status }) => status))], [409])
      for (const { text } of refused) {
        assert.match(text, new RegExp(`Công ty đã có ${mostClients} ứng dụng, là số tối đa`))
        assert.match(text, /name="name"[^>]*value="Ứng dụng \d"/, "what was typed is kept")
      }
      const english = await desk.visitor.get(`${path}?lang=en`)
      assert.match(english.text, new RegExp(`Your company has ${mostClients} apps, which is the most it may have`))

      const gone = `/developer/apps/${clientIdOf(made[0] ?? assert.fail())}/delete`
      assert.equal((await desk.press(gone, gone)).status, 303)
      assert.equal((await desk.register()).status, 303)
      assert.equal((await desk.register()).status, 409)
    })

    it("are no other company's", async () => {
      await withGround(engine.databaseUrl(), server.url, async (ground) => {
        assert.equal((await (await openDesk(server.url, ground.merchant)).register()).status, 303)
      })
    })
  })
})
