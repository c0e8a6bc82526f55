/** A parameter as sent: its percent-encoded text and what it decodes to. */
export interface RawParameter {
  readonly raw: string
  readonly value: string
}

/** Parameters by name, with all their values in order. An empty value counts as absent (contract/oauth.md §1). */
export type RawParameters = ReadonlyMap<string, readonly RawParameter[]>

/** Reads form-encoded text and keeps the raw text of each value: `state` goes back byte for byte. */
export function parseRawParameters(text: string): RawParameters {
  const parameters = new Map<string, RawParameter[]>()
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=")
    if (equals <= 0 || equals === pair.length - 1) continue
    const raw = pair.slice(equals + 1)
    const parameter = { raw, value: formDecode(raw) }
    const name = formDecode(pair.slice(0, equals))
    const known = parameters.get(name)
    if (known === undefined) parameters.set(name, [parameter])
    else known.push(parameter)
  }
  return parameters
}

/** The value of a parameter that was sent exactly once. */
export function onlyValue(values: readonly RawParameter[] | undefined): string | undefined {
  return values?.length === 1 ? values[0]?.value : undefined
}

/** Form-decodes one value; bytes that are no UTF-8 read as U+FFFD, a stray percent sign as itself (WHATWG URL §5.1). */
export function formDecode(text: string): string {
  if (!/[%+]/.test(text)) return text
  return new URLSearchParams(`v=${text.replaceAll("&", "%26")}`).get("v") ?? ""
}

/** Raw text made safe for a query: what RFC 3986 §3.4 does not allow there gets percent-encoded, all else stays. */
export function queryText(raw: string): string {
  return raw.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+/gu, (run) =>
    encodeURIComponent(run.toWellFormed()),
  )
}
