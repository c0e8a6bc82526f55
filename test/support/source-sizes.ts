import { readFileSync } from "node:fs"
import { glob } from "node:fs/promises"
import ts from "typescript"

/** The middle and the ninth tenth of a set of line counts, and the largest. */
export interface Spread {
  readonly median: number
  readonly p90: number
  readonly max: number
}

/** Lists the files below `folder` that end in `.ts`, as paths from the root of the project. */
export async function listSourceFiles(folder: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(`${folder}/**/*.ts`)) files.push(file.replaceAll("\\", "/"))
  return files.sort()
}

/** Measures the lengths, in lines, of the files and of the functions with a body in braces that stand in them. */
export function measureSizes(files: readonly string[]): { files: Spread; functions: Spread } {
  const fileLines: number[] = []
  const functionLines: number[] = []
  for (const file of files) {
    const text = readFileSync(file, "utf8")
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
    const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined && ts.isBlock(node.body as ts.Node)) {
        functionLines.push(lineOf(node.getEnd()) - lineOf(node.getStart(source)) + 1)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
    fileLines.push(text.split("\n").length - 1)
  }
  return { files: spread(fileLines), functions: spread(functionLines) }
}

function spread(counts: number[]): Spread {
  const sorted = counts.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { median: at(0.5), p90: at(0.9), max: at(1) }
}
