import assert from "node:assert/strict"
import type { Context } from "../../src/context.ts"
import { listMails, type StoredMail } from "../../src/mail-files.ts"

/** As much of a platform as mails are read by. */
type Sender = Pick<Context, "config" | "mail">

/** The mails to an address, newest first, once all that were given to the mailer are out. */
export async function mailsTo({ config, mail }: Sender, address: string): Promise<readonly StoredMail[]> {
  await mail.settled()
  return (await listMails(config.dataDirectory, 1000)).filter(({ to }) => to === address)
}

/** The newest mail to an address; there must be one. */
export async function newestMailTo(context: Sender, address: string): Promise<StoredMail> {
  const [newest] = await mailsTo(context, address)
  assert.ok(newest !== undefined, `no mail went to ${address}`)
  return newest
}

/** The path and query of the first link in a mail. */
export function linkIn({ text }: Pick<StoredMail, "text">): string {
  const link = /^https?:\/\/\S+$/m.exec(text)?.[0]
  assert.ok(link !== undefined, text)
  const { pathname, search } = new URL(link)
  return pathname + search
}
