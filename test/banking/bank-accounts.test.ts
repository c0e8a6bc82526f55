import assert from "node:assert/strict"
import { after, before, it } from "node:test"
import { createBankAccount, listConsentAccounts } from "../../src/banking/bank-account.ts"
import { bankAccountAnswer, bankAccountsAnswer, subAccountsAnswer } from "../../src/banking/bank-accounts.wire.ts"
import { createSubAccount } from "../../src/banking/sub-account.ts"
import { Refusal } from "../../src/refusal.ts"
import { onEachEngine } from "../support/engines.ts"
import { aBankAccount, aCompany, aSubAccount } from "../support/make.ts"
import { type ApiSite, aCaller, type Caller, startApiSite } from "./api-site.ts"

function refusal(reason: string, field?: string): (error: unknown) => boolean {
  return (error) => {
    assert(error instanceof Refusal, String(error))
    assert.equal(error.reason, reason)
    assert.deepEqual(Object.keys(error.details.errors ?? {}), field === undefined ? [] : [field])
    return true
  }
}

onEachEngine((engine) => {
  let site: ApiSite
  before(async () => {
    site = await startApiSite(engine.databaseUrl())
  })
  after(() => site.close())

  async function idsOf(caller: Caller, query = ""): Promise<number[]> {
    const answer = await caller.get(`/bank-accounts${query}`)
    assert.equal(answer.status, 200)
    return bankAccountsAnswer.parse(answer.json()).data.map(({ id }) => id)
  }

  it("shows the grant's accounts only: company, mode and chosen ones, newest first, in lists and by id", async () => {
    const { db } = site.context
    const companyId = await aCompany(db)
    const [a, b, c] = [
      await aBankAccount(db, { companyId }),
      await aBankAccount(db, { companyId }),
      await aBankAccount(db, { companyId, active: 0 }),
    ]
    const test = await aBankAccount(db, { companyId, mode: "test" })
    const foreign = await aBankAccount(db, { companyId: await aCompany(db) })
    const cases: [caller: Caller, visible: number[]][] = [
      [await aCaller(site, { companyId }), [c, b, a]],
      [await aCaller(site, { companyId, bankAccountIds: [a, c] }), [c, a]],
      [await aCaller(site, { companyId, bankAccountIds: [foreign, test] }), []],
      [await aCaller(site, { companyId, bankAccountIds: [] }), []],
      [await aCaller(site, { companyId, mode: "test" }), [test]],
    ]
    for (const [caller, visible] of cases) {
      assert.deepEqual(await idsOf(caller), visible)
      for (const id of [a, b, c, test, foreign]) {
        const [account, subs] = [
          await caller.get(`/bank-accounts/${id}`),
          await caller.get(`/bank-accounts/${id}/sub-accounts`),
        ]
        assert.deepEqual([account.status, subs.status], visible.includes(id) ? [200, 200] : [404, 404])
        if (visible.includes(id)) assert.equal(bankAccountAnswer.parse(account.json()).data.active, id !== c)
      }
    }
  })

  it("pages, beyond the last page too, and answers a limit above 100 with 100", async () => {
    const { db } = site.context
    const companyId = await aCompany(db)
    const ids: number[] = []
    for (let count = 0; count < 5; count++) ids.unshift(await aBankAccount(db, { companyId }))
    const caller = await aCaller(site, { companyId })
    assert.deepEqual(await idsOf(caller, "?limit=2&page=2"), ids.slice(2, 4))
    const beyond = bankAccountsAnswer.parse((await caller.get("/bank-accounts?limit=2&page=9")).json())
    assert.deepEqual(beyond, {
      status: "success",
      data: [],
      meta: { pagination: { total: 5, per_page: 2, current_page: 9, last_page: 3 } },
    })
    const wide = bankAccountsAnswer.parse((await caller.get("/bank-accounts?limit=5000")).json())
    assert.equal(wide.meta.pagination.per_page, 100)
    const empty = await aCaller(site, { companyId: await aCompany(db) })
    const none = bankAccountsAnswer.parse((await empty.get("/bank-accounts")).json())
    assert.deepEqual(none.meta.pagination, { total: 0, per_page: 20, current_page: 1, last_page: 1 })
  })

  it("lists sub-accounts newest first, and a brand name where one is set", async () => {
    const { db } = site.context
    const companyId = await aCompany(db)
    const id = await aBankAccount(db, { companyId, brand_name: "VCB Digibank" })
    const subs = [
      await aSubAccount(db, { bankAccountId: id, number: "TKP001", kind: "memo" }),
      await aSubAccount(db, { bankAccountId: id, number: "VA7", active: 0 }),
    ]
    const caller = await aCaller(site, { companyId })
    const page = subAccountsAnswer.parse((await caller.get(`/bank-accounts/${id}/sub-accounts?limit=1`)).json())
    assert.deepEqual([page.data[0]?.id, page.data[0]?.active, page.meta.pagination.total], [subs[1], false, 2])
    const { bank } = bankAccountAnswer.parse((await caller.get(`/bank-accounts/${id}`)).json()).data
    assert.deepEqual([bank.brand_name, bank.short_name], ["VCB Digibank", "Vietcombank"])
    assert.equal(bank.icon_url, `${site.context.config.url}/assets/images/banklogo/vietcombank-icon.png`)
  })

  it("links an account by short name, code or BIN, once per company and mode however its number is written", async () => {
    const { db, clock } = site.context
    const companyId = await aCompany(db)
    const draft = {
      companyId,
      bank: "vcb",
      accountNumber: "0011 0022-33.445",
      holderName: " CÔNG TY ",
      mode: "live",
    } as const
    const id = await createBankAccount(db, clock.now(), draft)
    const caller = await aCaller(site, { companyId })
    const { data } = bankAccountAnswer.parse((await caller.get(`/bank-accounts/${id}`)).json())
    assert.deepEqual(
      [data.account_number, data.account_holder_name, data.bank.code],
      ["0011 0022-33.445", "CÔNG TY", "VCB"],
    )

    for (const bank of ["Vietcombank", "970436"]) {
      const again = { ...draft, bank, accountNumber: "0011002233445" }
      await assert.rejects(createBankAccount(db, clock.now(), again), refusal("conflict"))
    }
    await createBankAccount(db, clock.now(), { ...draft, mode: "test" })
    await createBankAccount(db, clock.now(), { ...draft, bank: "ACB" })
    await createBankAccount(db, clock.now(), { ...draft, companyId: await aCompany(db) })
    for (const [wrong, field] of [
      [{ bank: "Nobank" }, "bank"],
      [{ accountNumber: "12" }, "number"],
      [{ accountNumber: "12345/6" }, "number"],
      [{ holderName: " " }, "holder"],
      [{ label: "a\nb" }, "label"],
    ] as const) {
      await assert.rejects(createBankAccount(db, clock.now(), { ...draft, ...wrong }), refusal("invalid", field))
    }
    const nowhere = { ...draft, companyId: 999_999 }
    await assert.rejects(createBankAccount(db, clock.now(), nowhere), refusal("not_found"))
    const listed = await listConsentAccounts(db, companyId)
    assert.deepEqual(
      listed.map(({ mode, bankName, bankIcon }) => [mode, bankName, bankIcon]),
      [
        ["live", "Vietcombank", "/assets/images/banklogo/vietcombank-icon.png"],
        ["test", "Vietcombank", "/assets/images/banklogo/vietcombank-icon.png"],
        ["live", "ACB", "/assets/images/banklogo/acb-icon.png"],
      ],
    )
  })

  it("gives an official number to one account of the company alone, a memo code to each that wants it", async () => {
    const { db, clock } = site.context
    const companyId = await aCompany(db)
    const [one, other] = [await aBankAccount(db, { companyId }), await aBankAccount(db, { companyId })]
    const create = (accountId: number, accountNumber: string): Promise<number> =>
      createSubAccount(db, clock.now(), { accountId, accountNumber })
    await create(one, "VQR001")
    await assert.rejects(create(one, "vqr-001"), refusal("conflict"))
    await assert.rejects(create(other, "VQR 001"), refusal("conflict"))
    await create(one, "tkp001")
    await create(other, "TKP001")
    await assert.rejects(create(other, "TKP001"), refusal("conflict"))
    await assert.rejects(create(999_999, "VA1"), refusal("not_found"))
    await assert.rejects(create(one, "đ"), refusal("invalid", "number"))
    const caller = await aCaller(site, { companyId })
    const { data } = subAccountsAnswer.parse((await caller.get(`/bank-accounts/${one}/sub-accounts`)).json())
    assert.deepEqual(
      data.map(({ account_number }) => account_number),
      ["TKP001", "VQR001"],
    )
  })

  it("lets one of twenty that link the same number at once win", async () => {
    const { db, clock } = site.context
    const companyId = await aCompany(db)
    const draft = { companyId, bank: "ACB", accountNumber: "7777", holderName: "X", mode: "live" } as const
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => createBankAccount(db, clock.now(), draft)),
    )
    const refused = results.filter((result) => result.status === "rejected")
    assert.equal(refused.length, 19)
    for (const { reason } of refused) refusal("conflict")(reason)
  })
})
