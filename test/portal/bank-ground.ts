import assert from "node:assert/strict"
import { sql } from "kysely"
import { createDefaultPaymentCodeTemplate } from "../../src/banking/payment-code-settings.ts"
import { transaction } from "../../src/database/engine.ts"
import type { CompanyId } from "../../src/ids.ts"
import { type Answer, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import type { OAuthSite, TestUser } from "../support/oauth-site.ts"

/** Signs a user in, in a browser of their own. */
export async function signedIn(url: string, user: TestUser): Promise<Visitor> {
  const visitor = makeVisitor(url)
  const answer = await visitor.submit("/login", "/login", { email: user.email, password: user.password })
  assert.equal(answer.status, 303)
  return visitor
}

/** What of a form must be sent along, read from its page: token, key, version. */
export async function hiddenFields(visitor: Visitor, page: string, action: string): Promise<Record<string, string[]>> {
  return readForm((await visitor.get(page)).text, action)
}

/** Sends a statement file by the upload form of an account; `changes` replaces or, with undefined, leaves out fields. */
export async function uploadFile(
  site: string,
  visitor: Visitor,
  accountId: number,
  file: { readonly name: string; readonly content: string | Uint8Array<ArrayBuffer> },
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  const path = `/bank-accounts/${accountId}/import`
  const isWhole = changes["csrf_token"] !== undefined && changes["form_key"] !== undefined
  const read: Record<string, string[]> = isWhole ? {} : await hiddenFields(visitor, path, path)
  const fields = { csrf_token: read["csrf_token"]?.[0], form_key: read["form_key"]?.[0], ...changes }
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.append(name, value)
  body.append("file", new Blob([file.content]), file.name)
  return visitor.send(path, { method: "POST", body, headers: { origin: new URL(site).origin } })
}

/** Gives a company its first templates, as sign-up does. */
export function addDefaultTemplates({ app }: OAuthSite, { companyId }: TestUser): Promise<void> {
  return transaction(app.context.db, (tx) => createDefaultPaymentCodeTemplate(tx, companyId as CompanyId))
}

/** How many rows a table has that fit a condition. */
export async function countRows({ app }: OAuthSite, table: string, where = sql`1 = 1`): Promise<number> {
  const query = sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where ${where}`
  const { rows } = await query.execute(app.context.db)
  return Number(rows[0]?.n)
}
