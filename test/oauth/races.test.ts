import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import {
  answersByProcess,
  assertNoFailure,
  callAlone,
  postAlone,
  type RawAnswer,
  startOAuthServer,
  withGround,
} from "../support/oauth-processes.ts"
import {
  addClient,
  credentials,
  grantCode,
  type OAuthGround,
  type TestClient,
  type TokenBody,
} from "../support/oauth-site.ts"
import type { RunningServer } from "../support/processes.ts"
import { countFaultRounds } from "../support/rounds.ts"

const rounds = countFaultRounds({ usual: 4, soak: 100 })
const atOnce = 20

onEachEngine((engine) => {
  describe("against four processes", () => {
    let server: RunningServer
    let ground: OAuthGround
    let client: TestClient
    let release: () => void
    let released: Promise<void>
    before(async () => {
      server = await startOAuthServer(engine.databaseUrl(), { WORKERS: "4" })
      const opened = Promise.withResolvers<void>()
      const done = new Promise<void>((resolve) => {
        release = resolve
      })
      released = withGround(engine.databaseUrl(), server.url, async (given) => {
        ground = given
        client = await addClient(given)
        opened.resolve()
        await done
      })
      await Promise.race([opened.promise, released])
    })
    after(async () => {
      release()
      await released
      await server.stop()
    })

    const tokenUrl = () => `${server.url}/oauth/token`
    const redeem = (code: string) =>
      postAlone(tokenUrl(), {
        grant_type: "authorization_code",
        code,
        redirect_uri: client.redirectUri,
        ...credentials(client),
      })
    const refresh = (token: string) =>
      postAlone(tokenUrl(), { grant_type: "refresh_token", refresh_token: token, ...credentials(client) })
    async function together(send: () => Promise<RawAnswer | undefined>): Promise<RawAnswer[]> {
      const answers = await Promise.all(Array.from({ length: atOnce }, send))
      return answers.map((answer) => {
        assert.ok(answer !== undefined, "a connection broke")
        return answer
      })
    }
    const bodyOf = (answer: RawAnswer | undefined): TokenBody => JSON.parse(answer?.text ?? "{}")
    const errorOf = ({ status, text }: RawAnswer): string => `${status} ${JSON.parse(text).error}`

    it("twenty redemptions of one code yield tokens once, and end with that family revoked", async (t) => {
      for (let round = 0; round < rounds; round++) {
        const code = await grantCode(ground, client)
        const answers = await together(() => redeem(code))
        const [won, ...more] = answers.filter(({ status }) => status === 200)
        assert.ok(won !== undefined && more.length === 0, `${more.length + 1} of ${atOnce} brought tokens`)
        const losers = answers.filter((answer) => answer !== won).map(errorOf)
        assert.deepEqual(new Set(losers), new Set(["400 invalid_grant"]))
        const { access_token, refresh_token } = bodyOf(won)
        const refused = await refresh(refresh_token)
        assert.equal(refused && errorOf(refused), "400 invalid_grant")
        assert.equal(await callAlone(server.url, access_token), 401)
      }
      const families = await ground.app.context.db.selectFrom("token_families").select("id").execute()
      assert.equal(families.length, rounds)
      t.diagnostic(`${rounds} rounds of ${atOnce} redemptions on ${engine.name}`)
    })

    it("twenty refreshes of one token all bring one and the same pair: one successor", async (t) => {
      const { db } = ground.app.context
      for (let round = 0; round < rounds; round++) {
        const first = bodyOf(await redeem(await grantCode(ground, client)))
        const answers = await together(() => refresh(first.refresh_token))
        const pairs = answers.map((answer) => {
          assert.equal(answer.status, 200, answer.text)
          const { expires_in: _, ...pair } = bodyOf(answer)
          return JSON.stringify(pair)
        })
        assert.equal(new Set(pairs).size, 1)
        const family = await db
          .selectFrom("token_families")
          .select(["id", "generation"])
          .orderBy("id", "desc")
          .limit(1)
          .executeTakeFirstOrThrow()
        assert.equal(family.generation, 2)
        const rows = await db
          .selectFrom("refresh_tokens")
          .select("generation")
          .where("family_id", "=", family.id)
          .orderBy("generation")
          .execute()
        assert.deepEqual(
          rows.map(({ generation }) => generation),
          [1, 2],
        )
        const next = await refresh(bodyOf(answers[0]).refresh_token)
        assert.equal(next?.status, 200)
      }
      t.diagnostic(`${rounds} rounds of ${atOnce} refreshes on ${engine.name}`)
    })

    it("all four took part, and none answered 5xx", (t) => {
      const counts = answersByProcess(server)
      assert.equal(counts.size, 4, JSON.stringify([...counts]))
      t.diagnostic(`answers by process: ${[...counts.values()].join(", ")}`)
      assertNoFailure(server)
    })
  })
})
