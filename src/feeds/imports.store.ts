import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, FeedId, Mode } from "../ids.ts"

/** An account that a file can be imported into. */
export interface ImportAccount {
  readonly id: BankAccountId
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly bank: string
  readonly accountNumber: string
  readonly active: number
  readonly subAccountsOn: number
  readonly paymentCodesOn: number
  readonly separatorTolerant: number
}

/** The account of that id, or all accounts of a company and mode. */
export async function selectImportAccounts(
  db: Queries,
  wanted: { readonly id: number } | { readonly companyId: number; readonly mode: Mode },
): Promise<readonly ImportAccount[]> {
  return await db
    .selectFrom("bank_accounts")
    .innerJoin("companies", "companies.id", "bank_accounts.company_id")
    .select([
      "bank_accounts.id",
      "bank_accounts.company_id as companyId",
      "bank_accounts.mode",
      "bank_accounts.bank",
      "bank_accounts.account_number as accountNumber",
      "bank_accounts.active",
      "companies.sub_accounts_on as subAccountsOn",
      "companies.payment_codes_on as paymentCodesOn",
      "companies.separator_tolerant as separatorTolerant",
    ])
    .$if("id" in wanted, (query) => query.where("bank_accounts.id", "=", "id" in wanted ? wanted.id : 0))
    .$if("companyId" in wanted, (query) =>
      "companyId" in wanted
        ? query.where("bank_accounts.company_id", "=", wanted.companyId).where("bank_accounts.mode", "=", wanted.mode)
        : query,
    )
    .orderBy("bank_accounts.id")
    .$castTo<ImportAccount>()
    .execute()
}

/** The import that recorded these bytes first, if one did. */
export async function findRecordedImport(
  db: Queries,
  file: {
    readonly companyId: CompanyId
    readonly sha256: string
    /** Each sheet of a workbook counts as a file of its own. */
    readonly sheet: string | undefined
    readonly accountIds: readonly BankAccountId[] | undefined
  },
): Promise<number | undefined> {
  const rows = await db
    .selectFrom("statement_imports")
    .innerJoin("feeds", "feeds.id", "statement_imports.feed_id")
    .select(["statement_imports.id", "feeds.bank_account_ids as accountIds"])
    .where("statement_imports.company_id", "=", file.companyId)
    .where("statement_imports.sha256", "=", file.sha256)
    .where("statement_imports.sheet", "is not distinct from", file.sheet ?? null)
    .where("statement_imports.state", "=", "recorded")
    .orderBy("statement_imports.id")
    .execute()
  const wanted = file.accountIds === undefined ? null : JSON.stringify(file.accountIds)
  return rows.find((row) => row.accountIds === wanted)?.id
}

/** An import that begins. */
export interface NewImport {
  readonly companyId: CompanyId
  readonly feedId: FeedId
  readonly fileName: string
  readonly sheet: string | undefined
  readonly sha256: string
  readonly size: number
  readonly format: string
  readonly notify: string
  readonly importedBy: string
  readonly parserVersion: number
  readonly now: Instant
}

/** An import with its raw item, whose bytes come in pieces. */
export interface BegunImport {
  readonly importId: number
  readonly rawItemId: number
}

