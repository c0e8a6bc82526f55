import type { Instant } from "../clock.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { EndpointWish } from "./claim-deliveries.ts"
import type { Lane } from "./delivery.ts"
import {
  beginFlight,
  countUsage,
  type Endpoint,
  endFlight,
  type Flight,
  isProven,
  type LaneLimits,
  newEndpoint,
  reserve,
  retriesOf,
  roomOf,
  shareOfUnproven,
} from "./lanes.ts"

const mostClaimedAtOnce = 200

/** A call that begins. */
export interface BegunCall {
  readonly webhookId: WebhookId
  readonly mode: Mode
  readonly lane: Lane
}

/** What one process knows of its endpoints: which may have work, and what each has under way. */
export interface EndpointBoard {
  knows(webhookId: WebhookId): boolean
  add(webhookId: WebhookId, mode: Mode): void
  /** It may have work that is due. */
  markReady(webhookId: WebhookId): void
  hasReady(): boolean
  /** How much to claim of which endpoint, at most 200 in all; those that are asked are ready no longer. */
  chooseWishes(now: Instant): EndpointWish[]
  /** Notes that a call began; the function it returns notes its end. */
  begin(call: BegunCall, now: Instant): (delivered: boolean, endedAt: Instant) => void
  /** Drops endpoints about which there is nothing to remember. */
  forgetIdle(now: Instant): void
}

/** Makes the board of a process. */
export function createEndpointBoard(limits: LaneLimits): EndpointBoard {
  const endpoints = new Map<WebhookId, Endpoint>()
  const ready = new Set<WebhookId>()

  function chooseWishes(now: Instant): EndpointWish[] {
    const usage = countUsage(endpoints.values(), now)
    const wishes: EndpointWish[] = []
    let left = mostClaimedAtOnce
    const asking = [...ready].flatMap((webhookId) => endpoints.get(webhookId) ?? [])
    const share = shareOfUnproven(usage, limits, asking.filter((endpoint) => !isProven(endpoint, now)).length)
    for (const endpoint of asking) {
      if (left <= 0) break
      const { webhookId } = endpoint
      const room = roomOf(endpoint, usage, limits, now)
      const all = Math.min(room.all, left, isProven(endpoint, now) ? left : share)
      if (all <= 0) continue
      // What a claim takes of them at most: the room for retries is shared, and a wish must not hold more of it.
      const retry = Math.min(room.retry, retriesOf(all))
      wishes.push({ webhookId, all, retry })
      reserve(usage, endpoint, { first: all - retry, retry }, now)
      left -= all
    }
    for (const { webhookId } of wishes) ready.delete(webhookId)
    return wishes
  }

  function begin({ webhookId, mode, lane }: BegunCall, now: Instant) {
    // It may have been forgotten as idle while the claim was made.
    const endpoint = endpoints.get(webhookId) ?? newEndpoint(webhookId, mode)
    endpoints.set(webhookId, endpoint)
    const flight: Flight = beginFlight(endpoint, lane, now)
    return (delivered: boolean, endedAt: Instant) => endFlight(endpoint, flight, delivered, endedAt)
  }

  return {
    knows: (webhookId) => endpoints.has(webhookId),
    add: (webhookId, mode) => {
      if (!endpoints.has(webhookId)) endpoints.set(webhookId, newEndpoint(webhookId, mode))
    },
    markReady: (webhookId) => void ready.add(webhookId),
    hasReady: () => ready.size > 0,
    chooseWishes,
    begin,
    forgetIdle: (now) => {
      for (const [webhookId, { flights, provenUntil, slow }] of endpoints) {
        if (flights.size === 0 && now >= provenUntil && !slow && !ready.has(webhookId)) endpoints.delete(webhookId)
      }
    },
  }
}
