import type { Transporter } from "nodemailer"
import type { MailTransport, SendResult } from "./mail-transport.ts"

const connectWithinMs = 10_000
const silentForMs = 30_000

/**
 * Mail by SMTP, a connection a mail: the only place besides `outbound/` that opens connections, and only to the server that
 * the operator names (docs/decisions/0015-mail-and-account-libraries.md).
 */
export function createSmtpTransport(url: string): MailTransport {
  let transporter: Transporter | undefined

  async function connect(): Promise<Transporter> {
    const { createTransport } = await import("nodemailer")
    return createTransport({
      url,
      connectionTimeout: connectWithinMs,
      greetingTimeout: connectWithinMs,
      socketTimeout: silentForMs,
      // A mail is words alone: nothing in it may make the library read a file or fetch a URL.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  return {
    send: async ({ from, to, subject, text, at }) => {
      try {
        transporter ??= await connect()
        // An address alone: a text with commas or brackets would be read as several.
        const { messageId } = await transporter.sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          date: at,
        })
        return { kind: "sent", facts: { messageId } }
      } catch (error) {
        return toFailure(error as SmtpError)
      }
    },
    close: () => transporter?.close(),
  }
}

interface SmtpError extends Error {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

// A server's answer may quote the address or the text, so of it only the number is told (RFC 5321 §4.2.1: 5xx is for good).
function toFailure({ code, command, responseCode, response, message }: SmtpError): SendResult {
  const facts = { code, command, ...(response === undefined ? { reason: message } : { responseCode }) }
  return { kind: "failed", isFinal: responseCode !== undefined && responseCode >= 500, facts }
}
