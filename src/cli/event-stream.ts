/** One event of a stream of server-sent events (WHATWG HTML §9.2.6). */
export interface StreamEvent {
  readonly type: string
  readonly data: string
  /** The last id that the stream has named, in this event or before. */
  readonly lastEventId: string | undefined
}

/** Reads a stream of server-sent events. Blocks that only name an id come too, with empty data. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  let lastEventId: string | undefined
  let fields: [name: string, value: string][] = []
  for await (const line of readLines(chunks)) {
    if (line !== "") {
      const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
      fields.push([name, value])
      continue
    }
    const valuesOf = (wanted: string) => fields.flatMap(([name, value]) => (name === wanted ? [value] : []))
    lastEventId = valuesOf("id").at(-1) ?? lastEventId
    yield { type: valuesOf("event").at(-1) ?? "message", data: valuesOf("data").join("\n"), lastEventId }
    fields = []
  }
}

async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line
  }
}
