import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createSubAccount } from "../../../src/banking/sub-account.ts"
import { transaction } from "../../../src/database/engine.ts"
import { onEachEngine } from "../../support/engines.ts"
import type { FormFields } from "../../support/http.ts"
import { aBankAccount, aClient } from "../../support/make.ts"
import { signIn } from "../../support/oauth-pages.ts"
import { addUser } from "../../support/oauth-site.ts"
import { answerSuccess, answerWith } from "../../support/receiver.ts"
import { idIn, keysOf, plainForm, startWebhookSite, submitNew, textOf, type WebhookSite } from "./webhook-site.ts"

onEachEngine((engine) => {
  let web: WebhookSite
  before(async () => {
    web = await startWebhookSite(engine.databaseUrl())
  })
  after(() => web.stop())

  const post = async (path: string, fields: FormFields = {}, from = path, visitor = web.merchant) => {
    const { text } = await visitor.get(from, { "accept-language": "en" })
    return visitor.postForm(path, { ...keysOf(text), ...fields }, { "accept-language": "en" })
  }
  const stored = (id: number) =>
    web.site.app.context.db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirstOrThrow()

  describe("the list", () => {
    it("has a first step where there is nothing, names the app that made a webhook, and can be narrowed", async () => {
      assert.match(textOf(await web.page("/webhooks")), /No webhooks yet/)
      const id = await web.create({ name: "Made by hand" })
      const byApp = await web.create({ name: "Made by an app", active: undefined })
      const { companyId, id: userId } = web.site.merchant
      const { db } = web.site.app.context
      const app = await aClient(db, { companyId, userId, name: "Kế <toán>" })
      await transaction(db, (tx) =>
        tx
          .updateTable("webhooks")
          .set({ creator_kind: "client", creator_id: app.id })
          .where("id", "=", byApp)
          .execute(),
      )
      const all = await web.page("/webhooks")
      assert.match(textOf(all), /made by the app Kế <toán>/)
      assert.ok(!all.includes("<toán>"))
      const off = textOf(await web.page("/webhooks?state=off&q=MADE&mode=live"))
      assert.ok(off.includes("Made by an app") && !off.includes("Made by hand"))
      assert.match(textOf(await web.page("/webhooks?mode=test")), /No webhook matches/)
      assert.match(textOf(await web.page(`/webhooks/${id}`)), /All accounts, also those added later/)
    })
  })

  describe("the guided form", () => {
    it("names each wrong field in words of the language, keeps what was typed, and no secret", async () => {
      const answer = await submitNew(web.merchant, {
        name: "",
        webhook_url: "ftp://x.example/<b>",
        authen_type: "HMAC_SHA256",
        secret_key: "zyxwvut",
        prefix_filters: "x".repeat(30),
        covers: "chosen",
      })
      assert.equal(answer.status, 400)
      const text = textOf(answer.text)
      for (const problem of [
        /5 things need to be mended/,
        /1 to 300 characters/,
        /starts with https/,
        /8 to 255 visible/,
        /Choose at least one account/,
      ]) {
        assert.match(text, problem)
      }
      assert.ok(answer.text.includes('value="ftp://x.example/&lt;b&gt;"'))
      assert.ok(!answer.text.includes("zyxwvut"))
      const vietnamese = await web.merchant.postForm(
        "/webhooks",
        { ...keysOf(answer.text), ...plainForm, webhook_url: "" },
        { "accept-language": "vi" },
      )
      assert.match(textOf(vietnamese.text), /Có 1 chỗ cần sửa/)
    })

    it("says for every rule of addresses what is wrong with the one that was typed", async () => {
      const cases: readonly (readonly [url: string, words: RegExp])[] = [
        ["ftp://shop.example/", /starts with https:\/\/ or http/],
        ["https://shop.example/a b", /no spaces/],
        ["https://shop.example/#x", /no part after #/],
        ["https://u:p@shop.example/", /no user name/],
        ["https://[fe80::1%25eth0]/", /no zone id/],
        ["https://shop.example/đơn", /percent-encoded/],
        ["https://shop.example:22/", /The port must be/],
        ["https://a..b/", /host name is not valid/],
        ["https://intranet/", /public host name/],
        ["https://10.1.2.3/", /private network/],
        [`https://shop.example/${"x".repeat(300)}`, /At most 300/],
      ]
      for (const [url, words] of cases) {
        const { status, text } = await submitNew(web.merchant, { webhook_url: url })
        assert.equal(status, 400, url)
        assert.match(textOf(text), words, url)
      }
    })

    it("shows a generated secret once, to a double click too, and makes one webhook", async () => {
      const { text } = await web.merchant.get("/webhooks/new")
      const form = {
        ...keysOf(text),
        ...plainForm,
        webhook_url: web.receiver.url,
        authen_type: "HMAC_SHA256",
        name: "Twice",
      }
      const answers = await Promise.all([
        web.merchant.postForm("/webhooks", form),
        web.merchant.postForm("/webhooks", form),
      ])
      const secrets = answers.map((answer) => /whsec_[A-Za-z0-9+/=]+/.exec(answer.text)?.[0])
      assert.ok(secrets[0] !== undefined && secrets[0] === secrets[1], answers.map((answer) => answer.status).join())
      const list = await web.page("/webhooks?q=http")
      assert.equal(list.split(">Twice<").length - 1, 1)
      const id = Number(/href="\/webhooks\/(\d+)\?done=/.exec(answers[0]?.text ?? "")?.[1])
      assert.ok(!(await web.page(`/webhooks/${id}`)).includes(secrets[0]))
      web.nextMinute()
      const late = await web.merchant.postForm("/webhooks", form)
      assert.equal(`${late.status} ${late.location?.search}`, "303 ?done=again")
    })

    it("makes an API key where none is typed, and warns of a weak one", async () => {
      const made = await submitNew(web.merchant, { webhook_url: web.receiver.url, authen_type: "Api_Key" })
      assert.match(made.text, /<code id="secret" class="break">[A-Za-z0-9]{32}<\/code>/)
      const weak = await submitNew(web.merchant, {
        webhook_url: web.receiver.url,
        authen_type: "Api_Key",
        api_key: "abc",
      })
      assert.equal(weak.location?.search, "?done=created-weak")
      assert.match(textOf(await web.page(`/webhooks/${idIn(weak)}?done=created-weak`)), /rather short|is short/)
    })

    it("covers chosen accounts, each with its own virtual accounts, and a form sent untouched changes nothing", async () => {
      const { accountId, otherAccountId, vaIds } = web
      const id = await web.create({
        covers: "chosen",
        account: [String(accountId), String(otherAccountId)],
        [`vas_${accountId}`]: "listed",
        [`va_ids_${accountId}`]: String(vaIds[0]),
      })
      const row = await stored(id)
      assert.equal(row.bank_mode, "multi")
      assert.deepEqual(JSON.parse(row.accounts), [
        { bankAccountId: accountId, onlyVa: true, vaMode: "list", bankSubAccountIds: [vaIds[0]] },
        { bankAccountId: otherAccountId, onlyVa: false, vaMode: "all", bankSubAccountIds: [] },
      ])
      assert.match(textOf(await web.page(`/webhooks/${id}`)), /Only by the VAs that are chosen: TKP001/)
      const untouched = await web.merchant.submit(`/webhooks/${id}/edit`, `/webhooks/${id}`, {
        [`vas_${accountId}`]: "listed",
        all_vas: "everything",
      })
      assert.equal(untouched.location?.search, "?done=unchanged")
      const single = await web.merchant.submit(`/webhooks/${id}/edit`, `/webhooks/${id}`, {
        account: String(otherAccountId),
      })
      assert.equal(single.location?.search, "?done=saved")
      assert.equal((await stored(id)).bank_mode, "single")
    })

    it("takes numbers where an account has too many virtual accounts to tick, and names the one that is not there", async () => {
      const { db } = web.site.app.context
      const account = await aBankAccount(db, { companyId: web.site.merchant.companyId })
      for (let index = 10; index < 72; index += 1) {
        await createSubAccount(db, web.site.clock.now(), { accountId: account, accountNumber: `TKPM${index}` })
      }
      const fields = { covers: "chosen", account: String(account), [`vas_${account}`]: "listed" }
      const numbers = `va_numbers_${account}`
      const wrong = await submitNew(web.merchant, {
        ...{ webhook_url: web.receiver.url, ...fields },
        [numbers]: "TKPM10, TKPX99",
      })
      assert.equal(wrong.status, 400)
      assert.match(textOf(wrong.text), /TKPX99/)
      assert.ok(wrong.text.includes("TKPM10, TKPX99</textarea>"))

      const id = await web.create({ ...fields, [numbers]: "tkpm71\nTKPM10" })
      assert.match(textOf(await web.page(`/webhooks/${id}`)), /Only by the VAs that are chosen: TKPM10, TKPM71/)
      assert.match(await web.page(`/webhooks/${id}/edit`), /TKPM10\s+TKPM71<\/textarea>/)
      const path = `/webhooks/${id}`
      const same = { [`vas_${account}`]: "listed", all_vas: "everything" }
      const untouched = await web.merchant.submit(`${path}/edit`, path, { ...same, [numbers]: "TKPM10\nTKPM71" })
      assert.equal(untouched.location?.search, "?done=unchanged")
      const fewer = await web.merchant.submit(`${path}/edit`, path, { ...same, [numbers]: "TKPM71" })
      assert.equal(fewer.location?.search, "?done=saved")
      assert.match(textOf(await web.page(path)), /Only by the VAs that are chosen: TKPM71/)
    })

    it("answers another company's account or virtual account like one that does not exist", async () => {
      const stranger = await addUser(web.site.app)
      const { db } = web.site.app.context
      const theirs = await aBankAccount(db, { companyId: stranger.companyId })
      for (const fields of [
        { covers: "chosen", account: String(theirs) },
        { covers: "chosen", account: "999999" },
        {
          covers: "chosen",
          account: String(web.accountId),
          [`vas_${web.accountId}`]: "listed",
          [`va_ids_${web.accountId}`]: "999999",
        },
      ]) {
        assert.equal((await submitNew(web.merchant, { webhook_url: web.receiver.url, ...fields })).status, 404)
      }
    })

    it("tells of a change in another tab, keeps what was typed, and overwrites only when sent again", async () => {
      const id = await web.create({ name: "Two tabs" })
      const { text: first } = await web.merchant.get(`/webhooks/${id}/edit`, { "accept-language": "en" })
      const save = (page: string, name: string) =>
        web.merchant.postForm(
          `/webhooks/${id}`,
          { ...plainForm, ...keysOf(page), webhook_url: web.receiver.url, name },
          { "accept-language": "en" },
        )
      const { text: second } = await web.merchant.get(`/webhooks/${id}/edit`)
      assert.equal((await save(second, "From tab two")).status, 303)
      const stale = await save(first, "From tab one")
      assert.equal(stale.status, 409)
      assert.match(textOf(stale.text), /changed meanwhile/)
      assert.ok(stale.text.includes('value="From tab one"'))
      assert.equal((await stored(id)).name, "From tab two")
      assert.equal((await save(stale.text, "From tab one")).status, 303)
      assert.equal((await stored(id)).name, "From tab one")
    })

    it("keeps a secret that is not typed anew, and replaces it when it is", async () => {
      const id = await web.create({ authen_type: "Api_Key", api_key: "firstkey1234" })
      const before = await stored(id)
      const { text } = await web.merchant.get(`/webhooks/${id}/edit`)
      assert.ok(text.includes("****1234") && !text.includes("firstkey1234"))
      const form = { ...plainForm, webhook_url: web.receiver.url, authen_type: "Api_Key" }
      await web.merchant.postForm(`/webhooks/${id}`, { ...form, ...keysOf(text), name: "Renamed" })
      assert.equal((await stored(id)).sealed_api_key, before.sealed_api_key)
      await post(`/webhooks/${id}`, { ...form, api_key: "secondkey1234" }, `/webhooks/${id}/edit`)
      assert.notEqual((await stored(id)).api_key_hash, before.api_key_hash)
    })

    it("a secret generated by an edit is shown to a double click, and not to whoever sends an old form again", async () => {
      const id = await web.create({ name: "Becomes signed" })
      const { text } = await web.merchant.get(`/webhooks/${id}/edit`)
      const form = { ...plainForm, ...keysOf(text), webhook_url: web.receiver.url, authen_type: "HMAC_SHA256" }
      const first = await web.merchant.postForm(`/webhooks/${id}`, form)
      const again = await web.merchant.postForm(`/webhooks/${id}`, form)
      const secret = /whsec_[A-Za-z0-9+/=]+/.exec(first.text)?.[0]
      assert.ok(secret !== undefined && again.text.includes(secret))
      // The second form asks for nothing new, so that sending it twice shows nothing either.
      const { text: later } = await web.merchant.get(`/webhooks/${id}/edit`)
      const renamed = { ...form, ...keysOf(later), name: "Renamed" }
      for (const _ of [1, 2]) assert.equal((await web.merchant.postForm(`/webhooks/${id}`, renamed)).status, 303)
    })
  })

  describe("on, off, clone, delete and roll", () => {
    it("switching off asks; a clone is made once, is off, and cannot be switched on without its secret", async () => {
      const id = await web.create({ name: "Original", authen_type: "Api_Key", api_key: "originalkey99" })
      assert.match(textOf(await web.page(`/webhooks/${id}/off`)), /Switch off Original/)
      assert.equal((await post(`/webhooks/${id}/off`)).location?.search, "?done=off")
      assert.equal((await stored(id)).active, 0)
      assert.equal((await post(`/webhooks/${id}/on`, {}, `/webhooks/${id}`)).location?.search, "?done=on")

      const { text } = await web.merchant.get(`/webhooks/${id}/clone`)
      const first = await web.merchant.postForm(`/webhooks/${id}/clone`, keysOf(text))
      const second = await web.merchant.postForm(`/webhooks/${id}/clone`, keysOf(text))
      assert.equal(idIn(first), idIn(second))
      assert.equal(second.location?.search, "?done=again")
      const copy = idIn(first)
      const refused = await post(`/webhooks/${copy}/on`, {}, `/webhooks/${copy}`)
      assert.equal(refused.location?.pathname, `/webhooks/${copy}/edit`)
      assert.equal((await stored(copy)).active, 0)
    })

    it("deleting asks, is done once, and leaves the log", async () => {
      const id = await web.create({ name: "Goes" })
      await web.push([{}])
      await web.log(id, 1)
      assert.match(textOf(await web.page(`/webhooks/${id}/delete`)), /for good/)
      const { text } = await web.merchant.get(`/webhooks/${id}/delete`)
      for (const _ of [1, 2]) {
        const answer = await web.merchant.postForm(`/webhooks/${id}/delete`, keysOf(text))
        assert.equal(`${answer.location?.pathname}${answer.location?.search}`, `/webhooks?done=deleted&id=${id}`)
      }
      assert.match(textOf(await web.page(`/webhooks?done=deleted&id=${id}`)), /kept for 90 days/)
      await web.page(`/webhooks/${id}`, 404)
      await web.page(`/webhooks/${id}/log`)
      const { db } = web.site.app.context
      const audit = await db.selectFrom("audit_entries").selectAll().where("subject_id", "=", id).execute()
      assert.deepEqual(
        audit
          .filter(({ action }) => action.startsWith("webhook"))
          .map(({ action, actor_kind }) => `${action} by ${actor_kind}`),
        ["webhook.create by user", "webhook.delete by user"],
      )
    })

    it("a roll shows the new secret once, tells how it stands, and ends when asked to", async () => {
      const id = await web.create({ authen_type: "HMAC_SHA256", secret_key: "typed-secret-1" })
      const { text } = await web.merchant.get(`/webhooks/${id}/roll`)
      const form = { ...keysOf(text), window_hours: "24" }
      const rolled = await web.merchant.postForm(`/webhooks/${id}/roll`, form)
      const secret = /whsec_[A-Za-z0-9+/=]+/.exec(rolled.text)?.[0]
      assert.ok(secret !== undefined, rolled.text)
      assert.ok((await web.merchant.postForm(`/webhooks/${id}/roll`, form)).text.includes(secret))
      const running = await web.page(`/webhooks/${id}/roll`)
      assert.match(textOf(running), /both valid/)
      assert.ok(!running.includes(secret))
      const refused = await web.merchant.postForm(`/webhooks/${id}/roll`, {
        ...keysOf((await web.merchant.get("/webhooks/new")).text),
        window_hours: "24",
      })
      assert.equal(refused.location?.pathname, `/webhooks/${id}/roll`)
      assert.equal(
        (await post(`/webhooks/${id}/finish-roll`, {}, `/webhooks/${id}/roll`)).location?.search,
        "?done=finished",
      )
      assert.equal((await stored(id)).sealed_new_secret, null)
    })
  })

  describe("who may do what", () => {
    const posts = [
      "",
      "/on",
      "/off",
      "/test",
      "/roll",
      "/finish-roll",
      "/log/replay",
      "/replay",
      "/explain",
      "/clone",
      "/delete",
    ]
    const gets = ["", "/edit", "/off", "/clone", "/delete", "/roll", "/test", "/log", "/replay", "/explain"]

    it("every page and form of another company's webhook is not found, deleted or not, whatever the id", async () => {
      const id = await web.create()
      await web.push([{}])
      const [n] = await web.log(id, 1)
      const stranger = await signIn(web.site.url, await addUser(web.site.app))
      const { text } = await stranger.get("/webhooks/new")
      const own = idIn(await submitNew(stranger, { webhook_url: web.receiver.url }))
      for (const target of [String(id), "987654321", "9999999999999999"]) {
        for (const path of gets) await web.page(`/webhooks/${target}${path}`, 404, stranger)
        await web.page(`/webhooks/${target}/log/${n}`, 404, stranger)
        for (const path of posts) {
          const answer = await stranger.postForm(`/webhooks/${target}${path}`, {
            ...keysOf(text),
            ...plainForm,
            n: String(n),
            window_hours: "1",
          })
          assert.equal(answer.status, 404, `POST ${path}`)
        }
      }
      // Their rows by one's own webhook.
      await web.page(`/webhooks/${own}/log/${n}`, 404, stranger)
      assert.equal(
        (await stranger.postForm(`/webhooks/${own}/log/replay`, { ...keysOf(text), n: String(n) })).status,
        404,
      )
      const [transactionId] = await web.push([{}])
      await web.page(`/webhooks/${own}/explain?transaction=${transactionId}`, 404, stranger)
      assert.equal(
        (await stranger.postForm(`/webhooks/${own}/explain`, { ...keysOf(text), transaction: String(transactionId) }))
          .status,
        404,
      )
      await web.page(`/webhooks/${id}/log/987654321`, 404)
    })

    it("each permission opens its own pages and no others", async () => {
      const id = await web.create()
      const rights: Readonly<Record<string, string>> = {
        "webhook.list": "/webhooks",
        "webhook.create": "/webhooks/new",
        "webhook.update": `/webhooks/${id}/edit`,
        "webhook.delete": `/webhooks/${id}/delete`,
      }
      for (const permission of ["webhook.list", "webhook.create", "webhook.update", "webhook.delete"] as const) {
        const clerk = await web.clerk([permission])
        for (const [needed, path] of Object.entries(rights))
          await web.page(path, needed === permission ? 200 : 403, clerk)
      }
      const reader = await web.clerk(["webhook.list"])
      const session = keysOf((await reader.get("/account")).text)
      const { text } = await reader.get(`/webhooks/${id}`)
      const token = session["csrf_token"] ?? /name="csrf_token" value="([^"]*)"/.exec(text)?.[1]
      for (const path of posts) {
        assert.equal((await reader.postForm(`/webhooks/${id}${path}`, { csrf_token: token })).status, 403, path)
      }
      assert.ok(!text.includes(`/webhooks/${id}/edit`) && !text.includes(`/webhooks/${id}/delete`))
      // Whoever may not see accounts sees none of them here either.
      assert.ok(!text.includes("8800000001"))
    })

    it("refuses a form from elsewhere and one without its token", async () => {
      const id = await web.create()
      const { text } = await web.merchant.get(`/webhooks/${id}/delete`)
      const elsewhere = await web.merchant.postForm(`/webhooks/${id}/delete`, keysOf(text), {
        origin: "https://evil.example",
      })
      assert.equal(elsewhere.status, 403)
      assert.equal((await web.merchant.postForm(`/webhooks/${id}/delete`, {})).status, 403)
      assert.equal((await stored(id)).deleted_at, null)
    })
  })

  it("a webhook that answered 410 says why it is off, and can be switched on again", async () => {
    const id = await web.create({ name: "Gone" })
    web.receiver.answer(answerWith(410))
    await web.push([{}])
    await web.log(id, 1)
    web.receiver.answer(answerSuccess)
    assert.match(textOf(await web.page("/webhooks?q=Gone&state=off")), /your server answered 410/)
    assert.match(textOf(await web.page(`/webhooks/${id}`)), /switched off because your server answered 410/)
    await post(`/webhooks/${id}/on`, {}, `/webhooks/${id}`)
    assert.equal((await stored(id)).off_reason, null)
  })
})
