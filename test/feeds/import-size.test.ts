import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { importStatement } from "../../src/feeds/import-statement.ts"
import { onEachEngine } from "../support/engines.ts"
import { aCompany, anAccount, checkInvariants, type FeedGround, openGround } from "./feed-ground.ts"
import { mt940, opened } from "./made-statement.ts"

const LINES = process.env["SOAK"] === "1" ? 1_000_000 : 12_000

/** A statement of many lines, made as it is read. */
async function* makeStatement(account: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`:20:BIG\n:25:${account}\n:28C:1/1\n:60F:C251201VND0,\n`)
  let sum = 0
  for (let start = 0; start < LINES; start += 200) {
    let text = ""
    for (let index = start; index < start + 200; index++) {
      const amount = 1000 + (index % 977)
      const day = String(1 + (index % 28)).padStart(2, "0")
      sum += amount
      text += `:61:2512${day}12${day}C${amount},NTRFNONREF//FT${index}\n:86:DH${100_000 + (index % 1000)} tra tien hang\n`
    }
    yield Buffer.from(text)
  }
  yield Buffer.from(`:62F:C251228VND${sum},\n-\n`)
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
}

onEachEngine((engine) => {
  describe("a large statement", () => {
    let ground: FeedGround
    before(async () => {
      ground = await openGround(engine.databaseUrl())
    })
    after(() => ground.stop())

    it("is imported with memory that does not grow with it (contract/feeds.md §5.1)", async (t) => {
      const account = await anAccount(ground.db, await aCompany(ground.db))
      const heapMib: number[] = []
      let nextAt = LINES / 10
      const startedAt = performance.now()
      const result = await importStatement(ground.db, ground.clock, {
        open: () => makeStatement(account.number),
        fileName: "big.sta",
        account: { id: account.id },
        importedBy: "test",
        onProgress: ({ rows, stage }) => {
          if (stage === "reading" && rows < nextAt) return
          nextAt += LINES / 10
          collectGarbage()
          heapMib.push(process.memoryUsage().heapUsed / 2 ** 20)
        },
      })
      const seconds = (performance.now() - startedAt) / 1000
      t.diagnostic(`${engine.name}: ${Math.round(LINES / seconds)} lines/s`)
      t.diagnostic(`heap in MiB: ${heapMib.map((mib) => mib.toFixed(1)).join(" ")}`)
      assert.ok(result.kind === "imported")
      assert.deepEqual([result.inserted, result.gaps], [LINES, []])
      assert.ok(heapMib.length >= 9)
      const [first = 0] = heapMib
      assert.ok(Math.max(...heapMib) < first + 8, "the heap stays within 8 MiB of its size after a tenth of the file")
      await checkInvariants(ground.db)
    })

    it("whose amounts add up to more than can be counted is refused at the line that is too much", async () => {
      const account = await anAccount(ground.db, await aCompany(ground.db))
      const amount = Number.MAX_SAFE_INTEGER
      const lines = Array.from({ length: 600 }, (_, index) => ({ amount: index % 2 === 0 ? amount : -amount }))
      const importOf = (count: number) =>
        importStatement(ground.db, ground.clock, {
          open: opened(mt940(account.number, { lines: lines.slice(0, count) })),
          fileName: "vast.sta",
          account: { id: account.id },
          importedBy: "test",
        })
      const refused = await importOf(600)
      assert.ok(refused.kind === "refused")
      // Four lines of head, two a movement: the 513th passes 2^62.
      assert.deepEqual([refused.errors[0]?.reason, refused.errors[0]?.line], ["bad_amount", 4 + 2 * 512 + 1])
      const taken = await importOf(500)
      assert.deepEqual(taken.kind === "imported" && taken.inserted, 500)
      await checkInvariants(ground.db)
    })
  })
})
