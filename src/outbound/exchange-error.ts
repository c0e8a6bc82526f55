import { OutboundError } from "./outbound-error.ts"

const messages: Readonly<Record<string, string>> = {
  ECONNRESET: "The connection was reset before the answer was complete.",
  UND_ERR_SOCKET: "The connection was closed before the answer was complete.",
  UND_ERR_HEADERS_OVERFLOW: "The headers of the answer are larger than 16 KiB.",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "The answer is shorter or longer than its Content-Length says.",
}

/**
 * The class of what broke a request on an open connection (contract/webhooks.md §4): `send` while it was being sent,
 * `receive` after that, `tls` when the server ended the handshake late, as it does when it wants a certificate.
 */
export function exchangeError(cause: Error, facts: { isUnsent: boolean; hasBegun: boolean }): OutboundError {
  const { code = "", syscall } = cause as NodeJS.ErrnoException
  if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/.test(code)) {
    return new OutboundError("send", `The request cannot be sent: ${cause.message}.`, { cause })
  }
  if (!facts.hasBegun && (facts.isUnsent || code === "EPIPE" || syscall === "write")) {
    return new OutboundError("send", `The connection broke while the request was sent (${code}).`, { cause })
  }
  if (!facts.hasBegun && code.startsWith("ERR_SSL_")) {
    return new OutboundError("tls", `The server ended the TLS connection (${code}).`, { cause })
  }
  const message = code.startsWith("HPE_") ? "The answer is not HTTP/1.1." : messages[code]
  return new OutboundError("receive", message ?? `The answer could not be read (${code || cause.message}).`, { cause })
}
