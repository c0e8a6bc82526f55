import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { assetPath } from "../../src/http/assets.ts"
import { createUser } from "../../src/identity/user.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"

const password = "mùa thu Hà Nội"

function assertPage(answer: Answer, status: number): void {
  assert.equal(answer.status, status)
  assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8")
  assert.match(answer.text, /<html lang="(vi|en)"/)
}

onEachEngine((engine) => {
  const clock = makeFakeClock()
  let site: IdentitySite
  let visitor: Visitor

  before(async () => {
    site = await startIdentitySite(engine.databaseUrl(), { clock })
    visitor = makeVisitor(site.url)
    await createUser(site.context.db, clock.now(), { email: "a@mau.example", password, company: { fullName: "A" } })
  })
  after(() => site.close())

  describe("every page", () => {
    it("has the headers of contract/oauth.md §1, whatever its status", async () => {
      for (const path of ["/login", "/dashboard", "/nowhere", "/broken", "/away"]) {
        const { headers } = await visitor.get(path)
        const policy = headers.get("content-security-policy") ?? ""
        assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/)
        assert.doesNotMatch(policy, /form-action|unsafe/)
        assert.equal(headers.get("x-frame-options"), "DENY")
        assert.equal(headers.get("referrer-policy"), "no-referrer")
        assert.equal(headers.get("x-content-type-options"), "nosniff")
        assert.equal(headers.get("cache-control"), "no-store")
        assert.equal(headers.get("strict-transport-security"), null)
        assert.equal(headers.get("access-control-allow-origin"), null)
        assert.ok(headers.get("x-request-id"))
      }
    })

    it("that cannot be shown is an error page of its status", async () => {
      assertPage(await visitor.get("/nowhere"), 404)
      assertPage(await visitor.get("/LOGIN"), 404)
      assertPage(await visitor.get("/login/"), 404)
      assertPage(await visitor.get("/%zz?a=%zz"), 404)
      assertPage(await visitor.get("/%ff"), 404)
      const method = await visitor.send("/logout", { method: "GET" })
      assertPage(method, 405)
      assert.equal(method.headers.get("allow"), "POST")
      const put = await visitor.send("/login", { method: "PUT" })
      assertPage(put, 405)
      assert.equal(put.headers.get("allow"), "GET, HEAD, POST")
      assertPage(await visitor.postForm("/login", { email: "x".repeat(70_000) }), 413)
      assertPage(await visitor.postJson("/login", { email: "a@mau.example", password }), 400)
      const away = await visitor.get("/away")
      assertPage(away, 503)
      assert.ok(Number(away.headers.get("retry-after")) >= 1)
    })

    it("that fails names the request and nothing of the failure", async () => {
      const broken = await visitor.get("/broken", { "x-request-id": "the-request-1" })
      assertPage(broken, 500)
      assert.match(broken.text, /the-request-1/)
      assert.doesNotMatch(broken.text, /a page that fails|at .*\.ts/)
    })

    it("speaks the language asked for, remembers it, and Vietnamese otherwise", async () => {
      const language = async (path: string, headers: Record<string, string> = {}, as = makeVisitor(site.url)) =>
        /<html lang="(\w+)"/.exec((await as.get(path, headers)).text)?.[1]
      assert.equal(await language("/login"), "vi")
      assert.equal(await language("/login", { "accept-language": "en-GB,vi;q=0.5" }), "en")
      assert.equal(await language("/login?ui_locales=fr%20en-US%20vi", { "accept-language": "vi" }), "en")
      assert.equal(await language("/nowhere?lang=en"), "en")
      const reader = makeVisitor(site.url)
      assert.equal(await language("/login?lang=en", {}, reader), "en")
      assert.equal(await language("/login", { "accept-language": "vi" }, reader), "en")
      assert.equal(await language("/login?lang=xx", {}, reader), "en")
      assert.equal(await language("/login?lang=vi", {}, reader), "vi")
    })
  })

  it("cookies on http loopback have plain names and no Secure", async () => {
    const answer = await makeVisitor(site.url).submit("/login", "/login", { email: "a@mau.example", password })
    assert.match(
      answer.headers.getSetCookie().join("\n"),
      /^sepay_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/m,
    )
  })

  it("cookies on https have the __Host- prefix and Secure, and pages HSTS", async () => {
    const secure = await startIdentitySite(engine.databaseUrl(), { clock, env: { SEPAY_URL: "https://my.sepay.vn" } })
    try {
      const browser = makeVisitor(secure.url)
      const page = await browser.get("/login")
      assert.match(page.headers.get("strict-transport-security") ?? "", /max-age=\d{8}/)
      const form = { email: "a@mau.example", password, csrf_token: readForm(page.text, "/login")["csrf_token"] }
      const signedIn = await browser.postForm("/login", form, { origin: "https://my.sepay.vn" })
      assert.equal(signedIn.status, 303)
      const cookies = [...page.headers.getSetCookie(), ...signedIn.headers.getSetCookie()]
      assert.equal(cookies.length, 3)
      for (const cookie of cookies) {
        assert.match(
          cookie,
          /^__Host-sepay_(form|session|browser)=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax(; Max-Age=(2592000|34560000))?; Secure$/,
        )
      }
      assert.equal((await browser.get("/dashboard")).status, 200)
    } finally {
      await secure.close()
    }
  })
})

