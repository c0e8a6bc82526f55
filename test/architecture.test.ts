import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { before, describe, it } from "node:test"
import { cruise, type ICruiseResult, type IReporterOutput } from "dependency-cruiser"
import { BREACHES, writeBrokenProject } from "./support/broken-project.ts"
import { makeImportRules, SOURCE_FOLDERS } from "./support/import-rules.ts"
import { listSourceFiles, measureSizes } from "./support/source-sizes.ts"

const ROOT = join(import.meta.dirname, "..")
const FEWEST_MODULES = 50
const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|shared)(\.|$)/

async function cruiseSource(baseDir: string): Promise<ICruiseResult> {
  const options = { baseDir, validate: true, tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" } }
  const { output }: IReporterOutput = await cruise(["src"], { ...options, ruleSet: { forbidden: makeImportRules() } })
  assert.ok(typeof output === "object", "dependency-cruiser answers with its result, not with text")
  return output
}

function listViolations(result: ICruiseResult): string[] {
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort()
}

describe("the import arrows (docs/style.md §5)", () => {
  let result: ICruiseResult
  before(async () => {
    result = await cruiseSource(ROOT)
  })

  it("are read from every source file, and from no fewer than are known to exist", async () => {
    const read = result.modules.map((module) => module.source).filter((source) => /^src\/.*\.ts$/.test(source))
    assert.ok(read.length >= FEWEST_MODULES, `only ${read.length} modules were read`)
    assert.deepEqual(read.sort(), await listSourceFiles("src"))
  })

  it("hold: no part reaches up, past its layer or into another part's store", () => {
    assert.deepEqual(listViolations(result), [])
  })

  it("lead into folders that the layout names", () => {
    const folders = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const unknown = folders.map((entry) => entry.name).filter((name) => !SOURCE_FOLDERS.includes(name))
    assert.deepEqual(unknown, [])
  })
})

describe("each import rule", () => {
  it("is broken by code that breaks it, so none is a dead letter", async () => {
    assert.deepEqual(listViolations(await cruiseSource(writeBrokenProject())), BREACHES)
    const named = new Set(BREACHES.map((breach) => breach.split(":")[0]))
    const deadLetters = makeImportRules().filter((rule) => !named.has(rule.name))
    assert.deepEqual(deadLetters, [])
  })
})

describe("the source", () => {
  it("builds queries only in stores and database/", async () => {
    const queries = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(/
    const allowed = /\.store\.ts$|^src\/database\//
    assert.deepEqual(await listFilesWith(queries, allowed), [])
  })

  it("reads the time only in clock.ts", async () => {
    assert.deepEqual(await listFilesWith(/\bDate\.now\(\)|\bnew Date\(\)/, /^src\/clock\.ts$/), [])
  })

  it("opens connections only in outbound/, by no other means either (docs/decisions/0012-outbound-guard.md)", async () => {
    const globals = /(?<![\w.])fetch\(|\bglobalThis\.fetch\b|\bnew (WebSocket|EventSource)\(/
    const ofNet =
      /\bimport (\{[^}]*\b(connect|createConnection|Socket)\b[^}]*\}|[^{}"]+) from "node:net"|\bimport\("node:net"\)/
    for (const way of ["await fetch(url)", "new WebSocket(url)"]) assert.match(way, globals)
    for (const way of ['{ connect } from "node:net"', 'net from "node:net"', '* as net from "node:net"']) {
      assert.match(`import ${way}`, ofNet)
    }
    // The samples of the quick start are programs as text: they run on a developer's machine.
    assert.deepEqual(await listFilesWith(globals, /^src\/(outbound|portal\/developer\/samples)\//), [])
    assert.deepEqual(await listFilesWith(ofNet, /^src\/outbound\//), [])
    assert.ok((await listFilesWith(ofNet, /^$/)).length > 0, "the one way out is found by it")
  })

  it("has no drawer called utils, helpers or common, and neither have the tests", () => {
    const folders = ["src", "test", "bench", "sdk", "examples", "scripts"]
    const paths = folders.flatMap((folder) => readFolder(folder).map((path) => join(folder, path)))
    assert.ok(paths.length >= FEWEST_MODULES)
    assert.deepEqual(
      paths.filter((path) => FORBIDDEN_NAMES.test(basename(path))),
      [],
    )
  })

  it("keeps to its budget: half the files within 100 lines, nine functions in ten within 40 (docs/style.md §2)", async (t) => {
    const { files, functions } = measureSizes(await listSourceFiles("src"))
    t.diagnostic(`files: median ${files.median}, p90 ${files.p90}, longest ${files.max} lines`)
    t.diagnostic(`functions: median ${functions.median}, p90 ${functions.p90}, longest ${functions.max} lines`)
    assert.ok(files.median <= 100, `half the files are longer than ${files.median} lines`)
    assert.ok(functions.p90 <= 40, `a tenth of the functions are longer than ${functions.p90} lines`)
  })
})

async function listFilesWith(pattern: RegExp, allowed: RegExp): Promise<string[]> {
  const files = await listSourceFiles("src")
  return files.filter((file) => !allowed.test(file) && pattern.test(readFileSync(file, "utf8")))
}

/** A folder that does not exist yet has no files. */
function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => !path.includes("node_modules"))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
    throw error
  }
}
