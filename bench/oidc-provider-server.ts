// The peer of the token endpoint: oidc-provider with its in-memory adapter, set up to do the same work as ours. It
// answers {"codes": N} with N fresh authorization codes, each of a grant of its own as a consent makes them.
import { generateKeyPairSync, randomUUID } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Provider } from "oidc-provider"
import MemoryAdapter from "oidc-provider/lib/adapters/memory_adapter.js"

/** What the peer answers a question for codes. */
export interface PeerAnswer {
  readonly port: number
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  readonly codes: readonly string[]
}

const clientId = "client_of_the_benchmark"
const clientSecret = randomUUID() + randomUUID()
const redirectUri = "https://shop.example/callback"
const resource = "https://bank.example/api"
const scope = "bank-account:read transaction:read profile"

// The adapter's own store forgets all but a thousand entries; a plain map keeps every code and costs it less.
const store = new Map<string, unknown>()

function createProvider(issuer: string): Provider {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return new Provider(issuer, {
    adapter: (model: string) => new MemoryAdapter(model, store),
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    scopes: scope.split(" "),
    pkce: { required: () => false },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    ttl: { AccessToken: 3600, AuthorizationCode: 300, RefreshToken: 2_592_000, Grant: 2_592_000 },
    findAccount: async (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => resource,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({
          scope,
          audience: clientId,
          accessTokenFormat: "jwt",
          accessTokenTTL: 3600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  })
}

async function issueCodes(provider: Provider, count: number): Promise<string[]> {
  const client = await provider.Client.find(clientId)
  const codes: string[] = []
  for (let index = 0; index < count; index++) {
    const accountId = String(20_000 + index)
    const grant = new provider.Grant({ clientId, accountId })
    grant.addResourceScope(resource, scope)
    const grantId = await grant.save()
    const code = new provider.AuthorizationCode({
      accountId,
      client,
      grantId,
      redirectUri,
      scope,
      resource,
      gty: "authorization_code",
    })
    codes.push(await code.save())
  }
  return codes
}

const server = createServer()
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo
  const provider = createProvider(`http://127.0.0.1:${port}`)
  server.on("request", provider.callback())
  process.on("message", async ({ codes: count }: { codes: number }) => {
    store.clear()
    const answer: PeerAnswer = { port, clientId, clientSecret, redirectUri, codes: await issueCodes(provider, count) }
    process.send?.(answer)
  })
})
process.on("disconnect", () => process.exit())
