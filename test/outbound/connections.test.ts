import assert from "node:assert/strict"
import { once } from "node:events"
import { after, afterEach, before, describe, it } from "node:test"
import { resolveByNameServers } from "../../src/outbound/find-addresses.ts"
import type { OutboundOptions, OutboundSettings } from "../../src/outbound/guarded-request.ts"
import { openSocket } from "../../src/outbound/open-socket.ts"
import type { Outbound, OutboundRequest, OutboundResult } from "../../src/outbound/outbound.ts"
import { type NameAnswer, type NameServer, startNameServer } from "./name-server.ts"
import {
  aRequest,
  httpAnswer,
  loopback,
  makeOutbound,
  networks,
  onRequest,
  type Receiver,
  startAnswering,
  startReceiver,
} from "./receiver.ts"

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

function outboundOf(options: OutboundOptions = {}, settings: Partial<OutboundSettings> = {}): Outbound {
  const outbound = makeOutbound(settings, options)
  open.push(outbound)
  return outbound
}

async function answering(text = httpAnswer("{}")): Promise<Receiver> {
  const receiver = await startAnswering(text)
  open.push(receiver)
  return receiver
}

function urlOf({ port }: Receiver, host = "127.0.0.1"): string {
  return `http://${host}:${port}/`
}

function statusOf(result: OutboundResult): number | string {
  return result.kind === "answered" ? result.response.status : `${result.failure}: ${result.message}`
}

async function send(outbound: Outbound, url: string, fields?: Partial<OutboundRequest>): Promise<number | string> {
  return statusOf(await outbound.request(aRequest(url, fields)))
}

const oneAddress = networks("127.0.0.1/32")
const blocked = "blocked: The URL leads to an address that is not public."

describe("an outgoing connection (contract/webhooks.md §8)", () => {
  it("is not opened to an address that is not public, whatever the mode", async () => {
    const receiver = await answering()
    const outbound = outboundOf({}, { allow: undefined, allowHttp: true })
    for (const mode of ["live", "test"] as const) {
      assert.equal(await send(outbound, urlOf(receiver), { mode }), blocked)
      assert.match(String(await send(outbound, urlOf(receiver, "localhost"), { mode })), /^blocked: .*public host name/)
    }
    assert.equal(receiver.sockets.length, 0)
  })

  it("is refused by the text of a URL too: user information, port 22, http in live mode", async () => {
    const outbound = outboundOf()
    assert.match(String(await send(outbound, "http://me@127.0.0.1:8080/")), /^blocked: .*user information/)
    assert.match(String(await send(outbound, "http://127.0.0.1:22/")), /^blocked: .*port/)
    assert.match(String(await send(outbound, "http://127.0.0.1:8080/", { mode: "live" })), /^blocked: .*https/)
  })

  it("is not opened if one of the name's addresses is not public", async () => {
    const receiver = await answering()
    const outbound = outboundOf({ resolve: async () => ["127.0.0.1", "127.0.0.2"] }, { allow: oneAddress })
    assert.equal(await send(outbound, urlOf(receiver, "shop.example")), blocked)
    assert.equal(receiver.sockets.length, 0)
  })

  it("goes to the addresses of one lookup, so that a name that leads elsewhere by then is refused", async () => {
    const receiver = await answering()
    const answers = [["127.0.0.1"], ["127.0.0.2"]]
    const outbound = outboundOf({ resolve: async () => answers.shift() ?? [] }, { allow: oneAddress })
    assert.equal(await outbound.findUrlProblem(urlOf(receiver, "shop.example"), "test"), undefined)
    assert.equal(await send(outbound, urlOf(receiver, "shop.example")), blocked)
    assert.equal(receiver.sockets.length, 0)
    assert.equal(answers.length, 0)
  })

  it("is given up if the socket turns out to have reached an address that is not public", async () => {
    const receiver = await answering()
    const route = { addresses: ["127.0.0.1"], port: receiver.port, patienceMs: 1000 }
    const strict = { allow: undefined, deny: undefined, nat64: false }
    await assert.rejects(openSocket(route, strict, new AbortController().signal), { failure: "blocked" })
  })

  it("reaches what the operator allowed, unless he denied it as well", async () => {
    const receiver = await answering()
    assert.equal(await send(outboundOf(), urlOf(receiver)), 200)
    const denied = outboundOf({}, { allow: loopback, deny: networks("127.0.0.1/32") })
    assert.equal(await send(denied, urlOf(receiver)), blocked)
    assert.equal(receiver.sockets.length, 1)
  })

  it("leads to no second one by a redirect", async () => {
    const inner = await answering()
    const headers = `Location: ${urlOf(inner)}\r\n`
    const receiver = await answering(httpAnswer("", { status: "302 Found", headers }))
    const result = await outboundOf().request(aRequest(urlOf(receiver)))
    assert.equal(statusOf(result), 302)
    assert.deepEqual(result.response?.headers[0], ["location", urlOf(inner)])
    assert.equal(inner.sockets.length, 0)
  })

  it("takes no proxy from the environment", async (t) => {
    const proxy = await answering(httpAnswer("", { status: "502 Bad Gateway" }))
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "NODE_USE_ENV_PROXY"]
    for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : urlOf(proxy)
    t.after(() => {
      for (const name of names) delete process.env[name]
    })
    assert.equal(await send(outboundOf(), urlOf(await answering())), 200)
    assert.equal(proxy.sockets.length, 0)
  })

  it("tries three addresses in turn", async () => {
    const receiver = await answering()
    const dead = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
    const third = outboundOf({ resolve: async () => [...dead.slice(1), "127.0.0.1"] })
    assert.equal(await send(third, urlOf(receiver, "shop.example")), 200)
    const fourth = outboundOf({ resolve: async () => [...dead, "127.0.0.1"] })
    const refused = "connect: The server cannot be reached (ECONNREFUSED)."
    assert.equal(await send(fourth, urlOf(receiver, "shop.example")), refused)
    assert.equal(receiver.sockets.length, 1)
  })

  it("tells how long name and connect took if it is new, and only the answer's time if it was there", async () => {
    const receiver = await answering()
    const outbound = outboundOf({ resolve: async () => ["127.0.0.1"] })
    const first = (await outbound.request(aRequest(urlOf(receiver, "shop.example")))).timings
    for (const ms of [first.dnsMs, first.connectMs, first.firstByteMs, first.totalMs]) assert.ok(Number.isInteger(ms))
    assert.equal(first.tlsMs, undefined)
    const { totalMs, firstByteMs, ...steps } = (await outbound.request(aRequest(urlOf(receiver, "shop.example"))))
      .timings
    assert.deepEqual(steps, { dnsMs: undefined, connectMs: undefined, tlsMs: undefined })
    assert.ok(Number.isInteger(totalMs) && Number.isInteger(firstByteMs))
  })
})