onEachEngine((engine) => {
  it("an address that asks for too many pages gets a page that says when to come back", async () => {
    const clock = makeFakeClock()
    const site = await startIdentitySite(engine.databaseUrl(), { clock, env: { RATE_LIMIT_PAGES: "1/s,3" } })
    try {
      const visitor = makeVisitor(site.url)
      for (let index = 0; index < 3; index += 1) assert.equal((await visitor.get("/login")).status, 200)
      const limited = await visitor.get("/nowhere")
      assertPage(limited, 429)
      assert.equal(limited.headers.get("retry-after"), "1")
      assert.equal((await visitor.get("/login", { "x-forwarded-for": "192.0.2.1" })).status, 200)
      assert.equal((await visitor.get("/robots.txt")).status, 200)
      clock.advance({ seconds: 1 })
      assert.equal((await visitor.get("/login")).status, 200)
    } finally {
      await site.close()
    }
  })

  it("files that pages need are cached as long as they may be", async () => {
    const site = await startIdentitySite(engine.databaseUrl(), { clock: makeFakeClock() })
    try {
      const visitor = makeVisitor(site.url)
      const hashed = await visitor.get(assetPath("style.css"))
      assert.equal(hashed.status, 200)
      assert.equal(hashed.headers.get("content-type"), "text/css; charset=utf-8")
      assert.equal(hashed.headers.get("cache-control"), "public, max-age=31536000, immutable")
      const plain = await visitor.get("/assets/style.css")
      assert.equal(plain.headers.get("cache-control"), "no-cache")
      const etag = plain.headers.get("etag") ?? ""
      assert.equal((await visitor.get("/assets/style.css", { "if-none-match": etag })).status, 304)

      const logo = await visitor.get("/assets/images/banklogo/vietcombank.png")
      assert.equal(logo.headers.get("content-type"), "image/png")
      assert.equal(logo.headers.get("cache-control"), "public, max-age=86400")

      assert.equal((await visitor.get("/favicon.svg")).headers.get("content-type"), "image/svg+xml")
      assert.match((await visitor.get("/robots.txt")).text, /^User-agent: \*\nDisallow: \/api\//)
      assertPage(await visitor.send("/robots.txt", { method: "POST" }), 405)
      const security = (await visitor.get("/.well-known/security.txt")).text
      assert.match(security, /^Contact: mailto:security@localhost\nExpires: 2026-07-16T03:00:00.000Z\n/)

      for (const path of [
        "/assets/style.000000000000.css",
        "/assets/../page-surface.ts",
        "/assets/%2e%2e/page-surface.ts",
        "/assets/images/banklogo/..%2f..%2f..%2fpage-surface.ts",
        "/assets/images/banklogo/nobank.png",
        "/assets/constructor",
        "/assets/",
      ]) {
        assertPage(await visitor.get(path), 404)
      }
    } finally {
      await site.close()
    }
  })
})
