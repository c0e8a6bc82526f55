import { authorizeQuery, lines, type SampleValues } from "./sample-values.ts"

/** The whole flow in TypeScript, on Node alone. Pure. */
export function typescriptSample(values: SampleValues): string {
  const { baseUrl, clientId, redirectUri, pkce, isPublic, apiPath } = values
  const text = (value: string) => JSON.stringify(value)
  return lines(
    isPublic
      ? "// node quick-start.ts   (Node 22.18 or newer)"
      : "// SEPAY_CLIENT_SECRET=sepay_cs_... node quick-start.ts   (Node 22.18 or newer)",
    `import { ${pkce ? "createHash, " : ""}randomBytes } from "node:crypto"`,
    'import { createInterface } from "node:readline/promises"',
    "",
    `const baseUrl = ${text(baseUrl)}`,
    `const clientId = ${text(clientId)}`,
    `const redirectUri = ${text(redirectUri)}`,
    isPublic ? undefined : 'const clientSecret = process.env.SEPAY_CLIENT_SECRET ?? ""',
    "",
    "// What went wrong, with the id to look up in your request log.",
    "async function read(response: Response): Promise<any> {",
    "  const body = await response.json()",
    "  if (response.ok) return body",
    '  const id = response.headers.get("x-request-id")',
    '  throw new Error("HTTP " + response.status + ": " + JSON.stringify(body) + " (X-Request-Id: " + id + ")")',
    "}",
    "",
    "async function token(fields: Record<string, string>): Promise<any> {",
    isPublic
      ? "  const body = new URLSearchParams({ ...fields, client_id: clientId })"
      : "  const body = new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret })",
    '  return read(await fetch(baseUrl + "/oauth/token", { method: "POST", body }))',
    "}",
    "",
    "// 1. Send the user to SePay. Keep state (and verifier) in the user's session.",
    'const state = randomBytes(16).toString("hex")',
    pkce ? 'const verifier = randomBytes(32).toString("base64url")' : undefined,
    pkce ? 'const challenge = createHash("sha256").update(verifier).digest("base64url")' : undefined,
    `const query = ${text(authorizeQuery(values))} + "&state=" + state`,
    pkce ? 'const proof = "&code_challenge=" + challenge + "&code_challenge_method=S256"' : undefined,
    'console.log("Open this address in a browser and approve:")',
    `console.log(baseUrl + "/oauth/authorize?" + query${pkce ? " + proof" : ""})`,
    "",
    "// 2. The user comes back to your redirect_uri. Check state and iss before anything else.",
    "const prompt = createInterface({ input: process.stdin, output: process.stdout })",
    'const callback = new URL(await prompt.question("Paste the address that you were sent back to: "))',
    "prompt.close()",
    'if (callback.searchParams.get("state") !== state) throw new Error("state is not the one we sent")',
    'if (callback.searchParams.get("iss") !== baseUrl) throw new Error("iss is not SePay")',
    'const code = callback.searchParams.get("code")',
    'if (code === null) throw new Error("no code: " + callback.searchParams.get("error"))',
    "",
    "// 3. Exchange the code for tokens, from your server.",
    "let tokens = await token({",
    '  grant_type: "authorization_code",',
    "  code,",
    "  redirect_uri: redirectUri,",
    pkce ? "  code_verifier: verifier," : undefined,
    "})",
    'console.log("scope: " + tokens.scope)',
    "",
    "// 4. Call the API.",
    'const headers = { authorization: "Bearer " + tokens.access_token }',
    `console.log(JSON.stringify(await read(await fetch(baseUrl + ${text(apiPath)}, { headers }))))`,
    "",
    "// 5. Refresh when the access token has expired (expires_in seconds). Store the new refresh token.",
    'tokens = await token({ grant_type: "refresh_token", refresh_token: tokens.refresh_token })',
    'console.log("refreshed")',
  )
}
