import assert from "node:assert/strict"
import { after, before, it } from "node:test"
import fc from "fast-check"
import { revokeGrant } from "../../src/oauth/grant.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Answer } from "../support/http.ts"
import {
  addClient,
  callApi,
  credentials,
  expectRefusal,
  expectTokens,
  grantCode,
  noticeChanges,
  type OAuthSite,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
  type TokenBody,
} from "../support/oauth-site.ts"
import { countFaultRounds } from "../support/rounds.ts"
import * as model from "./reference-model.ts"

const usedScopes = ["profile", "company", "transaction:read"]

type Action =
  | { readonly do: "authorize"; readonly client: number; readonly scope: readonly string[]; readonly left: number }
  | {
      readonly do: "exchange"
      readonly code: number
      readonly replay: boolean
      readonly stranger: boolean
      readonly wrongUri: boolean
    }
  | {
      readonly do: "refresh"
      readonly family: number
      readonly back: number
      readonly stranger: boolean
      readonly scope: string | undefined
    }
  | { readonly do: "revoke refresh token"; readonly family: number; readonly back: number; readonly stranger: boolean }
  | { readonly do: "revoke access token"; readonly token: number; readonly stranger: boolean }
  | { readonly do: "revoke grant"; readonly grant: number }
  | { readonly do: "advance"; readonly ms: number }
  | { readonly do: "restart" | "clean up" }

/** True one time in eight. */
const rarely = fc.nat(7).map((roll) => roll === 7)
/** Which of those there are, the newest most often. */
const which = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) })
const scopeParameter = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom("profile", "company", "profile company", "webhook:read") },
)
const duration = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(59_999, 60_000, 60_001, 299_999, 300_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }).map((hours) => hours * 3_600_000) },
  { weight: 1, arbitrary: fc.constant(31 * 86_400_000) },
)
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("authorize" as const),
      client: fc.nat(1),
      scope: fc.shuffledSubarray(usedScopes, { minLength: 1 }),
      left: fc.nat(2),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("exchange" as const),
      code: which,
      replay: rarely,
      stranger: rarely,
      wrongUri: rarely,
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant("refresh" as const),
      family: which,
      back: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        { weight: 3, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.nat(4) },
      ),
      stranger: rarely,
      scope: scopeParameter,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("revoke refresh token" as const),
      family: which,
      back: fc.nat(2),
      stranger: rarely,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("revoke access token" as const), token: which, stranger: rarely }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke grant" as const), grant: which }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("advance" as const), ms: duration }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("restart" as const, "clean up" as const, "clean up" as const) }),
  },
)

/** The model's things beside the texts that the server gave for them. */
interface World {
  readonly clients: readonly TestClient[]
  readonly grants: model.ModelGrant[]
  readonly codes: { readonly code: model.ModelCode; readonly text: string }[]
  readonly families: { readonly family: model.ModelFamily; readonly texts: string[]; newest: TokenBody }[]
  readonly tokens: { readonly token: model.ModelAccessToken; readonly text: string }[]
  readonly seen: Record<string, number>
}

