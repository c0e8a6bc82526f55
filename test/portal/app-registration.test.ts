import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import type { FormFields } from "../support/http.ts"
import { addUser, expectTokens, grantCode, type OAuthSite, redeemCode, startOAuthSite } from "../support/oauth-site.ts"
import { type AppDesk, clientIdOf, openDesk, secretOn } from "./app-ground.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let desk: AppDesk
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    desk = await openDesk(site.url, site.merchant)
  })
  after(() => site.stop())

  describe("registering an app (contract/oauth.md §15)", () => {
    it("makes a draft of the company, whose secret is shown once and works", async () => {
      const answer = await desk.register()
      assert.equal(answer.status, 303)
      assert.doesNotMatch(String(answer.location), /sepay_cs_/)
      const clientId = clientIdOf(answer)
      const page = await desk.visitor.get(answer.location ?? "")
      const secret = secretOn(page)
      assert.ok(secret !== undefined)
      site.secrets.add(secret)
      assert.equal(page.headers.get("cache-control"), "no-store")
      assert.equal(secretOn(await desk.visitor.get(answer.location ?? "")), undefined, "a reload shows it no more")
      assert.equal(secretOn(await desk.visitor.get(`/developer/apps/${clientId}`)), undefined)
      const row = await site.app.context.db
        .selectFrom("clients")
        .select(["state", "company_id", "owner_user_id"])
        .where("client_id", "=", clientId)
        .executeTakeFirstOrThrow()
      assert.deepEqual(
        [row.state, row.company_id, row.owner_user_id],
        ["draft", site.merchant.companyId, site.merchant.id],
      )
      const client = { clientId, clientSecret: secret, redirectUri: "https://shop.example/callback" }
      const code = await grantCode(site, client, { scope: "transaction:read" })
      expectTokens(await redeemCode(site, client, code))
    })

    it("makes it once, however often the form is sent", async () => {
      const form = await desk.visitor.get("/developer/apps/new")
      const key = /name="form_key" value="([^"]+)"/.exec(form.text)?.[1] ?? ""
      const before = (await site.app.context.db.selectFrom("clients").select("id").execute()).length
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => desk.register({ form_key: key, name: "Bấm đúp" })),
      )
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303])
      assert.equal(new Set(answers.map(clientIdOf)).size, 1)
      assert.equal((await site.app.context.db.selectFrom("clients").select("id").execute()).length, before + 1)
      const pages = await Promise.all(answers.map(({ location }) => desk.visitor.get(location ?? "")))
      const shown = pages.flatMap((page) => secretOn(page) ?? [])
      assert.equal(shown.length, 1, "of pages opened at once one shows the secret")
      for (const secret of shown) site.secrets.add(secret)
    })

    it("shows the secret to nobody but who made it, and to nobody after ten minutes", async () => {
      const other = await openDesk(site.url, await addUser(site.app, site.merchant.companyId, "Admin"))
      const clientId = await desk.registered()
      assert.equal(secretOn(await other.visitor.get(`/developer/apps/${clientId}/secrets`)), undefined)
      site.clock.advance({ minutes: 10 })
      assert.equal(secretOn(await desk.visitor.get(`/developer/apps/${clientId}/secrets`)), undefined)
      await site.app.runLoop("cleanup")
      const left = await site.app.context.db
        .selectFrom("client_secrets")
        .select("id")
        .where("unseen_secret", "is not", null)
        .where("created_at", "<", site.clock.now() - 600_000)
        .execute()
      assert.deepEqual(left, [])
    })

    const cases: readonly (readonly [what: string, changes: FormFields, vi: string | RegExp, en: string | RegExp])[] = [
      ["a name too short", { name: "ab" }, "từ 3 đến 100 ký tự", "3 to 100 characters"],
      ["a name that turns the text", { name: "Shop\u202egnp.exe" }, "ký tự đổi chiều chữ", "direction of text"],
      ["a long description", { description: "x".repeat(501) }, "tối đa 500 ký tự", "500 characters at most"],
      ["a website without https", { website: "http://shop.example" }, "địa chỉ https đầy đủ", "whole https address"],
      ["a logo address that is none", { logo_url: "logo.png" }, "Logo cần là", "The logo takes"],
      ["no redirect URI", { redirect_uris: " \n" }, "từ 1 đến 10 redirect URI", "1 to 10 redirect URIs"],
      [
        "a space in a URI",
        { redirect_uris: "https://shop.example/c b" },
        /https:\/\/shop\.example\/c<mark> <\/mark>b[\s\S]*Ký tự thứ 23 là dấu cách/,
        /https:\/\/shop\.example\/c<mark> <\/mark>b[\s\S]*Character 23 is a space/,
      ],
      ["a full-width slash", { redirect_uris: "https://shop.example／cb" }, /Ký tự thứ 21, “／”/, /Character 21, “／”/],
      ["a fragment", { redirect_uris: "https://shop.example/#x" }, /dấu # \(ký tự thứ 22\)/, /# on \(character 22\)/],
      ["a wildcard", { redirect_uris: "https://*.example/" }, /Dấu \* \(ký tự thứ 9\)/, /The \* \(character 9\)/],
      [
        "a user name",
        { redirect_uris: "https://an@shop.example/" },
        "“an@” trước tên máy chủ",
        "“an@” before the host",
      ],
      [
        "our own query name",
        { redirect_uris: "https://shop.example/?state=1" },
        "Tham số “state”",
        "parameter “state”",
      ],
      [
        "http elsewhere",
        { redirect_uris: "http://shop.example/" },
        "không phải “shop.example”",
        "not for “shop.example”",
      ],
      ["no host", { redirect_uris: "/callback" }, "chưa phải URI đầy đủ", "not a whole URI"],
      ["a scheme of its own", { redirect_uris: "vn.shop:/cb" }, "Giao thức “vn.shop:”", "The scheme “vn.shop:”"],
      [
        "a scheme without a dot",
        { redirect_uris: "shop:/cb", profile: "oauth21" },
        "“shop:” cần có dấu chấm",
        "“shop:” needs a dot",
      ],
      [
        "a URI twice",
        { redirect_uris: "https://shop.example/a\r\nhttps://shop.example/a" },
        "URI này có hai lần",
        "is there twice",
      ],
      [
        "no scope",
        { "scope.transaction:read": "off", "scope.profile": undefined },
        "ít nhất một quyền",
        "at least one permission",
      ],
      ["the profile to come", { profile: "fapi2" }, "fapi2 chưa có", "fapi2 is not available yet"],
      [
        "a public app of the wrong profile",
        { client_type: "public" },
        "cần cấu hình oauth21",
        "needs the profile oauth21",
      ],
      [
        "legacy errors of the wrong profile",
        { profile: "oauth21", legacy_token_errors: "1" },
        "chỉ có trong cấu hình sepay",
        "in the profile sepay only",
      ],
    ]
    for (const [what, changes, vi, en] of cases) {
      it(`refuses ${what}, says what it takes, and keeps what was typed`, async () => {
        for (const [language, words] of [
          ["en", en],
          ["vi", vi],
        ] as const) {
          const form = await desk.visitor.get(`/developer/apps/new?lang=${language}`)
          const key = /name="form_key" value="([^"]+)"/.exec(form.text)?.[1]
          const answer = await desk.register({ name: "Vẫn còn đây", ...changes, form_key: key })
          assert.equal(answer.status, 400)
          if (typeof words === "string") assert.ok(answer.text.includes(words), `${words} in\n${answer.text}`)
          else assert.match(answer.text, words)
          assert.match(answer.text, /value="https?:\/\/shop\.example"/)
          assert.ok(answer.text.includes(`name="form_key" value="${key}"`), "the form can be sent again")
          if (changes["name"] === undefined) assert.ok(answer.text.includes('value="Vẫn còn đây"'))
        }
      })
    }
  })
})
