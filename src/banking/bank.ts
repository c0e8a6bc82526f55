import assert from "node:assert/strict"
import { parseDay, type VietnamDay } from "../vietnam-time.ts"
import table from "./banks.json" with { type: "json" }

/** A bank of the table at the end of contract/feeds.md §9. */
export interface Bank {
  readonly shortName: string
  readonly code: string
  /** Six digits of the card networks; banks have changed theirs, so it names a bank only as of now. */
  readonly bin: string
  /** Official Vietnamese name. */
  readonly fullName: string
}

/** Who holds an account: a person, a household business (hộ kinh doanh) or a company. */
export type HolderKind = "personal" | "household" | "enterprise"

/** Whether money of a holder must, may or cannot arrive through a VA that the bank issued. */
export type OfficialVaUse = "required" | "optional" | "none"

/**
 * What a bank lets us see, from one day on (contract/feeds.md §9). It drives forms, warnings and the simulator and
 * refuses nothing: undefined is "not known", and a feed may bring what the table doesn't expect.
 */
export interface BankCapability {
  /** Short name of the bank. */
  readonly bank: string
  /** First day it holds; undefined for as long as the bank has been listed. */
  readonly validFrom: VietnamDay | undefined
  readonly officialVa: Readonly<Record<HolderKind, OfficialVaUse | undefined>>
  readonly moneyIn: boolean | undefined
  readonly moneyOut: boolean | undefined
  /** Holders who are told to use memo VAs. */
  readonly memoVa: readonly HolderKind[]
  /** A word the bank wants at the start of the memo, and whose transfers need it. */
  readonly memoWord: string | undefined
  readonly memoWordHolders: readonly HolderKind[]
}

const banks: readonly Bank[] = table.banks.map((row) => ({
  shortName: row.short_name,
  code: row.code,
  bin: row.bin,
  fullName: row.full_name,
}))

// Short names go in last, so that they win should a code ever equal another bank's short name.
const banksByName = new Map([
  ...banks.map((bank) => [bank.bin, bank] as const),
  ...banks.map((bank) => [bank.code.toLowerCase(), bank] as const),
  ...banks.map((bank) => [bank.shortName.toLowerCase(), bank] as const),
])

const capabilities: readonly BankCapability[] = table.capabilities.map((row) => ({
  bank: row.bank,
  validFrom: row.valid_from === null ? undefined : realDay(row.valid_from),
  officialVa: {
    personal: officialVaUse(row.official_va.personal),
    household: officialVaUse(row.official_va.household),
    enterprise: officialVaUse(row.official_va.enterprise),
  },
  moneyIn: row.money_in ?? undefined,
  moneyOut: row.money_out ?? undefined,
  memoVa: row.memo_va.map(holderKind),
  memoWord: row.memo_word ?? undefined,
  memoWordHolders: row.memo_word_holders.map(holderKind),
}))

/** All banks, in the order of the table. */
export function listBanks(): readonly Bank[] {
  return banks
}

/** Finds a bank by short name, code or BIN, in any case. */
export function findBank(name: string): Bank | undefined {
  return banksByName.get(name.toLowerCase())
}

/** What a bank is known to do on a day; undefined for a bank the capability table leaves out. */
export function findBankCapability(bank: Bank, day: VietnamDay): BankCapability | undefined {
  return newestCapability(capabilities, bank, day)
}

/** The entry of a capability table that holds for a bank on a day: the newest that has begun. */
export function newestCapability(
  entries: readonly BankCapability[],
  bank: Bank,
  day: VietnamDay,
): BankCapability | undefined {
  return entries
    .filter((entry) => entry.bank === bank.shortName && (entry.validFrom ?? 0) <= day)
    .toSorted((a, b) => (b.validFrom ?? 0) - (a.validFrom ?? 0))[0]
}

/** File names of a bank's square icon and wide logo under `/assets/images/banklogo/` (contract/api.md §6). */
export function bankImages(bank: Bank): { readonly icon: string; readonly logo: string } {
  const slug = bank.shortName.toLowerCase()
  return { icon: `${slug}-icon.png`, logo: `${slug}.png` }
}

function realDay(text: string): VietnamDay {
  const day = parseDay(text)
  assert(day !== undefined, `banks.json: ${text} is not a day`)
  return day
}

function officialVaUse(text: string | null): OfficialVaUse | undefined {
  if (text === null) return undefined
  assert(text === "required" || text === "optional" || text === "none", `banks.json: no such VA use: ${text}`)
  return text
}

function holderKind(text: string): HolderKind {
  assert(text === "personal" || text === "household" || text === "enterprise", `banks.json: no such holder: ${text}`)
  return text
}
