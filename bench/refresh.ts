import type { EngineName } from "./platform.ts"
import { formatNumber, formatSpread, type Report, targetOn } from "./result.ts"
import { alternate, spreadOf } from "./rounds.ts"
import { connections, perSecond, startTokenField, type TokenServer, withProcessorTime } from "./token-load.ts"

const rounds = 7
const roundSeconds = 2

/** Refreshes with rotation against signing alone, and against oidc-provider, all on one core in turn. */
export async function benchRefresh(engine: EngineName, report: Report): Promise<void> {
  const field = await startTokenField(engine)
  const perProcessorSecond: number[] = []
  try {
    const values = await alternate(rounds, {
      signatures: () => field.signatures(roundSeconds / 2),
      ours: async () => {
        const tokens = await beginFamilies(field.ours)
        const { value, seconds } = await withProcessorTime(field.platform.pid, () =>
          field.ours.refresh(tokens, roundSeconds),
        )
        perProcessorSecond.push(value.answered / seconds)
        return perSecond(value)
      },
      peer: async () => perSecond(await field.peer.refresh(await beginFamilies(field.peer), roundSeconds)),
    })
    const ours = spreadOf(values.ours)
    const common = { name: "refresh", value: ours.median, unit: "refreshes/s", engine, bound: "least" } as const
    const own = `${formatSpread(ours)}, ${formatNumber(spreadOf(perProcessorSecond).median)} a processor second`
    for (const [against, rates, target] of [
      ["RSA-2048 signatures of node:crypto", values.signatures, 0.65],
      ["oidc-provider, in memory", values.peer, 2],
    ] as const) {
      const other = spreadOf(rates)
      report({
        ...common,
        against,
        againstValue: other.median,
        ratio: ours.median / other.median,
        target: targetOn(engine, target),
        noise: `${own}; against ${formatSpread(other)}`,
      })
    }
  } finally {
    await field.stop()
  }
}

// Fresh ones each round: the peer's in-memory adapter slows down as a family grows.
async function beginFamilies(server: TokenServer): Promise<readonly string[]> {
  return server.begin(await server.issueCodes(connections))
}
