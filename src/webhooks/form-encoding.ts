const NOT_AS_IS = /%20|[!~*'()]/g

/**
 * Percent-encodes one value for a form body: per UTF-8 byte, `A–Z a–z 0–9 - _ .` as is and a space as `+`, as PHP does it
 * (contract/webhooks.md §1.1). A lone surrogate, which has no bytes, becomes U+FFFD.
 */
export function formEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(NOT_AS_IS, (found) =>
    found === "%20" ? "+" : `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Renders `application/x-www-form-urlencoded`, in the order given (contract/webhooks.md §1.1). */
export function renderForm(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join("&")
}
