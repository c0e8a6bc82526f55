import assert from "node:assert/strict"
import { once } from "node:events"
import type { RequestListener } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import { after, before, describe, it } from "node:test"
import { approveClient } from "../../src/oauth/client.ts"
import { makeAuthority } from "../outbound/certificates.ts"
import { onEachEngine } from "../support/engines.ts"
import { authorizeUrl, openConsent } from "../support/oauth-pages.ts"
import { type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"
import { type AppDesk, aPng, openDesk } from "./app-ground.ts"

const authority = makeAuthority()
const host = "logo.example"

onEachEngine((engine) => {
  let site: OAuthSite
  let desk: AppDesk
  let base: string
  let answer: RequestListener
  const asked: string[] = []
  let close: () => void
  before(async () => {
    const server = createServer(authority.issue({ names: [host] }), (request, response) => {
      asked.push(request.url ?? "")
      answer(request, response)
    })
    await once(server.listen(0, "127.0.0.1"), "listening")
    close = () => {
      server.closeAllConnections()
      server.close()
    }
    base = `https://${host}:${(server.address() as AddressInfo).port}`
    const outside = { resolve: async () => ["127.0.0.1"], certificateAuthorities: [authority.certificate] }
    site = await startOAuthSite(engine.databaseUrl(), { outside })
    desk = await openDesk(site.url, site.merchant)
  })
  after(async () => {
    close()
    await site.stop()
  })

  const send = (body: Buffer | string, type = "image/png", status = 200): void => {
    answer = (_request, response) => response.writeHead(status, { "content-type": type }).end(body)
  }
  const logoOn = (text: string) => /\/app-logos\/[0-9a-f]{64}/.exec(text)?.[0]
  const pageOf = async (clientId: string) => (await desk.visitor.get(`/developer/apps/${clientId}`)).text

  describe("the logo of an app (contract/oauth.md §15)", () => {
    it("is fetched once when it is saved, and served from here as a picture and nothing else", async () => {
      const picture = aPng(64, 48)
      // Whatever its server says it is.
      send(picture, "text/html; charset=utf-8")
      asked.length = 0
      const clientId = await desk.registered({ logo_url: `${base}/logo.png` })
      await desk.edit(clientId, { name: "Tên khác" })
      assert.deepEqual(asked, ["/logo.png"])
      const path = logoOn(await pageOf(clientId))
      assert.ok(path !== undefined)
      const served = await site.caller.send(path)
      assert.equal(served.status, 200)
      assert.equal(served.headers.get("content-type"), "image/png")
      assert.equal(served.headers.get("x-content-type-options"), "nosniff")
      assert.equal(served.headers.get("content-security-policy"), "default-src 'none'; sandbox")
      assert.match(served.headers.get("cache-control") ?? "", /immutable/)
      const bytes = Buffer.from(await (await fetch(new URL(path, site.url))).arrayBuffer())
      assert.deepEqual(bytes, picture)
      const url = authorizeUrl(site.url, { client_id: clientId, redirect_uri: "https://shop.example/callback" })
      assert.equal(logoOn((await openConsent(desk.visitor, url)).text), path)
      for (const unknown of ["0".repeat(64), "x", `${path.slice(-64)}.svg`, "..%2f"]) {
        assert.equal((await site.caller.get(`/app-logos/${unknown}`)).status, 404, unknown)
      }
    })

    it("that waits is seen by owner and operator alone; approved, by everybody; and an old one is forgotten", async () => {
      send(aPng(64, 64, 10))
      const clientId = await desk.registered({ logo_url: `${base}/first.png` })
      await approveClient(site.app.context.db, clientId, site.clock.now())
      const first = logoOn(await pageOf(clientId))
      send(aPng(64, 64, 200))
      assert.match(String((await desk.edit(clientId, { logo_url: `${base}/second.png` })).location), /done=waits/)
      const url = authorizeUrl(site.url, { client_id: clientId, redirect_uri: "https://shop.example/callback" })
      const consent = (await openConsent(desk.visitor, url)).text
      assert.equal(logoOn(consent), first)
      const paths = new Set([...(await pageOf(clientId)).matchAll(/\/app-logos\/[0-9a-f]{64}/g)].map(([path]) => path))
      assert.equal(paths.size, 2)
      await approveClient(site.app.context.db, clientId, site.clock.now())
      paths.delete(first ?? "")
      assert.equal(logoOn((await openConsent(desk.visitor, url)).text), [...paths][0])
      assert.equal((await site.caller.get(first ?? "")).status, 404)
      await desk.edit(clientId, { logo_url: "" })
      assert.equal(logoOn(await pageOf(clientId)), undefined, "a removal holds at once")
    })

    const big = Buffer.concat([aPng(64, 64), Buffer.alloc(256 * 1024)])
    for (const [what, serve, words] of [
      [
        "an SVG",
        () => send("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image/svg+xml"),
        "không phải ảnh",
      ],
      ["a page that calls itself a picture", () => send("<script>alert(1)</script>", "image/png"), "không phải ảnh"],
      ["more than 256 KiB", () => send(big), "lớn hơn 256 KiB"],
      ["a picture too small", () => send(aPng(31, 64)), "31 × 64"],
      ["a picture too large", () => send(aPng(2049, 600)), "2049 × 600"],
      ["a picture like a ribbon", () => send(aPng(400, 99)), "400 × 99"],
      ["an error", () => send("gone", "text/plain", 404), "trả lời mã 404"],
      [
        "a redirect, wherever it leads",
        () => {
          answer = (_request, response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end()
        },
        "trả lời mã 302",
      ],
      [
        "a server that breaks off",
        () => {
          answer = (_request, response) => response.socket?.destroy()
        },
        "Không tải được logo",
      ],
    ] as const) {
      it(`is refused when it is ${what}, and what was typed stays`, async () => {
        serve()
        const refused = await desk.register({ name: "Không lưu", logo_url: `${base}/x` })
        assert.equal(refused.status, 400)
        assert.ok(refused.text.includes(words), refused.text)
        assert.ok(refused.text.includes('value="Không lưu"') && refused.text.includes(`${base}/x`))
      })
    }
  })

  it("a logo on a private address is not fetched (contract/webhooks.md §8)", async () => {
    const guarded = await startOAuthSite(engine.databaseUrl(), {
      env: { OUTBOUND_ALLOW: "" },
      outside: { resolve: async () => ["127.0.0.1"], certificateAuthorities: [authority.certificate] },
    })
    try {
      send(aPng(64, 64))
      asked.length = 0
      const own = await openDesk(guarded.url, guarded.merchant)
      for (const logo_url of [
        `${base}/x`,
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
      ]) {
        const refused = await own.register({ logo_url })
        assert.equal(refused.status, 400)
        assert.match(refused.text, /Không tải được logo|The logo cannot be fetched/)
      }
      assert.deepEqual(asked, [])
    } finally {
      await guarded.stop()
    }
  })
})
