import { authorizeQuery, lines, type SampleValues } from "./sample-values.ts"

/** The whole flow in Python 3, on its standard library alone. Pure. */
export function pythonSample(values: SampleValues): string {
  return setUp(values) + flow(values)
}

// A JSON text in ASCII is a Python text too.
function text(value: string): string {
  return JSON.stringify(value)
}

function setUp({ baseUrl, clientId, redirectUri, pkce, isPublic }: SampleValues): string {
  return lines(
    isPublic ? "# python3 quick_start.py" : "# SEPAY_CLIENT_SECRET=sepay_cs_... python3 quick_start.py",
    pkce ? "import base64" : undefined,
    pkce ? "import hashlib" : undefined,
    "import json",
    isPublic ? undefined : "import os",
    "import secrets",
    "import sys",
    "from urllib.error import HTTPError",
    "from urllib.parse import parse_qs, urlencode, urlsplit",
    "from urllib.request import Request, urlopen",
    "",
    `BASE_URL = ${text(baseUrl)}`,
    `CLIENT_ID = ${text(clientId)}`,
    `REDIRECT_URI = ${text(redirectUri)}`,
    isPublic ? undefined : 'CLIENT_SECRET = os.environ["SEPAY_CLIENT_SECRET"]',
    "",
    "",
    "def read(request):",
    "    try:",
    "        with urlopen(request) as response:",
    "            return json.load(response)",
    "    except HTTPError as error:",
    "        # What went wrong, with the id to look up in your request log.",
    "        body = json.load(error)",
    '        request_id = error.headers["X-Request-Id"]',
    "        sys.exit(f\"HTTP {error.code} {body['error']}: {body['error_description']} (X-Request-Id: {request_id})\")",
    "",
    "",
    "def token(**fields):",
    isPublic
      ? "    fields.update(client_id=CLIENT_ID)"
      : "    fields.update(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)",
    '    return read(Request(BASE_URL + "/oauth/token", data=urlencode(fields).encode()))',
    "",
    "",
  )
}

function flow(values: SampleValues): string {
  const { pkce, apiPath } = values
  return lines(
    "# 1. Send the user to SePay. Keep state (and verifier) in the user's session.",
    "state = secrets.token_hex(16)",
    `query = ${text(authorizeQuery(values))} + "&state=" + state`,
    pkce ? "verifier = secrets.token_urlsafe(32)" : undefined,
    pkce ? "digest = hashlib.sha256(verifier.encode()).digest()" : undefined,
    pkce ? 'challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()' : undefined,
    pkce ? 'query += "&code_challenge=" + challenge + "&code_challenge_method=S256"' : undefined,
    'print("Open this address in a browser and approve:")',
    'print(BASE_URL + "/oauth/authorize?" + query)',
    "",
    "# 2. The user comes back to your redirect_uri. Check state and iss before anything else.",
    'print("Paste the address that you were sent back to:", flush=True)',
    "callback = {name: values[0] for name, values in parse_qs(urlsplit(sys.stdin.readline().strip()).query).items()}",
    'if callback.get("state") != state:',
    '    sys.exit("state is not the one we sent")',
    'if callback.get("iss") != BASE_URL:',
    '    sys.exit("iss is not SePay")',
    'if "code" not in callback:',
    '    sys.exit("no code: " + callback.get("error", ""))',
    "",
    "# 3. Exchange the code for tokens, from your server.",
    "tokens = token(",
    '    grant_type="authorization_code",',
    '    code=callback["code"],',
    "    redirect_uri=REDIRECT_URI,",
    pkce ? "    code_verifier=verifier," : undefined,
    ")",
    'print("scope:", tokens["scope"])',
    "",
    "# 4. Call the API.",
    'headers = {"Authorization": "Bearer " + tokens["access_token"]}',
    `print(json.dumps(read(Request(BASE_URL + ${text(apiPath)}, headers=headers))))`,
    "",
    "# 5. Refresh when the access token has expired (expires_in seconds). Store the new refresh token.",
    'tokens = token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])',
    'print("refreshed")',
  )
}
