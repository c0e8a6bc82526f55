import { sendMailsNow } from "../mail.ts"
import type { Mail } from "../mail-transport.ts"
import type { Input } from "./command.ts"
import type { CommandContext } from "./with-database.ts"

/** How many mails of a command went out, and how many did not. */
export interface Told {
  readonly sent: number
  readonly failed: number
}

/** Sends the mails of what was done, before the command ends; what cannot be sent is said on standard error, each once. */
export async function tellByMail(context: CommandContext, mails: readonly Mail[], input: Input): Promise<Told> {
  const results = await sendMailsNow(context, mails)
  let failed = 0
  for (const [index, result] of results.entries()) {
    if (result.kind === "sent") continue
    failed++
    const { code, responseCode, reason } = result.facts
    const why = [responseCode, code, reason].filter((fact) => fact !== undefined).join(" ")
    input.progress(`The mail to ${mails[index]?.to} could not be sent (${why}): tell them yourself.`)
  }
  return { sent: results.length - failed, failed }
}

/** A sentence about whom the command told. */
export function toldText({ sent, failed }: Told): string {
  if (sent + failed === 0) return "Nobody could be told by mail: the app's company has no user for it."
  const total = sent + failed
  if (failed === 0)
    return total === 1 ? "Its owner was told by mail." : `${total} people of its owner were told by mail.`
  return `${sent} of ${total} mails to its owner were sent.`
}