describe("a kept connection (contract/webhooks.md §8)", () => {
  it("is used again for a minute after its address was checked; then the name is looked up anew", async () => {
    const receiver = await answering()
    const answers = [["127.0.0.1"], ["127.0.0.2"]]
    let now = 0
    const options = { resolve: async () => answers.shift() ?? [], now: () => now }
    const outbound = outboundOf(options, { allow: oneAddress })
    const url = urlOf(receiver, "shop.example")
    assert.equal(await send(outbound, url), 200)
    for (now of [1, 30_000, 59_999]) assert.equal(await send(outbound, url), 200)
    assert.equal(receiver.sockets.length, 1)
    now = 60_000
    assert.equal(await send(outbound, url), blocked)
    assert.equal(receiver.sockets.length, 1)
    assert.equal(answers.length, 0)
  })

  it("is shared neither with another tenant, nor another mode, nor another origin", async () => {
    const receiver = await answering()
    const outbound = outboundOf({ resolve: async () => ["127.0.0.1"] }, { allowHttp: true })
    for (const fields of [{}, {}, { tenant: "2" }, { mode: "live" as const }, { tenant: "2" }]) {
      assert.equal(await send(outbound, urlOf(receiver), fields), 200)
    }
    assert.equal(await send(outbound, urlOf(receiver, "shop.example")), 200)
    assert.equal(receiver.sockets.length, 4)
  })

  it("is not used again after the server closed it", async () => {
    const receiver = await answering()
    const outbound = outboundOf()
    assert.equal(await send(outbound, urlOf(receiver)), 200)
    const [socket] = receiver.sockets
    assert.ok(socket)
    socket.end()
    await once(socket, "close")
    assert.equal(await send(outbound, urlOf(receiver)), 200)
    assert.equal(receiver.sockets.length, 2)
  })

  it("is rarely used again after a server closed it without a word right behind its answer", async () => {
    const receiver = await startReceiver((socket) => onRequest(socket, () => void socket.end(httpAnswer("{}"))))
    open.push(receiver)
    const outbound = outboundOf()
    const ends: (number | string)[] = []
    for (let sent = 0; sent < 50; sent += 1) ends.push(await send(outbound, urlOf(receiver)))
    assert.ok(ends.filter((end) => end === 200).length > 40, `${ends}`)
  })

  it("is not used again if the server says so", async () => {
    const receiver = await answering(httpAnswer("{}", { headers: "Connection: close\r\n" }))
    const outbound = outboundOf()
    for (const _ of [1, 2, 3]) assert.equal(await send(outbound, urlOf(receiver)), 200)
    assert.equal(receiver.sockets.length, 3)
  })

  it("does not take what nobody asked for as the answer to the next request", async () => {
    const receiver = await answering(httpAnswer("mine") + httpAnswer("planted", { status: "201 Created" }))
    const outbound = outboundOf()
    for (const _ of [1, 2, 3]) {
      const result = await outbound.request(aRequest(urlOf(receiver)))
      assert.equal(result.response?.body.toString(), "mine")
    }
  })

  it("is closed when nobody needs it for a while", async () => {
    const receiver = await answering()
    assert.equal(await send(outboundOf({ limits: { idleMs: 20 } }), urlOf(receiver)), 200)
    const [socket] = receiver.sockets
    assert.ok(socket)
    if (!socket.closed) await once(socket, "close")
  })

  it("is one of 64 at most for one origin", async () => {
    const all = Promise.withResolvers<void>()
    let waiting = 0
    const receiver = await startReceiver((socket) =>
      onRequest(socket, async () => {
        waiting += 1
        if (waiting === 70) all.resolve()
        await all.promise
        socket.write(httpAnswer("{}"))
      }),
    )
    open.push(receiver)
    const outbound = outboundOf()
    await Promise.all(Array.from({ length: 70 }, () => send(outbound, urlOf(receiver))))
    const closed = () => receiver.sockets.filter((socket) => socket.closed).length
    while (closed() < 6)
      await Promise.race(receiver.sockets.filter((one) => !one.closed).map((one) => once(one, "close")))
    assert.equal(closed(), 6)
  })
})

