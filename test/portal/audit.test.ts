import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { after, before, describe, it } from "node:test"
import { transaction } from "../../src/database/engine.ts"
import { recordAudit } from "../../src/identity/audit-log.ts"
import { permissions } from "../../src/identity/permission.ts"
import { createUser } from "../../src/identity/user.ts"
import { auditGroups } from "../../src/messages/audit.ts"
import { auditActions } from "../../src/messages/audit-actions.ts"
import { readAuditFilter } from "../../src/portal/audit/audit-filter.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor, type Visitor } from "../support/http.ts"
import { signIn } from "../support/oauth-pages.ts"
import { addClient, addUser, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { listSourceFiles } from "../support/source-sizes.ts"

/** The actions that the source names in files that record audit entries, or behind the word `action`; `*` stands for what is put together. */
async function actionsInSource(): Promise<{
  readonly literals: ReadonlySet<string>
  readonly patterns: readonly RegExp[]
}> {
  const found = new Set<string>()
  const patterns: RegExp[] = []
  for (const file of await listSourceFiles("src")) {
    if (/^src\/(messages|database)\//.test(file) || file.endsWith(".store.ts")) continue
    const text = readFileSync(file, "utf8")
    const isRecorder = /\brecord(Audit|SensitiveRead)\b/.test(text)
    for (const line of text.split("\n")) {
      if (!isRecorder && !/\baction\b/i.test(line)) continue
      for (const [, literal = ""] of line.matchAll(/"([a-z_]+(?:\.[a-z_]+)+)"/g)) found.add(literal)
      for (const [, made = ""] of line.matchAll(/\baction(?::| =) `([^`]+)`/g)) {
        if (isRecorder && !made.includes("/"))
          patterns.push(new RegExp(`^${made.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, ".+")}$`))
      }
    }
  }
  return { literals: found, patterns }
}

describe("the catalogue of actions", () => {
  it("has words in both languages for every action in the source, and a title for what it is about", async () => {
    const { literals: found, patterns } = await actionsInSource()
    for (const known of ["webhook.create", "grant.narrow", "company.update", "user.sign_in"]) {
      assert.ok(found.has(known), `${known} is found`)
    }
    const others: readonly string[] = permissions
    const missing = [...found].filter((action) => !(action in auditActions) && !others.includes(action))
    assert.deepEqual(missing, [])
    const known = Object.keys(auditActions)
    for (const pattern of patterns)
      assert.ok(
        known.some((action) => pattern.test(action)),
        `words for ${pattern}`,
      )
    const untitled = Object.keys(auditActions).filter((action) => !((action.split(".")[0] ?? "") in auditGroups))
    assert.deepEqual(untitled, [])
    for (const [action, sentence] of Object.entries(auditActions)) {
      assert.notEqual(sentence.vi("x"), sentence.en("x"), action)
    }
  })
})

describe("readAuditFilter", () => {
  it("takes what is good, marks what is not, and never throws", () => {
    const good = readAuditFilter({ who: "user:12", group: "grant", from: "2026-06-01", to: "2026-06-01", company: "7" })
    assert.deepEqual(good.problems, {})
    assert.deepEqual(good.filter.actor, { kind: "user", id: 12 })
    assert.equal((good.filter.beforeAt ?? 0) - (good.filter.fromAt ?? 0), 86_400_000, "both days count")
    assert.deepEqual(readAuditFilter({ from: "2026-02-30" }).problems, { from: "bad_day" })
    assert.deepEqual(readAuditFilter({ from: "2026-06-02", to: "2026-06-01" }).problems, { to: "reversed" })
    assert.deepEqual(readAuditFilter({ company: "x" }).problems, { company: "bad_id" })
    for (const odd of [["a", "b"], { a: 1 }, 5, null, "toString", "user:", "user:0", "__proto__", "\u0000"]) {
      const read = readAuditFilter({ who: odd, group: odd, from: odd, to: odd, company: odd })
      assert.equal(read.filter.actor, undefined, String(odd))
    }
    assert.equal(readAuditFilter({ group: "toString" }).filter.subject, undefined)
  })
})

onEachEngine((engine) => {
  let site: OAuthSite
  let admin: Visitor
  let clerk: TestUser
  let asClerk: Visitor
  let stranger: TestUser
  let operator: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    admin = await signIn(site.url, site.merchant)
    clerk = await addUser(site.app, site.merchant.companyId, "User")
    asClerk = await signIn(site.url, clerk)
    stranger = await addUser(site.app)
    const password = "mot mat khau that dai 2026"
    const email = "operator@platform.example"
    const company = { fullName: "Vận hành" }
    await createUser(site.app.context.db, site.clock.now(), { email, password, company, isOperator: true })
    operator = await signIn(site.url, { email, password })
  })
  after(() => site.stop())

  const record = (companyId: number, details: Readonly<Record<string, unknown>>, clientRowId?: number) =>
    transaction(site.app.context.db, (tx) =>
      recordAudit(tx, site.clock.now(), {
        companyId,
        actor: clientRowId === undefined ? { kind: "system" } : { kind: "client", id: clientRowId },
        action: "webhook.update",
        subjectId: 5,
        details,
      }),
    )

  describe("the audit log", () => {
    it("is for administrators, and the operators' for operators: for others it is forbidden or not there", async () => {
      assert.equal((await makeVisitor(site.url).get("/audit")).location?.pathname, "/login")
      for (const path of ["/audit", "/audit.csv"]) {
        assert.equal((await admin.get(path)).status, 200)
        assert.equal((await asClerk.get(path)).status, 403)
      }
      for (const path of ["/operator/audit", "/operator/audit.csv"]) {
        assert.equal((await operator.get(path)).status, 200)
        assert.equal((await admin.get(path)).status, 404)
      }
    })

    it("shows nothing of another company, whoever is asked for", async () => {
      await record(stranger.companyId, { name: "Bí mật của người khác" })
      await record(site.merchant.companyId, { name: "Của chúng tôi" })
      const own = await admin.get("/audit")
      assert.ok(own.text.includes("Của chúng tôi") && !own.text.includes("Bí mật của người khác"))
      const other = await admin.get(`/audit?company=${stranger.companyId}`)
      assert.ok(!other.text.includes("Bí mật của người khác"), "the company is the session's")
      for (const path of ["/audit", "/audit.csv"]) {
        assert.equal((await admin.get(`${path}?who=user:${stranger.id}`)).status, 404)
        assert.equal((await admin.get(`${path}?who=user:999999999`)).status, 404)
      }
      const all = await operator.get("/operator/audit")
      assert.ok(all.text.includes("Của chúng tôi") && all.text.includes("Bí mật của người khác"))
      const narrowed = await operator.get(`/operator/audit?company=${stranger.companyId}`)
      assert.ok(!narrowed.text.includes("Của chúng tôi") && narrowed.text.includes("Bí mật của người khác"))
    })

    it("tells a sign-in and a sign-out with the name at that time and the address", async () => {
      const user = await addUser(site.app, site.merchant.companyId, "User")
      const visitor = await signIn(site.url, user)
      await visitor.submit("/connected-apps", "/logout", {})
      await transaction(site.app.context.db, (tx) =>
        tx.updateTable("users").set({ first_name: "Tên Mới" }).where("id", "=", user.id).execute(),
      )
      const page = await admin.get(`/audit?who=user:${user.id}`, { "accept-language": "en" })
      assert.match(page.text, /signed out/)
      assert.match(page.text, /signed in/)
      assert.match(page.text, /from (127\.0\.0\.1|::1)/)
      const rows = page.text.split('class="audit-log"')[1] ?? ""
      assert.ok(rows.includes(`<strong>${user.email}</strong>`) && !rows.includes("<strong>Tên Mới"))
    })

    it("names the app that did something, and says plainly what it has no words for", async () => {
      const client = await addClient(site, { name: "Kho <b>hàng</b>" })
      const { db } = site.app.context
      const { id } = await db
        .selectFrom("clients")
        .select("id")
        .where("client_id", "=", client.clientId)
        .executeTakeFirstOrThrow()
      await record(
        site.merchant.companyId,
        { changed: ["label", "unheard_of"], before: { on: 1 }, after: { on: 2 } },
        id,
      )
      await transaction(db, (tx) =>
        recordAudit(tx, site.clock.now(), {
          companyId: site.merchant.companyId,
          actor: { kind: "operator" },
          action: "future.deed",
          subjectId: 1,
          details: {},
        }),
      )
      const { text } = await admin.get("/audit", { "accept-language": "en" })
      assert.ok(text.includes("The app Kho &lt;b&gt;hàng&lt;/b&gt;"))
      assert.ok(text.includes("Label; unheard_of"))
      assert.match(text, /<span class="soft">on:<\/span> 1 <span class="soft">changed to<\/span> 2/)
      assert.ok(text.includes("did future.deed"))
    })

    it("comes as CSV with the same filter, whole, and the download is an entry of its own", async () => {
      const owner = await addUser(site.app)
      const visitor = await signIn(site.url, owner)
      await transaction(site.app.context.db, async (tx) => {
        for (let index = 0; index < 1200; index++) {
          await recordAudit(tx, site.clock.now(), {
            companyId: owner.companyId,
            actor: { kind: "system" },
            action: "webhook.create",
            subjectId: index + 1,
            details: { name: `=HYPERLINK("x")${index}` },
          })
        }
      })
      const answer = await visitor.get("/audit.csv?group=webhook", { "accept-language": "en" })
      assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8")
      assert.match(answer.headers.get("content-disposition") ?? "", /^attachment; filename="audit-log\.csv"$/)
      const lines = answer.text.trimEnd().split("\r\n")
      assert.equal(lines.length, 1201)
      assert.equal(new Set(lines).size, 1201, "each once")
      assert.match(lines[0] ?? "", /^.?Time \(Vietnam\),/)
      assert.match((await visitor.get("/audit", { "accept-language": "en" })).text, /downloaded the audit log/)
      assert.equal((await visitor.get("/audit.csv?from=x")).status, 400)
      const exports = async () => (await visitor.get("/audit")).text.split("đã tải nhật ký hoạt động").length - 1
      const before = await exports()
      const head = await visitor.send("/audit.csv", { method: "HEAD" })
      assert.deepEqual(
        [head.status, head.headers.get("content-type"), head.headers.get("content-length")],
        [200, "text/csv; charset=utf-8", null],
      )
      assert.deepEqual([before, await exports()], [1, 1], "asked for its head, nothing was downloaded")
    })

    it("goes on page by page without losing or repeating an entry, at one and the same instant too", async () => {
      const owner = await addUser(site.app)
      const visitor = await signIn(site.url, owner)
      await transaction(site.app.context.db, async (tx) => {
        for (let index = 0; index < 120; index++) {
          await recordAudit(tx, site.clock.now(), {
            companyId: owner.companyId,
            actor: { kind: "system" },
            action: "webhook.create",
            subjectId: index + 1,
            details: { name: `W${index}.` },
          })
        }
      })
      const seen: string[] = []
      let path: string | undefined = "/audit?group=webhook"
      while (path !== undefined) {
        const { text }: { text: string } = await visitor.get(path, { "accept-language": "en" })
        seen.push(...[...text.matchAll(/W\d+\./g)].map(([name]) => name))
        path = /href="(\/audit\?[^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&")
      }
      assert.equal(seen.length, 120)
      assert.equal(new Set(seen).size, 120)
    })
  })
})
