// What a spreadsheet takes for the start of a formula (OWASP, CSV injection).
const formulaStart = /^[=+\-@\t\r]/

/** A text as one cell of a CSV file (RFC 4180); behind an apostrophe where a spreadsheet would run it as a formula. Pure. */
export function csvText(text: string): string {
  // A cell may also begin a formula behind blanks, which some programs cut off.
  const safe = formulaStart.test(text) || formulaStart.test(text.trimStart()) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Cells that are ready as one line. Pure. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`
}

/** The first line of a file, behind the mark by which a spreadsheet knows UTF-8. Pure. */
export function csvHeader(titles: readonly string[]): string {
  return `\u{feff}${csvRow(titles.map(csvText))}`
}
