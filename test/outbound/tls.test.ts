import assert from "node:assert/strict"
import type { Socket } from "node:net"
import { afterEach, describe, it } from "node:test"
import type { TLSSocket, TlsOptions } from "node:tls"
import type { Mode } from "../../src/ids.ts"
import { exchangeError } from "../../src/outbound/exchange-error.ts"
import type { OutboundResult } from "../../src/outbound/outbound.ts"
import { makeAuthority } from "./certificates.ts"
import { aRequest, httpAnswer, makeOutbound, onRequest, type Receiver, startReceiver } from "./receiver.ts"

const authority = makeAuthority()
const good = authority.issue()
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function startTlsReceiver(options: TlsOptions = {}): Promise<Receiver> {
  const answer = (socket: Socket) => onRequest(socket, () => void socket.write(httpAnswer("{}")))
  const receiver = await startReceiver(answer, { ...good, ...options })
  open.push(receiver)
  return receiver
}

interface Call {
  readonly mode?: Mode
  readonly host?: string
}

/** Sends one request, in live mode unless told otherwise; every name leads to this machine. */
function call({ port }: Receiver, { mode = "live", host = "receiver.example" }: Call = {}): Promise<OutboundResult> {
  const options = { resolve: async () => ["127.0.0.1"], certificateAuthorities: [authority.certificate] }
  const outbound = makeOutbound({}, options)
  open.push(outbound)
  return outbound.request(aRequest(`https://${host}:${port}/`, { mode }))
}

function endOf(result: OutboundResult): string {
  return result.kind === "answered" ? `${result.response.status} ${result.bodyEnd}` : result.failure
}

describe("TLS to a receiver (contract/webhooks.md §3, §4)", () => {
  it("is for the name in the URL, whatever address that led to, and speaks HTTP/1.1 alone", async () => {
    const receiver = await startTlsReceiver({ ALPNProtocols: ["h2", "http/1.1"] })
    const result = await call(receiver, { host: "Receiver.Example." })
    assert.equal(endOf(result), "200 complete")
    const { dnsMs, connectMs, tlsMs } = result.timings
    for (const ms of [dnsMs, connectMs, tlsMs]) assert.ok(Number.isInteger(ms))
    const [socket] = receiver.sockets as readonly TLSSocket[]
    assert.deepEqual([socket?.servername, socket?.alpnProtocol], ["receiver.example", "http/1.1"])
  })

  it("is kept for the next request", async () => {
    const receiver = await startTlsReceiver()
    const outbound = makeOutbound(
      {},
      { certificateAuthorities: [authority.certificate], resolve: async () => ["127.0.0.1"] },
    )
    open.push(outbound)
    const request = aRequest(`https://receiver.example:${receiver.port}/`, { mode: "live" })
    for (const _ of [1, 2, 3]) assert.equal(endOf(await outbound.request(request)), "200 complete")
    assert.equal(receiver.sockets.length, 1)
  })

  const untrusted: Readonly<Record<string, TlsOptions>> = {
    "signed by itself": authority.issue({ selfSigned: true }),
    "of an unknown authority": makeAuthority().issue(),
    expired: authority.issue({ notAfter: "20210101000000Z" }),
    "not valid yet": authority.issue({ notBefore: "21000101000000Z" }),
  }
  for (const [what, certified] of Object.entries(untrusted)) {
    it(`fails as \`tls_ca\` if the certificate is ${what}, before anything is sent; test mode takes it`, async () => {
      const receiver = await startTlsReceiver(certified)
      assert.equal(endOf(await call(receiver)), "tls_ca")
      assert.equal(
        receiver.sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
        0,
      )
      assert.equal(endOf(await call(receiver, { mode: "test" })), "200 complete")
    })
  }

  it("fails as `tls_name` if the certificate is for another name or has not the address; test mode takes it", async () => {
    const receiver = await startTlsReceiver()
    for (const host of ["other.example", "a.receiver.example", "127.0.0.1", "localhost"]) {
      assert.equal(endOf(await call(receiver, { host })), "tls_name", host)
      assert.equal(endOf(await call(receiver, { host, mode: "test" })), "200 complete", host)
    }
  })

  it("does not share an unverified connection of test mode with live mode", async () => {
    const receiver = await startTlsReceiver()
    const outbound = makeOutbound(
      {},
      { certificateAuthorities: [authority.certificate], resolve: async () => ["127.0.0.1"] },
    )
    open.push(outbound)
    const request = aRequest(`https://other.example:${receiver.port}/`)
    assert.equal(endOf(await outbound.request({ ...request, mode: "test" })), "200 complete")
    assert.equal(endOf(await outbound.request({ ...request, mode: "live" })), "tls_name")
  })

  it("fails as `tls` if the other side speaks something else, breaks off or is too old", async () => {
    const plain = await startReceiver((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))
    const breaking = await startReceiver((socket) => socket.once("data", () => socket.end()))
    const resetting = await startReceiver((socket) => socket.once("data", () => socket.resetAndDestroy()))
    open.push(plain, breaking, resetting)
    const old = await startTlsReceiver({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" })
    for (const receiver of [plain, breaking, resetting, old]) {
      for (const mode of ["live", "test"] as const) {
        const result = await call(receiver, { mode })
        assert.ok(result.kind === "failed")
        assert.equal(result.failure, "tls", result.message)
      }
    }
  })

  it("counts as `tls` too if the server ends the handshake late, as for a certificate that it wants (RFC 8446 §4.4.2.4)", () => {
    const alert = Object.assign(new Error("alert"), { code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" })
    assert.equal(exchangeError(alert, { isUnsent: false, hasBegun: false }).failure, "tls")
    assert.equal(exchangeError(alert, { isUnsent: false, hasBegun: true }).failure, "receive")
  })

  it("is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says", async (t) => {
    t.after(() => delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"])
    const receiver = await startTlsReceiver(authority.issue({ selfSigned: true }))
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0"
    assert.equal(endOf(await call(receiver)), "tls_ca")
  })
})
