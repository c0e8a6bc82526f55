/** One element of an array in a JSON text, as it was written. */
export interface RawItem {
  /** The exact characters of the element. */
  readonly text: string
  readonly value: unknown
  /** Names of an object's own numbers that are written with a fraction or an exponent, however whole their value. */
  readonly unwholeNumbers: ReadonlySet<string>
}

/** What a JSON body turned out to be. */
export type RawBody =
  | { readonly kind: "invalid"; readonly message: string }
  /** `items` is undefined when the body is no object or its member of that name no array. */
  | { readonly kind: "read"; readonly value: unknown; readonly items: readonly RawItem[] | undefined }

const depthMax = 16
const nothing: ReadonlySet<string> = new Set()

/**
 * Reads a JSON body (RFC 8259) and cuts the elements of its array `name` out as they were written.
 *
 * Stricter than `JSON.parse`: bytes must be valid UTF-8 without byte order mark, no object may name a member twice (two
 * readers would see two different amounts), nesting ends at 16.
 */
export function readRawBody(bytes: Uint8Array, name: string): RawBody {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    return { kind: "invalid", message: "The body is not valid JSON in UTF-8." }
  }
  const scan: Scan = { text, at: 0, name, spans: [], repeated: undefined, tooDeep: false }
  scanValue(scan, 1)
  if (scan.tooDeep) return { kind: "invalid", message: `The body is nested deeper than ${depthMax}.` }
  if (scan.repeated !== undefined) return { kind: "invalid", message: `The body names ${scan.repeated} twice.` }
  const values = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined
  if (!Array.isArray(values)) return { kind: "read", value, items: undefined }
  const items = values.map((item, index) => {
    const span = scan.spans[index]
    return { text: text.slice(span?.start, span?.end), value: item, unwholeNumbers: span?.unwhole ?? nothing }
  })
  return { kind: "read", value, items }
}

interface Span {
  readonly start: number
  readonly end: number
  readonly unwhole: ReadonlySet<string> | undefined
}

// The text has passed JSON.parse, so the scan only looks for where things end.
interface Scan {
  readonly text: string
  at: number
  readonly name: string
  readonly spans: Span[]
  repeated: string | undefined
  tooDeep: boolean
}

function scanValue(scan: Scan, depth: number, isItems = false): ReadonlySet<string> | undefined {
  skipSpace(scan)
  const first = scan.text.charCodeAt(scan.at)
  if (first === 0x7b) return scanObject(scan, depth)
  if (first === 0x5b) scanArray(scan, depth, isItems)
  else if (first === 0x22) skipString(scan)
  else skipBareWord(scan)
  return undefined
}

function scanObject(scan: Scan, depth: number): ReadonlySet<string> | undefined {
  if (depth > depthMax) return stop(scan)
  const seen = new Set<string>()
  let unwhole: Set<string> | undefined
  scan.at += 1
  skipSpace(scan)
  while (scan.at < scan.text.length && scan.text.charCodeAt(scan.at) !== 0x7d) {
    const key = readKey(scan)
    if (seen.has(key)) scan.repeated ??= JSON.stringify(key)
    seen.add(key)
    scan.at += 1 // the colon
    skipSpace(scan)
    const start = scan.at
    scanValue(scan, depth + 1, depth === 1 && key === scan.name)
    if (isUnwhole(scan.text, start, scan.at)) {
      unwhole ??= new Set()
      unwhole.add(key)
    }
    nextElement(scan)
  }
  scan.at += 1
  return unwhole
}

function scanArray(scan: Scan, depth: number, isItems: boolean): void {
  if (depth > depthMax) {
    stop(scan)
    return
  }
  scan.at += 1
  skipSpace(scan)
  while (scan.at < scan.text.length && scan.text.charCodeAt(scan.at) !== 0x5d) {
    const start = scan.at
    const unwhole = scanValue(scan, depth + 1)
    if (isItems) scan.spans.push({ start, end: scan.at, unwhole })
    nextElement(scan)
  }
  scan.at += 1
}

/** Gives up by jumping to the end: every loop ends there. */
function stop(scan: Scan): undefined {
  scan.tooDeep = true
  scan.at = scan.text.length
  return undefined
}

function nextElement(scan: Scan): void {
  skipSpace(scan)
  if (scan.text.charCodeAt(scan.at) === 0x2c) scan.at += 1
  skipSpace(scan)
}

function readKey(scan: Scan): string {
  const start = scan.at
  skipString(scan)
  const written = scan.text.slice(start, scan.at)
  skipSpace(scan)
  return written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1)
}

function isUnwhole(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start)
  const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39)
  return isNumber && /[.eE]/.test(text.slice(start, end))
}

function skipSpace(scan: Scan): void {
  for (;;) {
    const unit = scan.text.charCodeAt(scan.at)
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
    scan.at += 1
  }
}

function skipString(scan: Scan): void {
  let end = scan.text.indexOf('"', scan.at + 1)
  while (end !== -1 && isEscaped(scan.text, end)) end = scan.text.indexOf('"', end + 1)
  scan.at = end === -1 ? scan.text.length : end + 1
}

/** Whether an odd number of backslashes stands before the quote. */
function isEscaped(text: string, quote: number): boolean {
  let start = quote
  while (text.charCodeAt(start - 1) === 0x5c) start -= 1
  return (quote - start) % 2 === 1
}

function skipBareWord(scan: Scan): void {
  for (; scan.at < scan.text.length; scan.at += 1) {
    const unit = scan.text.charCodeAt(scan.at)
    const ends = unit === 0x2c || unit === 0x7d || unit === 0x5d || unit <= 0x20
    if (ends) return
  }
}
