import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { parseBookedAt } from "../vietnam-time.ts"
import type { Feed } from "./feed.ts"
import { FeedError } from "./feed-error.hook.ts"
import { toIngestBody } from "./ingest.wire.ts"
import { readRawBody } from "./raw-json.ts"
import { bodyOf, type SignedCalls } from "./signed-call.hook.ts"
import { type Simulation, type SimulationScenario, simulateTransactions } from "./simulator.ts"

const repeatMax = 100
const scenarios: readonly string[] = ["twins", "reversal", "late", "gap", "duplicate"] satisfies SimulationScenario[]

/** Mounts `POST /simulations` of the feed API, for simulator feeds (contract/feeds.md §7). */
export function registerSimulationsRoute(scope: FastifyInstance, context: Context, calls: SignedCalls): void {
  scope.post("/simulations", { config: { surface: "feeds" } }, async (request, reply) => {
    const feed = await calls.require(request, "simulator")
    const body = readRawBody(bodyOf(request), "")
    if (body.kind === "invalid") throw new FeedError("invalid_json", body.message)
    const simulation = readSimulation(body.value, feed)
    const options = { dailyLimit: context.config.simulatorDailyLimit }
    const done = await simulateTransactions(context.db, context.clock, simulation, options)
    for (const { result } of done) context.metrics.transactionsRecorded.inc({ result: result.kind })
    return reply.type("application/json; charset=utf-8").header("cache-control", "no-store").send(toIngestBody(done))
  })
}

function readSimulation(value: unknown, feed: Feed): Simulation {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FeedError("invalid_request", "The body must be a JSON object")
  }
  const fields = value as Readonly<Record<string, unknown>>
  const errors: Record<string, readonly string[]> = {}
  const take = <T>(name: string, isRight: (given: unknown) => given is T, wanted: string): T | undefined => {
    const given = fields[name] ?? undefined
    if (given === undefined || isRight(given)) return given
    errors[name] = [`${name} must be ${wanted}`]
    return undefined
  }
  const accountId = take("bank_account_id", isInteger, "an integer")
  const amountVnd = take("amount", isInteger, "an integer above 0")
  const content = take("content", isText, "a string")
  const direction = take("transfer_type", isDirection, "in or out")
  const vaNumber = take("va_number", isText, "a string")
  const bookedAt = parseBookedAt(take("booked_at", isTime, "a time such as 2026-01-15T09:00:00+07:00") ?? "")?.at
  const scenario = take("scenario", isScenario, `one of ${scenarios.join(", ")}`)
  const count = take("repeat", isRepeat, `an integer from 1 to ${repeatMax}`)
  for (const name of ["bank_account_id", "transfer_type", "amount", "content"]) {
    if (fields[name] === undefined || fields[name] === null) errors[name] = [`${name} is required`]
  }
  const [first] = Object.values(errors)
  if (first !== undefined) throw new FeedError("invalid_request", first[0] ?? "", { errors })
  return {
    accountId: accountId ?? 0,
    amountVnd: amountVnd ?? 0,
    content: content ?? "",
    direction: direction ?? "in",
    ...(vaNumber !== undefined && { vaNumber }),
    ...(bookedAt !== undefined && { bookedAt }),
    ...(scenario !== undefined && { scenario }),
    ...(count !== undefined && { count }),
    companyId: feed.companyId,
    feed,
  }
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value)
const isText = (value: unknown): value is string => typeof value === "string"
const isDirection = (value: unknown): value is "in" | "out" => value === "in" || value === "out"
const isTime = (value: unknown): value is string => isText(value) && parseBookedAt(value) !== undefined
const isScenario = (value: unknown): value is SimulationScenario => isText(value) && scenarios.includes(value)
const isRepeat = (value: unknown): value is number => isInteger(value) && value >= 1 && value <= repeatMax
