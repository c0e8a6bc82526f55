import { readFile, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { cachedFolder } from "./versioned-cache.ts"

/** A Chromium to start, with the environment it needs. */
export interface ChromiumBinary {
  readonly executablePath: string
  readonly env: Record<string, string>
}

/**
 * Finds the Chromium of the npm package (Linux x64), or the installed one that `CHROMIUM_PATH` names.
 *
 * @throws Error where neither exists: the browser tests are never skipped
 */
export async function findChromium(): Promise<ChromiumBinary> {
  const installed = process.env["CHROMIUM_PATH"]
  if (installed !== undefined) return { executablePath: installed, env: definedEnvironment() }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("The browser tests need Chromium: set CHROMIUM_PATH to an installed one (or Chrome, or Edge).")
  }
  const folder = await cachedFolder(`sepay-test-chromium-${await packageVersion()}`, unpackChromium)
  return {
    executablePath: join(folder, "chromium"),
    env: {
      ...definedEnvironment(),
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: await writeFontConfiguration(folder),
    },
  }
}

async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium")
  const manifest = await readFile(join(dirname(entry), "..", "package.json"), "utf8")
  return (JSON.parse(manifest) as { version: string }).version
}

/**
 * The package unpacks into the temporary directory under fixed names, and takes what already lies there; its libraries
 * (NSS) come along only with AWS_LAMBDA_JS_RUNTIME, read when it is imported. So it gets an environment of its own.
 */
async function unpackChromium(folder: string): Promise<void> {
  const before = { ...process.env }
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" })
  try {
    const { default: chromium } = await import("@sparticuz/chromium")
    await chromium.executablePath()
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

/** The package's own fonts only, so that a page looks the same everywhere. */
async function writeFontConfiguration(folder: string): Promise<string> {
  const file = join(folder, "fonts.conf")
  const directories = `<dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "fonts-cache")}</cachedir>`
  const text = `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>${directories}</fontconfig>\n`
  await writeFile(file, text)
  return file
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
