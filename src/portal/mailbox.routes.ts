import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { sendPage } from "../http/page-answer.ts"
import { listMails } from "../mail-files.ts"
import { mailboxPage } from "./mailbox.page.ts"

/** `/mailbox`, in the demo alone: everybody's mail, links and all, for everybody. */
export function mailboxRoutes(pages: FastifyInstance, { config }: Context): void {
  if (!config.demo) return
  pages.get("/mailbox", async (request, reply) => {
    const mails = await listMails(config.dataDirectory)
    return sendPage(reply, mailboxPage({ language: request.language, mails, siteUrl: config.url }))
  })
}
