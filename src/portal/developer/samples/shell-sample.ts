import { authorizeQuery, lines, type SampleValues } from "./sample-values.ts"

/** The whole flow as a shell script around curl. Pure. */
export function shellSample(values: SampleValues): string {
  const { baseUrl, clientId, redirectUri, pkce, isPublic, apiPath } = values
  const proof = pkce ? "&code_challenge=$CHALLENGE&code_challenge_method=S256" : ""
  // On standard input, where no list of processes shows it.
  const credentials = isPublic ? ["  --data ''"] : ["  --data @- <<EOF", "client_secret=$SEPAY_CLIENT_SECRET", "EOF"]
  return lines(
    "#!/bin/sh",
    isPublic ? "# sh quick-start.sh" : "# SEPAY_CLIENT_SECRET=sepay_cs_... sh quick-start.sh",
    "set -eu",
    `BASE_URL=${quote(baseUrl)}`,
    `CLIENT_ID=${quote(clientId)}`,
    `REDIRECT_URI=${quote(redirectUri)}`,
    "",
    "# Sends a request; the body is then in BODY. Says what went wrong, with the id to look up in your request log.",
    "call() {",
    "  ANSWER=$(curl -sS -w '\\n%{http_code} X-Request-Id: %header{x-request-id}' \"$@\")",
    "  STATUS=$(printf '%s' \"$ANSWER\" | tail -n 1)",
    "  BODY=$(printf '%s' \"$ANSWER\" | sed '$d')",
    '  case $STATUS in 2*) ;; *) echo "HTTP $STATUS: $BODY" >&2; exit 1 ;; esac',
    "}",
    'field() { printf \'%s\' "$BODY" | sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }',
    "",
    "# 1. Send the user to SePay.",
    "STATE=$(openssl rand -hex 16)",
    pkce ? "VERIFIER=$(openssl rand -hex 32)" : undefined,
    pkce
      ? "CHALLENGE=$(printf '%s' \"$VERIFIER\" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')"
      : undefined,
    "echo 'Open this address in a browser and approve:'",
    `echo "$BASE_URL/oauth/authorize?"${quote(authorizeQuery(values))}"&state=$STATE${proof}"`,
    "",
    "# 2. The user comes back to your redirect_uri. Check state before anything else.",
    "echo 'Paste the address that you were sent back to:'",
    "IFS= read -r CALLBACK",
    'param() { printf \'%s\' "$CALLBACK" | sed -n "s/.*[?&]$1=\\([^&#]*\\).*/\\1/p"; }',
    '[ "$(param state)" = "$STATE" ] || { echo "state is not the one we sent" >&2; exit 1; }',
    "CODE=$(param code)",
    '[ -n "$CODE" ] || { echo "no code: $(param error)" >&2; exit 1; }',
    "",
    "# 3. Exchange the code for tokens, from your server.",
    'call "$BASE_URL/oauth/token" \\',
    "  --data grant_type=authorization_code \\",
    '  --data-urlencode "code=$CODE" \\',
    '  --data-urlencode "redirect_uri=$REDIRECT_URI" \\',
    pkce ? '  --data-urlencode "code_verifier=$VERIFIER" \\' : undefined,
    '  --data-urlencode "client_id=$CLIENT_ID" \\',
    ...credentials,
    "ACCESS_TOKEN=$(field access_token)",
    "REFRESH_TOKEN=$(field refresh_token)",
    'echo "scope: $(field scope)"',
    "",
    "# 4. Call the API.",
    `call -H @- "$BASE_URL"${quote(apiPath)} <<EOF`,
    "Authorization: Bearer $ACCESS_TOKEN",
    "EOF",
    "printf '%s\\n' \"$BODY\"",
    "",
    "# 5. Refresh when the access token has expired (expires_in seconds). Store the new refresh token.",
    'call "$BASE_URL/oauth/token" \\',
    "  --data grant_type=refresh_token \\",
    '  --data-urlencode "refresh_token=$REFRESH_TOKEN" \\',
    '  --data-urlencode "client_id=$CLIENT_ID" \\',
    ...credentials,
    "ACCESS_TOKEN=$(field access_token)",
    "REFRESH_TOKEN=$(field refresh_token)",
    "echo refreshed",
  )
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
