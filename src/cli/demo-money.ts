import type { Loop } from "../background.ts"
import { type Instant, instantAfter } from "../clock.ts"
import type { Context } from "../context.ts"
import { ingestItems, noteFeedSeen } from "../feeds/ingest.ts"
import { readRawBody } from "../feeds/raw-json.ts"
import type { DemoCompany } from "./demo-company.ts"

const historyDays = 45
const transactionsADay = 6
const itemsACall = 100
const dayMs = 24 * 3600 * 1000
const arrivesEveryMs = 4000

const people = ["NGUYEN VAN AN", "TRAN THI BINH", "LE HOANG CUONG", "PHAM THU DUNG", "VO MINH EM", "DANG QUOC GIANG"]
const purchases = ["tien dien", "tien thue mat bang", "nhap hang dot 3", "phi van chuyen", "mua bao bi"]

interface PushedItem {
  readonly source_id: string
  readonly account_number: string
  readonly transfer_type: "in" | "out"
  readonly amount: number
  /** What the bank says the account holds then; from the first such item on the sums follow. */
  readonly balance_after?: number
  readonly booked_at: string
  readonly content: string
  readonly reference: string
}

/** Invents the past of a new demo company, and the loop that lets money arrive every few seconds, as its bank would push it. */
export async function createDemoMoney(context: Context, company: DemoCompany): Promise<Loop> {
  const now = context.clock.now()
  if (company.isNew) {
    const count = historyDays * transactionsADay
    // In the order of time, so that balances follow.
    const times = Array.from({ length: count }, (_, index) => {
      return instantAfter(now, Math.round(-historyDays * dayMs + (index / count) * historyDays * dayMs))
    })
    const opening = company.accountNumbers.map((accountNumber) => openingItem(accountNumber, times[0] ?? now))
    await push(context, company, [...opening, ...times.map((at) => inventItem(company, at))])
  }
  return {
    name: "demo money",
    everyMs: arrivesEveryMs,
    once: true,
    run: () => push(context, company, [inventItem(company, context.clock.now())]),
  }
}

async function push({ clock, db }: Context, company: DemoCompany, made: readonly PushedItem[]): Promise<void> {
  for (let first = 0; first < made.length; first += itemsACall) {
    const items = made.slice(first, first + itemsACall)
    const body = readRawBody(Buffer.from(JSON.stringify({ items })), "items")
    if (body.kind === "invalid") throw new Error(body.message)
    await ingestItems(db, clock.now(), company.feed, body.items ?? [])
  }
  await noteFeedSeen(db, clock.now(), company.feed)
}

function openingItem(accountNumber: string, at: Instant): PushedItem {
  const amount = 60_000_000
  return {
    source_id: `demo-${accountNumber}`,
    account_number: accountNumber,
    transfer_type: "in",
    amount,
    balance_after: amount,
    booked_at: new Date(at).toISOString(),
    content: "Chu so huu gop von",
    reference: `FT${accountNumber}`,
  }
}

function inventItem({ accountNumbers }: DemoCompany, at: Instant): PushedItem {
  const isIn = Math.random() < 0.8
  const number = String(100_000 + Math.floor(Math.random() * 900_000))
  return {
    source_id: `demo-${at}-${number}`,
    account_number: pick(isIn ? accountNumbers : accountNumbers.slice(-1)),
    transfer_type: isIn ? "in" : "out",
    amount: 1000 * (isIn ? 50 + Math.floor(Math.random() * 2950) : 200 + Math.floor(Math.random() * 1800)),
    booked_at: new Date(at).toISOString(),
    content: isIn ? `${pick(people)} thanh toan DH${number}` : `CK ${pick(purchases)}`,
    reference: `FT${number}${String(at).slice(-4)}`,
  }
}

function pick<T>(list: readonly T[]): T {
  const picked = list[Math.floor(Math.random() * list.length)]
  if (picked === undefined) throw new RangeError("There is nothing to pick from.")
  return picked
}
