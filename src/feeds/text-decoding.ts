import type { StatementEncoding, StatementError } from "./statement.ts"

/** A piece of decoded text, or the finding that ends the reading. */
export type DecodedText =
  | { readonly kind: "text"; readonly text: string; readonly bytes: number; readonly lines: number }
  | { readonly kind: "damage"; readonly error: StatementError }

type Encoding = StatementEncoding | "utf-16le" | "utf-16be"

interface TextPlace {
  line: number
  column: number
  afterCarriageReturn: boolean
}

/**
 * Decodes a file strictly: UTF-8 or UTF-16 by its byte order mark, else the named encoding, else UTF-8. Never guesses.
 * contract/feeds.md §5.1, §1 (no U+0000).
 *
 * The text before the first wrong byte is delivered whole, whatever the chunks, and `damage` comes last. A file that
 * ends inside a character is `truncated`, any other wrong byte `bad_encoding`.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  named: StatementEncoding | undefined,
): AsyncGenerator<DecodedText> {
  const place: TextPlace = { line: 1, column: 1, afterCarriageReturn: false }
  let encoding: Encoding | undefined
  let carry = Buffer.alloc(0)
  let bytes = 0

  for await (const chunk of chunks) {
    bytes += chunk.length
    carry = carry.length === 0 ? Buffer.from(chunk) : Buffer.concat([carry, chunk])
    if (encoding === undefined) {
      if (carry.length < 3) continue
      const mark = readMark(carry, named)
      encoding = mark.encoding
      carry = carry.subarray(mark.length)
    }
    const complete = carry.subarray(0, completeLength(carry, encoding))
    carry = carry.subarray(complete.length)
    const decoded = decodePiece(complete, encoding, place)
    yield { kind: "text", text: decoded.text, bytes, lines: place.line }
    if (decoded.error !== undefined) {
      yield { kind: "damage", error: decoded.error }
      return
    }
  }

  const mark = encoding === undefined ? readMark(carry, named) : { encoding, length: 0 }
  const decoded = decodePiece(carry.subarray(mark.length), mark.encoding, place)
  yield { kind: "text", text: decoded.text, bytes, lines: place.line }
  if (decoded.error === undefined) return
  const isCut = completeLength(carry, mark.encoding) === 0
  yield { kind: "damage", error: isCut ? cutError(place, mark.encoding) : decoded.error }
}

function readMark(start: Buffer, named: StatementEncoding | undefined): { encoding: Encoding; length: number } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: "utf-8", length: 3 }
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: "utf-16le", length: 2 }
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: "utf-16be", length: 2 }
  return { encoding: named ?? "utf-8", length: 0 }
}

/** How many bytes can be decoded without waiting for the rest of a character. */
function completeLength(bytes: Buffer, encoding: Encoding): number {
  const length = bytes.length
  if (encoding === "utf-8") {
    for (let back = 1; back <= Math.min(3, length); back++) {
      const byte = bytes[length - back] ?? 0
      if (byte < 0x80) return length
      if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? length - back : length
    }
    return length
  }
  if (encoding !== "utf-16le" && encoding !== "utf-16be") return length
  const even = length - (length % 2)
  const high = bytes[encoding === "utf-16le" ? even - 1 : even - 2] ?? 0
  return even >= 2 && high >= 0xd8 && high <= 0xdb ? even - 2 : even
}

function decodePiece(bytes: Buffer, encoding: Encoding, place: TextPlace): { text: string; error?: StatementError } {
  const decoded = decodeStrictly(bytes, encoding)
  const zero = advance(place, decoded.text)
  if (zero !== -1) {
    const message = "The file contains the character U+0000; it is damaged or not in the expected encoding."
    return { text: decoded.text.slice(0, zero), error: encodingError(place, message) }
  }
  if (decoded.whole) return { text: decoded.text }
  return { text: decoded.text, error: encodingError(place, `A byte is not valid ${encoding.toUpperCase()}.`) }
}

function decodeStrictly(bytes: Buffer, encoding: Encoding): { text: string; whole: boolean } {
  try {
    return { text: newDecoder(encoding).decode(bytes), whole: true }
  } catch {
    return { text: decodeUpToDamage(bytes, encoding), whole: false }
  }
}

function decodeUpToDamage(bytes: Buffer, encoding: Encoding): string {
  const decoder = newDecoder(encoding)
  let text = ""
  try {
    for (let index = 0; index < bytes.length; index++) {
      text += decoder.decode(bytes.subarray(index, index + 1), { stream: true })
    }
  } catch {
    return text
  }
  return text
}

function newDecoder(encoding: Encoding): TextDecoder {
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
}

/** Moves the place over a text; returns the index of the first U+0000, where it stops, or -1. */
function advance(place: TextPlace, text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0) return index
    if (code === 0x0a || code === 0x0d) {
      if (code === 0x0d || !place.afterCarriageReturn) place.line += 1
      place.column = 1
    } else {
      place.column += 1
    }
    place.afterCarriageReturn = code === 0x0d
  }
  return -1
}

function encodingError(place: TextPlace, message: string): StatementError {
  return { line: place.line, column: place.column, reason: "bad_encoding", message }
}

function cutError(place: TextPlace, encoding: Encoding): StatementError {
  const message = `The file ends inside a character of ${encoding.toUpperCase()}.`
  return { line: place.line, column: place.column, reason: "truncated", message }
}
