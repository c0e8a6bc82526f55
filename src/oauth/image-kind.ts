/** A picture by its own bytes. Width and height in pixels. */
export interface ImageKind {
  readonly mediaType: "image/png" | "image/jpeg" | "image/webp"
  readonly width: number
  readonly height: number
}

/**
 * Tells by its first bytes which of the three kinds of picture something is, and how large it says to be; undefined for anything
 * else (contract/oauth.md §15). What a server calls it does not matter. Pure.
 */
export function readImageKind(body: Buffer): ImageKind | undefined {
  return readPng(body) ?? readJpeg(body) ?? readWebp(body)
}

const pngStart = Buffer.from("\x89PNG\r\n\x1a\n", "latin1")

// PNG §11.2.2: the first chunk is IHDR, which begins with width and height.
function readPng(body: Buffer): ImageKind | undefined {
  if (body.length < 33 || !body.subarray(0, 8).equals(pngStart) || textAt(body, 12, 4) !== "IHDR") return undefined
  return { mediaType: "image/png", width: body.readUInt32BE(16), height: body.readUInt32BE(20) }
}

// ITU-T T.81 §B.1.1: segments, each with a marker and its length, until one that begins a frame.
function readJpeg(body: Buffer): ImageKind | undefined {
  if (body.length < 4 || body.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 <= body.length && body[at] === 0xff) {
    const marker = body[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (isFrame(marker)) {
      return { mediaType: "image/jpeg", width: body.readUInt16BE(at + 7), height: body.readUInt16BE(at + 5) }
    }
    const length = body.readUInt16BE(at + 2)
    if (length < 2) return undefined
    at += 2 + length
  }
  return undefined
}

// SOF0 to SOF15, without DHT, JPG and DAC, which share the range.
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

// RFC 9649 §2.4 to §2.7: a RIFF file with one of three kinds of first chunk.
function readWebp(body: Buffer): ImageKind | undefined {
  if (body.length < 30 || textAt(body, 0, 4) !== "RIFF" || textAt(body, 8, 4) !== "WEBP") return undefined
  const mediaType = "image/webp"
  switch (textAt(body, 12, 4)) {
    case "VP8 ":
      if (body.readUIntBE(23, 3) !== 0x9d012a) return undefined
      return { mediaType, width: body.readUInt16LE(26) & 0x3fff, height: body.readUInt16LE(28) & 0x3fff }
    case "VP8L": {
      if (body[20] !== 0x2f) return undefined
      const bits = body.readUInt32LE(21)
      return { mediaType, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case "VP8X":
      return { mediaType, width: body.readUIntLE(24, 3) + 1, height: body.readUIntLE(27, 3) + 1 }
    default:
      return undefined
  }
}

function textAt(body: Buffer, at: number, length: number): string {
  return body.toString("latin1", at, at + length)
}
