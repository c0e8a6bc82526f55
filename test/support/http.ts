import "./loopback-only.ts"

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where a redirect points, as an absolute URL. */
  readonly location: URL | undefined
  json<T = unknown>(): T
}

/** A form as a browser sends it; a list gives the field several times. */
export type FormFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** A caller that keeps cookies and follows no redirect. */
export interface Visitor {
  /** Sends any request; the path is taken from the base URL. */
  send(path: string | URL, init?: RequestInit): Promise<Answer>
  get(path: string | URL, headers?: Record<string, string>): Promise<Answer>
  /** Posts a form from a page of this site, so with its Origin. */
  postForm(path: string | URL, fields: FormFields, headers?: Record<string, string>): Promise<Answer>
  postJson(path: string | URL, body: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Opens a page, then posts its form (the one with this action) as it stands, changed by `fields`. */
  submit(page: string | URL, action: string, fields: FormFields): Promise<Answer>
  readonly cookies: Map<string, string>
}

/** Makes a visitor of the site at `baseUrl`, such as `http://localhost:20000`. */
export function makeVisitor(baseUrl: string): Visitor {
  const cookies = new Map<string, string>()
  const { origin } = new URL(baseUrl)

  const send: Visitor["send"] = async (path, init = {}) => {
    const url = new URL(path, baseUrl)
    const headers = new Headers(init.headers)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    if (cookie !== "" && url.origin === origin && !headers.has("cookie")) headers.set("cookie", cookie)
    const response = await fetch(url, { ...init, headers, redirect: "manual" })
    if (url.origin === origin) keepCookies(cookies, response.headers)
    return readAnswer(response, url)
  }
  const get: Visitor["get"] = (path, headers = {}) => send(path, { headers })
  const postForm: Visitor["postForm"] = (path, fields, headers = {}) =>
    send(path, { method: "POST", body: encodeForm(fields), headers: { origin, ...headers } })
  return {
    cookies,
    send,
    get,
    postForm,
    postJson: (path, body, headers = {}) =>
      send(path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      }),
    submit: async (page, action, fields) => {
      const { text } = await get(page)
      return postForm(action, { ...readForm(text, action), ...fields })
    },
  }
}

/** Encodes fields as `application/x-www-form-urlencoded`. */
export function encodeForm(fields: FormFields): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    for (const item of typeof value === "string" ? [value] : value) form.append(name, item)
  }
  return form
}

/** The `Authorization` header of HTTP Basic as OAuth wants it: both parts form-encoded first (RFC 6749 §2.3.1). */
export function basicAuthorization(clientId: string, clientSecret: string): string {
  const encode = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2)
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`
}

/**
 * Reads what the form with this action would send if its button were pressed untouched: hidden fields (the form token
 * among them), given texts, ticked boxes. Buttons are left out, and so are select and textarea elements.
 */
export function readForm(page: string, action: string): Record<string, string[]> {
  for (const [, head = "", content = ""] of page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    if (readAttributes(head).get("action") === action) return readInputs(content)
  }
  throw new Error(`The page has no form with the action ${action}:\n${page}`)
}

function readInputs(content: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const [, text = ""] of content.matchAll(/<input\b([^>]*)>/g)) {
    const attributes = readAttributes(text)
    const name = attributes.get("name")
    const type = attributes.get("type") ?? "text"
    const sent = /^(checkbox|radio)$/.test(type) ? attributes.has("checked") : !/^(submit|button|file)$/.test(type)
    if (name === undefined || !sent || attributes.has("disabled")) continue
    fields[name] = [...(fields[name] ?? []), attributes.get("value") ?? (type === "checkbox" ? "on" : "")]
  }
  return fields
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = "", quoted, bare] of text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s"'>]+)))?/g)) {
    attributes.set(name, unescapeHtml(quoted ?? bare ?? ""))
  }
  return attributes
}

function unescapeHtml(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return named[name] ?? whole
  })
}

function keepCookies(cookies: Map<string, string>, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split(/;\s*/)
    const [name = "", ...value] = pair.split("=")
    const expired = attributes.some((attribute) => /^max-age=(0|-\d+)$|^expires=\w+, 01.Jan.1970/i.test(attribute))
    if (expired) cookies.delete(name)
    else cookies.set(name, value.join("="))
  }
}

async function readAnswer(response: Response, url: URL): Promise<Answer> {
  const text = await response.text()
  const location = response.headers.get("location")
  return {
    status: response.status,
    headers: response.headers,
    text,
    location: location === null ? undefined : new URL(location, url),
    json: <T>() => JSON.parse(text) as T,
  }
}
