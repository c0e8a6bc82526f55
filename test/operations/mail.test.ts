import assert from "node:assert/strict"
import { once } from "node:events"
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import { pino } from "pino"
import { SMTPServer } from "smtp-server"
import { readConfig } from "../../src/config.ts"
import type { Database } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createMailer, type Mailer } from "../../src/mail.ts"
import { listMails, mailFolder } from "../../src/mail-files.ts"
import { makeFakeClock } from "../support/clock.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

const secretText = "https://pay.example/reset-password?token=geheim-42"
const letter = { to: "chu@mau.example", subject: "Đặt lại mật khẩu", text: `Xin chào,\n\n${secretText}\n` }

interface Post {
  readonly mailer: Mailer
  readonly directory: string
  log(): string
  /** Resolves with the next line of the log. */
  nextLine(): Promise<string>
}

let db: Database
before(async () => {
  db = await openDatabase({ url: `sqlite:${makeTemporaryDirectory()}/none.db` })
})
after(() => closeDatabase(db))

function startPost(env: Readonly<Record<string, string>> = {}, pauses?: readonly number[]): Post {
  const lines: string[] = []
  let listeners: ((line: string) => void)[] = []
  const write = (line: string): void => {
    lines.push(line)
    const told = listeners
    listeners = []
    for (const tell of told) tell(line)
  }
  const log = pino({ level: "debug" }, { write })
  const directory = makeTemporaryDirectory()
  const config = readConfig({ DATABASE_URL: `sqlite:${directory}/sepay.db`, SEPAY_SECRET: "x".repeat(32), ...env })
  return {
    mailer: createMailer({ config, clock: makeFakeClock(), log, db }, pauses),
    directory,
    log: () => lines.join(""),
    nextLine: () => new Promise((resolve) => listeners.push(resolve)),
  }
}

