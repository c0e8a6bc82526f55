// Puts load on a server, from a process and a core of its own. It speaks HTTP over plain sockets: a full client would
// cost as much as the fastest ceilings do, and we would measure the client.
import { connect, type Socket } from "node:net"
import type { LoadJob, LoadReport } from "./load-job.ts"

interface Source {
  /** The next request of a connection, or undefined when there is none left for it. */
  next(connection: number): string | undefined
  answered(connection: number, body: string): void
  tokens(): readonly string[]
}

function sourceOf({ requests }: LoadJob): Source {
  switch (requests.kind) {
    case "repeat":
      return { next: () => requests.request, answered: () => {}, tokens: () => [] }
    case "numbered": {
      let sent = 0
      return {
        next: () => requests.request.replace("{n}", String(Date.now() * 1000 + sent++)),
        answered: () => {},
        tokens: () => [],
      }
    }
    case "once": {
      let sent = 0
      const tokens: string[] = []
      return {
        next: () => requests.requests[sent++],
        answered: (_connection, body) => {
          if (requests.begins) tokens.push(refreshTokenOf(body))
        },
        tokens: () => tokens,
      }
    }
    case "refresh": {
      const tokens = [...requests.tokens]
      return {
        next: (connection) => {
          const body = requests.form + tokens[connection]
          return `${requests.head}content-length: ${body.length}\r\n\r\n${body}`
        },
        answered: (connection, body) => {
          tokens[connection] = refreshTokenOf(body)
        },
        tokens: () => tokens,
      }
    }
  }
}

function refreshTokenOf(body: string): string {
  return (JSON.parse(body) as { refresh_token: string }).refresh_token
}

async function runJob(job: LoadJob): Promise<LoadReport> {
  const sockets = await Promise.all(Array.from({ length: job.connections }, () => openSocket(job.port)))
  const source = sourceOf(job)
  const latencies: number[] = []
  let failure: string | undefined
  const startedAt = performance.now()
  const endsAt = startedAt + job.seconds * 1000
  await Promise.all(
    sockets.map(async (socket, connection) => {
      const read = answersOf(socket)
      while (failure === undefined && performance.now() < endsAt) {
        const request = source.next(connection)
        if (request === undefined) break
        const sentAt = performance.now()
        socket.write(request, "latin1")
        const { status, body } = await read()
        latencies.push(performance.now() - sentAt)
        if (status === 200) source.answered(connection, body)
        else failure = `${status} ${body.slice(0, 300)}`
      }
    }),
  )
  const elapsedMs = performance.now() - startedAt
  for (const socket of sockets) socket.destroy()
  latencies.sort((left, right) => left - right)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  return { done: latencies.length, elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99), failure, tokens: source.tokens() }
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(socket))
    socket.once("error", reject)
  })
}

interface Answer {
  readonly status: number
  readonly body: string
}

// One request is under way at a time, so whatever arrives belongs to its answer.
function answersOf(socket: Socket): () => Promise<Answer> {
  let text = ""
  let deliver: ((answer: Answer) => void) | undefined
  let fail: ((error: Error) => void) | undefined
  socket.setEncoding("latin1")
  socket.on("data", (chunk: string) => {
    text += chunk
    const end = text.indexOf("\r\n\r\n")
    if (end < 0) return
    const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1]
    if (length === undefined) {
      fail?.(new Error(`An answer has no Content-Length: ${text.slice(0, end)}`))
      return
    }
    if (text.length < end + 4 + Number(length)) return
    const answer = { status: Number(text.slice(9, 12)), body: text.slice(end + 4) }
    text = ""
    deliver?.(answer)
  })
  socket.once("close", () => fail?.(new Error("The server closed a connection.")))
  return () =>
    new Promise((resolve, reject) => {
      deliver = resolve
      fail = reject
    })
}

process.on("message", (job: LoadJob) => {
  runJob(job).then(
    (report) => process.send?.(report),
    (error: Error) => process.send?.({ done: 0, elapsedMs: 1, p50Ms: 0, p99Ms: 0, failure: error.message, tokens: [] }),
  )
})
process.on("disconnect", () => process.exit())
