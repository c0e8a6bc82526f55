import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { prettyJson } from "./pretty-json.ts"
import { selectPiece, selectRawItem } from "./raw-items.store.ts"
import { createExcerptReader, type Excerpt } from "./statement-excerpt.ts"

/** What came in, as it came in (contract/feeds.md §1). */
export interface RawItemView {
  readonly feedName: string
  /** push, simulator or statement. */
  readonly feedKind: string
  readonly receivedAt: Instant
  readonly size: number
  readonly sha256: string
  /** Of a file: its name, and the entry that was meant. */
  readonly fileName: string | undefined
  readonly excerpt: Excerpt | undefined
  /** Of an item: the whole of it; JSON is laid out in lines and otherwise untouched. */
  readonly text: string | undefined
}

/**
 * Reads a raw item of a company: an item whole, of a file the entry that begins on `line`.
 *
 * @throws Refusal not_found
 */
export async function readRawItem(
  db: Queries,
  companyId: number,
  { rawItemId, line }: { readonly rawItemId: number; readonly line: number },
): Promise<RawItemView> {
  const item = await selectRawItem(db, { companyId, id: rawItemId })
  if (item === undefined) throw new Refusal("not_found", "There is no such item.")
  const { feedName, feedKind, receivedAt, size, sha256, content } = item
  const shown = { feedName, feedKind, receivedAt, size, sha256, fileName: item.fileName ?? undefined }
  if (content !== null) {
    return { ...shown, excerpt: undefined, text: prettyJson(decoderOf(content).decode(content)) }
  }
  return { ...shown, excerpt: await readExcerpt(db, rawItemId, line), text: undefined }
}

async function readExcerpt(db: Queries, rawItemId: number, line: number): Promise<Excerpt> {
  const reader = createExcerptReader(line)
  let decoder: TextDecoder | undefined
  for (let piece = 0; ; piece++) {
    const bytes = await selectPiece(db, rawItemId, piece)
    if (bytes === undefined) break
    decoder ??= decoderOf(bytes)
    if (!reader.take(decoder.decode(bytes, { stream: true }))) break
  }
  return reader.finish()
}

// Bytes that are no UTF-8 are shown as such: a file may be of an encoding that only its import was told.
function decoderOf([first, second]: Uint8Array): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le")
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be")
  return new TextDecoder("utf-8")
}
