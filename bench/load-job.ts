/** What the load generator is asked to do: requests over keep-alive connections, one at a time on each. */
export interface LoadJob {
  readonly port: number
  readonly connections: number
  /** Stops asking after this long; the requests under way are still waited for. */
  readonly seconds: number
  readonly requests: LoadRequests
}

/** Where the requests come from. */
export type LoadRequests =
  /** The same one again and again. */
  | { readonly kind: "repeat"; readonly request: string }
  /** The same one with a new number for each `{n}` in it, so that no answer can be one given before. */
  | { readonly kind: "numbered"; readonly request: string }
  /** Each one once; the job ends early when none is left. `begins`: the answers bring refresh tokens to go on with. */
  | { readonly kind: "once"; readonly requests: readonly string[]; readonly begins?: true }
  /** A refresh token a connection, exchanged for its successor again and again. `head` and `form` stand before the token. */
  | { readonly kind: "refresh"; readonly tokens: readonly string[]; readonly head: string; readonly form: string }

/** What came of a job. Times in ms. */
export interface LoadReport {
  readonly done: number
  readonly elapsedMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** The first answer that was no 200, if there was one. */
  readonly failure: string | undefined
  /** The refresh tokens to go on with, where the answers bring some. */
  readonly tokens: readonly string[]
}

/** A request as it goes over the wire; a body makes it a POST. */
export function wireRequest(path: string, headers: Readonly<Record<string, string>>, body?: string): string {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }
  const lines = Object.entries({ host: "localhost", ...headers, ...length }).map(([name, value]) => `${name}: ${value}`)
  return `${body === undefined ? "GET" : "POST"} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body ?? ""}`
}
