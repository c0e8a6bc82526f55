import assert from "node:assert/strict"
import type { Socket } from "node:net"
import { afterEach, describe, it } from "node:test"
import { gzipSync } from "node:zlib"
import { exchangeError } from "../../src/outbound/exchange-error.ts"
import type { OutboundOptions } from "../../src/outbound/guarded-request.ts"
import type { OutboundRequest, OutboundResult } from "../../src/outbound/outbound.ts"
import { aRequest, httpAnswer, makeOutbound, onRequest, startReceiver } from "./receiver.ts"

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

interface Call {
  readonly path?: string
  readonly fields?: Partial<OutboundRequest>
  readonly limits?: OutboundOptions["limits"]
}

/** Sends one request to a receiver that is handed each socket. */
async function callSocket(onSocket: (socket: Socket) => void, call: Call = {}): Promise<OutboundResult> {
  const receiver = await startReceiver(onSocket)
  const outbound = makeOutbound({}, call.limits === undefined ? {} : { limits: call.limits })
  open.push(outbound, receiver)
  return outbound.request(aRequest(`http://127.0.0.1:${receiver.port}${call.path ?? "/"}`, call.fields))
}

/** Sends one request to a receiver that is told when it has come in whole. */
function call(answer: (socket: Socket, request: string) => void, options: Call = {}): Promise<OutboundResult> {
  return callSocket((socket) => onRequest(socket, (request) => answer(socket, request)), options)
}

/** How it ended, in words. */
function endOf(result: OutboundResult): string {
  return result.kind === "answered" ? `${result.response.status} ${result.bodyEnd}` : result.failure
}

function assertFailed(result: OutboundResult, failure: string, message: RegExp): void {
  assert.ok(result.kind === "failed", endOf(result))
  assert.equal(result.failure, failure)
  assert.match(result.message, message)
}

function repeat(milliseconds: number, socket: Socket, step: () => void): void {
  const timer = setInterval(step, milliseconds)
  socket.on("close", () => clearInterval(timer))
}

describe("a request (contract/webhooks.md §3)", () => {
  const seen = async (path: string, fields: Partial<OutboundRequest> = {}): Promise<string> => {
    let request = ""
    const answer = (socket: Socket, text: string) => {
      request = text
      socket.write(httpAnswer("{}"))
    }
    assert.equal(endOf(await call(answer, { path, fields })), "200 complete")
    return request
  }

  it("goes out as it is told: method, headers in their order and case, an explicit length, the body's bytes", async () => {
    const headers = [
      ["Content-Type", "application/json"],
      ["X-Delivery-Id", "7"],
      ["Accept-Encoding", "identity"],
    ] as const
    const text = await seen("/hook", { headers, body: Buffer.from([0x7b, 0xff, 0x00, 0x7d]) })
    const [head = "", body] = text.split("\r\n\r\n")
    assert.equal(body, "{\xff\0}")
    assert.deepEqual(head.replace(/127\.0\.0\.1:\d+/, "HOST").split("\r\n"), [
      "POST /hook HTTP/1.1",
      "host: HOST",
      "connection: keep-alive",
      "Content-Type: application/json",
      "X-Delivery-Id: 7",
      "Accept-Encoding: identity",
      "content-length: 4",
    ])
    assert.match(await seen("/", { body: Buffer.of() }), /\r\ncontent-length: 0\r\n\r\n$/)
    assert.doesNotMatch(await seen("/", { method: "GET", body: Buffer.of() }), /content-length|transfer-encoding/)
  })

  it("has path and query byte for byte as they were written", async () => {
    const paths = [
      ...["/a/../b/./c//d", "/%2e%2E/%7euser/%zz%", "/a;b=c?x=%20+y&&z==&%C3%A9", '/"<>^`{|}[]?\'"<>{}|`^[]', "/?"],
      ...["/a?b?c/../d", "/@user:pw", "/..", "/a%2Fb%5C", "/A?B=%0d%0a"],
    ]
    for (const path of paths) assert.equal((await seen(path)).split(" ")[1], path)
    assert.equal((await seen("")).split(" ")[1], "/")
    assert.equal((await seen("?a=../b")).split(" ")[1], "/?a=../b")
  })

  it("names a host the way the URL standard does, with the port if it is not the usual one", async () => {
    const receiver = await startReceiver((socket) => onRequest(socket, (text) => void socket.write(httpAnswer(text))))
    const outbound = makeOutbound({}, { resolve: async () => ["127.0.0.1"] })
    open.push(outbound, receiver)
    for (const [host, sent] of [
      ["Shop.EXAMPLE", "shop.example"],
      ["münchen.example", "xn--mnchen-3ya.example"],
      ["shop.example.", "shop.example."],
      ["127.1", "127.0.0.1"],
    ] as const) {
      const result = await outbound.request(aRequest(`http://${host}:${receiver.port}/`))
      const text = result.response?.body.toString() ?? ""
      assert.equal(/^host: (.*)$/m.exec(text)?.[1]?.trim(), `${sent}:${receiver.port}`)
    }
  })

  it("is not sent with a header that could hide another", async () => {
    const fields = { headers: [["X-Key", "a\r\nX-Other: b"]] as const }
    const answer = () => assert.fail("nothing must arrive")
    assertFailed(await call(answer, { fields }), "send", /invalid X-Key header/)
  })
})

