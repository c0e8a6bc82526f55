import type { EngineName } from "./platform.ts"
import { compareRates, type Report, targetOn } from "./result.ts"
import { alternate, type Contestant } from "./rounds.ts"
import { startTokenField, type TokenServer } from "./token-load.ts"

const rounds = 7
const codesPerRound = 2000

/** Exchanges of authorization codes against oidc-provider, on one core in turn. */
export async function benchCode(engine: EngineName, report: Report): Promise<void> {
  const field = await startTokenField(engine)
  try {
    const rates = await alternate(rounds, { ours: exchanging(field.ours), peer: exchanging(field.peer) })
    const shown = { name: "code", unit: "exchanges/s", engine, target: targetOn(engine, 2) }
    report(compareRates({ ...shown, against: "oidc-provider, in memory" }, rates.ours, rates.peer))
  } finally {
    await field.stop()
  }
}

function exchanging(server: TokenServer): Contestant {
  let codes: readonly string[] = []
  return {
    pid: server.pid,
    prepare: async () => {
      codes = await server.issueCodes(codesPerRound)
    },
    run: () => server.exchange(codes),
  }
}
