import { systemClock } from "../src/clock.ts"
import { type Queries, transaction } from "../src/database/engine.ts"
import { createUser } from "../src/identity/user.ts"
import type { GrantId } from "../src/ids.ts"
import { issueAuthorizationCode } from "../src/oauth/authorization-code.ts"
import { type Client, registerClient } from "../src/oauth/client.ts"
import { findClient } from "../src/oauth/clients.store.ts"
import { insertGrant } from "../src/oauth/grants.store.ts"
import type { Scope } from "../src/oauth/protocol.ts"
import type { BenchDatabase } from "./platform.ts"

/** An app and the merchants that connected it. */
export interface Merchants {
  readonly companyId: number
  readonly client: Client
  readonly clientSecret: string
  readonly grantIds: readonly GrantId[]
}

export const redirectUri = "https://shop.example/callback"
const scopes: readonly Scope[] = ["bank-account:read", "transaction:read", "profile"]

/** Makes an approved app, and `count` users of one company who granted it three scopes. */
export async function connectMerchants({ db, keyring }: BenchDatabase, count: number): Promise<Merchants> {
  const now = systemClock.now()
  const email = "owner@bench.example"
  const { companyId } = await createUser(db, now, {
    email,
    password: "a long word of the benchmark",
    company: { fullName: "Benchmark" },
    role: "SuperAdmin",
  })
  const { clientId, clientSecret } = await registerClient(db, keyring, now, {
    name: "Benchmark shop",
    ownerEmail: email,
    redirectUris: [redirectUri],
    scope: scopes.join(" "),
    approve: true,
  })
  const client = await findClient(db, clientId)
  if (client === undefined || clientSecret === null) throw new Error("The app of the benchmark is not there.")
  const grantIds = await transaction(db, async (tx) => {
    const made: GrantId[] = []
    for (let index = 0; index < count; index++) {
      const userId = await copyUser(tx, email, index)
      const grant = {
        clientRowId: client.rowId,
        userId,
        companyId,
        mode: "live",
        scopes,
        bankAccountIds: undefined,
      } as const
      const grantId = await insertGrant(tx, { ...grant, grantedAt: now })
      if (grantId !== undefined) made.push(grantId)
    }
    return made
  })
  return { companyId, client, clientSecret, grantIds }
}

// Hashing a password for each would take longer than the benchmark; nobody signs in as them.
async function copyUser(tx: Queries, email: string, index: number): Promise<number> {
  const { id: _, ...owner } = await tx
    .selectFrom("users")
    .selectAll()
    .where("email_key", "=", email)
    .executeTakeFirstOrThrow()
  const own = `merchant-${index}@bench.example`
  const { id } = await tx
    .insertInto("users")
    .values({ ...owner, email: own, email_key: own })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id
}

/** Issues codes as consent does, each for the next merchant. */
export function issueCodes(database: BenchDatabase, { client, grantIds }: Merchants, count: number): Promise<string[]> {
  const binding = { client, redirectUri, codeChallenge: null, scope: scopes }
  return transaction(database.db, async (tx) => {
    const codes: string[] = []
    for (let index = 0; index < count; index++) {
      const grantId = grantIds[index % grantIds.length]
      if (grantId === undefined) throw new RangeError("There are no merchants.")
      codes.push(await issueAuthorizationCode(tx, database.keyring, { ...binding, grantId }, systemClock.now()))
    }
    return codes
  })
}