describe("an answer (contract/webhooks.md §4, §8)", () => {
  it("is taken whatever its status, with its headers in order and its body", async () => {
    for (const status of [200, 201, 202, 301, 302, 400, 401, 404, 410, 429, 500, 503]) {
      const headers = "X-One: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"
      const result = await call((socket) => socket.write(httpAnswer("body", { status: `${status} So`, headers })))
      assert.equal(endOf(result), `${status} complete`)
      assert.equal(result.response?.body.toString(), "body")
      assert.deepEqual(result.response?.headers, [
        ["x-one", "1"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["content-length", "4"],
      ])
    }
    for (const status of ["204 No Content", "304 Not Modified"]) {
      const result = await call((socket) => socket.write(`HTTP/1.1 ${status}\r\n\r\n`))
      assert.equal(endOf(result), `${status.slice(0, 3)} complete`)
      assert.equal(result.response?.body.length, 0)
    }
  })

  it("may be chunked, or end with the connection", async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n'
    const result = await call((socket) => socket.write(chunked))
    assert.equal(endOf(result), "200 complete")
    assert.equal(result.response?.body.toString(), '{"a":1}')
    const ended = await call((socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nold"))
    assert.equal(endOf(ended), "200 complete")
    assert.equal(ended.response?.body.toString(), "old")
  })

  it("is not decompressed", async () => {
    const zipped = gzipSync('{"success":true}')
    const result = await call((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`)
      socket.write(zipped)
    })
    assert.equal(endOf(result), "200 complete")
    assert.deepEqual(result.response?.body, zipped)
  })

  it("may follow ten informational ones, not eleven", async () => {
    const hints = (count: number) => "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(count)
    assert.equal(endOf(await call((socket) => socket.write(hints(10) + httpAnswer("{}")))), "200 complete")
    const result = await call((socket) => socket.write(hints(11) + httpAnswer("{}")))
    assertFailed(result, "receive", /informational/)
    assertFailed(await call((socket) => socket.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n")), "receive", /./)
  })

  it("has 16 KiB of headers at most", async () => {
    const header = (size: number) => ({ headers: `X-Long: ${"x".repeat(size)}\r\n` })
    assert.equal(endOf(await call((socket) => socket.write(httpAnswer("{}", header(16_000))))), "200 complete")
    assertFailed(await call((socket) => socket.write(httpAnswer("{}", header(20_480)))), "receive", /16 KiB/)
    const many = { headers: "a: b\r\n".repeat(3000) }
    assertFailed(await call((socket) => socket.write(httpAnswer("{}", many))), "receive", /16 KiB/)
  })

  it("is read up to 64 KiB, or what the request says, and no further: of a gigabyte next to nothing is sent", async () => {
    const body = "x".repeat(64 * 1024)
    assert.equal(endOf(await call((socket) => socket.write(httpAnswer(body)))), "200 complete")
    const over = await call((socket) => socket.write(httpAnswer(`${body}y`)))
    assert.equal(endOf(over), "200 too_large")
    assert.equal(over.response?.body.toString(), body)
    const own = await call((socket) => socket.write(httpAnswer("12345")), { fields: { maximumBodyBytes: 4 } })
    assert.equal(endOf(own), "200 too_large")
    assert.equal(own.response?.body.toString(), "1234")

    let sent = 0
    const gone = Promise.withResolvers<void>()
    const block = Buffer.alloc(64 * 1024)
    const huge = await call((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(block)) sent += block.length
      }
      socket.on("drain", pour).on("close", gone.resolve)
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 30}\r\n\r\n`)
      pour()
    })
    assert.equal(endOf(huge), "200 too_large")
    assert.equal(huge.response?.body.length, 64 * 1024)
    await gone.promise
    assert.ok(sent < 32 * 2 ** 20, `${sent} bytes were sent`)
  })
})

describe("a receiver that is slow (contract/webhooks.md §4)", () => {
  it("is given a total time, also if it drips", async () => {
    const limits = { totalMs: 120 }
    assertFailed(await call(() => {}, { limits }), "timeout", /No complete answer within 0.12 seconds/)
    const drips = await call(
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        repeat(10, socket, () => void socket.write("x"))
      },
      { limits },
    )
    assertFailed(drips, "timeout", /./)
    assert.equal(drips.response?.status, 200)
    assert.match(drips.response?.body.toString() ?? "", /^x+$/)
    assert.ok(drips.timings.totalMs >= 119 && drips.timings.totalMs < 5000)
    const slowHead = await call(
      (socket) => {
        const letters = [..."HTTP/1.1 200 OK\r\nX-Long: "]
        repeat(5, socket, () => void socket.write(letters.shift() ?? "x"))
      },
      { limits },
    )
    assertFailed(slowHead, "timeout", /./)
    assert.equal(slowHead.response, undefined)
  })

  it("is not waited for long once it has said an error, and by its status it is judged", async () => {
    for (const limits of [{ errorBodyMs: 50 }, { totalMs: 50 }]) {
      const result = await call((socket) => socket.write("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\npart"), {
        limits,
      })
      assert.equal(endOf(result), "500 given_up")
      assert.equal(result.response?.body.toString(), "part")
    }
  })

  it("is given less time for connection and TLS", async () => {
    const receiver = await startReceiver(() => {})
    const outbound = makeOutbound({}, { limits: { connectMs: 50 } })
    open.push(outbound, receiver)
    const result = await outbound.request(aRequest(`https://127.0.0.1:${receiver.port}/`))
    assertFailed(result, "timeout", /No connection within 0.05 seconds/)
    assert.ok(Number.isInteger(result.timings.connectMs))
    assert.equal(result.timings.tlsMs, undefined)
  })
})

