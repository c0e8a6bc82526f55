import assert from "node:assert/strict"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { after, before, describe, it } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { findFreePortPair } from "../support/free-port.ts"
import { makeVisitor, type Visitor } from "../support/http.ts"
import { type RunningProgram, runCli, startProgram } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

const withinMs = 30_000

interface Demo {
  readonly program: RunningProgram
  readonly url: string
  /** Whom it says to sign in as, by what they are. */
  readonly people: ReadonlyMap<string, string>
  readonly password: string
}

describe("./sepay demo", () => {
  const directory = makeTemporaryDirectory()
  let demo: Demo
  let merchant: Visitor
  let firstCounts: Readonly<Record<string, number>>

  before(async () => {
    demo = await startDemo(directory)
    merchant = await signIn(demo, "merchant (owner)")
  })
  after(() => demo.program.stop())

  it("is what npm run demo runs", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
    assert.equal(scripts.demo, "./sepay demo")
  })

  it("lets everybody in whom it prints, and each to their own pages", async () => {
    assert.deepEqual([...demo.people.keys()], ["merchant (owner)", "merchant's clerk", "app developer", "operator"])
    const theirs: Readonly<Record<string, readonly [mine: string, notMine: string, refusal: number]>> = {
      "merchant (owner)": ["/webhooks", "/operator/apps", 404],
      "merchant's clerk": ["/transactions", "/webhooks", 403],
      "app developer": ["/developer/apps", "/operator/apps", 404],
      operator: ["/operator/apps", "/transactions/1", 404],
    }
    for (const who of demo.people.keys()) {
      const [mine = "", notMine = "", refusal] = theirs[who] ?? []
      const visitor = await signIn(demo, who)
      assert.equal((await visitor.get(mine)).status, 200, `${who} at ${mine}`)
      assert.equal((await visitor.get(notMine)).status, refusal, `${who} at ${notMine}`)
    }
  })

  it("shows money on the overview that arrives by itself", async () => {
    const first = await newestOnOverview(merchant)
    await until(async () => (await newestOnOverview(merchant)) > first, "a transaction that was not there before")
  })

  it("calls its webhooks, and has an approved app among the connected ones", async () => {
    const webhooks = idsOf((await merchant.get("/webhooks")).text, "webhooks")
    assert.equal(webhooks.length, 2)
    for (const id of webhooks) {
      const hasCalled = async () =>
        idsOf((await merchant.get(`/webhooks/${id}/log`)).text, `webhooks/${id}/log`).length > 0
      await until(hasCalled, `a call of webhook ${id}`)
    }
    const connected = (await merchant.get("/connected-apps")).text
    assert.equal(idsOf(connected, "connected-apps").length, 1)
    assert.match(connected, /Kế toán Mẫu/)
    const operator = await signIn(demo, "operator")
    assert.match((await operator.get("/operator/apps?state=approved")).text, /Kế toán Mẫu/)
  })

  it("keeps mails on a page, with links that work", async () => {
    const visitor = makeVisitor(demo.url)
    const email = demo.people.get("merchant's clerk")
    assert.equal((await visitor.submit("/forgot-password", "/forgot-password", { email })).status, 303)
    let link: string | undefined
    await until(async () => {
      const { status, text } = await visitor.get("/mailbox")
      assert.equal(status, 200)
      link = /href="([^"]*\/reset-password[^"]*)"/.exec(text)?.[1]
      return link !== undefined
    }, "the mail")
    assert.equal((await visitor.get(String(link).replaceAll("&amp;", "&"))).status, 200)
  })

  it("ends on SIGTERM without an error, and leaves nothing beside its folder", async () => {
    assert.equal(await demo.program.stop(), 0)
    assert.doesNotMatch(demo.program.stderr(), /"level":[56]0/)
    firstCounts = countRows(directory)
    assert.equal(existsSync(join(directory, "data", "sepay.db")), false)
  })

  it("goes on with the same data, of which nothing is there twice", async () => {
    demo = await startDemo(directory)
    const again = await signIn(demo, "merchant (owner)")
    assert.equal(idsOf((await again.get("/connected-apps")).text, "connected-apps").length, 1)
    const seen = await newestOnOverview(again)
    await until(async () => (await newestOnOverview(again)) > seen, "money after the second start")
    assert.equal(await demo.program.stop(), 0)
    const { transactions = 0, ...counts } = countRows(directory)
    const { transactions: before = 0, ...countsBefore } = firstCounts
    assert.deepEqual(counts, countsBefore)
    // What arrived meanwhile, and not the 45 days of history a second time.
    assert.ok(before > 200 && transactions > before && transactions < before + 100, `${before}, then ${transactions}`)
  })

  it("begins anew with --fresh", async () => {
    const mark = join(directory, "data", "demo", "of-the-last-time")
    writeFileSync(mark, "")
    demo = await startDemo(directory, ["--fresh"])
    assert.equal(existsSync(mark), false)
    await signIn(demo, "merchant (owner)")
    assert.equal(await demo.program.stop(), 0)
  })
})

