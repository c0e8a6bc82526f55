import type { StatementImport } from "../../src/feeds/import-statement.ts"

/** A line of a made statement. */
export interface Line {
  readonly day?: string
  readonly amount: number
  readonly memo?: string
  readonly reference?: string
}

/** A made statement; what is left out fits together. */
export interface Statement {
  readonly number?: string
  readonly opening?: number
  readonly closing?: number
  readonly day?: string
  readonly currency?: string
  readonly lines: readonly Line[]
}

/** An MT940 file of one account. Days are of December 2025. */
export function mt940(account: string, ...statements: readonly Statement[]): string {
  return statements
    .map(({ number = "1/1", opening = 0, currency = "VND", day = "11", lines, ...rest }) => {
      const closing = rest.closing ?? opening + lines.reduce((sum, line) => sum + line.amount, 0)
      const balance = (amount: number) => `${amount < 0 ? "D" : "C"}2512${day}${currency}${Math.abs(amount)},`
      return [
        ":20:STATEMENT",
        `:25:${account}`,
        `:28C:${number}`,
        `:60F:${balance(opening)}`,
        ...lines.map((line) => {
          const date = `2512${line.day ?? day}12${line.day ?? day}`
          const sign = line.amount < 0 ? "D" : "C"
          return `:61:${date}${sign}${Math.abs(line.amount)},NTRF${line.reference ?? "NONREF"}\r\n:86:${line.memo ?? "chuyen tien"}`
        }),
        `:62F:${balance(closing)}`,
        "-",
        "",
      ].join("\r\n")
    })
    .join("")
}

/** Opens a content as a file, in pieces. */
export function opened(content: string | Uint8Array, pieceLength = 777): StatementImport["open"] {
  const bytes = Buffer.from(content)
  return async function* () {
    for (let start = 0; start < bytes.length; start += pieceLength) yield bytes.subarray(start, start + pieceLength)
  }
}
