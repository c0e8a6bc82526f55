import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { importStatement, type NotifyMode } from "../../src/feeds/import-statement.ts"
import type { BankAccountId } from "../../src/ids.ts"
import { type JudgedWebhook, judge, listChecks, type TransactionFacts } from "../../src/webhooks/filter.ts"
import type { VaFilter } from "../../src/webhooks/webhook.ts"
import { mt940, opened } from "../feeds/made-statement.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount, aSubAccount } from "../support/make.ts"
import { type DeliveryLife, startDeliveryLife } from "./delivery-life.ts"

/** The table of contract/webhooks.md §6 once more, row by row as it is written there. */
function verdictByTheTable(webhook: JudgedWebhook, facts: TransactionFacts, silent: boolean): string {
  const { bankMode, bankAccountIds, accounts, eventType, prefixFilters } = webhook
  const own = accounts.filter((account) => account.bankAccountId === facts.bankAccountId)
  const va: VaFilter = (bankMode === "multi" ? own[0] : undefined) ?? webhook
  const vaRows = new Map<string, boolean>([
    ["none 0", true],
    ["none 1", false],
    ["x all", true],
    ["x list", va.bankSubAccountIds.some((id) => id === facts.subAccountId)],
    ["x none", false],
  ])
  const vaRow = facts.subAccountId === null ? `none ${Number(va.onlyVa)}` : `x ${va.vaMode}`
  const rows: readonly (readonly [passes: boolean | undefined, verdict: string])[] = [
    [webhook.active, "inactive"],
    [!silent, "import_silent"],
    [bankMode === "all" ? true : bankAccountIds.some((id) => id === facts.bankAccountId), "account"],
    [vaRows.get(vaRow), "va"],
    [{ All: ["in", "out"], In_only: ["in"], Out_only: ["out"] }[eventType].includes(facts.direction), "direction"],
    [!webhook.skipIfNoCode || typeof facts.code === "string", "no_code"],
    [
      prefixFilters.length === 0 || prefixFilters.some((prefix) => facts.code?.slice(0, prefix.length) === prefix),
      "prefix",
    ],
  ]
  return rows.find(([passes]) => passes !== true)?.[1] ?? "sent"
}

const vaFilters: readonly VaFilter[] = [false, true].flatMap((onlyVa) =>
  (["all", "list", "none"] as const).map((vaMode) => ({
    onlyVa,
    vaMode,
    bankSubAccountIds: vaMode === "list" ? [71, 72] : [],
  })),
)
const accountFilters = [
  { bankMode: "all", bankAccountIds: [], accounts: [] },
  { bankMode: "single", bankAccountIds: [1], accounts: [] },
  { bankMode: "multi", bankAccountIds: [1, 2], accounts: [] },
  ...vaFilters.map((own) => ({
    ...{ bankMode: "multi" as const, bankAccountIds: [1, 2] },
    accounts: [{ bankAccountId: 1, ...own }],
  })),
] as const

function* everyWebhook(): Generator<JudgedWebhook> {
  for (const accounts of accountFilters)
    for (const va of vaFilters)
      for (const eventType of ["All", "In_only", "Out_only"] as const)
        for (const skipIfNoCode of [false, true])
          for (const prefixFilters of [[], ["DH"], ["dh", "SEVQR"]])
            for (const active of [true, false])
              yield { ...accounts, ...va, eventType, skipIfNoCode, prefixFilters, active }
}

const everyFacts: readonly TransactionFacts[] = [1, 2, 3].flatMap((bankAccountId) =>
  [null, 71, 73].flatMap((subAccountId) =>
    (["in", "out"] as const).flatMap((direction) =>
      [null, "DH100245", "dh1", "D", "SEVQR01"].map((code) => ({ bankAccountId, subAccountId, direction, code })),
    ),
  ),
)

describe("the filter", () => {
  it("gives the verdict of the first check that fails, in every combination (contract/webhooks.md §6)", (t) => {
    const seen = new Map<string, number>()
    for (const webhook of everyWebhook()) {
      for (const facts of everyFacts) {
        for (const silent of [false, true]) {
          const verdict = judge(webhook, facts, silent)
          if (verdict !== verdictByTheTable(webhook, facts, silent)) {
            assert.equal(verdict, verdictByTheTable(webhook, facts, silent), JSON.stringify({ webhook, facts, silent }))
          }
          seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
        }
      }
    }
    assert.equal(seen.size, 8)
    t.diagnostic(JSON.stringify(Object.fromEntries(seen)))
  })

  it("lists checks whose first failure is the verdict", () => {
    let count = 0
    for (const webhook of everyWebhook()) {
      // Each webhook meets another part of the transactions: all of them would only take longer.
      for (const facts of everyFacts.filter((_, index) => index % 9 === count % 9)) {
        const silent = count % 2 === 0
        const failed = listChecks(webhook, facts, silent).find(({ passed }) => !passed)
        assert.equal(failed?.verdict ?? "sent", judge(webhook, facts, silent))
      }
      count += 1
    }
  })
})

