import { authorizeQuery, lines, type SampleValues } from "./sample-values.ts"

/** The whole flow in PHP 8, without an extension. Pure. */
export function phpSample(values: SampleValues): string {
  const { baseUrl, clientId, redirectUri, pkce, isPublic, apiPath } = values
  return lines(
    "<?php",
    isPublic ? "// php quick-start.php" : "// SEPAY_CLIENT_SECRET=sepay_cs_... php quick-start.php",
    "declare(strict_types=1);",
    "",
    `$baseUrl = ${quote(baseUrl)};`,
    `$clientId = ${quote(clientId)};`,
    `$redirectUri = ${quote(redirectUri)};`,
    isPublic ? undefined : "$clientSecret = (string) getenv('SEPAY_CLIENT_SECRET');",
    "",
    "function send(string $url, array $http): array {",
    "    $context = stream_context_create(['http' => $http + ['ignore_errors' => true]]);",
    "    $body = json_decode((string) file_get_contents($url, false, $context), true);",
    "    if (preg_match('/ 2\\d\\d /', $http_response_header[0])) return $body;",
    "    // What went wrong, with the id to look up in your request log.",
    "    $id = implode(' ', preg_grep('/^x-request-id:/i', $http_response_header));",
    "    exit(\"{$http_response_header[0]} {$body['error']}: {$body['error_description']} ($id)\\n\");",
    "}",
    "",
    '$token = fn (array $fields): array => send("$baseUrl/oauth/token", [',
    "    'method' => 'POST',",
    "    'header' => 'Content-Type: application/x-www-form-urlencoded',",
    isPublic
      ? "    'content' => http_build_query($fields + ['client_id' => $clientId]),"
      : "    'content' => http_build_query($fields + ['client_id' => $clientId, 'client_secret' => $clientSecret]),",
    "]);",
    "",
    "// 1. Send the user to SePay. Keep state (and verifier) in the user's session.",
    "$state = bin2hex(random_bytes(16));",
    `$query = ${quote(authorizeQuery(values))} . "&state=$state";`,
    pkce ? "$verifier = bin2hex(random_bytes(32));" : undefined,
    pkce ? "$challenge = rtrim(strtr(base64_encode(hash('sha256', $verifier, true)), '+/', '-_'), '=');" : undefined,
    pkce ? '$query .= "&code_challenge=$challenge&code_challenge_method=S256";' : undefined,
    'echo "Open this address in a browser and approve:\\n$baseUrl/oauth/authorize?$query\\n";',
    "",
    "// 2. The user comes back to your redirect_uri. Check state and iss before anything else.",
    'echo "Paste the address that you were sent back to:\\n";',
    "parse_str((string) parse_url(trim((string) fgets(STDIN)), PHP_URL_QUERY), $callback);",
    "if (($callback['state'] ?? '') !== $state) exit(\"state is not the one we sent\\n\");",
    "if (($callback['iss'] ?? '') !== $baseUrl) exit(\"iss is not SePay\\n\");",
    "if (!isset($callback['code'])) exit('no code: ' . ($callback['error'] ?? '') . \"\\n\");",
    "",
    "// 3. Exchange the code for tokens, from your server.",
    "$tokens = $token([",
    "    'grant_type' => 'authorization_code',",
    "    'code' => $callback['code'],",
    "    'redirect_uri' => $redirectUri,",
    pkce ? "    'code_verifier' => $verifier," : undefined,
    "]);",
    "echo \"scope: {$tokens['scope']}\\n\";",
    "",
    "// 4. Call the API.",
    "$headers = \"Authorization: Bearer {$tokens['access_token']}\";",
    `echo json_encode(send($baseUrl . ${quote(apiPath)}, ['header' => $headers])), "\\n";`,
    "",
    "// 5. Refresh when the access token has expired (expires_in seconds). Store the new refresh token.",
    "$tokens = $token(['grant_type' => 'refresh_token', 'refresh_token' => $tokens['refresh_token']]);",
    'echo "refreshed\\n";',
  )
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
}
