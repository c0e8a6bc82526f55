import { type ApiGround, startApiGround } from "./api-ground.ts"
import { type LoadJob, type LoadReport, wireRequest } from "./load-job.ts"
import { type Assistant, startAssistant } from "./pinned-process.ts"
import type { EngineName } from "./platform.ts"
import { formatNumber, formatSpread, type Report, targetOn } from "./result.ts"
import { type Spread, spreadOf } from "./rounds.ts"

const rounds = 7
const roundSeconds = 0.7
const limit = 20
const fewRows = 10_000
const manyRows = 1_000_000

interface Pages {
  readonly first: string
  readonly last: string
}

/** How long a page takes as the list grows: 1,000,000 transactions against 10,000, the last page against the first. */
export async function benchListGrowth(engine: EngineName, report: Report): Promise<void> {
  const generator = startAssistant<LoadJob, LoadReport>("measuring", "load-generator")
  const few = await startApiGround(engine, fewRows)
  const many = await startApiGround(engine, manyRows)
  try {
    for (const [what, filter] of [
      ["all accounts", () => ""],
      ["one account", ({ accountIds }: ApiGround) => `&bank_account_id=${accountIds[0]}`],
    ] as const) {
      const fewPages = await findPages(few, filter(few))
      const manyPages = await findPages(many, filter(many))
      const [small, first, last] = await latencies(generator, [
        [few, fewPages.first],
        [many, manyPages.first],
        [many, manyPages.last],
      ])
      if (small === undefined || first === undefined || last === undefined) throw new Error("A page was not measured.")
      const compare = (value: Spread, other: Spread, against: string, target: number) =>
        report({
          name: "list-growth",
          value: value.median,
          unit: "ms p50",
          against: `${against}, ${what}`,
          againstValue: other.median,
          ratio: value.median / other.median,
          target: targetOn(engine, target),
          engine,
          bound: "most",
          noise: `${formatSpread(value)} against ${formatSpread(other)}`,
        })
      compare(first, small, `first page of ${formatNumber(manyRows)} rows ÷ of ${formatNumber(fewRows)}`, 1.3)
      compare(last, first, `last page of ${formatNumber(manyRows)} rows ÷ first`, 3)
    }
  } finally {
    await generator.stop()
    await Promise.all([few.stop(), many.stop()])
  }
}

async function findPages({ platform, accessToken }: ApiGround, filter: string): Promise<Pages> {
  const first = `/api/v1/transactions?limit=${limit}${filter}`
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await fetch(`http://127.0.0.1:${platform.port}${first}`, { headers })
  const body = (await answer.json()) as { meta?: { pagination: { total: number } } }
  const total = body.meta?.pagination.total
  if (total === undefined) throw new Error(`The list answered ${answer.status}: ${JSON.stringify(body)}`)
  return { first, last: `${first}&page=${Math.ceil(total / limit)}` }
}

// One caller at a time: what a page takes, not how many fit.
async function latencies(
  generator: Assistant<LoadJob, LoadReport>,
  pages: readonly (readonly [ApiGround, string])[],
): Promise<readonly Spread[]> {
  const medians = pages.map(() => [] as number[])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, [{ platform, accessToken }, path]] of pages.entries()) {
      // Pages read from the database: a page asked for again would be answered as it was (docs/decisions/0011).
      const request = wireRequest(`${path}&n={n}`, { authorization: `Bearer ${accessToken}` })
      const requests = { kind: "numbered", request } as const
      const job = { port: platform.port, connections: 1, seconds: roundSeconds, requests }
      const { p50Ms, failure } = await generator.ask(job)
      if (failure !== undefined) throw new Error(`A list of the benchmark failed: ${failure}`)
      if (round > 0) medians[index]?.push(p50Ms)
    }
  }
  return medians.map(spreadOf)
}