interface Explained {
  readonly decided: { readonly verdict: string; readonly config_version: number } | null
  readonly now: { readonly verdict: string }
  readonly deliveries: readonly unknown[]
}

onEachEngine((engine) => {
  let life: DeliveryLife
  before(async () => {
    // Of the time of the made statements, so that they are recent.
    life = await startDeliveryLife(engine.databaseUrl(), { start: "2025-12-11T06:00:00Z" })
  })
  after(() => life.stop())

  const verdictsOf = async (transactionId: number): Promise<Map<number, readonly [number, string]>> => {
    const { db } = life.ground.app.context
    const event = await db
      .selectFrom("events")
      .select("verdicts")
      .where("transaction_id", "=", transactionId)
      .executeTakeFirstOrThrow()
    const list = JSON.parse(event.verdicts) as [number, number, string][]
    return new Map(list.map(([id, version, verdict]) => [id, [version, verdict]]))
  }
  const explained = async (webhookId: number, transactionId: number): Promise<Explained> => {
    const answer = await life.ground.caller.get(`/webhooks/${webhookId}/explain?transaction_id=${transactionId}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.json<{ data: Explained }>().data
  }
  const deliveryRows = (webhookId: number) =>
    life.ground.app.context.db.selectFrom("deliveries").selectAll().where("webhook_id", "=", webhookId).execute()

  it("verdicts are stored with the event, and explain tells what happened", async () => {
    const { ground } = life
    const { url } = await life.aReceiver()
    const { db } = ground.app.context
    const other = await aBankAccount(db, { companyId: ground.companyId })
    const subAccountId = await aSubAccount(db, { bankAccountId: ground.accountId, number: "96247SHOP1" })
    const wanted: readonly (readonly [fields: Record<string, unknown>, plain: string, onVa: string, out: string])[] = [
      [{}, "sent", "sent", "sent"],
      [{ active: 0 }, "inactive", "inactive", "inactive"],
      [{ bank_mode: "single", bank_account_id: other }, "account", "account", "account"],
      [{ only_va: 1 }, "va", "sent", "va"],
      [{ va_mode: "none" }, "sent", "va", "sent"],
      [
        { bank_mode: "single", bank_account_id: ground.accountId, bank_sub_account_ids: [subAccountId] },
        ...all("sent"),
      ],
      [{ event_type: "In_only" }, "sent", "sent", "direction"],
      [{ skip_if_no_code: 1 }, "sent", "sent", "no_code"],
      [{ prefix_filters: ["dh"] }, "prefix", "prefix", "prefix"],
      [{ prefix_filters: ["DH"] }, "sent", "sent", "prefix"],
    ]
    const webhooks: { id: number; verdicts: readonly string[] }[] = []
    for (const [fields, ...verdicts] of wanted) {
      webhooks.push({ id: await ground.webhook({ webhook_url: url, ...fields }), verdicts })
    }
    const ids = await ground.push([{}, { va_number: "96247SHOP1" }, { transfer_type: "out", content: "tra luong" }])
    for (const [index, transactionId] of ids.entries()) {
      const stored = await verdictsOf(transactionId)
      for (const { id, verdicts } of webhooks) {
        const verdict = verdicts[index] ?? ""
        assert.deepEqual(stored.get(id), [1, verdict], `webhook ${id}, transaction ${index}`)
        const story = await explained(id, transactionId)
        assert.deepEqual(
          [story.decided?.verdict, story.decided?.config_version, story.now.verdict],
          [verdict, 1, verdict],
        )
        assert.equal(story.deliveries.length, verdict === "sent" ? 1 : 0)
      }
    }
    // What is changed afterwards changes what would be, and not what was.
    const [first] = webhooks
    const [transactionId] = ids
    assert.ok(first !== undefined && transactionId !== undefined)
    await life.call("PATCH", `/webhooks/${first.id}`, { event_type: "Out_only" })
    const story = await explained(first.id, transactionId)
    assert.deepEqual([story.decided?.verdict, story.now.verdict], ["sent", "direction"])
    const younger = await ground.webhook({ webhook_url: url })
    assert.equal((await explained(younger, transactionId)).decided, null)
    for (const { id } of webhooks) await life.call("DELETE", `/webhooks/${id}`)
    await life.call("DELETE", `/webhooks/${younger}`)
  })

  function all(verdict: string): [string, string, string] {
    return [verdict, verdict, verdict]
  }

  describe("a file that is imported (contract/feeds.md §5.4)", () => {
    const load = async (file: string, accountId: number, notify: NotifyMode, force = false) => {
      const { db, clock } = life.ground.app.context
      const account = { id: accountId as BankAccountId }
      const open = opened(file, 65_536)
      const result = await importStatement(db, clock, {
        open,
        fileName: "f.sta",
        account,
        importedBy: "test",
        notify,
        force,
      })
      if (result.kind === "already_imported") return "already imported"
      assert.ok(result.kind === "imported", JSON.stringify(result))
      return result.inserted
    }
    const anAccount = async () => {
      const { db } = life.ground.app.context
      const number = `77${Math.floor(Math.random() * 1e9)}`
      return { id: await aBankAccount(db, { companyId: life.ground.companyId, number, bank: "ACB" }), number }
    }
    const transactionsOf = (accountId: number) =>
      life.ground.app.context.db
        .selectFrom("transactions")
        .select(["id", "booked_day"])
        .where("bank_account_id", "=", accountId)
        .orderBy("id")
        .execute()

    for (const [notify, told] of [
      ["none", 0],
      ["recent", 2],
      ["all", 3],
    ] as const) {
      it(`with ${notify} tells of ${told} of an old line and two recent ones, once, however often it comes`, async () => {
        const receiver = await life.aReceiver()
        const account = await anAccount()
        const id = await life.ground.webhook({
          ...{ webhook_url: receiver.url, bank_mode: "single", bank_account_id: account.id },
        })
        const lines = [{ amount: 100, day: "01" }, { amount: 200 }, { amount: 300 }].map((line, index) => {
          return { ...line, reference: `N${index}`, memo: `dong ${index}` }
        })
        const file = mt940(account.number, { lines })
        assert.equal(await load(file, account.id, notify), 3)
        await life.untilNothingIsDue(id)
        assert.equal(await load(file, account.id, notify), "already imported")
        assert.equal(await load(file, account.id, "all", true), 0)
        await life.untilNothingIsDue(id)
        const transactions = await transactionsOf(account.id)
        for (const [index, transaction] of transactions.entries()) {
          const isTold = index >= 3 - told
          const verdict = (await verdictsOf(transaction.id)).get(id)?.[1]
          assert.equal(verdict, isTold ? "sent" : "import_silent")
          const story = await explained(id, transaction.id)
          assert.deepEqual([story.decided?.verdict, story.deliveries.length], [verdict, isTold ? 1 : 0])
        }
        assert.equal(transactions.length, 3)
        assert.equal(receiver.received.length, told)
        await life.call("DELETE", `/webhooks/${id}`)
      })
    }

    it("of 1,200 lines reaches three webhooks with every line they want, once", async () => {
      const account = await anAccount()
      const scope = { bank_mode: "single", bank_account_id: account.id }
      const receivers = [await life.aReceiver(), await life.aReceiver(), await life.aReceiver()]
      const filters = [{}, { event_type: "In_only" }, { prefix_filters: ["DH"] }]
      const ids: number[] = []
      for (const [index, filter] of filters.entries()) {
        ids.push(await life.ground.webhook({ webhook_url: receivers[index]?.url, ...scope, ...filter }))
      }
      const lines = Array.from({ length: 1200 }, (_, index) => ({
        amount: index % 3 === 0 ? -1000 - index : 1000 + index,
        reference: `L${index}`,
        memo: index % 4 === 0 ? `DH${100_000 + index} tra tien` : `chuyen tien ${index}`,
      }))
      assert.equal(await load(mt940(account.number, { opening: 10_000_000, lines }), account.id, "all"), 1200)
      for (const id of ids) {
        while ((await life.due(id)).length > 0) await life.attempts(id, (await deliveryRows(id)).length)
      }
      const transactions = await transactionsOf(account.id)
      const wanted = [
        transactions,
        transactions.filter((_, index) => index % 3 !== 0),
        transactions.filter((_, index) => index % 4 === 0),
      ]
      for (const [index, receiver] of receivers.entries()) {
        const arrived = receiver.received.map(({ body }) => JSON.parse(body.toString()).id as number)
        assert.deepEqual(
          arrived.toSorted((a, b) => a - b),
          wanted[index]?.map((transaction) => transaction.id),
        )
      }
    })
  })
})
