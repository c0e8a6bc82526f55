import type { Config } from "../config.ts"

/** Where mails end up that nothing sends: the demo's mailbox page, or files of this server; undefined where SMTP takes them. */
export type MailPlace = "mailbox" | "files" | undefined

/** Where the mails of this installation end up. Pure. */
export function mailPlaceOf({ demo, mail }: Pick<Config, "demo" | "mail">): MailPlace {
  if (mail.smtpUrl !== undefined) return undefined
  return demo ? "mailbox" : "files"
}
