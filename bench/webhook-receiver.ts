// The receiver of the delivery benchmarks: it says "delivered" to everything, over plain sockets so that it costs less
// than what it measures, and notes when each transaction had arrived in full. It also pushes the transactions of the
// latency benchmarks: what was pushed and what arrived are then told by one clock.
import { type AddressInfo, connect, createServer, type Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import type { Arrival, PushJob, ReceiverAnswer, ReceiverJob, Timed } from "./receiver-job.ts"

const answer =
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n" +
  'Connection: keep-alive\r\nKeep-Alive: timeout=60\r\nContent-Length: 16\r\n\r\n{"success":true}'

const nothing: ReceiverAnswer = { port: 0, arrivals: [], pushes: [], probes: [] }
let arrivals: Arrival[] = []
let whenArrived: (() => void) | undefined
let enough = Number.POSITIVE_INFINITY
const hanging = new Set<Socket>()

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ""
  socket.setEncoding("latin1")
  socket.on("error", () => socket.destroy())
  socket.on("close", () => hanging.delete(socket))
  socket.on("data", (chunk) => {
    pending += chunk
    const bodyAt = pending.indexOf("\r\n\r\n") + 4
    if (bodyAt < 4) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(pending)?.[1])
    if (pending.length < bodyAt + length) return
    const request = pending
    pending = ""
    receive(socket, request)
  })
})

function receive(socket: Socket, request: string): void {
  const path = request.slice("POST ".length, request.indexOf(" ", "POST ".length))
  if (path.startsWith("/hang")) {
    hanging.add(socket)
    return
  }
  const reference = /"referenceCode":"([^"]*)"/.exec(request)?.[1] ?? ""
  arrivals.push({ path, reference, at: performance.now() })
  socket.write(answer)
  if (arrivals.length >= enough) whenArrived?.()
}

async function collect(count: number, withinMs: number): Promise<ReceiverAnswer> {
  const arrived = Promise.withResolvers<void>()
  whenArrived = arrived.resolve
  enough = count
  const timer = setTimeout(arrived.resolve, withinMs)
  if (arrivals.length < count) await arrived.promise
  clearTimeout(timer)
  const collected = arrivals
  arrivals = []
  enough = Number.POSITIVE_INFINITY
  return { ...nothing, arrivals: collected }
}

/**
 * Sends each request at its time, whatever became of those before it, over as many connections as that takes. Half-way
 * between two of them a probe is sent: how long its answer takes shows how quiet the machine is.
 */
async function push({ port, requests, everyMs, probe }: PushJob): Promise<ReceiverAnswer> {
  const idle: Socket[] = []
  const startAt = performance.now()
  const ask = async (request: string, at: number): Promise<Timed> => {
    await sleep(Math.max(0, at - performance.now()))
    const socket = idle.pop() ?? connect({ port, host: "127.0.0.1", noDelay: true })
    const sentAt = performance.now()
    socket.write(request)
    await untilAnswered(socket)
    idle.push(socket)
    return { sentAt, answeredAt: performance.now() }
  }
  const asked = requests.map((request, index) => {
    const at = startAt + index * everyMs
    return Promise.all([ask(request, at), ask(probe, at + everyMs / 2)])
  })
  const timed = await Promise.all(asked)
  for (const socket of idle) socket.destroy()
  return { ...nothing, pushes: timed.map(([push]) => push), probes: timed.map(([, probe]) => probe) }
}

function untilAnswered(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ""
    const fail = (error: Error) => reject(error)
    const read = (chunk: Buffer) => {
      text += chunk.toString("latin1")
      const bodyAt = text.indexOf("\r\n\r\n") + 4
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1])
      if (bodyAt < 4 || text.length < bodyAt + length) return
      socket.off("data", read).off("error", fail)
      if (text.startsWith("HTTP/1.1 200 ")) resolve()
      else reject(new Error(`A push of the benchmark was answered ${text.slice(0, 500)}`))
    }
    socket.on("data", read)
    socket.once("error", fail)
  })
}

async function work(job: ReceiverJob): Promise<ReceiverAnswer> {
  switch (job.kind) {
    case "listen": {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      return { ...nothing, port: (server.address() as AddressInfo).port }
    }
    case "collect":
      return collect(job.count, job.withinMs)
    case "push":
      return push(job)
    case "hang-up":
      for (const socket of hanging) socket.destroy()
      return nothing
  }
}

process.on("message", async (job: ReceiverJob) => process.send?.(await work(job)))
process.on("disconnect", () => process.exit())
