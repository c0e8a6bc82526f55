/** A body of whatever bytes, as a page can show it. */
export type ShownBody =
  | { readonly kind: "empty" }
  | { readonly kind: "text"; readonly text: string; readonly size: number }
  | { readonly kind: "binary"; readonly dump: string; readonly size: number; readonly shown: number }

const mostDumped = 4096
const bytesOfLine = 16

/** Reads bytes as UTF-8 text, or as a hex dump where they are none. Pure. */
export function toShownBody(bytes: Uint8Array): ShownBody {
  const size = bytes.length
  if (size === 0) return { kind: "empty" }
  const text = decode(bytes)
  if (text !== undefined) return { kind: "text", text, size }
  const shown = Math.min(size, mostDumped)
  return { kind: "binary", dump: hexDump(bytes.subarray(0, shown)), size, shown }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    // An answer cut at its limit may end within a character, so the last few bytes may be missing.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text has not.
    return /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += bytesOfLine) {
    const line = [...bytes.subarray(at, at + bytesOfLine)]
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")
    const text = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("")
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(bytesOfLine * 3 - 1)}  ${text}`)
  }
  return lines.join("\n")
}
