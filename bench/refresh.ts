import type { EngineName } from "./platform.ts"
import { compareRates, type Report, targetOn } from "./result.ts"
import { alternate, type Contestant } from "./rounds.ts"
import { connections, startTokenField, type TokenServer } from "./token-load.ts"

const rounds = 7
const roundSeconds = 2

/** Refreshes with rotation against signing alone, and against oidc-provider, all on one core in turn. */
export async function benchRefresh(engine: EngineName, report: Report): Promise<void> {
  const field = await startTokenField(engine)
  try {
    const rates = await alternate(rounds, {
      signatures: { pid: field.signer.pid, run: () => field.signer.ask({ seconds: roundSeconds / 2 }) },
      ours: refreshing(field.ours),
      peer: refreshing(field.peer),
    })
    const shown = { name: "refresh", unit: "refreshes/s", engine }
    const ceiling = { against: "RSA-2048 signatures of node:crypto", target: targetOn(engine, 0.65) }
    report(compareRates({ ...shown, ...ceiling }, rates.ours, rates.signatures))
    const peer = { against: "oidc-provider, in memory", target: targetOn(engine, 2) }
    report(compareRates({ ...shown, ...peer }, rates.ours, rates.peer))
  } finally {
    await field.stop()
  }
}

// Fresh families each round: the peer's in-memory adapter slows down as a family grows.
function refreshing(server: TokenServer): Contestant {
  let tokens: readonly string[] = []
  return {
    pid: server.pid,
    prepare: async () => {
      tokens = await server.begin(await server.issueCodes(connections))
    },
    run: () => server.refresh(tokens, roundSeconds),
  }
}
