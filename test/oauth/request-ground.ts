import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { adviceText, type ReasonCode, reasonText } from "../../src/messages/request-reasons.ts"
import type { ClientRegistration } from "../../src/oauth/client.ts"
import { type ClientRequest, listClientRequests } from "../../src/oauth/client-requests.ts"
import { revokeGrant } from "../../src/oauth/grant.ts"
import { getOwnClient } from "../../src/oauth/own-client.ts"
import { onEachEngine, type TestEngine } from "../support/engines.ts"
import {
  addClient,
  connect,
  noticeChanges,
  type OAuthSite,
  startOAuthSite,
  type TestClient,
  type TokenBody,
} from "../support/oauth-site.ts"

/** The calls of the app that its developer sees, newest first, after what was gathered has been written. */
export async function loggedCalls(site: OAuthSite, client: TestClient): Promise<readonly ClientRequest[]> {
  const { db } = site.app.context
  await site.app.runLoop("request log")
  const { rowId } = await getOwnClient(db, site.merchant.companyId, client.clientId)
  return (await listClientRequests(db, rowId, { failedOnly: false })).requests
}

/** The newest call of the app. */
export async function lastCall(site: OAuthSite, client: TestClient): Promise<ClientRequest> {
  const [call] = await loggedCalls(site, client)
  assert.ok(call !== undefined, "nothing was logged")
  return call
}

/** A call and what its developer reads about it. */
export interface Case {
  readonly reason: ReasonCode
  readonly name?: string
  /** Error code of the row; null where nothing failed. */
  readonly error: string | null
  readonly client?: Partial<ClientRegistration>
  readonly facts?: Readonly<Record<string, unknown>>
  readonly proven?: boolean
  readonly endpoint?: string
  act(site: OAuthSite, client: TestClient): Promise<unknown>
}

/** Declares a test for each case, on each engine; `more` adds tests to the suite. */
export function describeReasons(
  of: string,
  cases: readonly Case[],
  more: (site: () => OAuthSite, engine: TestEngine) => void = () => {},
): void {
  onEachEngine((engine) => {
    let site: OAuthSite
    before(async () => {
      site = await startOAuthSite(engine.databaseUrl())
    })
    after(() => site.stop())

    describe(`the developer reads the exact reason of ${of}`, () => {
      for (const one of cases) {
        it(`${one.reason}${one.name === undefined ? "" : `: ${one.name}`}`, () => checkCase(site, one))
      }
    })
    more(() => site, engine)
  })
}

async function checkCase(
  site: OAuthSite,
  { reason, error, client: registration, facts = {}, proven = true, endpoint, act }: Case,
): Promise<void> {
  const client = await addClient(site, registration)
  await act(site, client)
  const call = await lastCall(site, client)
  assert.deepEqual([call.reason, call.error, call.proven], [reason, error, proven])
  assert.deepEqual({ ...(call.facts as object), ...facts }, call.facts ?? {})
  if (endpoint !== undefined) assert.equal(call.endpoint, endpoint)
  for (const language of ["vi", "en"] as const) {
    const text = reasonText(reason, call.facts, language) + adviceText(reason, language)
    assert.doesNotMatch(text, /undefined|NaN|\[object/)
  }
}

/** The merchant takes every access back. */
export async function endGrants(site: OAuthSite): Promise<void> {
  const { db } = site.app.context
  const { id: userId, companyId } = site.merchant
  const viewer = { userId, companyId, role: "SuperAdmin", permissions: [] } as const
  for (const { id } of await db
    .selectFrom("grants")
    .select("id")
    .where("ended_at", "is", null)
    .where("user_id", "=", userId)
    .execute()) {
    await revokeGrant(db, viewer, id, site.clock.now())
  }
  await noticeChanges(site)
  site.clock.advance({ seconds: 1 })
}

/** An action that begins with a connection. */
export function withTokens(act: (site: OAuthSite, client: TestClient, tokens: TokenBody) => Promise<unknown>) {
  return async (site: OAuthSite, client: TestClient) => act(site, client, await connect(site, client))
}
