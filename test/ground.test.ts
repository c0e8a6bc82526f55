import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, it } from "node:test"
import { sql } from "kysely"
import { pendingMigrations } from "../src/database/migrate.ts"
import { closeDatabase, openDatabase } from "../src/database/open-database.ts"
import { withBrowser } from "./support/browser.ts"
import { onEachEngine } from "./support/engines.ts"
import { startPostgres } from "./support/postgres.ts"

describe("the databases of the tests", () => {
  onEachEngine((engine) => {
    it("are migrated, and of the engine they are said to be", async () => {
      const db = await openDatabase({ url: engine.databaseUrl() })
      try {
        assert.equal(db.engine.name, engine.name)
        assert.deepEqual(await pendingMigrations(db), [])
      } finally {
        await closeDatabase(db)
      }
    })

    it("share nothing with each other", async () => {
      const db = await openDatabase({ url: await engine.createDatabase("empty") })
      try {
        assert.notDeepEqual(await pendingMigrations(db), [])
      } finally {
        await closeDatabase(db)
      }
    })
  })
})

describe("the PostgreSQL of the tests", () => {
  it("keeps through a crash what was committed", async () => {
    const server = await startPostgres()
    try {
      const db = await openDatabase({ url: server.url })
      await sql`create table kept (id integer)`.execute(db)
      await sql`insert into kept values (1)`.execute(db)
      await server.crash()
      await assert.rejects(sql`select id from kept`.execute(db))
      await server.start()
      assert.deepEqual((await sql`select id from kept`.execute(db)).rows, [{ id: 1 }])
      await closeDatabase(db)
    } finally {
      await server.stop()
    }
  })
})

describe("the network of the tests", () => {
  it("ends at this machine for the tests themselves", async () => {
    await assert.rejects(fetch("https://sepay.vn/"), (error: Error) => {
      assert.match(String(error.cause), /reach nothing but this machine/)
      return true
    })
  })

  it("ends at this machine for the pages in Chromium, which run as a browser runs them", async () => {
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8")
      response.end(
        "<title>Sổ phụ</title><p>static</p><script>document.querySelector('p').textContent = 'live'</script>",
      )
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`
    try {
      await withBrowser(async (browser) => {
        const page = await browser.newPage({ colorScheme: "dark" })
        await page.goto(url)
        assert.equal(await page.title(), "Sổ phụ")
        assert.equal(await page.locator("p").textContent(), "live")
        assert.equal(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"), true)
        assert.equal(
          await page.evaluate("fetch('https://sepay.vn/').then(() => 'reached', () => 'refused')"),
          "refused",
        )

        const scriptless = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 640 } })
        await scriptless.goto(url)
        assert.equal(await scriptless.locator("p").textContent(), "static")
      })
    } finally {
      server.close()
    }
  })
})
