// A third-party app in some forty lines: connects a merchant, refreshes its token, lists his transactions.
// CLIENT_ID=… CLIENT_SECRET=… ./scripts/node examples/connect.ts    (redirect URI: http://localhost:4000/callback)
import { createServer } from "node:http"
import * as oauth from "openid-client"

const sepayUrl = new URL(process.env["SEPAY_URL"] ?? "http://localhost:3000")
const redirectUri = "http://localhost:4000/callback"
const { CLIENT_ID = "", CLIENT_SECRET = "", SCOPE = "bank-account:read transaction:read" } = process.env

const sepay = await oauth.discovery(sepayUrl, CLIENT_ID, CLIENT_SECRET, oauth.ClientSecretPost(CLIENT_SECRET), {
  algorithm: "oauth2",
  execute: sepayUrl.protocol === "http:" ? [oauth.allowInsecureRequests] : [],
})
const verifier = oauth.randomPKCECodeVerifier()
const state = oauth.randomState()
const authorizeUrl = oauth.buildAuthorizationUrl(sepay, {
  redirect_uri: redirectUri,
  scope: SCOPE,
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
})
console.log(`Open this in a browser:\n${authorizeUrl}`)

const server = createServer(async (request, response) => {
  const callback = new URL(request.url ?? "/", redirectUri)
  if (callback.pathname !== "/callback") return response.writeHead(404).end()
  try {
    const tokens = await oauth.authorizationCodeGrant(sepay, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    const refreshed = await oauth.refreshTokenGrant(sepay, tokens.refresh_token ?? "")
    const list = new URL("/api/v1/transactions?limit=10", sepayUrl)
    const answer = await oauth.fetchProtectedResource(sepay, refreshed.access_token, list, "GET")
    const { data } = (await answer.json()) as { data: Record<string, unknown>[] }
    console.table(data, ["id", "transaction_date", "amount_in", "amount_out", "code", "transaction_content"])
    console.log(`Call it yourself:\ncurl -H "Authorization: Bearer ${refreshed.access_token}" "${list}"`)
    response.end("Connected: see the terminal. You may close this page.")
  } catch (error) {
    console.error(error)
    response.writeHead(400).end("Not connected: see the terminal.")
  }
  return server.close()
}).listen(4000)
