import { type LoadJob, type LoadReport, type LoadRequests, wireRequest } from "./load-job.ts"
import { connectMerchants, issueCodes, type Merchants, redirectUri } from "./merchants.ts"
import type { PeerAnswer } from "./oidc-provider-server.ts"
import { type Assistant, startAssistant } from "./pinned-process.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, type Platform, startPlatform } from "./platform.ts"
import type { Round } from "./rounds.ts"

export const connections = 64
const merchantCount = 1000

/** A token endpoint under load: ours or the peer's, with codes at hand. */
export interface TokenServer {
  readonly pid: number
  /** Codes that were never used, one a request. */
  issueCodes(count: number): Promise<readonly string[]>
  /** Exchanges codes, each once, and returns how it went. */
  exchange(codes: readonly string[]): Promise<Round>
  /** Exchanges codes, each once, and returns the refresh tokens. */
  begin(codes: readonly string[]): Promise<readonly string[]>
  /** Refreshes with rotation, a family a connection. */
  refresh(tokens: readonly string[], seconds: number): Promise<Round>
}

/** Everything that takes part in a benchmark of the token endpoint. */
export interface TokenField {
  readonly ours: TokenServer
  readonly peer: TokenServer
  /** RSA-2048 signatures on the same core. */
  readonly signer: Assistant<{ seconds: number }, Round>
  stop(): Promise<void>
}

type Generator = Assistant<LoadJob, LoadReport>

/** Starts our server over a database of its own, the peer, the signer and the load generator. */
export async function startTokenField(engine: EngineName): Promise<TokenField> {
  const database = await createBenchDatabase(engine)
  const merchants = await connectMerchants(database, merchantCount)
  const platform = await startPlatform(database)
  const generator: Generator = startAssistant("measuring", "load-generator")
  const peer: Peer = startAssistant("measured", "oidc-provider-server")
  const signer: TokenField["signer"] = startAssistant("measured", "rsa-signatures")
  return {
    ours: ourServer(generator, platform, database, merchants),
    peer: await peerServer(generator, peer),
    signer,
    stop: async () => {
      await Promise.all([platform.stop(), peer.stop(), signer.stop(), generator.stop()])
      await database.remove()
    },
  }
}

type Peer = Assistant<{ codes: number }, PeerAnswer>

interface Endpoint {
  readonly port: number
  readonly path: string
  readonly clientId: string
  readonly clientSecret: string
}

function ourServer(
  generator: Generator,
  { port, pid }: Platform,
  database: BenchDatabase,
  merchants: Merchants,
): TokenServer {
  const { client, clientSecret } = merchants
  const endpoint = { port, path: "/oauth/token", clientId: client.clientId, clientSecret }
  return { pid, issueCodes: (count) => issueCodes(database, merchants, count), ...loadOn(generator, endpoint) }
}

async function peerServer(generator: Generator, peer: Assistant<{ codes: number }, PeerAnswer>): Promise<TokenServer> {
  const { port, clientId, clientSecret } = await peer.ask({ codes: 0 })
  return {
    pid: peer.pid,
    issueCodes: async (count) => (await peer.ask({ codes: count })).codes,
    ...loadOn(generator, { port, path: "/token", clientId, clientSecret }),
  }
}

function loadOn(
  generator: Generator,
  { port, path, clientId, clientSecret }: Endpoint,
): Omit<TokenServer, "issueCodes" | "pid"> {
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
