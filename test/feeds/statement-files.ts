import type { StatementEvent } from "../../src/feeds/statement.ts"

/** The bytes of a file in pieces of the given size, as a disk or a socket would bring them. */
export async function* inChunks(file: string | Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = typeof file === "string" ? Buffer.from(file) : file
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** All events but the progress, which alone depends on the chunks. */
export async function listEvents(events: AsyncIterable<StatementEvent>): Promise<StatementEvent[]> {
  const list: StatementEvent[] = []
  for await (const event of events) if (event.kind !== "progress") list.push(event)
  return list
}

/** What an entry is compared by in round trips. */
export interface PlainEntry {
  readonly amount: string
  readonly day: string
  readonly memo: string
  readonly reference: string
}

/** An MT940 file of one statement with the given entries, in plain form, its balances adding up. */
export function writeMt940(entries: readonly PlainEntry[], options: { lineBreak?: string; framed?: boolean } = {}) {
  const sum = entries.reduce((total, entry) => total + BigInt(entry.amount), 0n)
  const lines = [
    ...(options.framed === true ? ["{1:F01ABCDVNVXAXXX0000000000}{2:I940ABCDVNVXXXXXN}{4:"] : []),
    ":20:STMT",
    ":25:ABCDVNVX/0099001234567VND",
    ":28C:7/1",
    ":60F:C251130VND1000000,",
    ...entries.flatMap((entry) => [
      `:61:${shortDay(entry.day)}${shortDay(entry.day).slice(2)}${entry.amount.startsWith("-") ? "D" : "C"}` +
        `${entry.amount.replace("-", "")},NTRFNONREF//${entry.reference}`,
      ...(entry.memo === "" ? [] : [`:86:${entry.memo}`]),
    ]),
    `:62F:${sum < -1_000_000n ? "D" : "C"}251231VND${String(1_000_000n + sum).replace("-", "")},`,
    options.framed === true ? "-}" : "-",
  ]
  return `${lines.join(options.lineBreak ?? "\n")}${options.lineBreak ?? "\n"}`
}

/** A camt.053 file of one statement with the given entries. */
export function writeCamt(entries: readonly PlainEntry[], entrySeparator = "\n"): string {
  const body = entries.map(
    (entry) =>
      `<Ntry><Amt Ccy="VND">${entry.amount.replace("-", "")}</Amt>` +
      `<CdtDbtInd>${entry.amount.startsWith("-") ? "DBIT" : "CRDT"}</CdtDbtInd><Sts>BOOK</Sts>` +
      `<BookgDt><Dt>${entry.day}</Dt></BookgDt><AcctSvcrRef>${entry.reference}</AcctSvcrRef>` +
      `<NtryDtls><TxDtls><RmtInf><Ustrd>${escapeXml(entry.memo)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  )
  return wrapCamt(body.join(entrySeparator))
}

/** A camt message around the children of one statement, with the account of the samples. */
export function wrapCamt(body: string, options: { version?: string; message?: string; statement?: string } = {}) {
  const { version = "053.001.02", message = "BkToCstmrStmt", statement = "Stmt" } = options
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${version}"><${message}><GrpHdr><MsgId>M1</MsgId></GrpHdr><${statement}>
<Id>S-1</Id><ElctrncSeqNb>12</ElctrncSeqNb><Acct><Id><Othr><Id>0099001234567</Id></Othr></Id><Ccy>VND</Ccy></Acct>
${body}
</${statement}></${message}></Document>
`
}

/** A CSV file of the given entries in the columns of the sample profile. */
export function writeCsv(entries: readonly PlainEntry[]): string {
  const rows = entries.map((entry) => {
    const isOut = entry.amount.startsWith("-")
    const amount = entry.amount.replace("-", "").replace(/\B(?=([0-9]{3})+$)/g, ",")
    const [year, month, day] = entry.day.split("-")
    const memo = `"${entry.memo.replaceAll('"', '""')}"`
    return [`${day}/${month}/${year}`, isOut ? amount : "", isOut ? "" : amount, `="${entry.reference}"`, memo].join(
      ";",
    )
  })
  return ["Ngày GD;Ghi nợ;Ghi có;Số bút toán;Diễn giải", ...rows, ""].join("\n")
}

function shortDay(day: string): string {
  return day.slice(2).replaceAll("-", "")
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
