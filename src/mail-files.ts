import { randomBytes } from "node:crypto"
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Instant } from "./clock.ts"
import type { MailTransport } from "./mail-transport.ts"

/** A mail that became a file. */
export interface StoredMail {
  /** The file's name; sorts by time. */
  readonly name: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly sentAt: Instant
}

const nameShape = /^\d{8}T\d{9}Z-[0-9a-f]{8}\.eml$/

/** Where mails become files, without SMTP. */
export function mailFolder(dataDirectory: string): string {
  return join(dataDirectory, "mail")
}

/**
 * Mail as files that only their owner reads, in the form of RFC 6532 (UTF-8, unencoded), so that `cat` shows a link in one
 * piece and a mail program opens them.
 */
export function createFileTransport(dataDirectory: string): MailTransport {
  const folder = mailFolder(dataDirectory)
  let count = 0
  return {
    send: async ({ from, to, subject, text, at }) => {
      // Mails of one millisecond keep their order, and those of several processes their names.
      count = (count + 1) % 0x10000
      const id = count.toString(16).padStart(4, "0") + randomBytes(2).toString("hex")
      const name = `${at.toISOString().replaceAll(/[-:.]/g, "")}-${id}.eml`
      const file = join(folder, name)
      const head = [
        ["From", from],
        ["To", to],
        ["Subject", subject],
        ["Date", at.toUTCString().replace("GMT", "+0000")],
        ["Message-ID", `<${name.slice(0, -4)}@sepay.invalid>`],
        ["MIME-Version", "1.0"],
        ["Content-Type", "text/plain; charset=utf-8"],
        ["Content-Transfer-Encoding", "8bit"],
      ].map(([title, value = ""]) => `${title}: ${value.replaceAll(/[\r\n]+/g, " ")}`)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        // Whoever lists the folder meanwhile sees no half of a mail.
        await writeFile(`${file}.part`, `${head.join("\n")}\n\n${text}`, { mode: 0o600, flag: "wx" })
        await rename(`${file}.part`, file)
        return { kind: "sent", facts: { file } }
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        return { kind: "failed", isFinal: false, facts: { code, reason: message } }
      }
    },
    close: () => {},
  }
}

/** The mails that became files, newest first, at most `limit`; none when there is no folder yet. */
export async function listMails(dataDirectory: string, limit = 50): Promise<readonly StoredMail[]> {
  const folder = mailFolder(dataDirectory)
  const names = (await readNames(folder)).filter((name) => nameShape.test(name)).sort()
  const newest = names.slice(-limit).reverse()
  return Promise.all(newest.map(async (name) => parseMail(name, await readFile(join(folder, name), "utf8"))))
}

async function readNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
    throw error
  }
}

function parseMail(name: string, file: string): StoredMail {
  const end = file.indexOf("\n\n")
  const head = new Map(
    file
      .slice(0, end)
      .split("\n")
      .map((line): [string, string] => {
        const colon = line.indexOf(": ")
        return [line.slice(0, colon), line.slice(colon + 2)]
      }),
  )
  return {
    name,
    to: head.get("To") ?? "",
    subject: head.get("Subject") ?? "",
    text: file.slice(end + 2),
    sentAt: momentOfName(name),
  }
}

function momentOfName(name: string): Instant {
  const [, year, month, day, hour, minute, second, milliseconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(name) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`) as Instant
}