describe("./sepay demo, asked wrongly", () => {
  it("explains itself and starts nothing", async () => {
    const { code, stdout, stderr } = await runCli(["demo", "--help"])
    assert.deepEqual([code, stderr], [0, ""])
    assert.match(stdout, /--fresh +Begins anew/)
    assert.doesNotMatch(stdout, /The demo runs/)
  })

  for (const [args, line] of [
    [["--frsh"], /--frsh.*--fresh/],
    [["now"], /now/],
    [["--fresh=yes"], /--fresh/],
  ] as const) {
    it(`refuses ${args.join(" ")} with exit 2 and touches nothing`, async () => {
      const directory = makeTemporaryDirectory()
      const { code, stdout, stderr } = await runCli(["demo", ...args], { directory })
      assert.equal(code, 2, stderr)
      assert.equal(stdout, "")
      assert.match(stderr, line)
      assert.equal(existsSync(join(directory, "data")), false)
    })
  }

  it("wants a port of its own", async () => {
    const { code, stderr } = await runCli(["demo"], { env: { PORT: "0" } })
    assert.equal(code, 1)
    assert.match(stderr, /^sepay: The demo needs a PORT of its own, and the next one for its webhooks\.\n$/)
  })
})

/** Starts it beside settings of a real platform, which it must not touch, and waits until it says where to click. */
async function startDemo(directory: string, args: readonly string[] = []): Promise<Demo> {
  const port = await findFreePortPair()
  const env = { PORT: String(port), DATABASE_URL: "postgres://somebody@127.0.0.1:1/of-a-real-platform" }
  const program = startProgram(["demo", ...args], { directory, env })
  try {
    await until(() => {
      if (program.hasEnded()) throw new Error(`The demo ended:\n${program.stdout()}\n${program.stderr()}`)
      return program.stdout().includes("Ctrl-C ends it")
    }, "where to click")
  } catch (error) {
    await program.kill9()
    throw error
  }
  const said = program.stdout()
  const lines = [...said.matchAll(/^ {2}(\S+@demo\.example) +(.+)$/gm)]
  return {
    program,
    url: `http://localhost:${port}`,
    people: new Map(lines.map(([, email = "", who = ""]) => [who, email])),
    password: /the password of everybody is {2}(\S+)/.exec(said)?.[1] ?? "",
  }
}

async function signIn({ url, people, password }: Demo, who: string): Promise<Visitor> {
  const visitor = makeVisitor(url)
  const answer = await visitor.submit("/login", "/login", { email: people.get(who), password })
  assert.equal(answer.status, 303, who)
  return visitor
}

/** The highest id among the transactions that the overview shows. */
async function newestOnOverview(visitor: Visitor): Promise<number> {
  const { status, text } = await visitor.get("/dashboard")
  assert.equal(status, 200)
  const ids = [...text.matchAll(/class="money-row[^>]*data-id="(\d+)"/g)].map(([, id]) => Number(id))
  assert.ok(ids.length > 0, text)
  return Math.max(...ids)
}

/** The things under a path that a page leads to, each once. */
function idsOf(page: string, path: string): readonly number[] {
  return [...new Set([...page.matchAll(new RegExp(`href="/${path}/(\\d+)"`, "g"))].map(([, id]) => Number(id)))]
}

/** How many rows the demo's database has of what may not be there twice. */
function countRows(directory: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(join(directory, "data", "demo", "sepay.db"), { readOnly: true })
  try {
    const tables = ["companies", "users", "bank_accounts", "feeds", "webhooks", "clients", "grants", "transactions"]
    return Object.fromEntries(
      tables.map((table) => [table, Number(database.prepare(`select count(*) as n from ${table}`).get()?.["n"])]),
    )
  } finally {
    database.close()
  }
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Nothing came of it within ${withinMs} ms: ${what}.`)
    await sleep(100)
  }
}
