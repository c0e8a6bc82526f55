import { prepared, type Queries } from "../database/engine.ts"

/** A line of a file, read and marked, waiting for the one database transaction that records all. */
export interface StagedLine {
  readonly import_id: number
  readonly ordinal: number
  readonly line: number
  readonly statement_index: number
  readonly bank_account_id: number
  readonly feed_id: number
  /** Without its ordinal within the day, which is known only when the lines are recorded. */
  readonly identity: string
  readonly fingerprint: string
  readonly content: string
  readonly status: string
  readonly kind: string
  readonly transaction_uuid: string
  readonly event_uuid: string
  readonly booked_at: number
  readonly booked_day: number
  readonly precision: string
  readonly amount: number
  readonly balance_after: number | null
  readonly balance_source: string | null
  readonly memo: string
  readonly description: string
  readonly reference: string | null
  readonly code: string | null
  readonly sub_account_id: number | null
  readonly sub_account_number: string | null
  readonly payload_middle: string
  readonly payload_end: string
}

type Values = Readonly<Record<string, string | number | null>>

// Rows of one statement: enough to share its cost, few enough to be bound (27 values each).
const rowsAStatement = 50

const insertMany = insertRows(rowsAStatement)
const insertOne = insertRows(1)

function insertRows(count: number) {
  return prepared<Values, never>((db, parameter) => {
    const rows = Array.from({ length: count }, (_, index) =>
      Object.fromEntries(columns.map((column) => [column, parameter(`${column}${index}`)])),
    )
    return db.insertInto("staged_lines").values(rows as unknown as StagedLine[]) as never
  })
}

const columns: readonly (keyof StagedLine)[] = [
  "import_id",
  "ordinal",
  "line",
  "statement_index",
  "bank_account_id",
  "feed_id",
  "identity",
  "fingerprint",
  "content",
  "status",
  "kind",
  "transaction_uuid",
  "event_uuid",
  "booked_at",
  "booked_day",
  "precision",
  "amount",
  "balance_after",
  "balance_source",
  "memo",
  "description",
  "reference",
  "code",
  "sub_account_id",
  "sub_account_number",
  "payload_middle",
  "payload_end",
]

/** Inserts staged lines, many to a statement. */
export async function insertStagedLines(tx: Queries, lines: readonly StagedLine[]): Promise<void> {
  let start = 0
  for (; start + rowsAStatement <= lines.length; start += rowsAStatement) {
    await insertMany(tx, valuesOf(lines.slice(start, start + rowsAStatement)))
  }
  for (const line of lines.slice(start)) await insertOne(tx, valuesOf([line]))
}

function valuesOf(lines: readonly StagedLine[]): Values {
  const values: Record<string, string | number | null> = {}
  for (const [index, line] of lines.entries()) {
    for (const column of columns) values[`${column}${index}`] = line[column]
  }
  return values
}

/** Takes the derived balances of a statement back: its lines do not add up to its closing balance. */
export async function clearDerivedBalances(tx: Queries, importId: number, from: number, to: number): Promise<void> {
  await tx
    .updateTable("staged_lines")
    .set({ balance_after: null, balance_source: null })
    .where("import_id", "=", importId)
    .where("ordinal", ">=", from)
    .where("ordinal", "<=", to)
    .where("balance_source", "=", "derived")
    .execute()
}

/** Deletes at most `most` staged lines of an import and answers whether any were left to delete. */
export async function deleteStagedLines(tx: Queries, importId: number, most: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("staged_lines")
    .where("import_id", "=", importId)
    .where("ordinal", "in", (query) =>
      query.selectFrom("staged_lines").select("ordinal").where("import_id", "=", importId).limit(most),
    )
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** What a preview shows of a staged line. */
export interface PreviewLine {
  readonly line: number
  readonly bookedAt: number
  readonly amount: number
  readonly balanceAfter: number | null
  readonly memo: string
  readonly reference: string | null
  readonly code: string | null
  readonly subAccount: string | null
  /** True when the line is a new transaction, false when it is known or pending. */
  readonly isNew: boolean
}

/** The first lines of an import, or the first of those treated as known. */
export async function selectPreview(
  tx: Queries,
  importId: number,
  wanted: { readonly onlyKnown: boolean; readonly most: number },
): Promise<readonly PreviewLine[]> {
  const rows = await tx
    .selectFrom("staged_lines")
    .select([
      "line",
      "booked_at as bookedAt",
      "amount",
      "balance_after as balanceAfter",
      "memo",
      "reference",
      "code",
      "sub_account_number as subAccount",
      "transaction_id as transactionId",
    ])
    .where("import_id", "=", importId)
    .$if(wanted.onlyKnown, (query) => query.where("transaction_id", "is", null).where("status", "=", "booked"))
    .orderBy("ordinal")
    .limit(wanted.most)
    .execute()
  return rows.map(({ transactionId, ...row }) => ({ ...row, isNew: transactionId !== null }))
}
