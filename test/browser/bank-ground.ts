import writeExcelFile from "write-excel-file/node"

/** A bank's CSV export with a title, a header in Vietnamese and a footer. */
export function csvExport(lines: readonly { readonly day: string; readonly amount: number; readonly memo: string }[]) {
  const rows = lines.map(({ day, amount, memo }, index) => {
    const [debit, credit] = amount < 0 ? [grouped(-amount), ""] : ["", grouped(amount)]
    return `${day};FT${1000 + index};"${memo.replaceAll('"', '""')}";${debit};${credit}`
  })
  return `SAO KE TAI KHOAN\n\nNgày GD;Số bút toán;Diễn giải;Ghi nợ;Ghi có\n${rows.join("\n")}\nTổng cộng;;;;\n`
}

function grouped(amount: number): string {
  return String(amount).replace(/\B(?=([0-9]{3})+$)/g, ",")
}

/** A workbook with a cover sheet and one of transactions: dates, times and numbers as cells of their kind. */
export async function workbook(
  lines: readonly { readonly at: Date; readonly amount: number; readonly memo: string }[],
): Promise<Buffer> {
  const text = (value: string) => ({ value, type: String })
  const cover = [[text("Ngân hàng Mẫu")]]
  const data = [
    ["Thời gian giao dịch", "Số tham chiếu", "Số tiền", "Nội dung"].map(text),
    ...lines.map(({ at, amount, memo }, index) => [
      { value: at, type: Date, format: "dd/mm/yyyy hh:mm:ss" },
      text(`XL${2000 + index}`),
      { value: amount, type: Number },
      text(memo),
    ]),
  ]
  const sheets = [
    { sheet: "Bìa", data: cover },
    { sheet: "Giao dịch", data },
  ]
  return Buffer.from(await writeExcelFile(sheets as never).toBuffer())
}
