import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { SMTPServer } from "smtp-server"

/** A mail server on loopback that keeps what it is given. */
export interface MailServer {
  readonly url: string
  /** Subjects of the mails that it took, in order. */
  readonly subjects: readonly string[]
  /** What it answers instead of taking the next mails: a status, or never. */
  readonly refusals: (number | "never")[]
  close(): Promise<void>
}

/** Starts a mail server; subjects of ASCII come back as they were sent. */
export async function startMailServer(): Promise<MailServer> {
  const subjects: string[] = []
  const refusals: (number | "never")[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => {
      const pieces: Buffer[] = []
      stream.on("data", (piece: Buffer) => pieces.push(piece))
      stream.on("end", () => {
        const refusal = refusals.shift()
        if (refusal === "never") return
        if (refusal === undefined) {
          subjects.push(/^Subject: (.*)\r$/m.exec(Buffer.concat(pieces).toString("utf8"))?.[1] ?? "")
          return done()
        }
        done(Object.assign(new Error("not now"), { responseCode: refusal }))
      })
    },
  })
  server.on("error", () => {}) // A sender that is killed hangs up in the middle.
  server.listen(0, "127.0.0.1")
  await once(server.server, "listening")
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    subjects,
    refusals,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
