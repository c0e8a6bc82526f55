import { readFileSync } from "node:fs"
import { glob } from "node:fs/promises"
import ts from "typescript"

/** A field's name as the code has it, with where. */
export interface FoundName {
  readonly name: string
  readonly file: string
}

/** What the names of fields are made of in the pages. */
export interface FoundNames {
  readonly names: readonly FoundName[]
  /** Names that are put together where they stand, as source text. */
  readonly made: readonly FoundName[]
}

// Names of `<meta>`, not of fields.
const metaNames = new Set(["color-scheme", "robots", "viewport"])

/** Finds the names of all fields that the pages of `src` can show, by what their code says. */
export async function findFieldNames(): Promise<FoundNames> {
  const names: FoundName[] = []
  const made: FoundName[] = []
  for await (const file of glob("src/**/*.page.ts")) {
    const text = readFileSync(file, "utf8")
    const found = (name: string) => names.push({ name, file })
    for (const [, name = ""] of text.matchAll(/<(?:input|select|textarea|button)\b[^>]*?\sname="([^"$]+)"/g))
      found(name)
    for (const [, code = ""] of text.matchAll(/\sname="\$\{([^"]*)"/g)) made.push({ name: code, file })
    walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), found, (name) => made.push({ name, file }))
  }
  return { names: names.filter(({ name }) => !metaNames.has(name)), made }
}

function walk(source: ts.SourceFile, found: (name: string) => void, madeUp: (code: string) => void): void {
  const take = (value: ts.Expression | undefined) => {
    if (value === undefined) return
    if (ts.isStringLiteralLike(value)) found(value.text)
    else if (ts.isTemplateExpression(value)) madeUp(value.getText())
    else if (ts.isConditionalExpression(value)) [value.whenTrue, value.whenFalse].forEach(take)
  }
  // Where a function of the page takes a field's name as an argument, the names stand where it is called.
  const places = new Map([["hiddenField", 0]])
  each(source, (node) => {
    if (!ts.isFunctionLike(node)) return
    const place = node.parameters.findIndex(({ name }) => name.getText() === "name")
    const named = ts.isFunctionDeclaration(node) ? node.name : ts.isVariableDeclaration(node.parent) && node.parent.name
    if (place >= 0 && named) places.set(named.getText(), place)
  })
  each(source, (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "name") take(node.initializer)
    if (ts.isCallExpression(node)) {
      const place = places.get(node.expression.getText())
      if (place !== undefined) take(node.arguments[place])
    }
    // What `buttonForm` sends along.
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === "fields" &&
      ts.isObjectLiteralExpression(node.initializer)
    )
      for (const { name } of node.initializer.properties) if (name !== undefined) found(name.getText())
  })
}

function each(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => each(child, see))
}
