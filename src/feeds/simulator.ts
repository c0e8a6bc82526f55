import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { Observation, RecordResult } from "../banking/observation.ts"
import { type Clock, type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { CompanyId } from "../ids.ts"
import { toVnd, type Vnd } from "../money.ts"
import { Refusal } from "../refusal.ts"
import { vietnamDay } from "../vietnam-time.ts"
import { type Feed, findFeedOfKind, insertFeed } from "./feeds.store.ts"
import { type IngestedItem, recordItem } from "./ingest.ts"
import { countSimulations, findSimulatedAccount, type SimulatedAccount } from "./simulations.store.ts"

/** Situations a bank brings about that a receiver must survive (contract/feeds.md §7). */
export type SimulationScenario = "twins" | "reversal" | "late" | "gap" | "duplicate"

/** What to simulate, once or `count` times. */
export interface Simulation {
  readonly accountId: number
  /** Above 0; the direction says which way it goes. */
  readonly amountVnd: number
  readonly content: string
  readonly direction?: "in" | "out"
  readonly vaNumber?: string
  /** The time of recording if left out. */
  readonly bookedAt?: Instant
  readonly scenario?: SimulationScenario
  readonly count?: number
  /** At most so many a second; as fast as they go if left out. */
  readonly ratePerSecond?: number
  /** Only accounts of this company are known; undefined for the operator's command line. */
  readonly companyId?: CompanyId
  /** The feed that asks; without it the company's own simulator feed, made if need be. */
  readonly feed?: Feed
}

/** How many simulated transactions a company may have a day, and the ear that hears of each. */
export interface SimulationOptions {
  /** Undefined: as many as wanted (`SIMULATOR_DAILY_LIMIT=off`). */
  readonly dailyLimit: number | undefined
  readonly onRecorded?: (done: IngestedItem) => void
}

/**
 * Records transactions of a test account as a bank would send them, through `recordTransaction` (contract/feeds.md §7).
 * Each step of a scenario is a result of its own.
 *
 * The whole number is counted against the day's quota first: over it, nothing is recorded.
 * @throws Refusal not_found, forbidden (a live account), invalid, quota_exceeded
 */
export async function simulateTransactions(
  db: Database,
  clock: Clock,
  simulation: Simulation,
  options: SimulationOptions,
): Promise<readonly IngestedItem[]> {
  const { count = 1, ratePerSecond } = simulation
  const account = await getTestAccount(db, simulation)
  checkSimulation(simulation, count)
  const steps = Array.from({ length: count }, () => planSteps(simulation, clock.now()))
  const feed = simulation.feed ?? (await ensureSimulatorFeed(db, clock.now(), account))
  await takeQuota(db, clock.now(), { companyId: account.companyId, limit: options.dailyLimit, steps })
  const results: IngestedItem[] = []
  const startedAt = performance.now()
  for (const [index, round] of steps.entries()) {
    if (ratePerSecond !== undefined) await sleepUntil(startedAt + (index * 1000) / ratePerSecond)
    for (const step of round) {
      const done = await recordStep(db, clock, { feed, account, step })
      options.onRecorded?.(done)
      results.push(done)
    }
  }
  return results
}

async function sleepUntil(time: number): Promise<void> {
  const restMs = time - performance.now()
  if (restMs > 0) await sleep(restMs)
}

async function getTestAccount(db: Database, simulation: Simulation): Promise<SimulatedAccount> {
  const account = await findSimulatedAccount(db, simulation.accountId)
  const isForeign = simulation.companyId !== undefined && account?.companyId !== simulation.companyId
  if (account === undefined || isForeign) throw new Refusal("not_found", "There is no such bank account.")
  if (account.mode !== "test") throw new Refusal("forbidden", "A live account takes no simulated transactions.")
  return account
}

const countMax = 1_000_000

function checkSimulation(simulation: Simulation, count: number): void {
  const { amountVnd, content, vaNumber = "", ratePerSecond } = simulation
  const errors: Record<string, readonly string[]> = {}
  if (!Number.isSafeInteger(amountVnd) || amountVnd < 1) errors["amount"] = ["Must be a whole number above 0."]
  if (!isText(content, 1000)) errors["content"] = ["Must be at most 1000 characters of valid Unicode without U+0000."]
  if (!isText(vaNumber, 64)) errors["va_number"] = ["Must be at most 64 characters of valid Unicode without U+0000."]
  if (!Number.isInteger(count) || count < 1 || count > countMax) errors["count"] = [`Must be 1 to ${countMax}.`]
  if (ratePerSecond !== undefined && !(ratePerSecond > 0)) errors["rate"] = ["Must be above 0."]
  if (Object.keys(errors).length > 0) {
    const [name = "", texts = []] = Object.entries(errors)[0] ?? []
    throw new Refusal("invalid", `${name}: ${texts[0]}`, { errors })
  }
}

function isText(text: string, lengthMax: number): boolean {
  return text.isWellFormed() && !text.includes("\0") && [...text].length <= lengthMax
}

type Step = (
  now: Instant,
  account: SimulatedAccount,
) => { readonly sourceId: string; readonly observation: Observation }

/** The observations of one round, in the order they arrive; times and balances are set when each is recorded. */
function planSteps(simulation: Simulation, planned: Instant): readonly Step[] {
  const sign = simulation.direction === "out" ? -1 : 1
  const amount = toVnd(sign * simulation.amountVnd)
  const at = (now: Instant) => simulation.bookedAt ?? now
  const step = (change: Change = {}, reference = newReference()): Step => {
    return (now, current) => ({
      sourceId: reference,
      observation: observe(simulation, { account: current, reference, amount, bookedAt: at(now), ...change }),
    })
  }
  const { scenario } = simulation
  if (scenario === undefined) return [step()]
  const bookedAt = at(planned)
  const original = newReference()
  const repeated = step({ bookedAt })
  const stepsOf: Readonly<Record<SimulationScenario, readonly Step[]>> = {
    twins: [repeated, step({ bookedAt })],
    reversal: [step({}, original), step({ amount: toVnd(-amount), reverses: original })],
    late: [step(), step({ bookedAt: instantAfter(bookedAt, -lateMs) })],
    gap: [step(), step({ lostBefore: amount })],
    duplicate: [repeated, repeated],
  }
  return stepsOf[scenario]
}

const lateMs = 2 * 3_600_000

interface Change {
  readonly amount?: Vnd
  readonly bookedAt?: Instant
  readonly reverses?: string
  /** A movement before this one that the feed never brings. */
  readonly lostBefore?: Vnd
}

interface Movement extends Change {
  readonly account: SimulatedAccount
  readonly reference: string
  readonly amount: Vnd
  readonly bookedAt: Instant
}

function observe(simulation: Simulation, movement: Movement): Observation {
  const { account, reference, amount, bookedAt, reverses, lostBefore } = movement
  const balance = lostBefore === undefined ? undefined : (account.balance ?? 0) + lostBefore + amount
  return {
    ...(reverses === undefined ? { kind: "normal" } : { kind: "reversal", refersTo: reverses }),
    account: account.accountNumber,
    bank: account.bank,
    amount,
    currency: "VND",
    // Beyond 2^53−1 nothing is reported, as where no gap is played nothing is known.
    balanceAfter: Number.isSafeInteger(balance) ? toVnd(balance ?? 0) : undefined,
    balanceKind: "ledger",
    bookedAt,
    precision: "second",
    memo: simulation.content,
    description: "",
    references: [{ kind: "bank", value: reference }],
    vaNumber: simulation.vaNumber,
    status: "booked",
    confirmed: true,
    sourceId: reference,
  }
}

/** `SB` and 12 upper-case hex digits (contract/feeds.md §7). */
function newReference(): string {
  return `SB${randomBytes(6).toString("hex").toUpperCase()}`
}

interface StepToRecord {
  readonly feed: Feed
  readonly account: SimulatedAccount
  readonly step: Step
}

async function recordStep(db: Database, clock: Clock, { feed, account, step }: StepToRecord): Promise<IngestedItem> {
  const now = clock.now()
  const current = (await findSimulatedAccount(db, account.id)) ?? account
  const { sourceId, observation } = step(now, current)
  const text = JSON.stringify(observation)
  const result: RecordResult = await recordItem(db, now, {
    feed,
    observation,
    identity: sourceId,
    text,
    assumedBalance: toVnd(0),
  })
  return { sourceId, result }
}

async function ensureSimulatorFeed(db: Database, now: Instant, account: SimulatedAccount): Promise<Feed> {
  const wanted = { companyId: account.companyId, mode: account.mode, kind: "simulator" } as const
  const known = await findFeedOfKind(db, wanted)
  if (known !== undefined) return known
  // Of two that come here at once each makes one; which one is used does not matter.
  await transaction(db, (tx) => insertFeed(tx, { ...wanted, name: "Simulator", bankAccountIds: undefined, now }))
  const made = await findFeedOfKind(db, wanted)
  if (made === undefined) throw new Error("A simulator feed was neither found nor made.")
  return made
}

interface Quota {
  readonly companyId: CompanyId
  readonly limit: number | undefined
  readonly steps: readonly (readonly Step[])[]
}

async function takeQuota(db: Database, now: Instant, { companyId, limit, steps }: Quota): Promise<void> {
  const count = steps.reduce((sum, round) => sum + round.length, 0)
  const day = vietnamDay(now)
  const isWithin = await transaction(db, (tx) =>
    countSimulations(tx, { companyId, day, count, limit: limit ?? Number.MAX_SAFE_INTEGER }),
  )
  if (isWithin) return
  throw new Refusal("quota_exceeded", `A company may simulate ${limit} transactions a day.`)
}
