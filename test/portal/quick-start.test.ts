import assert from "node:assert/strict"
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, before, describe, it } from "node:test"
import { onSqlite } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { authorize, signIn } from "../support/oauth-pages.ts"
import { addClient, type OAuthSite, startOAuthSite, type TestClient } from "../support/oauth-site.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

/** How each sample is run: the program, and the file as the page names it. */
const programs = {
  shell: ["sh", "quick-start.sh"],
  typescript: [process.execPath, "quick-start.ts"],
  python: ["python3", "quick_start.py"],
  php: ["php", "quick-start.php"],
} as const
type SampleId = keyof typeof programs

// Whoever has no PHP or Python gets these compared only; shell and TypeScript must run everywhere.
const present = (id: SampleId) =>
  id === "shell" || id === "typescript" || spawnSync(programs[id][0], ["--version"]).status === 0

const wild = "https://shop.example/cb?q='$HOME;$(id)&b=!@~,+%27%5C"

onSqlite((engine) => {
  let site: OAuthSite
  let visitor: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    visitor = await signIn(site.url, site.merchant)
  })
  after(() => site.stop())

  async function sampleOf(client: TestClient, id: SampleId): Promise<string> {
    const page = await visitor.get(`/developer/apps/${client.clientId}/quick-start`)
    assert.equal(page.status, 200)
    const code = new RegExp(`<code id="${id}-code">([^<]*)</code>`).exec(page.text)?.[1]
    assert.ok(code !== undefined, `the page shows ${id}`)
    return readText(code)
  }

  async function run(client: TestClient, id: SampleId, secret = client.clientSecret): Promise<Ended> {
    const [program, file] = programs[id]
    const directory = makeTemporaryDirectory()
    writeFileSync(join(directory, file), await sampleOf(client, id))
    const env = { PATH: process.env["PATH"], HOME: directory, SEPAY_CLIENT_SECRET: secret }
    const child = spawn(program, [file], { cwd: directory, env })
    const errors = text(child.stderr)
    const [printed, rest] = await untilUrl(child)
    const callback = await authorize(visitor, printed)
    child.stdin.end(`${callback}\n`)
    const [code] = await once(child, "close")
    return { code, callback, output: await rest, errors: await errors }
  }

  const apps = {
    "an app of the profile sepay, its redirect URI full of what shells and languages read": () =>
      addClient(site, { redirectUris: [wild] }),
    "a public app, by PKCE alone": () => addClient(site, { profile: "oauth21", isPublic: true }),
    "a confidential app of the profile oauth21, with profile only": () =>
      addClient(site, { profile: "oauth21", scope: "profile" }),
  }
  for (const id of Object.keys(programs) as SampleId[]) {
    describe(`the quick start in ${id}`, () => {
      if (!present(id)) {
        it(`is not run, since there is no ${programs[id][0]} here, but has every value as a text of its own`, async () => {
          const client = await addClient(site, { redirectUris: [wild] })
          const sample = await sampleOf(client, id)
          assert.ok(sample.includes(`'${wild.replaceAll("'", "\\'")}'`), sample)
          assert.ok(sample.includes(`'${client.clientId}'`))
          for (const step of ["authorization_code", "refresh_token", "state", "iss", "Authorization: Bearer"]) {
            assert.ok(sample.includes(step), step)
          }
        })
        return
      }
      for (const [name, register] of Object.entries(apps)) {
        it(`runs as it is shown for ${name}`, async () => {
          const client = await register()
          const { code, callback, output, errors } = await run(client, id)
          assert.equal(code, 0, `${output}\n${errors}`)
          assert.ok(callback.href.startsWith(new URL(client.redirectUri).href), callback.href)
          assert.match(output, /scope: .*profile/)
          assert.match(output, /"status": ?"success"/)
          assert.match(output, /refreshed\s*$/)
        })
      }

      it("says what went wrong, with the id under which the request log has it", async () => {
        const client = await addClient(site)
        const { code, output, errors } = await run(client, id, `${client.clientSecret.slice(0, -1)}!`)
        const said = output + errors
        assert.ok(code !== 0 || id === "php", said)
        assert.match(said, /401/)
        assert.match(said, /invalid_client/)
        const requestId = /x-request-id: ?([0-9a-f-]{36})/i.exec(said)?.[1]
        assert.ok(requestId !== undefined, said)
        await site.app.runLoop("request log")
        const log = await visitor.get(`/developer/apps/${client.clientId}/requests?request_id=${requestId}`)
        assert.match(log.text, /client_secret bị sai dạng/)
      })
    })
  }

  it("samples hold the app's own values, and no secret", async () => {
    const client = await addClient(site, { redirectUris: ["https://own.example/back"], scope: "transaction:read" })
    for (const id of Object.keys(programs) as SampleId[]) {
      const sample = await sampleOf(client, id)
      for (const value of [
        client.clientId,
        site.url,
        "https://own.example/back",
        "/api/v1/transactions",
        "SEPAY_CLIENT_SECRET",
      ]) {
        assert.ok(sample.includes(value), `${id} has ${value}`)
      }
      assert.ok(!sample.includes(client.clientSecret))
      assert.doesNotMatch(sample, /undefined|\[object/)
    }
  })
})

interface Ended {
  readonly code: number | null
  readonly callback: URL
  readonly output: string
  readonly errors: string
}

/** The address that the program prints, and all that it prints after it. */
async function untilUrl(child: ChildProcessWithoutNullStreams): Promise<[string, Promise<string>]> {
  let seen = ""
  const found = Promise.withResolvers<string>()
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    seen += chunk
    const url = /(http:\/\/\S+)\n/.exec(seen)?.[1]
    if (url !== undefined) found.resolve(url)
  })
  const ended = once(child, "close").then(() => {
    found.reject(new Error(`The program ended and printed no address: ${seen}`))
    return seen
  })
  return [await found.promise, ended]
}

function readText(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }
  return html.replace(/&(#?\w+);/g, (whole, name: string) => named[name] ?? whole)
}
