import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

describe("the processes of one instance on SQLite", () => {
  it("write in turns, so that none starves beside one with fifty times the work, and hear each other past a dead one", async () => {
    const file = join(makeTemporaryDirectory(), "sepay.db")
    const program = fileURLToPath(new URL("taking-turns.ts", import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [program, `sqlite:${file}`])
    const result = JSON.parse(stdout) as { commits: number[]; heard: number; announcedAfterMs: number }

    const [least = 0] = result.commits.toSorted((left, right) => left - right)
    assert.ok(least >= 100, `a process committed only ${least} times in two seconds: ${result.commits}`)
    assert.equal(result.heard, 3, "the asker itself and the two that live")
    assert.ok(result.announcedAfterMs < 900, `announced after ${result.announcedAfterMs} ms`)

    const db = new DatabaseSync(file, { readOnly: true })
    const stored = db.prepare("select count(*) as count from commits").get()?.["count"]
    db.close()
    assert.equal(
      stored,
      result.commits.reduce((sum, count) => sum + count, 0),
      "every answered commit is there",
    )
  })
})
