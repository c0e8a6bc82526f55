import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import { createSubAccount } from "../../src/banking/sub-account.ts"
import { transaction } from "../../src/database/engine.ts"
import { createFeed } from "../../src/feeds/feed.ts"
import { importStatement } from "../../src/feeds/import-statement.ts"
import { uploadMax } from "../../src/feeds/statement-upload.ts"
import type { CompanyId } from "../../src/ids.ts"
import { linkAccount } from "../browser/ground.ts"
import { mt940, opened } from "../feeds/made-statement.ts"
import { onEachEngine } from "../support/engines.ts"
import { readForm, type Visitor } from "../support/http.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { addDefaultTemplates, countRows, hiddenFields, signedIn, uploadFile } from "./bank-ground.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let admin: Visitor
  let stranger: Visitor
  let clerk: Visitor
  let clerkUser: TestUser
  const ids = { account: 0, test: 0, sub: 0, feed: 0, gap: 0, imported: 0, template: 0, upload: 0 }
  const number = "0071000111111"

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { env: { SIMULATOR_DAILY_LIMIT: "4" } })
    const { merchant, app } = site
    const { db, clock, config } = app.context
    const companyId = merchant.companyId as CompanyId
    const other = await addUser(app)
    clerkUser = await addUser(app, companyId, "User")
    await addDefaultTemplates(site, merchant)
    await addDefaultTemplates(site, other)
    ids.account = await linkAccount(site, merchant, { accountNumber: number, label: "Quầy" })
    ids.test = await linkAccount(site, merchant, { accountNumber: "8888000001", mode: "test" })
    ids.sub = await createSubAccount(db, clock.now(), { accountId: ids.account, accountNumber: "TKP001" })
    const feed = { companyId, name: "Bank", kind: "push" as const, test: false }
    ids.feed = (await createFeed(db, clock.now(), config.keyring, feed)).id
    const content = mt940(number, { opening: 0, closing: 9, lines: [{ amount: 5, reference: "GAP" }] })
    const request = { account: { id: ids.account }, importedBy: "a test", fileName: "a.sta", open: opened(content) }
    const result = await importStatement(db, clock, request)
    assert.ok(result.kind === "imported")
    ids.imported = result.importId
    await transaction(db, async (tx) => {
      ids.gap = (await tx.selectFrom("gaps").select("id").executeTakeFirstOrThrow()).id
      const own = tx.selectFrom("payment_code_formats").select("id").where("company_id", "=", companyId)
      ids.template = (await own.where("mode", "=", "live").executeTakeFirstOrThrow()).id
    })
    admin = await signedIn(site.url, merchant)
    stranger = await signedIn(site.url, other)
    clerk = await signedIn(site.url, clerkUser)
    ids.upload = await upload("waiting.sta", { opening: 0, lines: [{ amount: 7, reference: "WAIT" }] })
  })
  after(() => site.stop())

  /** Uploads a statement of the account and returns the id of the upload, checked by then. */
  async function upload(name: string, statement: Parameters<typeof mt940>[1], account = ids.account): Promise<number> {
    const { location } = await uploadFile(site.url, admin, account, { name, content: mt940(number, statement) })
    const id = /\/import\/(\d+)$/.exec(location?.pathname ?? "")?.[1]
    assert.ok(id !== undefined, `no upload at ${location?.href}`)
    return Number(id)
  }
  const pathOf = (id: number) => `/bank-accounts/${ids.account}/import/${id}`
  const post = (visitor: Visitor, page: string, action: string, fields = {}) => visitor.submit(page, action, fields)

  const gets = () => [
    "/bank-accounts",
    "/bank-accounts/link",
    `/bank-accounts/${ids.account}`,
    `/bank-accounts/${ids.account}/sub-accounts/new`,
    `/bank-accounts/${ids.account}/sub-accounts/${ids.sub}`,
    `/bank-accounts/${ids.account}/gaps/${ids.gap}/close`,
    `/bank-accounts/${ids.account}/import`,
    pathOf(ids.upload),
    `${pathOf(ids.upload)}/columns`,
    `/bank-accounts/${ids.account}/imports/${ids.imported}`,
    "/bank-accounts/feeds",
    "/bank-accounts/feeds/new",
    `/bank-accounts/feeds/${ids.feed}`,
    `/bank-accounts/feeds/${ids.feed}/roll`,
    `/bank-accounts/feeds/simulate?account=${ids.test}`,
    "/payment-codes",
    "/payment-codes/new",
    `/payment-codes/${ids.template}`,
    `/payment-codes/${ids.template}/delete`,
  ]
  const posts = () => [
    `/bank-accounts/${ids.account}/label`,
    `/bank-accounts/${ids.account}/pause`,
    `/bank-accounts/${ids.account}/resume`,
    `/bank-accounts/${ids.account}/sub-accounts/new`,
    `/bank-accounts/${ids.account}/sub-accounts/${ids.sub}/label`,
    `/bank-accounts/${ids.account}/sub-accounts/${ids.sub}/close`,
    `/bank-accounts/${ids.account}/sub-accounts/${ids.sub}/reopen`,
    `/bank-accounts/${ids.account}/gaps/${ids.gap}/close`,
    `${pathOf(ids.upload)}/check`,
    `${pathOf(ids.upload)}/confirm`,
    `${pathOf(ids.upload)}/discard`,
    `${pathOf(ids.upload)}/columns`,
    `${pathOf(ids.upload)}/columns/look`,
    `/bank-accounts/feeds/${ids.feed}/roll`,
    `/bank-accounts/feeds/${ids.feed}/off`,
    `/bank-accounts/feeds/${ids.feed}/on`,
    "/bank-accounts/feeds/simulate",
    `/payment-codes/${ids.template}`,
    `/payment-codes/${ids.template}/delete`,
  ]
  const ofEverybody = /\/(bank-accounts|link|new|feeds|payment-codes)$/

  describe("rights", () => {
    it("each page shows itself to an administrator, and nobody else's objects are there, by whatever id", async () => {
      const token = await hiddenFields(stranger, "/bank-accounts/link", "/bank-accounts/link")
      for (const path of gets()) {
        assert.match(String((await admin.get(path)).status), /200|302/, path)
        const wanted = ofEverybody.test(path) && !path.includes("/sub-accounts/") ? 200 : 404
        assert.equal((await stranger.get(path)).status, wanted, path)
      }
      for (const path of posts()) {
        const fields = { ...token, label: "mine", note: "mine", account: String(ids.test), amount: "1" }
        assert.equal((await stranger.postForm(path, fields)).status, 404, path)
      }
      const { csrf_token: [csrf_token] = [], form_key: [form_key] = [] } = token
      const file = { name: "a.sta", content: "x" }
      assert.equal((await uploadFile(site.url, stranger, ids.test, file, { csrf_token, form_key })).status, 404)
      for (const id of ["0", "01", "x", "9".repeat(30), "-1", "%00"]) {
        assert.equal((await admin.get(`/bank-accounts/${id}`)).status, 404, id)
      }
      assert.equal(
        await countRows(
          site,
          "audit_entries",
          sql`action not like 'user.%' and action not in ('company.create', 'bank_account.link', 'sub_account.add', 'feed.create', 'statement.import')`,
        ),
        0,
      )
    })

    it("a gap says when and how it was closed, with a note only where there is one", async () => {
      const { db } = site.app.context
      const shown = async (closing: { closed_by: string | null; note: string | null }) => {
        const closed_at = closing.closed_by === null ? null : site.clock.now()
        await transaction(db, (tx) =>
          tx
            .updateTable("gaps")
            .set({ ...closing, closed_at })
            .where("id", "=", ids.gap)
            .execute(),
        )
        return (await admin.get(`/bank-accounts/${ids.account}`, { "accept-language": "en" })).text
      }
      const byStatement = await shown({ closed_by: "statement", note: null })
      assert.match(byStatement, /Closed by a statement/)
      assert.match(byStatement, /Closed at/)
      assert.ok(!byStatement.includes("Closed with a note"))
      const byPerson = await shown({ closed_by: "person", note: "Bank fee" })
      assert.match(byPerson, /Closed with a note/)
      assert.match(byPerson, /Bank fee/)
      assert.match(await shown({ closed_by: null, note: null }), /gaps\/\d+\/close/)
    })

    it("a user sees what the permissions say, and changes nothing", async () => {
      for (const path of gets()) assert.equal((await clerk.get(path)).status, 403, path)
      const permit = (permissions: readonly string[]) =>
        transaction(site.app.context.db, (tx) =>
          tx
            .updateTable("users")
            .set({ permissions: JSON.stringify(permissions) })
            .where("id", "=", clerkUser.id)
            .execute(),
        )
      await permit(["bank_account.list"])
      const list = await clerk.get("/bank-accounts")
      assert.equal(list.status, 200)
      assert.equal(list.text.includes(`href="/bank-accounts/${ids.account}"`), false)
      assert.equal((await clerk.get(`/bank-accounts/${ids.account}`)).status, 403)
      await permit(["bank_account.list", "bank_account.detail"])
      const detail = await clerk.get(`/bank-accounts/${ids.account}`)
      assert.equal(detail.status, 200)
      assert.equal(/<form method="post" action="\/bank-accounts/.test(detail.text), false)
      assert.equal((await clerk.get(`/bank-accounts/${ids.account}/imports/${ids.imported}`)).status, 200)
      const { csrf_token: token } = await hiddenFields(clerk, "/bank-accounts", "/logout")
      for (const path of posts()) {
        assert.equal((await clerk.postForm(path, { csrf_token: token })).status, 403, path)
      }
    })

    it("a post without this session's token is refused, a file too, and none of it is kept", async () => {
      for (const path of posts()) assert.equal((await admin.postForm(path, { label: "x" })).status, 403, path)
      const before = await countRows(site, "statement_uploads")
      for (const csrf_token of [undefined, "", "x.y"]) {
        const file = { name: "a.sta", content: mt940(number, { lines: [] }) }
        assert.equal((await uploadFile(site.url, admin, ids.account, file, { csrf_token })).status, 403)
      }
      assert.equal(await countRows(site, "statement_uploads"), before)
    })
  })

  describe("accounts", () => {
    it("one form links one account however often it is sent, the same number again is refused with all that was typed", async () => {
      const fields = { bank: "970436", number: "00 11-22.33", holder: "A & B", label: "Hai", mode: "live" }
      const sent = { ...(await hiddenFields(admin, "/bank-accounts/link", "/bank-accounts/link")), ...fields }
      const answers = await Promise.all([1, 2, 3].map(() => admin.postForm("/bank-accounts/link", sent)))
      assert.equal(new Set(answers.map(({ location }) => location?.pathname)).size, 1)
      assert.equal(await countRows(site, "bank_accounts", sql`account_key = '00112233'`), 1)
      const again = await post(admin, "/bank-accounts/link", "/bank-accounts/link", fields)
      assert.equal(again.status, 409)
      assert.match(again.text, /value="A &amp; B"/)
      const wrong = await post(admin, "/bank-accounts/link", "/bank-accounts/link", {
        ...fields,
        bank: "Không có",
        number: "1",
      })
      assert.equal(wrong.status, 400)
      assert.match(wrong.text, /Hãy chọn một ngân hàng[\s\S]*Số tài khoản gồm 3 đến 40/)
      assert.match(wrong.text, /value="Không có"/)
    })

    it("a label changed in another tab is not written over: the form comes back and says so", async () => {
      const path = `/bank-accounts/${ids.test}`
      const stale = await hiddenFields(admin, path, `${path}/label`)
      assert.equal((await post(admin, path, `${path}/label`, { label: "Mới" })).status, 303)
      const late = await admin.postForm(`${path}/label`, { ...stale, label: "Muộn" })
      assert.equal(late.status, 409)
      assert.match(late.text, /value="Muộn"/)
      assert.match(late.text, /Tên hiện tại: Mới/)
      assert.equal((await admin.postForm(`${path}/label`, { ...stale, seen: "Mới", label: "Muộn" })).status, 303)
    })

    it("a label changed in another tab is not written over after a wrong one either", async () => {
      const path = `/bank-accounts/${ids.test}`
      const stale = await hiddenFields(admin, path, `${path}/label`)
      assert.equal((await post(admin, path, `${path}/label`, { label: "Mới hơn" })).status, 303)
      const wrong = await admin.postForm(`${path}/label`, { ...stale, label: "x".repeat(201) })
      assert.equal(wrong.status, 400)
      const mended = { ...readForm(wrong.text, `${path}/label`), label: "Muộn" }
      assert.equal((await admin.postForm(`${path}/label`, mended)).status, 409)
    })

    it("a paused account takes no file and no simulated money, and goes on when resumed", async () => {
      const path = `/bank-accounts/${ids.test}`
      assert.equal((await post(admin, path, `${path}/pause`)).location?.search, "?done=paused")
      assert.match((await admin.get(`${path}/import`)).text, /đang tạm dừng/)
      const simulator = "/bank-accounts/feeds/simulate"
      const token = await hiddenFields(admin, "/bank-accounts/link", "/bank-accounts/link")
      const fields = { ...token, account: String(ids.test), amount: "1000", direction: "in", memo: "x" }
      assert.equal((await admin.postForm(simulator, fields)).status, 409)
      assert.equal((await post(admin, path, `${path}/resume`)).location?.search, "?done=resumed")
      assert.equal((await admin.get(`${path}/import`)).status, 200)
    })
  })

  describe("the simulator's form", () => {
    it("records once what is sent twice, shows it with its code, and stops at the day's quota", async () => {
      const page = `/bank-accounts/feeds/simulate?account=${ids.test}`
      const action = "/bank-accounts/feeds/simulate"
      const fields = { account: String(ids.test), amount: "349.000", memo: "DH100245 tra", scenario: "" }
      const sent = { ...(await hiddenFields(admin, page, action)), ...fields }
      const [first, second] = [await admin.postForm(action, sent), await admin.postForm(action, sent)]
      assert.deepEqual([first.status, second.status], [303, 303])
      assert.match((await admin.get(first.location ?? "")).text, /349\.000 ₫[\s\S]*DH100245/)
      assert.equal(await countRows(site, "transactions", sql`bank_account_id = ${ids.test}`), 1)
      for (const amount of ["0", "1.5", "350000.00"]) {
        assert.equal((await post(admin, page, action, { ...fields, amount })).status, 400, amount)
      }
      assert.equal((await post(admin, page, action, { ...fields, account: String(ids.account) })).status, 404)
      assert.equal((await post(admin, page, action, { ...fields, scenario: "twins" })).status, 303)
      const over = await post(admin, page, action, { ...fields, scenario: "twins" })
      assert.equal(over.status, 429)
      assert.match(over.text, /đã dùng hết số giao dịch thử/)
      assert.equal(await countRows(site, "transactions", sql`bank_account_id = ${ids.test}`), 3)
    })
  })

  describe("payment codes", () => {
    it("are added, ordered and deleted; what another tab changed meanwhile is not written over", async () => {
      const fields = {
        prefix: "hd",
        suffix_from: "4",
        suffix_to: "6",
        character_type: "NumberAndLetter",
        is_active: "1",
      }
      assert.equal((await post(admin, "/payment-codes/new", "/payment-codes/new", fields)).status, 303)
      assert.equal((await post(admin, "/payment-codes/new", "/payment-codes/new", fields)).status, 409)
      const wrong = { ...fields, prefix: "1", suffix_from: "9" }
      assert.equal((await post(admin, "/payment-codes/new", "/payment-codes/new", wrong)).status, 400)
      const { text } = await admin.get("/payment-codes")
      const added = /\/payment-codes\/(\d+)\/up/.exec(text)?.[1]
      const stale = await hiddenFields(admin, "/payment-codes", "/payment-codes/settings")
      assert.equal((await post(admin, "/payment-codes", `/payment-codes/${added}/up`)).status, 303)
      const late = await admin.postForm("/payment-codes/settings", { ...stale, codes_on: "1" })
      assert.equal(late.status, 409)
      assert.match(late.text, /đã được thay đổi ở nơi khác/)
      const first = await admin.get("/payment-codes?memo=HD9KA2%20DH100245")
      assert.match(first.text, /trial-code number">HD9KA2</)
      assert.match(first.text, /Cũng khớp DH100245/)
      assert.equal((await admin.get(`/payment-codes/${added}/delete`)).status, 302, "the first template stays")
      const version = await hiddenFields(admin, "/payment-codes", "/payment-codes/settings")
      assert.equal((await admin.postForm(`/payment-codes/${added}/delete`, version)).status, 403)
      assert.equal(
        (await post(admin, `/payment-codes/${ids.template}/delete`, `/payment-codes/${ids.template}/delete`)).status,
        303,
      )
      assert.equal((await admin.get(`/payment-codes/${ids.template}`)).status, 404)
    })

    it("a switch turned off by twenty posts at once from one page is turned off once, and nineteen hear of it", async () => {
      const sent = await hiddenFields(admin, "/payment-codes", "/payment-codes/settings")
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => admin.postForm("/payment-codes/settings", { ...sent, codes_on: "" })),
      )
      assert.equal(answers.filter(({ status }) => status === 303).length, 1)
      assert.equal(answers.filter(({ status }) => status === 409).length, 19)
      assert.equal(await countRows(site, "audit_entries", sql`action = 'payment_code.switch'`), 1)
      assert.match((await admin.get("/payment-codes?memo=HD9KA2")).text, /Việc tìm mã đang tắt/)
    })
  })

  describe("an upload", () => {
    it("over 20 MiB, empty or none at all is told at its field, and nothing of it is kept", async () => {
      const before = await countRows(site, "statement_upload_pieces")
      const large = await uploadFile(site.url, admin, ids.account, {
        name: "a.sta",
        content: new Uint8Array(uploadMax + 1),
      })
      assert.equal(large.status, 413)
      assert.match(large.text, /lớn hơn 20 MB/)
      const empty = await uploadFile(site.url, admin, ids.account, { name: "a.sta", content: "" })
      assert.equal(empty.status, 400)
      assert.equal(await countRows(site, "statement_upload_pieces"), before)
      const plain = await admin.postForm(
        `/bank-accounts/${ids.account}/import`,
        await hiddenFields(admin, "/bank-accounts/link", "/bank-accounts/link"),
      )
      assert.equal(plain.status, 403, "a form of another kind brings no token")
    })

    it("sent twice by one form is kept once", async () => {
      const path = `/bank-accounts/${ids.account}/import`
      const { form_key: [form_key] = [] } = await hiddenFields(admin, path, path)
      const file = { name: "twice.sta", content: mt940(number, { lines: [{ amount: 3, reference: "TWICE" }] }) }
      const first = await uploadFile(site.url, admin, ids.account, file, { form_key })
      const second = await uploadFile(site.url, admin, ids.account, file, { form_key })
      assert.equal(second.location?.href, first.location?.href)
      assert.equal(await countRows(site, "statement_uploads", sql`file_name = 'twice.sta'`), 1)
    })

    it("is imported once, however many confirm it at once, and leaves its bytes with the import alone", async () => {
      const id = await upload("once.sta", { lines: [{ amount: 11, reference: "ONCE" }] })
      const fields = await hiddenFields(admin, pathOf(id), `${pathOf(id)}/confirm`)
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => admin.postForm(`${pathOf(id)}/confirm`, fields)),
      )
      assert.ok(answers.every(({ status }) => status === 303))
      const result = await admin.get(pathOf(id))
      assert.match(result.location?.pathname ?? "", /\/imports\/\d+$/)
      assert.equal(await countRows(site, "transactions", sql`reference = 'ONCE'`), 1)
      assert.equal(await countRows(site, "statement_upload_pieces", sql`upload_id = ${id}`), 0)
      assert.equal(await countRows(site, "audit_entries", sql`action = 'statement.import' and actor_kind = 'user'`), 1)
    })

    it("whose work died is told as interrupted, and is begun again", async () => {
      const id = await upload("died.sta", { lines: [{ amount: 13, reference: "DIED" }] })
      const dead = { state: "importing", job: "of a process that is gone", stage: "reading" }
      await transaction(site.app.context.db, (tx) =>
        tx.updateTable("statement_uploads").set(dead).where("id", "=", id).execute(),
      )
      const working = await admin.get(pathOf(id))
      assert.equal(working.headers.get("refresh"), "3")
      assert.match(working.text, /id="progress" data-poll/)
      site.clock.advance({ seconds: 31 })
      const stopped = await admin.get(pathOf(id))
      assert.equal(stopped.headers.get("refresh"), null)
      assert.match(stopped.text, /Việc xử lý đã dừng giữa chừng/)
      assert.equal((await post(admin, pathOf(id), `${pathOf(id)}/confirm`)).status, 303)
      assert.equal(await countRows(site, "transactions", sql`reference = 'DIED'`), 1)
    })

    it("that nobody goes on with is forgotten after a day, with its bytes; one that broke off, after an hour", async () => {
      const broken = await upload("broken.sta", { lines: [] })
      await transaction(site.app.context.db, (tx) =>
        tx.updateTable("statement_uploads").set({ state: "receiving" }).where("id", "=", broken).execute(),
      )
      assert.equal((await admin.get(pathOf(broken))).status, 404)
      site.clock.advance({ hours: 2 })
      await site.app.runLoop("cleanup")
      assert.equal(await countRows(site, "statement_uploads", sql`id = ${broken}`), 0)
      assert.equal(await countRows(site, "statement_uploads", sql`id = ${ids.upload}`), 1)
      site.clock.advance({ hours: 23 })
      await site.app.runLoop("cleanup")
      assert.equal(await countRows(site, "statement_uploads"), 0)
      assert.equal(await countRows(site, "statement_upload_pieces"), 0)
    })
  })
})
