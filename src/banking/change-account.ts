import type { Instant } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import { type LockedAccount, lockBankAccount, lockSubAccount, updateAccount } from "./account-changes.store.ts"
import { checkOptionalLine } from "./account-draft.ts"

/** Who changes an account of their company. */
export interface AccountManager {
  readonly companyId: number
  readonly actor: AuditActor
}

/** What is changed: a bank account, or one of its virtual accounts. */
export interface AccountSubject {
  readonly kind: "bank_account" | "sub_account"
  readonly id: number
}

const actions = {
  bank_account: { rename: "bank_account.rename", on: "bank_account.resume", off: "bank_account.pause" },
  sub_account: { rename: "sub_account.rename", on: "sub_account.reopen", off: "sub_account.close" },
} as const

/**
 * Gives an account, or a virtual account, another label; nothing but spaces takes it away.
 *
 * @param rename `before`: the label its page showed; when it is another by now, somebody else was faster
 * @throws Refusal not_found, invalid (`label`), conflict (changed meanwhile)
 */
export async function renameAccount(
  db: Database,
  now: Instant,
  manager: AccountManager,
  rename: AccountSubject & { readonly label: string; readonly before?: string | undefined },
): Promise<void> {
  const label = checkOptionalLine("label", rename.label)
  await transaction(db, async (tx) => {
    const account = await lockOwn(tx, manager, rename)
    if (rename.before !== undefined && rename.before !== (account.label ?? "")) {
      throw new Refusal("conflict", "The label was changed meanwhile.")
    }
    if (label === account.label) return
    await updateAccount(tx, tableOf(rename), rename.id, { label })
    await recordAudit(tx, now, {
      ...manager,
      action: actions[rename.kind].rename,
      subjectId: rename.id,
      details: { bank_account_id: account.bankAccountId, before: { label: account.label }, after: { label } },
    })
  })
}

/**
 * Pauses an account or lets it go on. A paused account takes no movements: items of feeds are refused as
 * `account_inactive` and files as not active (contract/feeds.md §2). A virtual account that is closed matches no transfer
 * any more (§9).
 *
 * @returns whether that changed anything
 * @throws Refusal not_found
 */
export async function setAccountActive(
  db: Database,
  now: Instant,
  manager: AccountManager,
  { isActive, ...subject }: AccountSubject & { readonly isActive: boolean },
): Promise<boolean> {
  return transaction(db, async (tx) => {
    const account = await lockOwn(tx, manager, subject)
    if (account.isActive === isActive) return false
    await updateAccount(tx, tableOf(subject), subject.id, { isActive })
    await recordAudit(tx, now, {
      ...manager,
      action: actions[subject.kind][isActive ? "on" : "off"],
      subjectId: subject.id,
      details: { bank_account_id: account.bankAccountId },
    })
    return true
  })
}

function tableOf({ kind }: AccountSubject): "bank_accounts" | "sub_accounts" {
  return kind === "bank_account" ? "bank_accounts" : "sub_accounts"
}

async function lockOwn(
  tx: Parameters<typeof lockBankAccount>[0],
  { companyId }: AccountManager,
  { kind, id }: AccountSubject,
): Promise<LockedAccount> {
  const account = await (kind === "bank_account" ? lockBankAccount(tx, id) : lockSubAccount(tx, id))
  if (account?.companyId === companyId) return account
  throw new Refusal("not_found", "There is no such account.")
}
