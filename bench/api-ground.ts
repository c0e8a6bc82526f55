import type { BankAccountId } from "../src/ids.ts"
import { connectMerchants, issueCodes, redirectUri } from "./merchants.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, type Platform, startPlatform } from "./platform.ts"
import { fillTransactions, linkAccounts } from "./statement-rows.ts"

/** The platform with one company's transactions, and an access token that may read them. */
export interface ApiGround {
  readonly database: BenchDatabase
  readonly platform: Platform
  readonly accountIds: readonly BankAccountId[]
  readonly accessToken: string
  stop(): Promise<void>
}

/** Starts the platform over `rows` transactions. */
export async function startApiGround(engine: EngineName, rows: number): Promise<ApiGround> {
  const database = await createBenchDatabase(engine)
  const merchants = await connectMerchants(database, 1)
  const accountIds = await linkAccounts(database, merchants.companyId)
  await fillTransactions(database, merchants.companyId, accountIds, rows)
  const platform = await startPlatform(database)
  const [code = ""] = await issueCodes(database, merchants, 1)
  const answer = await fetch(`http://127.0.0.1:${platform.port}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: merchants.client.clientId,
      client_secret: merchants.clientSecret,
      redirect_uri: redirectUri,
      code,
    }),
  })
  const { access_token: accessToken } = (await answer.json()) as { access_token?: string }
  if (accessToken === undefined) throw new Error("The benchmark got no access token.")
  return {
    database,
    platform,
    accountIds,
    accessToken,
    stop: async () => {
      await platform.stop()
      await database.remove()
    },
  }
}
