import type { Queries } from "../database/engine.ts"
import type { BankAccountId } from "../ids.ts"

/** An import as its record keeps it; `errors` and `skipped` are JSON lists. */
export interface ImportRecord {
  readonly id: number
  readonly companyId: number
  readonly fileName: string
  readonly sheet: string | null
  readonly format: string
  readonly state: string
  readonly notify: string
  readonly bytesRead: number
  readonly linesRead: number
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
  readonly ignored: number
  readonly errors: string | null
  readonly skipped: string | null
  readonly importedBy: string
  readonly createdAt: number
  readonly finishedAt: number | null
}

const importColumns = [
  "statement_imports.id",
  "statement_imports.company_id as companyId",
  "statement_imports.file_name as fileName",
  "statement_imports.sheet",
  "statement_imports.format",
  "statement_imports.state",
  "statement_imports.notify",
  "statement_imports.bytes_read as bytesRead",
  "statement_imports.lines_read as linesRead",
  "statement_imports.inserted",
  "statement_imports.duplicates",
  "statement_imports.pending",
  "statement_imports.ignored",
  "statement_imports.errors",
  "statement_imports.skipped",
  "statement_imports.imported_by as importedBy",
  "statement_imports.created_at as createdAt",
  "statement_imports.finished_at as finishedAt",
] as const

const ended = ["recorded", "refused"]

function importsInto(db: Queries, companyId: number, bankAccountId: BankAccountId) {
  return db
    .selectFrom("statement_imports")
    .innerJoin("feeds", "feeds.id", "statement_imports.feed_id")
    .select(importColumns)
    .where("feeds.company_id", "=", companyId)
    .where("feeds.kind", "=", "statement")
    .where("feeds.bank_account_ids", "=", JSON.stringify([bankAccountId]))
    .where("statement_imports.state", "in", ended)
}

/** The newest ended imports of files for one account. */
export async function selectImports(
  db: Queries,
  { companyId, bankAccountId, most }: { companyId: number; bankAccountId: BankAccountId; most: number },
): Promise<readonly ImportRecord[]> {
  const query = importsInto(db, companyId, bankAccountId).orderBy("statement_imports.id", "desc").limit(most)
  return await query.execute()
}

/** An ended import of a file for that account. */
export async function selectImport(
  db: Queries,
  { companyId, bankAccountId, id }: { companyId: number; bankAccountId: BankAccountId; id: number },
): Promise<ImportRecord | undefined> {
  return await importsInto(db, companyId, bankAccountId).where("statement_imports.id", "=", id).executeTakeFirst()
}

/** The statements that an import recorded, in the order of the file. */
export async function selectStatementsOf(db: Queries, importId: number) {
  return await db
    .selectFrom("statements")
    .select(["id", "number", "from_day as fromDay", "to_day as toDay", "opening", "closing"])
    .where("import_id", "=", importId)
    .orderBy("id")
    .limit(200)
    .execute()
}