describe("mail without SMTP", () => {
  it("becomes a file for its owner's eyes; the log names the file, and neither text nor address", async () => {
    const post = startPost({ SEPAY_URL: "https://pay.example" })
    post.mailer.send(letter)
    await post.mailer.settled()
    const folder = mailFolder(post.directory)
    const [name = "", ...others] = readdirSync(folder)
    assert.deepEqual(others, [])
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
    assert.match(readFileSync(join(folder, name), "utf8"), /^From: no-reply@pay\.example\nTo: chu@mau\.example\n/)
    assert.ok(post.log().includes(name))
    assert.doesNotMatch(post.log(), /geheim|chu@mau|Đặt lại/)
    const [read] = await listMails(post.directory)
    assert.deepEqual(
      [read?.to, read?.subject, read?.text, read?.sentAt],
      [letter.to, letter.subject, letter.text, Date.parse("2026-01-15T03:00:00Z")],
    )
  })

  it("is listed newest first, past files that are no mails, and nothing is there before the first", async () => {
    const post = startPost()
    assert.deepEqual(await listMails(post.directory), [])
    for (const subject of ["one", "two", "three"]) post.mailer.send({ ...letter, subject })
    await post.mailer.settled()
    writeFileSync(join(mailFolder(post.directory), "notes.txt"), "none")
    const subjects = (await listMails(post.directory)).map(({ subject }) => subject)
    assert.deepEqual(subjects, ["three", "two", "one"])
    assert.equal((await listMails(post.directory, 2)).length, 2)
  })

  it("reads back as it was written, whatever its words are", async () => {
    const words = fc.string({ unit: "grapheme", maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(words, fc.array(words, { maxLength: 5 }), async (subject, lines) => {
        const post = startPost()
        post.mailer.send({ ...letter, subject, text: lines.join("\n") })
        await post.mailer.settled()
        const [read] = await listMails(post.directory)
        assert.deepEqual([read?.subject, read?.text], [subject.replaceAll(/[\r\n]+/g, " "), lines.join("\n")])
      }),
      { numRuns: 40 },
    )
  })

  it("keeps a line break in a subject out of the head", async () => {
    const post = startPost()
    post.mailer.send({ ...letter, subject: "Xin chào\r\nBcc: other@mau.example" })
    await post.mailer.settled()
    const [read] = await listMails(post.directory)
    assert.equal(read?.subject, "Xin chào Bcc: other@mau.example")
  })

  it("that cannot be written fails nobody, is tried again and given up", async () => {
    const post = startPost({}, [1, 1])
    writeFileSync(mailFolder(post.directory), "a file where the folder should be")
    post.mailer.send(letter)
    await post.mailer.settled()
    assert.equal(post.log().match(/could not be sent yet/g)?.length, 2)
    assert.match(post.log(), /"tries":3,.*given up/)
    assert.doesNotMatch(post.log(), /geheim|chu@mau/)
  })
})

describe("mail by SMTP", () => {
  let server: SMTPServer
  let url: string
  const received: string[] = []
  let refusals: { readonly code: number; readonly message: string }[] = []

  before(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData: (stream, _session, done) => {
        const pieces: Buffer[] = []
        stream.on("data", (piece: Buffer) => pieces.push(piece))
        stream.on("end", () => {
          const refusal = refusals.shift()
          if (refusal === undefined) received.push(Buffer.concat(pieces).toString("utf8"))
          done(refusal && Object.assign(new Error(refusal.message), { responseCode: refusal.code }))
        })
      },
    })
    server.listen(0, "127.0.0.1")
    await once(server.server, "listening")
    url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  })
  after(() => new Promise<void>((resolve) => server.close(() => resolve())))

  it("arrives whole at a real server, in both languages' letters", async () => {
    const post = startPost({ SMTP_URL: url, MAIL_FROM: "SePay <tin@pay.example>" })
    post.mailer.send(letter)
    await post.mailer.settled()
    const mail = received.pop() ?? ""
    assert.match(mail, /^From: SePay <tin@pay\.example>\r$/m)
    assert.match(mail, /^To: chu@mau\.example\r$/m)
    assert.match(mail, /^Subject: =\?UTF-8\?/m)
    const body = mail.slice(mail.indexOf("\r\n\r\n")).replaceAll("=\r\n", "").replaceAll("=3D", "=")
    assert.ok(body.includes(secretText), mail)
    assert.match(post.log(), /mail sent/)
    assert.doesNotMatch(post.log(), /geheim|chu@mau/)
    assert.ok(!existsSync(mailFolder(post.directory)))
    await post.mailer.close(1000)
  })

  it("that the server refuses for now is tried again", async () => {
    const post = startPost({ SMTP_URL: url }, [1, 1])
    refusals = [{ code: 451, message: "try again later, chu@mau.example" }]
    post.mailer.send(letter)
    await post.mailer.settled()
    assert.equal(received.splice(0).length, 1)
    assert.match(post.log(), /"responseCode":451.*could not be sent yet/)
    assert.doesNotMatch(post.log(), /geheim|chu@mau/)
  })

  it("that the server refuses for good is given up at once, without what the server said of it", async () => {
    const post = startPost({ SMTP_URL: url }, [1, 1])
    refusals = [{ code: 550, message: `chu@mau.example is unknown, and ${secretText} is spam` }]
    post.mailer.send(letter)
    await post.mailer.settled()
    assert.match(post.log(), /"responseCode":550,"tries":1,.*given up/)
    assert.doesNotMatch(post.log(), /geheim|chu@mau/)
    assert.deepEqual(received, [])
  })

  it("waits for a server that is away, and is tried once more at the end", async () => {
    const post = startPost({ SMTP_URL: url }, [3_600_000])
    refusals = [{ code: 451, message: "later" }]
    post.mailer.send(letter)
    assert.match(await post.nextLine(), /could not be sent yet/)
    await post.mailer.close(5000)
    assert.equal(received.splice(0).length, 1)
    post.mailer.send(letter)
    assert.match(post.log(), /a mail came after the end/)
  })

  it("beyond a thousand that wait is lost with a word in the log", async () => {
    const post = startPost({ SMTP_URL: "smtp://127.0.0.1:1" }, [])
    for (let count = 0; count < 1001; count++) post.mailer.send(letter)
    assert.equal(post.log().match(/too many mails wait: one is lost/g)?.length, 1)
    await post.mailer.settled()
    assert.equal(post.log().match(/given up/g)?.length, 1000)
  })
})

describe("the settings of mail", () => {
  const read = (env: Readonly<Record<string, string>>) =>
    readConfig({ DATABASE_URL: "postgres://h/n", SEPAY_SECRET: "x".repeat(32), ...env })

  it("have a sender at the site's host, or the one that is named", () => {
    assert.equal(read({ SEPAY_URL: "https://pay.example" }).mail.from, "no-reply@pay.example")
    assert.equal(read({}).mail.from, "no-reply@localhost")
    assert.equal(read({ MAIL_FROM: "SePay <a@b.example>" }).mail.from, "SePay <a@b.example>")
  })

  it("are refused when they cannot be used, without repeating a password", () => {
    assert.throws(() => read({ SMTP_URL: "http://user:geheim@h" }), { message: /^SMTP_URL must be smtp:/ })
    assert.throws(
      () => read({ SMTP_URL: "user:geheim@h" }),
      (error: Error) => !error.message.includes("geheim"),
    )
    for (const from of ["nobody", "a@b, c@d", "A <a@b>, c@d", "A <a@b>\nBcc: c@d"]) {
      assert.throws(() => read({ MAIL_FROM: from }), { message: /^MAIL_FROM must be/ }, from)
    }
  })

  it("show everybody's mail on this machine only", () => {
    assert.equal(read({ SEPAY_DEMO: "on" }).demo, true)
    assert.equal(read({}).demo, false)
    assert.throws(() => read({ SEPAY_DEMO: "on", SEPAY_URL: "https://pay.example" }), { message: /^SEPAY_DEMO/ })
  })
})
