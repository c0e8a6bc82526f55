import assert from "node:assert/strict"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { suite, test } from "node:test"
import {
  type BankCapability,
  bankImages,
  findBank,
  findBankCapability,
  listBanks,
  newestCapability,
} from "../../src/banking/bank.ts"
import { parseDay, type VietnamDay } from "../../src/vietnam-time.ts"

const contract = readFileSync(new URL("../../docs/contract/feeds.md", import.meta.url), "utf8")
const images = new URL("../../src/http/assets/images/banklogo/", import.meta.url)

function day(text: string): VietnamDay {
  const parsed = parseDay(text)
  assert(parsed !== undefined)
  return parsed
}

function capabilityOf(name: string): BankCapability {
  const bank = findBank(name)
  assert(bank !== undefined, name)
  const capability = findBankCapability(bank, day("2026-07-04"))
  assert(capability !== undefined, name)
  return capability
}

suite("banks (contract/feeds.md §9)", () => {
  test("the table holds exactly the banks of the contract, in its order", () => {
    const list = /short_name code bin: ([^\n]+)/.exec(contract)?.[1]
    assert(list !== undefined)
    assert.deepEqual(
      listBanks().map((bank) => `${bank.shortName} ${bank.code} ${bank.bin}`),
      list.split("; "),
    )
  })

  test("a bank is found by short name, code and BIN in any case, and no key names two banks", () => {
    for (const bank of listBanks()) {
      for (const key of [bank.shortName, bank.code, bank.bin]) {
        assert.equal(findBank(key), bank, key)
        assert.equal(findBank(key.toLowerCase()), bank, key)
        assert.equal(findBank(key.toUpperCase()), bank, key)
      }
    }
    assert.equal(findBank("Nobank"), undefined)
    assert.equal(findBank(""), undefined)
  })

  test("every bank has its own official name, in composed Unicode", () => {
    const names = listBanks().map((bank) => bank.fullName)
    assert.equal(new Set(names).size, names.length)
    for (const name of names) {
      assert.match(name, /^Ngân hàng .+/)
      assert.equal(name, name.normalize("NFC"))
    }
    assert.equal(findBank("VCB")?.fullName, "Ngân hàng TMCP Ngoại Thương Việt Nam")
  })

  test("capabilities say what the contract's table says", () => {
    const row = (name: string) => {
      const { officialVa, moneyIn, moneyOut, memoWord } = capabilityOf(name)
      return [officialVa.personal, officialVa.enterprise, moneyIn, moneyOut, memoWord]
    }
    for (const name of ["ACB", "MBBank"]) {
      assert.deepEqual(row(name), ["optional", "optional", true, false, undefined])
    }
    assert.deepEqual(row("BIDV"), ["required", "optional", true, false, undefined])
    for (const name of ["MSB", "KienLongBank", "OCB"]) {
      assert.deepEqual(row(name), ["required", "required", true, false, undefined])
    }
    for (const name of ["Sacombank", "TPBank"]) {
      assert.deepEqual(row(name), ["none", "none", true, true, undefined])
    }
    assert.deepEqual(row("VietinBank"), ["none", "optional", true, true, "SEVQR"])
    assert.deepEqual(capabilityOf("VietinBank").memoWordHolders, ["personal", "household"])
    assert.deepEqual(row("VPBank"), ["none", "none", true, false, undefined])
    assert.deepEqual(row("ABBANK"), [undefined, undefined, true, undefined, "SEVQR"])
  })

  test("a bank that the capability table leaves out has none", () => {
    const bank = findBank("Vietcombank")
    assert(bank !== undefined)
    assert.equal(findBankCapability(bank, day("2026-07-04")), undefined)
  })

  test("of several entries the newest that has begun holds", () => {
    const bank = findBank("BIDV")
    assert(bank !== undefined)
    const first = capabilityOf("BIDV")
    const second = { ...first, validFrom: day("2026-01-01"), moneyOut: true }
    const third = { ...first, validFrom: day("2027-01-01"), memoWord: "SEVQR" }
    const entries = [third, first, second]
    assert.equal(newestCapability(entries, bank, day("2025-12-31")), first)
    assert.equal(newestCapability(entries, bank, day("2026-01-01")), second)
    assert.equal(newestCapability(entries, bank, day("2026-12-31")), second)
    assert.equal(newestCapability(entries, bank, day("2027-01-01")), third)
  })

  test("every bank has an icon of 128×128 and a logo of 320×128, small PNG files, and no file is left over", () => {
    const expected = listBanks().flatMap((bank) => {
      const { icon, logo } = bankImages(bank)
      assert.deepEqual(pngSize(icon), [128, 128], icon)
      assert.deepEqual(pngSize(logo), [320, 128], logo)
      return [icon, logo]
    })
    assert.deepEqual(readdirSync(images).sort(), expected.sort())
    for (const name of expected) assert(statSync(new URL(name, images)).size < 8192, name)
    assert(expected.includes("vietcombank-icon.png") && expected.includes("vietcombank.png"))
  })
})

/** Width and height of the IHDR chunk. */
function pngSize(name: string): [number, number] {
  const bytes = readFileSync(new URL(name, images))
  assert.equal(bytes.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n", name)
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}
