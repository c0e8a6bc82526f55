import { type Instant, instantAfter } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { insertCall, selectCalls } from "./calls.store.ts"
import { lockCompany } from "./webhooks.store.ts"

/** What a company may do ten times a minute (contract/webhooks.md §9). */
export type LimitedCall = "replay" | "test"

const mostAMinute = 10
const minuteMs = 60_000

/**
 * Counts a call, in the caller's database transaction: any 60 seconds hold ten at most, on all nodes together.
 *
 * @throws Refusal too_many, with the seconds to wait
 */
export async function takeCall(tx: Queries, companyId: number, kind: LimitedCall, now: Instant): Promise<void> {
  // Two calls at once would both be the tenth.
  await lockCompany(tx, companyId)
  const calls = await selectCalls(tx, { companyId, kind, after: instantAfter(now, -minuteMs) })
  if (calls.length < mostAMinute) return insertCall(tx, { companyId, kind, now })
  const [oldest = now] = calls.slice(calls.length - mostAMinute)
  const retryAfterSeconds = Math.max(1, Math.ceil((oldest + minuteMs - now) / 1000))
  const what = kind === "replay" ? "replays" : "test sends"
  throw new Refusal("too_many", `At most ${mostAMinute} ${what} a minute`, { retryAfterSeconds })
}
