/** Aligned columns under headings, or `empty` when there is no row. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
  empty: string,
): string {
  if (rows.length === 0) return empty
  const lines = [headings, ...rows.map((row) => row.map((cell) => printable(cell ?? "-")))]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ""))))
  return lines
    .map((line) => line.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell))).join("  "))
    .map((line) => line.trimEnd())
    .join("\n")
}

// A name that somebody chose must not move the cursor of the operator's terminal.
function printable(cell: string | number): string {
  return String(cell).replaceAll(/\p{Cc}/gu, "?")
}

/** The same for text of several lines: what a receiver answered must not move the cursor either. */
export function printableText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(/[^\P{Cc}\n\t]/gu, "?")
}

// Vietnamese names may come with combining marks, which take no column.
function displayWidth(text: string): number {
  return [...text.normalize("NFC").replaceAll(/\p{Mn}/gu, "")].length
}
