import assert from "node:assert/strict"
import type { ServerResponse } from "node:http"
import { startApp, type TestApp } from "../support/app.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { answerSuccess, type Received, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

/** The whole platform under a clock that a test moves, with what its database says of deliveries. */
export interface DeliveryLife {
  readonly ground: DeliveryGround
  readonly clock: FakeClock
  aReceiver(): Promise<Receiver>
  /** Another node on the same database and clock. */
  anotherNode(): Promise<TestApp>
  /** The attempts of a webhook, in the order they were logged, once there are so many. */
  attempts(webhookId: number, count: number): Promise<readonly AttemptRow[]>
  deliveries(webhookId: number): Promise<readonly { readonly state: string; readonly reason: string | null }[]>
  due(webhookId: number): Promise<readonly { readonly due_at: number; readonly claim_id: string | null }[]>
  untilNothingIsDue(webhookId: number): Promise<void>
  /** Waits until the next attempt of the webhook is scheduled and held by nobody, and moves the clock there. */
  moveToNextDue(webhookId: number): Promise<void>
  /** Calls the management API as somebody whose token is valid at this time of the clock. */
  call(method: "PATCH" | "POST" | "DELETE", path: string, body?: unknown): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

export interface AttemptRow {
  readonly n: number
  readonly attempt_number: number
  readonly class: string
  readonly started_at: number
  readonly ended_at: number
  readonly next_retry_at: number | null
}

const withinMs = 15_000

/** Waits until something is so; `what` says what, should it never be. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, `in vain waited until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A request that a receiver has not answered yet. */
export interface HeldRequest {
  readonly received: Received
  readonly response: ServerResponse
}

/** Lets the first so many requests hang, and answers later ones at once. */
export function holdFirst(receiver: Receiver, count: number): HeldRequest[] {
  const held: HeldRequest[] = []
  receiver.answer((received, response) => {
    if (held.length < count) held.push({ received, response })
    else answerSuccess(received, response)
  })
  return held
}

/** Starts the platform and its worker, unless it is to be `idle`. */
export async function startDeliveryLife(
  databaseUrl: string,
  options: {
    readonly start?: string
    readonly idle?: boolean
    readonly mode?: "live" | "test"
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Promise<DeliveryLife> {
  const { start, idle = false, mode = "live", env = {} } = options
  const clock = makeFakeClock(start)
  const ground = await startDeliveryGround(databaseUrl, { clock, mode, env })
  const { db } = ground.app.context
  const receivers: Receiver[] = []
  const nodes: TestApp[] = []
  if (!idle) ground.app.worker.start()

  const due: DeliveryLife["due"] = (webhookId) =>
    db.selectFrom("delivery_due").selectAll().where("webhook_id", "=", webhookId).orderBy("due_at").execute()

  return {
    ground,
    clock,
    aReceiver: async () => {
      const receiver = await startReceiver()
      receivers.push(receiver)
      return receiver
    },
    anotherNode: async () => {
      const node = await startApp({ databaseUrl, clock, env: { OUTBOUND_ALLOW_HTTP: "on" } })
      nodes.push(node)
      return node
    },
    attempts: async (webhookId, count) => {
      const select = () =>
        db.selectFrom("attempts").selectAll().where("webhook_id", "=", webhookId).orderBy("n").execute()
      await until(`there are ${count} attempts`, async () => (await select()).length >= count)
      return select()
    },
    deliveries: (webhookId) =>
      db
        .selectFrom("deliveries")
        .select(["state", "reason"])
        .where("webhook_id", "=", webhookId)
        .orderBy("id")
        .execute(),
    due,
    untilNothingIsDue: (webhookId) => until("nothing is due", async () => (await due(webhookId)).length === 0),
    moveToNextDue: async (webhookId) => {
      await until("a retry is scheduled", async () => {
        const rows = await due(webhookId)
        return rows.length > 0 && rows.every((row) => row.claim_id === null && row.due_at > clock.now())
      })
      const [next] = await due(webhookId)
      clock.set((next?.due_at ?? 0) as ReturnType<FakeClock["now"]>)
    },
    call: async (method, path, body) => {
      const caller = await ground.anotherCaller({})
      const headers = body === undefined ? {} : { "content-type": "application/json" }
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
      const answer = await caller.send(path, init)
      assert.ok(answer.status >= 200 && answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
      return answer.json<{ data?: Record<string, unknown> }>().data ?? {}
    },
    stop: async () => {
      // First, so that nobody waits for a request that hangs.
      for (const receiver of receivers) await receiver.close()
      for (const node of nodes) await node.stop()
      await ground.stop()
    },
  }
}
