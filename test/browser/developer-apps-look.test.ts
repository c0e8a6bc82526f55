import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { transaction } from "../../src/database/engine.ts"
import { suspendClient } from "../../src/oauth/client.ts"
import { rotateClientSecret } from "../../src/oauth/client-secret.ts"
import { editClient } from "../../src/oauth/edit-client.ts"
import { submitClient } from "../../src/oauth/manage-client.ts"
import { decideOnClient } from "../../src/oauth/review-client.ts"
import { rotateSigningKeys } from "../../src/oauth/signing-key.ts"
import { addPerson, aPng } from "../portal/app-ground.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onSqlite } from "../support/engines.ts"
import {
  addClient,
  addUser,
  connect,
  everyScope,
  type OAuthSite,
  startOAuthSite,
  type TestUser,
} from "../support/oauth-site.ts"
import { openPage, press, signInAs } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const nasty = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`
const longName = "Phần mềm Kế toán – Đối soát Ngân hàng Tự động cho Doanh nghiệp Vừa và Nhỏ Việt Nam 2026"
const longUri = `https://${"mot-ten-mien-con-rat-dai.".repeat(4)}example/duong-dan/callback?page=sepay`

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onSqlite((engine) => {
  let site: OAuthSite
  let owner: TestUser
  let newcomer: TestUser
  let operator: TestUser
  const ids: Record<string, string> = {}

  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    owner = site.merchant
    newcomer = await addUser(site.app)
    operator = await addPerson(site, { operator: true })
    const { db, config } = site.app.context
    const manager = { userId: owner.id, companyId: owner.companyId }
    const desk = { userId: operator.id, companyId: operator.companyId }
    const now = site.clock.now()
    const base = { name: nasty, description: nasty, website: "https://shop.example", redirectUris: [longUri] }
    const make = async (key: string, changes: Parameters<typeof addClient>[1]) => {
      ids[key] = (await addClient(site, { ...base, ...changes })).clientId
    }
    await make("draft", { approve: false })
    await make("pending", { name: longName, approve: false })
    await make("rejected", { approve: false })
    await make("approved", { name: longName, scope: "transaction:read", optionalScope: "profile" })
    await make("suspended", {})
    await make("public", { profile: "oauth21", isPublic: true })
    await submitClient(db, manager, ids["pending"] ?? "", now)
    await submitClient(db, manager, ids["rejected"] ?? "", now)
    const reject = { kind: "reject", reason: `Logo của ngân hàng khác.\n${nasty}` } as const
    await decideOnClient(db, desk, { clientId: ids["rejected"] ?? "", version: 2, decision: reject }, now)
    await suspendClient(db, ids["suspended"] ?? "", nasty, now)
    const body = aPng(64, 64)
    const logo = { url: "https://shop.example/logo.png", hash: "ab".repeat(32), mediaType: "image/png", body }
    const values = {
      name: nasty,
      description: nasty,
      website: `https://${"website-moi.".repeat(6)}example`,
      logo: { url: logo.url, hash: logo.hash },
      profile: "oauth21",
      clientType: "public",
      redirectUris: [longUri, `${longUri}&more=${"x".repeat(120)}`, "vn.shop.app:/callback"],
      scopes: [
        { scope: "transaction:read", required: true },
        { scope: "webhook:write", required: true },
        { scope: "profile", required: true },
      ],
      legacyTokenErrors: false,
    } as const
    const prepared = { values, fetched: logo }
    await editClient(db, manager, { clientId: ids["approved"] ?? "", version: 1, prepared }, now)
    const busy = await addClient(site, { name: "Kho hàng" })
    ids["busy"] = busy.clientId
    await connect(site, busy, { scope: everyScope })
    await rotateClientSecret(db, config.keyring, busy.clientId, 7 * 86_400, now)
    await site.app.runLoop("last used")
    await transaction(db, (tx) =>
      tx.updateTable("users").set({ first_name: nasty }).where("id", "=", owner.id).execute(),
    )
    await rotateSigningKeys(db, config.keyring, now)
    await site.app.context.bus.announce("access-changed")
  })
  after(() => site.stop())

  const open = (path: () => string, user: () => TestUser) => async (page: Page) => {
    await signInAs(page, site, user())
    await page.goto(site.url + path())
  }
  const developer = (path: string, key = "") =>
    open(
      () => `/developer/apps${path.replace("ID", ids[key] ?? "")}`,
      () => owner,
    )
  const desk = (path: string, key = "") =>
    open(
      () => `/operator/${path.replace("ID", ids[key] ?? "")}`,
      () => operator,
    )

  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    "the apps": developer(""),
    "the apps, none": open(
      () => "/developer/apps",
      () => newcomer,
    ),
    "the registration": developer("/new"),
    "the registration after mistakes": async (page) => {
      await developer("/new")(page)
      await page.locator("[name=name]").fill(nasty)
      await page.locator("[name=website]").fill("http://shop.example")
      await page
        .locator("[name=redirect_uris]")
        .fill(
          `https://shop.example/c b\nhttps://shop.example/#x\nhttps://*.shop.example/cb\n${nasty}\nhttp://shop.example/${"x".repeat(90)}`,
        )
      await page.locator("details summary").click()
      await press(page, ".app-form .actions button")
    },
    "an app in draft": developer("/ID", "draft"),
    "an app in review": developer("/ID", "pending"),
    "an app not approved": developer("/ID", "rejected"),
    "an app approved with changes": developer("/ID", "approved"),
    "an app suspended": developer("/ID", "suspended"),
    "an app after a submit": developer("/ID?done=submitted", "pending"),
    "the question before deleting": developer("/ID/delete", "approved"),
    "the secrets": developer("/ID/secrets", "busy"),
    "the secrets of a public app": developer("/ID/secrets", "public"),
    "a secret just made": async (page) => {
      await developer("/ID/secrets", "draft")(page)
      await page.locator("[name=old_expires_in]").selectOption("0")
      await press(page, "form.card button")
    },
    "too many secrets": async (page) => {
      await developer("/ID/secrets", "busy")(page)
      await press(page, "form.card button")
    },
    "the question before ending a secret": async (page) => {
      await developer("/ID/secrets", "busy")(page)
      await press(page, "article a >> nth=0")
    },
    "the review queue": desk("apps"),
    "the review queue, all": desk("apps?state=all"),
    "the review queue, nothing found": desk("apps?state=all&q=khong-co"),
    "an app before the operator": desk("apps/ID", "pending"),
    "changes before the operator": desk("apps/ID", "approved"),
    "an app before the operator, suspended": desk("apps/ID", "suspended"),
    "an app before the operator, draft": desk("apps/ID", "draft"),
    "a rejection without a reason": async (page) => {
      await desk("apps/ID", "pending")(page)
      await page.locator("[name=reason]").fill("   ")
      await press(page, "form[action$=reject] button")
    },
    "the question before suspending": desk("apps/ID/suspend", "busy"),
    "the signing keys": desk("keys"),
    "the question before rotating": desk("keys/rotate"),
    "the question before burning": async (page) => {
      await desk("keys")(page)
      await press(page, "table a >> nth=0")
    },
  }

  for (const { name: look, ...options } of looks) {
    describe(`the pages of apps and keys on a ${look}`, () => {
      for (const [name, reach] of Object.entries(pages)) {
        it(`${name}: fits, reads in order and keeps every rule`, async () => {
          const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: true })
          try {
            await reach(page)
            await lookAt(page, `${name} ${look}`)
            assert.deepEqual(complaints, [])
          } finally {
            await page.context().close()
          }
        })
      }
    })
  }
})
