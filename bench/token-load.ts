import { type LoadJob, type LoadReport, type LoadRequests, wireRequest } from "./load-job.ts"
import { connectMerchants, issueCodes, type Merchants, redirectUri } from "./merchants.ts"
import type { PeerAnswer } from "./oidc-provider-server.ts"
import { type Assistant, processorSeconds, startAssistant } from "./pinned-process.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, type Platform, startPlatform } from "./platform.ts"

export const connections = 64
const merchantCount = 1000

/** A token endpoint under load: ours or the peer's, with codes at hand. */
export interface TokenServer {
  /** Codes that were never used, one a request. */
  issueCodes(count: number): Promise<readonly string[]>
  /** Exchanges codes, each once, and returns how it went. */
  exchange(codes: readonly string[]): Promise<LoadReport>
  /** Exchanges codes, each once, and returns the refresh tokens. */
  begin(codes: readonly string[]): Promise<readonly string[]>
  /** Refreshes with rotation, a family a connection. */
  refresh(tokens: readonly string[], seconds: number): Promise<LoadReport>
}

/** Everything that takes part in a benchmark of the token endpoint. */
export interface TokenField {
  readonly ours: TokenServer
  readonly peer: TokenServer
  readonly platform: Platform
  /** RSA-2048 signatures a second of one core. */
  signatures(seconds: number): Promise<number>
  stop(): Promise<void>
}

type Generator = Assistant<LoadJob, LoadReport>

/** Starts our server over a database of its own, the peer, the signer and the load generator. */
export async function startTokenField(engine: EngineName): Promise<TokenField> {
  const database = await createBenchDatabase(engine)
  const merchants = await connectMerchants(database, merchantCount)
  const platform = await startPlatform(database)
  const generator: Generator = startAssistant("measuring", "load-generator")
  const peer = startAssistant<{ codes: number }, PeerAnswer>("measured", "oidc-provider-server")
  const signer = startAssistant<{ seconds: number }, { answered: number; elapsedMs: number }>(
    "measured",
    "rsa-signatures",
  )
  return {
    ours: ourServer(generator, platform, database, merchants),
    peer: await peerServer(generator, peer),
    platform,
    signatures: async (seconds) => {
      const { answered, elapsedMs } = await signer.ask({ seconds })
      return (answered / elapsedMs) * 1000
    },
    stop: async () => {
      await Promise.all([platform.stop(), peer.stop(), signer.stop(), generator.stop()])
      await database.remove()
    },
  }
}

interface Endpoint {
  readonly port: number
  readonly path: string
  readonly clientId: string
  readonly clientSecret: string
}

function ourServer(
  generator: Generator,
  { port }: Platform,
  database: BenchDatabase,
  merchants: Merchants,
): TokenServer {
  const { client, clientSecret } = merchants
  const endpoint = { port, path: "/oauth/token", clientId: client.clientId, clientSecret }
  return { issueCodes: (count) => issueCodes(database, merchants, count), ...loadOn(generator, endpoint) }
}

async function peerServer(generator: Generator, peer: Assistant<{ codes: number }, PeerAnswer>): Promise<TokenServer> {
  const { port, clientId, clientSecret } = await peer.ask({ codes: 0 })
  return {
    issueCodes: async (count) => (await peer.ask({ codes: count })).codes,
    ...loadOn(generator, { port, path: "/token", clientId, clientSecret }),
  }
}

function loadOn(
  generator: Generator,
  { port, path, clientId, clientSecret }: Endpoint,
): Omit<TokenServer, "issueCodes"> {
  const headers = { "content-type": "application/x-www-form-urlencoded" }
  const credentials = `client_id=${clientId}&client_secret=${clientSecret}`
  const run = async (requests: LoadRequests, seconds: number) => {
    const report = await generator.ask({ port, connections, seconds, requests })
    if (report.failure !== undefined) throw new Error(`A request of the benchmark failed: ${report.failure}`)
    return report
  }
  const form = (code: string) =>
    `grant_type=authorization_code&${credentials}&redirect_uri=${encodeURIComponent(redirectUri)}&code=${code}`
  const head = wireRequest(path, headers, "").replace(/content-length: 0\r\n\r\n$/, "")
  const exchanges = (codes: readonly string[]) => codes.map((code) => wireRequest(path, headers, form(code)))
  return {
    exchange: (codes) => run({ kind: "once", requests: exchanges(codes) }, 60),
    begin: async (codes) => (await run({ kind: "once", requests: exchanges(codes), begins: true }, 60)).tokens,
    refresh: (tokens, seconds) =>
      run({ kind: "refresh", tokens, head, form: `grant_type=refresh_token&${credentials}&refresh_token=` }, seconds),
  }
}

/** Answers a second of a report. */
export function perSecond({ answered, elapsedMs }: LoadReport): number {
  return (answered / elapsedMs) * 1000
}

/** Runs work and returns what it brought, and the processor time that a process spent on it, s. */
export async function withProcessorTime<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ value: T; seconds: number }> {
  const before = processorSeconds(pid) ?? Number.NaN
  const value = await work()
  return { value, seconds: (processorSeconds(pid) ?? Number.NaN) - before }
}