/** Inserts the rows of an import that begins to read its file. */
export async function insertImport(tx: Queries, begun: NewImport): Promise<BegunImport> {
  const raw = await tx
    .insertInto("raw_items")
    .values({
      feed_id: begun.feedId,
      company_id: begun.companyId,
      content: null,
      size: begun.size,
      sha256: begun.sha256,
      parser_version: begun.parserVersion,
      outcome: "staging",
      received_at: begun.now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  const row = await tx
    .insertInto("statement_imports")
    .values({
      company_id: begun.companyId,
      feed_id: begun.feedId,
      raw_item_id: raw.id,
      file_name: begun.fileName,
      sheet: begun.sheet ?? null,
      sha256: begun.sha256,
      format: begun.format,
      notify: begun.notify,
      state: "staging",
      bytes_read: 0,
      lines_read: 0,
      inserted: 0,
      duplicates: 0,
      pending: 0,
      ignored: 0,
      imported_by: begun.importedBy,
      created_at: begun.now,
      progress_at: begun.now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return { importId: row.id, rawItemId: raw.id }
}

/** Keeps the next piece of a file. */
export async function insertPiece(tx: Queries, rawItemId: number, piece: number, content: Uint8Array): Promise<void> {
  await tx.insertInto("raw_item_pieces").values({ raw_item_id: rawItemId, piece, content }).execute()
}

/** Notes how far the reading has come. */
export async function updateProgress(
  tx: Queries,
  importId: number,
  progress: { readonly bytesRead: number; readonly linesRead: number; readonly now: Instant },
): Promise<void> {
  await tx
    .updateTable("statement_imports")
    .set({ bytes_read: progress.bytesRead, lines_read: progress.linesRead, progress_at: progress.now })
    .where("id", "=", importId)
    .execute()
}

/** Locks an import that is still being read; undefined when it was swept. */
export async function lockStagingImport(tx: Queries, importId: number): Promise<BegunImport | undefined> {
  const row = await tx
    .selectFrom("statement_imports")
    .select(["id as importId", "raw_item_id as rawItemId"])
    .where("id", "=", importId)
    .where("state", "=", "staging")
    .forUpdate()
    .executeTakeFirst()
  return row
}

/** Takes an import out of work for good; false when it has ended otherwise. */
export async function markAbandoned(tx: Queries, importId: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("statement_imports")
    .set({ state: "abandoned" })
    .where("id", "=", importId)
    .where("state", "in", ["staging", "abandoned"])
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** How an import ended. */
export interface ImportEnd {
  readonly state: "recorded" | "refused"
  readonly bytesRead: number
  readonly linesRead: number
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
  readonly ignored: number
  readonly format: string
  /** JSON, or null where there are none. */
  readonly errors: string | null
  readonly skipped: string | null
  readonly now: Instant
}

/** Ends an import. */
export async function finishImport(tx: Queries, begun: BegunImport, end: ImportEnd): Promise<void> {
  await tx
    .updateTable("statement_imports")
    .set({
      state: end.state,
      format: end.format,
      bytes_read: end.bytesRead,
      lines_read: end.linesRead,
      inserted: end.inserted,
      duplicates: end.duplicates,
      pending: end.pending,
      ignored: end.ignored,
      errors: end.errors,
      skipped: end.skipped,
      progress_at: end.now,
      finished_at: end.now,
    })
    .where("id", "=", begun.importId)
    .execute()
  await tx.updateTable("raw_items").set({ outcome: end.state }).where("id", "=", begun.rawItemId).execute()
}

/** Forgets an import that left nothing: its row and its bytes. Its staged lines go first. */
export async function deleteImport(tx: Queries, begun: BegunImport): Promise<void> {
  await tx.deleteFrom("raw_item_pieces").where("raw_item_id", "=", begun.rawItemId).execute()
  await tx.deleteFrom("statement_imports").where("id", "=", begun.importId).execute()
  await tx.deleteFrom("raw_items").where("id", "=", begun.rawItemId).execute()
}

/** Imports whose reading stopped before a time, and ended ones that still have staged lines. */
export async function selectAbandonedImports(
  db: Queries,
  before: Instant,
): Promise<readonly (BegunImport & { readonly state: string })[]> {
  return await db
    .selectFrom("statement_imports")
    .select(["id as importId", "raw_item_id as rawItemId", "state"])
    .where((where) =>
      where.or([
        where.and([where("state", "=", "staging"), where("progress_at", "<", before)]),
        where("state", "=", "abandoned"),
        where.and([
          where("state", "in", ["recorded", "refused"]),
          where("id", "in", where.selectFrom("staged_lines").select("import_id").distinct()),
        ]),
      ]),
    )
    .orderBy("id")
    .execute()
}

/** A saved CSV profile as JSON text. */
export async function findProfile(db: Queries, companyId: CompanyId, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("csv_profiles")
    .select("profile")
    .where("company_id", "=", companyId)
    .where("name", "=", name)
    .executeTakeFirst()
  return row?.profile
}

/** The saved CSV profiles of a company as JSON texts, by name. */
export async function selectProfiles(
  db: Queries,
  companyId: CompanyId,
): Promise<readonly { readonly name: string; readonly profile: string }[]> {
  return await db
    .selectFrom("csv_profiles")
    .select(["name", "profile"])
    .where("company_id", "=", companyId)
    .orderBy("name")
    .execute()
}

/** The names under which a company keeps a CSV profile of exactly this JSON text. */
export async function selectProfileNames(
  db: Queries,
  companyId: CompanyId,
  profile: string,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("csv_profiles")
    .select("name")
    .where("company_id", "=", companyId)
    .where("profile", "=", profile)
    .orderBy("id")
    .execute()
  return rows.map((row) => row.name)
}

/** Saves a CSV profile under a name, in place of an earlier one. */
export async function upsertProfile(
  tx: Queries,
  saved: { readonly companyId: CompanyId; readonly name: string; readonly profile: string; readonly now: Instant },
): Promise<void> {
  await tx
    .insertInto("csv_profiles")
    .values({ company_id: saved.companyId, name: saved.name, profile: saved.profile, created_at: saved.now })
    .onConflict((conflict) => conflict.columns(["company_id", "name"]).doUpdateSet({ profile: saved.profile }))
    .execute()
}
