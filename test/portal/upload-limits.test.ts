import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import { mostKept } from "../../src/feeds/statement-upload.ts"
import { linkAccount } from "../browser/ground.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Answer, Visitor } from "../support/http.ts"
import { type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"
import { countRows, signedIn, uploadFile } from "./bank-ground.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let admin: Visitor
  let account: number

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    account = await linkAccount(site, site.merchant, { accountNumber: "0071000222222" })
    admin = await signedIn(site.url, site.merchant)
  })
  after(() => site.stop())

  const upload = (name: string): Promise<Answer> =>
    uploadFile(site.url, admin, account, { name, content: `Ngay,So tien\n05/11/2025,${name}\n` })

  describe("the files of a company that wait to be imported (contract/feeds.md §5.1)", () => {
    it("are never more than ten, however many are sent at once: a new one takes the place of the oldest", async () => {
      const first = await upload("first.csv")
      const answers = await Promise.all(Array.from({ length: 3 * mostKept }, (_, index) => upload(`${index}.csv`)))
      for (const { status } of answers) assert.ok(status === 303 || status === 429, String(status))
      assert.ok((await countRows(site, "statement_uploads")) <= mostKept)
      assert.ok((await countRows(site, "statement_upload_pieces")) <= mostKept)
      const last = await upload("last.csv")
      assert.equal(last.status, 303)
      assert.equal(await countRows(site, "statement_uploads", sql`state = 'receiving'`), 0)
      assert.equal((await admin.get(first.location ?? "")).status, 404)
      assert.equal((await admin.get(`${last.location?.pathname}/columns`)).status, 200)
    })
  })
})
