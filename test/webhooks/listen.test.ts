import assert from "node:assert/strict"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"
import { after, afterEach, before, describe, it } from "node:test"
import { listConnectedApps, revokeGrant } from "../../src/oauth/grant.ts"
import type { Caller } from "../banking/api-site.ts"
import { onEachEngine } from "../support/engines.ts"
import { findFreePort } from "../support/free-port.ts"
import { type RunningProgram, runCli, startProgram } from "../support/processes.ts"
import { answerWith, type Received, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

const hook = "http://localhost:8080/hook"
const wrong: readonly (readonly [args: readonly string[], line: RegExp])[] = [
  [["--token", "t"], /--forward is required/],
  [["--forward", hook], /--token is required/],
  [["--forward", "8080", "--token", "t"], /--forward must be a URL/],
  [["--forward", "ftp://localhost/x", "--token", "t"], /--forward must be a URL/],
  [
    ["--forward", "http://shop.example/hook", "--token", "t"],
    /--forward must be on this machine, not on shop\.example/,
  ],
  [["--forward", "http://127.0.0.1.nip.io/", "--token", "t"], /--forward must be on this machine/],
  [["--forward", hook, "--token", "t", "--url", "http://pay.example"], /--url must be https/],
  [["--forward", hook, "--token", "t", "--url", "https://pay.example/api"], /--url must be .* without a path/],
]

describe("./sepay listen", () => {
  for (const [args, line] of wrong) {
    it(`refuses wrong usage with exit code 2: ${args.join(" ")}`, async () => {
      const { code, stderr } = await runCli(["listen", ...args])
      assert.equal(code, 2, stderr)
      assert.match(stderr, line)
    })
  }

  onEachEngine((engine) => {
    let ground: DeliveryGround
    let local: Receiver
    const receivers: Receiver[] = []
    const aReceiver = async () => {
      const receiver = await startReceiver()
      receivers.push(receiver)
      return receiver
    }
    before(async () => {
      ground = await startDeliveryGround(engine.databaseUrl(), { mode: "test" })
      ground.app.worker.start()
    })
    after(async () => {
      await ground.stop()
      for (const receiver of receivers) await receiver.close()
    })

    // The webhooks of one test hear nothing of the next one's money.
    afterEach(async () => {
      const { data } = (await ground.caller.get("/webhooks?limit=100")).json<{ data: { id: number }[] }>()
      for (const { id } of data) await ground.caller.send(`/webhooks/${id}`, { method: "DELETE" })
    })

    const listen = async (
      { token }: Pick<Caller, "token">,
      { url = ground.app.url, forward = `${local.url}/hook` } = {},
    ): Promise<RunningProgram> => {
      const program = startProgram(["listen", "--forward", forward, "--token", token, "--url", url])
      await until(() => program.stdout().includes("Listening") || program.hasEnded())
      return program
    }

    it("brings what a receiver gets, byte for byte and header for header, whatever type and authentication", async (t) => {
      local = await aReceiver()
      const receiver = await aReceiver()
      const kinds = [
        { authen_type: "Api_Key", api_key: "k7s8d9f0a1b2c3d4" },
        { authen_type: "HMAC_SHA256", secret_key: "whsec_demo_7f3a91c2" },
        { authen_type: "HMAC_SHA256", request_content_type: "multipart_form-data" },
        { authen_type: "No_Authen", request_content_type: "application_x-www-form-urlencoded" },
      ]
      for (const kind of kinds) await ground.webhook({ webhook_url: receiver.url, ...kind })
      const program = await listen(ground.caller)
      t.after(program.kill9)
      await ground.push([{ content: "DH100245 tra tien/hàng" }])
      const [sent, copied] = [await receiver.waitFor(4), await local.waitFor(4)]
      for (const original of sent) {
        const copy = copied.find((one) => deliveryOf(one) === deliveryOf(original))
        assert.deepEqual(copy?.body, original.body)
        assert.deepEqual(headersOf(copy ?? assert.fail()), headersOf(original))
        assert.equal(copy.path, "/hook")
      }
      await until(() => (program.stdout().match(/ HTTP 200 {2}\d+ ms$/gm) ?? []).length === 4)
      assert.match(
        program.stdout(),
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}webhook \d+ {2}delivery [0-9a-f-]{36} {2}HTTP/m,
      )
      assert.equal(await program.stop(), 0)
      assert.match(program.stdout(), /\n4 deliveries were forwarded\.\n$/)
      assert.equal(program.stderr(), "")
    })

    it("brings what no receiver got: nobody answers there yet, no token is to be had; test sends and replays too", async (t) => {
      local = await aReceiver()
      const tokens = await aReceiver()
      tokens.answer(answerWith(500, "no"))
      const nowhere = `http://127.0.0.1:${await findFreePort()}`
      const keyed = { authen_type: "Api_Key", api_key: "k7s8d9f0a1b2c3d4", event_type: "Out_only" }
      const unreached = await ground.webhook({ webhook_url: nowhere, ...keyed })
      const oauth = { authen_type: "OAuth2.0", oauth2_client_id: "shop", oauth2_client_secret: "s3cret-s3cret" }
      const tokenless = { webhook_url: nowhere, oauth2_access_token_url: tokens.url, event_type: "Out_only", ...oauth }
      await ground.webhook(tokenless)
      const program = await listen(ground.caller)
      t.after(program.kill9)

      await ground.push([{ transfer_type: "out" }])
      await until(() => local.received.filter(isOutgoing).length === 2)
      const [withKey, without] = local.received.filter(isOutgoing).sort((one) => (one.headers.authorization ? -1 : 1))
      assert.equal(withKey?.headers.authorization, "Apikey k7s8d9f0a1b2c3d4")
      assert.deepEqual(without?.body, withKey?.body)
      assert.equal(without?.headers.authorization, undefined)
      await until(() => / ms {2}without Authorization$/m.test(program.stdout()))

      await ground.caller.post(`/webhooks/${unreached}/test`, {})
      await until(() => local.received.some((one) => JSON.parse(String(one.body)).id === 0))
      const [row] = await ground.log(unreached, 1)
      await ground.caller.post("/webhook-logs/replay", { ids: [row?.n] })
      await until(() => local.received.filter(isOutgoing).length === 4)
      await program.stop()
    })

    it("loses nothing and repeats nothing when the connection breaks, and goes on when nobody listens locally", async (t) => {
      local = await aReceiver()
      const receiver = await aReceiver()
      await ground.webhook({ webhook_url: receiver.url, event_type: "In_only", name: "Reconnect" })
      const proxy = await startProxy(ground.app.url)
      const program = await listen(ground.caller, { url: proxy.url })
      t.after(async () => {
        await program.kill9()
        await proxy.cut()
      })
      const bodiesOf = ({ received }: Receiver) => new Set(received.map((one) => deliveryOf(one)))
      await ground.push([{}, {}])
      await receiver.waitFor(2)
      await until(() => [...bodiesOf(receiver)].every((id) => bodiesOf(local).has(id)))
      await proxy.cut()
      await until(() => program.stderr().includes("trying again"))
      await ground.push([{}, {}, {}])
      await receiver.waitFor(5)
      await proxy.open()
      await ground.push([{}])
      await receiver.waitFor(6)
      await until(() => [...bodiesOf(receiver)].every((id) => bodiesOf(local).has(id)))
      assert.equal(bodiesOf(local).size, local.received.length, "each came once")

      await local.close()
      await ground.push([{}])
      await until(() => / failed: .*ECONNREFUSED/.test(program.stdout()))
      assert.equal(await program.stop(), 0)
    })

    it("shows only webhooks that the grant may see", async (t) => {
      local = await aReceiver()
      const receiver = await aReceiver()
      const other = await ground.anotherCaller({ bankAccountIds: [] })
      const program = await listen(other)
      t.after(program.kill9)
      const everything = await listen(ground.caller)
      t.after(everything.kill9)
      await ground.webhook({ webhook_url: receiver.url })
      await ground.push([{}])
      await receiver.waitFor(1)
      await until(() => everything.stdout().includes(" HTTP 200 "))
      assert.doesNotMatch(program.stdout(), /webhook \d/)
    })

    it("ends when its grant does, and begins with no other grant than one in test mode with the scope", async (t) => {
      local = await aReceiver()
      const caller = await ground.anotherCaller({})
      const program = await listen(caller)
      t.after(program.kill9)
      await revoke(ground, caller)
      assert.equal(await program.waitForExit(), 1)
      assert.match(program.stderr(), /^sepay: The access token has been revoked\n$/)

      const refused: readonly (readonly [Caller, RegExp])[] = [
        [caller, /The access token has been revoked/],
        [await ground.anotherCaller({ mode: "live" }), /Only a grant in test mode may listen to deliveries/],
        [await ground.anotherCaller({ scopes: ["transaction:read"] }), /lacks the scope webhook:read/],
        [await ground.anotherCaller({ role: "User" }), /lacks the permission webhook\.list/],
      ]
      for (const [one, line] of refused) {
        const ended = await listen(one)
        assert.equal(await ended.waitForExit(), 1)
        assert.match(ended.stderr(), line)
        assert.equal(ended.stderr().trimEnd().split("\n").length, 1)
      }
    })

    it("refuses a sixth stream of a grant, and gives the place back when one ends", async () => {
      const caller = await ground.anotherCaller({})
      const open = () => openStream(ground.app.url, caller)
      const streams = await Promise.all(Array.from({ length: 5 }, open))
      assert.deepEqual(
        streams.map(({ status }) => status),
        [200, 200, 200, 200, 200],
      )
      const sixth = await open()
      assert.deepEqual([sixth.status, sixth.retryAfter], [429, "5"])
      const [first] = streams
      first?.close()
      let again = await open()
      await until(async () => {
        if (again.status === 200) return true
        again = await open()
        return false
      })
      for (const stream of [...streams, again]) stream.close()
      const bad = await openStream(ground.app.url, caller, { "last-event-id": "x" })
      assert.equal(bad.status, 400)
      const head = await ground.caller.send("/webhook-deliveries/stream", { method: "HEAD" })
      assert.equal(head.status, 405)
    })
  })

  onEachEngine((engine) => {
    it("does not keep the platform from draining, and waits for it to come back", async () => {
      const ground = await startDeliveryGround(engine.databaseUrl(), { mode: "test" })
      const program = startProgram([
        "listen",
        "--forward",
        hook,
        "--token",
        ground.caller.token,
        "--url",
        ground.app.url,
      ])
      const unread = await openStream(ground.app.url, ground.caller)
      await until(() => program.stdout().includes("Listening"))
      const startedAt = performance.now()
      await ground.stop()
      assert.ok(performance.now() - startedAt < 4000, "streams end by themselves")
      await until(() => program.stderr().includes("trying again"))
      assert.match(program.stderr(), /^The server is shutting down; trying again\n/)
      unread.close()
      assert.equal(await program.stop(), 0)
    })
  })
})