onEachEngine((engine) => {
  let site: OAuthSite
  const seen: Record<string, number> = {}
  // The issuer must outlast a restart, which is on another port.
  const env = { SEPAY_URL: "http://localhost:1" }
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { env })
  })
  after(() => site.stop())

  it("any interleaving agrees with the reference model (contract/oauth.md §5.1, §5.2, §8, §9)", async (t) => {
    let runs = 0
    const numRuns = countFaultRounds({ usual: 30, soak: 3000 })
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 40, size: "max" }), async (actions) => {
        runs++
        const clients = [await newClient(), await newClient()]
        const world: World = { clients, grants: [], codes: [], families: [], tokens: [], seen }
        for (const one of actions) {
          await perform(world, one)
          await checkNewestTokens(world, 1)
        }
        await checkNewestTokens(world, world.tokens.length)
      }),
      { numRuns, endOnFailure: false, interruptAfterTimeLimit: countFaultRounds({ usual: 60_000, soak: 6_000_000 }) },
    )
    t.diagnostic(`${runs} runs on ${engine.name}: ${JSON.stringify(seen)}`)
    for (const outcome of ["exchange issued", "refresh issued", "refresh repeated", "refresh invalid_grant"]) {
      assert.ok((seen[outcome] ?? 0) > 0, `no run reached "${outcome}"`)
    }
  })

  const newClient = () => addClient(site, { scope: "", optionalScope: usedScopes.join(" ") })
  const newest = <T>(items: readonly T[], back: number): T | undefined =>
    items[items.length - 1 - (back % items.length)]
  const clientOf = (world: World, index: number): TestClient => {
    const client = world.clients[index]
    assert.ok(client !== undefined)
    return client
  }

  async function perform(world: World, one: Action): Promise<void> {
    switch (one.do) {
      case "authorize":
        return authorize(world, one)
      case "exchange":
        return exchange(world, one)
      case "refresh":
        return refreshToken(world, one)
      case "revoke refresh token":
        return revokeRefreshToken(world, one)
      case "revoke access token":
        return revokeAccessToken(world, one)
      case "revoke grant":
        return endGrant(world, one.grant)
      case "advance":
        return site.clock.advance({ milliseconds: one.ms })
      case "clean up":
        return site.app.runLoop("cleanup")
      case "restart":
        return restart()
    }
  }

  async function authorize(world: World, one: Extract<Action, { do: "authorize" }>): Promise<void> {
    const ticked = one.scope.slice(0, Math.max(1, one.scope.length - one.left))
    const text = await grantCode(site, clientOf(world, one.client), {
      scope: one.scope.join(" "),
      ticked: ticked.join(" "),
    })
    await noticeChanges(site)
    world.codes.push({ code: model.authorize(world.grants, one.client, one.scope, ticked, site.clock.now()), text })
  }

  async function exchange(world: World, one: Extract<Action, { do: "exchange" }>): Promise<void> {
    const known = newest(
      world.codes.filter(({ code }) => (code.family !== undefined) === one.replay),
      one.code,
    )
    if (known === undefined) return
    const { code, text } = known
    // Used codes are remembered for 24 h at least: what happens to a later replay is not promised.
    if (code.family !== undefined && site.clock.now() - code.usedAt >= 86_400_000) return
    const by = one.stranger ? 1 - code.client : code.client
    const uri = one.wrongUri ? { redirect_uri: "https://shop.example/other" } : {}
    const answer = await redeemCode(site, clientOf(world, by), text, uri)
    const expected = model.exchange(code, by, !one.wrongUri, site.clock.now())
    checkAnswer(world, "exchange", answer, expected)
  }

  async function refreshToken(world: World, one: Extract<Action, { do: "refresh" }>): Promise<void> {
    const known = newest(world.families, one.family)
    if (known === undefined) return
    const { family, texts } = known
    const number = Math.max(0, family.current - one.back)
    const by = one.stranger ? 1 - family.client : family.client
    const answer = await refresh(site, clientOf(world, by), texts[number] ?? "", { scope: one.scope })
    checkAnswer(world, "refresh", answer, model.refresh(family, number, by, one.scope, site.clock.now()))
  }

  function checkAnswer(world: World, what: string, answer: Answer, expected: model.Expected): void {
    const outcome = `${what} ${expected.kind === "error" ? expected.error : expected.kind}`
    world.seen[outcome] = (world.seen[outcome] ?? 0) + 1
    if (expected.kind === "error") {
      expectRefusal(answer, 400, expected.error)
      return
    }
    const body = expectTokens(answer)
    const { family, access } = expected
    const expiresIn = access.expiresAt / 1000 - Math.floor(site.clock.now() / 1000)
    assert.deepEqual([body.scope, body.expires_in], [access.scope.join(" "), expiresIn])
    const known = world.families.find((candidate) => candidate.family === family)
    if (expected.kind === "repeated") {
      assert.deepEqual(body, { ...known?.newest, expires_in: body.expires_in })
      return
    }
    world.tokens.push({ token: access, text: body.access_token })
    if (known === undefined) world.families.push({ family, texts: [body.refresh_token], newest: body })
    else {
      known.texts.push(body.refresh_token)
      known.newest = body
    }
  }

  async function revokeRefreshToken(world: World, one: Extract<Action, { do: "revoke refresh token" }>): Promise<void> {
    const known = newest(world.families, one.family)
    if (known === undefined) return
    const { family, texts } = known
    const by = one.stranger ? 1 - family.client : family.client
    // What has left the database after its end is as good as revoked, also for a stranger: not promised either way.
    if (one.stranger && !(family.alive && family.grant.alive && site.clock.now() < family.refreshExpiresAt)) return
    const token = texts[Math.max(0, family.current - one.back)] ?? ""
    checkRevocation(await revoke(clientOf(world, by), token), model.revokeFamily(family, by))
  }

  async function revokeAccessToken(world: World, one: Extract<Action, { do: "revoke access token" }>): Promise<void> {
    const known = newest(world.tokens, one.token)
    if (known === undefined) return
    const { client } = known.token.family
    const by = one.stranger ? 1 - client : client
    const answer = await revoke(clientOf(world, by), known.text)
    checkRevocation(answer, model.revokeAccess(known.token, by, site.clock.now()))
  }

  const revoke = (client: TestClient, token: string): Promise<Answer> =>
    site.caller.postForm("/oauth/revoke", { ...credentials(client), token })

  function checkRevocation(answer: Answer, expected: model.Expected | undefined): void {
    if (expected?.kind === "error") expectRefusal(answer, 400, expected.error)
    else assert.equal(`${answer.status} ${answer.text}`, "200 {}")
  }

  async function endGrant(world: World, back: number): Promise<void> {
    const grant = newest(world.grants, back)
    if (grant === undefined || !grant.alive) return
    const { db, clock } = site.app.context
    const { merchant } = site
    const row = await db
      .selectFrom("grants")
      .innerJoin("clients", "clients.id", "grants.client_row_id")
      .select("grants.id")
      .where("clients.client_id", "=", clientOf(world, grant.client).clientId)
      .where("grants.ended_at", "is", null)
      .executeTakeFirstOrThrow()
    const viewer = { userId: merchant.id, companyId: merchant.companyId, role: "SuperAdmin" as const, permissions: [] }
    await revokeGrant(db, viewer, row.id, clock.now())
    await noticeChanges(site)
    grant.alive = false
  }

  async function restart(): Promise<void> {
    const { clock, secrets, merchant } = site
    await site.stop()
    site = { ...(await startOAuthSite(engine.databaseUrl(), { clock, merchant, env })), secrets }
  }

  async function checkNewestTokens(world: World, count: number): Promise<void> {
    for (const { token, text } of world.tokens.slice(-count)) {
      assert.equal(await callApi(site, text), model.apiStatus(token, site.clock.now()))
    }
  }
})
