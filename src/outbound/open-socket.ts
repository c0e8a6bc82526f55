import { once } from "node:events"
import { connect as connectTcp, isIP, type Socket } from "node:net"
import { createSecureContext, connect as startTls, type TLSSocket } from "node:tls"
import { type AddressSettings, isPublicAddress } from "./address-guard.ts"
import { maximumConnects } from "./limits.ts"
import { OutboundError } from "./outbound-error.ts"
import type { Target } from "./target.ts"

/**
 * Connects to the first of the checked addresses that answers, at most three in turn, and checks once more whom the
 * socket reached (contract/webhooks.md §8).
 *
 * @throws OutboundError `connect`, `blocked`; what the signal was aborted with
 */
export async function openSocket(
  { addresses, port, patienceMs }: { addresses: readonly string[]; port: number; patienceMs: number },
  settings: AddressSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const tried = alternateFamilies(addresses).slice(0, maximumConnects)
  let failure: unknown
  for (const [index, address] of tried.entries()) {
    const isLast = index === tried.length - 1
    const enough = isLast ? signal : AbortSignal.any([signal, AbortSignal.timeout(patienceMs / tried.length)])
    try {
      const socket = await connectTo(address, port, enough)
      const reached = socket.remoteAddress
      if (reached !== undefined && isPublicAddress(reached, settings)) return socket
      socket.destroy()
      // It has no address any more if the other side broke it off at once.
      if (reached === undefined) throw new OutboundError("connect", "The server closed the connection at once.")
      throw new OutboundError("blocked", "The connection reached an address that is not public.")
    } catch (error) {
      if (error instanceof OutboundError) throw error
      signal.throwIfAborted()
      failure = error
    }
  }
  const { code } = failure as NodeJS.ErrnoException
  const reason = code === undefined || code === "ABORT_ERR" ? "no answer" : code
  throw new OutboundError("connect", `The server cannot be reached (${reason}).`, { cause: failure })
}

// One dead family must not use up all tries. IPv4 first: it is the one that every server has.
function alternateFamilies(addresses: readonly string[]): readonly string[] {
  const ipv4 = addresses.filter((address) => isIP(address) === 4)
  const ipv6 = addresses.filter((address) => isIP(address) === 6)
  return Array.from({ length: Math.max(ipv4.length, ipv6.length) }, (_, index) => [ipv4[index], ipv6[index]])
    .flat()
    .filter((address) => address !== undefined)
}

async function connectTo(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host, port, noDelay: true, autoSelectFamily: false })
  return untilEvent(socket, "connect", signal)
}

// Whoever uses the socket next hears of its later errors by listeners of his own.
async function untilEvent<Kind extends Socket>(socket: Kind, event: string, signal: AbortSignal): Promise<Kind> {
  socket.on("error", () => {})
  try {
    await once(socket, event, { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Whose certificates are believed: those of the tests, or those that come with Node. */
export interface Trust {
  readonly certificateAuthorities: readonly string[] | undefined
  /** False in test mode (contract/webhooks.md §6.1). */
  readonly verify: boolean
}

/**
 * Begins TLS on a socket, for the name that the URL has, whatever address it led to.
 *
 * @throws OutboundError `tls`, `tls_name`, `tls_ca`; what the signal was aborted with
 */
export async function secureSocket(
  socket: Socket,
  target: Target,
  { certificateAuthorities, verify }: Trust,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { hostname } = target
  const secured = startTls({
    socket,
    // The name to verify; an address must not be announced as a server name (RFC 6066 §3).
    host: hostname,
    ...(isIP(hostname) === 0 && { servername: hostname }),
    secureContext: secureContextOf(certificateAuthorities),
    rejectUnauthorized: verify,
    ALPNProtocols: ["http/1.1"],
  })
  try {
    return await untilEvent(secured, "secureConnect", signal)
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw tlsError(secured, error as NodeJS.ErrnoException)
  }
}

const contexts = new Map<readonly string[] | undefined, ReturnType<typeof createSecureContext>>()

// Made once: it holds all certificate authorities.
function secureContextOf(authorities: readonly string[] | undefined): ReturnType<typeof createSecureContext> {
  const before = contexts.get(authorities)
  if (before !== undefined) return before
  const context = createSecureContext(authorities === undefined ? {} : { ca: [...authorities] })
  contexts.set(authorities, context)
  return context
}

// Node sets authorizationError when the handshake was fine and the certificate was not.
function tlsError(socket: TLSSocket, cause: NodeJS.ErrnoException): OutboundError {
  const code = cause.code ?? "no reason given"
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return new OutboundError("tls_name", "The certificate is for another name.", { cause })
  }
  if (socket.authorizationError)
    return new OutboundError("tls_ca", `The certificate is not trusted (${code}).`, { cause })
  return new OutboundError("tls", `The TLS handshake failed (${code}).`, { cause })
}
