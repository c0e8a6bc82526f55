import { startApiGround } from "./api-ground.ts"
import type { BareAnswer } from "./bare-route.ts"
import { type LoadJob, type LoadReport, type LoadRequests, wireRequest } from "./load-job.ts"
import { startAssistant } from "./pinned-process.ts"
import type { EngineName } from "./platform.ts"
import { compareRates, type Report, targetOn } from "./result.ts"
import { alternate, type Contestant } from "./rounds.ts"

const rounds = 7
const roundSeconds = 2
const connections = 32
const path = "/api/v1/transactions"

/**
 * The newest 20 of 10,000 transactions, token checked, against a bare route that answers the same bytes: the same page
 * again and again, as whoever waits for money asks; and beside it pages that are read anew.
 */
export async function benchList(engine: EngineName, report: Report): Promise<void> {
  const ground = await startApiGround(engine, 10_000)
  const generator = startAssistant<LoadJob, LoadReport>("measuring", "load-generator")
  const bare = startAssistant<BareAnswer, { port: number }>("measured", "bare-route")
  try {
    const headers = { authorization: `Bearer ${ground.accessToken}` }
    const { port, pid } = ground.platform
    const answer = await fetch(`http://127.0.0.1:${port}${path}?limit=20`, { headers })
    const body = await answer.text()
    if (!answer.ok) throw new Error(`The list answered ${answer.status}: ${body}`)
    const contentType = answer.headers.get("content-type") ?? ""
    const { port: barePort } = await bare.ask({ path, body, contentType })
    const repeated = { kind: "repeat", request: wireRequest(`${path}?limit=20`, headers) } as const
    const fresh = { kind: "numbered", request: wireRequest(`${path}?limit=20&n={n}`, headers) } as const
    const asking = (to: { readonly pid: number; readonly port: number }, requests: LoadRequests): Contestant => ({
      pid: to.pid,
      run: async () => {
        const round = await generator.ask({ port: to.port, connections, seconds: roundSeconds, requests })
        if (round.failure !== undefined) throw new Error(`A list of the benchmark failed: ${round.failure}`)
        return round
      },
    })
    const rates = await alternate(rounds, {
      ours: asking({ pid, port }, repeated),
      bare: asking({ pid: bare.pid, port: barePort }, repeated),
      fresh: asking({ pid, port }, fresh),
    })
    const shown = { name: "list", unit: "pages/s", engine, against: "bare Fastify route, same bytes" }
    report(compareRates({ ...shown, target: targetOn(engine, 0.3) }, rates.ours, rates.bare))
    // No answer twice the same: what a page costs that is read from the database (docs/decisions/0011).
    const unrepeated = { ...shown, unit: "pages/s, each read anew", target: null }
    report(compareRates(unrepeated, rates.fresh, rates.bare))
  } finally {
    await Promise.all([generator.stop(), bare.stop()])
    await ground.stop()
  }
}
