import assert from "node:assert/strict"
import { it } from "node:test"
import { type Instant, instantAfter } from "../../src/clock.ts"
import { DatabaseUnavailable } from "../../src/database/engine.ts"
import type { WebhookId } from "../../src/ids.ts"
import { createEndpointBoard } from "../../src/webhooks/endpoint-board.ts"
import { createResultWriter } from "../../src/webhooks/result-writer.ts"

const limits = { fast: 256, slow: 1024, endpoint: 64 }
const now = 1_768_446_000_000 as Instant
const id = (number: number) => number as WebhookId

it("a call may begin for an endpoint that was forgotten as idle while its claim was made", () => {
  const board = createEndpointBoard(limits)
  board.add(id(1), "live")
  board.markReady(id(1))
  assert.deepEqual(
    board.chooseWishes(now).map(({ webhookId }) => webhookId),
    [1],
  )
  board.forgetIdle(instantAfter(now, 2000))
  const land = board.begin({ webhookId: id(1), mode: "live", lane: "first" }, instantAfter(now, 2001))
  assert.ok(board.knows(id(1)))
  land(true, instantAfter(now, 2100))
})

it("twenty endpoints that are asked for first attempts leave room for the retries of the next one", () => {
  const board = createEndpointBoard(limits)
  for (let number = 1; number <= 21; number++) {
    board.add(id(number), "live")
    board.markReady(id(number))
  }
  const wish = board.chooseWishes(now).find(({ webhookId }) => webhookId === 21)
  assert.ok(wish !== undefined && wish.retry > 0)
})

it("a result that can never be written is given up, so that its lease is not renewed for ever", async () => {
  for (const batch of [["bad"], ["good", "bad", "fine"]]) {
    const written: string[] = []
    const lost: string[] = []
    let isAway = true
    const writer = createResultWriter<string>(
      async (items) => {
        if (isAway) throw new DatabaseUnavailable("away")
        if (items.includes("bad")) throw new Error("22P05")
        written.push(...items)
      },
      () => {},
      (item) => void lost.push(item),
    )
    for (const item of batch) writer.add(item)
    await writer.flush()
    assert.deepEqual([lost, writer.waiting()], [[], batch.length])
    isAway = false
    await writer.flush()
    assert.deepEqual(lost, ["bad"])
    assert.deepEqual(
      written,
      batch.filter((item) => item !== "bad"),
    )
  }
})
