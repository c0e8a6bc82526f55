/** A splitter into lines ended by LF, CR LF or CR, fed with text in any pieces. */
export interface LineSplitter {
  tail: string
  afterCarriageReturn: boolean
}

/** A splitter at the start of a file. */
export function newLineSplitter(): LineSplitter {
  return { tail: "", afterCarriageReturn: false }
}

/** Returns the lines that are complete by now; the rest waits in `tail`. */
export function splitLines(splitter: LineSplitter, text: string): string[] {
  if (text === "") return []
  const fresh = splitter.afterCarriageReturn && text.startsWith("\n") ? text.slice(1) : text
  splitter.afterCarriageReturn = text.endsWith("\r")
  const lines = (splitter.tail + fresh).split(/\r\n|\n|\r/)
  splitter.tail = lines.pop() ?? ""
  return lines
}