describe("a receiver that breaks (contract/webhooks.md §4)", () => {
  it("fails as `receive` before and within its answer", async () => {
    const begun = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"
    const cases: readonly (readonly [string, (socket: Socket) => void, string | undefined])[] = [
      ["closes before its answer", (socket) => socket.end(), undefined],
      ["resets before its answer", (socket) => socket.resetAndDestroy(), undefined],
      ["closes within its headers", (socket) => socket.end("HTTP/1.1 200 OK\r\nA: "), undefined],
      ["closes within its body", (socket) => socket.end(begun), "part"],
      ["resets within its body", (socket) => socket.write(begun, () => socket.resetAndDestroy()), undefined],
      ["is not HTTP", (socket) => socket.end("220 mail.example ESMTP\r\n"), undefined],
      ["has a bad length", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), undefined],
      [
        "has two lengths",
        (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        undefined,
      ],
      ["has a bad chunk", (socket) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), ""],
    ]
    for (const [what, answer, body] of cases) {
      const result = await call(answer)
      assert.equal(endOf(result), "receive", what)
      if (body !== undefined) assert.equal(result.response?.body.toString(), body, what)
    }
  })

  it("fails as `receive` when it resets the connection within a long body, with what had come", async () => {
    const result = await call(
      (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 30}\r\n\r\n`)
        // More than any buffer between holds: once it is out, its beginning was read.
        socket.write(Buffer.alloc(32 * 2 ** 20), () => socket.resetAndDestroy())
      },
      { fields: { maximumBodyBytes: 2 ** 30 } },
    )
    assertFailed(result, "receive", /reset/)
    assert.equal(result.response?.status, 200)
    assert.ok((result.response?.body.length ?? 0) > 0)
  })

  it("fails as `send` while the request is not yet out", async () => {
    const result = await callSocket(
      (socket) => {
        socket.pause()
        socket.once("readable", () => socket.resetAndDestroy())
      },
      { fields: { body: Buffer.alloc(64 * 2 ** 20) } },
    )
    assertFailed(result, "send", /broke while the request was sent/)
    const brokenPipe = Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" })
    assert.equal(exchangeError(brokenPipe, { isUnsent: false, hasBegun: false }).failure, "send")
  })

  it("may reset a connection at once", async () => {
    const result = await callSocket((socket) => socket.resetAndDestroy())
    assert.match(endOf(result), /^(connect|receive|send)$/)
  })
})