function deliveryOf({ headers }: Received): unknown {
  return headers["x-delivery-id"]
}

function isOutgoing({ body }: Received): boolean {
  return String(body).includes('"transferType":"out"')
}

// What a connection makes for itself is another one here.
function headersOf({ rawHeaders }: Received): readonly string[] {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
  return pairs
    .filter((line) => !/^(host|connection):/i.test(line))
    .map((line) => line.replace(/^content-length/i, "Content-Length"))
    .sort()
}

async function revoke({ app, companyId }: DeliveryGround, { userId, clientId }: Caller): Promise<void> {
  const { db, clock, bus } = app.context
  const viewer = { userId, companyId, role: "SuperAdmin", permissions: [] } as const
  const grants = await listConnectedApps(db, viewer, clock.now())
  const grant = grants.find((one) => one.clientId === clientId)
  await revokeGrant(db, viewer, grant?.id ?? assert.fail("no grant"), clock.now())
  await bus.announce("access-changed")
}

interface OpenStream {
  readonly status: number
  readonly retryAfter: string | null
  close(): void
}

async function openStream(url: string, { token }: Caller, headers: Record<string, string> = {}): Promise<OpenStream> {
  const aborting = new AbortController()
  const response = await fetch(`${url}/api/v1/webhook-deliveries/stream`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: aborting.signal,
  })
  return { status: response.status, retryAfter: response.headers.get("retry-after"), close: () => aborting.abort() }
}

/** A way to a server that can be cut and opened again. */
async function startProxy(target: string): Promise<{ url: string; cut(): Promise<void>; open(): Promise<void> }> {
  const { port: targetPort } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(targetPort), "127.0.0.1")
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on("error", () => {})
      socket.once("close", () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const open = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  await open(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => open(port),
    cut: async () => {
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "it did not come to pass in time")
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
