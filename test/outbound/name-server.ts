import { createSocket } from "node:dgram"
import { once } from "node:events"
import { isIP } from "node:net"

/** What a name server does with a question: answers with addresses, says there is no such name, or keeps silent. */
export type NameAnswer = readonly string[] | "unknown" | "silence"

/** A name server on loopback (RFC 1035 §4), and the questions it got. */
export interface NameServer {
  readonly address: string
  readonly questions: readonly string[]
  close(): void
}

/** Starts one that answers questions such as `shop.example A` as it is told. */
export async function startNameServer(answerTo: (question: string) => NameAnswer): Promise<NameServer> {
  const socket = createSocket("udp4")
  const questions: string[] = []
  socket.on("message", (message, from) => {
    const { question, end } = readQuestion(message)
    questions.push(question)
    const answer = answerTo(question)
    if (answer !== "silence") socket.send(makeReply(message.subarray(0, end), answer), from.port, from.address)
  })
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return { address: `127.0.0.1:${socket.address().port}`, questions, close: () => socket.close() }
}

function readQuestion(message: Buffer): { question: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let size = message.readUInt8(at); size > 0; size = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + size))
    at += 1 + size
  }
  const type = message.readUInt16BE(at + 1) === 1 ? "A" : "AAAA"
  return { question: `${labels.join(".")} ${type}`, end: at + 5 }
}

function makeReply(question: Buffer, answer: readonly string[] | "unknown"): Buffer {
  const addresses = answer === "unknown" ? [] : answer
  const head = Buffer.from(question)
  head.writeUInt16BE(answer === "unknown" ? 0x8183 : 0x8180, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...addresses.map(makeRecord)])
}

// The name is a pointer to that of the question; it lives a minute.
function makeRecord(address: string): Buffer {
  const data = isIP(address) === 4 ? Buffer.from(address.split(".").map(Number)) : bytesOfIpv6(address)
  const type = data.length === 4 ? 1 : 28
  return Buffer.concat([Buffer.of(0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length), data])
}

/** Of an address written in full. */
function bytesOfIpv6(address: string): Buffer {
  return Buffer.from(
    address
      .split(":")
      .map((group) => group.padStart(4, "0"))
      .join(""),
    "hex",
  )
}