describe("the end of the way out", () => {
  it("waits for requests that are on their way, closes the idle connections and takes no more", async () => {
    const asked = Promise.withResolvers<() => void>()
    const slow = await startReceiver((socket) =>
      onRequest(socket, () => asked.resolve(() => void socket.write(httpAnswer("{}")))),
    )
    const receiver = await answering()
    open.push(slow)
    const outbound = makeOutbound()
    assert.equal(await send(outbound, urlOf(receiver)), 200)
    const late = send(outbound, urlOf(slow))
    const answer = await asked.promise
    let isClosed = false
    const closing = outbound.close().then(() => {
      isClosed = true
    })
    const [idle] = receiver.sockets
    assert.ok(idle)
    if (!idle.closed) await once(idle, "close")
    assert.equal(isClosed, false)
    answer()
    assert.equal(await late, 200)
    await closing
    assert.equal(await send(outbound, urlOf(receiver)), "connect: The platform is shutting down.")
  })
})

describe("the lookup of names", () => {
  const unknown = "dns: No address was found for shop.example."
  let server: NameServer
  let answer: (question: string) => NameAnswer
  before(async () => {
    server = await startNameServer((question) => answer(question))
  })
  after(() => server.close())

  const resolving = (dnsMs = 5000) =>
    outboundOf({ resolve: resolveByNameServers([server.address]), limits: { dnsMs } }, { allow: oneAddress })

  it("asks for both families, and refuses by either", async () => {
    const receiver = await answering()
    answer = (question) => (question === "shop.example A" ? ["127.0.0.1"] : [])
    assert.equal(await send(resolving(), urlOf(receiver, "Shop.Example.")), 200)
    assert.deepEqual([...server.questions].sort(), ["shop.example A", "shop.example AAAA"])
    answer = (question) => (question === "shop.example A" ? ["127.0.0.1"] : ["fd00:0:0:0:0:0:0:1"])
    assert.equal(await send(resolving(), urlOf(receiver, "shop.example")), blocked)
    answer = () => "unknown"
    assert.equal(await send(resolving(), urlOf(receiver, "shop.example")), unknown)
  })

  it("ends when its time is over, with what it knows by then", async () => {
    const receiver = await answering()
    answer = () => "silence"
    assert.equal(await send(resolving(50), urlOf(receiver, "shop.example")), unknown)
    answer = (question) => (question === "shop.example A" ? ["127.0.0.1"] : "silence")
    assert.equal(await send(resolving(200), urlOf(receiver, "shop.example")), 200)
  })

  it("never asks for localhost", async () => {
    const before = server.questions.length
    const outbound = outboundOf({ resolve: resolveByNameServers([server.address]) })
    const receiver = await answering()
    assert.equal(await send(outbound, urlOf(receiver, "localhost")), 200)
    assert.equal(await send(outbound, urlOf(receiver, "a.localhost.")), 200)
    assert.equal(server.questions.length, before)
  })
})
