import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { startApp, type TestApp } from "../support/app.ts"
import { onSqlite } from "../support/engines.ts"
import { makeVisitor } from "../support/http.ts"

onSqlite((engine) => {
  async function withApp(env: Record<string, string>, run: (app: TestApp) => Promise<void>): Promise<void> {
    const app = await startApp({ databaseUrl: engine.databaseUrl(), env })
    try {
      await run(app)
    } finally {
      await app.stop()
    }
  }

  describe("/egress-ips (contract/webhooks.md §8)", () => {
    it("lists what the operator set, for everyone, as a page in two languages and as JSON", async () => {
      const addresses = ["192.0.2.7", "198.51.100.0/28", "2001:db8::/64"]
      await withApp({ EGRESS_ADDRESSES: addresses.join(", ") }, async ({ url }) => {
        const visitor = makeVisitor(url)
        const json = await visitor.get("/egress-ips.json")
        assert.match(json.headers.get("content-type") ?? "", /^application\/json/)
        assert.deepEqual(json.json(), { addresses })
        const english = (await visitor.get("/egress-ips", { "accept-language": "en" })).text
        assert.match(english, /Addresses that webhooks come from/)
        for (const address of addresses) assert.ok(english.includes(`>${address}</code>`))
        assert.match((await visitor.get("/egress-ips", { "accept-language": "vi" })).text, /Địa chỉ IP gửi webhook/)
      })
    })

    it("says so if the operator listed none", async () => {
      await withApp({}, async ({ url }) => {
        const visitor = makeVisitor(url)
        assert.deepEqual((await visitor.get("/egress-ips.json")).json(), { addresses: [] })
        const page = (await visitor.get("/egress-ips", { "accept-language": "en" })).text
        assert.match(page, /The operator has listed no addresses/)
      })
    })
  })
})
