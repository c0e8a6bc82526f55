/**
 * Lays a JSON text out in lines, and changes nothing but the white space between its marks: numbers, escapes and repeated
 * names stay as they were written. Text that is no JSON comes back as it is. Pure.
 */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  let out = ""
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs)) {
    if (token === "}" || token === "]") {
      depth -= 1
      // Nothing within: both stay on one line.
      out = /[{[]\n\s*$/.test(out) ? out.trimEnd() : `${out}\n${"  ".repeat(depth)}`
      out += token
    } else if (token === "{" || token === "[") {
      depth += 1
      out += `${token}\n${"  ".repeat(depth)}`
    } else if (token === ",") out += `,\n${"  ".repeat(depth)}`
    else out += token === ":" ? ": " : token
  }
  return out
}
