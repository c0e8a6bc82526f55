import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { createDefaultPaymentCodeTemplate } from "../../src/banking/payment-code-settings.ts"
import { createSubAccount } from "../../src/banking/sub-account.ts"
import { transaction } from "../../src/database/engine.ts"
import { createFeed } from "../../src/feeds/feed.ts"
import { importStatement } from "../../src/feeds/import-statement.ts"
import { simulateTransactions } from "../../src/feeds/simulator.ts"
import type { CompanyId } from "../../src/ids.ts"
import { mt940, opened } from "../feeds/made-statement.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onSqlite } from "../support/engines.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { csvExport, workbook } from "./bank-ground.ts"
import { linkAccount, openPage, press, signInAs } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const ugly = `<script>alert(1)</script> "><img src=x onerror=alert(2)> ${"Tài khoản có tên rất dài ".repeat(4)}`

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onSqlite((engine) => {
  let site: OAuthSite
  let merchant: TestUser
  let newcomer: TestUser
  let clerk: TestUser
  const ids = { account: 0, plain: 0, test: 0, sub: 0, feed: 0, recorded: 0, refused: 0, gap: 0, template: 0 }

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    merchant = site.merchant
    newcomer = await addUser(site.app)
    clerk = await addUser(site.app, merchant.companyId, "User")
    const { context } = site.app
    const { db, clock, config } = context
    const companyId = merchant.companyId as CompanyId
    ids.account = await linkAccount(site, merchant, { accountNumber: "0071000111111", label: ugly.slice(0, 200) })
    ids.plain = await linkAccount(site, merchant, { accountNumber: "0071000222222", label: "Quầy Quận 1" })
    ids.test = await linkAccount(site, merchant, { accountNumber: "8888000001", label: "Thử", mode: "test" })
    for (const number of ["TKP001", "VQRQABCDEFGHIJ0123456789"]) {
      const draft = { accountId: ids.account, accountNumber: number, label: ugly.slice(0, 200) }
      ids.sub = await createSubAccount(db, clock.now(), draft)
    }
    const feed = { companyId, name: ugly.slice(0, 100), kind: "push" as const, test: false }
    ids.feed = (await createFeed(db, clock.now(), config.keyring, feed)).id
    const lines = [{ amount: 349_000, reference: "R1", memo: ugly.slice(0, 60) }]
    const file = (closing: number, number: string) => mt940(number, { number: "7/1", opening: 0, closing, lines })
    const of = { account: { id: ids.account }, importedBy: `${ugly.slice(0, 40)}@example.com`, fileName: `${ugly}.sta` }
    const taken = await importStatement(db, clock, { ...of, open: opened(file(500_000, "0071000111111")) })
    assert.ok(taken.kind === "imported")
    ids.recorded = taken.importId
    await importStatement(db, clock, { ...of, open: opened(file(0, "0071999999999")) })
    await transaction(db, async (tx) => {
      await createDefaultPaymentCodeTemplate(tx, companyId)
      const refused = await tx.selectFrom("statement_imports").select("id").where("state", "=", "refused").execute()
      ids.refused = refused[0]?.id ?? 0
      ids.gap = (await tx.selectFrom("gaps").select("id").executeTakeFirstOrThrow()).id
      const templates = tx.selectFrom("payment_code_formats").select("id").where("company_id", "=", companyId)
      ids.template = (await templates.where("mode", "=", "live").executeTakeFirstOrThrow()).id
      await tx.updateTable("bank_accounts").set({ balance: 12_345_678_901 }).where("id", "=", ids.account).execute()
    })
    const simulation = { accountId: ids.test, amountVnd: 349_000, content: ugly, count: 3 }
    await simulateTransactions(db, clock, simulation, { dailyLimit: undefined })
  })
  after(() => site.stop())

  const open =
    (path: () => string, user: () => TestUser = () => merchant) =>
    async (page: Page) => {
      await signInAs(page, site, user())
      await page.goto(site.url + path())
    }
  const uploaded = (name: string, content: () => string | Buffer | Promise<Buffer>) => async (page: Page) => {
    await open(() => `/bank-accounts/${ids.plain}/import`)(page)
    await page.locator("#file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(await content()) })
    await press(page, "main form button")
  }
  const sent =
    (path: () => string, form = "main form") =>
    async (page: Page) => {
      await open(path)(page)
      await page.locator(form).evaluate((element) => element.setAttribute("novalidate", ""))
      await press(page, `${form} button >> nth=0`)
    }
  const csv = () => csvExport([1, 2, 3].map((amount) => ({ day: "05/11/2025", amount: amount * 349_000, memo: ugly })))
  const statement = (number: string) =>
    mt940(number, { opening: 5, closing: 900, lines: [{ amount: 5000, memo: ugly }] })

  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    "bank accounts": open(() => "/bank-accounts"),
    "bank accounts, none": open(
      () => "/bank-accounts",
      () => newcomer,
    ),
    "bank accounts of a user who may not see them": open(
      () => "/bank-accounts",
      () => clerk,
    ),
    "link an account": open(() => "/bank-accounts/link"),
    "link an account, all wrong": sent(() => "/bank-accounts/link"),
    "an account": open(() => `/bank-accounts/${ids.account}?done=linked`),
    "a test account": open(() => `/bank-accounts/${ids.test}`),
    "add a virtual account": sent(() => `/bank-accounts/${ids.account}/sub-accounts/new`),
    "a virtual account": open(() => `/bank-accounts/${ids.account}/sub-accounts/${ids.sub}`),
    "close a gap": sent(() => `/bank-accounts/${ids.account}/gaps/${ids.gap}/close`),
    "upload a statement": open(() => `/bank-accounts/${ids.account}/import`),
    "upload, unknown format": uploaded("x.png", () => "\u0089PNG"),
    "choose columns": uploaded("sao-ke.csv", csv),
    "choose columns, nothing known": uploaded("x.csv", () => `${ugly};a;b\n${ugly};1;2\n`),
    "choose columns of a workbook": uploaded("x.xlsx", () =>
      workbook([{ at: new Date("2025-11-05T12:48:20Z"), amount: 349_000, memo: ugly }]),
    ),
    "preview of a file": uploaded("x.sta", () => statement("0071000222222")),
    "a file with errors": uploaded(`${ugly.slice(0, 90)}.sta`, () => statement("0071000999999")),
    "import result": open(() => `/bank-accounts/${ids.account}/imports/${ids.recorded}`),
    "import refused": open(() => `/bank-accounts/${ids.account}/imports/${ids.refused}`),
    feeds: open(() => "/bank-accounts/feeds"),
    "feeds, none": open(
      () => "/bank-accounts/feeds",
      () => newcomer,
    ),
    "create a feed": sent(() => "/bank-accounts/feeds/new"),
    "a feed": open(() => `/bank-accounts/feeds/${ids.feed}`),
    "roll a feed's secret": open(() => `/bank-accounts/feeds/${ids.feed}/roll`),
    "the simulator": open(() => `/bank-accounts/feeds/simulate?account=${ids.test}`),
    "the simulator without test account": open(
      () => "/bank-accounts/feeds/simulate",
      () => newcomer,
    ),
    "payment codes": open(() => `/payment-codes?memo=${encodeURIComponent(`DH100245 ${ugly}`)}`),
    "payment codes, nothing found": open(() => "/payment-codes?memo=tra%20tien"),
    "add a template": sent(() => "/payment-codes/new"),
    "edit a template": open(() => `/payment-codes/${ids.template}`),
  }

  for (const look of looks) {
    describe(`in the look "${look.name}" (${look.locale}, ${look.colorScheme})`, () => {
      for (const [name, go] of Object.entries(pages)) {
        it(`${name} fits, reads in order, has names and contrast, and keeps the content-security policy`, async () => {
          const { name: _name, ...options } = look
          const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: true })
          try {
            await go(page)
            await lookAt(page, `${name} (${look.name})`)
            assert.deepEqual(complaints, [])
          } finally {
            await page.context().close()
          }
        })
      }
    })
  }

  it("a new feed shows its secret once, and sent again leads to the feed", async () => {
    const { page, complaints } = await openPage(browser, { javaScriptEnabled: true })
    await open(() => "/bank-accounts/feeds/new")(page)
    await page.locator("#name").fill("Đối tác")
    await press(page, "main form button")
    const secret = (await page.locator("#secret").textContent()) ?? ""
    assert.match(secret, /^fs_[0-9A-Za-z]{40}$/)
    site.secrets.add(secret)
    await lookAt(page, "a feed's secret (desktop)")
    await page.reload()
    assert.match(page.url(), /\/bank-accounts\/feeds\/\d+\?done=shown$/)
    assert.equal((await page.content()).includes(secret), false)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })
})
