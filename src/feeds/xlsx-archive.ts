import { crc32, inflateRawSync } from "node:zlib"

/** Why a workbook is not read. */
export class WorkbookRefused extends Error {
  override readonly name = "WorkbookRefused"
  readonly reason: "too_large" | "damaged"
  constructor(reason: WorkbookRefused["reason"], message: string) {
    super(message)
    this.reason = reason
  }
}

/** The most that a workbook's sheets may come to when unpacked, bytes: some 300,000 rows of a bank. */
export const unpackedMax = 64 * 1024 * 1024

const entriesMax = 2000
const endSignature = 0x06054b50
const directorySignature = 0x02014b50
const localSignature = 0x04034b50
const endLength = 22
const longestComment = 0xffff

interface Entry {
  readonly name: string
  readonly method: number
  readonly packedSize: number
  readonly offset: number
}

/**
 * Unpacks the XML parts of a workbook. What an entry claims of its size counts for nothing: unpacking stops as soon as all
 * together come to more than `unpackedMax`, so a small file cannot become a large one in memory.
 *
 * @throws WorkbookRefused
 */
export function unpackWorkbook(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = new Map<string, Buffer>()
  let rest = unpackedMax
  for (const entry of listEntries(archive)) {
    if (!entry.name.endsWith(".xml") && !entry.name.endsWith(".xml.rels")) continue
    if (parts.has(entry.name)) throw new WorkbookRefused("damaged", `It holds ${entry.name} twice.`)
    const content = unpackEntry(archive, entry, rest)
    rest -= content.length
    parts.set(entry.name, content)
  }
  return parts
}

function listEntries(archive: Buffer): readonly Entry[] {
  const end = findEnd(archive)
  const count = archive.readUInt16LE(end + 10)
  if (count > entriesMax) throw new WorkbookRefused("too_large", "It has too many parts.")
  const entries: Entry[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== directorySignature) throw damaged()
    const isEncrypted = (archive.readUInt16LE(at + 8) & 1) === 1
    if (isEncrypted) throw new WorkbookRefused("damaged", "It is protected by a password.")
    const nameLength = archive.readUInt16LE(at + 28)
    const next = at + 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
    entries.push({
      // Some writers use the separator of Windows.
      name: archive.toString("utf8", at + 46, at + 46 + nameLength).replaceAll("\\", "/"),
      method: archive.readUInt16LE(at + 10),
      packedSize: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    })
    at = next
  }
  return entries
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - endLength - longestComment)
  for (let at = archive.length - endLength; at >= first; at -= 1) {
    if (archive.readUInt32LE(at) === endSignature) return at
  }
  throw damaged()
}

const stored = 0
const deflated = 8

function unpackEntry(archive: Buffer, { method, packedSize, offset }: Entry, most: number): Buffer {
  if (offset + 30 > archive.length || archive.readUInt32LE(offset) !== localSignature) throw damaged()
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28)
  const packed = archive.subarray(start, start + packedSize)
  if (packed.length !== packedSize) throw damaged()
  if (method === stored) {
    if (packed.length > most) throw tooLarge()
    return packed
  }
  if (method !== deflated) throw damaged()
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? tooLarge() : damaged()
  }
}

function damaged(): WorkbookRefused {
  return new WorkbookRefused("damaged", "It is not whole, or no workbook.")
}

function tooLarge(): WorkbookRefused {
  return new WorkbookRefused("too_large", `Unpacked it is larger than ${unpackedMax / 1024 / 1024} MiB.`)
}

/** Packs parts again without compressing them, for a reader that takes only archives. */
export function packWorkbook(parts: ReadonlyMap<string, Buffer>): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of parts) {
    const nameBytes = Buffer.from(name, "utf8")
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(0x0800, 2) // Names are UTF-8.
    facts.writeUInt32LE(crc32(content), 10)
    facts.writeUInt32LE(content.length, 14)
    facts.writeUInt32LE(content.length, 18)
    facts.writeUInt16LE(nameBytes.length, 22)
    pieces.push(uint32(localSignature), facts, nameBytes, content)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(uint32(directorySignature), Buffer.from([20, 0]), facts, place, nameBytes)
    offset += 30 + nameBytes.length + content.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(endLength)
  end.writeUInt32LE(endSignature, 0)
  end.writeUInt16LE(parts.size, 8)
  end.writeUInt16LE(parts.size, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, index, end])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value, 0)
  return bytes
}
