import { prepared, type Queries } from "../database/engine.ts"

/** How far an upload has come (migrations/0010-statement-uploads.ts). */
export type UploadState = "receiving" | "received" | "checking" | "checked" | "importing" | "imported" | "failed"

/** The row of an upload; `choices` and `outcome` are JSON. */
export interface UploadRow {
  readonly id: number
  readonly companyId: number
  readonly bankAccountId: number
  readonly userId: number
  readonly fileName: string
  readonly size: number
  readonly format: string
  readonly state: string
  readonly choices: string
  readonly outcome: string | null
  readonly importId: number | null
  readonly job: string | null
  readonly stage: string
  readonly bytesRead: number
  readonly linesRead: number
  readonly rowCount: number
  readonly progressAt: number
  readonly createdAt: number
}

const uploadColumns = [
  "id",
  "company_id as companyId",
  "bank_account_id as bankAccountId",
  "user_id as userId",
  "file_name as fileName",
  "size",
  "format",
  "state",
  "choices",
  "outcome",
  "import_id as importId",
  "job",
  "stage",
  "bytes_read as bytesRead",
  "lines_read as linesRead",
  "row_count as rowCount",
  "progress_at as progressAt",
  "created_at as createdAt",
] as const

/** Inserts an upload that begins to come in, and answers its id. */
export async function insertUpload(
  tx: Queries,
  now: number,
  upload: Pick<UploadRow, "companyId" | "bankAccountId" | "userId" | "fileName">,
): Promise<number> {
  const { id } = await tx
    .insertInto("statement_uploads")
    .values({
      company_id: upload.companyId,
      bank_account_id: upload.bankAccountId,
      user_id: upload.userId,
      file_name: upload.fileName,
      size: 0,
      format: "unknown",
      state: "receiving",
      choices: "{}",
      stage: "",
      bytes_read: 0,
      lines_read: 0,
      row_count: 0,
      progress_at: now,
      created_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id
}

/** Holds the company until the transaction ends, so that two uploads at once do not pass its limit together. */
export async function lockCompany(tx: Queries, companyId: number): Promise<void> {
  await tx.selectFrom("companies").select("id").where("id", "=", companyId).forUpdate().execute()
}

/** The uploads of a company whose bytes are kept, the one that lay still for longest first. */
export async function selectKeptUploads(tx: Queries, companyId: number): Promise<UploadRow[]> {
  return await tx
    .selectFrom("statement_uploads")
    .select(uploadColumns)
    .where("company_id", "=", companyId)
    .where("state", "!=", "imported")
    .orderBy("progress_at")
    .orderBy("id")
    .execute()
}

/** Keeps the next piece of an upload, and notes that it still comes in. */
export async function insertUploadPiece(
  tx: Queries,
  now: number,
  piece: { readonly uploadId: number; readonly piece: number; readonly content: Uint8Array },
): Promise<void> {
  const { uploadId, content } = piece
  await tx.insertInto("statement_upload_pieces").values({ upload_id: uploadId, piece: piece.piece, content }).execute()
  await tx.updateTable("statement_uploads").set({ progress_at: now }).where("id", "=", uploadId).execute()
}

const pieceOf = prepared<{ uploadId: number; piece: number }, { content: Uint8Array }>((db, parameter) =>
  db
    .selectFrom("statement_upload_pieces")
    .select("content")
    .where("upload_id", "=", parameter("uploadId"))
    .where("piece", "=", parameter("piece")),
)

/** A piece of an upload; undefined behind the last. */
export async function selectUploadPiece(db: Queries, uploadId: number, piece: number): Promise<Uint8Array | undefined> {
  const [row] = await pieceOf(db, { uploadId, piece })
  return row?.content
}

/** Finds an upload of any company. */
export async function selectUpload(db: Queries, id: number): Promise<UploadRow | undefined> {
  return await db.selectFrom("statement_uploads").select(uploadColumns).where("id", "=", id).executeTakeFirst()
}

/** Locks an upload of any company. */
export async function lockUpload(tx: Queries, id: number): Promise<UploadRow | undefined> {
  return await tx
    .selectFrom("statement_uploads")
    .select(uploadColumns)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst()
}

/** What may change of an upload; what is left out stays. */
export interface UploadChange {
  readonly size?: number
  readonly format?: string
  readonly state?: UploadState
  readonly choices?: string
  readonly outcome?: string | null
  readonly importId?: number | null
  readonly job?: string | null
  readonly stage?: string
  readonly bytesRead?: number
  readonly linesRead?: number
  readonly rowCount?: number
}

/**
 * Changes an upload; with `job` in `of` only while that work is still the one under way.
 *
 * @returns whether there was such an upload
 */
export async function updateUpload(
  tx: Queries,
  now: number,
  of: { readonly id: number; readonly job?: string },
  change: UploadChange,
): Promise<boolean> {
  const { importId, bytesRead, linesRead, rowCount, ...plain } = change
  const { numUpdatedRows } = await tx
    .updateTable("statement_uploads")
    .set({
      ...plain,
      ...(importId !== undefined && { import_id: importId }),
      ...(bytesRead !== undefined && { bytes_read: bytesRead }),
      ...(linesRead !== undefined && { lines_read: linesRead }),
      ...(rowCount !== undefined && { row_count: rowCount }),
      progress_at: now,
    })
    .where("id", "=", of.id)
    .$if(of.job !== undefined, (query) => query.where("job", "=", of.job ?? ""))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Forgets the bytes of an upload. */
export async function deleteUploadPieces(tx: Queries, id: number): Promise<void> {
  await tx.deleteFrom("statement_upload_pieces").where("upload_id", "=", id).execute()
}

/** Forgets an upload with its bytes. */
export async function deleteUpload(tx: Queries, id: number): Promise<void> {
  await deleteUploadPieces(tx, id)
  await tx.deleteFrom("statement_uploads").where("id", "=", id).execute()
}

/** Uploads that did not move since a time, the longest first; `receiving` alone, or all. */
export async function selectIdleUploads(
  db: Queries,
  { before, states, most }: { readonly before: number; readonly states: readonly UploadState[]; readonly most: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom("statement_uploads")
    .select("id")
    .where("progress_at", "<", before)
    .where("state", "in", states)
    .orderBy("progress_at")
    .orderBy("id")
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}
