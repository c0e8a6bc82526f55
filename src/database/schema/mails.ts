import type { Generated } from "kysely"

/** Mails on their way out. */
export interface MailsSchema {
  mails_waiting: MailsWaitingTable
}

interface MailsWaitingTable {
  id: Generated<number>
  sealed: string
  written_at: number
  due_at: number
  tries: number
}
