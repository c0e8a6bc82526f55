/** Every row of a list that is answered in pages, by the last id seen. */
export async function listAll<Row extends { readonly id: number }>(
  page: (after: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const all: Row[] = []
  for (;;) {
    const rows = await page(all.at(-1)?.id ?? 0)
    if (rows.length === 0) return all
    all.push(...rows)
  }
}
