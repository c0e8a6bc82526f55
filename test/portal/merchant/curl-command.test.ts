import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import { curlCommand } from "../../../src/portal/merchant/webhooks/curl-command.ts"
import { toShownBody } from "../../../src/portal/merchant/webhooks/shown-body.ts"
import { renderBody } from "../../../src/webhooks/request-body.ts"
import { type Receiver, startReceiver } from "../../support/receiver.ts"
import { makeTemporaryDirectory } from "../../support/temporary-directory.ts"

// A `curl` that says what it was told, so that no curl needs to be installed: its arguments and its input, between NULs.
const fakeCurl = `#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done
printf '\\0'
case " $* " in *" @- "*) cat ;; esac
`

interface Call {
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

let folder: string
before(() => {
  folder = makeTemporaryDirectory()
  const file = join(folder, "curl")
  writeFileSync(file, fakeCurl)
  chmodSync(file, 0o755)
})

/** Runs the command by `sh -c` and reads the call that curl would make. */
function run(command: string): Call {
  const { stdout, status, stderr } = spawnSync("sh", ["-c", command], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    maxBuffer: 1 << 24,
  })
  assert.equal(status, 0, `${stderr}\n${command}`)
  const end = stdout.indexOf("\0\0")
  const words = stdout.subarray(0, end).toString("utf8").split("\0")
  assert.deepEqual(words.slice(0, 3), ["--globoff", "-X", "POST"])
  const [url = "", ...rest] = words.slice(3)
  const headers: (readonly [string, string])[] = []
  let body: Buffer | undefined
  for (let at = 0; at < rest.length; at += 2) {
    const value = rest[at + 1] ?? ""
    if (rest[at] === "-H") headers.push([value.slice(0, value.indexOf(":")), value.slice(value.indexOf(":") + 2)])
    else if (rest[at] === "--data-raw") body = Buffer.from(value)
    else {
      assert.deepEqual(rest.slice(at, at + 2), ["--data-binary", "@-"])
      body = stdout.subarray(end + 2)
    }
  }
  return { url, headers, body: body ?? Buffer.alloc(0) }
}

const payload = JSON.stringify({ id: 7, content: "Trả nợ 'tháng' \"12\" $HOME `id` \\n %s", code: null, amount: 1 })
const uuid = "0192f0c4-a7e8-7c3d-9b1e-5a6f7c8d9e0f"

describe("the cURL command of a call", () => {
  let receiver: Receiver
  before(async () => {
    receiver = await startReceiver()
  })
  after(() => receiver.close())

  for (const contentType of ["Json", "application_x-www-form-urlencoded", "multipart_form-data"] as const) {
    it(`brings the very same bytes to the receiver again, as ${contentType}`, async () => {
      const { bytes, contentType: type } = renderBody(contentType, payload, uuid)
      const url = `${receiver.url}/hook?a=[1]&b={x}&c='d'&e=$(id)`
      const call = run(curlCommand(url, { headers: [["Content-Type", type]], body: bytes.toString("utf8") }))
      assert.equal(call.url, url)
      await fetch(call.url, {
        method: "POST",
        headers: call.headers.map(([name, value]) => [name, value]),
        body: call.body,
      })
      const arrived = receiver.received.at(-1)
      assert.deepEqual(arrived?.body, bytes)
      assert.equal(arrived.headers["content-type"], type)
    })
  }

  it("has a placeholder where the credentials were, and leaves signatures as they were", () => {
    const headers = [
      ["Authorization", "Apikey ****9876"],
      ["X-SePay-Signature", "sha256=00ff"],
    ] as const
    assert.deepEqual(run(curlCommand("https://shop.example/", { headers, body: "{}" })).headers, [
      ["Authorization", "Apikey YOUR_API_KEY"],
      ["X-SePay-Signature", "sha256=00ff"],
    ])
    const [bearer] = run(
      curlCommand("https://shop.example/", { headers: [["Authorization", "Bearer ****"]], body: "" }),
    ).headers
    assert.deepEqual(bearer, ["Authorization", "Bearer YOUR_ACCESS_TOKEN"])
  })

  it("survives the shell whatever URL, header and body hold", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 }).map((value) => value.replaceAll("\0", ""))
    const line = text.map((value) => value.replaceAll(/\p{Cc}/gu, ""))
    fc.assert(
      fc.property(line, line, text, (path, value, body) => {
        const url = `https://shop.example/${path}`
        const call = run(curlCommand(url, { headers: [["X-Note", value]], body }))
        assert.equal(call.url, url)
        assert.deepEqual(call.headers, [["X-Note", value]])
        assert.equal(call.body.toString("utf8"), body)
      }),
      { numRuns: 60 },
    )
  })
})

describe("an answer's body on a page", () => {
  it("is its text where it is UTF-8, also when it was cut within a character", () => {
    const text = "Đã nhận ✓"
    assert.deepEqual(toShownBody(Buffer.from(text)), { kind: "text", text, size: Buffer.byteLength(text) })
    const cut = toShownBody(Buffer.from(text).subarray(0, -1))
    assert.equal(cut.kind === "text" && cut.text, "Đã nhận ")
    assert.deepEqual(toShownBody(new Uint8Array()), { kind: "empty" })
  })

  it("is a hex dump otherwise, from which the first bytes can be read back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6000 }), (bytes) => {
        const shown = toShownBody(bytes)
        if (shown.kind !== "binary") return
        const read = shown.dump.split("\n").flatMap((one) => one.slice(8, 55).trim().split(" "))
        assert.equal(read.join(""), Buffer.from(bytes.subarray(0, 4096)).toString("hex"))
        assert.equal(shown.size, bytes.length)
      }),
    )
  })
})
