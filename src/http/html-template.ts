/** Where a value stands in a template. A `url` is an attribute value from its first character on, in an attribute that is followed. */
export type Hole = "element" | "text" | "value" | "url" | "attributes"

interface Scan {
  readonly state: "content" | "tag-name" | "tag" | "attribute-name" | "before-value" | "double" | "single" | "comment"
  readonly tag: string
  readonly attribute: string
  readonly valueBegun: boolean
  /** The element whose content is not markup, while the scan is inside one. */
  readonly inside: string
}

const start: Scan = { state: "content", tag: "", attribute: "", valueBegun: false, inside: "" }
const textOnly = new Set(["title", "textarea"])
const opaque = new Set(["script", "style", "iframe", "noscript", "xmp", "plaintext"])
const followed = new Set(["href", "src", "action", "formaction", "poster", "cite", "data"])
const scripted = /^(?:on.*|style|srcdoc|srcset|ping)$/

const known = new WeakMap<TemplateStringsArray, readonly Hole[]>()

/**
 * Finds out, once per template, where its values stand.
 * @throws TypeError when a value stands where escaping cannot make it safe, or the template does not end between elements
 */
export function holesOf(strings: TemplateStringsArray): readonly Hole[] {
  const found = known.get(strings)
  if (found !== undefined) return found
  const holes: Hole[] = []
  let scan = start
  strings.forEach((piece, index) => {
    scan = scanPiece(scan, piece)
    if (index === strings.length - 1) return
    holes.push(holeAt(scan, strings))
    if (scan.state === "double" || scan.state === "single") scan = { ...scan, valueBegun: true }
  })
  if (scan.state !== "content" || scan.inside !== "") refuse("the template does not end between elements", strings)
  known.set(strings, holes)
  return holes
}

function holeAt(scan: Scan, strings: TemplateStringsArray): Hole {
  if (scan.state === "content") {
    if (scan.inside === "") return "element"
    if (textOnly.has(scan.inside)) return "text"
    return refuse(`a value inside <${scan.inside}>`, strings)
  }
  if (scan.state === "tag") return "attributes"
  if (scan.state === "double" || scan.state === "single") {
    if (scripted.test(scan.attribute)) return refuse(`a value in the attribute ${scan.attribute}`, strings)
    return followed.has(scan.attribute) && !scan.valueBegun ? "url" : "value"
  }
  return refuse(`a value in ${scan.state}`, strings)
}

function scanPiece(before: Scan, piece: string): Scan {
  let scan = before
  for (let at = 0; at < piece.length; at += 1) {
    if (scan.state === "comment") {
      if (piece.startsWith("-->", at)) scan = { ...start, inside: scan.inside }
    } else if (scan.state === "content") {
      scan = scanContent(scan, piece, at)
    } else {
      scan = scanTag(scan, piece.charAt(at))
    }
  }
  return scan
}

function scanContent(scan: Scan, piece: string, at: number): Scan {
  if (piece.charAt(at) !== "<") return scan
  if (scan.inside !== "" && !piece.toLowerCase().startsWith(`</${scan.inside}`, at)) return scan
  if (piece.startsWith("<!--", at)) return { ...scan, state: "comment" }
  return { ...start, state: "tag-name" }
}

function scanTag(scan: Scan, character: string): Scan {
  const space = /\s/.test(character)
  if (scan.state === "double" || scan.state === "single") {
    const closes = character === (scan.state === "double" ? '"' : "'")
    return closes ? { ...scan, state: "tag", attribute: "" } : { ...scan, valueBegun: true }
  }
  if (scan.state === "before-value") {
    if (character === '"') return { ...scan, state: "double", valueBegun: false }
    if (character === "'") return { ...scan, state: "single", valueBegun: false }
    throw new TypeError(`html: the value of ${scan.attribute} in <${scan.tag}> needs quotes`)
  }
  if (character === ">") return endTag(scan)
  if (scan.state === "tag-name")
    return space ? { ...scan, state: "tag" } : { ...scan, tag: scan.tag + character.toLowerCase() }
  if (character === "=") return { ...scan, state: "before-value" }
  if (space || character === "/") return { ...scan, state: "tag" }
  const attribute = scan.state === "attribute-name" ? scan.attribute : ""
  return { ...scan, state: "attribute-name", attribute: attribute + character.toLowerCase() }
}

function endTag(scan: Scan): Scan {
  return { ...start, inside: textOnly.has(scan.tag) || opaque.has(scan.tag) ? scan.tag : "" }
}

function refuse(problem: string, strings: TemplateStringsArray): never {
  throw new TypeError(`html: ${problem}, in the template ${JSON.stringify(strings.join("…").slice(0, 120))}`)
}
