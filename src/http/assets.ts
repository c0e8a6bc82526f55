import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { extname, join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress } from "node:zlib"

/** Where the files lie that browsers may have. */
export const assetFolder = join(import.meta.dirname, "assets")

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
}
/** The folder of the parts of the one style sheet, put together in the order of their names. */
const styleFolder = join(assetFolder, "styles")

export interface Asset {
  readonly body: Buffer
  readonly type: string
  readonly hash: string
}

let loaded: ReadonlyMap<string, Asset> | undefined

/**
 * The assets by name, read once: the files beside this one, `style.css` from its parts in `styles/`,
 * `uplot.js` from its package. Images in folders stay on disk.
 */
export function assets(): ReadonlyMap<string, Asset> {
  loaded ??= new Map([
    ...readdirSync(assetFolder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in types)
      .map(({ name }) => toAsset(name, readFileSync(join(assetFolder, name)))),
    toAsset("uplot.js", uplotModule()),
    toAsset("style.css", Buffer.concat(styleParts().map((name) => readFileSync(join(styleFolder, name))))),
  ])
  return loaded
}

// The smallest of its builds is a script that leaves a variable; a module of ours takes it from there.
function uplotModule(): Buffer {
  const file = createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js")
  return Buffer.concat([readFileSync(file), Buffer.from("\nexport { uPlot }\n")])
}

// What all pages share comes first, so that a part may refine it.
function styleParts(): readonly string[] {
  const parts = readdirSync(styleFolder).filter((name) => name.endsWith(".css"))
  return ["ground.css", ...parts.filter((name) => name !== "ground.css").sort()]
}

function toAsset(name: string, body: Buffer): readonly [string, Asset] {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12)
  return [name, { body, type: types[extname(name)] ?? "", hash }]
}

/**
 * The address of an asset with the hash of its content, so that it may be cached for ever: `/assets/style.3f….css`.
 *
 * @throws RangeError when there is no such asset
 */
export function assetPath(name: string): string {
  const asset = assets().get(name)
  if (asset === undefined) throw new RangeError(`There is no asset ${name}.`)
  const end = extname(name)
  return `/assets/${name.slice(0, -end.length)}.${asset.hash}${end}`
}

/** The address of the one style sheet. */
export function stylesheetPath(): string {
  return assetPath("style.css")
}

const compress = promisify(brotliCompress)
const compressed = new Map<string, Promise<Buffer>>()

/** An asset of text in brotli (RFC 7932), worked out when it is first asked for; undefined for what would not shrink. */
export function compressedAsset(name: string): Promise<Buffer> | undefined {
  const asset = assets().get(name)
  if (asset === undefined || !/^(text\/|image\/svg)/.test(asset.type)) return undefined
  const known = compressed.get(name)
  if (known !== undefined) return known
  const made = compress(asset.body)
  compressed.set(name, made)
  return made
}
