import assert from "node:assert/strict"
import { suite, test } from "node:test"
import {
  bareAccountNumber,
  compileVirtualAccounts,
  findVirtualAccount,
  isMemoVirtualAccount,
} from "../../src/banking/virtual-account.ts"

const accounts = compileVirtualAccounts(
  ["VCB0011MAU001", "963-2.4 88", "TKP001", "TKP0012", "TKPABC"].map((accountNumber) => ({ accountNumber })),
)

function matched(paid: { vaNumber?: string; account?: string; memo?: string }): string | undefined {
  return findVirtualAccount(accounts, { account: "0011002233445", memo: "", ...paid })?.accountNumber
}

suite("virtual accounts (contract/feeds.md §9)", () => {
  const memos: readonly [memo: string, number: string | undefined][] = [
    ["TKP001 DH100245", "TKP001"],
    ["TKP001DH100245", "TKP001"],
    ["tkp001 tra tien", "TKP001"],
    ["MBVCB.77.TKP001.CT tu 0011", "TKP001"],
    ["TKP 001", "TKP001"],
    ["TKP-001", "TKP001"],
    ["TKP  001", undefined],
    ["TKP.001", undefined],
    ["TKP00123", "TKP0012"],
    ["TKP00X1", undefined],
    ["TKP999 TKPABC TKP001", "TKPABC"],
    ["TKPTKP001", "TKP001"],
    ["TKP ẠBC", "TKPABC"],
    ["001", undefined],
    ["", undefined],
  ]
  for (const [memo, number] of memos) {
    test(`the memo "${memo}" is paid to ${number}`, () => assert.equal(matched({ memo }), number))
  }

  test("the number a feed names matches an official VA, as VA or as account, spaces, dots and dashes aside", () => {
    assert.equal(matched({ vaNumber: "VCB0011MAU001" }), "VCB0011MAU001")
    assert.equal(matched({ account: "VCB 0011-MAU.001" }), "VCB0011MAU001")
    assert.equal(matched({ vaNumber: "9632488" }), "963-2.4 88")
    assert.equal(matched({ vaNumber: "09632488" }), undefined, "a leading zero is part of the number")
  })

  test("an official VA beats the memo, and an unknown number leaves the memo to decide", () => {
    assert.equal(matched({ vaNumber: "VCB0011MAU001", memo: "TKP001" }), "VCB0011MAU001")
    assert.equal(matched({ vaNumber: "VCB9999", memo: "TKP001" }), "TKP001")
  })

  test("an official VA is never found by its number in a memo", () => {
    assert.equal(matched({ memo: "VCB0011MAU001" }), undefined)
  })

  test("an account without active VAs matches nothing", () => {
    const none = compileVirtualAccounts<{ accountNumber: string }>([])
    assert.equal(findVirtualAccount(none, { account: "TKP001", memo: "TKP001" }), undefined)
  })

  test("a memo VA is TKP and 3 to 10 upper-case letters or digits", () => {
    for (const number of ["TKP001", "TKPABCDEFGHIJ"]) assert.equal(isMemoVirtualAccount(number), true, number)
    for (const number of ["TKP01", "TKPABCDEFGHIJK", "tkp001", "TKP-001", "XTKP001"]) {
      assert.equal(isMemoVirtualAccount(number), false, number)
    }
  })

  test("account numbers stay text", () => {
    assert.equal(bareAccountNumber(" 00 11–22.33-44\u00a055 "), "001122334455")
  })
})
