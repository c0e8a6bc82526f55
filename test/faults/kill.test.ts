import assert from "node:assert/strict"
import { before, it } from "node:test"
import type { Database } from "../../src/database/engine.ts"
import { onEachEngine } from "../support/engines.ts"
import { callAlone, postAlone, type RawAnswer, startOAuthServer, withGround } from "../support/oauth-processes.ts"
import {
  addClient,
  credentials,
  grantCode,
  type TestClient,
  type TestUser,
  type TokenBody,
} from "../support/oauth-site.ts"
import type { RunningServer } from "../support/processes.ts"
import { countFaultRounds } from "../support/rounds.ts"

// Half of them on each engine: a thousand kills in a soak.
const rounds = countFaultRounds({ usual: 3, soak: 500 })
const exchangers = 4
const codesEach = 12
const refreshers = 4
const longestLifeMs = 150

/** A client that refreshes again and again until the server dies. */
interface Refresher {
  /** Pairs that were answered, in order. */
  readonly answered: TokenBody[]
  /** What was presented last, if its answer never came. */
  lost: string | undefined
}

/** A client that redeems code after code until the server dies. */
interface Exchanger {
  readonly codes: string[]
  readonly answered: TokenBody[]
  lost: string | undefined
}

onEachEngine((engine) => {
  const counts = { kills: 0, exchanged: 0, exchangesLost: 0, lostButDone: 0, refreshed: 0, refreshesLost: 0 }
  let port: string
  let url: string
  let client: TestClient
  let merchant: TestUser
  before(async () => {
    const server = await startOAuthServer(engine.databaseUrl())
    port = String(server.port)
    url = server.url
    await withGround(engine.databaseUrl(), url, async (ground) => {
      merchant = ground.merchant
      client = await addClient(ground)
    })
    await server.stop()
  })

  const start = (): Promise<RunningServer> => startOAuthServer(engine.databaseUrl(), { PORT: port })
  const redeem = (code: string): Promise<RawAnswer | undefined> =>
    postAlone(`${url}/oauth/token`, {
      grant_type: "authorization_code",
      code,
      redirect_uri: client.redirectUri,
      ...credentials(client),
    })
  const refresh = (token: string): Promise<RawAnswer | undefined> =>
    postAlone(`${url}/oauth/token`, { grant_type: "refresh_token", refresh_token: token, ...credentials(client) })
  const bodyOf = (answer: RawAnswer | undefined): TokenBody => {
    assert.equal(answer?.status, 200, answer?.text ?? "no answer")
    return JSON.parse(answer?.text ?? "{}")
  }
  const makeCodes = (count: number): Promise<string[]> =>
    withGround(
      engine.databaseUrl(),
      url,
      async (ground) => {
        const codes: string[] = []
        for (let index = 0; index < count; index++) codes.push(await grantCode(ground, client))
        return codes
      },
      merchant,
    )

  /** Lets clients work against the server and kills it under them: in even rounds once a refresh was answered. */
  async function workUntilKilled(
    server: RunningServer,
    round: number,
  ): Promise<{ exchanging: Exchanger[]; refreshing: Refresher[] }> {
    const codes = await makeCodes(exchangers * codesEach + refreshers)
    const exchanging = Array.from({ length: exchangers }, (): Exchanger => {
      return { codes: codes.splice(0, codesEach), answered: [], lost: undefined }
    })
    const refreshing: Refresher[] = []
    for (const code of codes) refreshing.push({ answered: [bodyOf(await redeem(code))], lost: undefined })
    const refreshed = Promise.withResolvers<void>()
    if (round % 2 === 1) refreshed.resolve()
    const killing = refreshed.promise
      .then(() => new Promise((resolve) => setTimeout(resolve, Math.random() * longestLifeMs)))
      .then(server.kill9)
    const refreshOne = (refresher: Refresher) => refreshOn(refresher, refreshed.resolve)
    await Promise.all([killing, ...exchanging.map(exchangeOn), ...refreshing.map(refreshOne)])
    return { exchanging, refreshing }
  }

  async function exchangeOn(exchanger: Exchanger): Promise<void> {
    for (const code of exchanger.codes) {
      const answer = await redeem(code)
      if (answer === undefined) {
        exchanger.lost = code
        return
      }
      exchanger.answered.push(bodyOf(answer))
    }
  }

  async function refreshOn(refresher: Refresher, answered: () => void): Promise<void> {
    for (;;) {
      const token = refresher.answered.at(-1)?.refresh_token ?? ""
      const answer = await refresh(token)
      if (answer === undefined) {
        refresher.lost = token
        return
      }
      refresher.answered.push(bodyOf(answer))
      answered()
    }
  }

  async function checkExchanger({ answered, lost }: Exchanger): Promise<void> {
    counts.exchanged += answered.length
    for (const { access_token, refresh_token } of answered.slice(-2)) {
      assert.equal(await callAlone(url, access_token), 200, "an access token that was answered is missing")
      bodyOf(await refresh(refresh_token))
    }
    if (lost === undefined) return
    counts.exchangesLost++
    const again = await redeem(lost)
    if (again?.status === 200) return
    // It was done and only its answer lost, so the retry is a replay: a new authorization request goes on.
    counts.lostButDone++
    assert.equal(JSON.parse(again?.text ?? "{}").error, "invalid_grant")
    const [fresh = ""] = await makeCodes(1)
    bodyOf(await redeem(fresh))
  }

  async function checkRefresher({ answered, lost }: Refresher): Promise<void> {
    counts.refreshed += answered.length - 1
    for (const { access_token } of answered.slice(-3)) {
      assert.equal(await callAlone(url, access_token), 200, "an access token that was answered is missing")
    }
    const token = answered.at(-1)?.refresh_token ?? ""
    if (lost !== undefined) counts.refreshesLost++
    const retried = bodyOf(await refresh(token))
    const again = bodyOf(await refresh(token))
    assert.equal(again.refresh_token, retried.refresh_token)
    assert.equal(again.access_token, retried.access_token)
    bodyOf(await refresh(retried.refresh_token))
  }

  it("kill -9 in the midst of exchanges and refreshes loses nothing that was answered", {
    timeout: 7_000_000,
  }, async (t) => {
    let server = await start()
    for (let round = 0; round < rounds; round++) {
      const { exchanging, refreshing } = await workUntilKilled(server, round)
      counts.kills++
      await withGround(engine.databaseUrl(), url, (ground) => checkWhole(ground.app.context.db), merchant)
      server = await start()
      await Promise.all([...exchanging.map(checkExchanger), ...refreshing.map(checkRefresher)])
    }
    assert.equal(await server.stop(), 0)
    t.diagnostic(`${engine.name}: ${JSON.stringify(counts)}`)
    assert.ok(counts.refreshed > 0 && counts.refreshesLost > 0, "the kills came at no interesting time")
  })

  /** Nothing is half there: each used code has its family, each family its code and all its tokens. */
  async function checkWhole(db: Database): Promise<void> {
    const families = await db.selectFrom("token_families").select(["id", "generation"]).execute()
    const tokens = await db.selectFrom("refresh_tokens").select(["family_id", "generation"]).execute()
    const codes = await db.selectFrom("authorization_codes").select("family_id").execute()
    const used = codes.flatMap(({ family_id }) => (family_id === null ? [] : [family_id]))
    assert.deepEqual(
      used.toSorted((a, b) => a - b),
      families.map(({ id }) => id).toSorted((a, b) => a - b),
    )
    const generations = new Map<number, number[]>(families.map(({ id }) => [id, []]))
    for (const token of tokens) generations.get(token.family_id)?.push(token.generation)
    assert.equal([...generations.values()].flat().length, tokens.length, "a token without its family")
    for (const { id, generation } of families) {
      const expected = Array.from({ length: generation }, (_, index) => index + 1)
      assert.deepEqual(
        generations.get(id)?.toSorted((a, b) => a - b),
        expected,
      )
    }
  }
})
