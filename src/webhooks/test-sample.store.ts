import type { Queries } from "../database/engine.ts"
import type { Mode } from "../ids.ts"

/** What a test send shows of a company (contract/webhooks.md §9). */
export interface TestSample {
  readonly account: { readonly gateway: string; readonly accountNumber: string } | undefined
  /** The first active template of payment codes; undefined when recognition is off, too. */
  readonly template: { readonly prefix: string; readonly suffixFrom: number } | undefined
}

/** Reads what a test send of a webhook shows; `bankAccountId` is the webhook's first account, if it names any. */
export async function selectTestSample(
  db: Queries,
  of: { readonly companyId: number; readonly mode: Mode; readonly bankAccountId: number | undefined },
): Promise<TestSample> {
  const account = await db
    .selectFrom("bank_accounts")
    .select(["bank as gateway", "account_number as accountNumber"])
    .where("company_id", "=", of.companyId)
    .where("mode", "=", of.mode)
    .$if(of.bankAccountId !== undefined, (query) => query.where("id", "=", of.bankAccountId ?? 0))
    .orderBy("id")
    .limit(1)
    .executeTakeFirst()
  const template = await db
    .selectFrom("payment_code_formats as f")
    .innerJoin("companies as c", "c.id", "f.company_id")
    .select(["f.prefix", "f.suffix_from as suffixFrom"])
    .where("f.company_id", "=", of.companyId)
    .where("f.mode", "=", of.mode)
    .where("f.is_active", "=", 1)
    .where("c.payment_codes_on", "=", 1)
    .orderBy("f.position")
    .orderBy("f.id")
    .limit(1)
    .executeTakeFirst()
  return { account, template }
}
