/** Time limits of a request and of the connections that are kept, in milliseconds (contract/webhooks.md §8). */
export interface OutboundLimits {
  /** Until a name has its addresses. */
  readonly dnsMs: number
  /** Name, TCP and TLS together. */
  readonly connectMs: number
  /** From the first byte to the name server to the last byte of the answer. */
  readonly totalMs: number
  /** How long the body of an error status is read after its headers (§4). */
  readonly errorBodyMs: number
  /** How long a connection is kept unused. */
  readonly idleMs: number
  /** How long after the check of its address a connection may be used again. */
  readonly reuseMs: number
}

/** The limits of contract/webhooks.md §4 and §8. */
export const contractLimits: OutboundLimits = {
  dnsMs: 5000,
  connectMs: 15_000,
  totalMs: 30_000,
  errorBodyMs: 2000,
  idleMs: 30_000,
  reuseMs: 60_000,
}

/** Bytes of the headers of one answer. */
export const maximumHeaderBytes = 16 * 1024

/** Bytes of a body, unless the request says otherwise. */
export const defaultMaximumBodyBytes = 64 * 1024

/** Answers of status 1xx before the real one. */
export const maximumInformational = 10

/** Addresses that a name may have. */
export const maximumAddresses = 16

/** Addresses that are tried for one request. */
export const maximumConnects = 3

/** Unused connections that are kept: to one origin for one tenant, and in all. */
export const maximumIdle = { perKey: 64, inAll: 1024 }
